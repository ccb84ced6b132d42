"""Escalating: up the chain a step at a time, one level up where a post is vacant or is itself the owner."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from sqlalchemy import Engine

from flows.escalate import escalate_work
from tests.flows.cast import PLAN, Department, example_directory, open_department

FIRST, LAST = date(2023, 1, 27), date(2023, 2, 10)
LONE = "\n".join(PLAN.splitlines()[:2]).replace("Thanh tra Sở", "")


def chain(department: Department) -> list[tuple[str, str]]:
    found = department.mornings(FIRST, LAST)
    return [(day.isoformat()[5:], reader) for day, letters in found.items() for reader in sorted(letters)]


def test_without_a_deputy_in_charge_his_step_goes_to_the_director(
    sqlite_engine: Engine, tmp_path: Path
) -> None:
    known = example_directory()
    people = tuple(p for p in known.people if p.post != "deputy_director")
    department = open_department(sqlite_engine, tmp_path, directory=replace(known, people=people))
    department.start(LONE, on=FIRST)
    assert chain(department)[-3:] == [("02-01", "truc"), ("02-03", "bach"), ("02-10", "bach")]


def test_a_unit_that_nobody_answers_for_is_the_coordinators_with_an_alert(
    sqlite_engine: Engine, tmp_path: Path
) -> None:
    known = example_directory()
    people = tuple(p for p in known.people if p.unit != "QLTM")
    empty = replace(
        known, people=people, focal_points={k: v for k, v in known.focal_points.items() if k != "QLTM"}
    )
    department = open_department(sqlite_engine, tmp_path, directory=empty)
    department.start(LONE, on=FIRST)
    letters = department.morning(FIRST)
    assert list(letters) == ["truc"]
    assert "Cảnh báo: danh bạ chưa có cán bộ phụ trách, đầu mối hay trưởng đơn vị" in letters["truc"].text


def test_the_board_of_directors_is_urged_up_to_its_date_and_no_further(department: Department) -> None:
    department.start(LONE.replace("Phòng Quản lý thương mại", "Ban Giám đốc"), on=FIRST)
    assert chain(department) == [("01-27", "bach"), ("01-27", "tung")]


def test_a_tasks_officer_who_is_the_coordinator_is_not_told_of_himself(department: Department) -> None:
    department.start(LONE.replace("Phòng Quản lý thương mại", "Văn phòng Sở"), on=FIRST)
    with department.desk(date(2023, 1, 27), "sen", hour=7) as desk:
        desk.reassign("25/KH-SCT/1", from_unit="VP", to_unit="VP", officer="truc")
    assert chain(department) == [
        ("01-27", "sen"),
        ("01-27", "truc"),
        ("01-30", "sen"),
        ("01-30", "truc"),
        ("02-01", "tung"),
        ("02-03", "tung"),
        ("02-10", "bach"),
    ]


def test_only_the_step_that_says_so_carries_a_draft(department: Department) -> None:
    department.start(LONE, on=FIRST)
    found = department.mornings(FIRST, LAST)
    drafts = {
        (day, reader): tuple(name for name in mail.files if name.endswith(".docx"))
        for day, letters in found.items()
        for reader, mail in letters.items()
    }
    assert {key: files for key, files in drafts.items() if files} == {
        (LAST, "bach"): ("du-thao-cong-van-don-doc-1-QLTM.docx",)
    }
    assert escalate_work(department.office, date(2023, 2, 13)).waiting == 0
