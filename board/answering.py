"""The coordinator's one click on an answer: confirm what it was read as, or set it aside.

Only from a form this board has drawn (``board.tickets``). Anything the click cannot say is for
``dondoc answers confirm``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse

from board.acting import back_to, desk_of, read_posted
from board.rights import needs
from storage import answers
from storage.answers import AnswerState, Choice
from storage.engine import write
from tasks_catalog.problem import Refused
from tasks_catalog.roles import Right

if TYPE_CHECKING:
    from board.app import Board

CONFIRM, IGNORE = "confirm", "ignore"


def add_answering(app: FastAPI, board: Board, keys: Sequence[str]) -> None:
    """Add what the buttons of the page of answers do; without a secret there is none."""
    if not keys:
        return

    @app.post("/answers/{number}/{what}", response_class=RedirectResponse, dependencies=needs(Right.ANSWERS))
    async def answering(number: int, what: str, request: Request) -> RedirectResponse:
        await read_posted(board, request)
        await run_in_threadpool(_do, board, number, what)
        return back_to(f"{board.links.base_url.rstrip('/')}/answers", f"answer_{what}", number=number)


def _do(board: Board, number: int, what: str) -> None:
    if what not in (CONFIRM, IGNORE):
        raise Refused("board_ticket_wrong")
    with write(board.engine) as session:
        view = board.view_of(session)
        desk = desk_of(view)
        if what == IGNORE:
            answers.set_aside(desk, number, AnswerState.IGNORED)
            return
        line = answers.answer_or_refuse(session, view.organisation_id, number)
        on = answers.day_received(line.answer, desk)
        note = view.say("answer_note", on=on, coordinator=desk.by)
        answers.confirm(replace(desk, note=note), number, Choice(mail_named=view.say("answer_mail", on=on)))
