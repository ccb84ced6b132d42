"""When a stated recurrence comes due."""

from __future__ import annotations

from datetime import date

import pytest

from tasks_catalog.deadline.recurrence import RecurrenceNotRead, occurrence_dates


def due(recurrence: str, start: str = "2025-01-01", end: str = "2025-12-31") -> list[str]:
    days = occurrence_dates(recurrence, start=date.fromisoformat(start), end=date.fromisoformat(end))
    return [f"{day:%d/%m}" for day in days]


@pytest.mark.parametrize(
    ("recurrence", "expected"),
    [
        pytest.param("FREQ=QUARTERLY", "31/03 30/06 30/09 31/12", id="a quarter ends with its last day"),
        pytest.param("FREQ=HALFYEARLY", "30/06 31/12", id="half years end in June and December"),
        pytest.param("FREQ=YEARLY", "31/12", id="a year ends with December"),
        pytest.param("FREQ=YEARLY;BYMONTH=2", "28/02", id="a month ends with its last day"),
        pytest.param("FREQ=YEARLY;BYMONTH=6,12;BYMONTHDAY=20", "20/06 20/12", id="a day of two months"),
        pytest.param(
            "FREQ=MONTHLY;BYMONTH=3,6,9,12;BYMONTHDAY=15", "15/03 15/06 15/09 15/12", id="a day a quarter"
        ),
        pytest.param(
            "FREQ=QUARTERLY;BYMONTHDAY=20", "20/03 20/06 20/09 20/12", id="a day of the quarter's end"
        ),
        pytest.param("FREQ=MONTHLY;INTERVAL=4", "30/04 31/08 31/12", id="four months end with the fourth"),
        pytest.param("FREQ=YEARLY;INTERVAL=2", "", id="two years end in the second"),
    ],
)
def test_due_days_of_a_year(recurrence: str, expected: str) -> None:
    assert " ".join(due(recurrence)) == expected


def test_a_day_a_month_has_not_falls_on_its_last() -> None:
    assert due("FREQ=MONTHLY;BYMONTHDAY=30", end="2025-03-31") == ["30/01", "28/02", "30/03"]


def test_weeks_end_on_friday_or_the_day_named() -> None:
    assert due("FREQ=WEEKLY", end="2025-01-12") == ["03/01", "10/01"]
    assert due("FREQ=WEEKLY;BYDAY=MO,TH", end="2025-01-09") == ["02/01", "06/01", "09/01"]


def test_first_monday_of_each_month() -> None:
    assert due("FREQ=MONTHLY;BYDAY=1MO", end="2025-03-31") == ["06/01", "03/02", "03/03"]


def test_both_ends_count_and_nothing_outside_them() -> None:
    assert due("FREQ=QUARTERLY", start="2025-03-31", end="2025-06-30") == ["31/03", "30/06"]
    assert due("FREQ=QUARTERLY", start="2025-04-01", end="2025-06-29") == []
    assert due("FREQ=WEEKLY", start="2025-06-01", end="2025-05-01") == []


@pytest.mark.parametrize(
    "recurrence",
    [
        "",
        "hằng năm",
        "FREQ=HOURLY",
        "FREQ=YEARLY;BYMONTH=13",
        "FREQ=MONTHLY;BYMONTHDAY=32",
        "FREQ=YEARLY;INTERVAL=0",
        "FREQ=WEEKLY;BYDAY=XX",
        "FREQ=YEARLY;COUNT=3",
    ],
)
def test_other_words_are_refused_with_the_words(recurrence: str) -> None:
    with pytest.raises(RecurrenceNotRead) as refused:
        due(recurrence)
    assert refused.value.params == {"recurrence": recurrence}
