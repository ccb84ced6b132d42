"""The coordinator's one click on an answer: confirm what it was read as, or set it aside.

Only from a form this board has drawn: each button carries a ticket, signed by the office's secret for this
answer and this thing, so that a page from elsewhere opened in the same browser can press none of them
(and none is drawn without a secret). Anything the click cannot say is for ``dondoc answers confirm``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse

from board.forms import posted, read_body
from board.tickets import IGNORE, TICKET, check_ticket
from board.view import View
from storage import answers
from storage.answers import AnswerState, Choice
from storage.desk import Desk
from storage.engine import write

if TYPE_CHECKING:
    from board.app import Board


def add_answering(app: FastAPI, board: Board, keys: Sequence[str]) -> None:
    """Add what the buttons of the page of answers do; without a secret there is none."""
    if not keys:
        return

    @app.post("/answers/{number}/{what}", response_class=RedirectResponse)
    async def answering(number: int, what: str, request: Request) -> RedirectResponse:
        form = posted(await read_body(request))
        await run_in_threadpool(_do, board, keys, number, what, form)
        root = board.links.base_url.rstrip("/")
        return RedirectResponse(f"{root}/answers", status_code=303)


def _do(board: Board, keys: Sequence[str], number: int, what: str, form: Mapping[str, str]) -> None:
    check_ticket(form.get(TICKET, ""), number, what, keys)
    with write(board.engine) as session:
        view = board.view_of(session)
        desk = _desk(view)
        if what == IGNORE:
            answers.set_aside(desk, number, AnswerState.IGNORED)
            return
        line = answers.answer_or_refuse(session, view.organisation_id, number)
        on = answers.day_received(line.answer, desk)
        note = view.say("answer_note", on=on, coordinator=view.person(desk.by))
        answers.confirm(replace(desk, note=note), number, Choice(mail_named=view.say("answer_mail", on=on)))


def _desk(view: View) -> Desk:
    coordinator = view.directory.coordinator()
    return Desk(
        session=view.session,
        organisation_id=view.organisation_id,
        calendar=view.calendar,
        at=view.now,
        by=coordinator.code if coordinator else "office",
    )
