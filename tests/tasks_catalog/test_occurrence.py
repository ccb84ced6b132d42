"""What comes due when: occurrences of each kind of deadline, their last on-time day, whose shares."""

from __future__ import annotations

from datetime import date

import pytest

from tasks_catalog.deadline import DateRange, Deadline, Kind
from tasks_catalog.facts import OwnerRef
from tasks_catalog.intake import shares_owed
from tasks_catalog.occurrence import (
    Origin,
    Role,
    ShareKey,
    lapse_of,
    moved_by_wait,
    planned_occurrences,
    to_open,
)
from tasks_catalog.task import AnsweredBy, PlanSettings
from tests.tasks_catalog.cast import CALENDAR, CONTINUOUS, DIRECTORY, SETTINGS, WHEN, both, by, d, within


def every(rule: str) -> Deadline:
    return Deadline(text="Hằng kỳ", kind=Kind.EVERY, recurrence=rule)


OUTSIDE = Deadline(text="Theo tiến độ của tỉnh", kind=Kind.EXTERNAL, condition="tiến độ của tỉnh")
UNCLEAR = Deadline(text="Tháng 15/11/2022", kind=Kind.UNCLEAR, dates=(DateRange(None, d(15, 11)),))
CUT_OFFS = (d(14, 3), d(14, 6), d(14, 9), d(14, 12))


@pytest.mark.parametrize(
    ("deadline", "due"),
    [
        pytest.param(by(d(15, 11)), (d(15, 11),), id="a date is due on that date"),
        pytest.param(within(d(1, 7), d(30, 9)), (d(30, 9),), id="a quarter is due on its last calendar day"),
        pytest.param(
            Deadline(text="Từ tháng 5", kind=Kind.WITHIN, dates=(DateRange(d(1, 5), None),)),
            (d(31, 12),),
            id="an open-ended span is due at the end of the year",
        ),
        pytest.param(
            CONTINUOUS, CUT_OFFS, id="a continuous task is due at each cut-off of administrative reform"
        ),
        pytest.param(
            every("FREQ=YEARLY;BYMONTH=6;BYMONTHDAY=20"),
            (d(20, 6),),
            id="a stated recurrence has its own dates",
        ),
        pytest.param(WHEN, (), id="a condition has none until it arises"),
        pytest.param(OUTSIDE, (), id="an outside schedule has none until it is fixed"),
        pytest.param(UNCLEAR, (), id="an unclear wording has none; its dates are proposals"),
        pytest.param(both(CONTINUOUS, WHEN), CUT_OFFS, id="a compound is the union of its parts"),
        pytest.param(
            both(by(d(14, 6)), CONTINUOUS), CUT_OFFS, id="two parts on one date are one occurrence of it"
        ),
    ],
)
def test_a_deadline_comes_due_on(deadline: Deadline, due: tuple[date, ...]) -> None:
    found = planned_occurrences(deadline, SETTINGS, CALENDAR)
    assert tuple(o.due for o in found) == due
    assert tuple(o.key for o in found) == tuple(day.isoformat() for day in due)


def test_another_regime_has_other_cut_offs() -> None:
    calendar_year = PlanSettings(year=2022, regime="calendar")
    found = planned_occurrences(CONTINUOUS, calendar_year, CALENDAR)
    assert [(o.due, o.period) for o in found] == [
        (d(31, 3), "2022-Q1"),
        (d(30, 6), "2022-Q2"),
        (d(30, 9), "2022-Q3"),
        (d(31, 12), "2022-Q4"),
    ]


@pytest.mark.parametrize(
    ("due", "origin", "settings", "lapses"),
    [
        pytest.param(d(12, 3), Origin.PRINTED, SETTINGS, d(12, 3), id="a printed Saturday stays Saturday"),
        pytest.param(d(12, 3), Origin.TRIGGER, SETTINGS, d(12, 3), id="so does one a person named"),
        pytest.param(d(31, 12), Origin.DERIVED, SETTINGS, d(3, 1, 2023), id="a year's end goes to 3 January"),
        pytest.param(
            d(30, 4), Origin.DERIVED, SETTINGS, d(4, 5), id="30 April slides over the holidays to 4 May"
        ),
        pytest.param(d(31, 1), Origin.DERIVED, SETTINGS, d(7, 2), id="the end of January slides over Tết"),
        pytest.param(d(14, 3), Origin.CUT_OFF, SETTINGS, d(14, 3), id="a cut-off on a Monday stays"),
        pytest.param(d(31, 7), Origin.RECURRENCE, SETTINGS, d(1, 8), id="a stated recurrence slides too"),
        pytest.param(
            d(12, 3),
            Origin.PRINTED,
            PlanSettings(year=2022, printed_dates_slide=True),
            d(14, 3),
            id="a plan may let printed dates slide",
        ),
        pytest.param(
            d(30, 4),
            Origin.DERIVED,
            PlanSettings(year=2022, derived_dates_slide=False),
            d(30, 4),
            id="and may hold derived ones",
        ),
    ],
)
def test_the_last_on_time_day_of(due: date, origin: Origin, settings: PlanSettings, lapses: date) -> None:
    assert lapse_of(due, origin, settings, CALENDAR) == lapses


