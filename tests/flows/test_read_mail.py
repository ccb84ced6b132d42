"""Reading mail: each message once, bounces act, answers wait, poison is parked; twice or at once the same."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from flows.audit import HEARTBEAT_FILE, audit_work
from flows.preview import preview_work
from flows.read_mail import NO_MAILBOX, MailRead, read_mail_work
from notifications.incoming import MOST_BYTES
from notifications.mailbox import MailboxAway
from notifications.signing import return_path
from storage import answers, bounces, inbox
from storage.engine import read, write
from storage.people import load_directory, save_directory
from storage.schema import AnswerRow, BounceRow, IncomingRow, LetterRow
from tasks_catalog.people import Person
from tasks_catalog.problem import Refused
from tests.flows.cast import NUMBER, Department, moment, open_department
from tests.imap_server import PASSWORD, USER, serving
from tests.mail import RETURN_ADDRESS, sample

FRIDAY, MONDAY, TUESDAY = date(2023, 1, 27), date(2023, 1, 30), date(2023, 1, 31)


@pytest.fixture(params=["sqlite", "postgres"])
def department(request: pytest.FixtureRequest, tmp_path: Path) -> Department:
    """The department after the morning of the day trade's rules fall due, with a folder for its mail."""
    engine: Engine = request.getfixturevalue(f"{request.param}_engine")
    mail = {"kind": "maildir", "folder": str(tmp_path / "mail"), "return_address": RETURN_ADDRESS}
    found = open_department(
        engine, tmp_path, mail=mail, inbox={"kind": "folder", "folder": str(tmp_path / "den")}
    )
    (tmp_path / "den").mkdir()
    found.start(on=FRIDAY)
    found.morning(FRIDAY)
    return found


def letter_to(department: Department, person: str) -> LetterRow:
    return next(letter for letter in department.letters("sent") if letter.person == person)


def about(department: Department, name: str, *, person: str = "huong", signed: bool = True) -> bytes:
    """Return a sample about the person's letter, by its signed path or without it."""
    letter = letter_to(department, person)
    path = return_path(RETURN_ADDRESS, letter.id, department.office.keys) if signed else "tra-lai@example.vn"
    return sample(name, path=path, message_id=letter.message_id, reader=letter.address)


def put(department: Department, *messages: bytes) -> None:
    folder = Path(str(department.office.settings.inbox["folder"]))
    for message in messages:
        (folder / f"{len(list(folder.glob('*'))):03}-{id(message)}.eml").write_bytes(message)


def come_in(department: Department, *messages: bytes, at: date = FRIDAY, hour: int = 10) -> MailRead:
    put(department, *messages)
    return read_mail_work(department.office, moment(at, hour))


def rows(department: Department) -> tuple[list[IncomingRow], list[BounceRow], list[AnswerRow]]:
    with read(department.office.engine) as session:
        return (
            list(session.scalars(select(IncomingRow).order_by(IncomingRow.id))),
            list(session.scalars(select(BounceRow).order_by(BounceRow.id))),
            list(session.scalars(select(AnswerRow).order_by(AnswerRow.id))),
        )


def person(department: Department, code: str) -> Person:
    with read(department.office.engine) as session:
        found = load_directory(session, department.office.organisation_id).person(code)
    assert found is not None
    return found


def unreachable(department: Department) -> list[str]:
    with read(department.office.engine) as session:
        found = bounces.unreachable(session, department.office.organisation_id)
        return [each.person.code for each in found]


def test_without_a_mailbox_nothing_is_done(sqlite_engine: Engine, tmp_path: Path) -> None:
    department = open_department(sqlite_engine, tmp_path)
    before = department.dump()
    assert read_mail_work(department.office, FRIDAY) == MailRead(skipped=NO_MAILBOX)
    assert department.dump() == before


def test_a_mailbox_that_is_away_is_said_so_and_nothing_is_lost(department: Department) -> None:
    Path(str(department.office.settings.inbox["folder"])).rmdir()
    with pytest.raises(MailboxAway):
        read_mail_work(department.office, FRIDAY)


