"""Intake: what a row read from a document becomes for an office: its owners, its dates, its questions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from tasks_catalog.calendar import WorkCalendar
from tasks_catalog.decisions import OpenedShare
from tasks_catalog.facts import OwnerRef
from tasks_catalog.occurrence import Occurrence, Role, planned_occurrences
from tasks_catalog.people import Directory, UnitRef
from tasks_catalog.problem import Place, Problem, Refused
from tasks_catalog.resolve import expand, resolve_ownership
from tasks_catalog.task import AnsweredBy, PlanRead, PlanSettings, Task


@dataclass(frozen=True, kw_only=True)
class Intake:
    """A read plan met with an office's directory and calendar; every mapping is keyed by row."""

    read: PlanRead
    owners: Mapping[int, tuple[OwnerRef, ...]]
    planned: Mapping[int, tuple[Occurrence, ...]]
    problems: Mapping[int, tuple[Problem, ...]]


def take_in(read: PlanRead, directory: Directory, settings: PlanSettings, calendar: WorkCalendar) -> Intake:
    """Return what each row becomes. A row's own faults and those of its units' names stand together."""
    owners: dict[int, tuple[OwnerRef, ...]] = {}
    planned: dict[int, tuple[Occurrence, ...]] = {}
    problems: dict[int, tuple[Problem, ...]] = {}
    for task in read.tasks:
        ownership = resolve_ownership(
            task.lead,
            task.cooperating,
            directory,
            lead_at=_column(task, "lead"),
            cooperating_at=_column(task, "cooperating"),
        )
        owners[task.row] = owner_refs(ownership.owners, ownership.co_owners)
        planned[task.row], doubts = _planned(task, settings, calendar)
        problems[task.row] = (*task.problems, *ownership.problems, *doubts)
    return Intake(read=read, owners=owners, planned=planned, problems=problems)


def _planned(
    task: Task, settings: PlanSettings, calendar: WorkCalendar
) -> tuple[tuple[Occurrence, ...], tuple[Problem, ...]]:
    """Return what the row makes due; a date that cannot be worked out is a question on this row alone."""
    try:
        return planned_occurrences(task.deadline, settings, calendar), ()
    except Refused as refused:
        return (), (Problem(code=refused.code, params=refused.params, where=_column(task, "deadline")),)


def owner_refs(owners: Iterable[UnitRef], co_owners: Iterable[UnitRef]) -> tuple[OwnerRef, ...]:
    """Return both roles as one list, owners first."""
    return tuple(
        OwnerRef(code=ref.code, role=role, collective=ref.collective)
        for role, refs in ((Role.OWNER, owners), (Role.CO_OWNER, co_owners))
        for ref in refs
    )


def _column(task: Task, field: str) -> Place | None:
    """Return the task's place with its column as the document heads it, where there is one."""
    return replace(task.place, column=task.headings.get(field)) if task.place else None


def shares_owed(
    owners: Iterable[OwnerRef], directory: Directory, settings: PlanSettings
) -> tuple[OpenedShare, ...]:
    """Return one share a unit, for an occurrence opened now.

    A collective owner stands for every unit of its group, or for the focal unit where the plan says
    that one unit answers for all. A unit named in both roles owns.
    """
    roles: dict[str, Role] = {}
    for owner in sorted(owners, key=lambda owner: owner.role is Role.CO_OWNER):
        for unit in _units(owner, directory, settings):
            roles.setdefault(unit, owner.role)
    return tuple(OpenedShare(unit=unit, role=role) for unit, role in roles.items())


def _units(owner: OwnerRef, directory: Directory, settings: PlanSettings) -> tuple[str, ...]:
    answers_for_all = settings.answered_by is AnsweredBy.FOCAL_UNIT and settings.focal_unit
    if owner.collective and owner.role is Role.OWNER and answers_for_all:
        return (str(settings.focal_unit),)
    return expand(UnitRef(code=owner.code, collective=owner.collective), directory)
