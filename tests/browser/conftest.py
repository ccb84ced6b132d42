"""Chromium, the pages it opens, and the offices they look at."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import Engine

from storage.engine import open_engine
from tests.board.conftest import organisation_id as organisation_id
from tests.browser.cast import Department2022, Office, apart, department_2022, small_office
from tests.browser.eyes import Chromium, Page, Watched
from tests.looked_at.programs import program


@pytest.fixture(scope="session")
def _year(_migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Department2022]:
    """Nearly a year's mornings: some fifteen seconds, paid for once a process."""
    program("chromium", "chromium-browser")
    home = tmp_path_factory.mktemp("year-2022")
    shutil.copyfile(_migrated_sqlite, home / "dondoc.db")
    engine = open_engine(f"sqlite:///{home / 'dondoc.db'}")
    yield apart(lambda: department_2022(engine, home))
    engine.dispose()


@pytest.fixture(scope="session")
def year(_year: Department2022) -> Iterator[Office]:
    """The department's board on 30/11/2022; for looking only, since all tests share it."""
    with _year.board() as office:
        yield office


@pytest.fixture(scope="session")
def year_in_english(_year: Department2022) -> Iterator[Office]:
    with _year.board("en") as office:
        yield office


@pytest.fixture
def office(sqlite_engine: Engine, organisation_id: int, tmp_path: Path) -> Iterator[Office]:
    """The small office on 18/10/2022, a new one for each story."""
    with small_office(sqlite_engine, organisation_id, files=tmp_path / "files") as found:
        yield found


@pytest.fixture(scope="module")
def chromium() -> Iterator[Chromium]:
    """A browser for a module: while it is there, no other event loop can be started in the test's thread."""
    with Chromium(program("chromium", "chromium-browser")) as browser:
        yield browser


@pytest.fixture
def open_page(chromium: Chromium) -> Iterator[Callable[..., Page]]:
    """Open a page of its own with ``open_page(office.url, width=320)``; what it complains of fails the test.

    Pages run without JavaScript unless ``scripts=True``: every page must work so.
    """
    with ExitStack() as stack:
        watched: list[Watched] = []

        def opened(url: str, **how: object) -> Page:
            found = stack.enter_context(chromium.watched(url, **how))  # type: ignore[arg-type]
            watched.append(found)
            return found.page

        yield opened
        complaints = [line for found in watched for line in found.complaints]
    assert complaints == []
