"""The page of one person's data: who saw it, who changed it, and the whole of it to take away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, Response

from board.acting import said_of
from board.rights import needs
from board.settings_record import record_link
from board.view import View
from notifications.personal_export import export_file
from notifications.setting_words import person_words
from notifications.wording import problem_sentence, sentence
from storage.accounts import find_person
from storage.erasing import bars, erased
from storage.personal_data import changes_about, data_of
from storage.personal_views import ALL, seen_of
from tasks_catalog.people import Person
from tasks_catalog.problem import Refused
from tasks_catalog.roles import Right

if TYPE_CHECKING:
    from board.app import Board

A_PAGE = 50
LATEST_CHANGES = 20


@dataclass(frozen=True, kw_only=True)
class SeenLine:
    """Somebody looked: who, at what, when first in that hour."""

    moment: str
    by: str
    page: str


@dataclass(frozen=True, kw_only=True)
class PersonalPage:
    """What is kept of a person is in the export; here is who had to do with it."""

    name: str
    person_href: str
    export: str
    seen: Sequence[SeenLine]
    next: str
    back: str
    changes: Sequence[SeenLine]
    record: str
    erased: Sequence[str]
    erase: str
    """Where the form that erases posts to; "" for who was erased, or cannot be yet."""
    bars: Sequence[str]
    """What is to be done before: each a sentence."""
    document: str = ""
    """The paper that asks for it, as typed."""
    emptied: Sequence[str] = ()
    """What would be emptied, in words, once it was asked for; with it ``stays``."""
    stays: Sequence[str] = ()
    looked_over: str = ""
    refused: str = ""


def add_personal(app: FastAPI, board: Board) -> None:
    """Add the page and the export."""

    @app.get(
        "/settings/people/{code}/data",
        response_class=HTMLResponse,
        dependencies=needs(Right.PERSONAL_DATA, personal="data"),
    )
    def data(code: str, request: Request, before: int | None = None) -> HTMLResponse:
        with board.view() as view:
            page = personal_page(board, view, code, before)
            said = said_of(request, view.language)
            return board.html("personal.html", page, view.directory.name, said=said)

    @app.get(
        "/settings/people/{code}/data/export",
        dependencies=needs(Right.PERSONAL_DATA, personal="export"),
    )
    def export(code: str) -> Response:
        with board.view() as view:
            return export_answer(view, code)


def export_answer(view: View, code: str) -> Response:
    """Return a person's data as a file to keep, in their language. Raises Refused (setting_thing_unknown)."""
    person = _person_or_refuse(view, code)
    data = data_of(view.session, view.organisation_id, code)
    return Response(
        export_file(code, data, language=person.language, at=view.now),
        media_type="application/zip",
        headers={"Content-Disposition": f"attachment; filename*=UTF-8''{quote(code, safe='')}.zip"},
    )


def _person_or_refuse(view: View, code: str) -> Person:
    person = view.directory.person(code)
    if person is None:
        raise Refused("setting_thing_unknown", key=code)
    return person


def _bound(view: View, code: str) -> Sequence[str]:
    row = find_person(view.session, view.organisation_id, code)
    found = bars(view.session, view.organisation_id, row, view.now) if row is not None else ()
    return tuple(problem_sentence(each, view.language) for each in found)


def personal_page(board: Board, view: View, code: str, before: int | None) -> PersonalPage:
    """Return the page; raises Refused (setting_thing_unknown)."""
    person = _person_or_refuse(view, code)
    here = f"{board.root}/settings/people/{quote(code, safe='')}"
    found = seen_of(view.session, view.organisation_id, code, before=before, most=A_PAGE + 1)
    shown = found[:A_PAGE]
    gone = person.name == sentence("person_erased", "vi", code=code)
    bound = _bound(view, code)
    changes = changes_about(view.session, view.organisation_id, code)
    return PersonalPage(
        name=person.name,
        person_href=here,
        export=f"{here}/data/export",
        seen=tuple(
            SeenLine(
                moment=view.moment(one.at),
                by=person_words(one.by, view.directory, view.language),
                page=view.say(f"personal_page_{one.page}")
                + (f" – {view.say('personal_list')}" if one.about == ALL else ""),
            )
            for one in shown
        ),
        next=f"{here}/data?before={shown[-1].number}" if len(found) > A_PAGE else "",
        back=f"{here}/data" if before is not None else "",
        changes=tuple(
            SeenLine(
                moment=view.moment(datetime.fromisoformat(one["at"])),
                by=person_words(one["by"], view.directory, view.language),
                page=view.say(
                    "personal_change", number=one["number"], kind=view.say(f"setting_{one['kind']}")
                ),
            )
            for one in reversed(changes[-LATEST_CHANGES:])
        ),
        record=record_link(board, "person", code),
        erased=tuple(
            view.say(
                "personal_erased",
                moment=view.moment(one.at),
                by=person_words(one.by, view.directory, view.language),
                document=one.document,
                rows=sum(one.counts.values()),
            )
            for one in erased(view.session, view.organisation_id)
            if one.person == code
        ),
        erase="" if gone or bound else f"{here}/data/erase",
        bars=() if gone else bound,
    )
