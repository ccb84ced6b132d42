"""Absences at work: a line goes to who stands in on the day it leaves, never to nobody and never to both."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from flows.audit import audit_work
from flows.post import compose_letters, send_letters
from flows.preview import preview_work
from storage import outbox
from storage.absences import AbsenceRefused
from storage.engine import open_engine, read, write
from storage.people import load_directory
from storage.schema import LetterRow, NoticeRow, PersonRow
from tasks_catalog.absence import Absence
from tests.flows.cast import ISSUED, PLAN, Department, days, moment, open_department

TODAY = date(2023, 1, 27)
"""The day trade's rules for markets fall due: Hương (huong) and her head Sao (sao) are written to."""
MONDAY = date(2023, 1, 30)
LONE = "\n".join(PLAN.splitlines()[:2]).replace("Thanh tra Sở", "")


def local(department: Department, day: date, hour: int = 8, minute: int = 0) -> datetime:
    return department.office.moment_of(moment(day, hour, minute), time(hour))


@pytest.fixture
def at_work(any_department: Department) -> Department:
    """A department on the due day, after the notices of the morning were kept and before any letter."""
    any_department.start(LONE, on=TODAY)
    any_department.notices(TODAY)
    return any_department


def told(department: Department) -> list[tuple[str, str, str]]:
    return [(rung, person, state) for rung, person, state, _ in department.told(1)]


def test_who_stands_in_reads_the_line_and_is_told_for_whom(at_work: Department) -> None:
    at_work.absent("huong", TODAY, MONDAY, "dau", on=moment(TODAY, 7, 50))
    sent = at_work.post(TODAY)
    assert sorted(sent) == ["dau", "sao"]
    assert (
        "Anh/chị nhận thay Phan Văn Hương Thử, vắng từ 27/01/2023 đến 30/01/2023, "
        "đầu mối của Phòng Quản lý thương mại, đơn vị chủ trì." in sent["dau"].text
    )
    assert sent["dau"].subject.startswith("[CCHC] 1 đến hạn ngày 27/01/2023")
    assert told(at_work)[-2:] == [("0", "huong", "sent"), ("0", "sao", "sent")]
    assert audit_work(at_work.office, moment(TODAY, 9)).is_clean


def test_with_nobody_named_it_goes_to_the_next_of_the_route_and_says_so(at_work: Department) -> None:
    at_work.absent("huong", TODAY, MONDAY, on=moment(TODAY, 7, 50))
    sent = at_work.post(TODAY)
    assert sorted(sent) == ["sao"]
    assert (
        "vì Phan Văn Hương Thử, đầu mối của Phòng Quản lý thương mại, đơn vị chủ trì, "
        "vắng từ 27/01/2023 đến 30/01/2023 và chưa có người nhận thay." in sent["sao"].text
    )
    assert sent["sao"].text.count("Quy định đấu thầu chợ") == 2  # named first, and one line of two notices
    assert sent["sao"].subject.startswith("[CCHC] 1 đến hạn ngày 27/01/2023")


def test_an_absence_entered_after_the_letter_was_made_turns_its_lines_round(at_work: Department) -> None:
    compose_letters(at_work.office, local(at_work, TODAY))
    at_work.absent("huong", TODAY, MONDAY, "dau", on=moment(TODAY, 8, 0))
    assert sorted(at_work.post(moment(TODAY, 8, 1))) == ["dau", "sao"]
    assert {letter.person: letter.state for letter in at_work.letters()} == {
        "huong": "cancelled",
        "dau": "sent",
        "sao": "sent",
    }


