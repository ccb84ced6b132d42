"""The timetable: one table, read the same by APScheduler and by cron."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from apscheduler.triggers.cron import CronTrigger

from flows.timetable import TIME_ZONE, TIMETABLE, Entry, load, missed_today

ZONE = ZoneInfo(TIME_ZONE)
BY_KEY = {entry.key: entry for entry in TIMETABLE}
SATURDAY = date(2022, 10, 15)


def times_on(entry: Entry, day: date) -> list[time]:
    """Return the local times of a day at which an entry fires."""
    trigger = CronTrigger.from_crontab(entry.cron, timezone=ZONE)
    start = datetime.combine(day, time.min, tzinfo=ZONE)
    found: list[time] = []
    fired = trigger.get_next_fire_time(None, start)
    while fired is not None and fired.date() == day:
        found.append(fired.timetz().replace(tzinfo=None))
        fired = trigger.get_next_fire_time(fired, fired + timedelta(seconds=1))
    return found


@pytest.mark.parametrize(
    ("key", "at"),
    [
        ("open_occurrences", time(5, 30)),
        ("tally", time(6)),
        ("summarise", time(6, 30)),
        ("remind", time(7, 30)),
        ("escalate", time(7, 40)),
    ],
)
def test_a_daily_flow_fires_once_also_on_a_saturday_that_may_be_worked(key: str, at: time) -> None:
    assert times_on(BY_KEY[key], SATURDAY) == [at]
    assert BY_KEY[key].daily_at == at


def test_post_fires_every_minute_of_sending_hours_and_never_at_five_or_later() -> None:
    times = times_on(BY_KEY["post"], SATURDAY)
    assert (times[0], times[-1], len(times)) == (time(8), time(16, 59), 9 * 60)


def test_machines_are_told_every_minute_day_and_night() -> None:
    assert len(times_on(BY_KEY["call_out"], SATURDAY)) == 24 * 60


def test_mail_is_read_every_five_minutes_day_and_night() -> None:
    times = times_on(BY_KEY["read_mail"], SATURDAY)
    assert (times[0], times[1], len(times)) == (time(0), time(0, 5), 24 * 12)


def test_audit_fires_every_hour() -> None:
    assert [t.hour for t in times_on(BY_KEY["audit"], SATURDAY)] == list(range(24))


def test_keys_are_unique_and_every_line_says_why() -> None:
    assert len(BY_KEY) == len(TIMETABLE)
    assert all(entry.why for entry in TIMETABLE)


def test_no_cron_names_a_weekday_or_a_day_of_the_month() -> None:
    assert all(re.fullmatch(r"\S+ \S+ \* \* \*", entry.cron) for entry in TIMETABLE)


@pytest.mark.parametrize("entry", TIMETABLE, ids=lambda entry: entry.key)
def test_every_line_names_a_flow_that_takes_a_day(entry: Entry) -> None:
    flow = load(entry)
    assert flow.fn.__name__ == entry.key
    assert list(flow.parameters.properties) == ["as_of"]


@pytest.mark.parametrize(
    ("now", "missed"),
    [
        pytest.param(time(5), [], id="before the first, nothing was missed"),
        pytest.param(
            time(7),
            ["open_occurrences", "tally", "summarise"],
            id="at seven, what comes before seven, in order",
        ),
        pytest.param(
            time(7, 30),
            ["open_occurrences", "tally", "summarise", "remind"],
            id="on the minute counts as missed: running it twice does no harm",
        ),
        pytest.param(
            time(23, 59),
            ["open_occurrences", "tally", "summarise", "remind", "escalate"],
            id="late in the evening all daily ones, and none of those that run often",
        ),
    ],
)
def test_missed_today(now: time, missed: list[str]) -> None:
    assert [entry.key for entry in missed_today(reversed(TIMETABLE), now)] == missed
