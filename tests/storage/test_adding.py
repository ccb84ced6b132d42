"""A task handed out beside the appendix is the plan's last row, and was not there the day before."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import Engine

from storage import journal, tasks
from storage.engine import read, write
from tasks_catalog.calendar import vietnam
from tasks_catalog.decisions import Correct
from tasks_catalog.facts import Document
from tasks_catalog.problem import Refused
from tests.storage.cast import NUMBER, at, import_cast, set_up

CALENDAR = vietnam(range(2022, 2024))
NEW = tasks.NewTask(
    text="Báo cáo chuyên đề", deadline="Trước ngày 15/6/2022", owners=("Phòng QLTM",), co_owners=("vp",)
)
ADDED = date(2022, 3, 1)
PAPER = Document(number="12/UBND-VX", issued=ADDED)


@pytest.fixture
def office(engine: Engine) -> int:
    with write(engine) as session:
        office = set_up(session)
        import_cast(session, office)
    return office


def _add(engine: Engine, office: int, new: tasks.NewTask) -> str:
    with write(engine) as session:
        plan = tasks.plan_or_refuse(session, office, NUMBER)
        return tasks.add_task(
            session, plan, new, calendar=CALENDAR, by="lan", at=at(ADDED), document=PAPER
        ).id


def test_it_is_kept_with_its_units_its_date_and_its_paper(engine: Engine, office: int) -> None:
    assert _add(engine, office, NEW) == f"{NUMBER}/4"
    with read(engine) as session:
        row = tasks.task_or_refuse(session, office, f"{NUMBER}/4")
        facts = tasks.facts_of_task(session, row)
        (line,) = journal.history(session, row)
    assert [(owner.code, str(owner.role)) for owner in facts.owners] == [("tm", "owner"), ("vp", "co_owner")]
    assert [occurrence.due for occurrence in facts.planned] == [date(2022, 6, 15)]
    assert (row.lead_text, row.deadline_text, facts.active) == ("Phòng QLTM", "Trước ngày 15/6/2022", True)
    assert (line.kind, line.by, line.document) == ("add", "lan", PAPER)


def test_it_is_replayed_from_the_day_it_was_added(engine: Engine, office: int) -> None:
    name = _add(engine, office, NEW)
    with write(engine) as session:
        row = tasks.task_or_refuse(session, office, name)
        journal.record(
            session,
            row,
            Correct(field="product", value="Báo cáo"),
            by="lan",
            at=at(date(2022, 3, 5)),
            on=date(2022, 3, 5),
        )
    with read(engine) as session:
        plan = tasks.plan_or_refuse(session, office, NUMBER)
        rows = {
            day: [facts.product for facts in tasks.facts_as_of(session, plan, day)][3:]
            for day in (date(2022, 2, 28), ADDED, date(2022, 3, 5))
        }
        now = tasks.facts_of_plan(session, plan)
        assert tasks.facts_as_of(session, plan, date(2022, 3, 5)) == now
    assert rows == {date(2022, 2, 28): [], ADDED: [""], date(2022, 3, 5): ["Báo cáo"]}


@pytest.mark.parametrize(
    ("new", "code"),
    [
        pytest.param(replace(NEW, text=" "), "task_text_needed", id="no words"),
        pytest.param(replace(NEW, owners=()), "owner_needed", id="no owner"),
        pytest.param(replace(NEW, owners=("Phòng Ong",)), "unit_not_known", id="a unit unknown"),
        pytest.param(replace(NEW, deadline="sớm"), "answer_deadline_unclear", id="a deadline unclear"),
    ],
)
def test_what_leaves_a_doubt_is_refused(engine: Engine, office: int, new: tasks.NewTask, code: str) -> None:
    with pytest.raises(Refused) as refused:
        _add(engine, office, new)
    assert refused.value.code == code
    with read(engine) as session:
        assert len(tasks.list_tasks(session, tasks.plan_or_refuse(session, office, NUMBER))) == 3


def test_a_plan_that_has_ended_takes_no_more(engine: Engine, office: int) -> None:
    with write(engine) as session:
        plan = tasks.plan_or_refuse(session, office, NUMBER)
        tasks.activate(session, plan, on=ADDED, by="lan", at=at(ADDED))
        tasks.end(session, plan, on=ADDED, by="lan", at=at(ADDED))
    with pytest.raises(Refused) as refused:
        _add(engine, office, NEW)
    assert refused.value.code == "plan_has_ended"
