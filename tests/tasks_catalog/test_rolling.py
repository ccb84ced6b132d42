"""Next year's draft: what goes on, and where its dates go."""

from __future__ import annotations

from datetime import date

import pytest

from tasks_catalog.changes import Words
from tasks_catalog.deadline import Deadline, canonical, read_deadline
from tasks_catalog.decisions import Close, Open, OpenedShare, Recorded, Report, facts_after
from tasks_catalog.facts import ClosingKind, Document, OwnerRef, TaskFacts
from tasks_catalog.occurrence import Occurrence, Origin, Role, ShareKey
from tasks_catalog.people import Directory, Unit
from tasks_catalog.problem import Place
from tasks_catalog.rolling import LastYear, as_rows, goes_on, moved_deadline, rolled
from tasks_catalog.task import PlanSettings

SETTINGS = PlanSettings(year=2022)
END = date(2022, 12, 20)
DIRECTORY = Directory(
    organisation="sct",
    name="Sở Công Thương",
    units=(Unit(code="tm", name="Phòng Quản lý thương mại"), Unit(code="vp", name="Văn phòng Sở")),
)
DUE = Occurrence(key="2022-11-15", due=date(2022, 11, 15), lapses=date(2022, 11, 15), origin=Origin.PRINTED)
OPENED = Recorded(
    decision=Open(occurrence=DUE, shares=(OpenedShare(unit="tm", role=Role.OWNER),)),
    on=date(2022, 2, 7),
    by="office",
)
DONE = Recorded(
    decision=Report(share=ShareKey("1/KH/1", "2022-11-15", "tm")), on=date(2022, 11, 1), by="hung"
)


def task(words: str, *told: Recorded, row: int = 1, closing: ClosingKind | None = None) -> TaskFacts:
    facts = TaskFacts(
        id=f"1/KH/{row}",
        row=row,
        text="Quy định đấu thầu chợ",
        deadline=read_deadline(words, year=2022),
        owners=(OwnerRef(code="tm", role=Role.OWNER),),
        planned=(DUE,) if "15/11" in words else (),
    )
    paper = Document(number="9/QĐ")
    end = [Recorded(decision=Close(closing=closing), on=END, by="lan", document=paper)] if closing else []
    return facts_after(facts, [*told, *end])


@pytest.mark.parametrize(
    ("words", "moved"),
    [
        pytest.param("Trước 15/11/2022", "Trước ngày 15/11/2023", id="a date"),
        pytest.param("Quý III/2022", "Quý III/2023", id="a quarter keeps its last day"),
        pytest.param("Tháng 2/2022", "Tháng 2/2023", id="a month"),
        pytest.param("Từ 01/3/2022 đến 20/5/2022", "Từ ngày 01/03/2023 đến ngày 20/05/2023", id="a range"),
        pytest.param("Quý II và Quý IV", "Quý II/2023; Quý IV/2023", id="two quarters"),
        pytest.param("Giai đoạn 2022-2025", "Giai đoạn 2022-2025", id="what lies beyond stays"),
        pytest.param("Từ 01/7/2022", "Từ 01/7/2022", id="what is open-ended stays"),
        pytest.param("Trước ngày 20/6 hằng năm", "Trước ngày 20/6 hằng năm", id="a recurrence stays"),
        pytest.param("Thường xuyên", "Thường xuyên", id="continuous stays"),
        pytest.param(
            "- Thường xuyên - Khi có chủ trương", "- Thường xuyên - Khi có chủ trương", id="words stay"
        ),
        pytest.param("Thường xuyên; trước 15/11/2022", "Thường xuyên; Trước ngày 15/11/2023", id="a part"),
        pytest.param("Tháng 15/11/2022", "Trước ngày 15/11/2023", id="an only proposal is taken, for review"),
        pytest.param("Quý V", "Quý V", id="what nobody understands stays"),
    ],
)
def test_a_deadline_moves_by_years_through_its_reading(words: str, moved: str) -> None:
    found = moved_deadline(read_deadline(words, year=2022), before=2022, year=2023)
    assert found.text == moved
    assert found == read_deadline(moved, year=2023)


@pytest.mark.parametrize(
    ("before", "year", "words", "moved"),
    [
        pytest.param(2024, 2025, "Trước 29/02/2024", "Trước ngày 28/02/2025", id="no 29 February next year"),
        pytest.param(2023, 2024, "Tháng 02/2023", "Tháng 2/2024", id="a February has a day more"),
    ],
)
def test_leap_years(before: int, year: int, words: str, moved: str) -> None:
    found: Deadline = moved_deadline(read_deadline(words, year=before), before=before, year=year)
    assert canonical(found) == moved


@pytest.mark.parametrize(
    ("facts", "goes"),
    [
        pytest.param(task("Thường xuyên"), True, id="continuous work"),
        pytest.param(task("Trước ngày 20/6 hằng năm"), True, id="what recurs"),
        pytest.param(task("Trước 15/11/2022", OPENED), True, id="what was not done"),
        pytest.param(task("Trước 15/11/2022", OPENED, DONE), False, id="what was done"),
        pytest.param(task("Khi có hướng dẫn"), True, id="a condition that never came"),
        pytest.param(task("Thường xuyên", closing=ClosingKind.STOPPED), False, id="what was stopped"),
        pytest.param(
            task("Trước 15/11/2022", OPENED, closing=ClosingKind.POSTPONED), True, id="what was put off"
        ),
        pytest.param(
            task("Trước 15/11/2022", OPENED, closing=ClosingKind.SUSPENDED), True, id="what is suspended"
        ),
    ],
)
def test_what_goes_on(facts: TaskFacts, goes: bool) -> None:
    assert goes_on(facts, SETTINGS, END) is goes


def test_a_drafted_row_asks_for_review_and_says_where_it_comes_from() -> None:
    last = [
        LastYear(
            words=Words(row=1, text="x", deadline="Thường xuyên"),
            facts=task("Trước 15/11/2022", OPENED, DONE),
        ),
        LastYear(words=Words(row=2, text="x", deadline="Quý IV"), facts=task("Quý IV/2022", row=2)),
    ]
    (row,) = rolled(last, DIRECTORY, SETTINGS, year=2023, as_of=END)
    assert (row.row, row.lead.text, row.deadline.text, row.place) == (
        1,
        "Phòng Quản lý thương mại",
        "Quý IV/2023",
        Place(row=2),
    )
    (problem,) = row.problems
    assert (problem.code, problem.params["task"], problem.params["before"]) == (
        "rolled_review",
        "1/KH/2",
        "Quý IV",
    )
    (cells,) = as_rows([row])
    assert (cells["Nguồn"], cells["Ghi chú thời hạn cũ"], cells["deadline"]) == (
        "1/KH/2",
        "Quý IV",
        "Quý IV/2023",
    )
