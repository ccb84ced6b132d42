"""Erasing a person who has left: names and addresses go, and not one byte of the record of decisions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, func, select, text, update
from sqlalchemy.orm import Session

from storage import absences, journal, outbox, tasks
from storage.desk import Desk
from storage.engine import read, write
from storage.erasing import ErasureRefused, erase, erased
from storage.office_journal import ChangeRefused, Made, change, undo
from storage.organisations import create_organisation
from storage.person_settable import PersonSettable
from storage.preferences import save_preference
from storage.replay import facts_as_of
from storage.schema import (
    AnswerRow,
    Base,
    IncomingRow,
    LetterRow,
    OfficeChange,
    OfficeChangeValues,
    PersonRow,
    ShareRow,
    UnitRow,
)
from storage.settables import SETTABLES
from tasks_catalog.absence import Absence
from tasks_catalog.calendar import vietnam
from tasks_catalog.facts import Evidence
from tasks_catalog.preference import Preference
from tasks_catalog.progress import tally_of
from tests.storage.cast import DIRECTORY, ISSUED, NUMBER, PLANNED, SETTINGS, at, import_cast, opening

DAY = date(2022, 11, 10)
ADDRESS = "hung@sct.example.vn"
NAME = "Trần Mạnh Hùng"
UNTOUCHED = (
    "event",
    "snapshot",
    "share",
    "task",
    "occurrence",
    "notice",
    "letter_attempt",
    "office_change",
    "task_standing",
)


@pytest.fixture
def office(engine: Engine) -> int:
    """Hùng has worked, been written to and been away; now he has left, his work handed over."""
    with write(engine) as session:
        organisation = create_organisation(session, DIRECTORY, simulated=True, at=at(ISSUED)).id
        plan = import_cast(session, organisation)
        journal.record_many(session, plan, [(f"{NUMBER}/1", opening(PLANNED[1][0], "tm"))], at=at(ISSUED))
        desk = Desk(
            session=session,
            organisation_id=organisation,
            calendar=vietnam(range(2020, 2026)),
            at=at(DAY),
            by="hung",
            via="qua liên kết trong thư số 1 ngày 10/11/2022",
        )
        desk.report(f"{NUMBER}/1", "tm", evidence=[Evidence(text="9/BC-TM")])
        _a_letter(session, organisation)
        away = Absence(person="hung", first=DAY, last=DAY + timedelta(days=1), note="đi khám bệnh")
        absences.enter(session, organisation, away, by="hung", at=at(DAY))
        save_preference(session, organisation, "hung", Preference(calendar=False), by="hung", at=at(DAY))
        session.execute(update(UnitRow).where(UnitRow.code == "tm").values(focal_point=None))
        row = PersonSettable().read(session, organisation, "hung")
        assert row is not None
        change(
            session,
            organisation,
            PersonSettable(),
            "person",
            "hung",
            {**row, "active": False},
            made=Made(by="lan", at=at(DAY)),
        )
        return organisation


def _a_letter(session: Session, organisation: int) -> None:
    letter = outbox.open_letter(
        session,
        organisation,
        kind="digest",
        person="hung",
        day=DAY,
        message_id="<1@sct.example.vn>",
        at=at(DAY),
    )
    assert letter is not None
    outbox.claim(session, organisation, now=at(DAY), lease_until=at(DAY), by="w")
    outbox.sent(session, letter.id, at=at(DAY), answer="250 ok")
    session.execute(
        update(LetterRow).values(address=ADDRESS, body_text=f"Kính gửi {NAME}", subject="Nhắc việc")
    )
    session.add(
        IncomingRow(
            organisation_id=organisation,
            key="<2@x>",
            sha256="a",
            message_id="<2@x>",
            sender="HUNG@sct.example.vn",
            subject="Re: Nhắc việc",
            size=1,
            received_at=at(DAY),
            taken_at=at(DAY),
            kind="answer",
            why="",
        )
    )
    session.flush()
    session.add(
        AnswerRow(
            organisation_id=organisation,
            incoming_id=session.scalars(select(func.max(IncomingRow.id))).one(),
            received_at=at(DAY),
            sender=ADDRESS,
            sender_is="reader",
            person="hung",
            kind="message",
            fields={},
            subject="Re",
            text=f"{NAME} xin báo",
            files=[],
            state="ignored",
            note="",
        )
    )


def done(session: Session, organisation: int) -> Mapping[str, int]:
    return erase(
        session,
        organisation,
        "hung",
        by="lan",
        document="12/ĐN 09/11/2022",
        at=at(DAY),
        shown_as="người đã xóa (#hung)",
    )


def dump(session: Session, names: tuple[str, ...]) -> dict[str, list[tuple[object, ...]]]:
    return {
        name: [tuple(row) for row in session.execute(text(f'SELECT * FROM "{name}" ORDER BY 1')).all()]
        for name in names
    }


def everything(session: Session) -> str:
    return repr(dump(session, tuple(table.name for table in Base.metadata.sorted_tables)))


def test_what_is_the_persons_is_gone_and_decisions_are_byte_for_byte_as_they_were(
    engine: Engine, office: int
) -> None:
    with read(engine) as session:
        before = dump(session, UNTOUCHED)
        plan = tasks.plan_or_refuse(session, office, NUMBER)
        tally = tally_of(NUMBER, tasks.facts_of_plan(session, plan), SETTINGS, DAY)
        history = journal.history(session, tasks.task_or_refuse(session, office, f"{NUMBER}/1"))
        assert NAME in everything(session)
        assert ADDRESS in everything(session)
    with write(engine) as session:
        counts = done(session, office)
    assert {name for name, rows in counts.items() if rows} == {
        "person",
        "incoming",
        "answers",
        "letters",
        "absences",
        "preferences",
        "changes",
    }
    with read(engine) as session:
        assert dump(session, UNTOUCHED) == before
        plan = tasks.plan_or_refuse(session, office, NUMBER)
        facts = tasks.facts_of_plan(session, plan)
        assert tally_of(NUMBER, facts, SETTINGS, DAY) == tally
        assert facts_as_of(session, plan, DAY) == facts
        assert journal.history(session, tasks.task_or_refuse(session, office, f"{NUMBER}/1")) == history
        kept = everything(session)
        for word in (NAME, "hung@", "HUNG@", "khám bệnh", "Chuyên viên"):
            assert word not in kept, word
        person = session.scalars(select(PersonRow).where(PersonRow.code == "hung")).one()
        assert (person.name, person.email, person.title) == ("người đã xóa (#hung)", "", "")
        (line,) = erased(session, office)
        assert (line.person, line.by, line.document, line.counts) == (
            "hung",
            "lan",
            "12/ĐN 09/11/2022",
            counts,
        )


def test_it_may_be_repeated_as_after_a_restore(engine: Engine, office: int) -> None:
    with write(engine) as session:
        done(session, office)
    with write(engine) as session:
        again = done(session, office)
        assert again["changes"] == 0
        assert len(erased(session, office)) == 2


def test_a_change_whose_values_were_erased_says_so_and_cannot_be_undone(engine: Engine, office: int) -> None:
    with write(engine) as session:
        done(session, office)
        query = select(OfficeChange.id, OfficeChangeValues).join(OfficeChangeValues).order_by(OfficeChange.id)
        changes = session.execute(query.where(OfficeChange.key == "hung")).tuples().all()
        assert changes
        for number, values in changes:
            assert values.erased
            assert set((values.after or {}).values()) <= {None}
            with pytest.raises(ChangeRefused) as refused:
                undo(session, office, SETTABLES, number, made=Made(by="lan", at=at(DAY)))
            assert refused.value.code == "change_erased"


def _active(session: Session) -> None:
    session.execute(update(PersonRow).where(PersonRow.code == "hung").values(active=True))


def _officer(session: Session) -> None:
    session.execute(update(ShareRow).values(officer="hung", is_live=True))


def _focal(session: Session) -> None:
    session.execute(update(UnitRow).where(UnitRow.code == "tm").values(focal_point="hung"))


def _going(session: Session) -> None:
    session.execute(update(LetterRow).values(state="deferred"))


def _unread(session: Session) -> None:
    session.execute(update(AnswerRow).values(state="open"))


@pytest.mark.parametrize(
    ("bind", "code"),
    [
        pytest.param(_active, "erase_active", id="at work"),
        pytest.param(_officer, "erase_holds_work", id="an officer of open work"),
        pytest.param(_focal, "erase_answers_for", id="a unit's focal point"),
        pytest.param(_going, "erase_letters_wait", id="a letter on its way"),
        pytest.param(_unread, "erase_answers_wait", id="an answer nobody has read"),
    ],
)
def test_while_anything_is_owed_nothing_is_erased(
    engine: Engine, office: int, bind: Callable[[Session], None], code: str
) -> None:
    with write(engine) as session:
        bind(session)
        before = everything(session)
        with pytest.raises(ErasureRefused) as refused:
            done(session, office)
        assert refused.value.code == code
        assert everything(session) == before
