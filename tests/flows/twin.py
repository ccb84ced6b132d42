"""A process that works through mornings in step with its twin: both begin each one at the same moment."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date
from multiprocessing.synchronize import Barrier
from pathlib import Path

from flows.escalate import escalate_work
from flows.office import OpenOffice
from flows.open_occurrences import open_occurrences_work
from flows.post import post_work
from flows.remind import remind_work
from storage.engine import open_engine
from storage.office_calendar import calendar_of
from storage.settings import Settings
from tests.flows.cast import working_days


def live_through(
    url: str, home: str, organisation_id: int, mornings: Sequence[date], together: Barrier
) -> None:
    """Run each morning's flows, meeting the twin before every one of them. Exits with 1 on any failure."""
    folder = Path(home)
    settings = Settings(
        home=folder, database_url=url, mail={"kind": "maildir", "folder": str(folder / "mail")}
    )
    engine = open_engine(url)
    office = OpenOffice(settings=settings, engine=engine, organisation_id=organisation_id, simulated=True)
    office.__dict__["calendars"] = calendar_of(organisation_id, working_days())
    try:
        for day in mornings:
            for work in (open_occurrences_work, remind_work, escalate_work, post_work):
                together.wait(timeout=120)
                work(office, day)
    except BaseException:
        together.abort()  # or the twin would wait for its whole patience
        raise
    finally:
        engine.dispose()
        sys.stdout.flush()
