"""Whether a task's targets are met: per unit that owes the figure, and of the task as a whole.

A unit is judged by its newest share that asks for a figure: one due by the day, reported, or measured.
So a figure of the first quarter does not answer for the second; until the unit says how it stands now,
nothing is reported (the older figure is still shown). Of several units each reaches the target itself:
it is met when every owner unit has met it, and missed as soon as one has not. Co-owners owe no figure.
"""

from __future__ import annotations

import operator
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from tasks_catalog.facts import Measured, Share, TaskFacts
from tasks_catalog.occurrence import Role
from tasks_catalog.standing import is_closed
from tasks_catalog.targets import Target

_COMPARED: Mapping[str, Callable[[Decimal, Decimal], bool]] = {
    ">=": operator.ge,
    ">": operator.gt,
    "<=": operator.le,
    "<": operator.lt,
    "=": operator.eq,
}


class Verdict(StrEnum):
    """How a target stands by the figures reported, in the order of the counts."""

    MET = "met"
    NOT_MET = "not_met"
    NOT_REPORTED = "not_reported"


@dataclass(frozen=True, kw_only=True)
class UnitJudged:
    """One unit's figure of one target, and what it says."""

    unit: str
    verdict: Verdict
    last: Measured | None = None
    """The figure judged; where none is reported, the unit's latest one of an earlier occurrence."""
    occurrence: str | None = None
    """The occurrence ``last`` was reported for."""


@dataclass(frozen=True, kw_only=True)
class Judged:
    """One target of a task, and how it stands."""

    number: int
    """Its place in the task, counted from 1: what a figure names it by."""
    target: Target
    verdict: Verdict
    units: tuple[UnitJudged, ...]


def is_met(target: Target, value: Decimal) -> bool:
    return _COMPARED[target.comparison](value, target.value)


def judged(task: TaskFacts, as_of: date) -> tuple[Judged, ...]:
    """Return each target of the task with its verdict at 24:00 of ``as_of``, by what was recorded by then."""
    if not task.targets:
        return ()
    owed: dict[str, list[Share]] = {}
    for share in task.current_shares:
        if share.role is Role.OWNER:
            owed.setdefault(share.key.unit, []).append(share)
    found = []
    for number, target in enumerate(task.targets, start=1):
        units = tuple(_unit(unit, owed[unit], number, target, as_of) for unit in sorted(owed))
        verdict = overall(unit.verdict for unit in units)
        found.append(Judged(number=number, target=target, verdict=verdict, units=units))
    return tuple(found)


def overall(verdicts: Iterable[Verdict]) -> Verdict:
    """Return the verdict over several units: one that missed decides, then one that has not said."""
    found = set(verdicts)
    if Verdict.NOT_MET in found:
        return Verdict.NOT_MET
    return Verdict.MET if found == {Verdict.MET} else Verdict.NOT_REPORTED


def counted(tasks: Iterable[TaskFacts], as_of: date) -> Mapping[Verdict, int]:
    """Return how many targets stand how; those of tasks closed by decision bind nobody any more."""
    found = Counter(one.verdict for task in tasks if not is_closed(task) for one in judged(task, as_of))
    return {verdict: found[verdict] for verdict in Verdict}


def _unit(unit: str, shares: list[Share], number: int, target: Target, as_of: date) -> UnitJudged:
    in_order = sorted(shares, key=lambda share: (share.first_due, share.key.occurrence))
    said = {share.key: _last(share, number, as_of) for share in in_order}
    asking = [share for share in in_order if share.due <= as_of or share.is_done or said[share.key]]
    told = [share for share in asking if said[share.key] is not None]
    if not told:
        return UnitJudged(unit=unit, verdict=Verdict.NOT_REPORTED)
    newest, last = told[-1], said[told[-1].key]
    verdict = Verdict.NOT_REPORTED
    if last is not None and newest is asking[-1]:
        verdict = Verdict.MET if is_met(target, last.figure.value) else Verdict.NOT_MET
    return UnitJudged(unit=unit, verdict=verdict, last=last, occurrence=newest.key.occurrence)


def _last(share: Share, number: int, as_of: date) -> Measured | None:
    found = [one for one in share.measures if one.figure.target == number and one.on <= as_of]
    return found[-1] if found else None
