"""The ground drills stand on: a department on the eve of its morning, copied for each drill."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path
from uuid import uuid4

from sqlalchemy import Engine, NullPool, create_engine, text

from flows.office import OpenOffice
from storage.engine import open_engine, read
from storage.office_calendar import calendar_of
from storage.organisations import only_organisation
from storage.settings import Settings
from tests.faults.drill import Drill, Executioner
from tests.flows.cast import PLAN, Department, open_department, working_days
from tests.flows.relay import free_port, listening, relay_settings

Copy = Callable[[], Engine]
"""Makes a database of its own, with the department in it, each time it is called."""


@contextmanager
def ground(engine: Engine, folder: Path, plan: str = PLAN) -> Iterator[Copy]:
    """Set the department up on a migrated database of either kind and yield what copies it."""
    open_department(engine, folder).start(plan)
    with copies_of(engine, folder) as copy:
        yield copy


@contextmanager
def copies_of(engine: Engine, folder: Path) -> Iterator[Copy]:
    """Yield what copies a database; nobody may use the one copied meanwhile."""
    engine.dispose()
    numbers, made = count(1), []
    of_file = engine.dialect.name == "sqlite"

    def copy() -> Engine:
        made.append(_file_copy(engine, folder / f"copy-{next(numbers)}.db") if of_file else _copy(engine))
        return made[-1]

    yield copy
    for each in made:
        each.dispose()


def _file_copy(engine: Engine, path: Path) -> Engine:
    shutil.copyfile(str(engine.url.database), path)
    return open_engine(f"sqlite:///{path}")


def _copy(engine: Engine) -> Engine:
    name = f"copy_{uuid4().hex}"
    server = create_engine(
        engine.url.set(database="postgres"), isolation_level="AUTOCOMMIT", poolclass=NullPool
    )
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {engine.url.database}"))
    return open_engine(engine.url.set(database=name).render_as_string(hide_password=False))


@contextmanager
def drill(copy: Copy, home: Path) -> Iterator[Drill]:
    """Open a copy of the department over a relay of its own."""
    port, relay, engine = free_port(), Executioner(), copy()
    found = reopened(engine, home, mail=relay_settings(port))
    with listening(relay, port):
        yield Drill(department=found, relay=relay)
    engine.dispose()


def reopened(engine: Engine, home: Path, **changed: object) -> Department:
    """Open the department that is in a database already; ``changed`` are settings that differ."""
    home.mkdir(parents=True, exist_ok=True)
    url = engine.url.render_as_string(hide_password=False)
    settings = replace(Settings(home=home, database_url=url), **changed)  # type: ignore[arg-type]
    with read(engine) as session:
        organisation_id = only_organisation(session).id
    office = OpenOffice(settings=settings, engine=engine, organisation_id=organisation_id, simulated=True)
    office.__dict__["calendars"] = calendar_of(organisation_id, working_days())
    return Department(office=office)
