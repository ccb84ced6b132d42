"""Summarising: on the first working day after a period's cut-off, once, also after downtime."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path

from prefect import flow
from sqlalchemy.orm import Session

from flows.mailing import letter_id
from flows.office import OpenOffice, open_office
from flows.steps import Run, named, plainly, run_name, through_prefect
from notifications.papers.summary import write_summary
from storage import outbox, snapshots, tasks
from storage.engine import read, write
from storage.people import load_directory
from storage.reckoning import summary_at
from storage.schema import PlanRow, SnapshotRow
from tasks_catalog.calendar import WorkCalendar
from tasks_catalog.digest import as_json, summary_from_json
from tasks_catalog.people import Directory, Person
from tasks_catalog.period import Period, PeriodKind, periods_of
from tasks_catalog.text import plain

HOUR = time(6, 30)
FOLDER = "summaries"
LETTER = "summary"


@dataclass(frozen=True, kw_only=True)
class Due:
    """A period of a plan whose summary is due, and the period before it."""

    plan: str
    period: Period
    previous: Period | None


@dataclass(frozen=True, kw_only=True)
class Written:
    """A summary that was frozen and written."""

    plan: str
    period: str
    file: Path
    sha256: str


def summarise_work(
    office: OpenOffice, as_of: date | datetime | None = None, *, run: Run = plainly
) -> tuple[Written, ...]:
    """Freeze, write and announce every summary due that was not written yet."""
    moment = office.moment_of(as_of, HOUR)
    return tuple(
        written
        for due in run(find_due, office, moment.date())
        for written in (run(write_one, office, due, moment),)
    )


def closing_of(year: int) -> Period:
    """Return the closing reckoning of a plan's year: everything up to 31 December, drawn up in January."""
    return Period(key=f"{year}-END", kind=PeriodKind.YEAR, start=date(year, 1, 1), cut_off=date(year, 12, 31))


def periods_to_summarise(regime: str, year: int) -> tuple[Period, ...]:
    return (*periods_of(regime, year), closing_of(year))


@named("Xét kỳ báo cáo nào đã chốt số liệu")
def find_due(office: OpenOffice, today: date) -> tuple[Due, ...]:
    with read(office.engine) as session:
        return due_of(session, office, today)


def due_of(session: Session, office: OpenOffice, today: date) -> tuple[Due, ...]:
    calendar = office.calendar_in(session)
    return tuple(
        due
        for plan in tasks.list_plans(session, office.organisation_id, active_only=True)
        for due in due_periods(plan, snapshots.periods_frozen(session, plan), calendar, today)
    )


def due_periods(plan: PlanRow, frozen: Iterable[str], calendar: WorkCalendar, today: date) -> tuple[Due, ...]:
    """Return the periods cut off since activation whose first working day after has come."""
    done = set(frozen)
    periods = periods_to_summarise(tasks.settings_of(plan).regime, plan.year)
    return tuple(
        Due(plan=plan.number, period=period, previous=periods[place - 1] if place else None)
        for place, period in enumerate(periods)
        if period.key not in done
        and (plan.activated_on is None or period.cut_off >= plan.activated_on)
        and today >= calendar.add_working_days(period.cut_off, 1)
    )


@named("Chốt số liệu và viết báo cáo tổng hợp")
def write_one(office: OpenOffice, due: Due, moment: datetime) -> Written:
    """Freeze the facts at the cut-off, write the document from them, and queue the letters."""
    with write(office.engine) as session:
        kept = freeze(session, office, due, moment)
        path = office.settings.home / FOLDER / file_name(due.plan, due.period.key)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_summary(summary_from_json(kept.content), path)
        return Written(plan=due.plan, period=due.period.key, file=path, sha256=kept.sha256)


def freeze(session: Session, office: OpenOffice, due: Due, moment: datetime) -> SnapshotRow:
    """Freeze the facts at the cut-off and keep the letters about them; ``preview`` throws both away."""
    plan = tasks.plan_or_refuse(session, office.organisation_id, due.plan)
    before = due.previous.cut_off if due.previous else None
    summary = summary_at(session, plan, due.period.cut_off, period=due.period, previous=before)
    kept = snapshots.freeze(session, plan, due.period.key, due.period.cut_off, as_json(summary), at=moment)
    for person in readers(load_directory(session, office.organisation_id)):
        outbox.open_letter(
            session,
            office.organisation_id,
            kind=LETTER,
            person=person.code,
            day=moment.date(),
            about=f"{plan.number} {due.period.key}",
            message_id=letter_id(office, LETTER, person.code, moment.date(), plan.number, due.period.key),
            payload={
                "plan": plan.number,
                "period": due.period.key,
                "file": file_name(plan.number, due.period.key),
            },
            at=moment,
        )
    return kept


def readers(directory: Directory) -> tuple[Person, ...]:
    """Return the coordinator and the leaders, each once."""
    people = (directory.coordinator(), directory.deputy_in_charge(), directory.director())
    return tuple({person.code: person for person in people if person is not None}.values())


def file_name(plan: str, period: str) -> str:
    """Return a file name every system takes: "bao-cao-383-kh-sct-2023-Q1.docx"."""
    stem = "".join(c if c.isalnum() else "-" for c in plain(plan)).strip("-")
    return f"bao-cao-{stem}-{period}.docx"


@flow(name="Báo cáo tổng hợp kỳ", flow_run_name=run_name("Báo cáo tổng hợp kỳ"))
def summarise(as_of: date | datetime | None = None) -> None:
    """Write what is due: a frozen snapshot, a document, letters to the coordinator and the leaders."""
    with open_office() as office:
        summarise_work(office, as_of, run=through_prefect)
