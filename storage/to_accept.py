"""Reports that wait for somebody's word: a page of them at a time, in the plan's order."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from storage.facts import gather, unconfirmed
from storage.schema import OccurrenceRow, PlanRow, ShareRow, TaskRow
from tasks_catalog.facts import Share, TaskFacts
from tasks_catalog.occurrence import ShareKey

PAGE = 200


@dataclass(frozen=True, kw_only=True)
class Reports:
    """One page of the reports: each share with its task, how many there are, where the next page begins."""

    lines: tuple[tuple[TaskFacts, Share], ...]
    total: int
    after: str = ""
    """What the next page is asked for by; "" on the last."""


MOST_COUNTED = 5_000
"""Reports counted and put in order: where more wait, it is the first ones kept, and ``total`` is one more."""


def reports_to_accept(session: Session, plan: PlanRow, *, after: str = "", most: int = PAGE) -> Reports:
    """Return the reports nobody has accepted yet, from behind ``after`` (what is none means the start)."""
    waiting = (ShareRow.plan_id == plan.id) & unconfirmed() & TaskRow.closing.is_(None)
    with_task = TaskRow.id == ShareRow.task_id
    some = select(ShareRow.id).join(TaskRow, with_task).where(waiting).limit(MOST_COUNTED + 1)
    total = session.scalar(select(func.count()).select_from(some.subquery())) or 0
    query = (
        select(TaskRow.row, ShareRow.id, TaskRow.id, OccurrenceRow.key, ShareRow.unit)
        .join(TaskRow, with_task)
        .join(OccurrenceRow, OccurrenceRow.id == ShareRow.occurrence_id)
        .where(waiting)
        .order_by(TaskRow.row, ShareRow.id)
        .limit(most + 1)
    )
    row, _, share = after.partition(".")
    if row.isdecimal() and share.isdecimal():
        query = query.where(tuple_(TaskRow.row, ShareRow.id) > (int(row), int(share)))
    if total > MOST_COUNTED:  # to put hundreds of thousands in order takes longer than a page may
        query = query.where(ShareRow.id.in_(some))
    found = session.execute(query).tuples().all()
    shown = found[:most]
    facts = gather(session, plan, task_ids={task for _, _, task, _, _ in shown}, choice=unconfirmed()).facts
    lines = tuple(
        (facts[task], facts[task].shares[ShareKey(facts[task].id, occurrence, unit)])
        for _, _, task, occurrence, unit in shown
    )
    last = shown[-1] if len(found) > most else None
    return Reports(lines=lines, total=total, after=f"{last[0]}.{last[1]}" if last else "")
