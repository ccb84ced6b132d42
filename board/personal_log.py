"""Keeps who saw whose personal data, once the answer is drawn and sent: it delays and fails no page.

A route says beside its right what it shows (``board.rights.needs(..., personal="letter")``); whose it is
follows from the address. Until sign-in is configured nobody is named, and nothing is kept.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool

from board.directory_forms import NEW
from board.rights import Looked
from storage.engine import write
from storage.personal_views import ALL, hour_of, saw
from storage.schema import FileRow, LetterRow

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from board.app import Board

logger = logging.getLogger(__name__)
MOST_REMEMBERED = 10_000

Whose = Callable[[Session, int, Mapping[str, Any]], Iterable[str]]


def _reader(session: Session, organisation_id: int, named: Mapping[str, Any]) -> Iterable[str]:
    query = select(LetterRow.person).where(
        LetterRow.organisation_id == organisation_id, LetterRow.id == int(named["letter"])
    )
    return session.scalars(query).all()


def _handed_in_by(session: Session, organisation_id: int, named: Mapping[str, Any]) -> Iterable[str]:
    query = select(FileRow.by).where(
        FileRow.organisation_id == organisation_id, FileRow.sha256 == named["sha256"]
    )
    return session.scalars(query).all()


def _by_code(session: Session, organisation_id: int, named: Mapping[str, Any]) -> Iterable[str]:
    code = str(named["code"])
    return () if code == NEW else (code,)


def _of_account(session: Session, organisation_id: int, named: Mapping[str, Any]) -> Iterable[str]:
    return (str(named["person"]),)


def _everybody(session: Session, organisation_id: int, named: Mapping[str, Any]) -> Iterable[str]:
    return (ALL,)


WHOSE: Mapping[str, Whose] = {
    "letter": _reader,
    "file": _handed_in_by,
    "person": _by_code,
    "account": _of_account,
    "data": _by_code,
    "export": _by_code,
    "letters": _everybody,
    "people": _everybody,
    "accounts": _everybody,
    "answers": _everybody,
    "record": _everybody,
}
"""Whose data each kind of page shows; its name is worded by ``personal_page_<kind>``."""


class PersonalLog:
    """Writes a line after a page with personal data was shown."""

    def __init__(self, app: ASGIApp, board: Board) -> None:
        self._app = app
        self._board = board
        self._kept: set[tuple[object, ...]] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        state: dict[str, Any] = scope.setdefault("state", {})
        shown = False

        async def watch(message: Message) -> None:
            nonlocal shown
            if message["type"] == "http.response.start":
                shown = message["status"] == 200
            await send(message)

        await self._app(scope, receive, watch)
        looked = state.get("personal")
        if shown and isinstance(looked, Looked):
            await run_in_threadpool(self._keep, looked, self._board.clock())

    def _keep(self, looked: Looked, at: datetime) -> None:
        once = (looked.by, looked.page, tuple(sorted(looked.named.items())), hour_of(at))
        if once in self._kept:
            return
        board = self._board
        try:
            with write(board.engine) as session:
                about = WHOSE[looked.page](session, board.organisation_id, looked.named)
                saw(session, board.organisation_id, by=looked.by, about=about, page=looked.page, at=at)
        except Exception:
            logger.exception("who saw %s could not be kept", looked.page)
            return
        if len(self._kept) >= MOST_REMEMBERED:
            self._kept.clear()
        self._kept.add(once)
