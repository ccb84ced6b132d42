"""A process that does a morning's work and dies where it is told to, as by kill -9 or a power cut."""

from __future__ import annotations

import os
import signal
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from flows.escalate import escalate_work
from flows.office import OpenOffice
from flows.open_occurrences import open_occurrences_work
from flows.post import post_work
from flows.remind import remind_work
from storage.engine import open_engine
from storage.office_calendar import calendar_of
from storage.settings import Settings
from tests.flows.cast import working_days

CALENDAR = working_days()
"""Worked out before the processes fork: each of them would take half a second for it."""


@dataclass(frozen=True, kw_only=True)
class Death:
    """At which commit of the morning to die, and on which side of it."""

    commit: int
    after: bool

    @property
    def name(self) -> str:
        return f"{'after' if self.after else 'before'} commit {self.commit}"


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where the office is, told to a process that opens it anew."""

    url: str
    home: str
    organisation_id: int
    mail: Mapping[str, object]

    def open(self) -> OpenOffice:
        settings = Settings(home=Path(self.home), database_url=self.url, mail=self.mail)
        office = OpenOffice(
            settings=settings,
            engine=open_engine(self.url),
            organisation_id=self.organisation_id,
            simulated=True,
        )
        office.__dict__["calendars"] = calendar_of(office.organisation_id, CALENDAR)
        return office


def morning(place: Place, at: datetime, death: Death | None, commits: Synchronized[int] | None) -> None:
    """Work through the morning of ``at``; ``commits`` is left at how many were made."""
    office = place.open()
    _count_commits(office.engine, death, commits)
    try:
        open_occurrences_work(office, at)
        remind_work(office, at)
        escalate_work(office, at)
        post_work(office, at)
    finally:
        office.engine.dispose()


def _count_commits(engine: Engine, death: Death | None, commits: Synchronized[int] | None) -> None:
    commit, made = engine.dialect.do_commit, 0

    def do_commit(connection: Any) -> None:
        nonlocal made
        made += 1
        if commits is not None:
            commits.value = made
        if death is not None and death.commit == made and not death.after:
            os.kill(os.getpid(), signal.SIGKILL)
        commit(connection)
        if death is not None and death.commit == made and death.after:
            os.kill(os.getpid(), signal.SIGKILL)

    engine.dialect.do_commit = do_commit  # type: ignore[method-assign]
