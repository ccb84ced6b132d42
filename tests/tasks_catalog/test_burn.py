"""Burn-up: planned on the first due date, done on the day of the report, by month and by week."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks_catalog.burn import Burn, Step, burn_of, latest, points_of
from tasks_catalog.decisions import Close, DecideExtension
from tasks_catalog.facts import ClosingKind
from tests.tasks_catalog.cast import (
    CONTINUOUS,
    DIRECTORY,
    PAPER,
    SETTINGS,
    a_task,
    after,
    d,
    key,
    opened,
    owed,
    reported,
)

DAYS = st.dates(date(2021, 11, 1), date(2023, 2, 28))
COUNTS = st.dictionaries(DAYS, st.integers(1, 9), max_size=8)


def test_an_extension_does_not_move_what_was_planned() -> None:
    task = owed(d(30, 9))
    granted = DecideExtension(share=key(task), granted=True, to=d(31, 10), lapses=d(31, 10))
    burn = burn_of([after(task, d(20, 9), granted, PAPER)], DIRECTORY, SETTINGS)
    assert burn.planned == {d(30, 9): 1}


def test_only_owners_shares_count_and_done_counts_on_the_day_reported() -> None:
    task = reported(owed(d(30, 9), owners=("TM", "CN"), co_owners=("XT",)), d(3, 10), unit="CN")
    burn = burn_of([task], DIRECTORY, SETTINGS)
    assert burn.planned == {d(30, 9): 2}
    assert burn.done == {d(3, 10): 1}


def test_occurrences_not_opened_yet_are_planned_too() -> None:
    task = a_task(CONTINUOUS)
    task = opened(task, only=task.planned[:1])
    burn = burn_of([task], DIRECTORY, SETTINGS)
    assert burn.to_open == {d(14, 6): 1, d(14, 9): 1, d(14, 12): 1}
    assert burn.planned == {d(14, 3): 1, **burn.to_open}
    closed = after(task, d(1, 5), Close(closing=ClosingKind.STOPPED), PAPER)
    assert not burn_of([closed], DIRECTORY, SETTINGS).to_open


def test_months_sum_up_and_end_where_they_have_not_begun() -> None:
    burn = Burn(planned={d(14, 3): 5, d(14, 6): 5}, done={d(10, 3): 4, d(2, 4): 1})
    points = points_of(burn, year=2022, step=Step.MONTH, today=d(15, 4))
    assert [point.first for point in points[:2]] == [d(1, 1), d(1, 2)]
    assert len(points) == 12
    march, april, may, june = points[2:6]
    assert (march.planned_so_far, march.done_so_far) == (5, 4)
    assert (april.planned_so_far, april.done_so_far) == (5, 5)
    assert (may.done_so_far, june.planned_so_far) == (None, 10)


def test_the_latest_points_are_the_last_that_have_begun() -> None:
    points = points_of(Burn(planned={}, done={}), year=2022, step=Step.WEEK, today=d(16, 3))
    shown = latest(points, 2)
    assert [(point.first, point.last) for point in shown] == [(d(7, 3), d(13, 3)), (d(14, 3), d(20, 3))]


@pytest.mark.parametrize("step", Step)
@given(planned=COUNTS, done=COUNTS, today=DAYS)
def test_no_day_is_lost_between_two_points(
    step: Step, planned: dict[date, int], done: dict[date, int], today: date
) -> None:
    points = points_of(Burn(planned=planned, done=done), year=2022, step=step, today=today)
    for before, after_it in pairwise(points):
        assert after_it.first == before.last + timedelta(days=1)
    assert sum(point.planned for point in points) == points[-1].planned_so_far == Counter(planned).total()
    assert sum(point.done for point in points) == Counter(done).total()
