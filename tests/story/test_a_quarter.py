"""The whole small plan through its first quarter: period sheets, helpers, holidays, a period's end."""

from __future__ import annotations

from datetime import date

import pytest

from tasks_catalog.ladder import NoticeState
from tests.flows.cast import ISSUED, NUMBER, PLAN, YEAR, Department, days, subjects
from tests.flows.cast import working_days as office_calendar

SHEETS = "\n".join(line for n, line in enumerate(PLAN.splitlines()) if n in (0, 3, 6))
"""The continuous tasks: one of every unit, one of the inspectorate's that may also arise."""
TWO_DATES = "\n".join(line for n, line in enumerate(PLAN.splitlines()) if n in (0, 1, 5))
ROOMS = ("bang", "dau", "gu", "huong", "sung", "tau", "tram", "vung")


def test_a_period_sheet_is_one_line_however_many_tasks_it_holds(department: Department) -> None:
    department.start(SHEETS)
    found = department.mornings(date(2023, 2, 28), date(2023, 3, 17))
    assert {day: tuple(sorted(letters)) for day, letters in found.items()} == {
        date(2023, 2, 28): ROOMS,
        date(2023, 3, 10): ROOMS,
        date(2023, 3, 15): tuple(sorted((*ROOMS, "bach", "truc", "tung"))),  # and the quarter's summary
        date(2023, 3, 17): ("truc",),  # no further than the coordinator
    }
    sheet = found[date(2023, 2, 28)]["gu"]
    assert sheet.subject == "[CCHC] 1 sắp đến hạn từ ngày 14/03/2023 – Kế hoạch 25/KH-SCT"
    assert sheet.plan_part.count("Phiếu kỳ") == 2  # what to do first names it, and its one line
    assert "1. Phiếu kỳ quý I năm 2023: 2 nội dung thường xuyên, cập nhật và gửi một lần" in sheet.text
    assert "2. " not in sheet.plan_part
    assert "/sheets/25%2FKH-SCT/2023-Q1/TT" in sheet.text
    urged = found[date(2023, 3, 17)]["truc"].plan_part
    assert urged.count("Phiếu kỳ quý I năm 2023") == len(ROOMS) + 1  # a line a unit


def test_a_unit_that_sent_its_sheet_hears_no_more_of_it(department: Department) -> None:
    department.start(SHEETS)
    department.mornings(date(2023, 2, 28), date(2023, 3, 1))
    for row in (1, 2):
        department.report(row, "TT", date(2023, 3, 1), occurrence="2023-03-14")
    found = department.mornings(date(2023, 3, 2), date(2023, 3, 16))
    assert all("gu" not in letters for letters in found.values())
    assert "huong" in found[date(2023, 3, 15)]


def test_the_holidays_of_april_and_may_burn_no_step_of_the_ladder(department: Department) -> None:
    department.start(TWO_DATES.replace("27/01/2023", "28/04/2023"), on=date(2023, 4, 27))
    found = department.mornings(date(2023, 4, 28), date(2023, 5, 12))
    assert {day: tuple(sorted(letters)) for day, letters in found.items()} == {
        date(2023, 4, 28): ("huong", "sao", "tau", "trac"),
        date(2023, 5, 4): ("huong", "sao", "tau", "trac"),  # 29/04 to 03/05 are rest days
        date(2023, 5, 8): ("truc",),
        date(2023, 5, 10): ("tung",),
    }
    assert found[date(2023, 5, 8)]["truc"].subject == (
        "[CCHC] 2 cần đôn đốc, hạn sớm nhất ngày 28/04/2023 – Kế hoạch 25/KH-SCT"
    )


def test_the_quarter_leaves_every_line_of_the_ledger_accounted_and_no_letter_on_a_rest_day(
    department: Department,
) -> None:
    department.start(welcome=True)
    department.mornings(ISSUED, date(2023, 1, 16), rest_days=True)
    department.report(1, "QLTM", date(2023, 1, 16))
    department.mornings(date(2023, 2, 28), date(2023, 3, 1))
    with department.desk(date(2023, 3, 1), "sua") as desk:
        desk.reassign(f"{NUMBER}/2", from_unit="QLCN", to_unit="QLTM")
    department.mornings(date(2023, 3, 10), date(2023, 4, 3), rest_days=True)
    letters = [mail.raw["Date"].datetime for mail in department.files().values()]
    assert letters
    assert all(office_calendar().is_working(sent.date()) and sent.hour == 8 for sent in letters)
    counts = department.counts()
    assert counts[NoticeState.WAITING] == 0
    assert sum(counts.values()) == department.sizes()["notice"]
    assert {letter.state for letter in department.letters()} == {"sent"}
    assert all(audit.is_clean for audit in department.audits)


def test_living_through_the_weeks_a_second_time_adds_nothing(department: Department) -> None:
    department.start(welcome=True)
    department.mornings(ISSUED, date(2023, 1, 30))
    before, files = department.dump(), set(department.files())
    assert department.mornings(ISSUED, date(2023, 1, 30)) == {}
    assert department.dump() == before
    assert set(department.files()) == files


@pytest.mark.parametrize(
    "day", [date(2023, 1, 6), date(2023, 1, 27), date(2023, 2, 28)], ids=lambda day: f"{day:%d/%m}"
)
def test_a_morning_run_again_the_same_day_adds_nothing(any_department: Department, day: date) -> None:
    any_department.start()
    assert any_department.morning(day)
    before = any_department.dump()
    assert any_department.morning(day) == {}
    assert any_department.dump() == before


def test_a_welcome_tells_each_unit_of_its_own_once_and_nobody_of_nothing(department: Department) -> None:
    department.start(welcome=True)
    welcomed = department.morning(ISSUED)
    assert tuple(welcomed) == tuple(sorted(ROOMS, key=list(welcomed).index))
    assert subjects(welcomed)["huong"] == (
        "[CCHC] Phòng Quản lý thương mại: 2 việc chủ trì, 0 việc phối hợp, hạn gần nhất ngày 27/01/2023"
        " – Kế hoạch 25/KH-SCT"
    )
    assert "25/KH-SCT/1 – Quy định đấu thầu chợ" in welcomed["gu"].text  # it helps with that one
    assert YEAR.year == 2023
    assert all(department.morning(day) == {} for day in days(date(2023, 1, 4), date(2023, 1, 5)))
