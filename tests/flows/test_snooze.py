"""A snooze keeps one unit's reminders of one task quiet until a day; nothing else, and nothing for ever."""

from __future__ import annotations

from datetime import date, time

import pytest

from flows.post import compose_letters, has_work, send_letters
from tasks_catalog.decisions import DecisionRefused
from tests.flows.cast import ISSUED, NUMBER, PLAN, Department, moment

TASK = f"{NUMBER}/1"
MARKETS = "\n".join(PLAN.splitlines()[:2])
FIRST, SECOND = date(2023, 1, 6), date(2023, 1, 13)
"""Ten and five working days before trade's rules are due on 27/01/2023."""


def snooze(department: Department, on: date, until: date, *, hour: int = 9) -> None:
    with department.desk(on, "huong", hour=hour) as desk:
        desk.snooze(TASK, "QLTM", until=until)


def heard(department: Department, first: date, last: date) -> list[tuple[date, str]]:
    found = department.mornings(first, last)
    return [(day, reader) for day, letters in found.items() for reader in sorted(letters)]


def test_until_a_saturday_it_goes_on_on_monday(department: Department) -> None:
    department.start(MARKETS)
    snooze(department, ISSUED, date(2023, 1, 14))
    assert heard(department, ISSUED, date(2023, 1, 19)) == [
        (date(2023, 1, 16), "huong"),
        (date(2023, 1, 18), "gu"),  # the co-owner asked for nothing
        (date(2023, 1, 18), "huong"),
    ]
    assert department.audits[-1].is_clean


def test_a_line_kept_before_the_snooze_waits_for_its_end(any_department: Department) -> None:
    department = any_department
    department.start(MARKETS)
    department.notices(FIRST)
    snooze(department, FIRST, date(2023, 1, 11), hour=7)
    assert department.post(FIRST) == {}
    assert not has_waiting_work(department, FIRST)
    assert heard(department, date(2023, 1, 9), date(2023, 1, 12)) == [(date(2023, 1, 11), "huong")]


def test_a_line_in_a_letter_already_made_waits_too(any_department: Department) -> None:
    department = any_department
    department.start(MARKETS)
    department.notices(FIRST)
    at = department.office.moment_of(moment(FIRST), time(8))
    assert compose_letters(department.office, at) == 1
    snooze(department, FIRST, date(2023, 1, 11), hour=8)
    assert send_letters(department.office, at) == {"cancelled": 1}
    assert heard(department, date(2023, 1, 9), date(2023, 1, 12)) == [(date(2023, 1, 11), "huong")]
    assert [line[:3] for line in department.told(1)] == [("-10", "huong", "sent")]


def test_escalation_is_not_put_off(department: Department) -> None:
    department.start(MARKETS)
    department.mornings(ISSUED, date(2023, 1, 18))
    snooze(department, date(2023, 1, 18), date(2023, 2, 6))
    assert heard(department, date(2023, 1, 19), date(2023, 2, 3)) == [
        (date(2023, 1, 27), "sao"),
        (date(2023, 1, 30), "huong"),
        (date(2023, 1, 30), "sao"),
        (date(2023, 2, 1), "truc"),
        (date(2023, 2, 3), "tung"),
    ]


def test_until_a_day_that_is_over_it_is_refused(department: Department) -> None:
    department.start(MARKETS)
    with pytest.raises(DecisionRefused) as refused:
        snooze(department, FIRST, FIRST)
    assert refused.value.code == "snooze_over"


def has_waiting_work(department: Department, day: date) -> bool:
    with pytest.MonkeyPatch.context() as patch:
        now = department.office.moment_of(moment(day, 9), time(9))
        patch.setattr(type(department.office), "now", lambda _office: now)
        return has_work(department.office)
