"""Auditing: what should have been said against what was; it cries neither wolf nor too late."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
from sqlalchemy import delete, update

from flows.audit import HEARTBEAT_FILE, Audit, audit_work
from flows.post import compose_letters
from storage.engine import write
from storage.schema import NoticeRow, PersonRow, UnitRow
from tests.flows.cast import ISSUED, NUMBER, PAPER, PLAN, Department, moment

FRIDAY, MONDAY = date(2023, 1, 27), date(2023, 1, 30)


@pytest.fixture
def at_work(department: Department) -> Department:
    """A department after the morning of the day trade's rules fall due."""
    department.start(on=FRIDAY)
    department.morning(FRIDAY)
    return department


def heartbeat(department: Department) -> Path:
    return department.office.settings.home / HEARTBEAT_FILE


def forget(department: Department, rung: str, person: str) -> None:
    """Delete a line of the ledger behind everybody's back."""
    with write(department.office.engine) as session:
        gone = delete(NoticeRow).where(NoticeRow.rung == rung, NoticeRow.person == person)
        assert session.execute(gone).rowcount == 1  # type: ignore[attr-defined]  # a cursor's result has it


def test_after_the_morning_it_is_clean_and_the_heart_beats(at_work: Department) -> None:
    at = moment(FRIDAY, 10, 15)
    assert audit_work(at_work.office, at) == Audit()
    assert heartbeat(at_work).read_text() == "2023-01-27T10:15:00+07:00\n"


def test_a_line_that_is_missing_is_found_named_and_told_once_a_day(at_work: Department) -> None:
    forget(at_work, "0", "huong")
    heartbeat(at_work).unlink()
    for hour in (9, 10, 11):
        found = audit_work(at_work.office, moment(FRIDAY, hour, 15))
        (key,) = found.missing
        assert (key.share.task, key.share.unit, key.rung, key.person) == (f"{NUMBER}/1", "QLTM", "0", "huong")
    assert not heartbeat(at_work).exists()
    letters = at_work.post(moment(FRIDAY, 11, 30))
    assert list(letters) == ["truc"]
    assert letters["truc"].subject == "[CCHC] Cần kiểm tra: 1 điểm lệch khi soát ngày 27/01/2023"
    assert "Nhiệm vụ 25/KH-SCT/1, đơn vị QLTM: bậc nhắc 0 đã đến ngày" in letters["truc"].text
    assert at_work.post(moment(FRIDAY, 11, 31)) == {}


def test_the_next_morning_makes_it_good(at_work: Department) -> None:
    forget(at_work, "0", "huong")
    assert not audit_work(at_work.office, moment(FRIDAY, 10)).is_clean
    at_work.morning(MONDAY)
    assert at_work.audits[-1].is_clean


def test_a_morning_that_did_not_run_is_a_gap_from_ten_to_eight_on(department: Department) -> None:
    department.start(on=date(2023, 1, 18))
    department.morning(date(2023, 1, 18))
    assert audit_work(department.office, moment(FRIDAY, 7, 45)).is_clean  # remind has only just run
    assert len(audit_work(department.office, moment(FRIDAY, 7, 50)).missing) == 2


def test_a_whole_tet_of_gaps_is_one_letter(department: Department) -> None:
    department.start(on=date(2023, 1, 16))
    for day in range(19, 27):
        for hour in (6, 12, 18):
            audit_work(department.office, moment(date(2023, 1, day), hour, 15))
    assert [(letter.kind, letter.person, letter.day) for letter in department.letters()] == [
        ("alarm", "truc", date(2023, 1, 19)),
        ("alarm", "truc", FRIDAY),
    ]


@pytest.mark.parametrize(
    "at",
    [moment(FRIDAY, 10, 15), moment(date(2023, 1, 29), 10, 15), moment(MONDAY, 6, 15)],
    ids=["the same day", "over the week-end", "before the next morning's work"],
)
@pytest.mark.parametrize("what", ["triggered", "returned", "extended", "reassigned", "started", "moved on"])
def test_what_people_decide_after_the_morning_is_no_gap(at_work: Department, what: str, at: datetime) -> None:
    """None of it could have been said this morning; the next one says it."""
    match what:
        case "triggered":
            with at_work.desk(FRIDAY, "truc", hour=9, document=PAPER) as desk:
                desk.trigger(f"{NUMBER}/4", due=date(2023, 1, 31))
        case "returned":
            at_work.report(1, "QLTM", FRIDAY, hour=9)
            with at_work.desk(FRIDAY, "truc", hour=9, note="Thiếu phụ lục") as desk:
                desk.return_(f"{NUMBER}/1", "QLTM")
        case "extended":
            with at_work.desk(FRIDAY, "truc", hour=9, document=PAPER) as desk:
                desk.grant_extension(f"{NUMBER}/1", "QLTM", to=date(2023, 2, 1))
        case "reassigned":
            with at_work.desk(FRIDAY, "truc", hour=9) as desk:
                desk.reassign(f"{NUMBER}/1", from_unit="QLTM", to_unit="QLCN")
        case "started":
            at_work.start(PLAN, on=FRIDAY, number="26/KH-SCT")
        case "moved on":
            with write(at_work.office.engine) as session:
                session.execute(update(UnitRow).where(UnitRow.code == "QLTM").values(focal_point="sua"))
    assert audit_work(at_work.office, at) == Audit()
    at_work.morning(MONDAY)
    assert at_work.audits[-1].missing == ()


def test_a_letter_that_does_not_leave_for_two_hours_is_a_gap(department: Department) -> None:
    department.start(on=FRIDAY)
    department.notices(FRIDAY)
    compose_letters(department.office, department.office.moment_of(FRIDAY, moment(ISSUED).time()))
    assert audit_work(department.office, moment(FRIDAY, 10)).is_clean
    found = audit_work(department.office, moment(FRIDAY, 10, 1))
    assert (found.stuck_letters, found.is_clean) == (2, False)
    assert "2 thư đã soạn quá 2 giờ mà chưa gửi được." in department.post(moment(FRIDAY, 10, 2))["truc"].text


def test_a_letter_nobody_can_be_sent_is_counted_and_stops_no_heart(department: Department) -> None:
    department.start(on=FRIDAY)
    with write(department.office.engine) as session:
        session.execute(update(PersonRow).where(PersonRow.code == "huong").values(email=""))
    department.morning(FRIDAY)
    assert department.audits[-1] == Audit(dead_letters=1)
    assert heartbeat(department).exists()
