"""Fixed deadlines as stretches of time."""

from __future__ import annotations

from dataclasses import replace

from tasks_catalog.decisions import DecideExtension, OpenedShare, Trigger
from tasks_catalog.occurrence import Origin, Role
from tasks_catalog.standing import StandingKind
from tasks_catalog.timeline import stretches_of
from tests.tasks_catalog.cast import (
    CONTINUOUS,
    PAPER,
    a_task,
    after,
    an_occurrence,
    d,
    key,
    opened,
    owed,
    reported,
)

STARTED = d(4, 1)
TWO = owed(d(30, 9), owners=("TM", "CN"))


def test_a_stretch_runs_from_the_start_of_tracking_to_its_due_date() -> None:
    (stretch,) = stretches_of([TWO], started=STARTED, close=d(1, 9))
    assert (stretch.start, stretch.first_due, stretch.due) == (STARTED, d(30, 9), d(30, 9))
    assert (stretch.units, stretch.done_on, stretch.kind) == (("TM", "CN"), None, StandingKind.IN_PROGRESS)


def test_it_is_done_when_the_last_unit_has_reported() -> None:
    half = reported(TWO, d(20, 9), unit="TM")
    (stretch,) = stretches_of([half], started=STARTED, close=d(30, 9))
    assert (stretch.done, stretch.done_on, stretch.kind) == (1, None, StandingKind.OVERDUE)
    whole = reported(half, d(3, 10), unit="CN")
    (stretch,) = stretches_of([whole], started=STARTED, close=d(5, 10))
    assert (stretch.done_on, stretch.kind) == (d(3, 10), StandingKind.DONE_LATE)


def test_the_old_date_of_an_extended_one_stays() -> None:
    task = owed(d(30, 9))
    granted = DecideExtension(share=key(task), granted=True, to=d(31, 10), lapses=d(31, 10))
    (stretch,) = stretches_of([after(task, d(20, 9), granted, PAPER)], started=STARTED, close=d(1, 10))
    assert stretch.is_extended
    assert (stretch.first_due, stretch.due, stretch.kind) == (d(30, 9), d(31, 10), StandingKind.IN_PROGRESS)


def test_a_condition_that_arose_begins_on_the_day_it_was_recorded() -> None:
    arisen = Trigger(
        occurrence=an_occurrence(d(30, 6), origin=Origin.TRIGGER),
        shares=(OpenedShare(unit="TM", role=Role.OWNER),),
    )
    task = after(a_task(), d(10, 5), arisen, PAPER)
    (stretch,) = stretches_of([task], started=STARTED, close=d(1, 6))
    assert stretch.start == d(10, 5)


def test_recurring_work_has_no_stretch_and_stretches_stand_by_date() -> None:
    early = replace(owed(d(30, 6)), row=9)
    found = stretches_of([opened(a_task(CONTINUOUS)), TWO, early], started=STARTED, close=d(1, 2))
    assert [stretch.row for stretch in found] == [9, 1]
