"""Importing: what was read is kept, doubts are asked, and nobody is written to."""

from __future__ import annotations

from datetime import date, time

import pytest

from flows.activate import activate_plan
from storage import tasks
from storage.engine import read, write
from storage.starting import Answer, settle
from tasks_catalog.problem import Refused
from tests.flows.cast import ISSUED, NUMBER, PLAN, YEAR, Department


def test_every_row_is_accounted_for_and_no_letter_is_made(any_department: Department) -> None:
    imported = any_department.read_plan()
    assert (imported.number, imported.rows, imported.tasks, imported.questions) == (NUMBER, 7, 6, ())
    assert any_department.letters() == ()
    assert any_department.morning(ISSUED) == {}
    assert any_department.sizes()["share"] == 0


def test_a_number_is_imported_once(department: Department) -> None:
    department.read_plan()
    before = department.dump()
    with pytest.raises(Refused) as refused:
        department.read_plan(number=" 25/kh-sct ")
    assert refused.value.code == "plan_exists"
    assert department.dump() == before


def test_a_document_that_cannot_be_read_leaves_nothing_behind(department: Department) -> None:
    before = department.dump()
    with pytest.raises(Refused):
        department.read_plan("\x00\x01\x02")
    assert department.dump() == before


def test_a_row_with_a_question_waits_for_its_answer_and_the_others_start(department: Department) -> None:
    imported = department.read_plan(PLAN.replace("Trước ngày 27/01/2023", "Quý 5/2023"))
    ((row, question),) = imported.questions
    assert row == 1
    assert question.code.startswith("deadline_")
    activate_plan(department.office, NUMBER, by="truc", as_of=ISSUED, welcome=False)
    assert department.mornings(date(2023, 1, 5), date(2023, 1, 6)) == {}

    office = department.office
    with write(office.engine) as session:
        plan = tasks.plan_or_refuse(session, office.organisation_id, NUMBER)
        at = office.moment_of(date(2023, 1, 6), time(15))
        answer = Answer(deadline="Trước ngày 27/01/2023")
        assert settle(session, plan, 1, answer, calendar=office.calendar, by="truc", at=at) == ()
    letters = department.mornings(date(2023, 1, 9), date(2023, 1, 13))
    assert [(day, list(sent)) for day, sent in letters.items()] == [
        (date(2023, 1, 9), ["huong"]),  # ten days before was 06/01, and is made good
        (date(2023, 1, 13), ["huong"]),
    ]


def test_the_record_says_where_it_was_read_from(department: Department) -> None:
    department.read_plan()
    with read(department.office.engine) as session:
        plan = tasks.plan_or_refuse(session, department.office.organisation_id, NUMBER)
        assert (plan.state, plan.year, plan.source_name) == ("imported", YEAR.year, "ke-hoach.csv")