@pytest.mark.parametrize(
    ("as_of", "opened", "now"),
    [
        pytest.param(d(4, 1), (), (d(14, 3),), id="at activation the first period opens"),
        pytest.param(d(13, 3), ("2022-03-14",), (), id="until its cut-off nothing else does"),
        pytest.param(d(14, 3), ("2022-03-14",), (d(14, 6),), id="at its cut-off the next period opens"),
        pytest.param(
            d(1, 7),
            ("2022-03-14",),
            (d(14, 6), d(14, 9)),
            id="after downtime everything missed opens at once",
        ),
    ],
)
def test_a_recurring_occurrence_opens_once_the_one_before_fell_due(
    as_of: date, opened: tuple[str, ...], now: tuple[date, ...]
) -> None:
    planned = planned_occurrences(CONTINUOUS, SETTINGS, CALENDAR)
    assert tuple(o.due for o in to_open(planned, opened=opened, as_of=as_of)) == now


def test_a_one_off_occurrence_opens_with_the_plan() -> None:
    planned = planned_occurrences(by(d(15, 11)), SETTINGS, CALENDAR)
    assert to_open(planned, opened=(), as_of=d(4, 1)) == planned


def owner(code: str, role: Role = Role.OWNER) -> OwnerRef:
    return OwnerRef(code=code, role=role, collective=code == "all")


FOCAL = PlanSettings(year=2022, answered_by=AnsweredBy.FOCAL_UNIT, focal_unit="VP")


@pytest.mark.parametrize(
    ("owners", "settings", "owe", "help_"),
    [
        pytest.param((owner("TM"),), SETTINGS, {"TM"}, set(), id="one unit owes one share"),
        pytest.param(
            (owner("TM"), owner("CN")), SETTINGS, {"TM", "CN"}, set(), id="joint owners owe one share each"
        ),
        pytest.param(
            (owner("all"),),
            SETTINGS,
            {"VP", "TM", "CN", "XT"},
            set(),
            id="a collective owner: every unit owes one",
        ),
        pytest.param(
            (owner("all"),), FOCAL, {"VP"}, set(), id="or one unit answers for all, where the plan says so"
        ),
        pytest.param(
            (owner("TM"), owner("CN", Role.CO_OWNER)),
            SETTINGS,
            {"TM"},
            {"CN"},
            id="a co-owner has a share of its own",
        ),
        pytest.param(
            (owner("all", Role.CO_OWNER), owner("TM")),
            SETTINGS,
            {"TM"},
            {"VP", "CN", "XT"},
            id="a unit that is both is the owner",
        ),
    ],
)
def test_shares(owners: tuple[OwnerRef, ...], settings: PlanSettings, owe: set[str], help_: set[str]) -> None:
    shares = shares_owed(owners, DIRECTORY, settings)
    assert {s.unit for s in shares if s.role is Role.OWNER} == owe
    assert {s.unit for s in shares if s.role is Role.CO_OWNER} == help_
    assert len(shares) == len(owe) + len(help_)


def test_a_wait_moves_a_date_by_the_working_days_waited() -> None:
    """From Wednesday 26/1 to Wednesday 9/2 with Tết between: five working days."""
    assert moved_by_wait(d(11, 2), since=d(26, 1), until=d(9, 2), calendar=CALENDAR) == d(18, 2)
    assert moved_by_wait(d(11, 2), since=d(26, 1), until=d(26, 1), calendar=CALENDAR) == d(11, 2)


def test_a_share_is_named_by_task_occurrence_and_unit() -> None:
    assert str(ShareKey("01/KH-ST/1", "2022-06-14", "TM")) == "01/KH-ST/1@2022-06-14#TM"
