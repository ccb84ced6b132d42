"""A small office of 2022 and short ways to say what happened in it, for the tests of what is owed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from tasks_catalog.calendar import WorkCalendar, vietnam
from tasks_catalog.deadline import DateRange, Deadline, Kind
from tasks_catalog.decisions import Decision, Open, OpenedShare, Recorded, Report, apply
from tasks_catalog.facts import Document, OwnerRef, Share, TaskFacts
from tasks_catalog.ladder import Notice, NoticeKey, NoticeState, Office, due_notices
from tasks_catalog.occurrence import Occurrence, Origin, Role, ShareKey, planned_occurrences
from tasks_catalog.people import Directory, Group, Person, Post, Unit
from tasks_catalog.standing import Standing, standing_of
from tasks_catalog.task import PlanSettings

TASK = "01/KH-ST/1"
SETTINGS = PlanSettings(year=2022)
CALENDAR = vietnam((2022,))
"""Tết 2022: off from Monday 31/1 to Friday 4/2."""
PAPER = Document(number="12/ST-VP", issued=date(2022, 3, 1))


def d(day: int, month: int, year: int = 2022) -> date:
    """A date in the order it is spoken."""
    return date(year, month, day)


def a_person(code: str, unit: str, post: Post = Post.OFFICER, *, in_charge: bool = False) -> Person:
    return Person(
        code=code, name=f"Người {code}", email=f"{code}@example.vn", unit=unit, post=post, in_charge=in_charge
    )


DIRECTORY = Directory(
    organisation="so",
    name="Sở Thử",
    units=(
        Unit(code="BGD", name="Ban Giám đốc", kind="board"),
        Unit(code="VP", name="Văn phòng Sở"),
        Unit(code="TM", name="Phòng Quản lý thương mại"),
        Unit(code="CN", name="Phòng Quản lý công nghiệp"),
        Unit(code="XT", name="Trung tâm Xúc tiến thương mại"),
    ),
    groups=(Group(code="all", name="Các phòng, đơn vị thuộc Sở", members=("VP", "TM", "CN", "XT")),),
    people=(
        a_person("director", "BGD", Post.DIRECTOR),
        a_person("deputy", "BGD", Post.DEPUTY_DIRECTOR, in_charge=True),
        a_person("coordinator", "VP", Post.COORDINATOR),
        a_person("vp_head", "VP", Post.HEAD),
        a_person("vp_focal", "VP"),
        a_person("tm_head", "TM", Post.HEAD),
        a_person("tm_focal", "TM"),
        a_person("tm_officer", "TM"),
        a_person("cn_head", "CN", Post.HEAD),
    ),
    focal_points={"VP": "vp_focal", "TM": "tm_focal"},
)
"""TM has an officer, a focal point and a head; CN only a head; XT nobody at all."""
OFFICE = Office(directory=DIRECTORY, calendar=CALENDAR)


def an_occurrence(
    due: date,
    *,
    lapses: date | None = None,
    origin: Origin = Origin.PRINTED,
    period: str | None = None,
    recurring: bool = False,
) -> Occurrence:
    return Occurrence(
        key=due.isoformat(),
        due=due,
        lapses=lapses or due,
        origin=origin,
        recurring=recurring or period is not None,
        period=period,
    )


def by(due: date) -> Deadline:
    return Deadline(text=f"Trước ngày {due:%d/%m/%Y}", kind=Kind.BY, dates=(DateRange(None, due),))


def within(first: date, last: date) -> Deadline:
    return Deadline(text="Quý", kind=Kind.WITHIN, dates=(DateRange(first, last),))


CONTINUOUS = Deadline(text="Thường xuyên", kind=Kind.CONTINUOUS)
WHEN = Deadline(text="Khi có hướng dẫn", kind=Kind.WHEN, condition="có hướng dẫn")


def both(*parts: Deadline) -> Deadline:
    return Deadline(text="; ".join(p.text for p in parts), kind=Kind.COMPOUND, parts=parts)


def a_task(
    deadline: Deadline = WHEN, *, settings: PlanSettings = SETTINGS, row: int = 1, section: str = "I"
) -> TaskFacts:
    """A task of the Trade room as it stands after import: nothing opened yet."""
    return TaskFacts(
        id=f"01/KH-ST/{row}",
        row=row,
        text="Kiểm tra công tác cải cách hành chính",
        section=section,
        deadline=deadline,
        owners=(OwnerRef(code="TM", role=Role.OWNER),),
        planned=planned_occurrences(deadline, settings, CALENDAR),
    )


def after(task: TaskFacts, day: date, decision: Decision, document: Document | None = None) -> TaskFacts:
    """The task after one decision recorded on ``day``."""
    return apply(task, Recorded(decision=decision, on=day, by="tm_officer", document=document))


def opened(
    task: TaskFacts,
    day: date = date(2022, 1, 4),
    *,
    owners: Iterable[str] = ("TM",),
    co_owners: Iterable[str] = (),
    officer: str | None = None,
    only: Iterable[Occurrence] | None = None,
    before_tracking: bool = False,
) -> TaskFacts:
    """The task with its planned occurrences (or ``only`` these) opened on ``day`` for these units."""
    shares = (
        *(OpenedShare(unit=unit, role=Role.OWNER, officer=officer) for unit in owners),
        *(OpenedShare(unit=unit, role=Role.CO_OWNER) for unit in co_owners),
    )
    for occurrence in task.planned if only is None else only:
        opening = Open(occurrence=occurrence, shares=shares, before_tracking=before_tracking)
        task = after(task, day, opening)
    return task


def owed(
    due: date,
    day: date = date(2022, 1, 4),
    *,
    owners: Iterable[str] = ("TM",),
    co_owners: Iterable[str] = (),
    officer: str | None = "tm_officer",
    lapses: date | None = None,
    period: str | None = None,
    before_tracking: bool = False,
) -> TaskFacts:
    """A task with one occurrence due on ``due``, opened on ``day``."""
    occurrence = an_occurrence(due, lapses=lapses, period=period)
    return opened(
        replace(a_task(), planned=(occurrence,)),
        day,
        owners=owners,
        co_owners=co_owners,
        officer=officer,
        before_tracking=before_tracking,
    )


def key(task: TaskFacts, unit: str = "TM", due: date | None = None) -> ShareKey:
    """The key of a unit's share: of the occurrence first due on ``due``, or of the only one."""
    occurrence = due.isoformat() if due else next(iter(task.opened))
    return ShareKey(task.id, occurrence, unit)


