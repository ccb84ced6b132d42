"""Applying figures: kept with the share they are of, each later one beside those before it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from tasks_catalog.decisions.kinds import Recorded
from tasks_catalog.decisions.refusal import DecisionRefused
from tasks_catalog.facts import Measured, Share, TaskFacts
from tasks_catalog.figures import Figure, fault_of
from tasks_catalog.occurrence import Role
from tasks_catalog.standing import is_closed
from tasks_catalog.targets import Target


def measured(task: TaskFacts, share: Share, figures: Iterable[Figure], entry: Recorded) -> Share:
    """Return the share with this entry's figures. Raises DecisionRefused when one does not fit the task."""
    new = tuple(Measured(figure=one, on=entry.on, by=entry.by, document=entry.document) for one in figures)
    if not new:
        return share
    if is_closed(task) and task.closing is not None:
        raise DecisionRefused("task_already_closed", task=task.id, on=task.closing.on)
    if share.role is not Role.OWNER:
        raise DecisionRefused("figure_of_co_owner", task=task.id, unit=share.key.unit)
    for one in new:
        fault = fault_of(one.figure, task.targets, task=task.id)
        if fault is not None:
            raise DecisionRefused(fault.code, **fault.params)
    return replace(share, measures=(*share.measures, *new))


def with_targets(task: TaskFacts, targets: tuple[Target, ...]) -> TaskFacts:
    """Return the task with other targets. Figures follow a target that measures the same thing in the
    same unit to its new place and height; those of a target that is gone stay in the journal alone.
    """
    if targets == task.targets:
        return task
    places = _places(task.targets, targets)
    shares = {
        key: replace(share, measures=tuple(_moved(share.measures, places))) if share.measures else share
        for key, share in task.shares.items()
    }
    return replace(task, targets=targets, shares=shares)


def _places(before: tuple[Target, ...], after: tuple[Target, ...]) -> dict[int, int]:
    """Return the new place of each target that goes on, each place taken once."""
    free = dict(enumerate(after, start=1))
    found: dict[int, int] = {}
    for number, target in enumerate(before, start=1):
        same = [place for place, new in free.items() if (new.of, new.unit) == (target.of, target.unit)]
        if same:
            found[number] = same[0]
            del free[same[0]]
    return found


def _moved(measures: Iterable[Measured], places: dict[int, int]) -> Iterable[Measured]:
    for one in measures:
        if one.figure.target in places:
            yield replace(one, figure=replace(one.figure, target=places[one.figure.target]))
