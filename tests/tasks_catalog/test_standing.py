"""How a task stands at 24:00 of a day: one table line for each rule."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tasks_catalog.decisions import (
    Accept,
    Close,
    DecideExtension,
    OpenedShare,
    Report,
    Resume,
    Return,
    Trigger,
    Wait,
)
from tasks_catalog.facts import ClosingKind, TaskFacts
from tasks_catalog.occurrence import Occurrence, Origin, Role
from tasks_catalog.standing import StandingKind, is_overdue, share_standing
from tasks_catalog.task import Continuous, PlanSettings
from tests.tasks_catalog.cast import (
    CONTINUOUS,
    PAPER,
    WHEN,
    a_task,
    after,
    an_occurrence,
    both,
    by,
    d,
    key,
    opened,
    owed,
    reported,
    share,
    standing,
    within,
)

DONE, LATE, CLOSED, GOING, OVERDUE, NOT_ARISEN = StandingKind
YEAR_END = PlanSettings(year=2022, continuous=Continuous.YEAR_END)
DUE = d(30, 9)
TASK = owed(DUE)


def waiting(task: TaskFacts, day: date) -> TaskFacts:
    return after(task, day, Wait(share=key(task)), PAPER)


def closed(task: TaskFacts, kind: ClosingKind, day: date = date(2022, 9, 1)) -> TaskFacts:
    return after(task, day, Close(closing=kind), PAPER)


def accepted(task: TaskFacts, *, product_date_counts: bool) -> TaskFacts:
    return after(task, d(6, 10), Accept(share=key(task), product_date_counts=product_date_counts))


def extended(task: TaskFacts, day: date, to: date) -> TaskFacts:
    return after(task, day, DecideExtension(share=key(task), granted=True, to=to), PAPER)


def returned(task: TaskFacts, day: date) -> TaskFacts:
    return after(task, day, Return(share=key(task), reason="thiếu số liệu"))


def with_product_of(product_date: date, day: date) -> TaskFacts:
    return after(TASK, day, Report(share=key(TASK), product_date=product_date))


def triggered(task: TaskFacts, day: date, due: date) -> TaskFacts:
    shares = (OpenedShare(unit="TM", role=Role.OWNER),)
    return after(task, day, Trigger(occurrence=an_occurrence(due, origin=Origin.TRIGGER), shares=shares))


@pytest.mark.parametrize(
    ("task", "day", "kind", "why"),
    [
        pytest.param(TASK, d(29, 9), GOING, "none_due_yet", id="the day before, it is in progress"),
        pytest.param(TASK, DUE, OVERDUE, "share_open_past_due", id="open at 24:00 of its day, it is overdue"),
        pytest.param(reported(TASK, DUE), DUE, DONE, "all_reported", id="reported on its day, it is on time"),
        pytest.param(
            reported(TASK, d(1, 8)), d(1, 8), DONE, "all_reported", id="reported before its day, it is done"
        ),
        pytest.param(
            reported(TASK, d(3, 10)), d(3, 10), LATE, "all_reported", id="reported later, it is late"
        ),
        pytest.param(a_task(WHEN), d(31, 12), NOT_ARISEN, "nothing_due_yet", id="no occurrence, not arisen"),
        pytest.param(
            triggered(a_task(WHEN), d(1, 8), DUE),
            d(1, 8),
            GOING,
            "none_due_yet",
            id="once triggered, it is in progress",
        ),
        pytest.param(
            triggered(a_task(WHEN), d(1, 8), DUE),
            DUE,
            OVERDUE,
            "share_open_past_due",
            id="and overdue when the day named has passed",
        ),
        pytest.param(
            reported(opened(a_task(both(by(DUE), WHEN))), d(1, 9)),
            d(31, 12),
            DONE,
            "all_reported",
            id="an untriggered part never blocks",
        ),
        pytest.param(
            replace(a_task(by(DUE)), active=False),
            d(31, 12),
            GOING,
            "question_open",
            id="a question keeps a row waiting",
        ),
        pytest.param(
            a_task(by(DUE)),
            DUE,
            OVERDUE,
            "occurrence_not_opened",
            id="what nobody opened in time is overdue too",
        ),
        pytest.param(a_task(by(DUE)), d(29, 9), GOING, "none_due_yet", id="and in progress before"),
    ],
)
def test_a_task_stands(task: TaskFacts, day: date, kind: StandingKind, why: str) -> None:
    found = standing(task, day)
    assert (found.kind, found.why) == (kind, why)


SATURDAY = opened(a_task(within(d(1, 4), d(30, 4))))
"""April: due Saturday 30/4, on time through Wednesday 4/5, the first working day after the holidays."""


@pytest.mark.parametrize(
    ("task", "day", "kind"),
    [
        pytest.param(
            SATURDAY, d(3, 5), GOING, id="a derived date on a rest day is not yet overdue on the next day"
        ),
        pytest.param(SATURDAY, d(4, 5), OVERDUE, id="but at the close of the next working day"),
        pytest.param(
            reported(SATURDAY, d(4, 5)), d(5, 5), DONE, id="a report on that working day is on time"
        ),
        pytest.param(reported(SATURDAY, d(5, 5)), d(5, 5), LATE, id="the day after it is late"),
        pytest.param(owed(d(12, 3)), d(12, 3), OVERDUE, id="a printed Saturday is overdue at its close"),
        pytest.param(
            with_product_of(d(29, 9), d(5, 10)),
            d(5, 10),
            LATE,
            id="an earlier product date alone does not count",
        ),
        pytest.param(
            accepted(with_product_of(d(29, 9), d(5, 10)), product_date_counts=False),
            d(6, 10),
            LATE,
            id="nor when the report is accepted without it",
        ),
        pytest.param(
            accepted(with_product_of(d(29, 9), d(5, 10)), product_date_counts=True),
            d(6, 10),
            DONE,
            id="accepted by the coordinator, the product date counts",
        ),
        pytest.param(
            accepted(with_product_of(d(3, 10), d(5, 10)), product_date_counts=True),
            d(6, 10),
            LATE,
            id="a product that was itself late stays late",
        ),
        pytest.param(
            accepted(reported(TASK, DUE), product_date_counts=True),
            d(6, 10),
            DONE,
            id="no product date: the day of the report",
        ),
        pytest.param(
            returned(reported(TASK, d(29, 9)), d(3, 10)), d(3, 10), OVERDUE, id="a return reopens it"
        ),
        pytest.param(
            returned(reported(TASK, d(20, 9)), d(21, 9)), d(21, 9), GOING, id="before its day it goes on"
        ),
        pytest.param(
            reported(returned(reported(TASK, d(29, 9)), d(3, 10)), d(5, 10)),
            d(5, 10),
            LATE,
            id="the second report decides lateness",
        ),
        pytest.param(extended(TASK, d(28, 9), d(31, 10)), DUE, GOING, id="an extension moves the day"),
        pytest.param(
            extended(TASK, d(28, 9), d(31, 10)), d(31, 10), OVERDUE, id="until the new day has passed"
        ),
        pytest.param(
            extended(TASK, d(5, 10), d(31, 10)), d(5, 10), GOING, id="an extension lifts what was overdue"
        ),
        pytest.param(
            reported(extended(TASK, d(28, 9), d(31, 10)), d(20, 10)),
            d(20, 10),
            DONE,
            id="within it a report is on time",
        ),
        pytest.param(waiting(TASK, d(26, 9)), DUE, GOING, id="waiting for the authority stops the clock"),
        pytest.param(waiting(TASK, d(26, 9)), d(31, 12), GOING, id="for as long as it lasts"),
        pytest.param(
            after(
                waiting(TASK, d(26, 9)), d(10, 10), Resume(share=key(TASK), due=d(14, 10), lapses=d(14, 10))
            ),
            d(13, 10),
            GOING,
            id="the clock goes on with the days that were left",
        ),
        pytest.param(
            after(
                waiting(TASK, d(26, 9)), d(10, 10), Resume(share=key(TASK), due=d(14, 10), lapses=d(14, 10))
            ),
            d(14, 10),
            OVERDUE,
            id="and runs out",
        ),
    ],
)
def test_how_one_share_is_judged(task: TaskFacts, day: date, kind: StandingKind) -> None:
    assert standing(task, day).kind is kind


@pytest.mark.parametrize(
    ("closing", "kind", "why"),
    [
        pytest.param(ClosingKind.STOPPED, CLOSED, "closed_stopped", id="stopped counts as done"),
        pytest.param(ClosingKind.POSTPONED, CLOSED, "closed_postponed", id="postponed counts as done"),
        pytest.param(ClosingKind.NOT_ARISEN, CLOSED, "closed_not_arisen", id="not arisen counts as done"),
        pytest.param(ClosingKind.SUSPENDED, GOING, "suspended", id="suspended does not, nor is it overdue"),
    ],
)
def test_a_closed_task(closing: ClosingKind, kind: StandingKind, why: str) -> None:
    found = standing(closed(TASK, closing), d(31, 12))
    assert (found.kind, found.why) == (kind, why)
    assert found.kind.is_done is (closing is not ClosingKind.SUSPENDED)


def test_closing_comes_before_everything_else() -> None:
    assert standing(closed(reported(TASK, d(3, 10)), ClosingKind.STOPPED), d(31, 12)).kind is CLOSED
    assert standing(closed(a_task(WHEN), ClosingKind.NOT_ARISEN), d(31, 12)).kind is CLOSED


Q1, H1, Q3, Y = d(14, 3), d(14, 6), d(14, 9), d(14, 12)


def continuous(**reports: date) -> TaskFacts:
    """A continuous task, all its periods opened, with reports by period: ``q1=d(10, 3)``."""
    task = opened(a_task(CONTINUOUS))
    for period, day in reports.items():
        task = reported(task, day, due={"q1": Q1, "h1": H1, "q3": Q3, "y": Y}[period])
    return task


@pytest.mark.parametrize(
    ("task", "day", "to_date", "year_end"),
    [
        pytest.param(continuous(), d(13, 3), GOING, GOING, id="before its first cut-off it is in progress"),
        pytest.param(
            continuous(q1=d(1, 2)), d(1, 2), GOING, GOING, id="a sheet sent early is not the year's work"
        ),
        pytest.param(continuous(q1=d(10, 3)), Q1, DONE, GOING, id="all that is due is done: done to date"),
        pytest.param(
            continuous(q1=d(10, 3)), H1, OVERDUE, OVERDUE, id="the next period open at its cut-off: overdue"
        ),
        pytest.param(continuous(q1=d(15, 3)), d(15, 3), LATE, GOING, id="late once: done late to date"),
        pytest.param(
            continuous(q1=d(15, 3), h1=d(10, 6)),
            H1,
            LATE,
            GOING,
            id="late once stays late when the next is on time",
        ),
        pytest.param(
            continuous(q1=Q1, h1=H1, q3=Q3, y=Y), Y, DONE, DONE, id="at the year's end both settings agree"
        ),
        pytest.param(
            continuous(q1=Q1, h1=H1, q3=d(15, 9), y=Y), Y, LATE, LATE, id="also that one period was late"
        ),
    ],
)
def test_a_task_with_more_to_come(
    task: TaskFacts, day: date, to_date: StandingKind, year_end: StandingKind
) -> None:
    assert standing(task, day).kind is to_date
    assert standing(task, day, YEAR_END).kind is year_end


def test_a_period_that_was_never_opened_is_not_counted_as_done() -> None:
    """Only the first quarter was opened and reported; asked about the year's end, the rest is owed."""
    task = a_task(CONTINUOUS)
    task = reported(opened(task, only=task.planned[:1]), d(10, 3))
    found = standing(task, d(31, 12))
    assert (found.kind, found.since) == (OVERDUE, H1)


