"""Targets on the board: a task's, with every unit's latest figure, and those a period sheet asks about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from board.view import View
from notifications.target_words import figure_text, number_text
from tasks_catalog.facts import Share, TaskFacts
from tasks_catalog.judging import Judged, UnitJudged, Verdict, is_met, judged


@dataclass(frozen=True, kw_only=True)
class TargetRow:
    """One target of a task."""

    number: int
    text: str
    read_as: str
    figures: tuple[str, ...]
    """A line for each owner unit."""
    verdict: str


def target_rows(facts: TaskFacts, view: View) -> tuple[TargetRow, ...]:
    return tuple(
        TargetRow(
            number=one.number,
            text=one.target.text,
            read_as=one.target.in_short.replace(">=", "≥").replace("<=", "≤"),
            figures=tuple(_unit_line(unit, one, view) for unit in one.units),
            verdict=view.say(f"target_{one.verdict}"),
        )
        for one in judged(facts, view.count_day)
    )


def _unit_line(unit: UnitJudged, one: Judged, view: View) -> str:
    name = view.unit(unit.unit)
    if unit.last is None:
        return view.say("target_unit_silent", unit=name)
    told = {"unit": name, "figure": figure_text(unit.last.figure, one.target, view.language)}
    if unit.verdict is Verdict.NOT_REPORTED:
        return view.say("target_unit_earlier", on=unit.last.on, **told)
    return view.say("target_unit_line", on=unit.last.on, verdict=view.say(f"target_{unit.verdict}"), **told)


def sheet_targets(task: TaskFacts, share: Share, view: View) -> tuple[str, ...]:
    """Return a line for each target of the task: its words, and the figure of this very share."""
    lines = []
    for number, target in enumerate(task.targets, start=1):
        said = view.say("board_sheet_target", number=number, target=target.text)
        told = [one for one in share.measures if one.figure.target == number]
        if told:
            figure = told[-1].figure
            met = Verdict.MET if is_met(target, figure.value) else Verdict.NOT_MET
            said += f" – {figure_text(figure, target, view.language)}: {view.say(f'target_{met}')}"
        lines.append(said)
    return tuple(lines)


def figures_text(payload: Mapping[str, Any]) -> str:
    """Return the figures a decision carries, as the journal keeps them: "1 = 97,5; 2 = 24.635/24.641"."""
    return "; ".join(f"{one['target']} = {_given(one)}" for one in payload.get("figures") or ())


def _given(figure: Mapping[str, Any]) -> str:
    numbers = (figure["amount"],) if figure["amount"] is not None else (figure["part"], figure["whole"])
    return "/".join(number_text(Decimal(number)) for number in numbers)
