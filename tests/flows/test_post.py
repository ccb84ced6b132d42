"""Posting: what changed at the last moment, what a relay may answer, what a dying process leaves behind."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select, update

from flows.audit import audit_work
from flows.escalate import escalate_work
from flows.office import NotToday, OpenOffice
from flows.open_occurrences import open_occurrences_work
from flows.post import compose_letters, is_sending_time, post_work, send_letters
from flows.preview import preview_work
from flows.remind import remind_work
from flows.summarise import summarise_work
from flows.tally import tally_work
from storage import outbox
from storage.engine import read, write
from storage.people import save_directory
from storage.schema import LetterRow, PersonRow, PublishedEvent
from tasks_catalog.facts import ClosingKind
from tasks_catalog.ladder import NoticeState
from tests.flows.cast import (
    ISSUED,
    NUMBER,
    PAPER,
    PLAN,
    Department,
    example_directory,
    moment,
    open_department,
)
from tests.flows.relay import Relay, free_port, listening, relay_settings

TODAY = date(2023, 1, 27)
"""The day trade's rules for markets fall due: Hương (huong) and her head Sao (sao) are written to."""
LONE = "\n".join(PLAN.splitlines()[:2]).replace("Thanh tra Sở", "")


def local(department: Department, day: date, hour: int = 8, minute: int = 0) -> datetime:
    return department.office.moment_of(moment(day, hour, minute), moment(day).time())


# --- what changes between reminding and sending ---------------------------------------------------------


def reported(department: Department) -> None:
    department.report(1, "QLTM", TODAY, hour=7)


def extended(department: Department) -> None:
    with department.desk(TODAY, "truc", hour=7, document=PAPER) as desk:
        desk.grant_extension(f"{NUMBER}/1", "QLTM", to=date(2023, 3, 31))


def moved_to_another_unit(department: Department) -> None:
    with department.desk(TODAY, "truc", hour=7) as desk:
        desk.reassign(f"{NUMBER}/1", from_unit="QLTM", to_unit="QLCN")


def submitted(department: Department) -> None:
    with department.desk(TODAY, "huong", hour=7, document=PAPER) as desk:
        desk.wait(f"{NUMBER}/1", "QLTM")


def closed(department: Department) -> None:
    with department.desk(TODAY, "truc", hour=7, document=PAPER) as desk:
        desk.close(f"{NUMBER}/1", ClosingKind.STOPPED)


def suspended(department: Department) -> None:
    with department.desk(TODAY, "truc", hour=7, document=PAPER) as desk:
        desk.close(f"{NUMBER}/1", ClosingKind.SUSPENDED)


GONE = pytest.mark.parametrize(
    "decide", [reported, extended, moved_to_another_unit, submitted, closed, suspended]
)


@GONE
def test_decided_between_reminding_and_posting_no_letter_is_made(
    department: Department, decide: Callable[[Department], None]
) -> None:
    department.start(LONE, on=TODAY)
    department.notices(TODAY)
    decide(department)
    assert department.post(TODAY) == {}
    assert department.letters() == ()
    assert department.counts()[NoticeState.WAITING] == 0
    assert department.counts()[NoticeState.CANCELLED] == 2


@GONE
def test_decided_after_the_letter_was_made_it_is_cancelled_and_never_sent(
    any_department: Department, decide: Callable[[Department], None]
) -> None:
    department = any_department
    department.start(LONE, on=TODAY)
    department.notices(TODAY)
    assert compose_letters(department.office, local(department, TODAY)) == 2
    decide(department)
    assert send_letters(department.office, local(department, TODAY)) == {"cancelled": 2}
    assert department.files() == {}
    assert {letter.state for letter in department.letters()} == {"cancelled"}
    assert department.counts()[NoticeState.CANCELLED] == 2


def test_a_letter_keeps_the_lines_that_still_hold(department: Department) -> None:
    department.start(PLAN.replace("Phòng Quản lý công nghiệp,,Quý I/2023", "QLTM,,Trước ngày 27/01/2023"))
    department.notices(TODAY)
    compose_letters(department.office, local(department, TODAY))
    department.report(1, "QLTM", TODAY, hour=7)
    letters = department.post(TODAY)
    assert letters["huong"].subject == "[CCHC] 1 đến hạn ngày 27/01/2023 – Kế hoạch 25/KH-SCT"
    assert "25/KH-SCT/2" in letters["huong"].text
    assert "Quy định đấu thầu chợ" not in letters["huong"].text


