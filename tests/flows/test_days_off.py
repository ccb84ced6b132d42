"""A day made off or worked on the board while the flows run: nothing sent, nothing lost, no alarm."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest

from flows.audit import audit_work
from flows.post import is_sending_time
from flows.preview import preview_work
from storage.engine import write
from storage.office_journal import Made
from storage.swapped_days import enter
from tasks_catalog.calendar import SwappedDay
from tests.flows.cast import NUMBER, Department, moment

TUESDAY, WEDNESDAY = date(2023, 4, 18), date(2023, 4, 19)
"""Row 5 is due on Friday 28/04/2023: −5 working days is Friday 21/04, −10 Friday 14/04."""
FRIDAY, SATURDAY = date(2023, 4, 21), date(2023, 4, 22)


@pytest.fixture
def started(department: Department) -> Department:
    department.start()
    department.mornings(date(2023, 4, 3), TUESDAY)
    return department


def becomes(department: Department, day: date, *, worked: bool, at: datetime) -> None:
    office = department.office
    one = SwappedDay(day=day, worked=worked, name="Theo công văn", document="12/UBND-VX")
    made = Made(by="truc", at=office.moment_of(at, at.time()))
    with write(office.engine) as session:
        enter(session, office.organisation_id, [one], office.calendars.without_own, made=made)


def test_nothing_leaves_on_a_day_made_off_this_morning_and_nothing_is_lost(started: Department) -> None:
    started.notices(moment(FRIDAY, 7, 45))
    becomes(started, FRIDAY, worked=False, at=moment(FRIDAY, 7, 50))
    assert started.post(moment(FRIDAY, 8)) == {}
    assert not is_sending_time(started.office, started.office.moment_of(moment(FRIDAY, 9), time(9)))
    assert preview_work(started.office, FRIDAY).skipped == "not_a_working_day"
    monday = started.morning(date(2023, 4, 24))
    assert any(f"{NUMBER}/5" in mail.text for mail in monday.values())


def test_a_rung_moves_when_a_day_becomes_off(started: Department) -> None:
    becomes(started, date(2023, 4, 24), worked=False, at=moment(WEDNESDAY, 15))
    told = started.mornings(WEDNESDAY, FRIDAY)
    (day,) = (day for day, mails in told.items() if any(f"{NUMBER}/5" in m.text for m in mails.values()))
    assert day == date(2023, 4, 20), "five working days before 28/04 are counted without 24/04"


def test_a_saturday_made_worked_is_a_day_letters_leave_on(started: Department) -> None:
    at = moment(SATURDAY, 8)
    assert started.post(at) == {}
    becomes(started, SATURDAY, worked=True, at=moment(FRIDAY, 15))
    assert is_sending_time(started.office, started.office.moment_of(at, at.time()))


def test_the_audit_raises_no_alarm_over_a_day_changed_since_the_morning(started: Department) -> None:
    """Made off after the morning's work, next Monday pulls a rung to today: tomorrow's morning says it."""
    thursday = date(2023, 4, 20)
    started.morning(thursday)
    becomes(started, date(2023, 4, 24), worked=False, at=moment(thursday, 10))
    assert audit_work(started.office, moment(thursday, 11)).missing == ()
    letters = started.morning(FRIDAY)
    assert any(f"{NUMBER}/5" in mail.text for mail in letters.values())
    assert audit_work(started.office, moment(FRIDAY, 11)).missing == ()
