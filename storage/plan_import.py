"""Keeping a plan as read: its words, its first reading, its questions. Silent: nothing is opened yet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from storage import counting
from storage.codec import OCCURRENCES, TARGETS, to_json
from storage.schema import Event, PlanRow, Question, TaskOwner, TaskRow
from tasks_catalog.deadline import Deadline
from tasks_catalog.facts import OwnerRef, TaskFacts
from tasks_catalog.occurrence import Occurrence
from tasks_catalog.problem import Place, Problem, Refused, Weight
from tasks_catalog.targets import targets_of
from tasks_catalog.task import PlanRead, PlanSettings, RowCount, Task, task_id
from tasks_catalog.text import clean

IMPORT, ADD = "import", "add"
"""Kinds of the events that hold a task as first known; every other event holds a decision about it."""


class PlanExists(Refused):
    """A plan of this number was imported before."""


def number_key(number: str) -> str:
    """Return what two spellings of one plan number share: case and spaces do not matter."""
    return clean(number).casefold().replace(" ", "")


def import_plan(
    session: Session,
    organisation_id: int,
    read: PlanRead,
    *,
    number: str,
    issued: date,
    settings: PlanSettings,
    owners: Mapping[int, tuple[OwnerRef, ...]],
    planned: Mapping[int, tuple[Occurrence, ...]],
    problems: Mapping[int, tuple[Problem, ...]],
    by: str,
    at: datetime,
    label: str = "",
) -> PlanRow:
    """Keep a plan and return its row; ``owners``, ``planned`` and ``problems`` are keyed by task row.

    A row with a QUESTION among its problems is kept inactive. The journal holds each task as first
    read, so that replaying starts from there; its day is that of ``at`` in its own zone.
    Raises PlanExists when a plan has that number.
    """
    refuse_known(session, organisation_id, number)
    plan = _plan_row(organisation_id, read, number=clean(number), issued=issued, settings=settings)
    plan.label, plan.imported_at = clean(label), at
    session.add(plan)
    session.flush()
    doubts = {task.row: _merged(task.problems, problems.get(task.row, ())) for task in read.tasks}
    first = {
        task.row: first_facts(
            plan.number, task, owners.get(task.row, ()), planned.get(task.row, ()), doubts[task.row]
        )
        for task in read.tasks
    }
    ids = _insert_tasks(session, plan, read.tasks, first)
    _insert_owners(session, plan, ids, first)
    _insert_questions(session, plan, ids, doubts, read.problems)
    _insert_events(session, plan, ids, first, read, by=by, at=at)
    counting.begin(session, plan, {ids[row]: facts for row, facts in first.items()}, at=at)
    return plan


def refuse_known(session: Session, organisation_id: int, number: str) -> None:
    """Raise PlanExists when a plan has that number, however it is spelled."""
    query = select(PlanRow.number, PlanRow.issued).where(PlanRow.organisation_id == organisation_id)
    for known, issued in session.execute(query):
        if number_key(known) == number_key(number):
            raise PlanExists("plan_exists", number=known, issued=issued)


def _plan_row(
    organisation_id: int, read: PlanRead, *, number: str, issued: date, settings: PlanSettings
) -> PlanRow:
    return PlanRow(
        organisation_id=organisation_id,
        number=number,
        issued=issued,
        title=clean(read.head.title or ""),
        issuer=clean(read.head.issuer or ""),
        year=settings.year,
        settings=to_json(PlanSettings, settings),
        state="imported",
        source_name=read.source_name,
        source_sha256=read.source_sha256,
    )


def _merged(read: Iterable[Problem], met: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return the problems of reading and of meeting the directory, each once (params are no hashable)."""
    found: list[Problem] = []
    for problem in (*read, *met):
        if problem not in found:
            found.append(problem)
    return tuple(found)


def first_facts(
    number: str,
    task: Task,
    owners: tuple[OwnerRef, ...],
    planned: tuple[Occurrence, ...],
    problems: tuple[Problem, ...],
) -> TaskFacts:
    return TaskFacts(
        id=task_id(number, task.row),
        row=task.row,
        text=task.text,
        section=task.section,
        group=task.group,
        product=task.product,
        deadline=task.deadline,
        owners=owners,
        active=all(problem.weight is not Weight.QUESTION for problem in problems),
        planned=planned,
        targets=targets_of(task.objective),
    )


