"""The plan of 2022 is amended in November: what was moved is urged anew, what was dropped is silent."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from flows.activate import activate_plan
from flows.import_plan import import_plan
from flows.revise_plan import Difference, difference, put_into_force
from storage import ledger, tasks
from storage.engine import read, write
from storage.reckoning import tally_at
from storage.starting import Answer, settle
from tasks_catalog.changes import FieldChange
from tasks_catalog.facts import Document
from tasks_catalog.ladder import NoticeState
from tasks_catalog.standing import StandingKind
from tasks_catalog.task import PlanSettings
from tests.flows.cast import Department, moment
from tests.story.amended import ALTERED, DROPPED, MOVED, NEW_TEXT, PLANS, amended_plan

NUMBER = "383/KH-SCT"
STARTED, AMENDED = date(2022, 10, 3), date(2022, 11, 2)
PAPER = Document(number="500/QĐ-SCT", issued=date(2022, 11, 1))
NEW = 58


def start(department: Department) -> None:
    office = department.office
    import_plan(
        office,
        PLANS / "cchc-2022.docx",
        number=NUMBER,
        issued=date(2022, 1, 30),
        settings=PlanSettings(year=2022),
        by="truc",
        as_of=STARTED,
    )
    with write(office.engine) as session:
        plan = tasks.plan_or_refuse(session, office.organisation_id, NUMBER)
        answer = Answer(accept_proposal=True)
        at = office.moment_of(moment(STARTED), moment(STARTED).time())
        settle(session, plan, 3, answer, calendar=office.calendar, by="truc", at=at)
    activate_plan(office, NUMBER, by="truc", as_of=STARTED, welcome=False)


def told(department: Department, row: int) -> list[tuple[int, str, str, str]]:
    """Return (epoch, rung, person, day) of every notice about a task that was or will be sent."""
    office = department.office
    with read(office.engine) as session:
        task = tasks.task_or_refuse(session, office.organisation_id, f"{NUMBER}/{row}")
        return [
            (e.notice.key.epoch, e.notice.key.rung, e.notice.key.person, e.notice.fire_on.isoformat())
            for e in ledger.of_task(session, task)
            if e.notice.state in (NoticeState.SENT, NoticeState.WAITING)
        ]


def standings(department: Department, day: date) -> tuple[int, int]:
    """Return how many tasks a day's tally holds, and how many of them are closed."""
    office = department.office
    with read(office.engine) as session:
        plan = tasks.plan_or_refuse(session, office.organisation_id, NUMBER)
        tally = tally_at(session, plan, day)
    return tally.total, tally.counts[StandingKind.CLOSED]


def differs(found: Difference) -> None:
    changes = found.changes
    assert [(match.known, match.fields) for match in changes.altered] == [
        (MOVED, (FieldChange(field="deadline", before="Trước 15/11/2022", after="Trước 15/12/2022"),)),
        (ALTERED, (FieldChange(field="product", before="Nghị quyết", after="Nghị quyết của HĐND tỉnh"),)),
    ]
    assert [found.read[row].text for row in changes.new] == [NEW_TEXT]
    assert changes.dropped == (DROPPED,)
    assert len(changes.same) == 54
    assert changes.doubts == ()


def test_an_amendment_re_arms_what_moved_and_silences_what_was_dropped(
    department: Department, tmp_path: Path
) -> None:
    start(department)
    department.morning(date(2022, 11, 1))
    before = told(department, MOVED)
    assert [entry[:3] for entry in before] == [(1, "-10", "huong")]
    assert [entry[:2] for entry in told(department, ALTERED)] == [(1, "-10")]

    document = amended_plan(tmp_path)
    found = difference(department.office, NUMBER, document)
    differs(found)
    put_into_force(department.office, found, document=PAPER, by="truc", as_of=AMENDED)

    department.mornings(date(2022, 11, 3), date(2022, 12, 2))
    assert [entry[:2] for entry in told(department, MOVED)] == [(1, "-10"), (2, "-10")]
    assert told(department, MOVED)[-1][3] == "2022-12-01"
    altered = [entry[1] for entry in told(department, ALTERED)]
    assert {"-5", "-2", "0", "+1", "+3", "+5", "+10"} <= set(altered)
    assert {entry[0] for entry in told(department, ALTERED)} == {1}
    assert told(department, DROPPED) == []
    assert {entry[1] for entry in told(department, NEW)} >= {"-10", "-5", "-2", "0", "+1"}
    assert all(audit.is_clean for audit in department.audits)

    assert standings(department, date(2022, 11, 1)) == (57, 0)
    assert standings(department, AMENDED) == (58, 1)

    record = department.dump()
    again = difference(department.office, NUMBER, document)
    assert again.changes.is_nothing
    put_into_force(department.office, again, document=PAPER, by="truc", as_of=date(2022, 12, 2))
    assert department.dump() == record
