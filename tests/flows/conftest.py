"""A department on a fresh database, and one flow server for all tests: its start is what takes long."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine

from flows.server import RunningServer, serve
from tests.flows.cast import Department, open_department


@pytest.fixture(scope="session")
def flow_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """Prefect on a free port of loopback, beside a board of one page."""
    board = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)

    @board.get("/")
    def front_page() -> str:
        return "the board"

    with serve(board, home=tmp_path_factory.mktemp("office"), port=0) as running:
        yield running


@pytest.fixture
def department(sqlite_engine: Engine, tmp_path: Path) -> Department:
    return open_department(sqlite_engine, tmp_path)


@pytest.fixture
def any_department(engine: Engine, tmp_path: Path) -> Department:
    """The department on each kind of database in turn."""
    return open_department(engine, tmp_path)
