"""The journal as programs read it: a task's lines, and every line since one that was read before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, literal_column, or_, select, true
from sqlalchemy.orm import Session

from storage.schema import Event, PlanRow, TaskRow


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line of the journal with the plan and the row it is about; without a row it is about the plan."""

    event: Event
    plan: str
    row: int | None


def lines_of_task(session: Session, task: TaskRow) -> Sequence[Event]:
    """Return everything recorded of a task, oldest first."""
    return session.scalars(select(Event).where(Event.task_id == task.id).order_by(Event.id)).all()


def lines_since(
    session: Session, organisation_id: int, after: int, *, most: int, now: datetime
) -> tuple[Line, ...]:
    """Return the lines behind the line ``after``, oldest first: none is ever passed over.

    Of two transactions the one that began later may be done first, and its line, with the higher number,
    be read before the other's is there. Whoever goes on behind it would miss that one: so lines wait here
    until everything that began before them is done.
    """
    query = (
        select(Event, PlanRow.number, TaskRow.row)
        .join(PlanRow, PlanRow.id == Event.plan_id)
        .outerjoin(TaskRow, TaskRow.id == Event.task_id)
        .where(Event.organisation_id == organisation_id, Event.id > after, _settled(session, now))
        .order_by(Event.id)
        .limit(most)
    )
    found = session.execute(query).tuples()
    return tuple(Line(event=event, plan=plan, row=row) for event, plan, row in found)


def _settled(session: Session, now: datetime) -> ColumnElement[bool]:
    """Say of a line whether every transaction that began before it is over; SQLite has one writer at a time.

    Lines older than a day are taken to be, since PostgreSQL counts transactions round and round.
    """
    if session.get_bind().dialect.name != "postgresql":
        return true()
    done: ColumnElement[bool] = literal_column(
        "age(event.xmin) > age(pg_snapshot_xmin(pg_current_snapshot())::xid)"
    )
    return or_(Event.at < now - timedelta(days=1), done)