@pytest.mark.parametrize("name", ["postfix-no-such-user", "exchange-not-found", "gmail-no-such-user"])
def test_a_signed_bounce_of_each_kind_of_server_makes_the_address_dead(
    department: Department, name: str
) -> None:
    assert come_in(department, about(department, name)).taken == {"bounce": 1}
    assert unreachable(department) == ["huong"]
    assert not person(department, "huong").reachable
    assert person(department, "huong").active
    (incoming,), (bounce,), found = rows(department)
    letter = letter_to(department, "huong")
    assert (incoming.kind, incoming.letter_id, bounce.letter_id) == ("bounce", letter.id, letter.id)
    assert (bounce.verdict, bounce.signed, found) == ("dead", True, [])


def test_an_unsigned_bounce_is_recorded_and_acts_on_nobody(department: Department) -> None:
    come_in(department, about(department, "postfix-no-such-user", signed=False))
    (_,), (bounce,), _ = rows(department)
    assert (bounce.verdict, bounce.signed) == ("unsigned", False)
    assert bounce.letter_id == letter_to(department, "huong").id
    assert unreachable(department) == []


@pytest.mark.parametrize(
    ("name", "kind", "verdicts"),
    [
        pytest.param("postfix-delayed", "bounce", ["delayed"], id="a delay"),
        pytest.param("abuse-report", "abuse", [], id="a complaint"),
        pytest.param("out-of-office", "ignored", [], id="an absence note that says it is all done"),
    ],
)
def test_what_is_recorded_only(department: Department, name: str, kind: str, verdicts: list[str]) -> None:
    come_in(department, about(department, name))
    (incoming,), bounced, found = rows(department)
    assert (incoming.kind, incoming.letter_id) == (kind, letter_to(department, "huong").id)
    assert [bounce.verdict for bounce in bounced] == verdicts
    assert found == []
    assert unreachable(department) == []


def test_the_same_message_again_by_any_way_is_known(department: Department) -> None:
    bounce = about(department, "postfix-no-such-user")
    come_in(department, bounce)
    before = department.dump()
    again = bounce.replace(b"Return-Path: <>\n", b"Return-Path: <>\nReceived: from another way\n")
    assert come_in(department, again).taken == {"known": 1}
    assert department.dump() == before


def test_twins_at_once_take_each_message_once(department: Department) -> None:
    put(department, about(department, "reply-done"), about(department, "postfix-no-such-user"))
    with ThreadPoolExecutor(3) as pool:
        runs = [pool.submit(read_mail_work, department.office, moment(FRIDAY, 16)) for _ in range(3)]
        taken = [run.result().taken for run in runs]
    assert sum(each.get("bounce", 0) for each in taken) == 1
    assert sum(each.get("answer", 0) for each in taken) == 1
    incoming, bounced, found = rows(department)
    assert (len(incoming), len(bounced), len(found)) == (2, 1, 1)


def test_poison_is_parked_with_its_reason_and_stops_no_other(department: Department) -> None:
    deep = b"Content-Type: message/rfc822\n\n" * 3000
    large = b"Subject: x\n\n" + b"x" * MOST_BYTES
    taken = come_in(department, deep, about(department, "postfix-no-such-user"), large).taken
    assert taken == {"parked": 1, "bounce": 1, "too_large": 1}
    incoming, _, _ = rows(department)
    parked = next(each for each in incoming if each.kind == "parked")
    assert parked.why == "Thư lồng quá nhiều lớp; không đọc."
    assert unreachable(department) == ["huong"]
    assert come_in(department).taken == {}
    with read(department.office.engine) as session:
        shown = inbox.list_incoming(session, department.office.organisation_id, kinds=("parked", "too_large"))
    assert len(shown) == 2


