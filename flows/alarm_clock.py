"""The alarm clock of an embedded office: APScheduler wakes the flows of the timetable, in process.

It keeps nothing: its jobs are in memory and made anew from the table at each start. What was missed
while the office was down is made good by running the day's flows once at the start, and by the flows
themselves, which may run late and twice.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, tzinfo
from typing import TYPE_CHECKING

from flows.timetable import TIMETABLE, Entry, missed_today

if TYPE_CHECKING:
    from apscheduler.schedulers.background import BackgroundScheduler

logger = logging.getLogger(__name__)

GRACE = timedelta(hours=12)
"""How late a flow may still be woken: a computer that slept through the morning wakes it at noon."""
CATCH_UP = "catch_up"
_IN_TURN, _OFTEN = "in_turn", "often"

Call = Callable[[Entry], object]


@contextmanager
def alarm_clock(
    call: Call, *, now: datetime, entries: Iterable[Entry] = TIMETABLE
) -> Iterator[BackgroundScheduler]:
    """Call the flows of the table at their times while entered; begins with those missed today.

    ``now`` is aware and local to the office: the crons are read in its time zone. At the end a flow
    that is running is waited for.
    """
    if now.tzinfo is None:
        raise ValueError(f"a naive datetime names no moment: {now!r}")
    table = tuple(entries)
    scheduler = new_scheduler(now.tzinfo)
    set_alarms(scheduler, table, call)
    set_catch_up(scheduler, missed_today(table, now.time()), call)
    scheduler.start()
    try:
        yield scheduler
    finally:
        scheduler.shutdown(wait=True)


def new_scheduler(zone: tzinfo) -> BackgroundScheduler:
    """Return a scheduler that is not started yet.

    The daily flows run in turn, in one thread, so that none decides on what another is half through;
    those that run often have threads of their own, so that a slow mail server delays no reminder.
    """
    from apscheduler.executors.pool import ThreadPoolExecutor
    from apscheduler.schedulers.background import BackgroundScheduler

    return BackgroundScheduler(
        timezone=zone,
        executors={_IN_TURN: ThreadPoolExecutor(1), _OFTEN: ThreadPoolExecutor(3)},
        job_defaults={
            "coalesce": True,
            "max_instances": 1,
            "misfire_grace_time": int(GRACE.total_seconds()),
        },
    )


def set_alarms(scheduler: BackgroundScheduler, entries: Iterable[Entry], call: Call) -> None:
    """Make the scheduler's jobs those of the table: changed ones replaced, those that left it removed."""
    from apscheduler.triggers.cron import CronTrigger

    table = {entry.key: entry for entry in entries}
    for job in scheduler.get_jobs():
        if job.id not in table:
            scheduler.remove_job(job.id)
    for entry in table.values():
        scheduler.add_job(
            wake,
            CronTrigger.from_crontab(entry.cron, timezone=scheduler.timezone),
            args=(entry, call),
            id=entry.key,
            name=entry.why,
            executor=_IN_TURN if entry.daily_at else _OFTEN,
            replace_existing=True,
        )


def set_catch_up(scheduler: BackgroundScheduler, missed: tuple[Entry, ...], call: Call) -> None:
    """Add one job, due at once, that runs the missed entries in their order."""
    if missed:
        scheduler.add_job(
            catch_up, args=(missed, call), id=CATCH_UP, executor=_IN_TURN, replace_existing=True
        )


def catch_up(missed: Iterable[Entry], call: Call) -> None:
    """Run the day's flows that were missed, one after the other."""
    for entry in missed:
        wake(entry, call)


def wake(entry: Entry, call: Call) -> None:
    """Run one flow; its failure is kept in the log, with its reason, and stops nobody else.

    The next run makes good what this one did not do; the audit shows it until then.
    """
    try:
        call(entry)
    except Exception:
        logger.exception("the flow %s failed; it runs again at its next time (%s)", entry.key, entry.cron)
