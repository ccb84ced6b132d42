"""Preferences at work: the hour a person's letters leave, what may be switched off, and what may not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest

from flows.audit import audit_work
from flows.post import has_work
from flows.preview import preview_work
from storage import ledger, tasks
from storage.engine import read
from tasks_catalog.preference import OptionalLetter, Preference
from tests.flows.cast import ISSUED, NUMBER, PLAN, Department, moment

MARKETS = "\n".join(PLAN.splitlines()[:2])
"""Trade owes its rules by 27/01/2023 (huong, sao), the inspectorate helps (gu)."""
HELP = date(2023, 1, 18)
"""Two working days before: the owner is reminded, and the co-owner is told once."""
AFTERNOON = Preference(hour=time(14))
NO_CO_OWNER = Preference(off=frozenset({OptionalLetter.CO_OWNER}))


@pytest.fixture
def department(any_department: Department) -> Department:
    any_department.start(MARKETS, on=HELP)
    any_department.notices(HELP)
    return any_department


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return moment(day, hour, minute)


def test_a_letter_does_not_leave_before_its_reader_s_hour_and_tells_the_facts_of_that_hour(
    department: Department,
) -> None:
    department.prefer("huong", AFTERNOON, on=at(HELP, 7))
    assert sorted(department.post(at(HELP, 8))) == ["gu"]
    assert department.post(at(HELP, 13, 59)) == {}
    department.report(1, "QLTM", HELP, hour=13)
    assert department.post(at(HELP, 14)) == {}
    assert [letter.state for letter in department.letters() if letter.person == "huong"] == ["cancelled"]


def test_at_its_hour_it_leaves(department: Department) -> None:
    department.prefer("huong", AFTERNOON, on=at(HELP, 7))
    department.post(at(HELP, 8))
    assert audit_work(department.office, at(HELP, 13, 45)).is_clean  # it waits, and is not stuck
    assert sorted(department.post(at(HELP, 14))) == ["huong"]


def test_one_that_does_not_leave_for_two_hours_after_its_hour_is_stuck(department: Department) -> None:
    department.prefer("huong", AFTERNOON, on=at(HELP, 7))
    department.post(at(HELP, 8))
    assert audit_work(department.office, at(HELP, 15, 59)).stuck_letters == 0
    assert audit_work(department.office, at(HELP, 16, 1)).stuck_letters == 1


def test_an_hour_that_has_passed_means_at_once_and_a_day_missed_keeps_the_hour(
    department: Department,
) -> None:
    department.prefer("huong", Preference(hour=time(9)), on=at(HELP, 7))
    assert sorted(department.post(at(HELP, 10))) == ["gu", "huong"]
    department.prefer("huong", AFTERNOON, on=at(HELP, 11))
    due, late = date(2023, 1, 27), date(2023, 1, 30)
    department.notices(due)
    assert sorted(department.post(at(due, 8))) == ["sao"]
    department.notices(late)
    assert sorted(department.post(at(late, 9))) == ["sao"]
    caught_up = department.post(at(late, 14))
    assert caught_up["huong"].subject.startswith("[CCHC] 1 quá hạn, sớm nhất từ ngày 27/01/2023")


def test_an_hour_changed_while_the_letter_waits_holds_at_once(department: Department) -> None:
    department.prefer("huong", AFTERNOON, on=at(HELP, 7))
    department.post(at(HELP, 8))
    department.prefer("huong", Preference(), on=at(HELP, 9))
    assert sorted(department.post(at(HELP, 9, 1))) == ["huong"]


def test_an_hour_beyond_sending_hours_made_shorter_is_void_and_loses_no_letter(
    department: Department,
) -> None:
    department.prefer("huong", Preference(hour=time(16, 30)), on=at(HELP, 7))
    shorter = replace(department.office.settings, sending_to=time(16))
    office = replace(department.office, settings=shorter)
    office.__dict__["calendars"] = department.office.calendars
    assert sorted(Department(office=office).post(at(HELP, 8))) == ["gu", "huong"]


def test_a_co_owner_s_lines_switched_off_are_cancelled_and_say_why(department: Department) -> None:
    department.prefer("gu", NO_CO_OWNER, on=at(HELP, 7, 50))
    assert {ready.person.code for ready in preview_work(department.office, HELP).letters} == {"huong"}
    assert sorted(department.post(HELP)) == ["huong"]
    with read(department.office.engine) as session:
        row = tasks.task_or_refuse(session, department.office.organisation_id, f"{NUMBER}/1")
        (his,) = (entry for entry in ledger.of_task(session, row) if entry.notice.key.person == "gu")
    assert (str(his.notice.state), his.notice.params[ledger.UNTOLD]) == ("cancelled", "switched_off")
    assert audit_work(department.office, at(HELP, 9)).is_clean
    department.prefer("gu", Preference(), on=at(HELP, 10))
    assert department.post(at(HELP, 11)) == {}  # what was done without is not made up for


def test_switched_off_after_the_letter_was_made_it_does_not_leave(department: Department) -> None:
    department.prefer("gu", AFTERNOON, on=at(HELP, 7))
    department.post(at(HELP, 8))
    department.prefer("gu", replace(NO_CO_OWNER, hour=time(14)), on=at(HELP, 9))
    assert department.post(at(HELP, 14)) == {}
    assert ("-2", "gu", "cancelled", HELP.isoformat()) in department.told(1)


def test_an_owner_who_does_without_a_co_owner_s_lines_is_reminded_of_his_own(department: Department) -> None:
    department.prefer("huong", NO_CO_OWNER, on=at(HELP, 7))
    assert sorted(department.post(HELP)) == ["gu", "huong"]


def test_who_stands_in_reads_what_the_other_wants_at_his_own_hour(department: Department) -> None:
    department.absent("gu", HELP, HELP + timedelta(days=1), "cam-lai", on=at(HELP, 7))
    department.prefer("cam-lai", replace(NO_CO_OWNER, hour=time(15)), on=at(HELP, 7))
    assert sorted(department.post(at(HELP, 8))) == ["huong"]
    assert sorted(department.post(at(HELP, 15))) == ["cam-lai"]


@pytest.mark.parametrize(
    ("off", "readers"),
    [
        pytest.param(frozenset(), ["gu", "huong"], id="both units are welcomed"),
        pytest.param(frozenset({OptionalLetter.WELCOME}), ["gu"], id="who does without it is not"),
    ],
)
def test_a_welcome_can_be_switched_off(
    any_department: Department, off: frozenset[OptionalLetter], readers: list[str]
) -> None:
    any_department.prefer("huong", Preference(off=off), on=at(ISSUED, 7))
    any_department.start(MARKETS, on=ISSUED, welcome=True)
    assert sorted(any_department.post(at(ISSUED, 10))) == readers
    answers = {letter.person: letter.answer for letter in any_department.letters("cancelled")}
    assert answers == ({"huong": "switched_off"} if off else {})


def test_a_letter_that_waits_for_its_hour_is_no_work_for_the_post(
    department: Department, monkeypatch: pytest.MonkeyPatch
) -> None:
    department.prefer("huong", AFTERNOON, on=at(HELP, 7))
    department.post(at(HELP, 8))
    office = department.office
    for hour, is_work in ((10, False), (14, True)):
        now = office.moment_of(at(HELP, hour), time(hour))
        monkeypatch.setattr(type(office), "now", lambda _office, shown=now: shown)
        assert has_work(office) is is_work
