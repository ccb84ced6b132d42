"""Conditions that units say have arisen, and tasks of a unit that wait for one."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from storage.codec import ARISEN, from_json
from storage.schema import OccurrenceRow, PlanRow, ShareRow, TaskOwner, TaskRow
from tasks_catalog.allowed import may_arise
from tasks_catalog.deadline import Deadline, Kind
from tasks_catalog.facts import Arisen
from tasks_catalog.occurrence import Origin, Role
from tasks_catalog.people import Directory
from tasks_catalog.task import AnsweredBy, PlanSettings, task_id

_LOOKED_AT = 60
"""Tasks of a unit that may wait for a condition, looked at; a plan of 57 has some 14."""


@dataclass(frozen=True, kw_only=True)
class SaidArisen:
    """What waits for the coordinator: the task, its words, and what one unit said of it."""

    task_id: str
    plan: str
    row: int
    text: str
    said: Arisen


@dataclass(frozen=True, kw_only=True)
class Condition:
    """A task of a unit that waits for a condition or an outside schedule."""

    task_id: str
    plan: str
    row: int
    text: str
    waits_for: str
    said: Arisen | None
    """What the unit itself said of it, if it waits for the coordinator."""


def said_arisen(session: Session, organisation_id: int) -> tuple[SaidArisen, ...]:
    """Return what units said and nobody has decided on, the oldest first."""
    query = (
        select(PlanRow.number, TaskRow.row, TaskRow.current_text, TaskRow.arisen)
        .join(PlanRow, PlanRow.id == TaskRow.plan_id)
        .where(
            TaskRow.organisation_id == organisation_id,
            TaskRow.arisen.is_not(None),
            TaskRow.closing.is_(None),
            PlanRow.state == "active",
        )
    )
    found = [
        SaidArisen(task_id=task_id(number, row), plan=number, row=row, text=words, said=said)
        for number, row, words, kept in session.execute(query).tuples()
        for said in from_json(ARISEN, kept)
    ]
    return tuple(sorted(found, key=lambda one: (one.said.on, one.plan, one.row, one.said.unit)))


def conditions_of(
    session: Session, organisation_id: int, unit: str, directory: Directory
) -> tuple[Condition, ...]:
    """Return the unit's own tasks that wait for a condition, some sixty at most, in the plans' order.

    One that arose and is still owed by the unit is among its shares, and left out here.
    """
    groups = [group.code for group in directory.groups if unit in group.members]
    owed = exists().where(
        ShareRow.task_id == TaskRow.id,
        ShareRow.unit == unit,
        ShareRow.is_live,
        OccurrenceRow.id == ShareRow.occurrence_id,
        OccurrenceRow.origin == str(Origin.TRIGGER),
    )
    query = (
        select(PlanRow, TaskRow, TaskOwner.collective)
        .join(TaskRow, TaskRow.id == TaskOwner.task_id)
        .join(PlanRow, PlanRow.id == TaskRow.plan_id)
        .where(
            TaskOwner.organisation_id == organisation_id,
            TaskOwner.code.in_((unit, *groups)),
            TaskOwner.role == str(Role.OWNER),
            TaskRow.deadline["kind"]
            .as_string()
            .in_((str(Kind.WHEN), str(Kind.EXTERNAL), str(Kind.COMPOUND))),
            TaskRow.active,
            TaskRow.closing.is_(None),
            PlanRow.state == "active",
            ~owed,
        )
        .limit(
            _LOOKED_AT
        )  # before sorting: a unit of a small office has fewer, one of a nation's is told some
    )
    found: dict[int, Condition] = {}
    rows = session.execute(query).tuples().all()
    for plan, task, collective in sorted(rows, key=lambda row: (row[0].issued, row[0].id, row[1].row)):
        deadline = from_json(Deadline, task.deadline)
        asked = not collective or _answers(unit, from_json(PlanSettings, plan.settings))
        if task.id not in found and asked and may_arise(deadline):
            found[task.id] = _condition(plan, task, deadline, unit)
    return tuple(found.values())


def _answers(unit: str, settings: PlanSettings) -> bool:
    """Say whether the unit answers for a collective wording it belongs to."""
    return settings.answered_by is not AnsweredBy.FOCAL_UNIT or settings.focal_unit in (None, unit)


def _condition(plan: PlanRow, task: TaskRow, deadline: Deadline, unit: str) -> Condition:
    said = (one for one in from_json(ARISEN, task.arisen or []) if one.unit == unit)
    return Condition(
        task_id=task_id(plan.number, task.row),
        plan=plan.number,
        row=task.row,
        text=task.current_text,
        waits_for=_waits_for(deadline),
        said=next(said, None),
    )


def _waits_for(deadline: Deadline) -> str:
    """Return the words of what is waited for, of a compound those of its parts."""
    if deadline.kind is Kind.COMPOUND:
        return "; ".join(_waits_for(part) for part in deadline.parts if may_arise(part))
    return deadline.condition or deadline.text
