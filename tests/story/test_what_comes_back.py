"""A letter that bounces and a letter that is answered: what the office makes of the mail that comes back.

Trade's rules fall due on Friday 27/01/2023. Hương answers for trade, Sao heads it, Trúc coordinates.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine

from flows.read_mail import read_mail_work
from notifications.signing import return_path
from storage import answers, journal, tasks
from storage.answers import AnswerRefused, AnswerState, Choice, ConfirmAs
from storage.engine import read
from tasks_catalog.decisions import DecisionRefused
from tasks_catalog.facts import Evidence, Share
from tasks_catalog.standing import StandingKind, standing_of
from tests.flows.cast import HEADS, NUMBER, YEAR, Department, moment, open_department
from tests.mail import RETURN_ADDRESS, sample

PLAN = f"""{HEADS}
Thể chế,1,Quy định đấu thầu chợ,Quyết định,Phòng Quản lý thương mại,,Trước ngày 27/01/2023
"""
TASK = f"{NUMBER}/1"
FRIDAY, MONDAY, TUESDAY = date(2023, 1, 27), date(2023, 1, 30), date(2023, 1, 31)
NOTE = "theo thư trả lời ngày 27/01/2023, do truc xác nhận"
MAIL = "thư trả lời ngày 27/01/2023"


@pytest.fixture
def department(engine: Engine, tmp_path: Path) -> Department:
    """The department after the morning on which the rules fall due: Hương and Sao have a letter each."""
    mail = {"kind": "maildir", "folder": str(tmp_path / "mail"), "return_address": RETURN_ADDRESS}
    found = open_department(engine, tmp_path, mail=mail, inbox={"kind": "folder", "folder": str(tmp_path)})
    found.start(PLAN, on=FRIDAY)
    assert sorted(found.morning(FRIDAY)) == ["huong", "sao"]
    return found


def mail_comes(department: Department, name: str, day: date, hour: int) -> None:
    """Let a message about Hương's letter come in, by the letter's own return path."""
    letter = next(each for each in department.letters("sent") if each.person == "huong")
    path = return_path(RETURN_ADDRESS, letter.id, department.office.keys)
    message = sample(name, path=path, message_id=letter.message_id, reader=letter.address)
    (department.office.settings.home / f"{name}.eml").write_bytes(message)
    read_mail_work(department.office, moment(day, hour))


def share_of(department: Department) -> Share:
    with read(department.office.engine) as session:
        row = tasks.task_or_refuse(session, department.office.organisation_id, TASK)
        (share,) = tasks.facts_of_task(session, row).current_shares
    return share


def confirm(department: Department, day: date, choice: Choice | None = None, *, note: str = NOTE) -> None:
    with department.desk(day, "truc", hour=9, note=note) as desk:
        answers.confirm(desk, 1, choice or Choice(mail_named=MAIL))


def standing(department: Department, day: date) -> StandingKind:
    with read(department.office.engine) as session:
        row = tasks.task_or_refuse(session, department.office.organisation_id, TASK)
        return standing_of(tasks.facts_of_task(session, row), as_of=day, settings=YEAR).kind


@pytest.mark.parametrize(
    "named", [False, True], ids=["the focal point's", "the officer's, named by the unit"]
)
def test_a_letter_bounces_and_the_head_hears_the_next_rung_in_her_stead(
    department: Department, named: bool
) -> None:
    if named:
        with department.desk(FRIDAY, "sao", hour=8) as desk:
            desk.reassign(TASK, from_unit="QLTM", to_unit="QLTM", officer="huong")
    mail_comes(department, "postfix-no-such-user", FRIDAY, 9)
    monday = department.morning(MONDAY)
    assert "huong" not in monday
    assert "vì" in monday["sao"].text
    assert ("+1", "sao") in {(rung, person) for rung, person, _, _ in department.told(1)}
    assert ("+1", "huong") not in {(rung, person) for rung, person, _, _ in department.told(1)}
    assert ("0", "huong", "sent", "2023-01-27") in department.told(
        1
    )  # it was taken; explain shows the bounce
    assert department.audits[-1].is_clean


def test_a_reply_is_confirmed_in_one_step_and_the_share_is_done(department: Department) -> None:
    mail_comes(department, "reply-done", FRIDAY, 16)
    assert share_of(department).is_live  # what was read out of it acts on nothing
    confirm(department, MONDAY)
    share = share_of(department)
    assert share.report is not None
    assert (share.report.by, share.report.on, share.report.product_date) == ("huong", MONDAY, FRIDAY)
    paper, file, mail = share.report.evidence
    assert paper == Evidence(text="45/BC-QLTM", issued=date(2023, 1, 26))
    assert (file.text, mail.text, mail.issued) == ("báo cáo.pdf", MAIL, FRIDAY)
    assert file.sha256
    assert mail.sha256
    with read(department.office.engine) as session:
        line = answers.answer_or_refuse(session, department.office.organisation_id, 1)
        row = tasks.task_or_refuse(session, department.office.organisation_id, TASK)
        last = journal.history(session, row)[-1]
    assert (last.kind, last.by, last.note) == ("report", "huong", NOTE)
    assert (line.answer.state, line.answer.decided_by) == ("confirmed", "truc")
    assert line.answer.event_id is not None
    assert department.mornings(MONDAY, date(2023, 2, 10)) == {}


def test_confirmed_late_the_mail_s_own_day_counts_only_when_the_coordinator_accepts_it(
    department: Department,
) -> None:
    mail_comes(department, "reply-done", FRIDAY, 16)
    confirm(department, TUESDAY)
    assert standing(department, TUESDAY) is StandingKind.DONE_LATE
    with department.desk(TUESDAY, "truc") as desk:
        desk.accept(TASK, product_date=True)
    assert standing(department, TUESDAY) is StandingKind.DONE_ON_TIME


def test_accepting_at_once_counts_the_day_the_mail_came_in(department: Department) -> None:
    mail_comes(department, "reply-done", FRIDAY, 16)
    confirm(department, TUESDAY, Choice(accept=True, mail_named=MAIL))
    share = share_of(department)
    assert (share.accepted_on, share.done_on) == (TUESDAY, FRIDAY)
    assert standing(department, TUESDAY) is StandingKind.DONE_ON_TIME


def test_a_request_for_time_becomes_one_and_is_decided_as_any_other(department: Department) -> None:
    mail_comes(department, "reply-more-time", FRIDAY, 16)
    confirm(department, MONDAY)
    share = share_of(department)
    assert share.request is not None
    assert (share.request.by, share.request.to) == ("huong", date(2023, 2, 24))
    assert share.request.reason.endswith("xin gia hạn đến 24/02/2023 vì chờ ý kiến Sở Tư pháp.")


def test_the_coordinator_may_read_it_otherwise(department: Department) -> None:
    mail_comes(department, "reply-done", FRIDAY, 16)
    choice = Choice(confirm_as=ConfirmAs.ACK, to=date(2023, 2, 3), mail_named=MAIL)
    confirm(department, MONDAY, choice)
    share = share_of(department)
    assert (share.is_live, share.expected) == (True, date(2023, 2, 3))


def test_an_answer_is_decided_once(department: Department) -> None:
    mail_comes(department, "reply-done", FRIDAY, 16)
    confirm(department, MONDAY)
    with pytest.raises(AnswerRefused) as refused:
        confirm(department, MONDAY)
    assert refused.value.code == "answer_closed"


def test_what_does_not_fit_leaves_the_answer_open_and_writes_nothing(department: Department) -> None:
    mail_comes(department, "reply-done", FRIDAY, 16)
    department.report(1, "QLTM", FRIDAY, hour=17)
    before = department.dump()
    with pytest.raises(DecisionRefused) as refused:
        confirm(department, MONDAY)
    assert refused.value.code == "share_already_reported"
    assert department.dump() == before


def test_an_answer_is_rejected_with_a_reason_and_nothing_is_recorded(department: Department) -> None:
    mail_comes(department, "reply-done", FRIDAY, 16)
    with department.desk(MONDAY, "truc") as desk, pytest.raises(AnswerRefused) as refused:
        answers.set_aside(desk, 1, AnswerState.REJECTED)
    assert refused.value.code == "answer_reason_needed"
    with department.desk(MONDAY, "truc", note="Báo cáo chưa ký") as desk:
        answers.set_aside(desk, 1, AnswerState.REJECTED)
    assert share_of(department).is_live


def test_of_an_address_nobody_has_the_coordinator_signs_alone(department: Department) -> None:
    letter = next(each for each in department.letters("sent") if each.person == "huong")
    message = sample("reply-done", message_id=letter.message_id, reader="rieng@khac.example")
    (department.office.settings.home / "rieng.eml").write_bytes(message)
    read_mail_work(department.office, moment(FRIDAY, 16))
    confirm(department, MONDAY)
    share = share_of(department)
    assert share.report is not None
    assert share.report.by == "truc"


def test_a_mail_that_says_nothing_certain_asks_the_coordinator_what_it_is(department: Department) -> None:
    letter = next(each for each in department.letters("sent") if each.person == "huong")
    head = f"From: {letter.address}\nIn-Reply-To: {letter.message_id}\n\n"
    (department.office.settings.home / "loi.eml").write_bytes(f"{head}Cảm ơn chị.".encode())
    read_mail_work(department.office, moment(FRIDAY, 16))
    for choice, code in (
        (Choice(mail_named=MAIL), "answer_kind_needed"),
        (Choice(mail_named=MAIL, confirm_as=ConfirmAs.EXTEND), "answer_day_needed"),
    ):
        with pytest.raises(AnswerRefused) as refused:
            confirm(department, MONDAY, choice)
        assert refused.value.code == code
    assert share_of(department).is_live