def test_the_last_look_turns_a_line_round_that_was_missed(at_work: Department) -> None:
    """A process that made its letters before the absence, and sends them after it."""
    compose_letters(at_work.office, local(at_work, TODAY))
    with write(at_work.office.engine) as session:  # as if the letters had been held by another process
        kept = dict(session.execute(select(NoticeRow.id, NoticeRow.letter_id)).tuples().all())
    at_work.absent("huong", TODAY, MONDAY, "dau", on=moment(TODAY, 8, 0))
    with write(at_work.office.engine) as session:
        for notice, letter in kept.items():
            session.get_one(NoticeRow, notice).letter_id = letter
    assert send_letters(at_work.office, local(at_work, TODAY)) == {"cancelled": 1, "sent": 1}
    assert sorted(at_work.post(moment(TODAY, 8, 2))) == ["dau"]


def test_back_before_the_letter_left_the_line_is_her_own_again(at_work: Department) -> None:
    at_work.absent("huong", TODAY, MONDAY, "dau", on=moment(TODAY, 7, 50))
    compose_letters(at_work.office, local(at_work, TODAY))
    at_work.back("huong", on=moment(TODAY, 8, 0))
    assert sorted(at_work.post(moment(TODAY, 8, 1))) == ["huong", "sao"]


def test_a_substitute_who_leaves_before_the_letter_takes_no_line_with_him(at_work: Department) -> None:
    at_work.absent("huong", TODAY, MONDAY, "dau", on=moment(TODAY, 7, 50))
    compose_letters(at_work.office, local(at_work, TODAY))
    with write(at_work.office.engine) as session:
        session.execute(update(PersonRow).where(PersonRow.code == "dau").values(active=False))
    assert sorted(at_work.post(moment(TODAY, 8, 1))) == ["sao"]
    at_work.post(moment(TODAY, 8, 2))
    assert sorted(at_work.post(MONDAY)) == ["sao"]  # the head, who had his letter of the first day
    assert {state for _, _, state in told(at_work)} == {"superseded", "sent"}


def test_the_substitute_who_had_his_letter_gets_the_line_on_the_next_sending_day(at_work: Department) -> None:
    at_work.post(TODAY)
    at_work.notices(MONDAY)
    with write(at_work.office.engine) as session:
        dau = outbox.open_letter(
            session,
            at_work.office.organisation_id,
            kind="digest",
            person="dau",
            day=MONDAY,
            message_id="<x@example.vn>",
            at=local(at_work, MONDAY),
        )
        assert dau is not None
        dau.state = "sent"
    at_work.absent("huong", MONDAY, MONDAY + timedelta(days=4), "dau", on=moment(MONDAY, 7, 50))
    assert sorted(at_work.post(MONDAY)) == ["sao"]
    assert sorted(at_work.post(MONDAY + timedelta(days=1))) == ["dau"]
    assert audit_work(at_work.office, moment(MONDAY + timedelta(days=1), 9)).is_clean


def test_a_letter_that_may_have_left_keeps_its_lines(at_work: Department) -> None:
    compose_letters(at_work.office, local(at_work, TODAY))
    with write(at_work.office.engine) as session:
        (his,) = session.scalars(select(LetterRow).where(LetterRow.person == "huong"))
        his.state, his.answer = "deferred", outbox.LEASE_EXPIRED
    at_work.absent("huong", TODAY, MONDAY, "dau", on=moment(TODAY, 8, 0))
    assert sorted(at_work.post(moment(TODAY, 8, 1))) == ["huong", "sao"]


def test_what_a_unit_is_welcomed_with_and_what_the_coordinator_is_alarmed_of_goes_to_who_stands_in(
    department: Department,
) -> None:
    department.absent("huong", ISSUED, TODAY, "dau", on=moment(ISSUED))
    department.absent("truc", ISSUED, TODAY, "sen", on=moment(ISSUED))
    department.start(LONE, welcome=True)
    sent = department.post(moment(ISSUED, 10))
    assert sorted(sent) == ["dau"]
    assert "Anh/chị nhận thư này thay Phan Văn Hương Thử, vắng từ 03/01/2023" in sent["dau"].text
    assert not audit_work(department.office, moment(date(2023, 1, 6), 9)).is_clean
    assert not audit_work(department.office, moment(date(2023, 1, 6), 10)).is_clean
    alarm = department.post(moment(date(2023, 1, 6), 10, 30))
    assert sorted(alarm) == ["sen"]
    assert "Kính gửi: Chánh Văn phòng Hoàng Văn Sến Thử" in alarm["sen"].text


