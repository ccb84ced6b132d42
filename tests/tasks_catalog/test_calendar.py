"""Working days: the real holidays of six years, and what must hold on any calendar."""

from __future__ import annotations

import csv
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.wording import problem_sentence, sentence
from tasks_catalog.calendar import SwappedDay, WorkCalendar, vietnam
from tasks_catalog.documents.swapped_days import read_swapped_days
from tasks_catalog.problem import Refused

TRUTH = Path(__file__).parent.parent / "data" / "holidays_vn_2022_2027.csv"
YEARS = range(2022, 2028)

FIRST, LAST = date(2021, 1, 1), date(2028, 12, 31)
days = st.dates(date(2022, 6, 1), date(2026, 6, 1))
steps = st.integers(-60, 60)


def real() -> WorkCalendar:
    return vietnam(YEARS, read_swapped_days())


@st.composite
def calendars(draw: st.DrawFn) -> WorkCalendar:
    off = draw(st.sets(st.dates(date(2022, 5, 1), date(2026, 7, 1)), max_size=40))
    worked = draw(st.sets(st.dates(date(2022, 5, 1), date(2026, 7, 1)), max_size=10))
    return WorkCalendar(
        first=FIRST, last=LAST, off=dict.fromkeys(off - worked, "Nghỉ"), worked=frozenset(worked)
    )


def with_day_off(calendar: WorkCalendar, day: date) -> WorkCalendar:
    off = {**calendar.off, day: "Nghỉ thêm"}
    return WorkCalendar(first=FIRST, last=LAST, off=off, worked=calendar.worked - {day})


def test_every_day_of_six_years_is_off_or_worked_as_the_list_says() -> None:
    with TRUTH.open(encoding="utf-8") as file:
        listed = {date.fromisoformat(row["date"]): row["type"] for row in csv.DictReader(file)}
    calendar = real()
    different = []
    day = date(2022, 1, 1)
    while day.year < 2028:
        expected = listed[day] == "làm bù" if day in listed else day.weekday() < 5
        if calendar.is_working(day) != expected:
            different.append(day)
        day += timedelta(days=1)
    assert different == []


@pytest.mark.parametrize(
    ("day", "working", "why"),
    [
        pytest.param(date(2026, 1, 2), False, "Hoán đổi sang thứ Bảy 10/01/2026", id="swapped away by 12729"),
        pytest.param(date(2026, 1, 10), True, None, id="the Saturday worked instead"),
        pytest.param(date(2024, 4, 29), False, "Ngày nghỉ (thay cho ngày 04/05/2024)", id="a swap of 2024"),
        pytest.param(date(2024, 5, 4), True, None, id="its worked Saturday"),
        pytest.param(date(2022, 4, 11), False, "Ngày Giỗ Tổ Hùng Vương (nghỉ bù)", id="a substitute day"),
        pytest.param(date(2025, 1, 29), False, "Tết Nguyên Đán", id="the lunar new year"),
        pytest.param(
            date(2022, 4, 30), False, "Ngày Chiến thắng", id="a holiday on a Saturday keeps its name"
        ),
        pytest.param(date(2022, 11, 19), False, None, id="a plain Saturday has no name"),
        pytest.param(date(2022, 11, 21), True, None, id="a plain Monday"),
    ],
)
def test_why_a_day_is_off(day: date, working: bool, why: str | None) -> None:
    assert (real().is_working(day), real().why_off(day)) == (working, why)


def test_the_culture_day_is_off_and_shown_as_unconfirmed() -> None:
    open_days = real().unconfirmed
    assert [s.day for s in open_days] == [date(2026, 11, 24), date(2027, 11, 24)]
    assert not real().is_working(date(2026, 11, 24))
    told = sentence("day_off_unconfirmed", date=open_days[0].day, name="Ngày Văn hóa Việt Nam", document="NQ")
    assert "24/11/2026 (Ngày Văn hóa Việt Nam)" in told


def test_a_swapped_day_has_the_last_word_over_the_library() -> None:
    worked = SwappedDay(day=date(2026, 11, 24), worked=True, document="văn bản mới")
    off = SwappedDay(day=date(2026, 8, 22), worked=False, name="Thôi làm bù")
    calendar = vietnam([2026], [worked, off])
    assert calendar.is_working(date(2026, 11, 24))
    assert calendar.why_off(date(2026, 8, 22)) == "Thôi làm bù"


@pytest.mark.parametrize(
    ("day", "n", "expected"),
    [
        pytest.param(date(2022, 11, 30), -10, date(2022, 11, 16), id="ten working days before, two weekends"),
        pytest.param(date(2022, 9, 5), -1, date(2022, 8, 31), id="over National Day back to Wednesday"),
        pytest.param(date(2023, 1, 19), 1, date(2023, 1, 27), id="over Tết to the Friday after"),
        pytest.param(date(2022, 11, 20), 1, date(2022, 11, 21), id="from a Sunday to its Monday"),
        pytest.param(date(2022, 11, 20), -1, date(2022, 11, 18), id="from a Sunday to its Friday"),
        pytest.param(date(2022, 11, 20), 0, date(2022, 11, 20), id="none leaves a rest day as it is"),
        pytest.param(date(2021, 12, 31), 1, date(2022, 1, 4), id="over the year's end and a substitute day"),
        pytest.param(date(2026, 1, 9), 1, date(2026, 1, 10), id="a worked Saturday counts"),
    ],
)
def test_counting_working_days(day: date, n: int, expected: date) -> None:
    assert real().add_working_days(day, n) == expected


