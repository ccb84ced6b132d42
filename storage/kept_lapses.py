"""Shares still owed whose last on-time day, fixed earlier, is not what the calendar would make it now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from storage import tasks
from storage.schema import OccurrenceRow, PlanRow, ShareRow, TaskRow
from tasks_catalog.calendar import WorkCalendar
from tasks_catalog.occurrence import Origin, lapse_of


@dataclass(frozen=True, kw_only=True)
class KeptLapse:
    """The shares of one task that keep a last on-time day: how many units, which day, which it would be."""

    plan: str
    row: int
    text: str
    shares: int
    due: date
    lapses: date
    would: date


def kept_lapses(
    session: Session, organisation_id: int, calendar: WorkCalendar, *, since: date
) -> tuple[KeptLapse, ...]:
    """Return them by date, of active plans, where either day is ``since`` or later.

    Dates are few where shares are many: the database counts, by task and date, and only these are judged.
    A share whose date a decision moved keeps the day that decision fixed, and is left out.
    """
    found = [
        one
        for plan in tasks.list_plans(session, organisation_id, active_only=True)
        for one in _of_plan(session, plan, calendar, since)
    ]
    return tuple(sorted(found, key=lambda one: (one.due, one.plan, one.row)))


def _of_plan(session: Session, plan: PlanRow, calendar: WorkCalendar, since: date) -> Iterator[KeptLapse]:
    settings = tasks.settings_of(plan)
    kept = (
        ShareRow.plan_id == plan.id,
        ShareRow.is_live,
        ShareRow.due == ShareRow.first_due,
        ShareRow.due == OccurrenceRow.due,
    )
    dates = (
        select(ShareRow.due, ShareRow.lapses, OccurrenceRow.origin)
        .join(OccurrenceRow, OccurrenceRow.id == ShareRow.occurrence_id)
        .where(*kept)
        .distinct()
    )
    for due, lapses, origin in session.execute(dates).tuples():
        if not calendar.first <= due <= calendar.last:
            continue
        would = lapse_of(due, Origin(origin), settings, calendar)
        if would == lapses or max(would, lapses) < since:
            continue
        of_tasks = (
            select(TaskRow.row, TaskRow.current_text, func.count())
            .join(ShareRow, ShareRow.task_id == TaskRow.id)
            .join(OccurrenceRow, OccurrenceRow.id == ShareRow.occurrence_id)
            .where(*kept, ShareRow.due == due, ShareRow.lapses == lapses, OccurrenceRow.origin == origin)
            .group_by(TaskRow.row, TaskRow.current_text)
        )
        for row, text, shares in session.execute(of_tasks).tuples():
            yield KeptLapse(
                plan=plan.number,
                row=row,
                text=text,
                shares=shares,
                due=due,
                lapses=lapses,
                would=would,
            )