@pytest.mark.parametrize("composed", [False, True], ids=["before it is made", "after it was made"])
def test_an_officer_named_meanwhile_takes_the_line_from_the_focal_point(
    department: Department, composed: bool
) -> None:
    department.start(LONE)
    department.notices(date(2023, 1, 6))
    if composed:
        compose_letters(department.office, local(department, date(2023, 1, 6)))
    with department.desk(date(2023, 1, 6), "sao", hour=7) as desk:
        desk.reassign(f"{NUMBER}/1", from_unit="QLTM", to_unit="QLTM", officer="sao")
    assert department.post(date(2023, 1, 6)) == {}
    assert list(department.morning(date(2023, 1, 9))) == ["sao"]


def test_a_request_refused_meanwhile_is_not_put_before_the_one_who_refused_it(department: Department) -> None:
    department.start(LONE, on=date(2023, 1, 9))
    with department.desk(date(2023, 1, 9), "huong", note="Chờ ý kiến") as desk:
        desk.ask_extension(f"{NUMBER}/1", "QLTM", to=date(2023, 2, 24))
    department.post(date(2023, 1, 9))
    department.notices(date(2023, 1, 13))
    with department.desk(date(2023, 1, 13), "truc", hour=7, note="Không đủ lý do") as desk:
        desk.refuse_extension(f"{NUMBER}/1", "QLTM")
    assert list(department.post(date(2023, 1, 13))) == ["huong"]


def test_a_letter_another_process_made_of_what_was_opened_meanwhile_is_not_thrown_away(
    department: Department,
) -> None:
    """The one that sends looked around before the plan was started; the letter is younger than its look."""
    from flows.mailing import open_desk
    from flows.rendering import render
    from storage.engine import read

    with read(department.office.engine) as session:
        old = open_desk(session, department.office, TODAY)
    department.start(LONE, on=TODAY)
    department.notices(TODAY)
    compose_letters(department.office, local(department, TODAY))
    with write(department.office.engine) as session:
        for row in outbox.list_letters(session, department.office.organisation_id):
            assert render(session, old, row, local(department, TODAY)) is not None
    assert sorted(department.post(TODAY)) == ["huong", "sao"]


# --- what a relay answers -------------------------------------------------------------------------------


@dataclass(kw_only=True)
class ByRelay:
    department: Department
    relay: Relay
    port: int

    @contextmanager
    def open(self) -> Iterator[Relay]:
        with listening(self.relay, self.port):
            yield self.relay

    def states(self) -> dict[str, str]:
        return {letter.person: letter.state for letter in self.department.letters()}


@pytest.fixture
def by_relay(sqlite_engine: Engine, tmp_path: Path) -> ByRelay:
    """A department whose letters of the day go over a relay; it has reminded and not posted yet."""
    port = free_port()
    department = open_department(sqlite_engine, tmp_path, mail=relay_settings(port))
    department.start(LONE, on=TODAY)
    department.notices(TODAY)
    return ByRelay(department=department, relay=Relay(), port=port)


def test_put_off_by_the_relay_it_goes_later_under_the_same_message_id(by_relay: ByRelay) -> None:
    department = by_relay.department
    by_relay.relay.rcpt["huong"] = "451 4.7.1 greylisted"
    with by_relay.open() as relay:
        post_work(department.office, moment(TODAY, 8, 0))
        assert by_relay.states() == {"huong": "deferred", "sao": "sent"}
        (put_off,) = department.letters("deferred")
        assert put_off.answer == "451 4.7.1 greylisted"
        relay.rcpt.clear()
        post_work(department.office, moment(TODAY, 8, 1))
        assert relay.readers() == ["sao"]  # not before its time
        post_work(department.office, moment(TODAY, 8, 2))
        post_work(department.office, moment(TODAY, 8, 3))
    assert relay.readers() == ["huong", "sao"]
    assert relay.taken[1].message_id == put_off.message_id
    assert department.counts()[NoticeState.SENT] == 2


def test_put_off_all_day_it_is_dead_and_shown(by_relay: ByRelay) -> None:
    department = by_relay.department
    by_relay.relay.rcpt["huong"] = "452 4.2.2 mailbox full"
    with by_relay.open():
        for minute in range(0, 9 * 60, 2):
            post_work(department.office, moment(TODAY) + timedelta(minutes=minute))
    assert by_relay.states() == {"huong": "dead", "sao": "sent"}
    assert department.counts()[NoticeState.DEAD] == 1
    assert audit_work(department.office, moment(TODAY, 16, 59)).dead_letters == 1


