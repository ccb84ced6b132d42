"""Erasing a person's data in the browser: first what would be emptied and what stays, then a second press.

What is shown is what happened in a transaction that was taken back, so it is what the second press does.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, Response

from board.acting import back_to, read_posted
from board.forms import Posted
from board.personal_pages import personal_page
from board.rights import needs
from board.view import View
from notifications.wording import problem_sentence, sentence
from storage.engine import write
from storage.erased_file import keep_erased
from storage.erasing import erase, stays_of
from tasks_catalog.problem import Refused
from tasks_catalog.roles import Right

if TYPE_CHECKING:
    from board.app import Board

_LONGEST = 200


class _LookOver(Exception):  # no fault: it takes back what was only tried
    def __init__(self, counts: Mapping[str, int], digest: str) -> None:
        super().__init__()
        self.counts = counts
        self.digest = digest


def add_erasing(app: FastAPI, board: Board) -> None:
    """Add the form's address; without keys there are no forms."""
    if not board.keys:
        return

    @app.post("/settings/people/{code}/data/erase", dependencies=needs(Right.PERSONAL_DATA, personal="data"))
    async def erase_data(code: str, request: Request) -> Response:
        return await run_in_threadpool(_erase, board, code, await read_posted(board, request))


def _erase(board: Board, code: str, form: Posted) -> Response:
    document = form.get("document", "")
    try:
        rows = _done(board, code, document, form.get("looked_over", ""))
    except _LookOver as found:
        return _shown(board, code, document, found=found)
    except Refused as refused:
        if refused.code == "person_unknown":
            raise Refused("setting_thing_unknown", key=code) from refused
        return _shown(board, code, document, refused=problem_sentence(refused, board.language))
    return back_to(f"{board.root}/settings/people/{quote(code, safe='')}/data", "person_erased", rows=rows)


def _done(board: Board, code: str, document: str, looked_over: str) -> int:
    """Erase and return how many rows that emptied. Raises _LookOver where just this was not looked at."""
    if not document or len(document) > _LONGEST:
        raise Refused("erase_document", most=_LONGEST)
    with write(board.engine) as session:
        view = board.view_of(session)
        counts = erase(
            session,
            view.organisation_id,
            code,
            by=view.actor.code,
            document=document,
            at=view.now,
            shown_as=sentence("person_erased", "vi", code=code),
        )
        digest = hashlib.sha256(repr((code, document, sorted(counts.items()))).encode()).hexdigest()[:32]
        if looked_over != digest:
            raise _LookOver(counts, digest)
        if board.erased is not None:
            keep_erased(board.erased, code, document, view.now.date())
    return sum(counts.values())


def _shown(
    board: Board, code: str, document: str, *, found: _LookOver | None = None, refused: str = ""
) -> HTMLResponse:
    with board.view() as view:
        page = replace(personal_page(board, view, code, None), document=document, refused=refused)
        if found is not None:
            page = replace(
                page,
                emptied=_in_words(view, "erase_empties", found.counts),
                stays=_in_words(view, "erase_stays", stays_of(view.session, view.organisation_id, code)),
                looked_over=found.digest,
            )
        status = 400 if refused else 200
        return board.html("personal.html", page, view.directory.name, status)


def _in_words(view: View, prefix: str, counts: Mapping[str, int]) -> Sequence[str]:
    return tuple(view.say(f"{prefix}_{what}", rows=rows) for what, rows in counts.items() if rows)
