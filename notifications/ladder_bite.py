"""From when a ladder to be set makes itself felt: the first shares that will follow it, and their days."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from storage.coming import coming
from storage.schema import PlanRow
from tasks_catalog.calendar import WorkCalendar
from tasks_catalog.facts import Share, TaskFacts
from tasks_catalog.ladder import Ladder, Rung, fire_day
from tasks_catalog.occurrence import Role
from tasks_catalog.people import Directory


@dataclass(frozen=True, kw_only=True)
class RungDay:
    """A rung of the share looked at, and the day it speaks on."""

    rung: Rung
    day: date


@dataclass(frozen=True, kw_only=True)
class Bite:
    """The first day on which shares open that follow the new ladder, and one of them under both ladders."""

    opens: date
    shares: int
    task: TaskFacts
    share: Share
    before: tuple[RungDay, ...]
    after: tuple[RungDay, ...]


def bite_of(
    outlines: Iterable[TaskFacts],
    plan: PlanRow,
    directory: Directory,
    calendar: WorkCalendar,
    *,
    since: date,
    before: Ladder,
    after: Ladder,
) -> Bite | None:
    """Return where the new ladder is first told apart from the present one; None where nothing more opens.

    Of what opens by itself: a task that arises, a date moved, a report returned begin anew at any time.
    """
    first: list[tuple[TaskFacts, Share]] = []
    for task in coming(outlines, plan, directory):
        for share in task.current_shares:
            follows = share.epoch_began >= since and not share.before_tracking and share.role is Role.OWNER
            if follows and before.rungs_for(share) != after.rungs_for(share):
                if first and share.epoch_began < first[0][1].epoch_began:
                    first = []
                if not first or share.epoch_began == first[0][1].epoch_began:
                    first.append((task, share))
    if not first:
        return None
    task, share = first[0]
    return Bite(
        opens=share.epoch_began,
        shares=len(first),
        task=task,
        share=share,
        before=_days(before, share, calendar),
        after=_days(after, share, calendar),
    )


def _days(ladder: Ladder, share: Share, calendar: WorkCalendar) -> tuple[RungDay, ...]:
    return tuple(
        RungDay(rung=rung, day=fire_day(rung, share, calendar))
        for rung in ladder.rungs_for(share)
        if rung.offset is not None
    )