def test_refused_for_good_it_is_dead_with_the_relays_words_and_the_others_go(by_relay: ByRelay) -> None:
    by_relay.relay.rcpt["huong"] = "550 5.1.1 no such user"
    with by_relay.open() as relay:
        post_work(by_relay.department.office, TODAY)
        post_work(by_relay.department.office, moment(TODAY, 12))
    assert relay.readers() == ["sao"]
    (dead,) = by_relay.department.letters("dead")
    assert (dead.person, dead.answer) == ("huong", "550 5.1.1 no such user")
    assert [state for _, person, state, _ in by_relay.department.told(1) if person == "huong"][-1] == "dead"


def test_taken_and_then_cut_off_it_is_unknown_and_never_sent_again_unasked(by_relay: ByRelay) -> None:
    department = by_relay.department
    by_relay.relay.breaks_off_for.add("huong")
    with by_relay.open() as relay:
        post_work(department.office, TODAY)
        relay.breaks_off_for.clear()
        for hour in (9, 12, 16):
            post_work(department.office, moment(TODAY, hour))
        department.notices(date(2023, 1, 30))
        post_work(department.office, date(2023, 1, 30))
    # The two letters of the first day, each once, and those of the next; the unknown one not again.
    assert relay.readers() == ["huong", "huong", "sao", "sao"]
    assert len({mail.message_id for mail in relay.taken}) == 4
    assert [letter.person for letter in department.letters("unknown")] == ["huong"]
    assert audit_work(department.office, moment(TODAY, 16)).unknown_letters == 1


def test_what_an_unknown_letter_may_have_put_into_a_calendar_is_known(by_relay: ByRelay) -> None:
    office = by_relay.department.office
    by_relay.relay.breaks_off_for.add("huong")
    with by_relay.open():
        post_work(office, TODAY)
    (letter,) = by_relay.department.letters("unknown")
    with read(office.engine) as session:
        held = session.scalars(select(PublishedEvent)).all()
    assert [(event.person, event.method, event.letter_id) for event in held] == [
        ("huong", "PUBLISH", letter.id)
    ]


def test_while_the_relay_is_away_nothing_is_lost_and_nobody_gets_two(by_relay: ByRelay) -> None:
    """Away for a whole day and the night: the day's letters wait, and go with what came since."""
    department, monday = by_relay.department, date(2023, 1, 30)
    for minute in range(0, 9 * 60, 15):
        post_work(department.office, moment(TODAY) + timedelta(minutes=minute))
    assert set(by_relay.states().values()) == {"deferred"}
    assert not audit_work(department.office, moment(TODAY, 16)).is_clean
    department.notices(monday)
    with by_relay.open() as relay:
        for minute in range(3):
            post_work(department.office, moment(monday) + timedelta(minutes=minute))
    assert [mail for mail in relay.taken if "khi soát" not in mail.subject] == relay.taken[:2]
    assert relay.readers() == ["huong", "sao", "truc"]  # truc by the audit's alarm
    digests = {mail.to: mail.subject for mail in relay.taken}
    assert digests["huong"].startswith("[CCHC] 1 quá hạn")
    counts = department.counts()
    assert (counts[NoticeState.WAITING], counts[NoticeState.DEAD]) == (0, 0)
    assert counts[NoticeState.SENT] == 2


# --- a process that dies --------------------------------------------------------------------------------


def claim_and_die(department: Department, at: datetime, *, begun: bool) -> LetterRow:
    """Take a letter as a process does that never comes back, before its content leaves or after."""
    with write(department.office.engine) as session:
        letter = outbox.claim(
            session,
            department.office.organisation_id,
            now=at,
            lease_until=at + timedelta(minutes=10),
            by="a process that died",
        )
        assert letter is not None
        lease = at + timedelta(minutes=10)
        if begun:
            assert outbox.begin(session, letter.id, at=at, lease_until=lease, by="a process that died")
        return letter


def test_what_had_not_begun_to_leave_goes_once_the_lease_has_run_out(by_relay: ByRelay) -> None:
    department = by_relay.department
    compose_letters(department.office, local(department, TODAY))
    taken = claim_and_die(department, local(department, TODAY), begun=False)
    with by_relay.open() as relay:
        post_work(department.office, moment(TODAY, 8, 9))
        assert by_relay.states()[taken.person] == "posting"  # it may still come back
        post_work(department.office, moment(TODAY, 8, 11))
        post_work(department.office, moment(TODAY, 16))
    assert by_relay.states()[taken.person] == "sent"
    assert [mail.message_id for mail in relay.taken].count(taken.message_id) == 1


