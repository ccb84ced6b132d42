"""The department in March 2022, its board on a port of loopback, and the letters of one morning."""

from __future__ import annotations

import shutil
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import pytest
import uvicorn
from fastapi.responses import HTMLResponse
from starlette.datastructures import Headers, MutableHeaders

from board.app import create_board
from flows.open_occurrences import open_occurrences_work
from flows.summarise import summarise_work
from storage.engine import open_engine
from tests.flows.cast import Department, Mail
from tests.looked_at.browser import frames_of
from tests.looked_at.cast import FEBRUARY_28, MARCH_15, clock, department_of_2022, report_row_54

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send


@dataclass(frozen=True, kw_only=True)
class Quarter:
    """What the first quarter left behind."""

    department: Department
    letters: dict[str, Mail]
    """By reader: those of the morning of 28 February."""
    summary: Path


@pytest.fixture(scope="session")
def quarter(_migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Quarter]:
    home = tmp_path_factory.mktemp("looked-at")
    shutil.copyfile(_migrated_sqlite, home / "dondoc.db")
    engine = open_engine(f"sqlite:///{home / 'dondoc.db'}")
    department = department_of_2022(engine, home)
    letters = department.morning(FEBRUARY_28)
    report_row_54(department)
    open_occurrences_work(department.office, MARCH_15)
    (written,) = summarise_work(department.office, MARCH_15)
    yield Quarter(department=department, letters=letters, summary=written.file)
    engine.dispose()


class Framable:
    """Serves ``/frames?<page>``, frames around a page, and lets pages be framed there and nowhere else."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        if scope["path"] == "/frames":
            frames = HTMLResponse(frames_of(scope["query_string"].decode()))
            return await frames(scope, receive, send)
        in_frame = Headers(scope=scope).get("Sec-Fetch-Dest") == "iframe"

        async def send_framable(message: Message) -> None:
            if in_frame and message["type"] == "http.response.start":
                _allow_frames(MutableHeaders(scope=message))
            await send(message)

        return await self._app(scope, receive, send_framable)


def _allow_frames(headers: MutableHeaders) -> None:
    """Let our own frames hold the page; the rest of its policy stays in force."""
    policy, forbidden = headers["Content-Security-Policy"], "frame-ancestors 'none'"
    assert forbidden in policy
    headers["Content-Security-Policy"] = policy.replace(forbidden, "frame-ancestors 'self'")
    del headers["X-Frame-Options"]


@pytest.fixture(scope="session")
def board_url(quarter: Quarter) -> Iterator[str]:
    """The address of the board, opened on 15 March."""
    office = quarter.department.office
    board = create_board(
        office.engine,
        office.organisation_id,
        clock=lambda: clock(quarter.department),
        base_url=office.settings.base_url,
        calendar=office.calendar,
        flow_ui="/flows",
    )
    board.add_middleware(Framable)
    with socket.create_server(("127.0.0.1", 0)) as listening:  # who comes before the server is up waits
        server = uvicorn.Server(uvicorn.Config(board, log_config=None))
        thread = Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join(timeout=20)
        assert not thread.is_alive()
