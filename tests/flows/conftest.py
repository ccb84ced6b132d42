"""One flow server for all tests that need the engine: its start is what takes long."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi import FastAPI

from flows.server import RunningServer, serve


@pytest.fixture(scope="session")
def flow_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """Prefect on a free port of loopback, beside a board of one page."""
    board = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)

    @board.get("/")
    def front_page() -> str:
        return "the board"

    with serve(board, home=tmp_path_factory.mktemp("office"), port=0) as running:
        yield running
