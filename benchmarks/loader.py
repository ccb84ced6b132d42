"""Loads a workload straight into the tables, as importing and activating its plans would have left them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from benchmarks.workload import (
    COORDINATOR,
    DAY,
    ISSUED,
    LADDER,
    STARTED,
    YEAR,
    Workload,
    WrittenTask,
    directory_of,
    plans_of,
    unit_code,
    unit_name,
)
from storage import tasks
from storage.codec import decision_to_json, to_json
from storage.engine import migrate, open_engine, write
from storage.organisations import create_organisation
from storage.plan_import import IMPORT, first_facts, owner_values, task_values
from storage.schema import Event, OccurrenceRow, PersonRow, PlanRow, ShareRow, TaskOwner, TaskRow, UnitRow
from storage.settings import FILE_NAME, load_settings
from storage.starting import OFFICE
from tasks_catalog.calendar import WorkCalendar, vietnam
from tasks_catalog.deadline import read_deadline
from tasks_catalog.decisions import Open, OpenedShare
from tasks_catalog.facts import EpochCause, OwnerRef, TaskFacts
from tasks_catalog.occurrence import Occurrence, Role, planned_occurrences
from tasks_catalog.people import Directory
from tasks_catalog.task import PlanSettings, Task, UnitsWritten

_CHUNK = 5_000


def load(home: Path, workload: Workload) -> None:
    """Make an office in ``home`` that is what importing and activating the plans would have left."""
    home.mkdir(parents=True)
    calendar, directory = calendar_of_the_year(), directory_of(workload)
    at = datetime.combine(STARTED, time(9), load_settings(home).timezone)
    engine = open_engine(load_settings(home).database_url)
    try:
        migrate(engine)
        with write(engine) as session:
            office = create_organisation(
                session, replace(directory, units=(), people=(), focal_points={}), simulated=True, at=at
            )
            _insert_directory(session, office.id, directory)
            for number, written in plans_of(workload):
                _insert_plan(session, office.id, number, written, calendar, at)
    finally:
        engine.dispose()


def settle_in(home: Path, port: int) -> None:
    """Write the settings of an office whose relay listens on ``port`` of this machine."""
    mail = f'kind = "smtp"\nhost = "127.0.0.1"\nport = {port}\nsecurity = "none"\n'
    sender = 'sender_address = "dondoc@example.vn"\nsender_name = "Theo dõi kế hoạch"\n'
    text = f'base_url = "https://dondoc.example.vn"\n\n[mail]\n{mail}{sender}'
    (home / FILE_NAME).write_text(text, encoding="utf-8")


@cache
def calendar_of_the_year() -> WorkCalendar:
    return vietnam(range(DAY.year, DAY.year + 1))


def _insert_directory(session: Session, organisation: int, directory: Directory) -> None:
    units = [
        {
            "organisation_id": organisation,
            "code": unit.code,
            "name": unit.name,
            "kind": unit.kind,
            "focal_point": directory.focal_points.get(unit.code),
            "position": position,
        }
        for position, unit in enumerate(directory.units)
    ]
    people = [
        {
            "organisation_id": organisation,
            "code": person.code,
            "name": person.name,
            "email": person.email,
            "email_key": person.email,
            "unit": person.unit,
            "post": str(person.post),
            "title": person.title,
            "language": person.language,
            "active": True,
            "in_charge": False,
            "position": position,
        }
        for position, person in enumerate(directory.people)
    ]
    _insert(session, UnitRow, units)
    _insert(session, PersonRow, people)


def _insert_plan(
    session: Session,
    organisation: int,
    number: str,
    written: Sequence[WrittenTask],
    calendar: WorkCalendar,
    at: datetime,
) -> None:
    plan = PlanRow(
        organisation_id=organisation,
        number=number,
        issued=ISSUED,
        title="",
        issuer="",
        year=YEAR.year,
        settings=to_json(PlanSettings, YEAR),
        state="imported",
        label="",
        source_name="",
        source_sha256="",
        imported_at=at,
    )
    session.add(plan)
    session.flush()
    tasks.activate(session, plan, on=STARTED, by=COORDINATOR.code, at=at)
    tasks.save_ladder(session, plan, LADDER, since=STARTED, by=COORDINATOR.code, at=at)
    rows = {task.row: _task(task) for task in written}
    facts = {row: _facts(number, task, calendar) for row, task in rows.items()}
    first = (session.scalar(select(func.max(TaskRow.id))) or 0) + 1
    ids = dict(zip(rows, range(first, first + len(rows)), strict=True))
    _insert(session, TaskRow, [{"id": ids[r], **task_values(plan, rows[r], facts[r])} for r in rows])
    _insert(
        session, TaskOwner, [v for r in rows for v in owner_values(organisation, ids[r], facts[r].owners)]
    )
    common = {"organisation_id": organisation, "plan_id": plan.id, "note": "", "at": at, "on": STARTED}
    imported = {**common, "kind": IMPORT, "by": COORDINATOR.code, "occurrence": None}
    _insert(
        session,
        Event,
        [{**imported, "task_id": ids[r], "payload": to_json(TaskFacts, facts[r])} for r in rows],
    )
    _insert_opened(session, common, {ids[row]: facts[row] for row in rows})


def _task(written: WrittenTask) -> Task:
    name = unit_name(written.person)
    return Task(
        row=written.row,
        text=written.text,
        product=written.product,
        lead=UnitsWritten(text=name, units=(unit_code(written.person),)),
        deadline=_read(written.deadline),
    )


@cache
def _read(wording: str) -> Any:
    return read_deadline(wording, year=YEAR.year)


def _facts(number: str, task: Task, calendar: WorkCalendar) -> TaskFacts:
    owner = OwnerRef(code=task.lead.units[0], role=Role.OWNER)
    return first_facts(number, task, (owner,), planned_occurrences(task.deadline, YEAR, calendar), ())


def _insert_opened(session: Session, common: Mapping[str, Any], facts: Mapping[int, TaskFacts]) -> None:
    """Insert each task's one occurrence, its share, and the event that opened it."""
    place = {key: common[key] for key in ("organisation_id", "plan_id")}
    first = (session.scalar(select(func.max(OccurrenceRow.id))) or 0) + 1
    opened = [
        (occurrence_id, task, found.owners[0].code, found.planned[0])
        for occurrence_id, (task, found) in enumerate(facts.items(), start=first)
    ]
    _insert(
        session, OccurrenceRow, [{**place, **_occurrence(row, task, due)} for row, task, _, due in opened]
    )
    _insert(session, ShareRow, [{**place, **_share(row, task, unit, due)} for row, task, unit, due in opened])
    events = [
        {
            **common,
            "kind": "open",
            "by": OFFICE,
            "task_id": task,
            "occurrence": due.key,
            "payload": decision_to_json(
                Open(occurrence=due, shares=(OpenedShare(unit=unit, role=Role.OWNER),), began=STARTED)
            ),
        }
        for _, task, unit, due in opened
    ]
    _insert(session, Event, events)


def _occurrence(row: int, task: int, due: Occurrence) -> dict[str, Any]:
    return {
        "id": row,
        "task_id": task,
        "key": due.key,
        "due": due.due,
        "lapses": due.lapses,
        "origin": str(due.origin),
        "recurring": due.recurring,
        "period": due.period,
        "opens": due.opens,
    }


def _share(occurrence: int, task: int, unit: str, due: Occurrence) -> dict[str, Any]:
    return {
        "occurrence_id": occurrence,
        "task_id": task,
        "unit": unit,
        "is_live": True,
        "role": str(Role.OWNER),
        "due": due.due,
        "lapses": due.lapses,
        "first_due": due.due,
        "recurring": due.recurring,
        "epoch": 1,
        "epoch_began": STARTED,
        "epoch_cause": str(EpochCause.OPENED),
        "before_tracking": False,
        "product_date_counts": False,
    }


def _insert(session: Session, table: type[Any], rows: Sequence[dict[str, Any]]) -> None:
    for some in _chunks(rows):
        session.execute(insert(table), some)


def _chunks(rows: Sequence[dict[str, Any]]) -> Iterable[Sequence[dict[str, Any]]]:
    return (rows[start : start + _CHUNK] for start in range(0, len(rows), _CHUNK))
