"""What happens to a unit itself (renamed, split, answered for by another) is a line in every open journal."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy.orm import Session

from storage import tasks
from storage.codec import to_json
from storage.schema import Event
from tasks_catalog.facts import Document
from tasks_catalog.people import Directory, Unit
from tasks_catalog.problem import Refused


class UnitChangeRefused(Refused):
    """A unit cannot be renamed or split as asked."""


def unit_at_work(code: str, directory: Directory) -> Unit:
    """Return the unit of that code; raises Refused (unit_not_known) or UnitChangeRefused (unit_gone)."""
    unit = directory.unit(code)
    if unit is None:
        at_work = ", ".join(unit.code for unit in directory.units if not unit.is_gone)
        raise Refused("unit_not_known", name=code, known=at_work)
    if unit.is_gone:
        raise UnitChangeRefused("unit_gone", unit=unit.name)
    return unit


def record_of_unit(
    session: Session,
    organisation_id: int,
    kind: str,
    unit: str,
    payload: Mapping[str, object],
    *,
    by: str,
    at: datetime,
    document: Document | None,
) -> None:
    """Write the line; no plan's tasks are touched by it."""
    for plan in tasks.list_plans(session, organisation_id):
        if plan.state != "ended":
            session.add(_event(plan.id, organisation_id, kind, unit, payload, by, at, document))
    session.flush()


def _event(
    plan_id: int,
    organisation_id: int,
    kind: str,
    unit: str,
    payload: Mapping[str, object],
    by: str,
    at: datetime,
    document: Document | None,
) -> Event:
    return Event(
        organisation_id=organisation_id,
        plan_id=plan_id,
        kind=kind,
        unit=unit,
        payload=dict(payload),
        document=to_json(Document, document) if document else None,
        note="",
        by=by,
        at=at,
        on=at.date(),
    )


def date_or_refuse(on: date | None, at: datetime) -> date:
    """Return the day a change took force: the day it is recorded, or an earlier one."""
    if on is not None and on > at.date():
        raise UnitChangeRefused("unit_change_ahead", day=on, today=at.date())
    return on or at.date()
