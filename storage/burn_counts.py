"""Owners' shares planned and done, counted by day in the database: what a burn-up is drawn from."""

from __future__ import annotations

from collections import Counter
from datetime import date

from sqlalchemy import String, cast, false, func, select
from sqlalchemy.orm import Session

from storage.codec import OCCURRENCES, from_json
from storage.due_list import day_column, owed_by_owners
from storage.facts import gather
from storage.schema import OccurrenceRow, PlanRow, ShareRow, TaskRow
from storage.tasks import FEW, settings_of
from tasks_catalog.burn import Burn, still_planned
from tasks_catalog.due import DayOf
from tasks_catalog.people import Directory


def burn_now(session: Session, plan: PlanRow, directory: Directory) -> Burn:
    """Return the plan's counts as its tables stand now."""
    to_open = _to_open(session, plan, directory)
    planned = _by_day(session, plan, DayOf.FIRST_DUE)
    done = _by_day(session, plan, DayOf.DONE)
    return Burn(planned=planned + to_open, done=done, to_open=to_open)


def _by_day(session: Session, plan: PlanRow, by: DayOf) -> Counter[date]:
    day = day_column(by)
    query = select(day, func.count()).where(ShareRow.plan_id == plan.id, owed_by_owners()).group_by(day)
    if by is DayOf.DONE:
        query = query.where(ShareRow.is_live.is_(False))
    found = session.execute(query).tuples()
    return Counter({date.fromisoformat(d) if isinstance(d, str) else d: number for d, number in found if d})


def _to_open(session: Session, plan: PlanRow, directory: Directory) -> Counter[date]:
    """Count what is planned and not opened yet; only tasks with such an occurrence are gathered."""
    ids = _tasks_with_more_to_open(session, plan)
    found: Counter[date] = Counter()
    if ids:
        settings = settings_of(plan)
        some = ids if len(ids) <= FEW else None  # a long list of ids costs more than the whole plan
        for task in gather(session, plan, task_ids=some, choice=false()).facts.values():
            found += still_planned(task, directory, settings)
    return found


def _tasks_with_more_to_open(session: Session, plan: PlanRow) -> list[int]:
    opened: dict[int, set[str]] = {}
    keys = select(OccurrenceRow.task_id, OccurrenceRow.key).where(OccurrenceRow.plan_id == plan.id)
    for task, key in session.execute(keys):
        opened.setdefault(task, set()).add(key)
    query = select(TaskRow.id, TaskRow.planned).where(
        TaskRow.plan_id == plan.id,
        TaskRow.active,
        TaskRow.closing.is_(None),
        cast(TaskRow.planned, String) != "[]",
    )
    return [
        task
        for task, planned in session.execute(query)
        if any(o.key not in opened.get(task, ()) for o in from_json(OCCURRENCES, planned))
    ]
