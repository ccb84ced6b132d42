"""A unit is renamed, or split in mid-year: work moves with its document, the past stays as it was."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import Engine, select

from storage import journal, tasks
from storage.engine import read, write
from storage.people import load_directory
from storage.renaming import Renamed, rename_unit
from storage.schema import Event
from storage.splitting import Split, split_unit
from storage.unit_events import UnitChangeRefused
from tasks_catalog.decisions import Report
from tasks_catalog.facts import Document, TaskFacts
from tasks_catalog.problem import Refused
from tasks_catalog.resolve import find_unit, resolve_units
from tests.storage.cast import NUMBER, PLANNED, at, import_cast, opening, set_up, share

DAY = date(2022, 4, 1)
PAPER = Document(number="99/QĐ-UBND", issued=DAY)
ONE, SPRING = date(2022, 11, 15), date(2022, 3, 14)
NEW = (("XNK", "Phòng Xuất nhập khẩu"), ("TTr", "Phòng Thị trường trong nước"))


@pytest.fixture
def office(engine: Engine) -> int:
    """Task 1 is owed by tm; of task 2 tm has reported the spring's part and owes the summer's."""
    with write(engine) as session:
        office = set_up(session)
        plan = import_cast(session, office)
        (one,), (spring, summer) = PLANNED[1], PLANNED[2]
        entries = [
            (f"{NUMBER}/1", opening(one, "tm")),
            (f"{NUMBER}/2", opening(spring, "tm", "cn", "vp")),
            (f"{NUMBER}/2", opening(summer, "tm", "cn", "vp")),
        ]
        journal.record_many(session, plan, entries, at=at(date(2022, 1, 4)))
        row = tasks.task_or_refuse(session, office, f"{NUMBER}/2")
        done = Report(share=share(2, SPRING, "tm"))
        journal.record(session, row, done, by="hung", at=at(SPRING), on=SPRING)
    return office


def rename(engine: Engine, office: int, name: str, *, code: str = "tm", on: date | None = None) -> Renamed:
    with write(engine) as session:
        return rename_unit(session, office, code, name, by="lan", at=at(DAY), document=PAPER, on=on)


def split(
    engine: Engine,
    office: int,
    *into: tuple[str, str | None],
    code: str = "tm",
    to_for: dict[str, str] | None = None,
) -> Split:
    with write(engine) as session:
        return split_unit(
            session,
            office,
            code,
            into or NEW,
            to_for=to_for or {},
            by="lan",
            at=at(DAY),
            document=PAPER,
            mark="đã chia",
        )


def facts(engine: Engine, office: int, day: date | None = None) -> tuple[TaskFacts, ...]:
    with read(engine) as session:
        plan = tasks.plan_or_refuse(session, office, NUMBER)
        return tasks.facts_as_of(session, plan, day) if day else tasks.facts_of_plan(session, plan)


def test_a_renamed_unit_keeps_its_work_and_answers_to_both_names(engine: Engine, office: int) -> None:
    before = facts(engine, office)
    done = rename(engine, office, "Phòng Thương mại và Dịch vụ", on=date(2022, 3, 15))
    assert (done.before, done.on) == ("Phòng Quản lý thương mại", date(2022, 3, 15))
    assert facts(engine, office) == before
    with read(engine) as session:
        directory = load_directory(session, office)
    for name in ("Phòng Thương mại và Dịch vụ", "Phòng Quản lý thương mại", "Phòng QLTM", "P. TM&DV"):
        found = find_unit(name, directory)
        assert found is not None, name
        assert found.code == "tm"


def test_renaming_back_leaves_no_name_twice(engine: Engine, office: int) -> None:
    rename(engine, office, "Phòng Thương mại")
    rename(engine, office, "Phòng Quản lý thương mại")
    with read(engine) as session:
        unit = load_directory(session, office).unit("tm")
    assert unit is not None
    assert unit.aliases == ("Phòng QLTM", "Phòng Thương mại")


@pytest.mark.parametrize("change", ["rename_unit", "split_unit"])
def test_the_journal_tells_the_change_with_its_document(engine: Engine, office: int, change: str) -> None:
    if change == "rename_unit":
        rename(engine, office, "Phòng Thương mại")
    else:
        split(engine, office)
    with read(engine) as session:
        (event,) = session.scalars(select(Event).where(Event.kind == change))
        told = (event.unit, event.by, event.on, event.task_id)
        number = event.document["number"] if event.document else None
    assert (told, number) == (("tm", "lan", DAY, None), "99/QĐ-UBND")


@pytest.mark.parametrize(
    ("code", "name", "on", "refusal"),
    [
        pytest.param("tm", "Phòng Quản lý thương mại", None, "unit_name_same", id="the name it has"),
        pytest.param("tm", " . ", None, "unit_name_same", id="no name"),
        pytest.param("tm", "VĂN PHÒNG SỞ", None, "unit_name_taken", id="the name of another"),
        pytest.param("tm", "Các phòng, đơn vị thuộc Sở", None, "unit_name_taken", id="the name of a group"),
        pytest.param("xx", "Phòng Mới", None, "unit_not_known", id="a unit unknown"),
        pytest.param("tm", "Phòng Mới", date(2022, 4, 2), "unit_change_ahead", id="a day to come"),
    ],
)
def test_a_name_that_cannot_be_given_is_refused(
    engine: Engine, office: int, code: str, name: str, on: date | None, refusal: str
) -> None:
    with pytest.raises(Refused) as refused:
        rename(engine, office, name, code=code, on=on)
    assert refused.value.code == refusal


def test_open_work_goes_task_by_task_and_what_was_done_stays(engine: Engine, office: int) -> None:
    done = split(engine, office, to_for={f"{NUMBER}/2": "TTr"})
    assert (done.into, done.tasks, done.people) == (("XNK", "TTr"), {"XNK": 1, "TTr": 1}, ("Trần Mạnh Hùng",))
    first, second, _ = facts(engine, office)
    assert {owed.key for owed in first.current_shares} == {share(1, ONE, "XNK")}
    assert [owner.code for owner in first.owners] == ["XNK", "vp"]
    held = {(owed.key.occurrence, owed.key.unit) for owed in second.current_shares if not owed.is_done}
    assert (date(2022, 6, 14).isoformat(), "TTr") in held
    assert second.shares[share(2, SPRING, "tm")].is_done
    with read(engine) as session:
        history = journal.history(session, tasks.task_or_refuse(session, office, f"{NUMBER}/1"))
    assert (history[-1].kind, history[-1].document) == ("reassign", PAPER)


def test_the_old_names_are_asked_about_and_groups_hold_every_heir(engine: Engine, office: int) -> None:
    split(engine, office)
    with read(engine) as session:
        directory = load_directory(session, office)
    for name in ("Phòng Quản lý thương mại", "Phòng QLTM", "P. QLTM", "tm"):
        (asked,) = resolve_units(name, directory).problems
        assert asked.code == "unit_ambiguous", name
        assert asked.params["candidates"] == "Phòng Xuất nhập khẩu; Phòng Thị trường trong nước"
    group, old = directory.group("all"), directory.unit("tm")
    assert group is not None
    assert old is not None
    assert group.members == ("XNK", "TTr", "cn", "vp")
    assert (old.name, old.is_gone) == ("Phòng Quản lý thương mại (đã chia)", True)
    assert directory.focal_of("tm") is None


def test_the_record_before_the_split_is_what_it_was(engine: Engine, office: int) -> None:
    before = facts(engine, office, date(2022, 3, 31))
    split(engine, office)
    assert facts(engine, office, date(2022, 3, 31)) == before
    assert facts(engine, office, DAY) == facts(engine, office)


@pytest.mark.parametrize(
    ("into", "to_for", "refusal"),
    [
        pytest.param((("XNK", "Phòng Một"),), {}, "split_needs_two", id="into one"),
        pytest.param((("tm", None), ("cn", None)), {}, "split_into_itself", id="into itself"),
        pytest.param((("cn", None), ("zz", None)), {}, "unit_not_known", id="into a unit unknown"),
        pytest.param((("cn", None), ("zz", "Văn phòng Sở")), {}, "unit_name_taken", id="a name of another"),
        pytest.param(NEW, {f"{NUMBER}/1": "cn"}, "split_unit_beside", id="a task to a unit beside"),
        pytest.param(NEW, {f"{NUMBER}/3": "XNK"}, "split_task_beside", id="a task it has no part in"),
        pytest.param(NEW, {f"{NUMBER}/99": "XNK"}, "task_unknown", id="a task there is not"),
    ],
)
def test_a_split_that_cannot_be_is_refused_and_nothing_is_written(
    engine: Engine,
    office: int,
    into: tuple[tuple[str, str | None], ...],
    to_for: dict[str, str],
    refusal: str,
) -> None:
    before = facts(engine, office)
    with pytest.raises(Refused) as refused:
        split(engine, office, *into, to_for=to_for)
    assert refused.value.code == refusal
    assert facts(engine, office) == before


def test_a_unit_that_is_gone_is_neither_split_nor_renamed(engine: Engine, office: int) -> None:
    split(engine, office)
    with pytest.raises(UnitChangeRefused, match="unit_gone"):
        split(engine, office, ("cn", None), ("vp", None))
    with pytest.raises(UnitChangeRefused, match="unit_gone"):
        rename(engine, office, "Phòng Mới")
