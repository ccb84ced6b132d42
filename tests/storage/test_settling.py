"""One answer for a unit's wording on every row that asks about it; each row keeps an event of its own."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from storage import journal, tasks
from storage.engine import read, write
from storage.people import load_directory
from storage.plan_import import keep_questions
from storage.schema import PlanRow
from storage.settling import NameSettled, settle_name
from tasks_catalog.calendar import vietnam
from tasks_catalog.facts import TaskFacts
from tasks_catalog.intake import take_in
from tasks_catalog.problem import Problem, Refused
from tasks_catalog.resolve import find_unit
from tasks_catalog.task import PlanHead, PlanRead, RowCount, Task, UnitsWritten
from tests.storage.cast import BY, DIRECTORY, ISSUED, NUMBER, PLANNED, SETTINGS, at, opening, set_up

DAY = date(2022, 1, 10)
CELLS = (
    ("Tổ Một cửa", "Văn phòng Sở"),
    ("Phòng QLTM", "Tổ Một cửa"),
    ("Tổ Một cửa; Tổ Đề án", ""),
    ("Văn phòng Sở", ""),
)
"""Owners and co-owners of rows 1 to 4; the directory knows neither team."""


@pytest.fixture
def office(engine: Engine) -> int:
    with write(engine) as session:
        office = set_up(session)
        found = PlanRead(head=PlanHead(), tasks=tuple(map(_row, range(1, 5))), rows=RowCount(total=4))
        intake = take_in(found, DIRECTORY, SETTINGS, vietnam((2022,)))
        tasks.import_plan(
            session,
            office,
            found,
            number=NUMBER,
            issued=ISSUED,
            settings=SETTINGS,
            owners=intake.owners,
            planned=intake.planned,
            problems=intake.problems,
            by="lan",
            at=at(ISSUED),
        )
    return office


def _row(row: int) -> Task:
    lead, helping = CELLS[row - 1]
    return Task(
        row=row,
        text="Việc",
        lead=UnitsWritten(text=lead),
        cooperating=UnitsWritten(text=helping),
        deadline=BY,
    )


def plan_of(session: Session, office: int) -> PlanRow:
    return tasks.plan_or_refuse(session, office, NUMBER)


def settle(engine: Engine, office: int, name: str, unit: str, *, learn: bool = False) -> NameSettled:
    with write(engine) as session:
        return settle_name(session, plan_of(session, office), name, unit, learn=learn, by="lan", at=at(DAY))


def facts(engine: Engine, office: int) -> Mapping[int, TaskFacts]:
    with read(engine) as session:
        return {task.row: task for task in tasks.facts_of_plan(session, plan_of(session, office))}


def owners(task: TaskFacts) -> list[tuple[str, str]]:
    return [(owner.code, str(owner.role)) for owner in task.owners]


def asked(engine: Engine, office: int) -> list[tuple[int | None, str]]:
    with read(engine) as session:
        found = tasks.questions_of(session, plan_of(session, office))
    return [(question.row, question.problem.params["name"]) for question in found]


def test_every_row_with_the_name_is_answered_in_its_own_role(engine: Engine, office: int) -> None:
    done = settle(engine, office, "tổ  MỘT CỬA", "cn")
    assert (done.rows, done.still_asking, done.meant) == ((1, 2, 3), (3,), "cn")
    now = facts(engine, office)
    assert owners(now[1]) == [("cn", "owner"), ("vp", "co_owner")]
    assert owners(now[2]) == [("tm", "owner"), ("cn", "co_owner")]
    assert [now[row].active for row in (1, 2, 3, 4)] == [True, True, False, True]
    assert asked(engine, office) == [(3, "Tổ Đề án")]


def test_the_second_name_of_a_row_joins_the_first(engine: Engine, office: int) -> None:
    settle(engine, office, "Tổ Một cửa", "cn")
    done = settle(engine, office, "Tổ Đề án", "Phòng QLTM")
    assert (done.rows, done.still_asking) == ((3,), ())
    row = facts(engine, office)[3]
    assert (sorted(owners(row)), row.active) == ([("cn", "owner"), ("tm", "owner")], True)
    assert asked(engine, office) == []


def test_each_row_has_its_event_and_replays_to_the_same_facts(engine: Engine, office: int) -> None:
    settle(engine, office, "Tổ Một cửa", "cn")
    with read(engine) as session:
        plan = plan_of(session, office)
        kinds = [
            journal.history(session, tasks.task_or_refuse(session, office, f"{NUMBER}/{row}"))[-1].kind
            for row in (1, 2, 3, 4)
        ]
        assert tasks.facts_as_of(session, plan, DAY) == tasks.facts_of_plan(session, plan)
    assert kinds == ["settle", "settle", "settle", "import"]


@pytest.mark.parametrize("learn", [True, False])
def test_the_directory_keeps_the_name_only_when_told_to(engine: Engine, office: int, learn: bool) -> None:
    settle(engine, office, "Tổ Một cửa", "cn", learn=learn)
    with read(engine) as session:
        found = find_unit("Tổ Một cửa", load_directory(session, office))
    assert (found.code if found else None) == ("cn" if learn else None)


def test_a_group_may_be_meant(engine: Engine, office: int) -> None:
    settle(engine, office, "Tổ Một cửa", "all")
    (first, *_) = facts(engine, office)[1].owners
    assert (first.code, first.collective) == ("all", True)


def test_of_a_task_at_work_the_open_share_moves(engine: Engine, office: int) -> None:
    """A revision may ask about a row that is tracked: the answer is put into force as a revision."""
    due = PLANNED[1][0]
    with write(engine) as session:
        plan = plan_of(session, office)
        journal.record_many(session, plan, [(f"{NUMBER}/4", opening(due, "vp"))], at=at(ISSUED))
        row = tasks.task_or_refuse(session, office, f"{NUMBER}/4")
        doubt = Problem(code="unit_ambiguous", params={"name": "Văn phòng Sở", "candidates": "-"})
        keep_questions(session, plan, [(row.id, doubt)])
    assert settle(engine, office, "Văn phòng Sở", "cn").rows == (4,)
    now = facts(engine, office)[4]
    assert owners(now) == [("cn", "owner")]
    assert [owed.key.unit for owed in now.current_shares] == ["cn"]
    assert (4, "Văn phòng Sở") not in asked(engine, office)


@pytest.mark.parametrize(
    ("name", "unit", "code"),
    [
        pytest.param("Tổ Ba cửa", "cn", "name_not_asked", id="a name no row asks about"),
        pytest.param("Tổ Một cửa", "xx", "unit_not_known", id="a unit unknown"),
    ],
)
def test_an_answer_that_fits_nothing_is_refused(
    engine: Engine, office: int, name: str, unit: str, code: str
) -> None:
    with pytest.raises(Refused) as refused:
        settle(engine, office, name, unit)
    assert refused.value.code == code
    assert len(asked(engine, office)) == 4
