"""What a form of the board asks for, before it is drawn: its fields, its button, where it posts to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from board.view import View
from tasks_catalog.facts import Document
from tasks_catalog.problem import Refused
from tasks_catalog.typed import day_of

Kind = Literal["text", "date", "words", "files", "choice", "check", "many", "hidden"]


@dataclass(frozen=True, kw_only=True)
class Field:
    """One field. ``value`` stands in it until something is typed; ``options`` are (value, words)."""

    name: str
    label: str = ""
    hint: str = ""
    kind: Kind = "text"
    required: bool = False
    value: str = ""
    options: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, kw_only=True)
class Form:
    """A form as drawn; ``id`` sets its fields apart from those of other forms on the page."""

    id: str
    action: str
    title: str
    lead: str = ""
    fields: Sequence[Field] = ()
    submit: str
    is_open: bool = False
    preview: Sequence[str] = ()
    """What would be recorded, where the form is looked over before it is kept."""
    preview_lead: str = ""
    """What the preview begins with, where it is not about a task."""
    refused: str = ""
    values: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """What was typed before it was refused; a form posted carries every field that is not an empty tick."""

    @property
    def has_files(self) -> bool:
        return any(one.kind == "files" for one in self.fields)

    def value_of(self, one: Field) -> str:
        typed = self.values.get(one.name)
        return typed[-1] if typed else "" if self.values else one.value

    def is_chosen(self, one: Field, value: str) -> bool:
        """Say whether an option, or a tick, was chosen."""
        if self.values:
            return value in self.values.get(one.name, ())
        return value in one.value.split("\n")


def document_fields(view: View, *, required: bool = False, hint: str = "form_document_hint") -> list[Field]:
    """Return the two fields that name a document."""
    return [
        Field(name="document", label=view.say("act_document"), hint=view.say(hint), required=required),
        Field(name="issued", label=view.say("act_issued"), kind="date"),
    ]


def document_in(form: Mapping[str, str]) -> Document | None:
    """Return the document a form names. Raises Refused: act_document_missing, day_unreadable."""
    number, issued = form.get("document", ""), form.get("issued", "")
    if not number:
        if issued:
            raise Refused("act_document_missing", issued=issued)
        return None
    return Document(number=number, issued=day_of(issued) if issued else None)


def day_in(form: Mapping[str, str], name: str) -> date | None:
    """Return a day the form names, or None where the field is empty. Raises Refused: day_unreadable."""
    typed = form.get(name, "")
    return day_of(typed) if typed else None


def needed_day(form: Mapping[str, str], name: str, *, asks: str) -> date:
    """Return a day the form must name; ``asks`` is the code that says what it is for."""
    day = day_in(form, name)
    if day is None:
        raise Refused(asks)
    return day
