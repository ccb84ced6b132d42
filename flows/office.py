"""The office: the wiring of database, mail, calendar and clock; nothing else in flows reads a clock."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property
from pathlib import Path

from sqlalchemy import Engine, make_url
from sqlalchemy.orm import Session

from notifications.deliver import Mailer
from notifications.mail_settings import mail_settings_from, mailer_from
from storage.engine import check_version, open_engine, read
from storage.office_calendar import OfficeCalendar, shipped
from storage.organisations import only_organisation, organisation_of
from storage.secret import keys_of
from storage.settings import Settings, load_settings
from tasks_catalog.calendar import WorkCalendar
from tasks_catalog.documents.swapped_days import read_swapped_days
from tasks_catalog.problem import Refused
from tasks_catalog.sending_hours import Hours
from tasks_catalog.year_days import Layer, Origin

SWAPPED_DAYS_FILE = "swapped-days.csv"
_COLLECT_SELDOM = (50_000, 20, 100)
"""A plan's facts are many objects without a cycle among them; looking through them for cycles as often as
Python does by itself took a fifth of a morning's CPU."""


class NotToday(Refused):
    """A live office was asked to act as of another day; only reading may look at other days."""


class OfficeMissing(Refused):
    """No office was set up in the home folder."""


@dataclass(frozen=True, kw_only=True)
class OpenOffice:
    """An office at work: its settings, its database, its organisation."""

    settings: Settings
    engine: Engine
    organisation_id: int
    simulated: bool

    @cached_property
    def calendars(self) -> OfficeCalendar:
        """Vietnamese working days, the swapped days shipped, those of the office's file, those it entered."""
        return OfficeCalendar(self.organisation_id, layers=_layers(self.settings.home))

    @property
    def calendar(self) -> WorkCalendar:
        """The office's working days as they are set now: a day changed on the board is changed here.

        Within a transaction ask ``calendar_in``, which takes no second connection.
        """
        with read(self.engine) as session:
            return self.calendars.of(session)

    def calendar_in(self, session: Session) -> WorkCalendar:
        """Return the office's working days as a transaction has them."""
        return self.calendars.of(session)

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """What links and return paths in letters are signed with."""
        return keys_of(self.settings.home)

    @property
    def sending(self) -> Hours:
        """The hours in which letters leave."""
        return Hours(first=self.settings.sending_from, until=self.settings.sending_to)

    def mailer(self) -> Mailer:
        return mailer_from(mail_settings_from(self.settings.mail))

    def now(self) -> datetime:
        """Return the time, local to the office."""
        return local_now(self.settings)

    def today(self) -> date:
        return self.now().date()

    def moment_of(self, as_of: date | datetime | None, at: time) -> datetime:
        """Return the local moment a flow acts as of; a bare date means ``at`` on that day.

        A live office acts at this moment only, so that naming today opens no sending hours at night.
        Raises NotToday when it would write as of another day (rule 11): a wrong clock or a forgotten
        option must not mail a year of reminders.
        """
        if as_of is None:
            return self.now()
        if isinstance(as_of, datetime):
            moment = as_of.astimezone(self.settings.timezone) if as_of.tzinfo else self._local(as_of)
        else:
            moment = self._local(datetime.combine(as_of, at))
        if self.simulated:
            return moment
        now = self.now()
        if moment.date() != now.date():
            raise NotToday("as_of_not_today", as_of=moment.date().isoformat(), today=now.date().isoformat())
        return now

    def later(self, moment: datetime) -> datetime:
        """Return the time when work begun at ``moment`` has gone on; simulated time stands still."""
        return moment if self.simulated else self.now()

    def _local(self, naive: datetime) -> datetime:
        return naive.replace(tzinfo=self.settings.timezone)


def _layers(home: Path) -> tuple[Layer, ...]:
    """Return the swapped days that are not in the database; a file is read once in a process."""
    own = home / SWAPPED_DAYS_FILE
    if not own.exists():
        return (shipped(),)
    return (shipped(), Layer(origin=Origin.FILE, days=read_swapped_days(own)))


def local_now(settings: Settings) -> datetime:
    """Read the clock: the time in the office's zone. Nothing else in the program reads one."""
    return datetime.now(settings.timezone)


@contextmanager
def open_office(home: Path | None = None) -> Iterator[OpenOffice]:
    """Open the office of a home folder; refuses one that was not set up, or a newer database."""
    gc.set_threshold(*_COLLECT_SELDOM)
    settings = load_settings(home)
    if _is_missing(settings.database_url):
        raise OfficeMissing("office_missing", home=settings.home)
    engine = open_engine(settings.database_url)
    try:
        check_version(engine)
        with read(engine) as session:
            named = settings.organisation
            organisation = organisation_of(session, named) if named else only_organisation(session)
            organisation_id, kind = organisation.id, organisation.kind
        yield OpenOffice(
            settings=settings,
            engine=engine,
            organisation_id=organisation_id,
            simulated=kind == "simulated",
        )
    finally:
        engine.dispose()


def _is_missing(database_url: str) -> bool:
    """Say whether the database is a file that is not there: opening it would make an empty one."""
    url = make_url(database_url)
    is_file = url.get_backend_name() == "sqlite" and url.database not in (None, "", ":memory:")
    return is_file and not Path(str(url.database)).exists()
