"""Promise P7: one letter that cannot be made or taken, wherever it stands, keeps no other from leaving."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from itertools import cycle
from pathlib import Path

import pytest
from sqlalchemy import update

from flows.post import compose_letters, post_work
from storage.engine import write
from storage.schema import LetterRow, PersonRow
from tests.faults.drill import Drill
from tests.faults.ground import Copy, drill
from tests.flows.cast import Department, moment

DAY = date(2023, 2, 28)
READERS = ("bach", "bang", "dau", "gu", "huong", "sao", "sung", "tau", "tram", "truc", "tung", "vung")
"""Every unit's sheet is open, and a task a month overdue has reached the director."""
PLACES = pytest.mark.parametrize("place", [0, 5, -1], ids=["first", "in between", "last"])


def composed(one: Drill) -> tuple[LetterRow, ...]:
    """Make the day's letters without sending any; return them in the order in which they will leave."""
    office = one.department.office
    one.department.notices(DAY)
    compose_letters(office, office.moment_of(moment(DAY), moment(DAY).time()))
    return tuple(sorted(one.department.letters(), key=lambda letter: letter.id))


def unusable_address(department: Department, letter: LetterRow) -> None:
    with write(department.office.engine) as session:
        session.execute(
            update(PersonRow).where(PersonRow.code == letter.person).values(email="a@@example.vn")
        )


def of_another_version(department: Department, letter: LetterRow) -> None:
    """Leave what a version with other letters might: a welcome to no plan, which no template can fill."""
    broken = update(LetterRow).where(LetterRow.id == letter.id).values(kind="welcome", payload={})
    with write(department.office.engine) as session:
        session.execute(broken)


@PLACES
@pytest.mark.parametrize(
    ("poison", "state"),
    [
        pytest.param(unusable_address, "dead", id="an address"),
        pytest.param(of_another_version, "deferred", id="a letter the program cannot make"),
    ],
)
def test_a_poisoned_letter_stops_no_other(
    copies: Copy, tmp_path: Path, poison, state: str, place: int
) -> None:  # type: ignore[no-untyped-def]
    with drill(copies, tmp_path) as one:
        letters = composed(one)
        assert sorted(letter.person for letter in letters) == list(READERS)
        poisoned = letters[place]
        poison(one.department, poisoned)
        post_work(one.department.office, moment(DAY))
    assert one.relay.readers() == [reader for reader in READERS if reader != poisoned.person]
    (parked,) = one.department.letters(state)
    assert parked.person == poisoned.person
    assert parked.answer
    assert {letter.state for letter in one.department.letters()} == {"sent", state}


@PLACES
def test_a_letter_the_relay_refuses_for_good_stops_no_other(copies: Copy, tmp_path: Path, place: int) -> None:
    with drill(copies, tmp_path) as one:
        refused = composed(one)[place].person
        one.relay.rcpt[refused] = "550 5.1.1 no such user"
        post_work(one.department.office, moment(DAY))
    assert one.relay.readers() == [reader for reader in READERS if reader != refused]
    assert [letter.person for letter in one.department.letters("dead")] == [refused]


def minutes(first: int, last: int) -> list[datetime]:
    return [moment(DAY) + timedelta(minutes=minute) for minute in range(first, last)]


def test_in_a_storm_of_4xx_the_others_go_and_those_put_off_go_once_after_it(
    copies: Copy, tmp_path: Path
) -> None:
    spared = ("dau", "vung")
    with drill(copies, tmp_path) as one:
        answers = ("421 4.3.2", "450 4.2.1", "451 4.7.1", "452 4.2.2", "454 4.7.0", "451 4.3.0")
        stormy = (reader for reader in READERS if reader not in spared)
        one.relay.rcpt.update(zip(stormy, cycle(answers), strict=False))
        one.live((DAY,))
        for at in minutes(1, 3):
            post_work(one.department.office, at)
        assert sorted(one.relay.readers()) == list(spared)
        ids = {letter.message_id for letter in one.department.letters()}
        one.relay.rcpt.clear()
        for at in minutes(3, 20):
            post_work(one.department.office, at)
    assert one.relay.readers() == list(READERS)
    assert Counter(mail.message_id for mail in one.relay.taken) == dict.fromkeys(ids, 1)


@pytest.mark.parametrize("answer", ["454 4.7.0 try later", "421 4.3.2 closing", "554 5.7.1 sender refused"])
def test_a_relay_that_takes_nothing_kills_no_letter_however_long(
    copies: Copy, tmp_path: Path, answer: str
) -> None:
    with drill(copies, tmp_path) as one:
        one.relay.mail = answer
        one.live((DAY,))
        for at in minutes(0, 8 * 60)[::20]:
            post_work(one.department.office, at)
        assert {letter.state for letter in one.department.letters()} <= {"waiting", "deferred"}
        one.relay.mail = "250 OK"
        for at in minutes(8 * 60, 8 * 60 + 59):
            post_work(one.department.office, at)
        if one.department.letters("waiting", "deferred"):  # put off past the day's end
            one.live((date(2023, 3, 1),))
    assert set(one.relay.readers()) == set(READERS)
    assert set(Counter(mail.message_id for mail in one.relay.taken).values()) == {1}