def test_of_two_dates_the_first_done_is_done_to_date_and_the_second_open_is_overdue() -> None:
    task = reported(opened(a_task(both(by(d(30, 6)), by(DUE)))), d(29, 6), due=d(30, 6))
    assert standing(task, d(29, 6)).kind is GOING
    assert standing(task, d(30, 6)).why == "done_to_date"
    assert standing(task, DUE).kind is OVERDUE


def test_every_owner_must_report_before_a_task_is_done() -> None:
    task = reported(owed(DUE, owners=("TM", "CN", "VP")), d(29, 9))
    found = standing(task, DUE)
    assert found.kind is OVERDUE
    assert found.params["shares"] == "2"
    for unit in ("CN", "VP"):
        task = reported(task, d(30, 9), unit=unit)
    assert standing(task, DUE).kind is DONE


def test_one_late_owner_makes_the_task_late() -> None:
    task = reported(owed(DUE, owners=("TM", "CN")), d(29, 9))
    assert standing(reported(task, d(3, 10), unit="CN"), d(3, 10)).kind is LATE


def test_a_co_owner_never_blocks_and_is_never_overdue() -> None:
    task = owed(DUE, co_owners=("CN",))
    assert standing(reported(task, d(29, 9)), d(31, 12)).kind is DONE
    assert not is_overdue(share(task, "CN"), d(31, 12))
    assert share_standing(share(task, "CN"), task, d(31, 12)) is GOING
    assert standing(reported(task, d(29, 9), unit="CN"), DUE).kind is OVERDUE


