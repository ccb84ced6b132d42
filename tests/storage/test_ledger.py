"""The ledger holds each notice once, whoever adds it, and settles it once."""

from __future__ import annotations

import threading
from datetime import date

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from storage import journal, ledger, outbox, tasks
from storage.engine import read, write
from tasks_catalog.decisions import Report
from tasks_catalog.ladder import Audience, Notice, NoticeKey, NoticeState
from tests.storage.cast import ISSUED, NUMBER, PLANNED, at, import_cast, opening, set_up, share

DUE = PLANNED[1][0].due
DAY = date(2022, 11, 1)


def notice(
    rung: str = "-10", person: str = "hung", *, unit: str = "tm", fire_on: date = DAY, epoch: int = 1
) -> Notice:
    return Notice(
        key=NoticeKey(share(1, DUE, unit), epoch, rung, person),
        fire_on=fire_on,
        state=NoticeState.WAITING,
        audience=Audience.OWNER,
        why="due_soon",
        route="focal_point",
        params={"due": DUE.isoformat(), "unit": unit},
    )


@pytest.fixture
def office(engine: Engine) -> int:
    with write(engine) as session:
        office = set_up(session)
        plan = import_cast(session, office)
        entries = [(f"{NUMBER}/1", opening(PLANNED[1][0], "tm", "vp"))]
        journal.record_many(session, plan, entries, at=at(ISSUED))
    return office


def rungs(session: Session, office: int) -> list[str]:
    return [entry.notice.key.rung for entry in ledger.waiting(session, office)]


def test_a_notice_comes_back_as_it_was_added(engine: Engine, office: int) -> None:
    with write(engine) as session:
        assert ledger.add(session, office, [notice()], at=at(DAY)) == 1
    with read(engine) as session:
        (entry,) = ledger.waiting(session, office)
        plan = tasks.plan_or_refuse(session, office, NUMBER)
        assert ledger.known_keys(session, plan) == {notice().key}
    assert entry.notice == notice()
    assert (entry.plan_id, entry.task_id, entry.created_at) == (plan.id, f"{NUMBER}/1", at(DAY))


def test_what_is_known_is_not_added_again(engine: Engine, office: int) -> None:
    with write(engine) as session:
        ledger.add(session, office, [notice()], at=at(DAY))
        assert ledger.add(session, office, [notice(), notice("-5"), notice(person="lan")], at=at(DAY)) == 2
        assert ledger.add(session, office, [], at=at(DAY)) == 0


def test_a_new_epoch_is_a_new_notice(engine: Engine, office: int) -> None:
    with write(engine) as session:
        added = ledger.add(session, office, [notice(), notice(epoch=2)], at=at(DAY))
    assert added == 2


def test_of_two_runs_at_once_each_notice_is_added_by_one(engine: Engine, office: int) -> None:
    notices = [notice(rung, person) for rung in ("-10", "-5", "0") for person in ("lan", "hung")]
    added: list[int] = []
    together = threading.Barrier(2)

    def run() -> None:
        together.wait()
        with write(engine) as session:
            added.append(ledger.add(session, office, notices, at=at(DAY)))

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(added) == len(notices)
    with read(engine) as session:
        assert ledger.counts(session, office)[NoticeState.WAITING] == len(notices)


def test_done_shares_are_no_longer_known(engine: Engine, office: int) -> None:
    with write(engine) as session:
        ledger.add(session, office, [notice(), notice(unit="vp")], at=at(DAY))
        row = tasks.task_or_refuse(session, office, f"{NUMBER}/1")
        journal.record(session, row, Report(share=share(1, DUE, "tm")), by="hung", at=at(DAY), on=DAY)
        plan = tasks.plan_or_refuse(session, office, NUMBER)
        assert ledger.known_keys(session, plan) == {notice(unit="vp").key}


def test_a_notice_is_settled_once(engine: Engine, office: int) -> None:
    with write(engine) as session:
        ledger.add(session, office, [notice()], at=at(DAY))
        (entry,) = ledger.waiting(session, office)
        assert ledger.settle(session, [entry.id], NoticeState.SENT, at=at(DAY)) == 1
        assert ledger.settle(session, [entry.id], NoticeState.CANCELLED, at=at(DAY)) == 0
        row = tasks.task_or_refuse(session, office, f"{NUMBER}/1")
        (told,) = ledger.of_task(session, row)
    assert (told.notice.state, told.settled_at) == (NoticeState.SENT, at(DAY))


def test_what_a_later_rung_overtook_is_superseded_for_that_person(engine: Engine, office: int) -> None:
    with write(engine) as session:
        early, late = date(2022, 11, 1), date(2022, 11, 8)
        added = [
            notice("-10", fire_on=early),
            notice("-5", fire_on=late),
            notice("-10", "lan", fire_on=early),
            notice("-10", unit="vp", fire_on=early),
        ]
        ledger.add(session, office, added, at=at(late))
        assert ledger.supersede_overtaken(session, office, at=at(late)) == 1
        assert ledger.supersede_overtaken(session, office, at=at(late)) == 0
        left = {entry.notice.key for entry in ledger.waiting(session, office)}
    assert left == {added[1].key, added[2].key, added[3].key}


def test_a_letter_carries_notices_no_other_letter_has(engine: Engine, office: int) -> None:
    with write(engine) as session:
        ledger.add(session, office, [notice(), notice("-5")], at=at(DAY))
        ids = [entry.id for entry in ledger.waiting(session, office)]
        letters = [
            outbox.open_letter(
                session,
                office,
                kind=kind,
                person="hung",
                day=DAY,
                message_id=f"<{kind}@example.vn>",
                at=at(DAY),
            )
            for kind in ("digest", "welcome")
        ]
        first, second = (letter.id for letter in letters if letter is not None)
        ledger.attach(session, dict.fromkeys(ids, first))
        ledger.attach(session, dict.fromkeys(ids, second))
        assert [entry.id for entry in ledger.of_letter(session, first)] == ids
        assert ledger.of_letter(session, second) == ()


def test_every_state_is_counted(engine: Engine, office: int) -> None:
    with read(engine) as session:
        assert ledger.counts(session, office) == dict.fromkeys(NoticeState, 0)
