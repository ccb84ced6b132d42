"""Two units become one in mid-year: what is still owed moves on, what was done stays where it was done."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from storage import journal, tasks
from storage.holding import alone_at
from storage.office_journal import Made
from storage.people import load_directory, save_directory
from storage.schema import PlanRow
from tasks_catalog.decisions import Reassign
from tasks_catalog.facts import Document, TaskFacts
from tasks_catalog.people import MERGED, Directory, Group, Unit
from tasks_catalog.problem import Refused


class MergeRefused(Refused):
    """The two units named cannot be merged."""


@dataclass(frozen=True, kw_only=True)
class Merged:
    """What a merger moved."""

    gone: str
    into: str
    tasks: int
    """Tasks with work that moved, or that name the unit."""
    people: tuple[str, ...]
    """Names of the people still listed in the unit that is gone."""


def merge_units(
    session: Session,
    organisation_id: int,
    gone: str,
    into: str,
    *,
    by: str,
    at: datetime,
    document: Document,
    mark: str,
) -> Merged:
    """Let the unit ``into`` take over from ``gone``: open shares, names it is called by, groups.

    The old unit stays in the record under its name with ``mark`` behind it, so that no document means
    it any more; reported shares stay its own. Plans that have ended are left as they are. People are
    not moved: who heads the new unit is for the next directory to say. Codes of units are given.
    Raises MergeRefused (merge_with_itself, merged_before) or Refused (unit_not_known).
    """
    alone_at(session, organisation_id)  # the office before its plans, as whoever sets the directory does
    directory = load_directory(session, organisation_id)
    old, new = _unit(gone, directory), _unit(into, directory)
    for unit in (old, new):
        if unit.is_gone:
            raise MergeRefused("merged_before", unit=unit.name)
    if old.code == new.code:
        raise MergeRefused("merge_with_itself", unit=old.name)
    moved = 0
    for plan in tasks.list_plans(session, organisation_id):
        if plan.state != "ended":
            moved += move_open(session, plan, old.code, new.code, by=by, at=at, document=document)
    made = Made(by=by, at=at, note=document.number)
    save_directory(session, organisation_id, _after(directory, old, new, mark), made=made)
    people = tuple(person.name for person in directory.people if person.active and person.unit == old.code)
    return Merged(gone=old.code, into=new.code, tasks=moved, people=people)


def _unit(code: str, directory: Directory) -> Unit:
    unit = directory.unit(code)
    if unit is None:
        raise Refused("unit_not_known", name=code, known=", ".join(unit.code for unit in directory.units))
    return unit


def move_open(
    session: Session, plan: PlanRow, gone: str, into: str, *, by: str, at: datetime, document: Document
) -> int:
    """Reassign everything the unit has open in the plan, or is named by; return how many tasks."""
    concerned = tasks_of_unit(session, plan, gone)
    for facts in concerned:
        move_task(session, plan, facts.id, gone, into, by=by, at=at, document=document)
    return len(concerned)


def move_task(
    session: Session,
    plan: PlanRow,
    task: str,
    gone: str,
    into: str,
    *,
    by: str,
    at: datetime,
    document: Document,
) -> None:
    """Reassign one task; where the receiving unit has the same part already, its own stays."""
    row = tasks.task_or_refuse(session, plan.organisation_id, task)
    decision = Reassign(from_unit=gone, to_unit=into, merging=True)
    journal.record(session, row, decision, by=by, at=at, on=at.date(), document=document)


def tasks_of_unit(session: Session, plan: PlanRow, unit: str) -> tuple[TaskFacts, ...]:
    """Return the tasks the unit is named by, or has a share of that is still open."""
    return tuple(facts for facts in tasks.facts_of_plan(session, plan) if _concerns(facts, unit))


def _concerns(task: TaskFacts, unit: str) -> bool:
    named = any(owner.code == unit and not owner.collective for owner in task.owners)
    return named or any(share.key.unit == unit and share.is_live for share in task.current_shares)


def _after(directory: Directory, old: Unit, new: Unit, mark: str) -> Directory:
    """Return the directory with every name of the old unit meaning the new one."""
    heir = replace(new, aliases=_once((*new.aliases, old.name, old.code, *old.aliases)))
    husk = replace(old, name=f"{old.name} ({mark})", aliases=(), kind=MERGED)
    units = {**{unit.code: unit for unit in directory.units}, heir.code: heir}
    del units[husk.code]
    focal = {unit: person for unit, person in directory.focal_points.items() if unit != husk.code}
    return replace(
        directory,
        units=(*units.values(), husk),
        groups=tuple(_with_heir(group, husk.code, heir.code) for group in directory.groups),
        focal_points=focal,
    )


def _with_heir(group: Group, gone: str, into: str) -> Group:
    return replace(group, members=_once(into if unit == gone else unit for unit in group.members))


def _once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