def test_over_a_relay_what_had_begun_to_leave_is_unknown_once_the_lease_has_run_out(
    by_relay: ByRelay,
) -> None:
    department = by_relay.department
    compose_letters(department.office, local(department, TODAY))
    taken = claim_and_die(department, local(department, TODAY), begun=True)
    with by_relay.open() as relay:
        post_work(department.office, moment(TODAY, 8, 9))
        assert by_relay.states()[taken.person] == "posting"  # it may still come back
        post_work(department.office, moment(TODAY, 8, 11))
        post_work(department.office, moment(TODAY, 16))
    assert by_relay.states()[taken.person] == "unknown"
    assert taken.person not in relay.readers()


def test_a_process_that_comes_back_after_its_lease_sends_nothing(by_relay: ByRelay) -> None:
    department = by_relay.department
    compose_letters(department.office, local(department, TODAY))
    taken = claim_and_die(department, local(department, TODAY), begun=False)
    with by_relay.open():
        post_work(department.office, moment(TODAY, 8, 11))
    late = local(department, TODAY) + timedelta(minutes=12)
    with write(department.office.engine) as session:
        lease = late + timedelta(minutes=10)
        assert not outbox.begin(session, taken.id, at=late, lease_until=lease, by="a process that died")


@pytest.mark.parametrize("begun", [False, True], ids=["before it was written", "after"])
def test_into_a_maildir_it_goes_again_and_is_one_file(department: Department, begun: bool) -> None:
    department.start(LONE, on=TODAY)
    department.notices(TODAY)
    compose_letters(department.office, local(department, TODAY))
    taken = claim_and_die(department, local(department, TODAY), begun=begun)
    department.post(moment(TODAY, 8, 9))
    department.post(moment(TODAY, 8, 11))
    assert {letter.state for letter in department.letters()} == {"sent"}
    assert [mail.message_id for mail in department.files().values()].count(taken.message_id) == 1
    assert len(department.files()) == 2


# --- poison ---------------------------------------------------------------------------------------------

READERS = ("bang", "dau", "gu", "huong", "sung", "tau", "tram", "vung")
SHEET_DAY = date(2023, 2, 28)


@pytest.mark.parametrize("poison", ["bang", "huong", "vung"], ids=["the first", "one between", "the last"])
@pytest.mark.parametrize("address", ["", "huong@@example.vn", "a@b.vn\r\nBcc: c@d.vn"])
def test_an_address_that_cannot_be_used_stops_nobody_else(
    department: Department, poison: str, address: str
) -> None:
    department.start(PLAN, on=SHEET_DAY)
    with write(department.office.engine) as session:
        session.execute(update(PersonRow).where(PersonRow.code == poison).values(email=address))
    assert sorted(department.morning(SHEET_DAY)) == [code for code in READERS if code != poison]
    (parked,) = department.letters("dead")
    assert parked.person == poison
    assert parked.answer
    assert department.counts()[NoticeState.WAITING] == 0
    assert department.post(moment(SHEET_DAY, 9)) == {}


@pytest.mark.parametrize("gone", ["bang", "huong", "vung"], ids=["the first", "one between", "the last"])
def test_who_left_between_composing_and_sending_is_not_written_to_and_stops_nobody(
    department: Department, gone: str
) -> None:
    department.start(PLAN, on=SHEET_DAY)
    department.notices(SHEET_DAY)
    compose_letters(department.office, local(department, SHEET_DAY))
    directory = example_directory()
    left = replace(directory, people=tuple(p for p in directory.people if p.code != gone))
    with write(department.office.engine) as session:
        save_directory(session, department.office.organisation_id, left)
    assert sorted(department.post(SHEET_DAY)) == [code for code in READERS if code != gone]
    assert [letter.person for letter in department.letters("cancelled")] == [gone]
    assert department.counts()[NoticeState.WAITING] == 0
    assert len(department.morning(date(2023, 3, 1))) == 1  # the head of the unit hears it instead


def test_a_fault_of_the_program_defers_the_letter_and_kills_it_only_at_the_end(
    department: Department,
) -> None:
    department.start(PLAN, on=SHEET_DAY)
    office = department.office
    with write(office.engine) as session:
        outbox.open_letter(
            session,
            office.organisation_id,
            kind="welcome",
            person="tram",
            day=SHEET_DAY,
            message_id="<broken@example.vn>",
            payload={},  # a welcome to no plan: what a version that knows other letters might leave
            at=local(department, SHEET_DAY),
        )
    assert sorted(department.morning(SHEET_DAY)) == list(READERS)
    (parked,) = department.letters("deferred")
    assert (parked.message_id, parked.answer) == ("<broken@example.vn>", "KeyError: 'plan'")
    for _ in range(20):
        parked = next(one for one in department.letters() if one.message_id == "<broken@example.vn>")
        if parked.next_attempt_at is None or parked.state == "dead":
            break
        at = parked.next_attempt_at.astimezone(office.settings.timezone)
        post_work(office, at if is_sending_time(office, at) else local(department, date(2023, 3, 1)))
    assert [one.message_id for one in department.letters("dead")] == ["<broken@example.vn>"]


