"""Whoever is at their own work, by a letter's link or signed in: for whom they speak, and the record."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Protocol

from storage.desk import Desk
from storage.engine import write
from storage.files import FileStore
from storage.people import person_or_refuse
from tasks_catalog.allowed import Actor
from tasks_catalog.people import Person, Post
from tasks_catalog.problem import Refused

if TYPE_CHECKING:
    from board.app import Board
    from board.view import View


@dataclass(frozen=True, kw_only=True)
class AtWork:
    """A reader at their own work: for whom they speak, and the record to look at."""

    view: View
    person: Person
    base: str
    """The address all that may be seen and done here stands under."""
    files: FileStore | None = None
    until: date | None = None
    """The last day their link holds; None for who signed in."""
    via: str = ""
    """What the journal says of how it was told; "" at a page one signs in for."""

    @property
    def member(self) -> Actor:
        """The reader as one of their unit and no more, whatever other power their post has."""
        return member_of(self.person)

    @property
    def heads(self) -> bool:
        return self.member.post is Post.HEAD

    @property
    def desk(self) -> Desk:
        """The reader's desk, in the view's own transaction."""
        view = self.view
        return Desk(
            session=view.session,
            organisation_id=view.organisation_id,
            calendar=view.calendar,
            at=view.now,
            by=self.person.code,
            via=self.via,
        )


class WayIn(Protocol):
    """A way to one's own work: it opens for looking, and does one thing in one transaction."""

    def opened(self) -> AbstractContextManager[AtWork]: ...

    def acted(self, what: str, do: Callable[[AtWork], None]) -> Refused | None:
        """Return why it was refused; None where it is done."""


def member_of(person: Person) -> Actor:
    """Return a person as one of their unit: a coordinator's or leader's power is not used here."""
    post = Post.HEAD if person.post is Post.HEAD else Post.OFFICER
    return Actor(code=person.code, unit=person.unit, post=post)


@dataclass(frozen=True)
class SignedIn:
    """The way in of who has signed in."""

    board: Board

    @contextmanager
    def opened(self) -> Iterator[AtWork]:
        with self.board.view() as view:
            yield self._at(view)

    def acted(self, what: str, do: Callable[[AtWork], None]) -> Refused | None:
        with write(self.board.engine) as session:
            at_work = self._at(self.board.view_of(session))
            try:
                with session.begin_nested():
                    do(at_work)
            except Refused as reason:
                return reason
        return None

    def _at(self, view: View) -> AtWork:
        person = person_or_refuse(view.actor.code, view.directory)
        return AtWork(
            view=replace(view, viewer=view.actor),
            person=person,
            base=f"{self.board.root}/mine",
            files=self.board.files,
        )