def test_a_substitute_who_reads_the_summary_anyway_gets_it_once(department: Department) -> None:
    department.start(LONE)
    department.absent("truc", date(2023, 3, 13), date(2023, 3, 17), "tung", on=moment(ISSUED))
    department.mornings(date(2023, 3, 14), date(2023, 3, 15))
    summaries = [letter for letter in department.letters() if letter.kind == "summary"]
    assert {letter.person: letter.state for letter in summaries} == {
        "truc": "cancelled",
        "tung": "sent",
        "bach": "sent",
    }


def test_preview_shows_the_letters_that_will_leave_and_writes_nothing(at_work: Department) -> None:
    compose_letters(at_work.office, local(at_work, TODAY))
    at_work.absent("huong", TODAY, MONDAY, "dau", on=moment(TODAY, 8, 0))
    before = at_work.dump()
    shown = {ready.person.code: ready.letter.subject for ready in preview_work(at_work.office, TODAY).letters}
    assert at_work.dump() == before
    assert shown == {to: mail.subject for to, mail in at_work.post(moment(TODAY, 8, 1)).items()}


@pytest.mark.parametrize(
    ("first", "last", "substitute", "code"),
    [
        pytest.param(MONDAY, TODAY, "sao", "absence_backwards", id="it ends before it begins"),
        pytest.param(ISSUED, date(2023, 1, 26), "sao", "absence_over", id="it is over"),
        pytest.param(TODAY, TODAY, "huong", "substitute_himself", id="she stands in for herself"),
        pytest.param(MONDAY, MONDAY, "sao", "absence_meets_another", id="she is away already"),
    ],
)
def test_absences_that_are_refused(
    department: Department, first: date, last: date, substitute: str, code: str
) -> None:
    department.absent("huong", MONDAY, MONDAY, on=moment(ISSUED))
    with pytest.raises(AbsenceRefused) as refused:
        department.absent("huong", first, last, substitute, on=moment(TODAY))
    assert refused.value.code == code


# --- whatever absences there are --------------------------------------------------------------------

FIRST, END = date(2023, 1, 12), date(2023, 2, 3)
CAST = ("huong", "sao", "dau", "truc", "tung", "gu")
ABOVE = ("truc", "tung", "bach")
"""Who is written to even while away: what goes up the chain ends somewhere."""


class When(StrEnum):
    """The moments of a day at which somebody may say that he is away, or back."""

    EARLY = "before the morning's notices"
    KEPT = "between the notices and the letters"
    MADE = "after the letters were made, before they left"


class Said(NamedTuple):
    """Somebody says on a day that a person is away, or is back."""

    day: int
    when: When
    person: str
    ahead: int
    length: int
    substitute: str | None
    comes_back: bool


Lived = Callable[[Iterable[Said]], Department]


def anything_said(*when: When) -> st.SearchStrategy[list[Said]]:
    one = st.builds(
        Said,
        st.integers(0, (END - FIRST).days),
        st.sampled_from(when),
        st.sampled_from(CAST),
        st.integers(0, 4),
        st.integers(0, 9),
        st.none() | st.sampled_from(CAST),
        st.booleans(),
    )
    return st.lists(one, max_size=14)


HOURS = {When.EARLY: (7, 0), When.KEPT: (7, 55), When.MADE: (8, 0)}


def say(department: Department, day: date, said: Said) -> None:
    at, first = moment(day, *HOURS[said.when]), day + timedelta(days=said.ahead)
    try:
        if said.comes_back:
            department.back(said.person, on=at)
        else:
            last = first + timedelta(days=said.length)
            department.absent(said.person, first, last, said.substitute, on=at)
    except AbsenceRefused:
        return  # such as an absence that meets another


