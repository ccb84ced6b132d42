"""Tallies: one pure function over the facts recorded by a cut-off, such as "52/54 nhiệm vụ"."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from tasks_catalog.facts import TaskFacts
from tasks_catalog.judging import Verdict, counted
from tasks_catalog.occurrence import Role
from tasks_catalog.standing import Standing, StandingKind, share_standing, standing_of
from tasks_catalog.task import NotArisen, PlanSettings

Counts = Mapping[StandingKind, int]


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of a breakdown: a section's tasks, or a unit's shares."""

    key: str
    done: int
    total: int
    counts: Counts


@dataclass(frozen=True, kw_only=True)
class StandingTask:
    """A task with its standing: the list behind every number of a tally."""

    task: TaskFacts
    standing: Standing


@dataclass(frozen=True, kw_only=True)
class Tally:
    """How a plan stands at 24:00 of ``as_of``. The six counts are exclusive and sum to all tasks."""

    plan: str
    as_of: date
    settings: PlanSettings
    done: int
    total: int
    counts: Counts
    by_section: tuple[Line, ...]
    by_unit: tuple[Line, ...]
    tasks: tuple[StandingTask, ...]

    @property
    def percent(self) -> float:
        """Done of total in per cent, to one decimal; 0 for an empty plan."""
        return round(100 * self.done / self.total, 1) if self.total else 0.0

    def of_kind(self, kind: StandingKind) -> tuple[StandingTask, ...]:
        return tuple(entry for entry in self.tasks if entry.standing.kind is kind)

    @property
    def targets(self) -> Mapping[Verdict, int]:
        """How many of the tasks' targets are met, missed, not reported; a measure of its own."""
        return counted((entry.task for entry in self.tasks), self.as_of)

    def worst(self, most: int = 5) -> tuple[StandingTask, ...]:
        """Return the overdue tasks longest past their date, at most ``most``."""
        late = self.of_kind(StandingKind.OVERDUE)
        return tuple(sorted(late, key=lambda e: (e.standing.since or self.as_of, e.task.row))[:most])


def tally_of(plan: str, tasks: Iterable[TaskFacts], settings: PlanSettings, as_of: date) -> Tally:
    """Return the tally of a plan; the order of ``tasks`` does not matter."""
    judged = tuple(
        StandingTask(task=task, standing=standing_of(task, as_of=as_of, settings=settings))
        for task in sorted(tasks, key=lambda task: task.row)
    )
    counts = _counts(entry.standing.kind for entry in judged)
    return Tally(
        plan=plan,
        as_of=as_of,
        settings=settings,
        done=_done(counts),
        total=_total(counts, settings),
        counts=counts,
        by_section=_by_section(judged, settings),
        by_unit=_by_unit(judged, as_of, settings),
        tasks=judged,
    )


def _counts(kinds: Iterable[StandingKind]) -> Counts:
    found = Counter(kinds)
    return {kind: found[kind] for kind in StandingKind}


def _done(counts: Counts) -> int:
    return sum(number for kind, number in counts.items() if kind.is_done)


def _total(counts: Counts, settings: PlanSettings) -> int:
    everything = sum(counts.values())
    if settings.not_arisen is NotArisen.EXCLUDED:
        return everything - counts[StandingKind.NOT_ARISEN]
    return everything


def _line(key: str, kinds: Iterable[StandingKind], settings: PlanSettings) -> Line:
    return line_of(key, _counts(kinds), settings)


def line_of(key: str, counts: Counts, settings: PlanSettings) -> Line:
    """Return a line of counts; a standing that is not among them counts nothing."""
    whole = {kind: counts.get(kind, 0) for kind in StandingKind}
    return Line(key=key, done=_done(whole), total=_total(whole, settings), counts=whole)


def _by_section(judged: Iterable[StandingTask], settings: PlanSettings) -> tuple[Line, ...]:
    """Return a line per section in the plan's own order."""
    sections: dict[str, list[StandingKind]] = {}
    for entry in judged:
        sections.setdefault(entry.task.section, []).append(entry.standing.kind)
    return tuple(_line(section, kinds, settings) for section, kinds in sections.items())


def _by_unit(judged: Iterable[StandingTask], as_of: date, settings: PlanSettings) -> tuple[Line, ...]:
    """Return a line per unit over the shares it owns; co-owners' voluntary shares are not counted."""
    units: dict[str, list[StandingKind]] = {}
    for entry in judged:
        for share in entry.task.current_shares:
            if share.role is Role.OWNER:
                kind = share_standing(share, entry.task, as_of)
                units.setdefault(share.key.unit, []).append(kind)
    return tuple(_line(unit, units[unit], settings) for unit in sorted(units))


def as_json(tally: Tally) -> dict[str, object]:
    """Return the tally as ``dondoc tally --json`` prints it."""
    settings = tally.settings
    return {
        "plan": tally.plan,
        "as_of": tally.as_of.isoformat(),
        "done": tally.done,
        "total": tally.total,
        "settings": {
            "continuous": str(settings.continuous),
            "not_arisen": str(settings.not_arisen),
            "regime": settings.regime,
            "derived_dates_slide": settings.derived_dates_slide,
            "printed_dates_slide": settings.printed_dates_slide,
        },
        "standings": {str(kind): number for kind, number in tally.counts.items()},
        "by_section": [_line_json("section", line) for line in tally.by_section],
        "by_unit": [_line_json("unit", line) for line in tally.by_unit],
        "targets": {
            **{str(verdict): number for verdict, number in tally.targets.items()},
            "total": sum(tally.targets.values()),
        },
    }


def _line_json(name: str, line: Line) -> dict[str, object]:
    counts = {str(kind): number for kind, number in line.counts.items()}
    return {name: line.key, "done": line.done, "total": line.total, "standings": counts}
