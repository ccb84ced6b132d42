"""The cast of the storage tests: a small department, and a plan of three tasks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy.orm import Session

from storage import tasks
from storage.organisations import create_organisation
from storage.schema import PlanRow
from tasks_catalog.deadline import DateRange, Deadline, Kind
from tasks_catalog.decisions import Open, OpenedShare, Recorded
from tasks_catalog.facts import OwnerRef
from tasks_catalog.occurrence import Occurrence, Origin, Role, ShareKey
from tasks_catalog.people import Directory, Group, Person, Post, Unit
from tasks_catalog.problem import Place, Problem
from tasks_catalog.task import PlanHead, PlanRead, PlanSettings, RowCount, Task, UnitsWritten

ISSUED = date(2022, 1, 4)
NUMBER = "3088/KH-SCT"
SETTINGS = PlanSettings(year=2022)

DIRECTORY = Directory(
    organisation="sct",
    name="Sở Công Thương",
    place="Hà Giang",
    superior="UBND tỉnh",
    units=(
        Unit(code="vp", name="Văn phòng Sở", aliases=("Văn phòng", "VP Sở"), kind="office"),
        Unit(code="tm", name="Phòng Quản lý thương mại", aliases=("Phòng QLTM",)),
        Unit(code="cn", name="Phòng Quản lý công nghiệp"),
    ),
    groups=(
        Group(
            code="all", name="Các phòng, đơn vị thuộc Sở", aliases=("Các phòng",), members=("tm", "cn", "vp")
        ),
    ),
    people=(
        Person(
            code="lan", name="Nguyễn Thị Lan", email="lan@sct.example.vn", unit="vp", post=Post.COORDINATOR
        ),
        Person(
            code="hung", name="Trần Mạnh Hùng", email="hung@sct.example.vn", unit="tm", title="Chuyên viên"
        ),
        Person(code="binh", name="Lê Thanh Bình", email="", unit="cn", post=Post.HEAD, language="en"),
    ),
    focal_points={"tm": "hung"},
)


def at(day: date, hour: int = 8) -> datetime:
    return datetime.fromisoformat(f"{day.isoformat()}T{hour:02}:00:00+07:00")


def occurrence(due: date, *, origin: Origin = Origin.PRINTED) -> Occurrence:
    recurring = origin is Origin.CUT_OFF
    period = f"{due.year}-Q{(due.month + 2) // 3}" if recurring else None
    return Occurrence(
        key=due.isoformat(), due=due, lapses=due, origin=origin, recurring=recurring, period=period
    )


BY = Deadline(text="Trước ngày 15/11/2022", kind=Kind.BY, dates=(DateRange(None, date(2022, 11, 15)),))
CONTINUOUS = Deadline(text="Thường xuyên", kind=Kind.CONTINUOUS)
BOTH = Deadline(
    text="Thường xuyên; khi có hướng dẫn",
    kind=Kind.COMPOUND,
    parts=(CONTINUOUS, Deadline(text="khi có hướng dẫn", kind=Kind.WHEN, condition="có hướng dẫn")),
)
UNCLEAR = Deadline(text="Quý 5", kind=Kind.UNCLEAR)
QUESTION = Problem(
    code="deadline_unclear",
    params={"words": "Quý 5"},
    where=Place(table=2, row=14, column="Thời hạn"),
)

READ = PlanRead(
    head=PlanHead(number=NUMBER, issued=ISSUED, issuer="Sở Công Thương", title="Kế hoạch CCHC", year=2022),
    tasks=(
        Task(
            row=1,
            stt="1",
            section="Cải cách thể chế",
            objective="100% văn bản ban hành đúng hạn; tối thiểu 90% hồ sơ",
            text="Ban hành kế hoạch",
            product="Kế hoạch",
            lead=UnitsWritten(text="Phòng QLTM", units=("Phòng QLTM",)),
            deadline=BY,
            extra={"Ghi chú": "x"},
            place=Place(table=2, row=12),
        ),
        Task(row=2, stt="2", section="Cải cách thể chế", text="Rà soát thủ tục", deadline=BOTH),
        Task(
            row=3, stt="2", section="Chính quyền số", text="Tập huấn", deadline=UNCLEAR, problems=(QUESTION,)
        ),
    ),
    rows=RowCount(total=5, tasks=3, sections=2),
    problems=(Problem(code="head_guessed"),),
    source_name="ke-hoach.docx",
    source_sha256="ab" * 32,
)

OWNERS: Mapping[int, tuple[OwnerRef, ...]] = {
    1: (OwnerRef(code="tm", role=Role.OWNER), OwnerRef(code="vp", role=Role.CO_OWNER)),
    2: (OwnerRef(code="all", role=Role.OWNER, collective=True),),
}
PLANNED: Mapping[int, tuple[Occurrence, ...]] = {
    1: (occurrence(date(2022, 11, 15)),),
    2: (
        occurrence(date(2022, 3, 14), origin=Origin.CUT_OFF),
        occurrence(date(2022, 6, 14), origin=Origin.CUT_OFF),
    ),
}


def set_up(session: Session) -> int:
    """Create the office; return its id."""
    return create_organisation(session, DIRECTORY, simulated=True, at=at(ISSUED)).id


def import_cast(session: Session, organisation_id: int, *, number: str = NUMBER) -> PlanRow:
    return tasks.import_plan(
        session,
        organisation_id,
        READ,
        number=number,
        issued=ISSUED,
        settings=SETTINGS,
        owners=OWNERS,
        planned=PLANNED,
        problems={3: (QUESTION, Problem(code="owner_missing"))},
        by="lan",
        at=at(ISSUED),
        label="bản dựng lại",
    )


def opening(due: Occurrence, *units: str, on: date = ISSUED) -> Recorded:
    shares = tuple(OpenedShare(unit=unit, role=Role.OWNER) for unit in units)
    return Recorded(decision=Open(occurrence=due, shares=shares), on=on, by="office")


def share(row: int, due: date, unit: str, *, number: str = NUMBER) -> ShareKey:
    return ShareKey(f"{number}/{row}", due.isoformat(), unit)
