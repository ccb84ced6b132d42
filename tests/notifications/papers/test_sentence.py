"""The one sentence, and numbers and dates as officials write them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from notifications.papers.figures import difference, official_date, percent, row_ranges
from notifications.papers.sentence import note_sentence, sentence_of
from tasks_catalog.digest import Note, Summary, SummaryHead
from tasks_catalog.period import REGIMES, periods_of
from tasks_catalog.standing import StandingKind


def of(summary: Summary, done: int, total: int, **head: object) -> Summary:
    return replace(summary, done=done, total=total, head=replace(summary.head, **head))  # type: ignore[arg-type]


def test_it_reads_like_the_departments_own_report(summary: Summary) -> None:
    assert sentence_of(of(summary, 52, 54)) == (
        "Đến nay, Sở Công Thương đã hoàn thành 52/54 nhiệm vụ theo "
        "Kế hoạch cải cách hành chính số 383/KH-SCT."
    )


def test_numbers_under_ten_are_padded(summary: Summary) -> None:
    assert "đã hoàn thành 05/07 nhiệm vụ" in sentence_of(summary)


def test_a_labelled_plan_is_never_quoted_without_its_label(summary: Summary) -> None:
    labelled = of(summary, 5, 7, label="bản dựng lại để thử nghiệm")
    assert sentence_of(labelled).endswith("số 383/KH-SCT (bản dựng lại để thử nghiệm).")
    assert "(bản dựng lại để thử nghiệm)" in sentence_of(replace(labelled, total=0))


def test_a_plan_without_a_name_is_just_a_plan(summary: Summary) -> None:
    assert sentence_of(of(summary, 5, 7, plan_name="")).endswith("theo Kế hoạch số 383/KH-SCT.")


def test_it_speaks_english(summary: Summary) -> None:
    assert sentence_of(summary, "en") == (
        "To date, Sở Công Thương has completed 05/07 tasks of Kế hoạch cải cách hành chính No. 383/KH-SCT."
    )


def test_nothing_out_of_nothing_is_not_told_as_a_result(summary: Summary) -> None:
    none_counted = of(summary, 0, 0)
    no_tasks = replace(none_counted, counts=dict.fromkeys(StandingKind, 0))
    assert "chưa có nhiệm vụ nào được theo dõi" in sentence_of(no_tasks)
    assert "phát sinh để tính kết quả" in sentence_of(none_counted)


@pytest.mark.parametrize("regime", REGIMES)
def test_every_regime_and_period_has_its_name(regime: str, summary: Summary) -> None:
    note = Note(code="count_continuous_to_date", params={"regime": regime})
    assert regime not in note_sentence(note)
    assert all(sentence_of(replace(summary, period=period)) for period in periods_of(regime, 2022))


@pytest.mark.parametrize(
    ("day", "vi"),
    [
        pytest.param(date(2023, 2, 8), "08/02/2023", id="days under ten and February are padded"),
        pytest.param(date(2023, 3, 6), "06/3/2023", id="March is not"),
        pytest.param(date(2022, 12, 14), "14/12/2022", id="nor what has two figures"),
    ],
)
def test_an_official_date(day: date, vi: str) -> None:
    assert official_date(day) == vi


@pytest.mark.parametrize(
    ("done", "total", "vi", "en"), [(52, 54, "96,3", "96.3"), (7, 7, "100", "100"), (0, 0, "0", "0")]
)
def test_a_percentage(done: int, total: int, vi: str, en: str) -> None:
    assert (percent(done, total), percent(done, total, "en")) == (vi, en)


@pytest.mark.parametrize(
    ("rows", "text"),
    [([], ""), ([4], "4"), ([9, 1, 8, 7, 4], "1, 4, 7–9"), ([1, 2, 4, 5], "1, 2, 4, 5")],
)
def test_row_numbers_are_joined_where_three_follow_each_other(rows: list[int], text: str) -> None:
    assert row_ranges(rows) == text


def test_a_difference_shows_its_sign() -> None:
    assert [difference(5, 3), difference(3, 5), difference(4, 4)] == ["+2", "-2", "0"]


def test_a_head_knows_codes_it_has_no_name_for(head: SummaryHead) -> None:
    assert (head.unit_name("VP"), head.unit_name("XTTM")) == ("Văn phòng Sở", "XTTM")