def test_a_term_that_ends_on_a_rest_day_ends_with_the_next_working_day() -> None:
    assert real().next_working(date(2022, 4, 30)) == date(2022, 5, 4)
    assert real().previous_working(date(2022, 4, 30)) == date(2022, 4, 29)
    assert real().next_working(date(2022, 5, 4)) == date(2022, 5, 4)


def test_counting_between_takes_the_end_and_leaves_the_start() -> None:
    friday, monday = date(2022, 11, 18), date(2022, 11, 21)
    assert real().working_days_between(friday, monday) == 1
    assert real().working_days_between(monday, friday) == -1
    assert real().working_days_between(friday, friday) == 0


@given(calendar=calendars(), day=days, extra=days, n=st.integers(0, 60))
def test_one_more_day_off_never_makes_anything_earlier(
    calendar: WorkCalendar, day: date, extra: date, n: int
) -> None:
    longer = with_day_off(calendar, extra)
    assert longer.next_working(day) >= calendar.next_working(day)
    assert longer.add_working_days(day, n) >= calendar.add_working_days(day, n)
    # Counting backwards it leaves more time, never less.
    assert longer.add_working_days(day, -n) <= calendar.add_working_days(day, -n)
    assert longer.previous_working(day) <= calendar.previous_working(day)


@given(calendar=calendars(), day=days, n=steps)
def test_there_and_back_is_the_same_working_day(calendar: WorkCalendar, day: date, n: int) -> None:
    start = calendar.next_working(day)
    assert calendar.add_working_days(calendar.add_working_days(start, n), -n) == start


@given(calendar=calendars(), a=days, b=days, n=steps)
def test_a_later_day_never_gives_an_earlier_result(calendar: WorkCalendar, a: date, b: date, n: int) -> None:
    a, b = sorted((a, b))
    assert calendar.next_working(a) <= calendar.next_working(b)
    assert calendar.add_working_days(a, n) <= calendar.add_working_days(b, n)


@given(calendar=calendars(), day=days, n=steps)
def test_counting_between_undoes_adding(calendar: WorkCalendar, day: date, n: int) -> None:
    reached = calendar.add_working_days(day, n)
    assert calendar.working_days_between(day, reached) == n
    assert n == 0 or calendar.is_working(reached)


def test_a_day_outside_is_refused_not_taken_for_a_working_day() -> None:
    calendar = vietnam([2022])
    assert calendar.is_working(date(2021, 12, 31))
    for ask in (calendar.is_working, calendar.next_working, calendar.previous_working, calendar.why_off):
        with pytest.raises(Refused) as refused:
            ask(date(2024, 1, 2))
        assert refused.value.code == "day_outside_calendar"
    with pytest.raises(Refused) as refused:
        calendar.add_working_days(date(2023, 12, 20), 30)
    assert "20/12/2023" in problem_sentence(refused.value)


@pytest.mark.parametrize(
    "years",
    [
        pytest.param([], id="no year at all"),
        pytest.param([1950], id="before the labour code"),
        pytest.param([2022, 2150], id="beyond the lunar tables"),
    ],
)
def test_years_without_a_calendar_are_refused(years: list[int]) -> None:
    with pytest.raises(Refused) as refused:
        vietnam(years)
    assert problem_sentence(refused.value)


@pytest.mark.parametrize(
    ("lines", "code", "quoted"),
    [
        pytest.param("day,what\n", "swapped_days_columns", "day, what", id="other columns"),
        pytest.param(
            "date,state\n02/01/2026,off\n", "swapped_day_wrong", "02/01/2026", id="a day not in ISO"
        ),
        pytest.param("date,state\n2026-01-02,nghỉ\n", "swapped_day_wrong", "Dòng 2", id="an unknown state"),
        pytest.param(
            "# swaps\ndate,state\n2026-01-02,off\n2026-01-02,worked\n",
            "swapped_day_twice",
            "Dòng 4: ngày 02/01/2026",
            id="a day written twice",
        ),
    ],
)
def test_a_wrong_list_of_swapped_days_is_refused_by_its_line(
    tmp_path: Path, lines: str, code: str, quoted: str
) -> None:
    file = tmp_path / "days.csv"
    file.write_text(lines, encoding="utf-8")
    with pytest.raises(Refused) as refused:
        read_swapped_days(file)
    assert refused.value.code == code
    assert quoted in problem_sentence(refused.value)


def test_a_missing_list_of_swapped_days_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        read_swapped_days(tmp_path / "none.csv")
    assert "none.csv" in problem_sentence(refused.value)


def test_importing_the_calendar_does_not_import_the_holiday_library() -> None:
    asked = "import sys, tasks_catalog.calendar; print('holidays' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"
