"""A month as a calendar shows it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks_catalog.month import Month, month_of, read_month
from tasks_catalog.problem import Refused


@given(day=st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_the_weeks_of_a_month_hold_each_of_its_days_once_from_monday(day: date) -> None:
    month = month_of(day)
    days = [each for week in month.weeks for each in week]
    assert days.count(day) == 1
    assert days == sorted(days)
    assert all(week[0].weekday() == 0 and len(week) == 7 for week in month.weeks)
    assert any(each in month.weeks[0] for each in (month.first,))
    assert month.last in month.weeks[-1]
    assert read_month(str(month)) == month


def test_december_is_before_january() -> None:
    assert Month(2022, 12).after == Month(2023, 1)
    assert Month(2023, 1).before == Month(2022, 12)
    assert Month(2000, 1).before is None
    assert Month(2099, 12).after is None


@pytest.mark.parametrize(
    "text", ["2022-13", "2022-00", "2022-1", "10/2022", "1999-12", "٢٠٢٢-10", "2022-10-01", ""]
)
def test_what_is_no_month_is_named_with_what_would_be_right(text: str) -> None:
    with pytest.raises(Refused) as refused:
        read_month(text)
    assert refused.value.code == "month_unreadable"
    assert refused.value.params["month"] == text
