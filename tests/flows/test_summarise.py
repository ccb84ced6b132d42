"""Summarising: on the first working day after a cut-off, once, late after downtime, for ever the same."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from flows.summarise import summarise_work
from notifications.papers.summary import write_summary
from storage import snapshots, tasks
from storage.engine import read
from storage.schema import SnapshotRow
from tasks_catalog.digest import summary_from_json
from tests.flows.cast import NUMBER, Department


def periods(department: Department, day: date) -> list[str]:
    return [written.period for written in summarise_work(department.office, day)]


def frozen(department: Department, period: str) -> SnapshotRow:
    with read(department.office.engine) as session:
        plan = tasks.plan_or_refuse(session, department.office.organisation_id, NUMBER)
        kept = snapshots.latest(session, plan, period)
        assert kept is not None
        return kept


@pytest.mark.parametrize(
    ("day", "due"),
    [
        pytest.param(date(2023, 3, 14), [], id="not on the day of the cut-off itself"),
        pytest.param(date(2023, 3, 15), ["2023-Q1"], id="on the first working day after it"),
        pytest.param(date(2023, 3, 20), ["2023-Q1"], id="days late after downtime"),
        pytest.param(date(2023, 6, 15), ["2023-Q1", "2023-H1"], id="two cut-offs missed: both"),
        pytest.param(date(2023, 9, 18), ["2023-Q1", "2023-H1", "2023-Q3"], id="three missed"),
        pytest.param(date(2023, 12, 29), ["2023-Q1", "2023-H1", "2023-Q3", "2023-Y"], id="the year's report"),
        pytest.param(
            date(2024, 1, 2),
            ["2023-Q1", "2023-H1", "2023-Q3", "2023-Y", "2023-END"],
            id="in January the closing reckoning",
        ),
    ],
)
def test_what_is_due_on_a_day_and_only_once(department: Department, day: date, due: list[str]) -> None:
    department.start()
    assert periods(department, day) == due
    assert periods(department, day) == []


def test_a_period_that_ended_before_the_plan_started_is_not_summed_up(department: Department) -> None:
    department.start(on=date(2023, 4, 3))
    assert periods(department, date(2023, 6, 15)) == ["2023-H1"]


def test_the_coordinator_and_the_leaders_get_it_and_it_lies_in_the_home_folder(
    any_department: Department,
) -> None:
    department = any_department
    department.start()
    department.report(2, "QLCN", date(2023, 3, 10))
    letters = department.morning(date(2023, 3, 15))
    summaries = {mail.to: mail for mail in letters.values() if mail.is_summary}
    assert sorted(summaries) == ["bach", "truc", "tung"]
    assert {mail.subject for mail in summaries.values()} == {
        "[CCHC] Tổng hợp quý I năm 2023: hoàn thành 1/6, số liệu đến hết ngày 14/03/2023 – Kế hoạch 25/KH-SCT"
    }
    (part,) = summaries["bach"].raw.iter_attachments()
    path = department.office.settings.home / "summaries" / "bao-cao-25-kh-sct-2023-Q1.docx"
    assert part.get_content() == path.read_bytes()
    assert summaries["bach"].files == (path.name,)


def test_the_figures_are_those_of_the_cut_off_whatever_was_reported_after_it(department: Department) -> None:
    department.start()
    department.report(2, "QLCN", date(2023, 3, 15))
    summarise_work(department.office, date(2023, 3, 16))
    assert frozen(department, "2023-Q1").content["done"] == 0
    department.report(5, "KHTCTH", date(2023, 3, 16))
    assert periods(department, date(2023, 3, 17)) == []


def test_the_same_snapshot_gives_the_same_bytes_for_ever(department: Department, tmp_path: Path) -> None:
    department.start()
    (written,) = summarise_work(department.office, date(2023, 3, 15))
    department.report(2, "QLCN", date(2023, 3, 20))
    kept = frozen(department, "2023-Q1")
    assert kept.sha256 == written.sha256
    again = tmp_path / "again.docx"
    write_summary(summary_from_json(kept.content), again)
    assert again.read_bytes() == written.file.read_bytes()
    assert json.loads(snapshots.canonical(kept.content)) == kept.content
