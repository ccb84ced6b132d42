"""Offices for looking at the board: 57, 5,000 or 1,000,000 tasks in the middle of their year.

Written straight into the tables, as importing, activating and reporting would have left them; then
counted by the program itself. One plan holds most of the tasks, the rest are spread over plans of
hundreds. Three tasks in ten are continuous, one in eight of what fell due is still open.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, Table, insert
from sqlalchemy.orm import Session

from storage.codec import to_json
from storage.day_turn import count_on
from storage.engine import migrate, open_engine, write
from storage.organisations import create_organisation
from storage.schema import Event, OccurrenceRow, PlanRow, ShareRow, TaskOwner, TaskRow
from tasks_catalog.people import Directory, Person, Post, Unit
from tasks_catalog.task import PlanSettings

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
TODAY, STARTED, ISSUED = date(2026, 5, 20), date(2026, 1, 5), date(2026, 1, 2)
NOW = datetime.combine(TODAY, time(9), ZONE)
YEAR = PlanSettings(year=TODAY.year)
SECTIONS = (
    "I. Cải cách thể chế",
    "II. Cải cách thủ tục hành chính",
    "III. Cải cách tổ chức bộ máy hành chính nhà nước",
    "IV. Cải cách chế độ công vụ",
    "V. Cải cách tài chính công",
    "VI. Xây dựng và phát triển chính quyền điện tử, chính quyền số",
    "VII. Công tác chỉ đạo, điều hành",
)
_VERBS = (
    "Rà soát, đơn giản hóa",
    "Xây dựng, trình ban hành",
    "Công khai, cập nhật",
    "Kiểm tra, đôn đốc",
    "Tổ chức tập huấn về",
    "Tham mưu sửa đổi",
    "Báo cáo kết quả thực hiện",
    "Thẩm định",
)
_THINGS = (
    "quy trình nội bộ giải quyết thủ tục hành chính",
    "quy định về phân cấp quản lý",
    "kế hoạch chuyển đổi số",
    "đề án vị trí việc làm",
    "định mức kinh tế - kỹ thuật",
    "cơ sở dữ liệu chuyên ngành",
    "danh mục dịch vụ công trực tuyến",
    "chỉ số cải cách hành chính",
)
_WHERE = (
    "trong lĩnh vực thương mại",
    "tại Bộ phận Một cửa của đơn vị",
    "trên địa bàn các xã, phường",
    "thuộc phạm vi quản lý của Sở",
    "theo Nghị quyết của Hội đồng nhân dân",
    "năm 2026",
)
_PRODUCTS = ("Báo cáo", "Quyết định của Giám đốc Sở", "Tờ trình và dự thảo nghị quyết", "Kế hoạch")
_RARE = "thủy điện Sông Nhiệm"
"""Stands in one task of a thousand: what a search finds few of."""
_CUT_OFFS = (
    (date(2026, 3, 14), date(2026, 3, 16)),
    (date(2026, 6, 14), date(2026, 6, 15)),
    (date(2026, 9, 14), date(2026, 9, 14)),
    (date(2026, 12, 14), date(2026, 12, 14)),
)
_CHUNK = 20_000


@dataclass(frozen=True, kw_only=True)
class Size:
    """How many tasks: in the one large plan, and in each of the others."""

    name: str
    large: int
    plans: int = 0
    each: int = 0
    units: int = 20

    @property
    def tasks(self) -> int:
        return self.large + self.plans * self.each


SIZES = {
    size.name: size
    for size in (
        Size(name="57", large=57, units=9),
        Size(name="5000", large=3_000, plans=10, each=200),
        Size(name="1000000", large=600_000, plans=400, each=1_000, units=300),
    )
}
LARGE = "1/KH-DT"


@dataclass(frozen=True, kw_only=True)
class Built:
    """What making an office took, in seconds."""

    organisation_id: int
    writing: float
    counting: float


def build(url: str, size: Size) -> Built:
    """Make the office in an empty database."""
    engine = open_engine(url)
    began = perf_counter()
    migrate(engine)
    with write(engine) as session:
        office = create_organisation(
            session, _directory(size), simulated=True, at=datetime.combine(STARTED, time(8), ZONE)
        )
    chance = Random(size.tasks)  # noqa: S311  # the same office every time, no secret
    ids = _Ids()
    with write(engine) as session:
        for index in range(size.plans):
            _plan(session, office.id, f"{index + 2}/KH-DT", size.each, size, ids, chance)
        _plan(session, office.id, LARGE, size.large, size, ids, chance)
    written = perf_counter()
    count_on(engine, office.id, TODAY - timedelta(days=1))
    _analyse(engine)
    counted = perf_counter()
    engine.dispose()
    return Built(organisation_id=office.id, writing=written - began, counting=counted - written)


def _analyse(engine: Engine) -> None:
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")


def _directory(size: Size) -> Directory:
    units = tuple(Unit(code=f"P{n}", name=f"Phòng Nghiệp vụ số {n}") for n in range(1, size.units + 1))
    people = (
        Person(
            code="dieu-phoi",
            name="Lê Thử Điều Phối",
            email="dieu-phoi@example.vn",
            unit="P1",
            post=Post.COORDINATOR,
        ),
        *(
            Person(
                code=f"nguoi-{n}", name=f"Nguyễn Thử Người {n}", email=f"nguoi-{n}@example.vn", unit=f"P{n}"
            )
            for n in range(1, size.units + 1)
        ),
    )
    return Directory(
        organisation="do-thu",
        name="Sở Công Thương",
        units=units,
        people=people,
        focal_points={f"P{n}": f"nguoi-{n}" for n in range(1, size.units + 1)},
    )


class _Ids:
    """The next ids of tasks and occurrences, given here so that rows that refer to them need not wait."""

    def __init__(self) -> None:
        self.task, self.occurrence = 0, 0


def _plan(
    session: Session, organisation: int, number: str, tasks: int, size: Size, ids: _Ids, chance: Random
) -> None:
    plan = PlanRow(
        organisation_id=organisation,
        number=number,
        issued=ISSUED,
        title="Kế hoạch cải cách hành chính năm 2026",
        issuer="",
        year=YEAR.year,
        settings=to_json(PlanSettings, YEAR),
        state="active",
        activated_on=STARTED,
        label="",
        source_name="",
        source_sha256="",
        imported_at=NOW,
    )
    session.add(plan)
    session.flush()
    rows = _Rows(session, organisation, plan.id, number)
    for row in range(1, tasks + 1):
        ids.task += 1
        rows.task(ids, row, size, chance)
        if row % _CHUNK == 0:
            rows.keep()
    rows.keep()


class _Rows:
    """The rows of a plan's tasks, written some thousands at a time."""

    def __init__(self, session: Session, organisation: int, plan: int, number: str) -> None:
        self._session, self._number = session, number
        self._place = {"organisation_id": organisation, "plan_id": plan}
        self._kept: dict[type[Any], list[dict[str, Any]]] = {
            table: [] for table in (TaskRow, TaskOwner, OccurrenceRow, ShareRow, Event)
        }

    def keep(self) -> None:
        for table, rows in self._kept.items():
            if rows:
                plain: Table = table.__table__
                self._session.execute(insert(plain), rows)
                rows.clear()

    def task(self, ids: _Ids, row: int, size: Size, chance: Random) -> None:
        unit = f"P{chance.randint(1, size.units)}"
        text = f"{chance.choice(_VERBS)} {chance.choice(_THINGS)} {chance.choice(_WHERE)}, đợt {row}"
        if row % 1000 == 7:
            text += f", công trình {_RARE}"
        section = SECTIONS[(row * len(SECTIONS)) // (max(size.large, size.each) + 1)]
        continuous = chance.random() < 0.3
        due = STARTED + timedelta(days=chance.randint(20, 350))
        deadline, planned = _continuous() if continuous else _dated(due)
        product = chance.choice(_PRODUCTS)
        self._kept[TaskRow].append(
            {
                **self._place,
                "id": ids.task,
                "row": row,
                "stt": str(row),
                "section": section,
                "group_name": "",
                "objective": "",
                "text": text,
                "product": product,
                "lead_text": "",
                "cooperating_text": "",
                "deadline_text": deadline["text"],
                "extra": {},
                "place": None,
                "targets": [],
                "current_text": text,
                "current_product": product,
                "current_section": section,
                "current_group": "",
                "current_targets": [],
                "deadline": deadline,
                "planned": planned,
                "active": True,
                "closing": None,
            }
        )
        organisation = self._place["organisation_id"]
        owner = {"organisation_id": organisation, "task_id": ids.task, "position": 0, "code": unit}
        self._kept[TaskOwner].append({**owner, "role": "owner", "collective": False})
        facts = {
            "id": f"{self._number}/{row}",
            "row": row,
            "text": text,
            "section": section,
            "product": product,
            "deadline": deadline,
            "owners": [{"code": unit, "role": "owner", "collective": False}],
            "planned": planned,
        }
        self._event(ids.task, "import", facts, STARTED)
        for occurrence in planned[: 2 if continuous else 1]:
            ids.occurrence += 1
            self._share(ids, row, unit, occurrence, chance)

    def _share(self, ids: _Ids, row: int, unit: str, occurrence: dict[str, Any], chance: Random) -> None:
        due, lapses = (date.fromisoformat(occurrence[name]) for name in ("due", "lapses"))
        dates = {**occurrence, "due": due, "lapses": lapses, "opens": None}
        self._kept[OccurrenceRow].append({**self._place, **dates, "id": ids.occurrence, "task_id": ids.task})
        opened = {"unit": unit, "role": "owner", "officer": None}
        payload = {"kind": "open", "occurrence": occurrence, "shares": [opened], "before_tracking": False}
        self._event(ids.task, "open", payload, STARTED)
        report = None
        if due < TODAY + timedelta(days=20) and chance.random() > 0.12:
            on = min(due + timedelta(days=chance.choice((-3, -1, 0, 0, 0, 4))), TODAY - timedelta(days=1))
            report = {
                "on": on.isoformat(),
                "by": "dieu-phoi",
                "evidence": [{"text": "12/BC-SCT"}],
                "note": "",
            }
            key = [f"{self._number}/{row}", occurrence["key"], unit]
            self._event(
                ids.task, "report", {"kind": "report", "share": key, "evidence": report["evidence"]}, on
            )
        self._kept[ShareRow].append(
            {
                **self._place,
                "task_id": ids.task,
                "occurrence_id": ids.occurrence,
                "unit": unit,
                "is_live": report is None,
                "role": "owner",
                "due": due,
                "lapses": lapses,
                "first_due": due,
                "recurring": occurrence["recurring"],
                "period": occurrence["period"],
                "epoch": 1,
                "epoch_began": STARTED,
                "epoch_cause": "opened",
                "before_tracking": False,
                "report": report,
                "product_date_counts": False,
            }
        )

    def _event(self, task: int, kind: str, payload: dict[str, Any], on: date) -> None:
        occurrence = payload["occurrence"]["key"] if kind == "open" else None
        at = datetime.combine(on, time(9), ZONE)
        by = "office" if kind == "open" else "dieu-phoi"
        about = {"task_id": task, "occurrence": occurrence, "unit": None, "kind": kind, "payload": payload}
        self._kept[Event].append(
            {**self._place, **about, "document": None, "note": "", "by": by, "at": at, "on": on}
        )


def _dated(due: date) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    words = f"Trước ngày {due:%d/%m/%Y}"
    deadline = {"text": words, "kind": "by", "dates": [{"start": None, "to": due.isoformat()}]}
    return deadline, [_occurrence(due, due, "printed", None)]


def _continuous() -> tuple[dict[str, Any], list[dict[str, Any]]]:
    periods = ("Q1", "H1", "Q3", "Y")
    planned = [
        _occurrence(due, lapses, "cut_off", f"2026-{period}")
        for (due, lapses), period in zip(_CUT_OFFS, periods, strict=True)
    ]
    return {"text": "Thường xuyên", "kind": "continuous"}, planned


def _occurrence(due: date, lapses: date, origin: str, period: str | None) -> dict[str, Any]:
    return {
        "key": due.isoformat(),
        "due": due.isoformat(),
        "lapses": lapses.isoformat(),
        "origin": origin,
        "recurring": period is not None,
        "period": period,
        "opens": None,
    }


def sizes(names: Sequence[str]) -> Iterator[Size]:
    return (SIZES[name] for name in names or SIZES)


def database(folder: Path, size: Size) -> str:
    return f"sqlite:///{folder / size.name}.db"
