"""The common workload of the morning: T tasks over U people.

Ten people are one plan, each the focal point of a unit of their own. Task *i* of a person is overdue by
1 to 30 days where i % 3 is 0, due in 1 to 7 days where it is 1, due in 8 to 60 days where it is 2: all
open, one owner each, the same for the same seed. Nothing has been said about any of it before the day.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from tasks_catalog.audience import Audience
from tasks_catalog.ladder import Ladder, Rung
from tasks_catalog.people import Directory, Person, Post, Unit
from tasks_catalog.task import PlanSettings, task_id

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
