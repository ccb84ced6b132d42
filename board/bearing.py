"""Whoever comes by a letter's link: what the link is for, for whom, and the record as it stands now."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from board.at_work import AtWork, member_of
from notifications.signing import LinkScope, Purpose, read_link
from storage import links
from storage.engine import write
from storage.links import Bearer, LinkNotHeld, bearer_of, note_use
from tasks_catalog.problem import Refused

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from board.app import Board


BY_LINK = "the letter's link says what it is for"
"""Why the pages under a letter's link ask for no sign-in."""


@dataclass(frozen=True, kw_only=True)
class Asked(AtWork):
    """A genuine link that holds, opened: what it is for, whom it speaks for, and the record to look at.

    The journal says by which letter what is done here came.
    """

    scope: LinkScope
    bearer: Bearer


def asked_in(board: Board, keys: Sequence[str], token: str, session: Session) -> Asked:
    """Read a link within an open transaction. Raises LinkRefused, LinkNotHeld: it does not hold."""
    view = board.view_of(session)
    scope = read_link(token, keys, today=view.now.date())
    bearer = bearer_of(session, view.organisation_id, scope.letter, scope.notice, directory=view.directory)
    person, letter = bearer.person, bearer.letter
    view = replace(view, language=person.language, viewer=member_of(person))
    return Asked(
        view=view,
        person=person,
        base=f"{board.root}/a/{token}",
        files=board.files,
        until=scope.until,
        via=view.say("act_via", letter=letter.id, on=letter.day),
        scope=scope,
        bearer=bearer,
    )


@dataclass(frozen=True)
class ByLink:
    """The way in of who holds a letter's link to one of ``purposes``."""

    board: Board
    keys: Sequence[str]
    token: str
    purposes: tuple[Purpose, ...] = (Purpose.MINE,)

    def opened(self) -> AbstractContextManager[Asked]:
        return opened(self.board, self.keys, self.token, *self.purposes)

    def acted(self, what: str, do: Callable[[Asked], None]) -> Refused | None:
        return acted(self.board, self.keys, self.token, what if Purpose.MINE in self.purposes else "", do)


@contextmanager
def opened(board: Board, keys: Sequence[str], token: str, *purposes: Purpose) -> Iterator[Asked]:
    """Open a link for looking; with ``purposes`` only one of those. Raises as ``asked_in``."""
    with board.view() as view:
        asked = asked_in(board, keys, token, view.session)
        if purposes and asked.scope.purpose not in purposes:
            raise LinkNotHeld("link_other_purpose")
        yield asked


def check(board: Board, keys: Sequence[str], token: str, *purposes: Purpose) -> None:
    """Raise what ``opened`` raises: asked before a form is read, so that nobody else's files are taken in."""
    with opened(board, keys, token, *purposes):
        pass


def acted(
    board: Board, keys: Sequence[str], token: str, what: str, do: Callable[[Asked], None]
) -> Refused | None:
    """Do one thing in one transaction with the note of it; return why it was refused, which is noted too.

    ``what`` is kept with the purpose where a link is for more than one thing: "m:report".
    """
    with write(board.engine) as session:
        asked = asked_in(board, keys, token, session)
        refused: Refused | None = None
        try:
            with session.begin_nested():
                do(asked)
        except Refused as reason:
            refused = reason
        note_use(
            session,
            asked.bearer,
            f"{asked.scope.purpose}:{what}" if what else str(asked.scope.purpose),
            at=asked.view.now,
            outcome=refused.code if refused else links.DONE,
        )
    return refused