# --- when letters may leave -----------------------------------------------------------------------------


@pytest.fixture
def loaded(department: Department) -> Department:
    """A department with a letter waiting and notices free."""
    department.start(LONE, on=TODAY)
    department.notices(TODAY)
    compose_letters(department.office, local(department, TODAY))
    department.notices(date(2023, 1, 30))
    return department


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.datetimes(datetime(2022, 1, 1), datetime(2026, 12, 31)))  # noqa: DTZ001  # local, as typed
def test_outside_sending_hours_and_working_days_posting_touches_nothing(
    loaded: Department, at: datetime
) -> None:
    office = loaded.office
    if is_sending_time(office, local(loaded, at.date(), at.hour, at.minute)):
        assert 8 <= at.hour < 17
        assert office.calendar.is_working(at.date())
        return
    before = loaded.dump()
    assert post_work(office, at).skipped == "not_sending_time"
    assert loaded.dump() == before
    assert loaded.files() == {}


@pytest.mark.parametrize(
    "at",
    [
        pytest.param(datetime(2023, 1, 27, 7, 59), id="a minute before eight"),  # noqa: DTZ001  # local
        pytest.param(datetime(2023, 1, 27, 17, 0), id="at five"),  # noqa: DTZ001  # local
        pytest.param(datetime(2023, 1, 28, 9, 0), id="on a Saturday"),  # noqa: DTZ001  # local
        pytest.param(datetime(2023, 1, 20, 9, 0), id="on the first day of Tết"),  # noqa: DTZ001  # local
        pytest.param(datetime(2023, 5, 2, 9, 0), id="on the day off for 29/04"),  # noqa: DTZ001  # local
    ],
)
def test_times_at_which_no_letter_leaves(loaded: Department, at: datetime) -> None:
    assert post_work(loaded.office, at).skipped == "not_sending_time"
    assert loaded.files() == {}


@dataclass(frozen=True, kw_only=True)
class LiveOffice(OpenOffice):
    """A live office whose clock shows, each time it is asked, the next of some times, and then the last."""

    times: list[datetime] = field(default_factory=list)

    def now(self) -> datetime:
        shown = self.times.pop(0) if len(self.times) > 1 else self.times[0]
        return shown.replace(tzinfo=self.settings.timezone)


def live(department: Department, *times: datetime) -> OpenOffice:
    office = department.office
    made = LiveOffice(
        settings=office.settings,
        engine=office.engine,
        organisation_id=office.organisation_id,
        simulated=False,
        times=list(times),
    )
    made.__dict__["calendars"] = office.calendars
    return made


@pytest.mark.parametrize(
    "work",
    [open_occurrences_work, summarise_work, remind_work, escalate_work, post_work, audit_work],
    ids=lambda work: work.__name__,
)
@pytest.mark.parametrize("day", [TODAY - timedelta(days=1), TODAY + timedelta(days=1), date(2024, 1, 27)])
def test_a_live_office_refuses_to_act_on_another_day(
    loaded: Department, work: Callable[..., object], day: date
) -> None:
    office, before = live(loaded, moment(TODAY, 9)), loaded.dump()
    with pytest.raises(NotToday) as refused:
        work(office, day)
    assert refused.value.params == {"as_of": day.isoformat(), "today": "2023-01-27"}
    assert loaded.dump() == before


def test_a_live_office_may_look_at_any_day(loaded: Department) -> None:
    office = live(loaded, moment(TODAY, 9))
    assert preview_work(office, date(2023, 2, 28)).letters
    (before,) = tally_work(office, ISSUED)
    assert before.total == 1


def test_naming_today_opens_no_sending_hours_at_night(loaded: Department) -> None:
    assert post_work(live(loaded, moment(TODAY, 22)), TODAY).skipped == "not_sending_time"
    assert post_work(live(loaded, moment(TODAY, 9)), TODAY).sent == 2


def test_a_slow_run_stops_at_the_end_of_the_sending_hours(loaded: Department) -> None:
    """The clock is asked at the start, before each letter and after it: the second would leave at five."""
    office = live(
        loaded, moment(TODAY, 16, 58), moment(TODAY, 16, 58), moment(TODAY, 16, 59), moment(TODAY, 17)
    )
    assert post_work(office).sent == 1
    assert [letter.state for letter in loaded.letters()].count("waiting") == 1
