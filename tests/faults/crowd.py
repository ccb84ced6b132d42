"""A process among many that work the same mornings in step, every tick of the timetable twice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from multiprocessing.synchronize import Barrier

from flows.escalate import escalate_work
from flows.open_occurrences import open_occurrences_work
from flows.post import post_work
from flows.remind import remind_work
from tests.faults.doomed import Place

TICKS = (open_occurrences_work, remind_work, escalate_work, post_work)
PATIENCE = 120
"""Seconds a process waits for the others."""


def work_among_many(place: Place, mornings: Sequence[date], together: Barrier) -> None:
    """Run each tick of each morning twice, meeting the others before every one. Exits with 1 on a fault."""
    office = place.open()
    try:
        for day in mornings:
            for work in (tick for tick in TICKS for _ in range(2)):
                together.wait(timeout=PATIENCE)
                work(office, day)
    except BaseException:
        together.abort()  # or the others would wait for their whole patience
        raise
    finally:
        office.engine.dispose()
