"""What deciding who should hear needs to know of a plan: its shares, its ladders, what was said already."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from storage import ledger, tasks
from storage.schema import PlanRow
from tasks_catalog.calendar import WorkCalendar
from tasks_catalog.facts import TaskFacts
from tasks_catalog.ladder import NoticeKey, Office
from tasks_catalog.people import Directory


@dataclass(frozen=True, kw_only=True)
class Known:
    """What deciding needs to know of one plan."""

    tasks: tuple[TaskFacts, ...]
    office: Office
    keys: frozenset[NoticeKey]


def known_of(
    session: Session, plan: PlanRow, directory: Directory, calendar: WorkCalendar, day: date
) -> Known:
    """Return what deciding for a day needs to know of one plan."""
    office = Office(directory=directory, calendar=calendar, ladders=tasks.ladders_of(session, plan))
    return Known(
        tasks=tasks.facts_to_speak_of(session, plan, office, day),
        office=office,
        keys=frozenset(ledger.known_keys(session, plan)),
    )
