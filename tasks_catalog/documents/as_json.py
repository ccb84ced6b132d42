"""The printed form of a plan as read: ``dondoc plan read --json``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from tasks_catalog import deadline
from tasks_catalog.problem import Place, Problem
from tasks_catalog.targets import targets_of
from tasks_catalog.task import PlanHead, PlanRead, Task, UnitsWritten

Wording = Callable[[Problem], str]


def as_json(read: PlanRead, wording: Wording) -> dict[str, Any]:
    """Return ``read`` as plain values; ``wording`` gives the sentence of a problem.

    ``wording`` also words the parts of a place, as problems of the codes ``place_table``,
    ``place_row`` and so on, joined to "bảng 2, dòng 14, cột Thời hạn".
    """
    return {
        "plan": _head(read.head),
        "items": [_item(task, wording) for task in read.tasks],
        "rows": asdict(read.rows),
        "problems": [_problem(problem, wording) for problem in read.problems],
    }


def place_in_words(place: Place, wording: Wording) -> str:
    """Return where something stands, widest first, leaving out what is not known."""
    parts = {
        "place_sheet": place.sheet,
        "place_page": place.page,
        "place_table": place.table,
        "place_row": place.row,
        "place_column": place.column,
    }
    return ", ".join(
        wording(Problem(code=code, params={"it": str(it)})) for code, it in parts.items() if it is not None
    )


def _head(head: PlanHead) -> dict[str, Any]:
    issued = head.issued.isoformat() if head.issued else None
    return {**asdict(head), "issued": issued}


def _item(task: Task, wording: Wording) -> dict[str, Any]:
    return {
        "row": task.row,
        "section": task.section,
        "group": task.group,
        "stt": task.stt,
        "objective": task.objective,
        "task": task.text,
        "product": task.product,
        "lead": _units(task.lead),
        "cooperating": _units(task.cooperating),
        "deadline": deadline.as_json(task.deadline),
        "extra": dict(task.extra),
        "problems": [_problem(problem, wording) for problem in task.problems],
        "targets": [target.as_json for target in targets_of(task.objective)],
    }


def _units(units: UnitsWritten) -> dict[str, Any]:
    return {"text": units.text, "units": list(units.units)}


def _problem(problem: Problem, wording: Wording) -> dict[str, str]:
    place = place_in_words(problem.where, wording) if problem.where else ""
    return {"where": place, "message": wording(problem)}
