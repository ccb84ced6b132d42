"""A directory learned from plans: one name stands together, and the plan then asks nothing of names."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from tasks_catalog.collective import is_collective
from tasks_catalog.deadline import Deadline, Kind
from tasks_catalog.directory_check import check_directory
from tasks_catalog.documents import read_plan
from tasks_catalog.documents.directory import read_directory
from tasks_catalog.documents.directory_draft import draft_of
from tasks_catalog.learning import LearnedDirectory, learn_directory, with_members
from tasks_catalog.people import Unit
from tasks_catalog.problem import Weight
from tasks_catalog.resolve import GROUP_EMPTY, resolve_ownership
from tasks_catalog.task import PlanHead, PlanRead, RowCount, Task, UnitsWritten

PLANS = Path(__file__).parents[1] / "data" / "plans"
FILES = sorted(file.name for file in PLANS.iterdir() if file.suffix != ".csv")


@cache
def plan(file: str) -> PlanRead:
    return read_plan(PLANS / file)


def written(*cells: tuple[str, str]) -> PlanRead:
    """A plan of rows with these owners and co-owners."""
    tasks = tuple(
        Task(
            row=row,
            text="Việc",
            lead=UnitsWritten(text=lead),
            cooperating=UnitsWritten(text=helping),
            deadline=Deadline(text="Thường xuyên", kind=Kind.CONTINUOUS),
        )
        for row, (lead, helping) in enumerate(cells, start=1)
    )
    return PlanRead(head=PlanHead(issuer="Sở Thử"), tasks=tasks, rows=RowCount(total=len(tasks)))


def names(learned: LearnedDirectory) -> dict[str, tuple[str, ...]]:
    return {each.unit.code: (each.unit.name, *each.unit.aliases) for each in learned.units}


def test_variants_of_one_name_are_one_unit() -> None:
    learned = learn_directory(
        written(
            ("Phòng Kế hoạch – Tài chính", "P. KH-TC; TTr"),
            ("Phòng Kế hoạch - Tài chính", "Thanh tra Sở, VP"),
            ("Văn phòng Sở", "Các phòng, đơn vị thuộc Sở"),
            ("Thanh tra Sở (chủ trì), KHTC (phối hợp)", "Văn phòng"),
        )
    )
    assert names(learned) == {
        "KHTC": ("Phòng Kế hoạch - Tài chính", "KHTC", "P. KH-TC"),
        "TT": ("Thanh tra Sở", "TTr"),
        "VP": ("Văn phòng Sở", "VP", "Văn phòng"),
    }
    (group,) = learned.groups
    assert (group.group.name, group.group.members) == ("Các phòng, đơn vị thuộc Sở", ())
    assert set(group.candidates) == {"KHTC", "TT", "VP"}
    assert (learned.code, learned.name) == ("so-thu", "Sở Thử")


def test_the_most_frequent_come_first_with_their_rows() -> None:
    learned = learn_directory(
        written(("Phòng A", "Phòng B"), ("Phòng B", ""), ("Phòng B", "Phòng A; Phòng B"))
    )
    met = [(each.unit.name, each.as_owner, each.as_co_owner) for each in learned.units]
    assert met == [("Phòng B", 2, 2), ("Phòng A", 1, 1)]


def test_an_abbreviation_of_two_names_stays_apart() -> None:
    learned = learn_directory(written(("Phòng Tài chính", "Phòng Tổ chức"), ("P. TC", "")))
    assert sorted(called[0] for called in names(learned).values()) == [
        "P. TC",
        "Phòng Tài chính",
        "Phòng Tổ chức",
    ]


def test_names_run_together_are_no_unit_of_their_own() -> None:
    learned = learn_directory(written(("Bộ Nội vụ", "Bộ Y tế"), ("Bộ Nội vụ Bộ Y tế", "")))
    assert sorted(names(learned)) == ["BNV", "BYT"]


def test_codes_are_told_apart() -> None:
    learned = learn_directory(written(("Bộ Tài chính", "Bộ Tư cách"), ("Bộ Tổ chức", "BTC")))
    codes = [each.unit.code for each in learned.units]
    assert len(set(codes)) == len(codes)
    check_directory(learned.directory)


@pytest.mark.parametrize(
    "name",
    [
        "Các phòng, đơn vị thuộc Sở",
        "Các sở, ban, ngành",
        "Sở, ban, ngành có liên quan",
        "UBND các phường, xã",
        "các cơ quan, đơn vị có liên quan",
        "các địa phương",
        "Địa phương",
        "Bộ, ngành, địa phương",
        "Ban giám đốc, các phòng, đơn vị thuộc Sở",
        "Viện, Trường",
        "Thủ trưởng các đơn vị",
        "Địa phương được lựa chọn",
        "Cơ quan, đơn vị liên quan",
    ],
)
def test_wordings_for_many(name: str) -> None:
    assert is_collective(name)


@pytest.mark.parametrize(
    "name",
    [
        "Liên hiệp các Hội Khoa học và Kỹ thuật",
        "Sở Văn hóa, Thể thao và Du lịch",
        "Ban Quản lý khu Kinh tế",
        "Hiệp hội Doanh nghiệp",
        "UBND tỉnh",
        "Bộ Nội vụ",
        "Môi trường Đô thị",
        "Cơ quan Thường trực Ban Chỉ đạo",
        "VTV",
    ],
)
def test_names_of_one_unit(name: str) -> None:
    assert not is_collective(name)


@pytest.mark.parametrize("file", FILES)
def test_a_plan_asks_nothing_about_names_of_the_directory_learned_from_it(file: str, tmp_path: Path) -> None:
    """Written, read back and used as it is: what is left to ask is only who belongs to a group."""
    learned = learn_directory(plan(file))
    draft = tmp_path / "danh-ba.toml"
    draft.write_text(draft_of(learned, file), encoding="utf-8")
    directory = read_directory(draft)
    assert directory == learned.directory
    check_directory(directory)
    asked = {
        problem.code
        for task in plan(file).tasks
        for problem in resolve_ownership(task.lead, task.cooperating, directory).problems
        if problem.weight is Weight.QUESTION
    }
    assert asked <= {GROUP_EMPTY}


@pytest.mark.parametrize("file", FILES)
def test_with_its_groups_filled_in_every_row_has_its_units(file: str) -> None:
    filled = with_members(learn_directory(plan(file))).directory
    local = Unit(code="DIA-PHUONG", name="Đơn vị điền thêm")
    groups = tuple(replace(group, members=group.members or (local.code,)) for group in filled.groups)
    directory = replace(filled, units=(*filled.units, local), groups=groups)
    for task in plan(file).tasks:
        read = resolve_ownership(task.lead, task.cooperating, directory)
        assert read.owners, task.row
        assert not [problem for problem in read.problems if problem.weight is Weight.QUESTION], task.row


@pytest.mark.parametrize(
    ("file", "units", "groups"),
    [
        pytest.param("tb-624-vpcp-2025-pl1-quahan.xlsx", 15, 13, id="ministries of an overdue list"),
        pytest.param("nq-03-nq-cp-2025-pl2.xlsx", 30, 15, id="ministries of a resolution"),
        pytest.param("dongthap-552-kh-ubnd-2025.docx", 9, 3, id="departments of a province"),
        pytest.param("cchc-2022.docx", 4, 3, id="rooms of a department, one written three ways"),
    ],
)
def test_how_much_is_learned(file: str, units: int, groups: int) -> None:
    learned = learn_directory(plan(file))
    assert (len(learned.units), len(learned.groups)) == (units, groups)


def test_a_name_the_plan_broke_off_is_marked_for_review() -> None:
    draft = draft_of(learn_directory(plan("nq-03-nq-cp-2025-pl2.xlsx")), "nq-03.xlsx")
    assert draft.count("# xem lại:") == 1
    assert "“Bộ Khoa học và Công nghệ, Bộ”" in draft


def test_one_room_written_in_three_ways() -> None:
    learned = learn_directory(plan("cchc-2022.docx"))
    assert names(learned)["KHTCTH"] == ("Phòng Kế hoạch – Tài chính – Tổng hợp", "Phòng KH-TC-TH")
