"""A department on a fresh database, and one flow server for all tests: its start is what takes long."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastapi import Request
from sqlalchemy import Engine

from board.app import create_board
from board.flow_door import flow_door
from board.viewers import Looking
from flows.server import RunningServer, serve
from flows.server_door import Door
from storage.engine import open_engine
from tasks_catalog.allowed import Actor
from tasks_catalog.people import Post
from tests.flows.cast import Department, open_department


def who_looks(request: Request) -> Looking:
    """Take the word of a cookie for who signed in: what a session's token is worth is tested elsewhere."""
    post = request.cookies.get("post", "")
    actor = Actor(code=post, post=Post(post), unit="VP") if post else None
    return Looking(actor=actor, must_sign_in=True)


@pytest.fixture(scope="session")
def flow_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """Prefect on a free port of loopback, beside a board people sign in to."""
    home = tmp_path_factory.mktemp("office")
    engine = open_engine(f"sqlite:///{home / 'empty.db'}")
    board = create_board(engine, 1, clock=lambda: datetime.now(UTC), base_url="", viewer=who_looks)
    with serve(board, home=home, port=0, door=Door(admits=flow_door(board))) as running:
        yield running
    engine.dispose()


@pytest.fixture
def department(sqlite_engine: Engine, tmp_path: Path) -> Department:
    return open_department(sqlite_engine, tmp_path)


@pytest.fixture
def any_department(engine: Engine, tmp_path: Path) -> Department:
    """The department on each kind of database in turn."""
    return open_department(engine, tmp_path)
