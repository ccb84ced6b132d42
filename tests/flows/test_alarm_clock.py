"""The alarm clock: jobs made from the table, what was missed made good, failures kept apart."""

from __future__ import annotations

import logging
import threading
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from flows.alarm_clock import (
    CATCH_UP,
    alarm_clock,
    catch_up,
    new_scheduler,
    set_alarms,
    set_catch_up,
    wake,
)
from flows.timetable import TIMETABLE, Entry

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
REMIND, ESCALATE = (next(e for e in TIMETABLE if e.key == key) for key in ("remind", "escalate"))


def nothing(entry: Entry) -> None:
    """Stand for a flow."""


def test_every_line_of_the_table_becomes_a_job_that_is_late_rather_than_skipped() -> None:
    scheduler = new_scheduler(ZONE)
    scheduler.start(paused=True)
    set_alarms(scheduler, TIMETABLE, nothing)
    jobs = {job.id: job for job in scheduler.get_jobs()}
    assert set(jobs) == {entry.key for entry in TIMETABLE}
    for job in jobs.values():
        assert (job.coalesce, job.max_instances) == (True, 1)
        assert timedelta(seconds=job.misfire_grace_time) >= timedelta(hours=6)
    scheduler.shutdown()


def test_jobs_fire_at_the_offices_local_time() -> None:
    scheduler = new_scheduler(ZONE)
    set_alarms(scheduler, TIMETABLE, nothing)
    trigger = next(job.trigger for job in scheduler.get_jobs() if job.id == "remind")
    fires = trigger.get_next_fire_time(None, datetime(2022, 10, 14, 8, tzinfo=ZONE))
    assert fires == datetime(2022, 10, 15, 7, 30, tzinfo=ZONE)
    assert fires.utcoffset() == timedelta(hours=7)


def test_a_changed_line_replaces_its_job_and_a_line_that_left_the_table_is_removed() -> None:
    scheduler = new_scheduler(ZONE)
    scheduler.start(paused=True)
    set_alarms(scheduler, TIMETABLE, nothing)
    later = Entry(key="remind", target=REMIND.target, cron="45 7 * * *", why="later")
    set_alarms(scheduler, [later], nothing)
    (job,) = scheduler.get_jobs()
    assert (job.id, job.args[0]) == ("remind", later)
    assert job.next_run_time.astimezone(ZONE).time() == time(7, 45)
    scheduler.shutdown()


def test_no_catch_up_is_set_when_nothing_was_missed() -> None:
    scheduler = new_scheduler(ZONE)
    set_catch_up(scheduler, (), nothing)
    assert scheduler.get_jobs() == []


def test_at_the_start_the_days_missed_flows_run_once_in_order() -> None:
    called: list[str] = []
    done = threading.Event()

    def call(entry: Entry) -> None:
        called.append(entry.key)
        if entry.key == "escalate":
            done.set()

    now = datetime(2022, 10, 14, 20, tzinfo=ZONE)
    daily = [entry for entry in TIMETABLE if entry.daily_at]
    with alarm_clock(call, now=now, entries=daily) as scheduler:
        assert done.wait(timeout=10)
        assert CATCH_UP not in {job.id for job in scheduler.get_jobs()}
    assert called == ["open_occurrences", "tally", "summarise", "remind", "escalate"]


def test_a_flow_that_fails_is_logged_with_its_reason_and_stops_nobody_else(
    caplog: pytest.LogCaptureFixture,
) -> None:
    called: list[str] = []

    def call(entry: Entry) -> None:
        called.append(entry.key)
        if entry is REMIND:
            raise ConnectionError("the database is away")

    with caplog.at_level(logging.ERROR):
        catch_up([REMIND, ESCALATE], call)
    assert called == ["remind", "escalate"]
    assert "the flow remind failed" in caplog.text
    assert "the database is away" in caplog.text


def test_waking_hands_the_line_to_whoever_calls_flows() -> None:
    called: list[Entry] = []
    wake(REMIND, called.append)
    assert called == [REMIND]


def test_a_naive_time_is_refused() -> None:
    clock = alarm_clock(nothing, now=datetime(2022, 10, 14, 20))  # noqa: DTZ001  # that is the point
    with pytest.raises(ValueError, match="naive"), clock:
        pass
