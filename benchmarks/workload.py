"""The common workload: T tasks over U people, loaded into an office of dondoc straight through its tables.

Ten people are one plan, each the focal point of a unit of their own. Task *i* of a person is overdue by
1 to 30 days where i % 3 is 0, due in 1 to 7 days where it is 1, due in 8 to 60 days where it is 2: all
open, one owner each, the same for the same seed. Nothing has been said about any of it before the day.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from storage import tasks
from storage.codec import decision_to_json, to_json
from storage.engine import migrate, open_engine, write
from storage.organisations import create_organisation
from storage.plan_import import IMPORT, first_facts, owner_values, task_values
from storage.schema import Event, OccurrenceRow, PersonRow, PlanRow, ShareRow, TaskOwner, TaskRow, UnitRow
from storage.settings import FILE_NAME, load_settings
from storage.starting import OFFICE
from tasks_catalog.audience import Audience
from tasks_catalog.calendar import WorkCalendar, vietnam
from tasks_catalog.deadline import read_deadline
from tasks_catalog.decisions import Open, OpenedShare
from tasks_catalog.facts import EpochCause, OwnerRef, TaskFacts
from tasks_catalog.ladder import Ladder, Rung
from tasks_catalog.occurrence import Occurrence, Role, planned_occurrences
from tasks_catalog.people import Directory, Person, Post, Unit
from tasks_catalog.task import PlanSettings, Task, UnitsWritten, task_id

DAY = date(2026, 5, 20)
"""The morning: a Wednesday, no holiday within a fortnight after it."""
SOON = 7
"""A letter of the morning holds what is overdue and what is due within so many days."""
STARTED, ISSUED = date(2026, 1, 5), date(2026, 1, 2)
YEAR = PlanSettings(year=DAY.year)
A_PLAN, SEED = 10, 20260520
COORDINATOR = Person(
    code="dieu-phoi", name="Lê Thử Điều Phối", email="dieu-phoi@example.vn", unit="VP", post=Post.COORDINATOR
)
LADDER = Ladder(
    dated=(
        Rung(key="-5", offset=-5, audience=(Audience.OWNER,), why="due_soon"),
        Rung(key="+1", offset=1, audience=(Audience.OWNER,), why="overdue"),
    ),
    sheet=(),
)
"""Five working days before a date are seven days: the owner hears of what a peer with ``days=7`` tells."""
_CHUNK = 5_000
_VERBS = ("Rà soát, đơn giản hóa", "Xây dựng, trình ban hành", "Công khai, cập nhật", "Kiểm tra, đôn đốc")
_THINGS = ("quy trình nội bộ giải quyết thủ tục", "quy định về phân cấp quản lý", "kế hoạch chuyển đổi số")
_WHERE = ("trong lĩnh vực thương mại", "tại Bộ phận Một cửa của đơn vị", "trên địa bàn các xã, phường")
_PRODUCTS = ("Báo cáo", "Quyết định của Giám đốc Sở", "Tờ trình và dự thảo nghị quyết")


@dataclass(frozen=True, kw_only=True)
class Workload:
    """How many people there are, and how many tasks each of them owns."""

    name: str
    people: int
    each: int

    @property
    def rows(self) -> int:
        """How many lines a letter of the morning holds: overdue, or due within seven days."""
        return sum(i % 3 < 2 for i in range(self.each))


WORKLOADS = {
    found.name: found
    for found in (
        Workload(name="W1", people=10, each=6),
        Workload(name="W2", people=200, each=25),
        Workload(name="W3", people=2_000, each=25),
    )
}


@dataclass(frozen=True, kw_only=True)
class WrittenTask:
    """A task as the plan's document says it."""

    row: int
    person: int
    due: date
    text: str
    product: str

    @property
    def deadline(self) -> str:
        return f"Trước ngày {self.due:%d/%m/%Y}"


def directory_of(workload: Workload) -> Directory:
    """Return the people, each the focal point of a unit of their own, and a coordinator."""
    numbers = range(1, workload.people + 1)
    return Directory(
        organisation="do-thu",
        name="Sở Công Thương",
        place="Đồng Nai",
        units=(
            Unit(code="VP", name="Văn phòng Sở"),
            *(Unit(code=unit_code(n), name=unit_name(n)) for n in numbers),
        ),
        people=(COORDINATOR, *(person_of(n) for n in numbers)),
        focal_points={unit_code(n): person_of(n).code for n in numbers},
    )


def person_of(number: int) -> Person:
    return Person(
        code=f"nguoi-{number}",
        name=f"Nguyễn Thử Người {number}",
        email=address_of(number),
        unit=unit_code(number),
        title="Chuyên viên",
    )


def address_of(number: int) -> str:
    return f"nguoi-{number}@example.vn"


def unit_code(number: int) -> str:
    return f"P{number}"


def unit_name(number: int) -> str:
    return f"Phòng Nghiệp vụ số {number}"


def plans_of(workload: Workload) -> Iterator[tuple[str, tuple[WrittenTask, ...]]]:
    """Yield each plan's number with its tasks."""
    chance = Random(SEED)  # noqa: S311  # the same workload every time, no secret
    for index in range(workload.people // A_PLAN):
        first = index * A_PLAN + 1
        owned = [(person, i) for person in range(first, first + A_PLAN) for i in range(workload.each)]
        written = (
            WrittenTask(
                row=row,
                person=person,
                due=_due(i, chance),
                text=" ".join(map(chance.choice, (_VERBS, _THINGS, _WHERE))) + f", đợt {i + 1}",
                product=chance.choice(_PRODUCTS),
            )
            for row, (person, i) in enumerate(owned, start=1)
        )
        yield f"{index + 1}/KH-DT", tuple(written)


def _due(i: int, chance: Random) -> date:
    least, most = ((-30, -1), (1, SOON), (SOON + 1, 60))[i % 3]
    return DAY + timedelta(days=chance.randint(least, most))


def expected_of(workload: Workload) -> dict[str, frozenset[str]]:
    """Return address -> the tasks that person's letter must hold, no more and no fewer."""
    told: dict[str, set[str]] = {}
    for number, written in plans_of(workload):
        for task in written:
            if task.due <= DAY + timedelta(days=SOON):
                told.setdefault(address_of(task.person), set()).add(task_id(number, task.row))
    return {address: frozenset(held) for address, held in told.items()}


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