def live_through(department: Department, said: Iterable[Said]) -> None:
    """Live from the twelfth of January on; whoever gets a letter is at work that day."""
    department.start("\n".join(PLAN.splitlines()[:3]), on=FIRST)
    office, by_moment = department.office, {(entry.day, entry.when): [] for entry in said}
    for entry in said:
        by_moment[entry.day, entry.when].append(entry)
    for day in days(FIRST, END + timedelta(days=3)):
        for when in When:
            for entry in by_moment.get(((day - FIRST).days, when), ()):
                say(department, day, entry)
            if when is When.EARLY:
                department.notices(day)
            elif when is When.KEPT and office.calendar.is_working(day):
                compose_letters(office, local(department, day))
        with read(office.engine) as session:
            directory = load_directory(session, office.organisation_id)
        for minute in (1, 2):
            for reader in department.post(moment(day, 8, minute)):
                assert directory.absence_of(reader, day) is None or reader in ABOVE, (day, reader)
        assert not office.calendar.is_working(day) or audit_work(office, moment(day, 9)).is_clean


@pytest.fixture
def lived(_migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lived]:
    """Return a department that has lived through what is said, on a database of its own each time."""
    open_engines = ExitStack()

    def live(said: Iterable[Said]) -> Department:
        home = tmp_path_factory.mktemp("office")
        shutil.copyfile(_migrated_sqlite, home / "dondoc.db")
        engine = open_engine(f"sqlite:///{home / 'dondoc.db'}")
        open_engines.callback(engine.dispose)
        department = open_department(engine, home)
        live_through(department, tuple(said))
        return department

    with open_engines:
        yield live


@pytest.fixture
def undisturbed(lived: Lived) -> Department:
    """The same weeks with everybody at work."""
    return lived(())


def rungs(department: Department) -> list[tuple[str, str, str, str]]:
    return [line for row in (1, 2) for line in department.told(row)]


EXAMPLES = settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


@EXAMPLES
@given(said=anything_said(When.EARLY, When.KEPT))
def test_the_ledger_is_the_same_whoever_is_away(
    lived: Lived, undisturbed: Department, said: list[Said]
) -> None:
    """Absences change who reads, never what is told: every rung once, to one person of its audience."""
    assert rungs(lived(said)) == rungs(undisturbed)


@EXAMPLES
@given(said=anything_said(*When))
def test_a_line_turned_round_at_the_last_moment_is_told_once_all_the_same(
    lived: Lived, undisturbed: Department, said: list[Said]
) -> None:
    """It may come a day later, to who had his letter already, or be overtaken there; it is never lost."""
    department = lived(said)
    assert {line[:2] for line in rungs(department)} == {line[:2] for line in rungs(undisturbed)}
    assert {state for _, _, state, _ in rungs(department)} <= {"sent", "superseded"}
    last = {person: rung for rung, person, state, _ in rungs(undisturbed) if state == "sent"}
    heard = {(rung, person) for rung, person, state, _ in rungs(department) if state == "sent"}
    assert {(rung, person) for person, rung in last.items()} <= heard
    sent = [letter.id for letter in department.letters("sent")]
    with read(department.office.engine) as session:
        carried = session.scalars(select(NoticeRow.letter_id).where(NoticeRow.state == "sent")).all()
    assert set(carried) == set(sent)


def test_ends_early_is_kept_and_nothing_is_deleted(department: Department) -> None:
    department.absent("huong", TODAY, MONDAY, "dau", on=moment(ISSUED))
    department.back("huong", on=moment(MONDAY))
    with read(department.office.engine) as session:
        (kept,) = load_directory(session, department.office.organisation_id).absences
    assert kept == Absence(person="huong", first=TODAY, last=MONDAY, substitute="dau", back_on=MONDAY)
    assert kept.ends == MONDAY - timedelta(days=1)
