"""A letter is kept once, claimed by one worker, and leaves its state only by rule."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from storage import journal, ledger, outbox
from storage.engine import read, write
from storage.outbox import LetterState
from storage.schema import LetterRow
from tasks_catalog.ladder import Audience, Notice, NoticeKey, NoticeState
from tests.storage.cast import ISSUED, NUMBER, PLANNED, at, import_cast, opening, set_up, share

DAY = date(2022, 11, 1)
NOW = at(DAY)
LEASE = NOW + timedelta(minutes=5)


@pytest.fixture
def office(engine: Engine) -> int:
    with write(engine) as session:
        return set_up(session)


def keep(session: Session, office: int, person: str = "hung", about: str = "") -> LetterRow | None:
    return outbox.open_letter(
        session,
        office,
        kind="digest",
        person=person,
        day=DAY,
        about=about,
        message_id=f"<{person}.{about}@example.vn>",
        payload={"lines": 3},
        at=NOW,
    )


def kept(session: Session, office: int, person: str = "hung") -> LetterRow:
    letter = keep(session, office, person)
    assert letter is not None
    return letter


def claim(session: Session, office: int, now: datetime = NOW, by: str = "w1") -> LetterRow | None:
    return outbox.claim(session, office, now=now, lease_until=LEASE, by=by)


def test_a_person_gets_one_letter_of_a_kind_a_day(engine: Engine, office: int) -> None:
    with write(engine) as session:
        letter = kept(session, office)
        assert keep(session, office) is None
        assert keep(session, office, about="383/KH-SCT") is not None
    assert (letter.state, letter.attempts, letter.payload) == ("waiting", 0, {"lines": 3})


def test_a_claim_takes_the_oldest_and_marks_it(engine: Engine, office: int) -> None:
    with write(engine) as session:
        first = kept(session, office)
        kept(session, office, "lan")
        assert outbox.any_ready(session, office, NOW)
        claimed = claim(session, office)
        assert claimed is first
    assert (first.state, first.attempts, first.claimed_by, first.lease_until) == ("posting", 1, "w1", LEASE)


def test_of_four_workers_each_letter_goes_to_one(engine: Engine, office: int) -> None:
    people = [f"person{n}" for n in range(24)]
    with write(engine) as session:
        for person in people:
            kept(session, office, person)
    taken: list[str] = []
    together = threading.Barrier(4)

    def work(name: str) -> None:
        together.wait()
        while True:
            with write(engine) as session:
                letter = claim(session, office, by=name)
                if letter is None:
                    return
                taken.append(letter.person)

    threads = [threading.Thread(target=work, args=(f"w{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == sorted(people)


def test_a_deferred_letter_waits_for_its_time(engine: Engine, office: int) -> None:
    later = NOW + timedelta(minutes=15)
    with write(engine) as session:
        letter = kept(session, office)
        claim(session, office)
        assert outbox.deferred(
            session, letter.id, at=NOW, next_attempt_at=later, answer="451 4.7.1 greylisted"
        )
        assert not outbox.any_ready(session, office, NOW)
        assert claim(session, office) is None
        assert claim(session, office, now=later) is letter
    assert (letter.attempts, letter.answer) == (2, "451 4.7.1 greylisted")


LEAVE: dict[str, Callable[[Session, int, str], bool]] = {
    "sent": lambda session, letter, by: outbox.sent(session, letter, at=NOW, answer="250 ok", by=by),
    "deferred": lambda session, letter, by: outbox.deferred(
        session, letter, at=NOW, next_attempt_at=LEASE, by=by
    ),
    "dead": lambda session, letter, by: outbox.dead(session, letter, at=NOW, answer="550", by=by),
    "unknown": lambda session, letter, by: outbox.unknown(session, letter, at=NOW, by=by),
    "cancelled": lambda session, letter, by: outbox.cancelled(session, letter, at=NOW, by=by),
}


@pytest.mark.parametrize("state", LEAVE)
def test_only_a_letter_being_posted_by_this_worker_leaves_posting(
    engine: Engine, office: int, state: str
) -> None:
    leave = LEAVE[state]
    with write(engine) as session:
        letter = kept(session, office)
        assert not leave(session, letter.id, "w1")
        claim(session, office)
        assert not leave(session, letter.id, "w2")
        assert leave(session, letter.id, "w1")
        assert not leave(session, letter.id, "w1")
    with read(engine) as session:
        (found,) = outbox.list_letters(session, office)
    assert (found.state, found.claimed_by, found.lease_until) == (state, None, None)


def test_letters_of_a_worker_that_died_are_found_when_their_lease_ran_out(
    engine: Engine, office: int
) -> None:
    with write(engine) as session:
        letter = kept(session, office)
        claim(session, office)
        assert outbox.expired(session, office, LEASE) == ()
        assert outbox.expired(session, office, LEASE + timedelta(seconds=1)) == (letter,)
        assert claim(session, office, now=LEASE + timedelta(hours=1)) is None


PEOPLE: dict[str, Callable[[Session, int, int], LetterRow]] = {
    "retry": lambda session, office, letter: outbox.retry(session, office, letter, at=NOW),
    "cancel": lambda session, office, letter: outbox.cancel(session, office, letter, at=NOW),
    "resolve": lambda session, office, letter: outbox.resolve(session, office, letter, arrived=True, at=NOW),
}


@pytest.mark.parametrize(
    ("asked", "state", "then"),
    [
        pytest.param("retry", "dead", "waiting", id="a dead letter may be tried again"),
        pytest.param("retry", "unknown", "waiting", id="an unknown letter may be sent again by a person"),
        pytest.param("retry", "sent", None, id="a sent letter is never sent again"),
        pytest.param("cancel", "deferred", "cancelled", id="a deferred letter may be stopped"),
        pytest.param("cancel", "sent", None, id="a sent letter cannot be stopped"),
        pytest.param("resolve", "unknown", "sent", id="a person saw that an unknown letter arrived"),
        pytest.param("resolve", "dead", None, id="a dead letter is not in doubt"),
    ],
)
def test_what_a_person_may_do_with_a_letter(
    engine: Engine, office: int, asked: str, state: str, then: str | None
) -> None:
    with write(engine) as session:
        letter = kept(session, office)
        claim(session, office)
        LEAVE[state](session, letter.id, "w1")
        if then is None:
            with pytest.raises(outbox.LetterRefused) as refused:
                PEOPLE[asked](session, office, letter.id)
            assert refused.value.code == f"letter_is_{state}"
        else:
            assert PEOPLE[asked](session, office, letter.id).state == then


def test_a_letter_that_is_not_there_is_refused(engine: Engine, office: int) -> None:
    with write(engine) as session, pytest.raises(outbox.LetterRefused) as refused:
        outbox.cancel(session, office, 404, at=NOW)
    assert refused.value.code == "letter_unknown"


def test_letters_are_listed_by_state_and_day(engine: Engine, office: int) -> None:
    with write(engine) as session:
        first, second = kept(session, office), kept(session, office, "lan")
        claim(session, office)
        assert outbox.list_letters(session, office, states=[LetterState.WAITING]) == (second,)
        assert outbox.list_letters(session, office, day=DAY) == (first, second)
        assert outbox.list_letters(session, office, day=ISSUED) == ()


def test_the_notices_of_a_letter_share_what_a_person_decides(engine: Engine, office: int) -> None:
    due = PLANNED[1][0]
    told = Notice(
        key=NoticeKey(share(1, due.due, "tm"), 1, "-10", "hung"),
        fire_on=DAY,
        state=NoticeState.WAITING,
        audience=Audience.OWNER,
        why="due_soon",
    )
    with write(engine) as session:
        plan = import_cast(session, office)
        journal.record_many(session, plan, [(f"{NUMBER}/1", opening(due, "tm"))], at=NOW)
        ledger.add(session, office, [told], at=NOW)
        (entry,) = ledger.waiting(session, office)
        letter = kept(session, office)
        ledger.attach(session, {entry.id: letter.id})
        claim(session, office)
        outbox.dead(session, letter.id, at=NOW, answer="550 5.1.1")
        ledger.settle(session, [entry.id], NoticeState.DEAD, at=NOW)
        states = [_state(session, letter)]
        outbox.retry(session, office, letter.id, at=NOW)
        states.append(_state(session, letter))
        outbox.cancel(session, office, letter.id, at=NOW)
        states.append(_state(session, letter))
    assert states == [NoticeState.DEAD, NoticeState.WAITING, NoticeState.CANCELLED]


def _state(session: Session, letter: LetterRow) -> NoticeState:
    (entry,) = ledger.of_letter(session, letter.id)
    return entry.notice.state
