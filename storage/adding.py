"""A task that came after the import, handed out or in a revision: kept with the plan, on its paper."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from storage import counting
from storage.codec import from_json, to_json
from storage.people import load_directory
from storage.plan_import import ADD, first_facts, keep_questions, owner_values, task_values
from storage.schema import Event, PlanRow, TaskOwner, TaskRow
from tasks_catalog.calendar import WorkCalendar
from tasks_catalog.deadline import Kind, read_deadline
from tasks_catalog.facts import Document, OwnerRef, TaskFacts
from tasks_catalog.intake import owner_refs
from tasks_catalog.occurrence import Occurrence, planned_occurrences
from tasks_catalog.people import Directory, UnitRef
from tasks_catalog.problem import Problem, Refused
from tasks_catalog.resolve import find_unit
from tasks_catalog.revising import still_ahead
from tasks_catalog.task import PlanSettings, Task, UnitsWritten
from tasks_catalog.text import clean


class AddRefused(Refused):
    """The task cannot be added as it is worded, or to this plan."""


@dataclass(frozen=True, kw_only=True)
class NewTask:
    """A task as a person hands it out; units by code or by any name the directory knows."""

    text: str
    deadline: str
    owners: tuple[str, ...]
    co_owners: tuple[str, ...] = ()
    product: str = ""
    section: str = ""


def add_task(
    session: Session,
    plan: PlanRow,
    new: NewTask,
    *,
    calendar: WorkCalendar,
    by: str,
    at: datetime,
    document: Document,
    note: str = "",
) -> TaskFacts:
    """Keep a new task as the plan's last row and return its facts; of an active plan it may be opened.

    Asked by hand, nothing is left in doubt. Raises AddRefused (task_text_needed, owner_needed,
    plan_has_ended, answer_deadline_unclear), or Refused (unit_not_known).
    """
    settings = from_json(PlanSettings, plan.settings)
    task = _worded(new, row=next_row(session, plan), settings=settings)
    directory = load_directory(session, plan.organisation_id)
    return add_row(
        session,
        plan,
        task,
        owners=owner_refs(_units(new.owners, directory), _units(new.co_owners, directory)),
        planned=still_ahead(planned_occurrences(task.deadline, settings, calendar), at.date()),
        by=by,
        at=at,
        document=document,
        note=note,
    )


def next_row(session: Session, plan: PlanRow) -> int:
    """Return the next row's number, which no task of the plan has ever had, and lock the plan for it.

    Raises AddRefused (plan_has_ended).
    """
    if plan.state == "ended":
        raise AddRefused("plan_has_ended", number=plan.number)
    session.execute(select(PlanRow.id).where(PlanRow.id == plan.id).with_for_update())
    return (session.scalar(select(func.max(TaskRow.row)).where(TaskRow.plan_id == plan.id)) or 0) + 1


def add_row(
    session: Session,
    plan: PlanRow,
    task: Task,
    *,
    owners: tuple[OwnerRef, ...],
    planned: tuple[Occurrence, ...],
    problems: tuple[Problem, ...] = (),
    by: str,
    at: datetime,
    document: Document,
    note: str = "",
) -> TaskFacts:
    """Keep a row that came after the import, with its doubts, on the paper it came with."""
    facts = first_facts(plan.number, task, owners, planned, problems)
    counted_to = counting.hold(session, plan.id)
    kept = TaskRow(**task_values(plan, task, facts))
    session.add(kept)
    session.flush()
    if owners:
        session.execute(insert(TaskOwner), owner_values(plan.organisation_id, kept.id, owners))
    keep_questions(session, plan, ((kept.id, problem) for problem in problems))
    session.add(_event(plan, kept, facts, by=by, at=at, document=document, note=note))
    session.flush()
    counting.follow(session, plan, counted_to, {}, {kept.id: facts})
    return facts


def _worded(new: NewTask, *, row: int, settings: PlanSettings) -> Task:
    text = clean(new.text)
    if not text:
        raise AddRefused("task_text_needed")
    if not new.owners:
        raise AddRefused("owner_needed", text=text)
    deadline = read_deadline(new.deadline, year=settings.year)
    if deadline.kind is Kind.UNCLEAR:
        raise AddRefused("answer_deadline_unclear", words=new.deadline)
    return Task(
        row=row,
        text=text,
        section=clean(new.section),
        product=clean(new.product),
        lead=_written(new.owners),
        cooperating=_written(new.co_owners),
        deadline=deadline,
    )


def _written(names: Iterable[str]) -> UnitsWritten:
    units = tuple(clean(name) for name in names)
    return UnitsWritten(text="; ".join(units), units=units)


def _units(names: Iterable[str], directory: Directory) -> list[UnitRef]:
    return [_unit(name, directory) for name in names]


def _unit(name: str, directory: Directory) -> UnitRef:
    if directory.unit(name) is not None:
        return UnitRef(code=name)
    ref = find_unit(name, directory)
    if ref is None:
        raise Refused("unit_not_known", name=name, known=", ".join(unit.code for unit in directory.units))
    return ref


def _event(
    plan: PlanRow, task: TaskRow, facts: TaskFacts, *, by: str, at: datetime, document: Document, note: str
) -> Event:
    return Event(
        organisation_id=plan.organisation_id,
        plan_id=plan.id,
        task_id=task.id,
        kind=ADD,
        payload=to_json(TaskFacts, facts),
        document=to_json(Document, document),
        note=note,
        by=by,
        at=at,
        on=at.date(),
    )
