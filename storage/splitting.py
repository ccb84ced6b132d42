"""One unit becomes several in mid-year: what is still owed goes to them task by task.

As in a merger (``storage.merging``) the old unit stays in the record with what it did. Its names mean
every unit it was split into, so a plan that writes one of them is asked about.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from storage import tasks
from storage.merging import move_task, tasks_of_unit
from storage.office_journal import Made
from storage.people import load_directory, save_directory
from storage.unit_events import UnitChangeRefused, record_of_unit, unit_at_work
from tasks_catalog.facts import Document
from tasks_catalog.naming import refuse_taken
from tasks_catalog.people import SPLIT, Directory, Group, Unit, UnitRef
from tasks_catalog.text import clean

SPLITTING = "split_unit"


@dataclass(frozen=True, kw_only=True)
class Split:
    """What a split moved: tasks by the unit that has them now."""

    gone: str
    into: tuple[str, ...]
    tasks: Mapping[str, int]
    people: tuple[str, ...]
    """Names of the people still listed in the unit that is gone."""


def split_unit(
    session: Session,
    organisation_id: int,
    gone: str,
    into: Sequence[tuple[str, str | None]],
    *,
    to_for: Mapping[str, str],
    by: str,
    at: datetime,
    document: Document,
    mark: str,
) -> Split:
    """Divide the unit ``gone`` among ``into``: codes, each with a name where the unit is new.

    ``to_for`` gives single tasks to one of them; every other task goes to the first. Raises
    UnitChangeRefused (split_needs_two, split_into_itself, split_unit_beside, split_task_beside,
    unit_gone), Refused (unit_not_known, unit_name_taken). Plans that have ended are left as they are.
    """
    directory = load_directory(session, organisation_id)
    old = unit_at_work(gone, directory)
    codes = tuple(dict.fromkeys(code for code, _ in into))
    if old.code in codes:
        raise UnitChangeRefused("split_into_itself", unit=old.name)
    if len(codes) < 2:
        raise UnitChangeRefused("split_needs_two", unit=old.name, into=", ".join(codes) or "-")
    directory = _with_new(directory, into)
    _refuse_beside(to_for, codes)
    made = Made(by=by, at=at, note=document.number)
    save_directory(session, organisation_id, _after(directory, old, codes, mark), made=made)
    moved = _moved(session, organisation_id, old, codes, to_for, by=by, at=at, document=document)
    payload = {"unit": old.code, "name": old.name, "into": list(codes)}
    record_of_unit(session, organisation_id, SPLITTING, old.code, payload, by=by, at=at, document=document)
    people = tuple(person.name for person in directory.people if person.active and person.unit == old.code)
    return Split(gone=old.code, into=codes, tasks=moved, people=people)


def _with_new(directory: Directory, into: Sequence[tuple[str, str | None]]) -> Directory:
    """Add the units that are named as new; the others must be at work."""
    for code, name in into:
        if name is None or directory.unit(code) is not None:
            unit_at_work(code, directory)
            continue
        for word in (code, name):
            refuse_taken(directory, word, UnitRef(code=code))
        directory = replace(directory, units=(*directory.units, Unit(code=code, name=clean(name))))
    return directory


def _refuse_beside(to_for: Mapping[str, str], codes: tuple[str, ...]) -> None:
    for task, unit in to_for.items():
        if unit not in codes:
            raise UnitChangeRefused("split_unit_beside", task=task, unit=unit, into=", ".join(codes))


def _moved(
    session: Session,
    organisation_id: int,
    old: Unit,
    codes: tuple[str, ...],
    to_for: Mapping[str, str],
    *,
    by: str,
    at: datetime,
    document: Document,
) -> dict[str, int]:
    wanted = {_identity(session, organisation_id, task): unit for task, unit in to_for.items()}
    moved = dict.fromkeys(codes, 0)
    for plan in tasks.list_plans(session, organisation_id):
        for facts in tasks_of_unit(session, plan, old.code) if plan.state != "ended" else ():
            unit = wanted.pop(facts.id, codes[0])
            move_task(session, plan, facts.id, old.code, unit, by=by, at=at, document=document)
            moved[unit] += 1
    for task in wanted:
        raise UnitChangeRefused("split_task_beside", task=task, unit=old.name)
    return moved


def _identity(session: Session, organisation_id: int, task: str) -> str:
    """Return the task's identity as the record spells it; raises Refused when there is none."""
    return tasks.facts_of_task(session, tasks.task_or_refuse(session, organisation_id, task)).id


def _after(directory: Directory, old: Unit, codes: tuple[str, ...], mark: str) -> Directory:
    """Return the directory in which the old unit's names mean every one of its heirs."""
    names = (old.name, old.code, *old.aliases)
    husk = replace(old, name=f"{old.name} ({mark})", aliases=(), kind=SPLIT)
    units = tuple(
        replace(unit, aliases=_once((*unit.aliases, *names))) if unit.code in codes else unit
        for unit in directory.units
        if unit.code != old.code
    )
    focal = {unit: person for unit, person in directory.focal_points.items() if unit != old.code}
    groups = tuple(_with_heirs(group, old.code, codes) for group in directory.groups)
    return replace(directory, units=(*units, husk), groups=groups, focal_points=focal)


def _with_heirs(group: Group, gone: str, codes: tuple[str, ...]) -> Group:
    heirs = ((code for code in codes) if unit == gone else (unit,) for unit in group.members)
    return replace(group, members=_once(unit for several in heirs for unit in several))


def _once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
