"""Burn-up: owners' shares planned and done over the year, by month or by week. Counts in, points out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from tasks_catalog.facts import TaskFacts
from tasks_catalog.intake import shares_owed
from tasks_catalog.occurrence import Role
from tasks_catalog.people import Directory
from tasks_catalog.task import PlanSettings

_DAY = timedelta(days=1)


class Step(StrEnum):
    """How long one point of a burn-up is."""

    MONTH = "month"
    WEEK = "week"


@dataclass(frozen=True, kw_only=True)
class Burn:
    """Owners' shares by day: planned on their first due date, done on the day they were reported."""

    planned: Mapping[date, int]
    done: Mapping[date, int]
    to_open: Mapping[date, int] = field(default_factory=dict)
    """Of the planned ones, those of occurrences not opened yet, of which there is no list."""


@dataclass(frozen=True, kw_only=True)
class BurnPoint:
    """One month or week, both ends included; ``done_so_far`` is None where it has not begun."""

    first: date
    last: date
    planned: int
    to_open: int
    done: int
    planned_so_far: int
    done_so_far: int | None


def burn_of(tasks: Iterable[TaskFacts], directory: Directory, settings: PlanSettings) -> Burn:
    """Return the counts over facts; occurrences not opened yet owe what they would owe if opened now."""
    planned: Counter[date] = Counter()
    done: Counter[date] = Counter()
    to_open: Counter[date] = Counter()
    for task in tasks:
        for share in task.current_shares:
            if share.role is Role.OWNER:
                planned[share.first_due] += 1
                if share.report:
                    done[share.report.on] += 1
        to_open += still_planned(task, directory, settings)
    return Burn(planned=planned + to_open, done=done, to_open=to_open)


def still_planned(task: TaskFacts, directory: Directory, settings: PlanSettings) -> Counter[date]:
    """Return by due date how many owners' shares the task's occurrences not opened yet will owe."""
    coming = [o.due for o in task.planned if o.key not in task.opened]
    if not coming or not task.active or task.closing is not None:
        return Counter()
    owed = shares_owed(task.owners, directory, settings)
    units = sum(share.role is Role.OWNER for share in owed)
    return Counter({due: units * coming.count(due) for due in set(coming) if units})


def points_of(burn: Burn, *, year: int, step: Step, today: date) -> tuple[BurnPoint, ...]:
    """Return the year's months or weeks (Monday to Sunday), lengthened where shares lie outside the year."""
    known = (date(year, 1, 1), date(year, 12, 31), *burn.planned, *burn.done)
    first, last = min(known), max(known)
    points: list[BurnPoint] = []
    planned_so_far = done_so_far = 0
    for start, end in _steps(first, last, step):
        planned, done = _within(burn.planned, start, end), _within(burn.done, start, end)
        planned_so_far += planned
        done_so_far += done
        points.append(
            BurnPoint(
                first=start,
                last=end,
                planned=planned,
                to_open=_within(burn.to_open, start, end),
                done=done,
                planned_so_far=planned_so_far,
                done_so_far=done_so_far if start <= today else None,
            )
        )
    return tuple(points)


def latest(points: tuple[BurnPoint, ...], most: int) -> tuple[BurnPoint, ...]:
    """Return the last points that have begun."""
    return tuple(point for point in points if point.done_so_far is not None)[-most:]


def _steps(first: date, last: date, step: Step) -> Iterator[tuple[date, date]]:
    if step is Step.WEEK:
        start = first - first.weekday() * _DAY
        while start <= last:
            yield start, start + 6 * _DAY
            start += 7 * _DAY
        return
    start = first.replace(day=1)
    while start <= last:
        after = (start + 31 * _DAY).replace(day=1)
        yield start, after - _DAY
        start = after


def _within(counts: Mapping[date, int], first: date, last: date) -> int:
    return sum(number for day, number in counts.items() if first <= day <= last)
