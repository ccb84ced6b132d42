"""Activating a plan: tracking starts, what it owes is opened, and each unit is welcomed once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy.orm import Session

from flows.mailing import letter_id
from flows.office import OpenOffice
from storage import outbox, tasks
from storage.engine import write
from storage.people import load_directory
from storage.schema import PlanRow
from storage.starting import Opened, open_plan
from tasks_catalog.facts import TaskFacts
from tasks_catalog.people import Directory, UnitRef
from tasks_catalog.resolve import expand

HOUR = time(9)


@dataclass(frozen=True, kw_only=True)
class Activated:
    """What activating opened, and how many welcome letters wait for the next sending hours."""

    opened: Opened
    welcomed: int


def activate_plan(
    office: OpenOffice,
    number: str,
    *,
    by: str,
    as_of: date | datetime | None = None,
    welcome: bool = True,
) -> Activated:
    """Start tracking. Occurrences due before today are "before tracking"; rows with questions wait."""
    moment = office.moment_of(as_of, HOUR)
    with write(office.engine) as session:
        plan = tasks.plan_or_refuse(session, office.organisation_id, number)
        tasks.activate(session, plan, on=moment.date(), by=by, at=moment)
        directory = load_directory(session, office.organisation_id)
        opened = open_plan(session, plan, directory=directory, at=moment, on=moment.date())
        letters = _welcome(session, office, plan, directory, moment) if welcome else 0
    return Activated(opened=opened, welcomed=letters)


def units_named(found: Iterable[TaskFacts], directory: Directory) -> frozenset[str]:
    """Return the units that tasks name in either role, by name or by group."""
    refs = {UnitRef(code=owner.code, collective=owner.collective) for task in found for owner in task.owners}
    return frozenset(unit for ref in refs for unit in expand(ref, directory))


def _welcome(
    session: Session, office: OpenOffice, plan: PlanRow, directory: Directory, moment: datetime
) -> int:
    """Keep one welcome letter for whoever answers for a unit the plan names; it leaves in sending hours."""
    made = 0
    named = units_named(tasks.outlines_of_plan(session, plan), directory)
    for unit in directory.units:
        person = directory.focal_of(unit.code) or directory.head_of(unit.code)
        if person is None or unit.code not in named:
            continue
        letter = outbox.open_letter(
            session,
            office.organisation_id,
            kind="welcome",
            person=person.code,
            day=moment.date(),
            about=f"{plan.number} {unit.code}",
            message_id=letter_id(office, "welcome", person.code, moment.date(), plan.number, unit.code),
            payload={"plan": plan.number, "unit": unit.code},
            at=moment,
        )
        made += letter is not None
    return made
