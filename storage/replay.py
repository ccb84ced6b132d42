"""The facts as they were: each task as first read, with the journal replayed up to a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Row, and_, func, or_, select
from sqlalchemy.orm import Session

from storage.codec import decision_from_json, from_json
from storage.plan_import import ADD, IMPORT
from storage.schema import Event, PlanRow, TaskRow
from tasks_catalog.decisions import Recorded, facts_after
from tasks_catalog.facts import Document, TaskFacts


def facts_as_of(session: Session, plan: PlanRow, day: date) -> tuple[TaskFacts, ...]:
    """Return the facts recorded by 24:00 of the local ``day``, in the plan's order.

    The answer is for ever the same, whatever is recorded later. Of a day before the plan was
    imported, it is the tasks as first read. A task added later is there from the day it was added.
    """
    first = _as_first_known(session, plan, day)
    told = _recorded_by(session, plan, day)
    tasks = (facts_after(facts, told.get(task, ())) for task, facts in first.items())
    return tuple(sorted(tasks, key=lambda facts: facts.row))


def _as_first_known(session: Session, plan: PlanRow, day: date) -> dict[int, TaskFacts]:
    query = (
        select(Event.task_id, Event.payload, TaskRow.targets)
        .join(TaskRow, TaskRow.id == Event.task_id)
        .where(Event.plan_id == plan.id, or_(Event.kind == IMPORT, and_(Event.kind == ADD, Event.on <= day)))
    )
    # an event of before targets were kept lacks them: the task's row has what the migration read
    return {
        task: from_json(TaskFacts, {"targets": targets, **payload})
        for task, payload, targets in session.execute(query)
        if task
    }


def _recorded_by(session: Session, plan: PlanRow, day: date) -> Mapping[int, list[Recorded]]:
    """Return each task's decisions in the order recorded, up to the first one of a later day.

    Were a clock put back, a decision of an earlier day could stand after one of a later day that it
    builds on; a beginning of the journal always fits together.
    """
    later = (
        select(Event.task_id, func.min(Event.id).label("first"))
        .where(Event.plan_id == plan.id, Event.on > day, Event.kind.not_in((IMPORT, ADD)))
        .group_by(Event.task_id)
        .subquery()
    )
    query = (
        select(Event.task_id, Event.payload, Event.on, Event.by, Event.document, Event.note)
        .outerjoin(later, later.c.task_id == Event.task_id)
        .where(Event.plan_id == plan.id, Event.task_id.is_not(None), Event.kind.not_in((IMPORT, ADD)))
        .where(or_(later.c.first.is_(None), Event.id < later.c.first))
        .order_by(Event.id)
    )
    found: dict[int, list[Recorded]] = defaultdict(list)
    for row in session.execute(query):
        found[row.task_id].append(_recorded(row))
    return found


def _recorded(row: Row[Any]) -> Recorded:
    return Recorded(
        decision=decision_from_json(row.payload),
        on=row.on,
        by=row.by,
        document=from_json(Document, row.document) if row.document else None,
        note=row.note,
    )
