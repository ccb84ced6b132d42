"""A unit says that its condition arose: it waits for the coordinator, and starts no clock by itself."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import Engine

from storage import tasks
from storage.arising import conditions_of, said_arisen
from storage.desk import Desk
from storage.engine import read, write
from storage.organisations import create_organisation
from storage.plan_import import import_plan
from storage.starting import open_plan
from tasks_catalog.decisions import DecisionRefused
from tasks_catalog.facts import Arisen, Document, TaskFacts
from tasks_catalog.intake import take_in
from tasks_catalog.problem import Refused
from tasks_catalog.task import PlanHead, PlanRead, RowCount
from tests.board.cast import CALENDAR, DIRECTORY, NUMBER, SETTINGS, a_task, at

STARTED, SAID, DECIDED = date(2022, 1, 20), date(2022, 5, 4), date(2022, 5, 6)
CONDITION, FIXED, COLLECTIVE = f"{NUMBER}/1", f"{NUMBER}/2", f"{NUMBER}/3"
PAPER = Document(number="77/UBND-KSTT", issued=date(2022, 5, 3))
TASKS = (
    a_task(1, "Sửa đổi quy chế", "Văn phòng Sở", "Khi có hướng dẫn của UBND tỉnh"),
    a_task(2, "Rà soát văn bản", "Văn phòng Sở", "30/9/2022"),
    a_task(3, "Tham gia hội thi", "Các phòng, đơn vị thuộc Sở", "Khi có kế hoạch của UBND tỉnh"),
)


@pytest.fixture
def office(engine: Engine) -> int:
    read_plan = PlanRead(head=PlanHead(title="Kế hoạch"), tasks=TASKS, rows=RowCount())
    taken = take_in(read_plan, DIRECTORY, SETTINGS, CALENDAR)
    with write(engine) as session:
        found = create_organisation(session, DIRECTORY, simulated=True, at=at(STARTED))
        plan = import_plan(
            session,
            found.id,
            read_plan,
            number=NUMBER,
            issued=STARTED,
            settings=SETTINGS,
            owners=taken.owners,
            planned=taken.planned,
            problems=taken.problems,
            by="truc",
            at=at(STARTED),
        )
        tasks.activate(session, plan, on=STARTED, by="truc", at=at(STARTED))
        open_plan(session, plan, directory=DIRECTORY, at=at(STARTED), on=STARTED)
        return found.id


def facts(engine: Engine, office: int, task: str) -> TaskFacts:
    with read(engine) as session:
        return tasks.facts_of_task(session, tasks.task_or_refuse(session, office, task))


def say(engine: Engine, office: int, task: str = CONDITION, unit: str = "VP", **more: object) -> None:
    told: dict[str, object] = {"note": "Tỉnh đã ban hành hướng dẫn", "document": PAPER} | more
    with write(engine) as session:
        desk = Desk(
            session=session,
            organisation_id=office,
            calendar=CALENDAR,
            at=at(SAID),
            by="truc",
            **told,  # type: ignore[arg-type]
        )
        desk.say_arisen(task, unit, arose=date(2022, 5, 3))


def the_desk(session, office: int, **more: object) -> Desk:  # type: ignore[no-untyped-def]
    told: dict[str, object] = {"by": "truc", "at": at(DECIDED), "calendar": CALENDAR} | more
    return Desk(session=session, organisation_id=office, **told)  # type: ignore[arg-type]


def test_what_a_unit_says_waits_and_nothing_is_due_by_it(engine: Engine, office: int) -> None:
    before = facts(engine, office, CONDITION)
    say(engine, office)
    after = facts(engine, office, CONDITION)
    assert after.arisen == (
        Arisen(
            unit="VP",
            on=SAID,
            by="truc",
            arose=date(2022, 5, 3),
            words="Tỉnh đã ban hành hướng dẫn",
            document=PAPER,
        ),
    )
    assert (after.opened, after.shares) == (before.opened, before.shares) == ({}, {})
    with read(engine) as session:
        [waiting] = said_arisen(session, office)
        assert (waiting.task_id, waiting.text, waiting.said.unit) == (CONDITION, "Sửa đổi quy chế", "VP")


def test_the_coordinator_triggers_it_and_nothing_waits_any_more(engine: Engine, office: int) -> None:
    say(engine, office)
    with write(engine) as session:
        the_desk(session, office, document=PAPER).trigger(CONDITION, due=date(2022, 6, 30))
    after = facts(engine, office, CONDITION)
    assert after.arisen == ()
    assert [share.due for share in after.current_shares] == [date(2022, 6, 30)]
    with read(engine) as session:
        assert said_arisen(session, office) == ()
        assert [c.task_id for c in conditions_of(session, office, "VP", DIRECTORY)] == [COLLECTIVE]


def test_set_aside_needs_a_reason_and_may_name_one_unit(engine: Engine, office: int) -> None:
    for unit in ("VP", "TT"):
        say(engine, office, COLLECTIVE, unit)
    with write(engine) as session:
        with pytest.raises(DecisionRefused, match="reason_needed"):
            the_desk(session, office).set_aside(COLLECTIVE)
        the_desk(session, office, note="Mới là dự thảo").set_aside(COLLECTIVE, "TT")
    assert [said.unit for said in facts(engine, office, COLLECTIVE).arisen] == ["VP"]
    with write(engine) as session:
        the_desk(session, office, note="Mới là dự thảo").set_aside(COLLECTIVE)
        with pytest.raises(DecisionRefused, match="arisen_not_said"):
            the_desk(session, office, note="Lần nữa").set_aside(COLLECTIVE)
    assert facts(engine, office, COLLECTIVE).arisen == ()


def test_every_day_of_it_is_told_the_same_by_the_journal(engine: Engine, office: int) -> None:
    say(engine, office)
    with write(engine) as session:
        plan = tasks.plan_or_refuse(session, office, NUMBER)
        said = tasks.facts_of_plan(session, plan)
        the_desk(session, office, note="Mới là dự thảo").set_aside(CONDITION)
        aside = tasks.facts_of_plan(session, plan)
        assert tasks.facts_as_of(session, plan, SAID) == said
        assert tasks.facts_as_of(session, plan, DECIDED) == aside
    assert said != aside


@pytest.mark.parametrize(
    ("task", "unit", "more", "code"),
    [
        pytest.param(FIXED, "VP", {}, "condition_none", id="the task waits for no condition"),
        pytest.param(CONDITION, "TT", {}, "arisen_not_its_task", id="the task is another unit's"),
        pytest.param(CONDITION, "VP", {"note": ""}, "arisen_words_needed", id="without a word"),
        pytest.param(
            CONDITION, "VP", {"at": at(date(2022, 5, 1))}, "arisen_to_come", id="of a day still to come"
        ),
    ],
)
def test_what_cannot_be_said_is_refused_and_leaves_nothing(
    engine: Engine, office: int, task: str, unit: str, more: dict[str, object], code: str
) -> None:
    told: dict[str, object] = {"note": "Đã có"} | more
    with write(engine) as session, pytest.raises(Refused, match=code):
        the_desk(session, office, **({"at": at(SAID)} | told)).say_arisen(task, unit, arose=date(2022, 5, 3))
    assert facts(engine, office, task).arisen == ()


def test_it_is_said_once(engine: Engine, office: int) -> None:
    say(engine, office)
    with pytest.raises(DecisionRefused, match="arisen_already_said"):
        say(engine, office)


def test_a_unit_finds_its_conditions_with_what_it_said(engine: Engine, office: int) -> None:
    say(engine, office)
    with read(engine) as session:
        own, shared = conditions_of(session, office, "VP", DIRECTORY)
        [others] = conditions_of(session, office, "TT", DIRECTORY)
    assert (own.task_id, own.said is not None) == (CONDITION, True)
    assert (shared.task_id, shared.said) == (COLLECTIVE, None)
    assert others.task_id == COLLECTIVE
    assert "hướng dẫn của UBND tỉnh" in own.waits_for
