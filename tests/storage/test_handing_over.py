"""Handing over: what one person answers for goes to another through the journal, once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path

import pytest
from sqlalchemy import Engine

from storage import journal, tasks
from storage.engine import read, write
from storage.handing_over import HandedOver, HandOverRefused, hand_over
from storage.people import load_directory, save_directory
from storage.schema import PlanRow
from tasks_catalog.people import Directory
from tests.flows.cast import NUMBER, PLAN, Department, moment, open_department

TODAY, MONDAY = date(2023, 1, 27), date(2023, 1, 30)


@pytest.fixture
def department(engine: Engine, tmp_path: Path) -> Department:
    """On the due day trade's focal point Hương also is the officer named for the second task."""
    any_department = open_department(engine, tmp_path)
    any_department.start(PLAN.replace("Quý I/2023", "Trước ngày 27/01/2023"), on=TODAY)
    with any_department.desk(TODAY, "truc", hour=7) as desk:
        desk.reassign(f"{NUMBER}/2", from_unit="QLCN", to_unit="QLTM", officer="huong")
    any_department.notices(TODAY)
    return any_department


def give(department: Department, giver: str, taker: str, at: datetime, *, anyway: bool = False) -> HandedOver:
    with write(department.office.engine) as session:
        return hand_over(
            session,
            department.office.organisation_id,
            giver,
            taker,
            by="truc",
            at=department.office.moment_of(at, time(9)),
            anyway=anyway,
        )


def directory_of(department: Department) -> Directory:
    with read(department.office.engine) as session:
        return load_directory(session, department.office.organisation_id)


def test_everything_moves_and_what_waited_follows(department: Department) -> None:
    done = give(department, "huong", "sao", moment(TODAY, 7, 50))
    assert done == HandedOver(
        giver="huong",
        taker="sao",
        tasks=(f"{NUMBER}/2",),
        focal_points=("QLTM",),
        kept=(),
        cancelled=2,
    )
    assert directory_of(department).focal_points["QLTM"] == "sao"
    assert "huong" not in department.post(TODAY)
    department.morning(MONDAY)
    for row in (1, 2):
        told = department.told(row)
        assert [line for line in told if line[1] == "huong" and line[2] == "sent"] == []
        assert [line[0] for line in told if line[1] == "sao" and line[2] == "sent"][-1] == "+1"
    assert department.audits[-1].is_clean


def test_it_stands_in_the_journal(department: Department) -> None:
    give(department, "huong", "sao", moment(TODAY, 7, 50))
    with read(department.office.engine) as session:
        row = tasks.task_or_refuse(session, department.office.organisation_id, f"{NUMBER}/2")
        last = journal.history(session, row)[-1]
        facts = tasks.facts_of_task(session, row)
        plan = session.get_one(PlanRow, row.plan_id)
        assert facts in tasks.facts_as_of(session, plan, TODAY)
    assert (last.kind, last.by, last.payload["officer"], last.payload["from_officer"]) == (
        "reassign",
        "truc",
        "sao",
        "huong",
    )
    assert {share.officer for share in facts.current_shares} == {"sao"}


def test_a_second_time_there_is_nothing_left(department: Department) -> None:
    give(department, "huong", "sao", moment(TODAY, 7, 50))
    before = department.dump()
    again = give(department, "huong", "sao", moment(TODAY, 7, 55))
    assert (again.tasks, again.focal_points, again.cancelled) == ((), (), 0)
    assert department.dump() == before


def test_another_officer_s_shares_and_what_was_reported_stay(department: Department) -> None:
    with department.desk(TODAY, "truc", hour=7) as desk:
        desk.reassign(f"{NUMBER}/1", from_unit="QLTM", to_unit="QLTM", officer="sao")
    department.report(2, "QLTM", TODAY, hour=7)
    done = give(department, "huong", "sao", moment(TODAY, 7, 50))
    assert done.tasks == ()


def test_to_another_unit_only_when_meant_and_its_focal_point_stays(department: Department) -> None:
    with pytest.raises(HandOverRefused) as refused:
        give(department, "huong", "dau", moment(TODAY, 7, 50))
    assert refused.value.code == "hand_over_other_unit"
    done = give(department, "huong", "dau", moment(TODAY, 7, 50), anyway=True)
    assert (done.tasks, done.focal_points, done.kept) == ((f"{NUMBER}/2",), (), ("QLTM",))
    assert directory_of(department).focal_points["QLTM"] == "huong"
    department.post(TODAY)
    department.morning(MONDAY)
    assert [line[:3] for line in department.told(2) if line[1] in ("huong", "dau")][-1] == (
        "+1",
        "dau",
        "sent",
    )


def test_to_himself_or_to_somebody_who_has_left_it_is_refused(department: Department) -> None:
    with pytest.raises(HandOverRefused) as refused:
        give(department, "huong", "huong", moment(TODAY, 7, 50))
    assert refused.value.code == "hand_over_to_himself"
    office = directory_of(department)
    listed = replace(office, people=tuple(person for person in office.people if person.code != "sao"))
    with write(department.office.engine) as session:
        save_directory(session, department.office.organisation_id, listed)
    with pytest.raises(HandOverRefused) as refused:
        give(department, "huong", "sao", moment(TODAY, 7, 50))
    assert refused.value.code == "hand_over_to_inactive"
