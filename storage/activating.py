"""Activating: a plan's tracking starts, what it owes is opened, each unit it names is welcomed once.

Below the flows and the board, which both start plans. What would come of it can be asked first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from storage import outbox, tasks
from storage.people import load_directory
from storage.schema import PlanRow
from storage.starting import Opened, open_plan, to_be_opened
from tasks_catalog.decisions import Open
from tasks_catalog.facts import TaskFacts
from tasks_catalog.people import Directory, Person, UnitRef
from tasks_catalog.resolve import expand

WELCOME = "welcome"
MessageId = Callable[..., str]
"""Gives a letter its Message-ID for life, from its kind, its reader, its day and what it is about."""


@dataclass(frozen=True, kw_only=True)
class Activated:
    """What activating opened, and how many welcome letters wait for the next sending hours."""

    opened: Opened
    welcomed: int


@dataclass(frozen=True, kw_only=True)
class Foreseen:
    """What activating a plan on a day would do."""

    opens: tuple[tuple[str, Open], ...]
    """By task."""
    welcomed: tuple[tuple[str, Person], ...]
    """Code of each unit written to, and who reads for it."""
    unread: tuple[str, ...]
    """Codes of units the plan names for which nobody can be written to."""

    @property
    def opened(self) -> Opened:
        return Opened.of(decision for _, decision in self.opens)


def activate(
    session: Session,
    plan: PlanRow,
    *,
    by: str,
    moment: datetime,
    message_id: MessageId,
    welcome: bool = True,
) -> Activated:
    """Start tracking in the caller's transaction. Occurrences due before the day are "before tracking".

    Rows with questions wait. Raises Refused (plan_started).
    """
    tasks.activate(session, plan, on=moment.date(), by=by, at=moment)
    directory = load_directory(session, plan.organisation_id)
    opened = open_plan(session, plan, directory=directory, at=moment, on=moment.date())
    letters = _welcome(session, plan, directory, moment, message_id) if welcome else 0
    return Activated(opened=opened, welcomed=letters)


def foreseen(session: Session, plan: PlanRow, *, on: date) -> Foreseen:
    """Return what activating on a day would do; nothing is written."""
    directory = load_directory(session, plan.organisation_id)
    named = units_named(tasks.outlines_of_plan(session, plan), directory)
    welcomed = tuple(_readers(named, directory))
    return Foreseen(
        opens=to_be_opened(session, plan, directory=directory, activated=on, on=on),
        welcomed=welcomed,
        unread=tuple(
            unit.code
            for unit in directory.units
            if unit.code in named and unit.code not in {unit for unit, _ in welcomed}
        ),
    )


def units_named(found: Iterable[TaskFacts], directory: Directory) -> frozenset[str]:
    """Return the units that tasks name in either role, by name or by group."""
    refs = {UnitRef(code=owner.code, collective=owner.collective) for task in found for owner in task.owners}
    return frozenset(unit for ref in refs for unit in expand(ref, directory))


def _readers(named: frozenset[str], directory: Directory) -> Iterator[tuple[str, Person]]:
    """Yield each unit named and whoever answers for it, in the directory's order."""
    for unit in directory.units:
        person = directory.focal_of(unit.code) or directory.head_of(unit.code)
        if person is not None and unit.code in named:
            yield unit.code, person


def _welcome(
    session: Session, plan: PlanRow, directory: Directory, moment: datetime, message_id: MessageId
) -> int:
    """Keep one welcome letter for each unit the plan names; it leaves in sending hours."""
    made = 0
    for unit, person in _readers(units_named(tasks.outlines_of_plan(session, plan), directory), directory):
        letter = outbox.open_letter(
            session,
            plan.organisation_id,
            kind=WELCOME,
            person=person.code,
            day=moment.date(),
            about=f"{plan.number} {unit}",
            message_id=message_id(WELCOME, person.code, moment.date(), plan.number, unit),
            payload={"plan": plan.number, "unit": unit},
            at=moment,
        )
        made += letter is not None
    return made
