"""What a changed calendar moves, and what it leaves where it stands: worked out, nothing written.

The ladder is counted with the calendar of the day it is asked, so rungs not told yet move. A share's last
on-time day was fixed when its occurrence was worked out (``tasks_catalog.occurrence``) and stays.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from tasks_catalog.calendar import WorkCalendar
from tasks_catalog.facts import Share, TaskFacts
from tasks_catalog.ladder import NoticeKey, Office, fire_day, is_silent, rungs_of


@dataclass(frozen=True, kw_only=True)
class SendingDay:
    """A day whose letters leave, or no longer do."""

    day: date
    worked: bool
    """What it becomes."""


@dataclass(frozen=True, kw_only=True)
class MovedRung:
    """A rung of a share that speaks on another day."""

    task: TaskFacts
    share: Share
    rung: str
    before: date
    after: date


def sending_days(
    before: WorkCalendar, after: WorkCalendar, first: date, last: date
) -> tuple[SendingDay, ...]:
    """Return the days of a span, both ends included, that are worked in only one of the calendars."""
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return tuple(
        SendingDay(day=day, worked=after.is_working(day))
        for day in days
        if after.is_working(day) is not before.is_working(day)
    )


def moved_rungs(
    tasks: Iterable[TaskFacts],
    before: Office,
    after: Office,
    *,
    first: date,
    last: date,
    told: Collection[NoticeKey] = (),
) -> tuple[MovedRung, ...]:
    """Return the rungs that would speak on another day of a span, by the day they would have spoken on.

    Those ``told`` already stay as they are: the ledger holds them once.
    """
    heard = {(key.share, key.epoch, key.rung) for key in told}
    found = [
        MovedRung(task=task, share=share, rung=rung.key, before=was, after=becomes)
        for task in tasks
        for share in task.current_shares
        if not is_silent(share, task)
        for rung in rungs_of(share, before)
        if (share.key, share.epoch, rung.key) not in heard
        for was, becomes in ((fire_day(rung, share, before.calendar), fire_day(rung, share, after.calendar)),)
        if was != becomes and max(was, becomes) >= first and min(was, becomes) <= last
    ]
    return tuple(sorted(found, key=lambda one: (one.before, one.task.id, one.share.key)))
