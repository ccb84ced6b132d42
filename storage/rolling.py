"""Rolling a plan over: next year's draft is kept as an imported plan whose every row waits for review."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from storage import tasks
from storage.people import load_directory
from storage.revising import known_rows
from storage.schema import PlanRow
from tasks_catalog.calendar import WorkCalendar
from tasks_catalog.intake import take_in
from tasks_catalog.problem import Refused
from tasks_catalog.rolling import LastYear, rolled
from tasks_catalog.task import PlanHead, PlanRead, RowCount, Task


def drafted(session: Session, plan: PlanRow, *, year: int, as_of: date) -> tuple[Task, ...]:
    """Return the draft's rows for ``year``; nothing is written. Raises Refused (roll_year, roll_nothing)."""
    if year <= plan.year:
        raise Refused("roll_year", number=plan.number, before=plan.year, year=year)
    words = {known.words.row: known.words for known in known_rows(session, plan)}
    found = [LastYear(words=words[facts.row], facts=facts) for facts in tasks.facts_of_plan(session, plan)]
    directory = load_directory(session, plan.organisation_id)
    rows = rolled(found, directory, tasks.settings_of(plan), year=year, as_of=as_of)
    if not rows:
        raise Refused("roll_nothing", number=plan.number)
    return rows


def roll(
    session: Session,
    plan: PlanRow,
    rows: tuple[Task, ...],
    *,
    number: str,
    year: int,
    issued: date,
    label: str,
    calendar: WorkCalendar,
    by: str,
    at: datetime,
) -> PlanRow:
    """Keep the drafted rows as a plan of ``year``, not tracked yet. Raises PlanExists."""
    settings = replace(tasks.settings_of(plan), year=year)
    read = PlanRead(
        head=PlanHead(number=number, issued=issued, issuer=plan.issuer, title=plan.title, year=year),
        tasks=rows,
        rows=RowCount(total=len(rows), tasks=len(rows)),
        source_name=plan.number,
    )
    intake = take_in(read, load_directory(session, plan.organisation_id), settings, calendar)
    return tasks.import_plan(
        session,
        plan.organisation_id,
        read,
        number=number,
        issued=issued,
        settings=settings,
        owners=intake.owners,
        planned=intake.planned,
        problems=intake.problems,
        by=by,
        at=at,
        label=label,
    )
