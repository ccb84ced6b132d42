"""Revising a task: what a plan's revision says of one row becomes one decision that carries its dates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import product

from tasks_catalog.changes import FieldChange
from tasks_catalog.deadline import Deadline
from tasks_catalog.decisions import MovedDate, Revise
from tasks_catalog.facts import OwnerRef, TaskFacts
from tasks_catalog.intake import shares_owed
from tasks_catalog.occurrence import Occurrence, Origin
from tasks_catalog.people import Directory
from tasks_catalog.problem import Problem, Weight
from tasks_catalog.targets import Target, targets_of
from tasks_catalog.task import PlanSettings

_UNITS = frozenset(("lead", "cooperating"))


@dataclass(frozen=True, kw_only=True)
class RowRead:
    """What a row of the revision was read as: its deadline, what that makes due, its units, its doubts."""

    deadline: Deadline
    planned: tuple[Occurrence, ...] = ()
    owners: tuple[OwnerRef, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """A task's occurrences after its deadline changed."""

    planned: tuple[Occurrence, ...]
    moved: tuple[MovedDate, ...] = ()
    gone: tuple[str, ...] = ()
    """Keys of opened occurrences that are not asked for any more."""


def is_of_units(code: str) -> bool:
    """Say whether a doubt is about a row's units; every other one is about its deadline."""
    return code.startswith(("unit_", "owner_", "co_owner"))


def still_ahead(planned: Iterable[Occurrence], on: date) -> tuple[Occurrence, ...]:
    """Leave out what a recurring task would have owed before it was handed out on ``on``."""
    return tuple(o for o in planned if not (o.recurring and o.lapses < on))


def revision(
    facts: TaskFacts,
    fields: Iterable[FieldChange],
    row: RowRead,
    *,
    asked: Iterable[str],
    directory: Directory,
    settings: PlanSettings,
    on: date,
) -> tuple[Revise, tuple[Problem, ...]]:
    """Return the decision that puts a row's altered fields into force, and the doubts it raises.

    ``asked`` are the codes of the row's questions still open. Of a task at work nothing doubtful is put
    into force: the date or the units before hold until ``plan settle`` answers the question.
    """
    changes = tuple(fields)
    words = {change.field: change.after for change in changes}
    of_units, of_deadline = bool(_UNITS & words.keys()), "deadline" in words
    raised = tuple(p for p in row.problems if (of_units if is_of_units(p.code) else of_deadline))
    questions = [problem.code for problem in raised if problem.weight is Weight.QUESTION]
    at_work = bool(facts.opened)
    dated = of_deadline and not (at_work and any(not is_of_units(code) for code in questions))
    named = of_units and not (at_work and any(is_of_units(code) for code in questions))
    decision = decided(
        facts,
        words=words,
        deadline=row.deadline if dated else None,
        planned=row.planned,
        owners=row.owners if named else None,
        still_open=[code for code in asked if not (of_units if is_of_units(code) else of_deadline)],
        directory=directory,
        settings=settings,
        on=on,
    )
    return replace(decision, raised=tuple(questions), targets=_targets(changes)), raised


def _targets(changes: Iterable[FieldChange]) -> tuple[Target, ...] | None:
    """Return what an altered objective sets; None where its figures are as before, or it is untouched."""
    for change in changes:
        if change.field == "objective" and targets_of(change.after) != targets_of(change.before):
            return targets_of(change.after)
    return None


def decided(
    facts: TaskFacts,
    *,
    words: Mapping[str, str] | None = None,
    deadline: Deadline | None,
    planned: tuple[Occurrence, ...],
    owners: tuple[OwnerRef, ...] | None,
    still_open: Iterable[str],
    directory: Directory,
    settings: PlanSettings,
    on: date,
) -> Revise:
    """Return the decision that gives a task another deadline, other units, or both."""
    schedule = rescheduled(facts, planned, on) if deadline is not None else Schedule(planned=())
    return Revise(
        words=words or {},
        deadline=deadline,
        planned=schedule.planned,
        moved=schedule.moved,
        gone=schedule.gone,
        owners=owners,
        owed_by=shares_owed(owners, directory, settings) if owners is not None else (),
        still_open=tuple(still_open),
    )


def rescheduled(facts: TaskFacts, planned: tuple[Occurrence, ...], on: date) -> Schedule:
    """Return the occurrences after a deadline's change on ``on``.

    An opened one keeps its key and takes the nearest new date; what was triggered stays as it is; what
    finds no date is gone. Nothing recurring is asked for the time before ``on``.
    """
    if not facts.opened:
        return Schedule(planned=planned)
    dates = {occurrence.key: occurrence.due for occurrence in facts.planned}
    known = {
        key: dates.get(key, occurrence.due)
        for key, occurrence in facts.opened.items()
        if occurrence.origin is not Origin.TRIGGER
    }
    pairs = _paired(facts, known, planned, on)
    new_dates = {key: planned[at] for key, at in pairs.items()}
    moved = tuple(
        MovedDate(occurrence=key, due=new.due, lapses=new.lapses)
        for key, new in new_dates.items()
        if new.due != known[key]
    )
    rest = still_ahead((o for at, o in enumerate(planned) if at not in pairs.values()), on)
    taken = {replace(new, key=key) for key, new in new_dates.items()} | {_renamed(o, facts) for o in rest}
    return Schedule(
        planned=tuple(sorted(taken, key=lambda occurrence: (occurrence.due, occurrence.key))),
        moved=moved,
        gone=tuple(key for key in known if key not in pairs and _is_owed(facts, key)),
    )


def _paired(
    facts: TaskFacts, known: Mapping[str, date], planned: tuple[Occurrence, ...], on: date
) -> dict[str, int]:
    """Return the index of the new date of each opened occurrence: its own, else the nearest left."""
    found: dict[str, int] = {}
    near = sorted(
        (due != new.due, not _is_owed(facts, key), abs((new.due - due).days), key, at)
        for (key, due), (at, new) in product(known.items(), enumerate(planned))
        if new.recurring is facts.opened[key].recurring
        and (due == new.due or not new.recurring or new.lapses >= on or not _is_owed(facts, key))
    )
    for *_, key, at in near:
        if key not in found and at not in found.values():
            found[key] = at
    return found


def _is_owed(facts: TaskFacts, occurrence: str) -> bool:
    return any(s.is_live and s.key.occurrence == occurrence for s in facts.shares.values())


def _renamed(occurrence: Occurrence, facts: TaskFacts) -> Occurrence:
    """Return a new occurrence under a key that none before it has: one moved away keeps its first date."""
    if occurrence.key not in facts.opened:
        return occurrence
    return replace(occurrence, key=f"{occurrence.key}.2")
