"""What was decided since a moment, for whoever compares what is known now with what was done then."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.schema import Event, PlanRow, TaskRow
from tasks_catalog.task import task_id


def tasks_touched_since(session: Session, organisation_id: int, moment: datetime) -> frozenset[str]:
    """Return the ids of the tasks of active plans about which anything was recorded from ``moment`` on."""
    query = (
        select(PlanRow.number, TaskRow.row)
        .join(TaskRow, TaskRow.plan_id == PlanRow.id)
        .join(Event, Event.task_id == TaskRow.id)
        .where(
            PlanRow.organisation_id == organisation_id,
            PlanRow.state == "active",
            Event.plan_id == PlanRow.id,
            Event.at >= moment,
        )
        .distinct()
    )
    return frozenset(task_id(number, row) for number, row in session.execute(query))
