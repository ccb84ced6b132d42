"""The tasks behind a page of a timeline: those with deadlines that do not recur, by date."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from storage.facts import gather
from storage.schema import OccurrenceRow, PlanRow, ShareRow
from tasks_catalog.facts import TaskFacts
from tasks_catalog.occurrence import Role


def tasks_with_dates(session: Session, plan: PlanRow, *, most: int, skip: int) -> tuple[TaskFacts, ...]:
    """Return the tasks of the next ``most`` such occurrences by due date, with these occurrences' shares."""
    query = (
        select(OccurrenceRow.id, OccurrenceRow.task_id)
        .where(OccurrenceRow.plan_id == plan.id, OccurrenceRow.recurring.is_(False))
        .order_by(OccurrenceRow.due, OccurrenceRow.id)
    )
    found = session.execute(query.limit(most).offset(skip)).all()
    if not found:
        return ()
    choice = ShareRow.occurrence_id.in_([row.id for row in found]) & (ShareRow.role == str(Role.OWNER))
    tasks = {row.task_id for row in found}
    return tuple(gather(session, plan, task_ids=tasks, choice=choice).facts.values())


def number_with_dates(session: Session, plan: PlanRow) -> int:
    """Return how many opened occurrences of the plan do not recur."""
    query = select(func.count()).where(OccurrenceRow.plan_id == plan.id, OccurrenceRow.recurring.is_(False))
    return session.scalar(query) or 0