def test_a_fault_of_the_program_parks_the_message_too(
    department: Department, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("một lỗi")

    monkeypatch.setattr("flows.taking_in.suggestion_of", lambda *_, **__: fail())
    assert come_in(department, about(department, "reply-done")).taken == {"parked": 1}
    (incoming,), _, found = rows(department)
    assert (incoming.why, found) == ("ZeroDivisionError: một lỗi", [])


def test_the_coordinator_hears_of_a_dead_address_once_and_the_heart_beats_on(department: Department) -> None:
    come_in(department, about(department, "postfix-no-such-user"))
    (department.office.settings.home / HEARTBEAT_FILE).unlink()
    for hour in (10, 11, 12):
        assert audit_work(department.office, moment(FRIDAY, hour, 15)).is_clean
    assert (department.office.settings.home / HEARTBEAT_FILE).exists()
    told = department.post(moment(FRIDAY, 13))
    assert list(told) == ["truc"]
    assert "Thư gửi Phan Văn Hương Thử bị trả lại ngày 27/01/2023" in told["truc"].text
    assert "(mã 5.1.1)" in told["truc"].text
    assert "dondoc bounces clear huong" in told["truc"].text
    assert department.post(moment(FRIDAY, 14)) == {}
    department.morning(MONDAY)
    assert department.audits[-1].is_clean
    assert not [letter for letter in department.letters() if (letter.kind, letter.day) == ("alarm", MONDAY)]


def test_a_letter_kept_for_a_dead_address_is_parked_with_the_way_out(department: Department) -> None:
    department.notices(MONDAY)
    come_in(department, about(department, "postfix-no-such-user"), at=MONDAY, hour=7)
    left = department.post(moment(MONDAY, 8))
    assert sorted(left) == ["sao"]
    (parked,) = department.letters("dead")
    assert parked.person == "huong"
    assert "dondoc bounces clear MÃ" in parked.answer
    assert "huong" not in {ready.person.code for ready in preview_work(department.office, MONDAY).letters}


def test_a_new_address_in_the_directory_is_written_to_at_once(department: Department) -> None:
    come_in(department, about(department, "postfix-no-such-user"))
    with write(department.office.engine) as session:
        directory = load_directory(session, department.office.organisation_id)
        people = tuple(
            replace(each, email="huong.moi@example.vn") if each.code == "huong" else each
            for each in directory.people
        )
        save_directory(session, department.office.organisation_id, replace(directory, people=people))
    assert person(department, "huong").reachable
    assert unreachable(department) == []


@pytest.fixture
def cleared(department: Department) -> Department:
    come_in(department, about(department, "postfix-no-such-user"))
    with write(department.office.engine) as session:
        at = department.office.moment_of(moment(FRIDAY, 15), moment(FRIDAY).time())
        bounces.clear(session, department.office.organisation_id, "huong", by="truc", at=at)
    return department


def test_a_person_clears_an_address_that_is_right_after_all(cleared: Department) -> None:
    assert person(cleared, "huong").reachable
    at = cleared.office.moment_of(FRIDAY, moment(FRIDAY).time())
    with write(cleared.office.engine) as session, pytest.raises(Refused) as refused:
        bounces.clear(session, cleared.office.organisation_id, "huong", by="truc", at=at)
    assert refused.value.code == "person_reachable"


def test_a_bounce_of_a_letter_from_before_that_acts_no_more(cleared: Department) -> None:
    other = about(cleared, "gmail-no-such-user")
    come_in(cleared, other, hour=16)
    assert rows(cleared)[1][-1].verdict == "stale"
    assert person(cleared, "huong").reachable


def test_a_bounce_of_a_letter_sent_since_acts_again(cleared: Department) -> None:
    cleared.morning(MONDAY)
    letter = next(each for each in cleared.letters("sent") if (each.person, each.day) == ("huong", MONDAY))
    path = return_path(RETURN_ADDRESS, letter.id, cleared.office.keys)
    again = sample("gmail-no-such-user", path=path, message_id=letter.message_id, reader=letter.address)
    come_in(cleared, again, at=MONDAY)
    assert unreachable(cleared) == ["huong"]


def test_a_bounce_after_a_month_is_recorded_only(department: Department) -> None:
    late = FRIDAY + timedelta(days=31)
    bounce = about(department, "gmail-no-such-user")
    come_in(department, bounce, at=late)
    assert rows(department)[1][0].verdict == "stale"
    assert unreachable(department) == []


def test_a_reply_becomes_an_open_answer_with_what_was_read_out_of_it(department: Department) -> None:
    come_in(department, about(department, "reply-done"), hour=16)
    _, _, (answer,) = rows(department)
    assert (answer.state, answer.kind, answer.sender_is, answer.person) == ("open", "done", "reader", "huong")
    assert answer.fields == {"document": "45/BC-QLTM", "issued": "2023-01-26", "day": None}
    assert "gia hạn" not in answer.text
    with read(department.office.engine) as session:
        (line,) = answers.list_answers(session, department.office.organisation_id, states=("open",))
    assert (line.task, line.answer.unit) == (f"{NUMBER}/1", "QLTM")
    (file,) = answer.files
    kept = department.office.settings.home / inbox.FILES / file["file"]
    assert kept.read_bytes().startswith(b"%PDF-1.4")
    assert kept.stat().st_mode & 0o777 == 0o600


def test_the_day_a_reply_came_in_is_our_server_s_not_its_date_header(department: Department) -> None:
    come_in(department, about(department, "reply-done"), at=MONDAY)
    _, _, (answer,) = rows(department)
    received = answer.received_at.astimezone(department.office.settings.timezone)
    assert received.isoformat() == "2023-01-27T15:40:12+07:00"


@pytest.mark.parametrize(
    ("sender", "sender_is", "who"),
    [
        pytest.param("sao@example.vn", "colleague", "sao", id="another person of the directory"),
        pytest.param("ai.do@khac.example", "stranger", None, id="an address nobody there has"),
    ],
)
def test_a_reply_from_another_address_is_shown_as_such(
    department: Department, sender: str, sender_is: str, who: str | None
) -> None:
    if who is not None:
        sender = person(department, who).email
    reply = about(department, "reply-done").replace(
        f"<{letter_to(department, 'huong').address}>".encode(), f"<{sender}>".encode()
    )
    come_in(department, reply)
    _, _, (answer,) = rows(department)
    assert (answer.sender_is, answer.person, answer.letter_id is not None) == (sender_is, who, True)


def test_a_task_s_number_tells_what_a_mail_without_a_letter_is_about(department: Department) -> None:
    reader = person(department, "huong").email
    come_in(department, sample("reply-more-time", reader=reader))
    _, _, (answer,) = rows(department)
    assert (answer.letter_id, answer.unit, answer.kind) == (None, "QLTM", "more_time")
    assert answer.fields["day"] == "2023-02-24"
    assert answer.task_id is not None


def test_a_mail_about_nothing_known_waits_unmatched(department: Department) -> None:
    come_in(department, b"From: ai@khac.example\nSubject: 25/KH-SCT/999\n\nXin chao")
    _, _, (answer,) = rows(department)
    assert (answer.letter_id, answer.task_id, answer.person, answer.kind) == (None, None, None, "message")


def test_answers_go_to_the_mailbox_that_is_read_under_the_coordinator_s_name(
    sqlite_engine: Engine, tmp_path: Path
) -> None:
    department = open_department(sqlite_engine, tmp_path, inbox={"address": "tra-loi@example.vn"})
    department.start(on=FRIDAY)
    reply_to = department.morning(FRIDAY)["huong"].raw["Reply-To"].addresses[0]
    assert reply_to.addr_spec == "tra-loi@example.vn"
    assert reply_to.display_name == "Đôn đốc CCHC, Phạm Thị Trúc Thử"


def test_the_whole_way_by_a_real_mailbox(sqlite_engine: Engine, tmp_path: Path) -> None:
    with serving() as server:
        mailbox = {
            "kind": "imap",
            "host": "127.0.0.1",
            "port": server.port,
            "security": "none",
            "username": USER,
            "password": PASSWORD,
        }
        mail = {"kind": "maildir", "folder": str(tmp_path / "mail"), "return_address": RETURN_ADDRESS}
        department = open_department(sqlite_engine, tmp_path, mail=mail, inbox=mailbox)
        department.start(on=FRIDAY)
        department.morning(FRIDAY)
        server.deliver(about(department, "exchange-not-found"), b"\x00\xff", about(department, "reply-done"))
        taken = read_mail_work(department.office, moment(FRIDAY, 16)).taken
        assert taken == {"bounce": 1, "answer": 2}
        assert server.seen() == [True, True, True]
        assert read_mail_work(department.office, moment(FRIDAY, 17)).taken == {}
    assert unreachable(department) == ["huong"]