def share(task: TaskFacts, unit: str = "TM", due: date | None = None) -> Share:
    return task.shares[key(task, unit, due)]


def reported(task: TaskFacts, day: date, *, unit: str = "TM", due: date | None = None) -> TaskFacts:
    return after(task, day, Report(share=key(task, unit, due)))


def standing(task: TaskFacts, day: date, settings: PlanSettings = SETTINGS) -> Standing:
    return standing_of(task, as_of=day, settings=settings)


def notices(
    task: TaskFacts,
    day: date,
    *,
    unit: str = "TM",
    office: Office = OFFICE,
    known: Iterable[NoticeKey] = (),
) -> tuple[Notice, ...]:
    return due_notices(task, share(task, unit), office, as_of=day, known=known)


def heard(
    task: TaskFacts,
    day: date,
    *,
    unit: str = "TM",
    office: Office = OFFICE,
    known: Iterable[NoticeKey] = (),
) -> Mapping[str, str]:
    """Who is written to on ``day``, and with which rung."""
    found = notices(task, day, unit=unit, office=office, known=known)
    return {n.key.person: n.key.rung for n in found if n.state is NoticeState.WAITING}


def diary(
    task: TaskFacts, first: date, last: date, *, unit: str = "TM", office: Office = OFFICE
) -> dict[date, dict[str, str]]:
    """What each working day from ``first`` to ``last`` says to whom, the ledger kept from day to day."""
    known: set[NoticeKey] = set()
    said: dict[date, dict[str, str]] = {}
    for day in working_days(office.calendar, first, last):
        found = notices(task, day, unit=unit, office=office, known=known)
        known.update(n.key for n in found)
        today = {n.key.person: n.key.rung for n in found if n.state is NoticeState.WAITING}
        if today:
            said[day] = today
    return said


def working_days(calendar: WorkCalendar, first: date, last: date) -> Iterable[date]:
    day = calendar.next_working(first)
    while day <= last:
        yield day
        day = calendar.add_working_days(day, 1)
