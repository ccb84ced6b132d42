"""Whoever comes by a letter's link: what the link is for, for whom, and the record as it stands now."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from notifications.signing import LinkScope, Purpose, read_link
from storage import links
from storage.desk import Desk
from storage.engine import write
from storage.files import FileStore
from storage.links import Bearer, LinkNotHeld, bearer_of, note_use
from tasks_catalog.allowed import Actor
from tasks_catalog.people import Person, Post
from tasks_catalog.problem import Refused

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from board.app import Board
    from board.view import View


BY_LINK = "the letter's link says what it is for"
"""Why the pages under a letter's link ask for no sign-in."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A genuine link that holds, opened: what it is for, whom it speaks for, and the record to look at."""

    token: str
    scope: LinkScope
    bearer: Bearer
    view: View
    files: FileStore | None = None

    @property
    def base(self) -> str:
        """The address all that may be seen by this link stands under."""
        return f"{self.view.links.base_url.rstrip('/')}/a/{self.token}"

    @property
    def member(self) -> Actor:
        """The reader as one of his unit and no more: a coordinator's or leader's power is in no letter."""
        return _member(self.bearer.person)

    @property
    def heads(self) -> bool:
        return self.member.post is Post.HEAD

    @property
    def desk(self) -> Desk:
        """The reader's desk, in the view's own transaction; the journal says by which letter it came."""
        view, bearer = self.view, self.bearer
        address = bearer.letter.address or bearer.person.email
        return Desk(
            session=view.session,
            organisation_id=view.organisation_id,
            calendar=view.calendar,
            at=view.now,
            by=bearer.person.code,
            via=view.say("act_via", address=address, on=bearer.letter.day),
        )


def _member(person: Person) -> Actor:
    post = Post.HEAD if person.post is Post.HEAD else Post.OFFICER
    return Actor(code=person.code, unit=person.unit, post=post)


def asked_in(board: Board, keys: Sequence[str], token: str, session: Session) -> Asked:
    """Read a link within an open transaction. Raises LinkRefused, LinkNotHeld: it does not hold."""
    view = board.view_of(session)
    scope = read_link(token, keys, today=view.now.date())
    bearer = bearer_of(session, view.organisation_id, scope.letter, scope.notice, directory=view.directory)
    view = replace(view, language=bearer.person.language, viewer=_member(bearer.person))
    return Asked(token=token, scope=scope, bearer=bearer, view=view, files=board.files)


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
