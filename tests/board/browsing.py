"""A reader who fills in the forms a page draws, as a browser without script does."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser

import httpx
from fastapi import FastAPI

HOST = "http://127.0.0.1:4200"
File = tuple[str, bytes, str]


@dataclass
class FormDrawn:
    """A form of a page: where it posts to, what it would send as it stands, what one may choose."""

    action: str
    kind: str
    values: dict[str, list[str]] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)
    """The values of selects and ticks, chosen or not."""
    labels: list[str] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[FormDrawn] = []
        self._form: FormDrawn | None = None
        self._area = self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        at = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = FormDrawn(at.get("action", ""), at.get("enctype", ""))
            self.found.append(self._form)
        if self._form is None:
            return
        name, value = at.get("name", ""), at.get("value", "")
        if tag == "textarea":
            self._area = name
            self._form.values[name] = [""]
        elif tag == "select":
            self._select = name
        elif tag == "option":
            self._form.choices.setdefault(self._select, []).append(value)
            if "selected" in at or self._select not in self._form.values:
                self._form.values[self._select] = [value]
        elif tag == "label":
            self._form.labels.append(at.get("for", ""))
        elif tag == "button":
            self._form.buttons.append((name, value))
        elif tag == "input" and at.get("type") == "checkbox":
            self._form.choices.setdefault(name, []).append(value)
            if "checked" in at:
                self._form.values.setdefault(name, []).append(value)
        elif tag == "input" and at.get("type") == "hidden":
            self._form.values.setdefault(name, []).append(value)
        elif tag == "input" and at.get("type") != "file":
            self._form.values[name] = [value]

    def handle_data(self, data: str) -> None:
        if self._form is not None and self._area:
            self._form.values[self._area] = [data]

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        self._area = "" if tag == "textarea" else self._area


def forms_in(html: str) -> list[FormDrawn]:
    parser = _Forms()
    parser.feed(html)
    return parser.found


def form_to(html: str, ending: str) -> FormDrawn:
    """Return the form whose address ends so; there must be one."""
    found = [form for form in forms_in(html) if form.action.endswith(ending)]
    assert len(found) == 1, (ending, [form.action for form in forms_in(html)])
    return found[0]


@dataclass(frozen=True)
class Browser:
    app: FastAPI

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> httpx.Response:
        return self._ask("GET", path, headers=dict(headers or {}))

    def post(
        self,
        path: str,
        values: Mapping[str, str | Sequence[str]],
        *,
        files: Sequence[tuple[str, File]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        data = {name: value if isinstance(value, str) else list(value) for name, value in values.items()}
        return self._ask("POST", path, data=data, files=list(files) or None, headers=dict(headers or {}))

    def send(
        self,
        form: FormDrawn,
        typed: Mapping[str, str | Sequence[str]] | None = None,
        *,
        files: Sequence[tuple[str, File]] = (),
    ) -> httpx.Response:
        """Post a form with what is typed into it; a field it does not have cannot be typed into."""
        known = {*form.values, *form.choices, *(name for name, _ in form.buttons)}
        assert set(typed or ()) <= known, set(typed or ()) - known
        return self.post(form.action, {**form.values, **(typed or {})}, files=files)

    def _ask(self, method: str, path: str, **parts: object) -> httpx.Response:
        async def asked() -> httpx.Response:
            transport = httpx.ASGITransport(app=self.app, raise_app_exceptions=True)
            async with httpx.AsyncClient(transport=transport, base_url=HOST) as client:
                return await client.request(method, path, **parts)  # type: ignore[arg-type]

        return asyncio.run(asked())