def test_what_fell_due_before_tracking_is_overdue_until_it_is_settled() -> None:
    early = owed(d(14, 3), d(4, 5), before_tracking=True)
    assert standing(early, d(4, 5)).kind is OVERDUE
    settled = after(early, d(5, 5), Report(share=key(early), product_date=d(10, 3)))
    settled = after(settled, d(6, 5), Accept(share=key(early), product_date_counts=True))
    assert standing(settled, d(6, 5)).kind is DONE


def test_an_overdue_task_names_its_oldest_open_share() -> None:
    found = standing(opened(a_task(CONTINUOUS)), H1)
    assert (found.since, found.params) == (Q1, {"shares": "2", "due": "2022-03-14", "unit": "TM"})


@pytest.mark.parametrize(
    ("task", "kind"),
    [
        pytest.param(TASK, OVERDUE, id="open past its day"),
        pytest.param(reported(TASK, d(29, 9)), DONE, id="reported in time"),
        pytest.param(reported(TASK, d(3, 10)), LATE, id="reported late"),
        pytest.param(waiting(TASK, d(26, 9)), GOING, id="waiting"),
        pytest.param(closed(TASK, ClosingKind.STOPPED), CLOSED, id="the task is closed"),
        pytest.param(
            closed(reported(TASK, d(29, 8)), ClosingKind.STOPPED), DONE, id="reported before the closing"
        ),
        pytest.param(closed(TASK, ClosingKind.SUSPENDED), GOING, id="the task is suspended"),
    ],
)
def test_a_units_share_stands(task: TaskFacts, kind: StandingKind) -> None:
    assert share_standing(share(task), task, d(10, 10)) is kind


def test_a_holiday_proclaimed_later_never_rewrites_the_last_on_time_day() -> None:
    occurrence: Occurrence = next(iter(SATURDAY.opened.values()))
    assert (share(SATURDAY).due, share(SATURDAY).lapses, occurrence.lapses) == (d(30, 4), d(4, 5), d(4, 5))
