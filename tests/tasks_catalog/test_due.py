"""What falls on which day: a task's shares of one day as one line, counted."""

from __future__ import annotations

from datetime import date

import pytest

from tasks_catalog.decisions import Close, Wait
from tasks_catalog.due import DayOf, DueTask, Span, due_tasks
from tasks_catalog.facts import ClosingKind, TaskFacts
from tasks_catalog.standing import StandingKind
from tests.tasks_catalog.cast import PAPER, after, d, key, owed, reported

PLAN = "01/KH-ST"
DUE = d(30, 9)
TASK = owed(DUE, owners=("TM", "CN"), co_owners=("XT",))
ONE = owed(DUE)


def lines(task: TaskFacts, first: date = DUE, last: date = DUE, **asked: object) -> tuple[DueTask, ...]:
    return due_tasks(PLAN, [task], Span(first=first, last=last, **asked))  # type: ignore[arg-type]  # by name


def test_owners_shares_of_a_day_are_one_line_and_co_owners_are_not_counted() -> None:
    (line,) = lines(TASK)
    assert (line.row, line.day, line.shares, line.open, line.unit) == (1, DUE, 2, 2, "CN")


@pytest.mark.parametrize(
    ("first", "last", "found"),
    [
        pytest.param(d(30, 9), d(30, 9), 1, id="both ends belong to the span"),
        pytest.param(d(1, 9), d(29, 9), 0, id="the day before"),
        pytest.param(d(1, 10), d(31, 10), 0, id="the day after"),
    ],
)
def test_a_span_holds_its_days(first: date, last: date, found: int) -> None:
    assert len(lines(TASK, first, last)) == found


def test_a_report_counts_on_its_own_day() -> None:
    told = reported(TASK, d(20, 9), unit="CN")
    (line,) = lines(told, d(20, 9), d(20, 9), by=DayOf.DONE)
    assert (line.shares, line.open, line.unit) == (1, 0, "CN")
    assert not lines(told, DUE, DUE, by=DayOf.DONE)


def test_only_open_leaves_out_what_is_reported_and_closed_tasks() -> None:
    told = reported(TASK, d(20, 9), unit="CN")
    (line,) = lines(told, open_only=True)
    assert (line.shares, line.unit) == (1, "TM")
    closed = after(told, d(21, 9), Close(closing=ClosingKind.STOPPED), PAPER)
    assert not lines(closed, open_only=True)


def test_what_waits_for_an_authority_is_open_but_not_overdue() -> None:
    waiting = after(ONE, d(20, 9), Wait(share=key(ONE)), PAPER)
    assert lines(waiting, open_only=True)
    assert not lines(waiting, by=DayOf.LAPSED, overdue_only=True)


@pytest.mark.parametrize(
    ("task", "close", "kind"),
    [
        pytest.param(ONE, d(29, 9), StandingKind.IN_PROGRESS, id="before its day"),
        pytest.param(ONE, DUE, StandingKind.OVERDUE, id="at the close of its day"),
        pytest.param(reported(ONE, d(20, 9)), DUE, StandingKind.DONE_ON_TIME, id="reported"),
        pytest.param(
            after(ONE, d(20, 9), Wait(share=key(ONE)), PAPER), DUE, StandingKind.IN_PROGRESS, id="waiting"
        ),
        pytest.param(
            after(ONE, d(20, 9), Close(closing=ClosingKind.STOPPED), PAPER),
            DUE,
            StandingKind.CLOSED,
            id="closed",
        ),
        pytest.param(
            after(ONE, d(20, 9), Close(closing=ClosingKind.SUSPENDED), PAPER),
            DUE,
            StandingKind.IN_PROGRESS,
            id="suspended",
        ),
    ],
)
def test_a_line_stands_as_its_shares_do(task: TaskFacts, close: date, kind: StandingKind) -> None:
    (line,) = lines(task)
    assert line.kind(close) is kind
