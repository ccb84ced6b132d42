"""What opens of itself in days to come: shares that no row holds yet, as the office will open them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from storage import tasks
from storage.schema import PlanRow
from storage.starting import OFFICE, opening_of
from tasks_catalog.decisions import Recorded
from tasks_catalog.decisions.applying import apply
from tasks_catalog.facts import TaskFacts
from tasks_catalog.occurrence import to_open
from tasks_catalog.people import Directory


def coming(
    outlines: Iterable[TaskFacts], plan: PlanRow, directory: Directory, *, until: date = date.max
) -> tuple[TaskFacts, ...]:
    """Return the tasks of which something opens by ``until``, each with those shares only; nothing is kept.

    ``outlines`` are the plan's tasks with all that is opened of them. They are opened as
    ``storage.starting.open_plan`` will do it, by the directory of today; what should be open already and is
    not counts as well.
    """
    if plan.state != "active" or plan.activated_on is None:
        return ()
    return tuple(_opened(outlines, plan, directory, plan.activated_on, until))


def _opened(
    outlines: Iterable[TaskFacts], plan: PlanRow, directory: Directory, activated: date, until: date
) -> Iterator[TaskFacts]:
    settings = tasks.settings_of(plan)
    for outline in outlines:
        if not outline.active or outline.closing is not None:
            continue
        task = replace(outline, shares={})
        known = len(task.opened)
        for occurrence in to_open(task.planned, opened=task.opened, as_of=until):
            decision = opening_of(task, occurrence, directory, settings, activated)
            day = max(activated, occurrence.opens or activated)
            task = apply(task, Recorded(decision=decision, on=day, by=OFFICE))
        if len(task.opened) > known:
            yield task
