"""Reporting periods: windows, cut-offs and the period a day belongs to."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.wording import sentence
from tasks_catalog.period import (
    REGIMES,
    PeriodKind,
    one_per_cut_off,
    period_by_key,
    period_of,
    periods_of,
)
from tasks_catalog.problem import Refused

days = st.dates(date(2000, 1, 1), date(2090, 12, 31))


def test_the_reform_regime_of_2022_has_the_windows_of_cong_van_581() -> None:
    assert [(p.key, p.kind, p.start, p.cut_off) for p in periods_of("cchc", 2022)] == [
        ("2022-Q1", PeriodKind.QUARTER, date(2021, 12, 15), date(2022, 3, 14)),
        ("2022-H1", PeriodKind.HALF, date(2021, 12, 15), date(2022, 6, 14)),
        ("2022-Q3", PeriodKind.QUARTER, date(2022, 6, 15), date(2022, 9, 14)),
        ("2022-Y", PeriodKind.YEAR, date(2021, 12, 15), date(2022, 12, 14)),
    ]


def test_decree_09_has_seven_periods_a_year() -> None:
    assert [(p.key, str(p.start), str(p.cut_off)) for p in periods_of("nd09", 2025)] == [
        ("2025-Q1", "2024-12-15", "2025-03-14"),
        ("2025-Q2", "2025-03-15", "2025-06-14"),
        ("2025-H1", "2024-12-15", "2025-06-14"),
        ("2025-Q3", "2025-06-15", "2025-09-14"),
        ("2025-9M", "2024-12-15", "2025-09-14"),
        ("2025-Q4", "2025-09-15", "2025-12-14"),
        ("2025-Y", "2024-12-15", "2025-12-14"),
    ]


def test_calendar_quarters_end_with_their_last_day() -> None:
    assert [str(p.cut_off) for p in periods_of("calendar", 2024)] == [
        "2024-03-31",
        "2024-06-30",
        "2024-09-30",
        "2024-12-31",
    ]


@pytest.mark.parametrize(
    ("day", "key"),
    [
        pytest.param(date(2022, 1, 5), "2022-Q1", id="a day early in the year is of the first quarter"),
        pytest.param(date(2022, 3, 14), "2022-Q1", id="the cut-off itself is still of its period"),
        pytest.param(date(2022, 3, 15), "2022-H1", id="the day after the first cut-off is of the half year"),
        pytest.param(date(2022, 9, 14), "2022-Q3", id="the last day of the third quarter's window"),
        pytest.param(date(2022, 12, 14), "2022-Y", id="the year's cut-off"),
        pytest.param(date(2022, 12, 15), "2023-Q1", id="15 December is next year's first quarter"),
        pytest.param(date(2022, 12, 31), "2023-Q1", id="so is the last day of the year"),
    ],
)
def test_period_of_a_day(day: date, key: str) -> None:
    assert period_of("cchc", day).key == key


@given(day=days, regime=st.sampled_from(sorted(REGIMES)))
def test_every_day_lies_in_the_window_of_its_period(day: date, regime: str) -> None:
    period = period_of(regime, day)
    assert period.start <= day <= period.cut_off
    assert period_by_key(regime, period.key) == period


@given(year=st.integers(1990, 2090), regime=st.sampled_from(sorted(REGIMES)))
def test_periods_come_by_cut_off_and_leave_no_day_out(year: int, regime: str) -> None:
    periods = periods_of(regime, year)
    assert [p.cut_off for p in periods] == sorted(p.cut_off for p in periods)
    assert {p.year for p in periods} == {year}
    first_of_next = periods_of(regime, year + 1)[0]
    assert first_of_next.start == periods[-1].cut_off + timedelta(days=1)


def test_a_unit_is_asked_once_a_cut_off_by_the_longest_report() -> None:
    asked = one_per_cut_off(periods_of("nd09", 2025))
    assert [p.key for p in asked] == ["2025-Q1", "2025-H1", "2025-9M", "2025-Y"]
    assert one_per_cut_off(periods_of("cchc", 2025)) == periods_of("cchc", 2025)


@pytest.mark.parametrize(
    ("key", "vi", "en"),
    [
        ("2022-Q1", "quý I năm 2022", "first quarter of 2022"),
        ("2022-H1", "6 tháng đầu năm 2022", "first six months of 2022"),
        ("2022-Q3", "quý III năm 2022", "third quarter of 2022"),
        ("2022-Y", "năm 2022", "year 2022"),
        ("2022-9M", "9 tháng đầu năm 2022", "first nine months of 2022"),
    ],
)
def test_each_period_has_its_name_in_words(key: str, vi: str, en: str) -> None:
    period = period_by_key("nd09", key)
    assert sentence(period.name_code, year=period.year) == vi
    assert sentence(period.name_code, "en", year=period.year) == en


def test_every_period_and_regime_is_named_in_both_languages() -> None:
    for regime in REGIMES:
        codes = [f"regime_{regime}", *(p.name_code for p in periods_of(regime, 2022))]
        assert all(sentence(code, lang, year=2022) for code in codes for lang in ("vi", "en"))


@pytest.mark.parametrize("key", ["2022-Q2", "2022-X", "Q1-2022", "2022", "", "0001-Q1", "٢٠٢٢-Q1", "2022-q1"])
def test_a_key_of_no_period_is_refused_and_quoted(key: str) -> None:
    with pytest.raises(Refused) as refused:
        period_by_key("cchc", key)
    assert refused.value.code == "period_unknown"
    assert f"“{key}”" in sentence(refused.value.code, **refused.value.params)


def test_an_unknown_regime_is_refused_with_those_known() -> None:
    with pytest.raises(Refused) as refused:
        periods_of("hằng tháng", 2022)
    assert refused.value.params == {"regime": "hằng tháng", "known": "cchc, nd09, calendar"}
