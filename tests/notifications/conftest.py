"""A small office, its plan on 30/11/2022, and golden files."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import pytest

from notifications.announce import announce
from notifications.letter import Addressee, Item, PlanRef
from tasks_catalog.calendar import WorkCalendar, vietnam
from tasks_catalog.deadline import DateRange, Deadline, Kind
from tasks_catalog.facts import Share, TaskFacts
from tasks_catalog.ladder import NoticeState, Office, next_step
from tasks_catalog.occurrence import Role, ShareKey
from tasks_catalog.people import Directory, Person, Post, Unit

GOLDEN = Path(__file__).parents[1] / "golden"
PLAN = PlanRef(number="383/KH-SCT", title="cải cách hành chính năm 2022")
NOVEMBER_30 = date(2022, 11, 30)

UNITS = (
    Unit(code="BGD", name="Ban Giám đốc", kind="board"),
    Unit(code="VP", name="Văn phòng Sở"),
    Unit(code="TT", name="Thanh tra Sở"),
    Unit(code="QLTM", name="Phòng Quản lý thương mại"),
    Unit(code="XTTM", name="Trung tâm Xúc tiến thương mại", kind="centre"),
)


def person(code: str, name: str, unit: str, post: Post, title: str, **more: object) -> Person:
    return Person(code=code, name=name, email=f"{code}@example.vn", unit=unit, post=post, title=title, **more)  # type: ignore[arg-type]


PEOPLE = (
    person("giang", "Lê Thị Giang", "BGD", Post.DIRECTOR, "Giám đốc"),
    person("dung", "Trần Văn Dũng", "BGD", Post.DEPUTY_DIRECTOR, "Phó Giám đốc", in_charge=True),
    person("chi", "Phạm Thị Chi", "VP", Post.COORDINATOR, "Chuyên viên"),
    person("binh", "Hoàng Văn Bình", "QLTM", Post.HEAD, "Trưởng phòng"),
    person("an", "Nguyễn Thị An", "QLTM", Post.OFFICER, "Chuyên viên"),
    person("khanh", "Đỗ Quốc Khánh", "TT", Post.HEAD, "Chánh Thanh tra"),
)


@pytest.fixture
def directory() -> Directory:
    return Directory(
        organisation="sct",
        name="Sở Công Thương",
        place="Đồng Nai",
        units=UNITS,
        people=PEOPLE,
        focal_points={"QLTM": "an"},
    )


@pytest.fixture(scope="session")
def calendar() -> WorkCalendar:
    return vietnam([2022])


@pytest.fixture
def office(directory: Directory, calendar: WorkCalendar) -> Office:
    return Office(directory=directory, calendar=calendar)


def share_of(
    task: str, unit: str, due: date, *, role: Role = Role.OWNER, period: str | None = None, **more: object
) -> Share:
    """A share opened on 15/02/2022, due and lapsing on ``due`` unless told otherwise."""
    told: dict[str, object] = {"lapses": due, "first_due": due, "epoch_began": date(2022, 2, 15)} | more
    key = ShareKey(task, due.isoformat(), unit)
    return Share(key=key, role=role, due=due, period=period, recurring=period is not None, **told)  # type: ignore[arg-type]


@pytest.fixture
def share() -> Callable[..., Share]:
    return share_of


def task_of(row: int, text: str, product: str, *shares: Share) -> TaskFacts:
    dates = tuple(DateRange(start=None, to=share.due) for share in shares[:1])
    return TaskFacts(
        id=f"{PLAN.number}/{row}",
        row=row,
        text=text,
        product=product,
        deadline=Deadline(text="", kind=Kind.BY, dates=dates),
        shares={share.key: share for share in shares},
    )


@pytest.fixture
def task() -> Callable[..., TaskFacts]:
    return task_of


@pytest.fixture
def november() -> tuple[TaskFacts, ...]:
    """The trade room's work: 1 overdue, 1 due on 30/11, 1 soon, 1 as co-owner, 3 on the year's sheet."""
    number = PLAN.number
    return (
        task_of(
            1,
            "Quy định đấu thầu quản lý và khai thác chợ trên địa bàn tỉnh Đồng Nai",
            "Quyết định",
            share_of(f"{number}/1", "QLTM", date(2022, 11, 25)),
        ),
        task_of(
            2,
            "Định mức hỗ trợ đầu tư xây dựng chợ nông thôn trên địa bàn tỉnh Đồng Nai. " * 3,
            "Nghị quyết",
            share_of(f"{number}/2", "QLTM", date(2022, 11, 30), first_due=date(2022, 11, 15)),
        ),
        task_of(
            3,
            "Báo cáo <kết quả> cải cách hành chính & kiểm soát thủ tục năm 2022",
            "Báo cáo",
            share_of(f"{number}/3", "QLTM", date(2022, 12, 14)),
        ),
        task_of(
            4,
            "Rà soát văn bản quy phạm pháp luật có liên quan đến công tác cải cách hành chính",
            "",
            share_of(f"{number}/4", "TT", date(2022, 12, 2)),
            share_of(f"{number}/4", "QLTM", date(2022, 12, 2), role=Role.CO_OWNER),
        ),
        *(
            task_of(
                row,
                f"Việc thường xuyên số {row}",
                "Báo cáo",
                share_of(f"{number}/{row}", "QLTM", date(2022, 12, 14), period="2022-Y"),
            )
            for row in (5, 6, 7)
        ),
    )


@pytest.fixture
def waiting(office: Office) -> Callable[..., tuple[Item, ...]]:
    """The items waiting for one person on a day, by the real ladder."""

    def of(tasks: Iterable[TaskFacts], who: str, as_of: date = NOVEMBER_30) -> tuple[Item, ...]:
        known = {task.id: task for task in tasks}
        found = []
        for notice in announce(known.values(), office, as_of=as_of, known=()):
            if notice.state is not NoticeState.WAITING or notice.key.person != who:
                continue
            told = known[notice.key.share.task]
            share = told.shares[notice.key.share]
            step = next_step(told, share, office, after=as_of)
            found.append(Item(notice=notice, task=told, share=share, plan=PLAN, next=step, id=len(found) + 1))
        return tuple(found)

    return of


@pytest.fixture
def addressee(directory: Directory) -> Callable[..., Addressee]:
    def of(code: str, language: str = "vi") -> Addressee:
        found = directory.person(code)
        assert found is not None
        return Addressee(person=replace(found, language=language), directory=directory)

    return of


@dataclass(frozen=True)
class Golden:
    """Compares with a file of tests/golden/, or writes it under ``--renew-golden``."""

    renew: bool
    folder: Path = field(default=GOLDEN)

    def check(self, name: str, made: str) -> None:
        file = self.folder / name
        if self.renew:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(made, encoding="utf-8", newline="\n")
        assert file.exists(), f"no {file.name}: look at the letter, then run pytest --renew-golden"
        assert made == file.read_text(encoding="utf-8"), (
            f"{file.name} differs: pytest --renew-golden if meant"
        )


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    return Golden(renew=bool(request.config.getoption("--renew-golden")))
