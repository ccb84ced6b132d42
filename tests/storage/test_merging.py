"""Two units become one: open shares and names move, what was done stays, the old unit stays on record."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import Engine

from storage import journal, tasks
from storage.engine import read, write
from storage.merging import Merged, MergeRefused, merge_units
from storage.people import load_directory
from tasks_catalog.decisions import Report
from tasks_catalog.facts import Document
from tasks_catalog.resolve import find_unit
from tests.storage.cast import NUMBER, PLANNED, at, import_cast, opening, set_up, share

MERGED_ON = date(2022, 4, 1)
PAPER = Document(number="99/QĐ-UBND", issued=MERGED_ON)
ONE, SPRING, SUMMER = date(2022, 11, 15), date(2022, 3, 14), date(2022, 6, 14)


@pytest.fixture
def office(engine: Engine) -> int:
    """Task 1 is owed by tm; task 2 by all three units, and tm has reported its part of the spring."""
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


def _merge(engine: Engine, office: int, gone: str = "tm", into: str = "cn") -> Merged:
    with write(engine) as session:
        return merge_units(
            session,
            office,
            gone,
            into,
            by="lan",
            at=at(MERGED_ON),
            document=PAPER,
            mark="đã sáp nhập",
        )


def test_open_shares_move_and_done_ones_stay(engine: Engine, office: int) -> None:
    done = _merge(engine, office)
    assert (done.tasks, done.people) == (2, ("Trần Mạnh Hùng",))
    with read(engine) as session:
        first, second, _ = tasks.facts_of_plan(session, tasks.plan_or_refuse(session, office, NUMBER))
        history = journal.history(session, tasks.task_or_refuse(session, office, f"{NUMBER}/1"))
    assert {owed.key for owed in first.current_shares} == {share(1, ONE, "cn")}
    held = {(owed.key.occurrence, owed.key.unit): owed.is_done for owed in second.current_shares}
    assert held == {
        (SPRING.isoformat(), "tm"): True,
        (SPRING.isoformat(), "cn"): False,
        (SPRING.isoformat(), "vp"): False,
        (SUMMER.isoformat(), "cn"): False,
        (SUMMER.isoformat(), "vp"): False,
    }
    assert [owner.code for owner in first.owners] == ["cn", "vp"]
    assert (history[-1].kind, history[-1].document) == ("reassign", PAPER)


def test_the_old_names_mean_the_new_unit_and_groups_follow(engine: Engine, office: int) -> None:
    _merge(engine, office)
    with read(engine) as session:
        directory = load_directory(session, office)
    for name in ("Phòng Quản lý thương mại", "Phòng QLTM", "Phòng Quản lý công nghiệp"):
        found = find_unit(name, directory)
        assert found is not None
        assert found.code == "cn"
    group, old = directory.group("all"), directory.unit("tm")
    assert group is not None
    assert old is not None
    assert group.members == ("cn", "vp")
    assert old.name == "Phòng Quản lý thương mại (đã sáp nhập)"
    assert directory.focal_of("tm") is None


def test_the_record_before_the_merger_is_what_it_was(engine: Engine, office: int) -> None:
    with read(engine) as session:
        plan = tasks.plan_or_refuse(session, office, NUMBER)
        before = tasks.facts_as_of(session, plan, date(2022, 3, 31))
    _merge(engine, office)
    with read(engine) as session:
        plan = tasks.plan_or_refuse(session, office, NUMBER)
        assert tasks.facts_as_of(session, plan, date(2022, 3, 31)) == before
        assert tasks.facts_as_of(session, plan, MERGED_ON) == tasks.facts_of_plan(session, plan)


@pytest.mark.parametrize(
    ("gone", "into", "code"),
    [
        pytest.param("cn", "cn", "merge_with_itself", id="with itself"),
        pytest.param("tm", "vp", "merged_before", id="one that was merged before"),
        pytest.param("vp", "tm", "merged_before", id="into one that was merged before"),
    ],
)
def test_a_merger_that_cannot_be_is_refused(
    engine: Engine, office: int, gone: str, into: str, code: str
) -> None:
    _merge(engine, office)
    with pytest.raises(MergeRefused) as refused:
        _merge(engine, office, gone, into)
    assert refused.value.code == code
