"""What falls on which day: a task's shares of one day as one line, counted; for calendars and lists of days.

One plan's cut-off may owe hundreds of shares; a day is read by its tasks, each with its number of units.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tasks_catalog.facts import Share, TaskFacts
from tasks_catalog.occurrence import Role
from tasks_catalog.standing import StandingKind, is_closed, is_suspended


class DayOf(StrEnum):
    """By which of a share's days a list counts."""

    DUE = "due"
    FIRST_DUE = "first_due"
    LAPSED = "lapsed"
    DONE = "done"


@dataclass(frozen=True, kw_only=True)
class Span:
    """Which days a list asks for, both included, and by which day of a share."""

    first: date
    last: date
    by: DayOf = DayOf.DUE
    open_only: bool = False
    """Only what is still owed, closed and suspended tasks left out."""
    overdue_only: bool = False
    """Of those, without the ones that wait for a higher authority: their clock stands still."""


@dataclass(frozen=True, kw_only=True)
class DueTask:
    """One task on one day: how many units' shares fall on it, and how many of them are still owed."""

    plan: str
    row: int
    text: str
    day: date
    lapses: date
    shares: int
    open: int
    waiting: int
    """Of the open ones, those that lie with a higher authority."""
    unit: str
    """The unit; one of them where there are several."""
    closed: bool = False
    suspended: bool = False

    def kind(self, close: date) -> StandingKind:
        """Return how these shares stand at 24:00 of ``close``; done late or not is not told apart here."""
        if not self.open:
            return StandingKind.DONE_ON_TIME
        if self.closed:
            return StandingKind.CLOSED
        if self.open > self.waiting and self.lapses <= close and not self.suspended:
            return StandingKind.OVERDUE
        return StandingKind.IN_PROGRESS


def day_of(share: Share, by: DayOf) -> date | None:
    """Return the share's day by which it is counted; None for one not done, where that is asked."""
    match by:
        case DayOf.DUE:
            return share.due
        case DayOf.FIRST_DUE:
            return share.first_due
        case DayOf.LAPSED:
            return share.lapses
        case DayOf.DONE:
            return share.report.on if share.report else None


def due_tasks(plan: str, tasks: Iterable[TaskFacts], span: Span) -> tuple[DueTask, ...]:
    """Return the owners' shares of the span by day and task, in order of day and row."""
    found = (line for task in tasks for line in _of_task(plan, task, span))
    return tuple(sorted(found, key=lambda line: (line.day, line.row)))


def _of_task(plan: str, task: TaskFacts, span: Span) -> Iterator[DueTask]:
    by_day: dict[date, list[Share]] = defaultdict(list)
    for share in task.current_shares:
        day = day_of(share, span.by)
        if share.role is Role.OWNER and day is not None and span.first <= day <= span.last:
            by_day[day].append(share)
    for day, shares in by_day.items():
        chosen = [share for share in shares if _is_asked(share, task, span)]
        if chosen:
            yield DueTask(
                plan=plan,
                row=task.row,
                text=task.text,
                day=day,
                lapses=min(share.lapses for share in chosen),
                shares=len(chosen),
                open=sum(share.is_live for share in chosen),
                waiting=sum(share.is_live and share.waiting is not None for share in chosen),
                unit=min(share.key.unit for share in chosen),
                closed=is_closed(task),
                suspended=is_suspended(task),
            )


def _is_asked(share: Share, task: TaskFacts, span: Span) -> bool:
    if not (span.open_only or span.overdue_only):
        return True
    clock_runs = share.waiting is None or not span.overdue_only
    return share.is_live and clock_runs and task.closing is None
