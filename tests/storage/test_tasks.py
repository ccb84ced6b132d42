"""Plans are kept as read: words, reading, questions; found by number; imported once."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import date
from functools import partial

import pytest
from sqlalchemy import Engine, event

from storage import journal, tasks
from storage.engine import read, write
from tasks_catalog.decisions import Settle
from tasks_catalog.ladder import DEFAULT_LADDER
from tasks_catalog.problem import Problem, Refused
from tests.storage.cast import (
    BY,
    ISSUED,
    NUMBER,
    OWNERS,
    PLANNED,
    QUESTION,
    READ,
    SETTINGS,
    at,
    import_cast,
    occurrence,
    opening,
    set_up,
)


@pytest.fixture
def office(engine: Engine) -> int:
    with write(engine) as session:
        office = set_up(session)
        import_cast(session, office)
    return office


def test_a_plan_is_kept_with_its_settings_and_its_source(engine: Engine, office: int) -> None:
    with read(engine) as session:
        plan = tasks.plan_or_refuse(session, office, NUMBER)
        assert tasks.settings_of(plan) == SETTINGS
    assert (plan.number, plan.issued, plan.title) == (NUMBER, ISSUED, "Kế hoạch CCHC")
    assert (plan.state, plan.label, plan.source_name) == ("imported", "bản dựng lại", "ke-hoach.docx")


def test_facts_are_what_was_read(engine: Engine, office: int) -> None:
    with read(engine) as session:
        facts = tasks.facts_of_plan(session, tasks.plan_or_refuse(session, office, NUMBER))
    assert [task.id for task in facts] == [f"{NUMBER}/{row}" for row in (1, 2, 3)]
    assert [task.deadline for task in facts] == [task.deadline for task in READ.tasks]
    assert [task.owners for task in facts] == [OWNERS[1], OWNERS[2], ()]
    assert [task.planned for task in facts] == [PLANNED[1], PLANNED[2], ()]
    assert [task.active for task in facts] == [True, True, False]


def test_the_words_of_the_document_are_kept_beside_the_reading(engine: Engine, office: int) -> None:
    with read(engine) as session:
        row = tasks.task_or_refuse(session, office, f"{NUMBER}/1")
    assert (row.text, row.lead_text, row.deadline_text) == ("Ban hành kế hoạch", "Phòng QLTM", BY.text)
    assert row.extra == {"Ghi chú": "x"}


@pytest.mark.parametrize(
    "typed",
    [NUMBER, "3088/kh-sct", " 3088 / KH-SCT ", unicodedata.normalize("NFD", NUMBER)],
    ids=["as printed", "in lower case", "with spaces", "decomposed"],
)
def test_a_plan_is_found_however_its_number_is_typed(engine: Engine, office: int, typed: str) -> None:
    with read(engine) as session:
        assert tasks.plan_or_refuse(session, office, typed).number == NUMBER


def test_a_plan_is_imported_once(engine: Engine, office: int) -> None:
    with write(engine) as session, pytest.raises(tasks.PlanExists) as refused:
        import_cast(session, office, number="3088/kh-sct")
    assert refused.value.code == "plan_exists"
    assert refused.value.params == {"number": NUMBER, "issued": "2022-01-04"}


def test_an_unknown_plan_is_refused_with_those_known(engine: Engine, office: int) -> None:
    with read(engine) as session, pytest.raises(Refused) as refused:
        tasks.plan_or_refuse(session, office, "12/KH-SCT")
    assert (refused.value.code, refused.value.params["known"]) == ("plan_unknown", NUMBER)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        pytest.param(f"{NUMBER}/4", "task_unknown", id="a row the plan does not have"),
        pytest.param("12/KH-SCT/1", "plan_unknown", id="a plan that is not there"),
        pytest.param(NUMBER, "task_unreadable", id="no row at all"),
        pytest.param("1", "task_unreadable", id="no plan at all"),
    ],
)
def test_an_unknown_task_is_refused(engine: Engine, office: int, typed: str, code: str) -> None:
    with read(engine) as session, pytest.raises(Refused) as refused:
        tasks.task_or_refuse(session, office, typed)
    assert refused.value.code == code


def test_questions_are_kept_with_their_place_each_once(engine: Engine, office: int) -> None:
    with read(engine) as session:
        plan = tasks.plan_or_refuse(session, office, NUMBER)
        asked = tasks.questions_of(session, plan)
        everything = tasks.problems_of(session, plan)
    assert [(question.row, question.problem) for question in asked] == [
        (3, QUESTION),
        (3, Problem(code="owner_missing")),
    ]
    assert [doubt.row for doubt in everything] == [3, 3, None]


def test_an_answer_closes_its_question_and_the_last_one_starts_the_row(engine: Engine, office: int) -> None:
    due = occurrence(date(2022, 12, 31))
    with write(engine) as session:
        plan = tasks.plan_or_refuse(session, office, NUMBER)
        row = tasks.task_or_refuse(session, office, f"{NUMBER}/3")
        record = partial(journal.record, session, row, by="lan", at=at(ISSUED), on=ISSUED)
        assert not record(Settle(deadline=BY, planned=(due,), still_open=("owner_missing",))).active
        assert [asked.problem.code for asked in tasks.questions_of(session, plan)] == ["owner_missing"]
        assert record(Settle(owners=OWNERS[1])).active
        assert tasks.questions_of(session, plan) == ()
        facts = tasks.facts_of_task(session, row)
    assert (facts.deadline, facts.planned, facts.owners) == (BY, (due,), OWNERS[1])
    assert row.deadline_text == "Quý 5"


def test_a_plan_is_started_once(engine: Engine, office: int) -> None:
    with write(engine) as session:
        plan = tasks.plan_or_refuse(session, office, NUMBER)
        assert tasks.list_plans(session, office, active_only=True) == ()
        tasks.activate(session, plan, on=ISSUED, by="lan", at=at(ISSUED))
        assert tasks.list_plans(session, office, active_only=True) == (plan,)
        with pytest.raises(Refused) as refused:
            tasks.activate(session, plan, on=ISSUED, by="lan", at=at(ISSUED))
    assert (refused.value.code, refused.value.params["on"]) == ("plan_started", "2022-01-04")


def test_ladders_come_back_oldest_first_and_a_later_edit_of_a_day_replaces(
    engine: Engine, office: int
) -> None:
    short = replace(DEFAULT_LADDER, dated=DEFAULT_LADDER.dated[:3])
    with write(engine) as session:
        plan = tasks.plan_or_refuse(session, office, NUMBER)
        assert tasks.ladders_of(session, plan) == ()
        for since, ladder in ((7, short), (1, DEFAULT_LADDER), (7, DEFAULT_LADDER), (7, short)):
            tasks.save_ladder(session, plan, ladder, since=date(2022, since, 1), by="lan", at=at(ISSUED))
    with read(engine) as session:
        assert tasks.ladders_of(session, plan) == (
            (date(2022, 1, 1), DEFAULT_LADDER),
            (date(2022, 7, 1), short),
        )


def test_facts_are_gathered_in_a_fixed_number_of_queries(engine: Engine, office: int) -> None:
    said: list[str] = []
    with write(engine) as session:
        plan = tasks.plan_or_refuse(session, office, NUMBER)
        due = PLANNED[2][0]
        journal.record_many(session, plan, [(f"{NUMBER}/2", opening(due, "tm", "cn"))], at=at(ISSUED))
    with read(engine) as session:
        plan = tasks.plan_or_refuse(session, office, NUMBER)
        event.listen(engine, "before_cursor_execute", lambda *a: said.append(a[2]))
        tasks.facts_of_plan(session, plan)
    assert len(said) == 4
