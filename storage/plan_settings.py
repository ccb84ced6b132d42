"""Changing how a plan is handled once it is imported; the journal keeps what held before."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from storage import tasks
from storage.codec import to_json
from storage.schema import Event
from tasks_catalog.task import AcceptedBy, PlanSettings


def change_settings(
    session: Session, organisation_id: int, number: str, *, accepted_by: AcceptedBy, by: str, at: datetime
) -> str:
    """Set whose word accepts the plan's reports from now on; return the plan's number as kept.

    Reports accepted before stay accepted. Nothing is written where it holds already.
    """
    plan = tasks.plan_or_refuse(session, organisation_id, number)
    before = tasks.settings_of(plan)
    if before.accepted_by is not accepted_by:
        plan.settings = to_json(PlanSettings, replace(before, accepted_by=accepted_by))
        payload = {"accepted_by": str(accepted_by), "before": str(before.accepted_by)}
        session.add(
            Event(
                organisation_id=organisation_id,
                plan_id=plan.id,
                kind="settings",
                payload=payload,
                note="",
                by=by,
                at=at,
                on=at.date(),
            )
        )
        session.flush()
    return plan.number
