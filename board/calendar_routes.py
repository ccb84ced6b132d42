"""The addresses of days off and worked weekends: the year, the look before a change, the change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, Response

from board.acting import back_to, made_by, read_posted, said_of
from board.calendar_forms import MOST_LIST, asked_of, carried_of
from board.calendar_pages import calendar_page, look_page
from board.forms import MOST_BYTES, Posted
from board.rights import needs
from notifications.wording import problem_sentence
from storage import swapped_days
from storage.engine import write
from tasks_catalog.problem import Refused
from tasks_catalog.roles import Right

if TYPE_CHECKING:
    from board.app import Board

PATH = "/settings/calendar"
_TYPED = ("kind", "date", "off", "worked", "name", "document")


def add_calendar(app: FastAPI, board: Board) -> None:
    """Add the pages; without a secret nothing can be changed here."""

    @app.get(PATH, response_class=HTMLResponse, dependencies=needs(Right.POLICY))
    def calendar(request: Request, year: str = "") -> HTMLResponse:
        with board.view() as view:
            said, page = said_of(request, view.language), calendar_page(board, view, year)
            return board.html("settings_calendar.html", page, view.directory.name, said=said)

    if not board.keys:
        return

    @app.post(PATH, dependencies=needs(Right.POLICY))
    async def look(request: Request, year: str = "") -> Response:
        form = await read_posted(board, request, most_bytes=MOST_LIST + MOST_BYTES)
        return await run_in_threadpool(_look, board, form, year)

    @app.post(f"{PATH}/keep", dependencies=needs(Right.POLICY))
    async def keep(request: Request) -> Response:
        form = await read_posted(board, request, most_bytes=MOST_BYTES)
        return await run_in_threadpool(_keep, board, form)


def _look(board: Board, form: Posted, year: str) -> Response:
    try:
        with board.view() as view:
            own = {one.day for one in swapped_days.list_swapped(view.session, view.organisation_id)}
            page = look_page(board, view, asked_of(form, board.calendars.without_own, own))
            return board.html("settings_calendar_look.html", page, view.directory.name)
    except Refused as refused:
        return _refused(board, refused, year, {name: form.get(name, "") for name in _TYPED})


def _keep(board: Board, form: Posted) -> Response:
    try:
        asked = carried_of(form)
        with write(board.engine) as session:
            made = made_by(board.view_of(session))
            organisation = board.organisation_id
            done = len(
                swapped_days.enter(session, organisation, asked.enter, board.calendars.without_own, made=made)
            )
            for day in asked.take_back:
                swapped_days.take_back(session, organisation, day, made=made)
    except Refused as refused:
        return _refused(board, refused, "", {})
    year = asked.days[0].year if asked.days else ""
    return back_to(f"{board.root}{PATH}?year={year}", "calendar_kept", days=done + len(asked.take_back))


def _refused(board: Board, refused: Refused, year: str, typed: dict[str, str]) -> Response:
    with board.view() as view:
        said = problem_sentence(refused, view.language)
        try:
            page = calendar_page(board, view, year, typed=typed, refused=said)
        except Refused:  # the year asked for is what cannot be shown
            page = calendar_page(board, view, "", typed=typed, refused=said)
        return board.html("settings_calendar.html", page, view.directory.name, 400)
