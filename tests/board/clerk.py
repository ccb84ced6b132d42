"""A coordinator at the board with a plan's file in hand, as browsers post it; and one at a terminal."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import date, datetime, time
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
from fastapi import FastAPI
from sqlalchemy import Engine

from board.app import create_board
from board.feeds import FeedOffice
from flows.activate import activate_plan
from flows.import_plan import import_plan
from notifications.links import Links
from notifications.mail_settings import mail_settings_from
from storage import tasks
from storage.engine import write
from storage.starting import Answer, settle
from tasks_catalog.people import Directory
from tasks_catalog.task import PlanSettings
from tests.flows.cast import Department, open_department

KEYS = ("mot-khoa-bi-mat-du-dai-de-ky-cac-nut-bam-cua-bang",)
HOST = "http://127.0.0.1:4200"
NOW = datetime(2022, 2, 8, 9, 5, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
NUMBER, ISSUED = "383/KH-SCT", date(2022, 1, 30)
PLANS = Path(__file__).parents[1] / "data" / "plans"
HEADS = "STT,Nhiệm vụ,Sản phẩm,Cơ quan chủ trì,Cơ quan phối hợp,Thời hạn"
OF_UPLOADS = ("upload", "kept_file")


@dataclass
class Form:
    """One form of a page."""

    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)


class _Forms(HTMLParser):
    """Reads the forms of a page, with what a browser would post of them untouched."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._select = ""
        self._first = False

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        of = {name: value or "" for name, value in attributes}
        if tag == "form":
            self.forms.append(Form(action=of["action"], method=of["method"]))
        if not self.forms:
            return
        now = self.forms[-1]
        kind = of.get("type", "text")
        if tag == "input" and "name" in of and kind not in ("file", "checkbox", "radio"):
            now.fields.append((of["name"], of.get("value", "")))
        if tag == "input" and kind in ("checkbox", "radio") and "checked" in of:
            now.fields.append((of["name"], of["value"]))
        if tag == "select":
            self._select = of["name"]
        if tag == "option" and "selected" in of:
            now.fields.append((self._select, of["value"]))
        if tag == "button" and "name" in of:
            now.buttons.append((of["name"], of["value"]))


def forms_of(page: str) -> list[Form]:
    parser = _Forms()
    parser.feed(page)
    return parser.forms


@dataclass
class Clerk:
    """Reads pages, fills their forms, follows where they lead."""

    app: FastAPI
    department: Department

    def get(self, path: str) -> httpx.Response:
        return self._ask("GET", path)

    def upload(self, name: str, data: bytes, **fields: str) -> httpx.Response:
        """Hand a file in by the form of the page of uploads."""
        form = next(form for form in forms_of(self.get("/imports").text) if form.action.endswith("/imports"))
        values = {**dict(form.fields), **fields}
        return self._ask("POST", form.action, data=values, files={"file": (name, data)})

    def handed_in(self, path: Path, **fields: str) -> str:
        """Hand a plan in and return the address of its page."""
        answer = self.upload(path.name, path.read_bytes(), **fields)
        assert answer.status_code == 303, answer.text
        return answer.headers["location"].partition("?")[0]

    def press(self, page: str, end: str, nth: int = 0, /, **fields: str | list[str]) -> httpx.Response:
        """Fill the form of ``page`` whose address ends so, press its button, and return the answer."""
        found = [
            form for form in forms_of(self.get(page).text) if form.action.partition("#")[0].endswith(end)
        ]
        assert found, f"no form to {end} on {page}"
        form = found[nth]
        values: dict[str, str | list[str]] = {}
        for name, value in form.fields:
            values[name] = value
        return self._ask("POST", form.action.partition("#")[0], data={**values, **fields})

    def done(self, page: str, end: str, nth: int = 0, /, **fields: str | list[str]) -> str:
        """Press as ``press`` does, and return the page it leads to."""
        answer = self.press(page, end, nth, **fields)
        assert answer.status_code == 303, unescape(answer.text)
        return self.get(answer.headers["location"].partition("#")[0]).text

    def _ask(self, method: str, path: str, **sent: object) -> httpx.Response:
        async def asked() -> httpx.Response:
            transport = httpx.ASGITransport(app=self.app)
            async with httpx.AsyncClient(transport=transport, base_url=HOST, timeout=120) as client:
                return await client.request(method, path, **sent)  # type: ignore[arg-type]

        return asyncio.run(asked())

    def record(self) -> dict[str, list[tuple[object, ...]]]:
        """Return every row of every table but those of uploads."""
        return {name: rows for name, rows in self.department.dump().items() if name not in OF_UPLOADS}


def clerk_of(engine: Engine, home: Path, directory: Directory | None = None) -> Clerk:
    department = open_department(engine, home, directory=directory)
    office = department.office
    domain = mail_settings_from(office.settings.mail).domain
    app = create_board(
        engine,
        office.organisation_id,
        clock=lambda: NOW,
        base_url=HOST,
        calendar=office.calendar,
        keys=KEYS,
        feed_office=FeedOffice(keys=KEYS, domain=domain, links=Links(HOST)),
        files=home / "files",
    )
    return Clerk(app=app, department=department)


def by_command_line(department: Department, path: Path, *settled: int, activated: bool = True) -> None:
    """Import, settle as proposed, and activate a plan as the command line does."""
    office = department.office
    at = NOW.replace(tzinfo=None)
    import_plan(
        office,
        path,
        number=NUMBER,
        issued=ISSUED,
        settings=PlanSettings(year=2022),
        by="truc",
        as_of=at,
    )
    with write(office.engine) as session:
        plan = tasks.plan_or_refuse(session, office.organisation_id, NUMBER)
        for row in settled:
            moment = office.moment_of(at, time(9))
            answer = Answer(accept_proposal=True)
            settle(session, plan, row, answer, calendar=office.calendar, by="truc", at=moment)
    if activated:
        activate_plan(office, NUMBER, by="truc", as_of=at)
