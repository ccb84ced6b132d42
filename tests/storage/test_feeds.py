"""A feed's address holds until it is renewed or revoked; a feed shows its own person's or unit's work."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine

from storage import feeds, journal, tasks
from storage.engine import read, write
from storage.feeds import FeedKind, FeedRefused
from tasks_catalog.owed import Owed
from tests.storage.cast import DIRECTORY, ISSUED, PLANNED, at, import_cast, opening, set_up

NOW = at(date(2022, 11, 1))
SINCE = date(2022, 9, 1)


@pytest.fixture
def office(engine: Engine) -> int:
    with write(engine) as session:
        return set_up(session)


def make(engine: Engine, office: int, *, renew: bool = False, kind: FeedKind = FeedKind.PERSON) -> int:
    code = "hung" if kind is FeedKind.PERSON else "tm"
    with write(engine) as session:
        return feeds.make(session, office, kind, code, renew=renew, by="lan", at=NOW).serial


def holds(engine: Engine, office: int, serial: int) -> bool:
    with read(engine) as session:
        return feeds.is_in_force(session, office, "person", "hung", serial)


def test_asked_for_again_it_is_the_same_and_renewed_it_is_another(engine: Engine, office: int) -> None:
    first = make(engine, office)
    assert make(engine, office) == first
    assert holds(engine, office, first)
    second = make(engine, office, renew=True)
    assert (holds(engine, office, first), holds(engine, office, second)) == (False, True)
    assert not holds(engine, office + 1, second)


def test_revoked_it_is_over_and_made_again_the_old_address_stays_dead(engine: Engine, office: int) -> None:
    first = make(engine, office)
    with write(engine) as session:
        feeds.revoke(session, office, FeedKind.PERSON, "hung", at=NOW)
    assert not any(holds(engine, office, serial) for serial in range(first, first + 3))
    with write(engine) as session, pytest.raises(FeedRefused) as refused:
        feeds.revoke(session, office, FeedKind.PERSON, "hung", at=NOW)
    assert refused.value.code == "feed_unknown"
    again = make(engine, office)
    assert again > first
    assert (holds(engine, office, first), holds(engine, office, again)) == (False, True)
    with read(engine) as session:
        (kept,) = feeds.all_of(session, office)
    assert (kept.created_by, kept.revoked_at) == ("lan", None)


@pytest.mark.parametrize(
    ("kind", "said"), [(FeedKind.PERSON, "person_unknown"), (FeedKind.UNIT, "unit_not_known")]
)
def test_nobody_unknown_gets_one(engine: Engine, office: int, kind: FeedKind, said: str) -> None:
    with write(engine) as session, pytest.raises(FeedRefused) as refused:
        feeds.make(session, office, kind, "ai-do", by="lan", at=NOW)
    assert refused.value.code == said


@pytest.fixture
def at_work(engine: Engine, office: int) -> int:
    """Trade owes the decree of row 1 and, with industry, the two sheets of row 2."""
    with write(engine) as session:
        plan = import_cast(session, office)
        tasks.activate(session, plan, on=ISSUED, by="lan", at=at(ISSUED))
        first, second, _ = tasks.list_tasks(session, plan)
        for task, due, units in (
            (first, PLANNED[1][0], ("tm",)),
            (second, PLANNED[2][0], ("tm", "cn")),
            (second, PLANNED[2][1], ("tm", "cn")),
        ):
            decision = opening(due, *units).decision
            journal.record(session, task, decision, by="office", at=at(ISSUED), on=ISSUED)
    return office


def rows(owed: list[Owed]) -> list[tuple[int, str, str]]:
    return [(each.row, each.share.key.occurrence, each.share.key.unit) for each in owed]


def test_a_unit_and_whoever_answers_for_it_see_its_work_alone(engine: Engine, at_work: int) -> None:
    trade = [(1, "2022-11-15", "tm"), (2, "2022-03-14", "tm"), (2, "2022-06-14", "tm")]
    with read(engine) as session:
        assert rows(list(feeds.owed_by_unit(session, at_work, "tm", SINCE))) == trade
        assert rows(list(feeds.owed_by_person(session, at_work, "hung", DIRECTORY, SINCE))) == trade
        industry = rows(list(feeds.owed_by_person(session, at_work, "binh", DIRECTORY, SINCE)))
        assert industry == [(2, "2022-03-14", "cn"), (2, "2022-06-14", "cn")]
        assert not list(feeds.owed_by_person(session, at_work, "lan", DIRECTORY, SINCE))
        assert not list(feeds.owed_by_unit(session, at_work + 1, "tm", SINCE))
        (first, *_) = feeds.owed_by_unit(session, at_work, "tm", SINCE)
    assert (first.plan, first.text, first.product) == ("3088/KH-SCT", "Ban hành kế hoạch", "Kế hoạch")


def test_what_ended_is_shown_for_a_while(engine: Engine, at_work: int) -> None:
    from storage.desk import Desk
    from tasks_catalog.calendar import vietnam

    on = date(2022, 11, 1)
    with write(engine) as session:
        desk = Desk(session=session, organisation_id=at_work, calendar=vietnam((2022,)), at=NOW, by="hung")
        desk.report("3088/KH-SCT/1", "tm")
    with read(engine) as session:
        for since, shown in ((on, True), (on + timedelta(days=1), False)):
            found = rows(list(feeds.owed_by_unit(session, at_work, "tm", since)))
            assert ((1, "2022-11-15", "tm") in found) is shown
