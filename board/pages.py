"""The board's pages for looking: plans, lists, tasks, sheets, letters, files."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from fastapi import FastAPI, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from sqlalchemy import text
from starlette.exceptions import HTTPException

from board import answers, exports, letters, lists, plans, sheets, task_pages
from board.acting import said_of
from board.below import below_page
from board.downloads import download, download_file
from board.feeds import feed_answer
from board.list_asked import Asked
from board.rights import needs, open_to_all
from board.task_panel import Focus
from board.view import View
from storage import tasks
from storage.engine import read
from storage.file_rows import FileRow
from storage.files import file_or_refuse, proves_of_unit
from tasks_catalog.allowed import NotAllowed
from tasks_catalog.people import Unit
from tasks_catalog.problem import Refused
from tasks_catalog.roles import Right

if TYPE_CHECKING:
    from board.app import Board


def add_pages(app: FastAPI, board: Board) -> None:
    """Add the routes; the longer path of a plan before the shorter, which would take it for a number."""

    @app.get("/", response_class=HTMLResponse, dependencies=needs(Right.LOOK))
    def front(as_of: date | None = None, every: bool = Query(False, alias="all")) -> HTMLResponse:
        with board.view(as_of, counted=True) as view:
            return board.html("front.html", plans.front_page(view, every=every), view.directory.name)

    @app.get("/plans/{number:path}/list.{kind}", dependencies=needs(Right.LOOK))
    def plan_list_file(number: str, kind: str, request: Request, as_of: date | None = None) -> Response:
        if kind not in ("xlsx", "csv"):
            raise HTTPException(404)
        asked = Asked.of(request.query_params)
        with board.view(as_of, counted=True) as view:
            plan = tasks.plan_or_refuse(view.session, view.organisation_id, number)
            made = (exports.as_xlsx if kind == "xlsx" else exports.as_csv)(plan, asked, view)
        return download_file(made.file, made.name, made.media_type)

    @app.get("/plans/{number:path}/list", response_class=HTMLResponse, dependencies=needs(Right.LOOK))
    def plan_list(number: str, request: Request, as_of: date | None = None) -> HTMLResponse:
        asked = Asked.of(request.query_params)
        with board.view(as_of, counted=True) as view:
            plan = tasks.plan_or_refuse(view.session, view.organisation_id, number)
            return board.html("list.html", lists.list_page(plan, asked, view), view.directory.name)

    @app.get("/tasks", response_class=HTMLResponse, dependencies=needs(Right.LOOK))
    def search(request: Request) -> HTMLResponse:
        with board.view(counted=True) as view:
            page = lists.search_page(Asked.of(request.query_params), view)
            return board.html("list.html", page, view.directory.name)

    @app.get("/plans/{number:path}", response_class=HTMLResponse, dependencies=needs(Right.LOOK))
    def plan(number: str, request: Request, as_of: date | None = None) -> HTMLResponse:
        said = said_of(request, board.language)
        with board.view(as_of, counted=True) as view:
            found = tasks.plan_or_refuse(view.session, view.organisation_id, number.rstrip("/"))
            return board.html("plan.html", plans.plan_page(found, view), view.directory.name, said=said)

    @app.get("/tasks/{number:path}/{row}", response_class=HTMLResponse, dependencies=needs(Right.LOOK))
    def task(number: str, row: str, request: Request, occurrence: str = "", unit: str = "") -> HTMLResponse:
        with board.view() as view:
            found = tasks.task_or_refuse(view.session, view.organisation_id, f"{number}/{row}")
            plan = tasks.plan_or_refuse(view.session, view.organisation_id, number)
            focus = Focus(occurrence=occurrence, unit=unit) if occurrence and unit else None
            page = task_pages.task_page(plan, found, view, focus=focus, files=board.files)
            said = said_of(request, view.language)
            said = f"{said} {page.follows}".strip() if said else ""
            return board.html("task.html", page, view.directory.name, said=said)

    @app.get(
        "/sheets/{number:path}/{period}/{unit}", response_class=HTMLResponse, dependencies=needs(Right.LOOK)
    )
    def sheet(number: str, period: str, unit: str) -> HTMLResponse:
        with board.view() as view:
            plan = tasks.plan_or_refuse(view.session, view.organisation_id, number)
            page = sheets.sheet_page(plan, period, _unit_or_refuse(unit, view), view)
            return board.html("sheet.html", page, view.directory.name)

    @app.get("/below", response_class=HTMLResponse, dependencies=needs(Right.BELOW))
    def of_those_below() -> HTMLResponse:
        with board.view() as view:
            return board.html("below.html", below_page(view), view.directory.name)

    @app.get("/outbox", response_class=HTMLResponse, dependencies=needs(Right.LETTERS, personal="letters"))
    def outbox() -> HTMLResponse:
        with board.view() as view:
            return board.html("outbox.html", letters.outbox_page(view), view.directory.name)

    @app.get(
        "/outbox/{letter}",
        response_class=HTMLResponse,
        dependencies=needs(Right.LETTERS, personal="letter"),
    )
    def letter(letter: int) -> HTMLResponse:
        with board.view() as view:
            return board.html("letter.html", letters.letter_page(letter, view), view.directory.name)

    @app.get("/feeds/{token}.ics", dependencies=open_to_all("the feed's own token"))
    def feed(token: str, request: Request) -> Response:
        asked = request.headers.get("if-none-match", "")
        answer = feed_answer(token, board.view, board.feed_office, asked) if board.feed_office else None
        if answer is None:
            raise HTTPException(404)
        return answer

    @app.get("/answers", response_class=HTMLResponse, dependencies=needs(Right.ANSWERS, personal="answers"))
    def answered(request: Request) -> HTMLResponse:
        with board.view() as view:
            page, said = answers.answers_page(view), said_of(request, view.language)
            return board.html("answers.html", page, view.directory.name, said=said)

    @app.get("/files/{sha256}", dependencies=needs(Right.FILES, personal="file"))
    def file(sha256: str) -> Response:
        if board.files is None:
            raise HTTPException(404)
        with board.view() as view:
            row = file_or_refuse(view.session, view.organisation_id, sha256)
            _refuse_other_units(view, row)
        return download(board.files.get(row.sha256), row.name, row.media_type)

    @app.get("/healthz", dependencies=open_to_all("says nothing but that it runs"))
    def health() -> JSONResponse:
        with read(board.engine) as session:
            session.execute(text("SELECT 1"))
        return JSONResponse({"status": "ok"})


def _refuse_other_units(view: View, row: FileRow) -> None:
    """Raise NotAllowed unless the file is of the reader's own unit, or the reader sees every unit's."""
    actor = view.actor
    if not actor.of_unit:
        return
    giver = view.directory.person(row.by)
    if giver is not None and giver.unit == actor.unit:
        return
    if not proves_of_unit(view.session, view.organisation_id, actor.unit, row.sha256):
        raise NotAllowed("file_of_other_unit")


def _unit_or_refuse(code: str, view: View) -> Unit:
    unit = view.directory.unit(code)
    if unit is None:
        known = ", ".join(unit.code for unit in view.directory.units)
        raise Refused("unit_not_known", name=code, known=known)
    return unit
