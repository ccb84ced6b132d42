"""Reminding: once each, however often and by however many it is run."""

from __future__ import annotations

import multiprocessing
from datetime import date

import pytest

from flows.escalate import escalate_work
from flows.open_occurrences import open_occurrences_work
from flows.remind import Noticed, remind_work
from tasks_catalog.ladder import NoticeState
from tests.flows.cast import ISSUED, Department, days
from tests.flows.twin import live_through

ROUNDS = (date(2023, 1, 6), date(2023, 1, 18), date(2023, 1, 27), date(2023, 1, 30), date(2023, 2, 28))


def test_reminders_and_escalations_of_a_morning_are_kept_apart_and_meet_in_one_letter(
    department: Department,
) -> None:
    department.start(on=date(2023, 1, 27))
    monday, wednesday = date(2023, 1, 30), date(2023, 2, 1)
    assert remind_work(department.office, date(2023, 1, 27)) == Noticed(waiting=2, superseded=4)
    assert escalate_work(department.office, date(2023, 1, 27)) == Noticed()
    assert remind_work(department.office, monday) == Noticed()
    assert escalate_work(department.office, monday) == Noticed(waiting=2)
    assert escalate_work(department.office, wednesday) == Noticed(waiting=1)


def test_run_twice_it_keeps_nothing_more(any_department: Department) -> None:
    any_department.start()
    day = date(2023, 2, 28)
    open_occurrences_work(any_department.office, day)  # the day's first run also moves the counts on
    assert remind_work(any_department.office, day).waiting > 8
    escalate_work(any_department.office, day)
    before = any_department.dump()
    assert remind_work(any_department.office, day) == Noticed()
    assert escalate_work(any_department.office, day) == Noticed()
    assert open_occurrences_work(any_department.office, day).shares == 0
    assert any_department.dump() == before


@pytest.mark.parametrize("day", list(days(date(2023, 1, 20), date(2023, 1, 26))), ids=str)
def test_in_tet_nothing_is_decided(department: Department, day: date) -> None:
    department.start()
    assert remind_work(department.office, day).skipped == "not_a_working_day"
    assert escalate_work(department.office, day).skipped == "not_a_working_day"
    assert department.sizes()["notice"] == 0


def test_with_no_plan_started_there_is_nothing_to_say(department: Department) -> None:
    department.read_plan()
    assert remind_work(department.office, ISSUED) == Noticed()
    assert department.morning(ISSUED) == {}


def test_a_step_passed_before_the_plan_was_started_is_on_record_and_not_sent(department: Department) -> None:
    department.start(on=date(2023, 1, 16))
    assert remind_work(department.office, date(2023, 1, 16)).superseded == 2
    assert [(rung, state) for rung, _, state, _ in department.told(1)] == [
        ("-10", "superseded"),
        ("-5", "superseded"),
    ]
    assert department.post(date(2023, 1, 16)) == {}


def test_two_processes_at_once_say_everything_once(any_department: Department) -> None:
    """Five mornings, each flow begun by both in the same moment, on a database both write to."""
    department = any_department
    department.start()
    context = multiprocessing.get_context("spawn")
    together = context.Barrier(2)
    settings = department.office.settings
    told = (settings.database_url, str(settings.home), department.office.organisation_id, ROUNDS, together)
    twins = [context.Process(target=live_through, args=told) for _ in range(2)]
    for twin in twins:
        twin.start()
    for twin in twins:
        twin.join(timeout=250)
    assert [twin.exitcode for twin in twins] == [0, 0]
    letters = department.letters()
    assert [
        (letter.person, letter.state, letter.answer) for letter in letters if letter.state != "sent"
    ] == []
    assert len(department.files()) == len(letters)
    assert len({(letter.person, letter.day) for letter in letters}) == len(letters)
    by_person = [line[:2] for line in department.told(1)]
    assert len(set(by_person)) == len(by_person)
    assert department.counts()[NoticeState.WAITING] == 0
    assert [len([m for m in department.files().values() if m.to == who]) for who in ("huong", "sao")] == [
        5,
        2,
    ]
    for day in ROUNDS:
        assert department.morning(day) == {}
