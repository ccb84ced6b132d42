"""Real plans in every format against their true rows, field by field."""

from __future__ import annotations

import csv
import re
from collections import Counter
from dataclasses import asdict
from functools import cache
from pathlib import Path

import pytest

from tasks_catalog import documents
from tasks_catalog.deadline import Kind
from tasks_catalog.task import PlanRead, Task
from tasks_catalog.text import clean

PLANS = Path(__file__).parents[2] / "data" / "plans"
FORMATS = (".docx", ".xlsx", ".pdf", ".csv")
FIELDS = ("stt", "objective", "task", "product", "lead", "cooperating", "deadline")


@cache
def read_plan(path: Path) -> PlanRead:
    return documents.read_plan(path)


def _folded(words: str) -> str:
    """The truth joins a cell's lines with "; " where the document breaks the line."""
    return re.sub(r"[\s;]+", " ", clean(words)).strip(" .;").casefold()


def _fields(task: Task) -> dict[str, str]:
    return {
        "stt": task.stt,
        "objective": task.objective,
        "task": task.text,
        "product": task.product,
        "lead": task.lead.text,
        "cooperating": task.cooperating.text,
        "deadline": task.deadline.text,
    }


def _truth(name: str) -> list[dict[str, str]]:
    with (PLANS / f"{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _differences(name: str, read: PlanRead) -> list[str]:
    truth = _truth(name)
    found = []
    for row, (true, task) in enumerate(zip(truth, read.tasks, strict=True), start=1):
        for field, words in _fields(task).items():
            if field in true and _folded(words) != _folded(true[field]):
                found.append(f"row {row} {field}: {true[field]!r} read as {words!r}")
    return found


def _headings(words: str) -> str:
    return re.sub(r"^(\w+)\.? ", r"\1 ", _folded(words))


def _all_documents() -> list[Path]:
    return sorted(path for path in PLANS.iterdir() if path.suffix in FORMATS)


@pytest.mark.parametrize("path", _all_documents(), ids=lambda path: path.name)
def test_every_row_and_field_is_read_as_printed(path: Path) -> None:
    read = read_plan(path)
    assert _differences(path.stem, read) == []
    true_sections = [_headings(true["section"].partition(" > ")[0]) for true in _truth(path.stem)]
    assert [_headings(task.section) for task in read.tasks] == true_sections


@pytest.mark.parametrize("path", _all_documents(), ids=lambda path: path.name)
def test_every_row_of_the_tables_is_accounted_for(path: Path) -> None:
    rows = asdict(read_plan(path).rows)
    assert rows.pop("total") == sum(rows.values())
    assert rows["tasks"] == len(_truth(path.stem))
    assert rows["problems"] == 0


@pytest.mark.parametrize("suffix", FORMATS)
def test_the_plan_of_2022_has_its_groups_in_every_format(suffix: str) -> None:
    read = read_plan(PLANS / f"cchc-2022{suffix}")
    assert [task.group for task in read.tasks] == [true["group"] for true in _truth("cchc-2022")]
    assert [task.section for task in read.tasks] == [true["section"] for true in _truth("cchc-2022")]
    assert read.head.year == 2022


def test_the_plan_of_2022_repeats_its_numbers_and_each_row_stays_a_task() -> None:
    read = read_plan(PLANS / "cchc-2022.docx")
    assert len({task.stt for task in read.tasks}) < 41 < len(read.tasks) == 57
    assert [task.row for task in read.tasks] == list(range(1, 58))
    assert read.rows.sections == 7
    assert read.rows.groups == 8


def test_the_malformed_deadlines_of_2022_are_questions_at_their_place() -> None:
    read = read_plan(PLANS / "cchc-2022.docx")
    asked = [problem for task in read.tasks for problem in task.problems]
    assert {problem.params["words"] for problem in asked} == {"Tháng 15/11/2022", "Tháng Quý IV/2022"}
    assert all(problem.code.startswith("deadline_unclear") for problem in asked)
    first = asked[0].where
    assert first is not None
    assert (first.table, first.row, first.column) == (1, 6, "Thời gian hoàn thành")


def test_kinds_of_deadlines_do_not_depend_on_the_format() -> None:
    kinds = [[task.deadline.kind for task in read_plan(PLANS / f"cchc-2022{s}").tasks] for s in FORMATS]
    assert kinds[0] == kinds[1] == kinds[2] == kinds[3]
    assert Counter(kinds[0])[Kind.CONTINUOUS] == 36


def test_what_no_column_wording_claims_is_kept_as_extra() -> None:
    task = read_plan(PLANS / "tb-624-vpcp-2025-pl1-quahan.xlsx").tasks[1]
    assert task.extra == {"Văn bản giao": "Nghị quyết số 71/NQ-CP"}
    assert task.lead.units == ("Các bộ, ngành",)


def test_the_head_of_a_plan_is_read_from_the_words_above_the_table() -> None:
    head = read_plan(PLANS / "dongthap-552-kh-ubnd-2025.docx").head
    assert (head.number, head.title, head.year) == ("552/KH-UBND", "DANH MỤC NHIỆM VỤ", 2025)
    assert read_plan(PLANS / "cchc-2022.xlsx").head.issuer == "Sở Công Thương"