def _insert_tasks(
    session: Session, plan: PlanRow, tasks: Iterable[Task], first: Mapping[int, TaskFacts]
) -> dict[int, int]:
    """Return row -> id."""
    rows = [task_values(plan, task, first[task.row]) for task in tasks]
    if not rows:
        return {}
    query = insert(TaskRow).returning(TaskRow.row, TaskRow.id)
    return dict(session.execute(query, rows).tuples().all())


def task_values(plan: PlanRow, task: Task, facts: TaskFacts) -> dict[str, Any]:
    return {
        "organisation_id": plan.organisation_id,
        "plan_id": plan.id,
        "row": task.row,
        "stt": task.stt,
        "section": task.section,
        "group_name": task.group,
        "objective": task.objective,
        "text": task.text,
        "product": task.product,
        "lead_text": task.lead.text,
        "cooperating_text": task.cooperating.text,
        "deadline_text": task.deadline.text,
        "extra": dict(task.extra),
        "place": to_json(Place, task.place),
        "targets": to_json(TARGETS, facts.targets),
        "current_text": facts.text,
        "current_product": facts.product,
        "current_section": facts.section,
        "current_group": facts.group,
        "current_targets": to_json(TARGETS, facts.targets),
        "deadline": to_json(Deadline, facts.deadline),
        "planned": to_json(OCCURRENCES, facts.planned),
        "active": facts.active,
        "closing": None,
        "arisen": None,
    }


def owner_values(organisation_id: int, task: int, owners: Iterable[OwnerRef]) -> list[dict[str, Any]]:
    """Return the rows of ``task_owner`` for a task."""
    return [
        {
            "organisation_id": organisation_id,
            "task_id": task,
            "position": position,
            "code": owner.code,
            "role": str(owner.role),
            "collective": owner.collective,
        }
        for position, owner in enumerate(owners)
    ]


def _insert_owners(
    session: Session, plan: PlanRow, ids: Mapping[int, int], first: Mapping[int, TaskFacts]
) -> None:
    rows = [
        values
        for row, facts in first.items()
        for values in owner_values(plan.organisation_id, ids[row], facts.owners)
    ]
    if rows:
        session.execute(insert(TaskOwner), rows)


def _insert_questions(
    session: Session,
    plan: PlanRow,
    ids: Mapping[int, int],
    doubts: Mapping[int, tuple[Problem, ...]],
    of_plan: Iterable[Problem],
) -> None:
    told = [(ids[row], problem) for row, problems in doubts.items() for problem in problems]
    everything: list[tuple[int | None, Problem]] = [*told, *((None, problem) for problem in of_plan)]
    keep_questions(session, plan, everything)


def keep_questions(session: Session, plan: PlanRow, doubts: Iterable[tuple[int | None, Problem]]) -> None:
    """Keep doubts, each with the id of the task's row it stands on, or None for one about the plan."""
    rows = [
        {
            "organisation_id": plan.organisation_id,
            "plan_id": plan.id,
            "task_id": task,
            "code": problem.code,
            "params": dict(problem.params),
            "place": to_json(Place, problem.where),
            "weight": str(problem.weight),
        }
        for task, problem in doubts
    ]
    if rows:
        session.execute(insert(Question), rows)


def _insert_events(
    session: Session,
    plan: PlanRow,
    ids: Mapping[int, int],
    first: Mapping[int, TaskFacts],
    read: PlanRead,
    *,
    by: str,
    at: datetime,
) -> None:
    common = {
        "organisation_id": plan.organisation_id,
        "plan_id": plan.id,
        "kind": IMPORT,
        "note": "",
        "by": by,
        "at": at,
        "on": at.date(),
    }
    source = {
        "rows": to_json(RowCount, read.rows),
        "source_name": read.source_name,
        "source_sha256": read.source_sha256,
    }
    of_tasks = [
        {**common, "task_id": ids[row], "payload": to_json(TaskFacts, facts)} for row, facts in first.items()
    ]
    session.execute(insert(Event), [{**common, "task_id": None, "payload": source}, *of_tasks])
