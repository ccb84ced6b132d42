"""Counted standings: what a tally counts of one task, and on which day that next changes by itself.

A tally reads every task of a plan. Whoever keeps each task's count beside it, and the day it turns,
need only look at what a decision changed or at whose day has come; the sums are the tally's own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from tasks_catalog.facts import Share, TaskFacts
from tasks_catalog.occurrence import Role, ShareKey
from tasks_catalog.progress import Counts, Line, Tally, line_of
from tasks_catalog.standing import Standing, StandingKind, is_closed, share_standing, standing_of
from tasks_catalog.task import PlanSettings

PLAN, SECTION, UNIT, TARGETS = "plan", "section", "unit", "targets"
"""What is counted: a plan's tasks, those of a section, a unit's shares, tasks with targets."""

Counting = tuple[str, str, str]
"""What is counted, of which section or unit ("" for the plan), in which standing."""


@dataclass(frozen=True, kw_only=True)
class Counted:
    """How one task counts at the close of a day."""

    section: str
    standing: Standing
    shares: Mapping[ShareKey, StandingKind]
    """Its owners' current shares, each in its class."""
    due: date | None
    """The earliest date it owes something by: of its open shares, else of what is not opened yet."""
    turns_on: date | None
    """The first later day at whose close it counts otherwise if nobody decides anything until then."""
    has_targets: bool

    @property
    def counts(self) -> Counter[Counting]:
        """Return what it adds to the sums."""
        units = ((share.unit, kind) for share, kind in self.shares.items())
        return counts_of(self.section, self.standing.kind, units, has_targets=self.has_targets)


def counts_of(
    section: str, kind: str, units: Iterable[tuple[str, str]], *, has_targets: bool
) -> Counter[Counting]:
    """Return what a task of this section and standing adds to the sums, with its units' shares."""
    found: Counter[Counting] = Counter()
    found[PLAN, "", str(kind)] += 1
    found[SECTION, section, str(kind)] += 1
    for unit, standing in units:
        found[UNIT, unit, str(standing)] += 1
    if has_targets:
        found[TARGETS, "", ""] += 1
    return found


def counted(task: TaskFacts, *, as_of: date, settings: PlanSettings) -> Counted:
    """Return how the task counts at 24:00 of ``as_of``."""
    owed = _owed(task)
    return Counted(
        section=task.section,
        standing=standing_of(task, as_of=as_of, settings=settings),
        shares={share.key: share_standing(share, task, as_of) for share in owed},
        due=earliest_due(task),
        turns_on=turns_on(task, as_of=as_of, settings=settings),
        has_targets=bool(task.targets) and not is_closed(task),
    )


def turns_on(task: TaskFacts, *, as_of: date, settings: PlanSettings) -> date | None:
    """Return the first day after ``as_of`` at whose close the task counts otherwise, by these facts.

    A standing looks at the day only through the last on-time days of shares and occurrences: no other
    day can change it. None: it stays as it is until somebody decides something.
    """
    if is_closed(task):
        return None
    owed = _owed(task)
    lapses = {share.lapses for share in owed} | {occurrence.lapses for occurrence in task.planned}
    ahead = sorted(day for day in lapses if day > as_of)
    now = _looks(task, owed, as_of, settings) if ahead else None
    return next((day for day in ahead if _looks(task, owed, day, settings) != now), None)


def _looks(
    task: TaskFacts, owed: list[Share], day: date, settings: PlanSettings
) -> tuple[Standing, tuple[StandingKind, ...]]:
    standing = standing_of(task, as_of=day, settings=settings)
    return standing, tuple(share_standing(share, task, day) for share in owed)


def _owed(task: TaskFacts) -> list[Share]:
    return [share for share in task.current_shares if share.role is Role.OWNER]


def earliest_due(task: TaskFacts) -> date | None:
    """Return the earliest date the task owes something by: of open shares, else of what is to be opened."""
    if is_closed(task):
        return None
    live = [share.due for share in _owed(task) if share.is_live]
    return min(live or [o.due for o in task.planned if o.key not in task.opened], default=None)


@dataclass(frozen=True, kw_only=True)
class Figures:
    """A tally without its list of tasks: the numbers a page shows."""

    plan: str
    as_of: date
    settings: PlanSettings
    done: int
    total: int
    counts: Counts
    by_section: tuple[Line, ...]
    by_unit: tuple[Line, ...]
    has_targets: bool = False

    @property
    def tasks(self) -> int:
        return sum(self.counts.values())


def figures_of(tally: Tally) -> Figures:
    """Return the numbers of a tally."""
    return Figures(
        plan=tally.plan,
        as_of=tally.as_of,
        settings=tally.settings,
        done=tally.done,
        total=tally.total,
        counts=tally.counts,
        by_section=tally.by_section,
        by_unit=tally.by_unit,
        has_targets=any(entry.task.targets and not is_closed(entry.task) for entry in tally.tasks),
    )


def figures(
    plan: str, as_of: date, settings: PlanSettings, sums: Mapping[Counting, int], sections: list[str]
) -> Figures:
    """Return the numbers that sums of ``Counted.counts`` make; ``sections`` in the plan's own order."""
    groups: dict[str, dict[str, dict[StandingKind, int]]] = {PLAN: {}, SECTION: {}, UNIT: {}}
    for (what, key, kind), number in sums.items():
        if what in groups and number:
            groups[what].setdefault(key, {})[StandingKind(kind)] = number
    whole = line_of("", groups[PLAN].get("", {}), settings)
    return Figures(
        plan=plan,
        as_of=as_of,
        settings=settings,
        done=whole.done,
        total=whole.total,
        counts=whole.counts,
        by_section=tuple(line_of(name, groups[SECTION].get(name, {}), settings) for name in sections),
        by_unit=tuple(line_of(unit, groups[UNIT][unit], settings) for unit in sorted(groups[UNIT])),
        has_targets=any(number for (what, _, _), number in sums.items() if what == TARGETS),
    )
