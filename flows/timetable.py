"""The timetable: one table of which flow runs when, and why then. Times are local to the office.

Both the alarm clock of an embedded office and the deployments handed to Prefect are made from it.
A time only wakes a flow; what is to be done, and whether anything is, the flow finds in the
database. Crons name neither weekdays nor days of the month: a worked Saturday or a holiday is known
to the office's calendar only, and APScheduler and cron number the days of the week differently.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import time
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from prefect import Flow

TIME_ZONE = "Asia/Ho_Chi_Minh"
_DAILY = re.compile(r"(\d{1,2}) (\d{1,2}) \* \* \*")


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One line: ``target`` is "module:function", ``cron`` has five fields, ``why`` says why then."""

    key: str
    target: str
    cron: str
    why: str

    @property
    def daily_at(self) -> time | None:
        """The time of an entry that runs once a day; None for one that runs more often."""
        found = _DAILY.fullmatch(self.cron)
        return time(hour=int(found[2]), minute=int(found[1])) if found else None


TIMETABLE: tuple[Entry, ...] = (
    Entry(
        key="open_occurrences",
        target="flows.open_occurrences:open_occurrences",
        cron="30 5 * * *",
        why="first of the day: what is counted and reminded later must have been opened",
    ),
    Entry(
        key="tally",
        target="flows.tally:tally",
        cron="0 6 * * *",
        why="the state at the close of yesterday, there when the office opens",
    ),
    Entry(
        key="summarise",
        target="flows.summarise:summarise",
        cron="30 6 * * *",
        why="every day: the flow acts once, on the first working day after a cut-off, late after downtime",
    ),
    Entry(
        key="remind",
        target="flows.remind:remind",
        cron="30 7 * * *",
        why="before sending hours; every day, since only the calendar knows a worked Saturday or a holiday",
    ),
    Entry(
        key="escalate",
        target="flows.escalate:escalate",
        cron="40 7 * * *",
        why="after remind, so that one letter carries both; every day for the same reason",
    ),
    Entry(
        key="post",
        target="flows.post:post",
        cron="* 8-16 * * *",
        why="every minute of sending hours, 08:00 to 16:59; the flow itself keeps to working days and hours",
    ),
    Entry(
        key="call_out",
        target="flows.call_out:call_out",
        cron="* * * * *",
        why="every minute, day and night: webhooks tell machines, which sending hours need not spare",
    ),
    Entry(
        key="read_mail",
        target="flows.read_mail:read_mail",
        cron="*/5 * * * *",
        why="every five minutes: a bounce comes before the next letter, an answer before the next rung",
    ),
    Entry(
        key="audit",
        target="flows.audit:audit",
        cron="15 * * * *",
        why="every hour, off the full hour, when nothing else starts: a gap must not wait for tomorrow",
    ),
)


def load(entry: Entry) -> Flow[..., Any]:
    """Return the flow an entry names."""
    module, _, name = entry.target.partition(":")
    found: Flow[..., Any] = getattr(import_module(module), name)
    return found


def missed_today(entries: Iterable[Entry], now: time) -> tuple[Entry, ...]:
    """Return the daily entries whose time has passed at ``now``, in the order of their times."""
    passed = [(at, entry) for entry in entries if (at := entry.daily_at) is not None and at <= now]
    return tuple(entry for _, entry in sorted(passed, key=lambda pair: pair[0]))
