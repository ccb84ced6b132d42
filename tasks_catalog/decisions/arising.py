"""Applying what a unit says of a condition: kept until the coordinator triggers the task or sets it aside."""

from __future__ import annotations

from dataclasses import replace

from tasks_catalog.allowed import may_arise
from tasks_catalog.decisions.kinds import Recorded, SayArisen, SetAside
from tasks_catalog.decisions.refusal import DecisionRefused
from tasks_catalog.facts import Arisen, TaskFacts
from tasks_catalog.standing import is_closed


def said_arisen(task: TaskFacts, decision: SayArisen, entry: Recorded) -> TaskFacts:
    """Return the task with what the unit said; nothing is due by it."""
    if not may_arise(task.deadline):
        raise DecisionRefused("condition_none", task=task.id, deadline=task.deadline.text)
    if is_closed(task) and task.closing is not None:
        raise DecisionRefused("task_already_closed", task=task.id, on=task.closing.on)
    if decision.arose > entry.on:
        raise DecisionRefused("arisen_to_come", arose=decision.arose, on=entry.on)
    before = next((one for one in task.arisen if one.unit == decision.unit), None)
    if before is not None:
        raise DecisionRefused("arisen_already_said", task=task.id, on=before.on)
    said = Arisen(
        unit=decision.unit,
        on=entry.on,
        by=entry.by,
        arose=decision.arose,
        words=decision.words,
        document=entry.document,
    )
    return replace(task, arisen=(*task.arisen, said))


def set_aside(task: TaskFacts, decision: SetAside) -> TaskFacts:
    """Return the task without what was said. Raises DecisionRefused where nobody said anything."""
    left = tuple(one for one in task.arisen if decision.unit not in (None, one.unit))
    if len(left) == len(task.arisen):
        raise DecisionRefused("arisen_not_said", task=task.id)
    return replace(task, arisen=left)
