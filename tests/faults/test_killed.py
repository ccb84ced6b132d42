"""Promises P2 and P4: a process killed at any point of its morning loses no letter and repeats none.

Every commit of the morning is a point to die at, on both sides of it, and so is every word of the dialogue
with the relay. What had begun to leave is shown as unknown; all else goes, once, after the restart.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Engine, make_url, text

from storage.engine import open_engine
from tests.conftest import _administrator, _database
from tests.faults.doomed import Death
from tests.faults.drill import Drill, Executioner
from tests.flows.cast import PLAN, Department, open_department
from tests.flows.relay import free_port, listening, relay_settings

MOST_UNKNOWN = 4
"""Letters that can be on their way at once: one a connection (``[mail] connections``)."""
Copy = Callable[[], Engine]


@pytest.fixture(params=["sqlite", "postgres"])
def copies(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Copy]:
    """What makes one database after another, each with the department on the eve of its morning."""
    engine: Engine = request.getfixturevalue(f"{request.param}_engine")
    department = open_department(engine, tmp_path)
    department.start(PLAN)
    engine.dispose()
    numbers = count(1)
    made: list[Engine] = []

    def sqlite() -> Engine:
        path = tmp_path / f"copy-{next(numbers)}.db"
        shutil.copyfile(str(engine.url.database), path)
        return open_engine(f"sqlite:///{path}")

    def postgres() -> Engine:
        server = engine.url.render_as_string(hide_password=False)
        name = f"copy_{uuid4().hex}"
        with _administrator(_database(server, "postgres")) as connection:
            connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {make_url(server).database}"))
        return open_engine(_database(server, name))

    def copy() -> Engine:
        made.append(sqlite() if request.param == "sqlite" else postgres())
        return made[-1]

    yield copy
    for each in made:
        each.dispose()


@contextmanager
def drill(copies: Copy, home: Path) -> Iterator[Drill]:
    port, relay, engine = free_port(), Executioner(), copies()
    found = _department(engine, home, port)
    with listening(relay, port):
        yield Drill(department=found, relay=relay)
    engine.dispose()


def _department(engine: Engine, home: Path, port: int) -> Department:
    """Open the department that is in the database already, over a relay of its own."""
    from dataclasses import replace

    from flows.office import OpenOffice
    from storage.engine import read
    from storage.organisations import only_organisation
    from storage.settings import Settings
    from tests.flows.cast import working_days

    url = engine.url.render_as_string(hide_password=False)
    settings = replace(Settings(home=home, database_url=url), mail=relay_settings(port))
    with read(engine) as session:
        organisation_id = only_organisation(session).id
    office = OpenOffice(settings=settings, engine=engine, organisation_id=organisation_id, simulated=True)
    office.__dict__["calendar"] = working_days()
    return Department(office=office)


def test_killed_at_every_commit_nothing_is_lost_and_nothing_goes_twice(copies: Copy, tmp_path: Path) -> None:
    with drill(copies, tmp_path) as whole:
        commits = whole.commits()
        expected = frozenset(whole.left().taken)
    assert len(expected) >= 3
    assert commits > 2 * len(expected)  # a claim and a beginning for each letter, and what came before
    ever_unknown = 0
    for death in (Death(commit=n, after=after) for n in range(1, commits + 1) for after in (False, True)):
        with drill(copies, tmp_path) as one:
            one.die(death)
            after = one.restart()
        assert after.lost(expected) == frozenset(), death.name
        assert after.twice == 0, death.name
        assert set(after.taken.values()) <= {1}, death.name
        assert after.waiting == 0, death.name
        assert len(after.unknown) <= MOST_UNKNOWN, death.name
        assert set(after.states) <= {"sent", "unknown"}, death.name
        ever_unknown += bool(after.unknown)
    assert ever_unknown  # the window after DATA was among the points


@pytest.mark.parametrize("word", ["MAIL", "RCPT", "DATA"])
def test_killed_at_a_word_of_the_dialogue(copies: Copy, tmp_path: Path, word: str) -> None:
    with drill(copies, tmp_path) as whole:
        whole.commits()
        expected = frozenset(whole.left().taken)
    with drill(copies, tmp_path) as one:
        one.die_at(word)
        after = one.restart()
    assert after.lost(expected) == frozenset()
    assert after.twice == 0
    assert after.waiting == 0
    if word != "DATA":
        assert after.unknown == frozenset()
        assert after.taken == dict.fromkeys(expected, 1)
    else:
        assert 1 <= len(after.unknown) <= MOST_UNKNOWN
        assert set(after.taken.values()) == {1}
