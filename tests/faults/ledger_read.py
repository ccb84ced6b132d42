"""The ledger and the outbox as the drills read them: bare rows, whoever wrote them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from sqlalchemy import select

from storage.engine import read
from storage.schema import LetterRow, NoticeRow
from tasks_catalog.ladder import CO_OWNERS_REMEMBERED
from tests.flows.cast import Department


class Line(NamedTuple):
    """A line of the ledger: its key, its day, its end and the day of the letter that carries it."""

    share: int
    epoch: int
    rung: str
    person: str
    channel: str
    fire_on: date
    state: str
    audience: str
    posted: date | None

    @property
    def key(self) -> tuple[int, int, str, str, str]:
        return self[:5]

    @property
    def item(self) -> tuple[int, int, str]:
        """What is told to whom, whichever rung says it."""
        return self.share, self.epoch, self.person


def ledger_of(department: Department) -> tuple[Line, ...]:
    """Return every line of the ledger, in the order in which each speaks."""
    row = NoticeRow
    query = (
        select(row.share_id, row.epoch, row.rung, row.person, row.channel)
        .add_columns(row.fire_on, row.state, row.audience, LetterRow.day)
        .outerjoin(LetterRow, LetterRow.id == row.letter_id)
        .order_by(row.fire_on, row.id)
    )
    with read(department.office.engine) as session:
        return tuple(Line(*found) for found in session.execute(query))


def last_of_each(lines: Iterable[Line]) -> dict[tuple[int, int, str], Line]:
    """Return the line that speaks last of each item to each person."""
    return {line.item: line for line in lines}


def lost_lines(present: Iterable[Line], absent: Iterable[Line], back: date) -> tuple[Line, ...]:
    """Return the lines of an office that ran every day which one that came back on ``back`` lacks.

    But for helpers' reminders of what was due longer ago than they are remembered: those come once,
    before the due day, and are of no use so long after it.
    """
    kept = {line.key for line in absent}
    old = back - CO_OWNERS_REMEMBERED
    lost = (line for line in present if line.key not in kept)
    return tuple(line for line in lost if line.audience != "co_owner" or line.fire_on >= old)
