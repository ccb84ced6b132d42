"""Targets on the command line: how a task's stand, and ``dondoc task measure``, which records a figure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from cli.context import day_of, language, words
from cli.deciding import decide
from cli.options import AsOf, By, Json, Note, Paper, TaskId, Unit, both
from cli.task import task
from tasks_catalog.judging import Verdict

if TYPE_CHECKING:
    from tasks_catalog.judging import Judged, UnitJudged


@task.command(help=both("Ghi số liệu đạt được của chỉ tiêu", "record the figures of a task's targets"))
def measure(
    task_id: TaskId,
    figure: Annotated[
        list[str],
        typer.Option(
            "--figure", help=both("Số liệu: 97,5 · 24635/24641 · 2=97,5", "a figure; 2=... for target 2")
        ),
    ],
    unit: Unit = None,
    occurrence: Annotated[
        str | None,
        typer.Option(
            "--occurrence",
            help=both("Số liệu của lần đến hạn này, ví dụ 14/06/2022", "of the occurrence of this day"),
        ),
    ] = None,
    document: Paper = None,
    by: By = None,
    note: Note = "",
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    key = day_of(occurrence).isoformat() if occurrence else None
    decide(
        by,
        document,
        note,
        as_of,
        lambda desk: desk.measure(task_id, unit, figures=figure, occurrence=key),
        "task_measured",
        json,
    )


def target_json(one: Judged) -> dict[str, object]:
    """Return a target as read, how it stands, and each owner unit's latest figure."""
    return {
        "number": one.number,
        **one.target.as_json,
        "verdict": str(one.verdict),
        "units": [_unit_json(unit) for unit in one.units],
    }


def _unit_json(unit: UnitJudged) -> dict[str, object]:
    last = unit.last
    figure = last.figure if last else None
    return {
        "unit": unit.unit,
        "verdict": str(unit.verdict),
        "occurrence": unit.occurrence,
        "value": float(figure.value) if figure else None,
        "part": _number(figure.part) if figure else None,
        "whole": _number(figure.whole) if figure else None,
        "on": last.on.isoformat() if last else None,
        "by": last.by if last else None,
        "document": last.document.number if last and last.document else None,
    }


def _number(number: object) -> float | None:
    return None if number is None else float(str(number))


def target_lines(one: Judged) -> Iterator[str]:
    """Yield a target with its verdict, then a line for each unit that owes the figure."""
    verdict = words(f"target_{one.verdict}")
    yield words("target_line", number=one.number, target=one.target.text, verdict=verdict)
    yield from (f"  {_unit_line(unit, one)}" for unit in one.units)


def _unit_line(unit: UnitJudged, one: Judged) -> str:
    from notifications.target_words import figure_text

    if unit.last is None:
        return words("target_unit_silent", unit=unit.unit)
    figure = figure_text(unit.last.figure, one.target, language())
    code = "target_unit_earlier" if unit.verdict is Verdict.NOT_REPORTED else "target_unit_line"
    verdict = {} if unit.verdict is Verdict.NOT_REPORTED else {"verdict": words(f"target_{unit.verdict}")}
    return words(code, unit=unit.unit, figure=figure, on=unit.last.on, **verdict)
