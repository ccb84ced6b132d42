"""Two people at one task: what was recorded of it last, so that a form drawn before it can be refused."""

from __future__ import annotations

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session

from storage.schema import Event, TaskRow
from tasks_catalog.occurrence import ShareKey


def last_change(session: Session, task: TaskRow, share: ShareKey | None = None) -> int:
    """Return the number of the journal's last line of the task; with a ``share``, of what bears on it."""
    return session.scalars(_lines(task, share).limit(1)).one().id


def changed_since(session: Session, task: TaskRow, share: ShareKey | None, seen: int) -> Event | None:
    """Return what was recorded last where that is not what the form's reader ``seen``; else None.

    The task's row is locked until the transaction ends, so that nothing comes between this and the deed.
    """
    session.execute(select(TaskRow.id).where(TaskRow.id == task.id).with_for_update())
    last = session.scalars(_lines(task, share).limit(1)).one()
    return last if last.id != seen else None


def _lines(task: TaskRow, share: ShareKey | None) -> Select[tuple[Event]]:
    """Choose the task's lines, the newest first; those of other units' shares do not bear on a share."""
    query = select(Event).where(Event.task_id == task.id).order_by(Event.id.desc())
    if share is None:
        return query
    of_share = and_(Event.occurrence == share.occurrence, or_(Event.unit.is_(None), Event.unit == share.unit))
    return query.where(or_(Event.occurrence.is_(None), of_share))
