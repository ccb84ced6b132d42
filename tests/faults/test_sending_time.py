"""Promise P5: whatever the calendar, the sending hours and the moments, nothing leaves outside them.

What is allowed is worked out here anew, from the days drawn and not from the calendar under test.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from flows.post import compose_letters
from storage.office_calendar import calendar_of
from tasks_catalog.calendar import SwappedDay, vietnam
from tests.faults.ground import Copy, copies_of, reopened
from tests.flows.cast import PLAN, Mail, moment, open_department

TODAY = date(2023, 1, 27)
_SATURDAY = 5
_SPAN = (TODAY, date(2023, 3, 31))
"""Over the nights in which the clocks of New York (12/03) and Berlin (26/03) are put forward."""
_MINUTE, _INSTANT = timedelta(minutes=1), timedelta(microseconds=1)


@dataclass(frozen=True, kw_only=True)
class Hours:
    """When letters may leave, as drawn: days worked or not against the usual week, and the hours."""

    swapped: dict[date, bool]
    begin: time
    end: time
    zone: str

    def allow(self, at: datetime) -> bool:
        at = at.astimezone(ZoneInfo(self.zone))
        is_worked = self.swapped.get(at.date(), at.weekday() < _SATURDAY)
        return is_worked and self.begin <= at.time() < self.end


_times = st.times().map(lambda drawn: drawn.replace(second=0, microsecond=0))
_ends = st.one_of(_times, st.just(time(0)), st.just(time(23, 59)))
_hours = st.lists(_ends, min_size=2, max_size=2).map(sorted)


@st.composite
def drawn_hours(draw: st.DrawFn) -> Hours:
    begin, end = draw(_hours)
    swapped = draw(st.dictionaries(st.dates(*_SPAN), st.booleans(), max_size=30))
    zone = draw(st.sampled_from(["Asia/Ho_Chi_Minh", "Europe/Berlin", "America/New_York", "Pacific/Apia"]))
    return Hours(swapped=swapped, begin=begin, end=end, zone=zone)


@st.composite
def moments(draw: st.DrawFn, hours: Hours) -> Sequence[datetime]:
    """Draw moments in their order, most of them at an edge: midnight, the first and the last instant."""
    zone = ZoneInfo(hours.zone)
    edges = (time(0), time(23, 59), hours.begin, hours.end)
    steps = st.sampled_from([-_MINUTE, -_INSTANT, timedelta(0), _INSTANT, _MINUTE])
    near = st.builds(
        lambda day, at, by: (datetime.combine(day, at, tzinfo=zone) + by).astimezone(UTC),
        st.dates(*_SPAN),
        st.one_of(st.sampled_from(edges), st.times()),
        steps,
    )
    return sorted(draw(st.lists(near, min_size=1, max_size=8)))


@pytest.fixture
def loaded(engine: Engine, tmp_path: Path) -> Copy:
    """Copies of a department with letters waiting and lines free, so that there is something to send."""
    department = open_department(engine, tmp_path)
    department.start(PLAN)
    department.notices(TODAY)
    compose_letters(department.office, department.office.moment_of(moment(TODAY, 0), time(0)))
    department.notices(date(2023, 1, 30))
    with copies_of(engine, tmp_path) as copy:
        yield copy


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.differing_executors],
)
@given(data=st.data())
def test_nothing_leaves_outside_sending_hours_on_any_calendar(
    loaded: Copy, tmp_path: Path, data: st.DataObject
) -> None:
    hours = data.draw(drawn_hours())
    times = data.draw(moments(hours))
    engine, home = loaded(), tmp_path / f"home-{next(_numbers)}"
    department = reopened(
        engine,
        home,
        mail={"kind": "maildir", "folder": str(home / "mail")},
        sending_from=hours.begin,
        sending_to=hours.end,
        timezone=ZoneInfo(hours.zone),
    )
    swapped = [SwappedDay(day=day, worked=worked) for day, worked in hours.swapped.items()]
    department.office.__dict__["calendars"] = calendar_of(
        department.office.organisation_id, vietnam((2023,), swapped)
    )
    left: list[Mail] = []
    for at in times:
        sent = list(department.post(at).values())
        if not hours.allow(at):
            assert sent == [], at
        assert all(hours.allow(mail.raw["Date"].datetime) for mail in sent)
        left += sent
    assert bool(left) == any(map(hours.allow, times)), "what may leave does"
    engine.dispose()


_numbers = count(1)
