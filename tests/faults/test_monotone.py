"""Promise P8: a day off more, or a longer wait, never brings a rung after the due day forward."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from tasks_catalog.calendar import SwappedDay, WorkCalendar, vietnam
from tasks_catalog.facts import Share
from tasks_catalog.ladder import Audience, Rung, fire_day
from tests.tasks_catalog.cast import owed, share

_DAYS = st.dates(date(2022, 1, 1), date(2022, 12, 30))
_SWAPPED = st.dictionaries(_DAYS, st.booleans(), max_size=30)
_MORE_OFF = st.sets(_DAYS, max_size=20)
_OFFSETS = st.integers(-15, 30)


@st.composite
def shares(draw: st.DrawFn) -> Share:
    """A share due on any day, slid over days off or not, whose epoch began before its date or long after."""
    due = draw(st.dates(date(2022, 3, 1), date(2022, 10, 30)))
    lapses = due + timedelta(days=draw(st.integers(0, 9)))
    began = due + timedelta(days=draw(st.integers(-40, 40)))
    return replace(share(owed(due, lapses=lapses)), epoch_began=began)


def calendar_of(swapped: dict[date, bool]) -> WorkCalendar:
    return vietnam((2022,), [SwappedDay(day=day, worked=worked) for day, worked in swapped.items()])


def step(offset: int) -> Rung:
    return Rung(key=f"{offset:+}", offset=offset, audience=(Audience.OWNER,), why="overdue")


@given(owed_share=shares(), offset=_OFFSETS, swapped=_SWAPPED, more_off=_MORE_OFF)
@settings(deadline=None, max_examples=150)
def test_days_off_added_to_any_calendar_never_fire_a_rung_after_the_due_day_earlier(
    owed_share: Share, offset: int, swapped: dict[date, bool], more_off: set[date]
) -> None:
    """One up to the due day may only come earlier: it leaves as many working days to do the work in."""
    before = fire_day(step(offset), owed_share, calendar_of(swapped))
    longer = calendar_of(swapped | dict.fromkeys(more_off, False))
    now = fire_day(step(offset), owed_share, longer)
    assert longer.is_working(now)
    assert now >= before if offset > 0 else now <= before


@given(owed_share=shares(), offsets=st.tuples(_OFFSETS, _OFFSETS).map(sorted), swapped=_SWAPPED)
@settings(deadline=None, max_examples=150)
def test_a_longer_wait_never_fires_earlier_on_any_calendar(
    owed_share: Share, offsets: list[int], swapped: dict[date, bool]
) -> None:
    calendar = calendar_of(swapped)
    short, long = (fire_day(step(offset), owed_share, calendar) for offset in offsets)
    assert short <= long
    assert (short < long) == (offsets[0] < offsets[1])
