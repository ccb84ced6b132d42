"""The addresses of the settings' own pages: what can be set, the record of changes, taking one back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, Response

from board.acting import back_to, made_by, read_posted, said_of
from board.directory_guard import refuse_beyond
from board.rights import RightMissing, needs
from board.settings_index import kinds_for
from board.settings_record import record_page, settings_page
from board.viewers import looking
from board.ways import SETTINGS
from notifications.wording import problem_sentence
from storage import office_journal, office_record
from storage.engine import write
from storage.settables import SETTABLES
from tasks_catalog.problem import Refused
from tasks_catalog.roles import Right

if TYPE_CHECKING:
    from board.app import Board


def add_settings(app: FastAPI, board: Board) -> None:
    """Add the pages; without a secret no change can be taken back here."""

    @app.get("/settings", response_class=HTMLResponse, dependencies=needs(*SETTINGS))
    def settings(request: Request) -> HTMLResponse:
        with board.view() as view:
            said, page = said_of(request, view.language), settings_page(board, view)
            return board.html("settings.html", page, view.directory.name, said=said)

    @app.get(
        "/settings/changes",
        response_class=HTMLResponse,
        dependencies=needs(Right.UNDO, personal="record"),
    )
    def record(request: Request) -> HTMLResponse:
        with board.view() as view:
            said, page = said_of(request, view.language), record_page(board, view, request.query_params)
            return board.html("settings_changes.html", page, view.directory.name, said=said)

    if not board.keys:
        return

    @app.post("/settings/changes/{number}/undo", dependencies=needs(Right.UNDO))
    async def undo(number: int, request: Request) -> Response:
        await read_posted(board, request)
        return await run_in_threadpool(_undo, board, number)


def _undo(board: Board, number: int) -> Response:
    try:
        with write(board.engine) as session:
            view, who = board.view_of(session), looking()
            found = office_record.change_or_refuse(session, board.organisation_id, number)
            if found.kind not in kinds_for(who) and found.kind in SETTABLES:
                raise RightMissing("right_missing", role=str(view.actor.role), right=str(Right.UNDO))
            refuse_beyond(found.kind, found.after, found.before)
            office_journal.undo(session, board.organisation_id, SETTABLES, number, made=made_by(view))
    except RightMissing:
        raise
    except Refused as refused:
        with board.view() as view:
            page = record_page(board, view, {}, refused=problem_sentence(refused, view.language))
            return board.html("settings_changes.html", page, view.directory.name, 400)
    return back_to(f"{board.root}/settings/changes", "setting_undone", number=number)
