"""The flow server: Prefect's API and UI inside our own process, beside the board.

One port serves three things: ``/api`` and ``/flows`` are Prefect's, everything else is the board's
(``flows.server_front``). The server has a thread and an event loop of its own: Prefect's engine makes
blocking calls to its API, which on one and the same loop would wait for themselves.
"""

from __future__ import annotations

import asyncio
import gc
import os
import secrets
import socket
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows.server_door import Door
from flows.server_door import PortTaken as PortTaken
from flows.server_door import listening as _listening
from flows.server_front import FLOW_HEADER, back, front
from flows.server_front import FLOWS_PATH as FLOWS_PATH
from storage.door_settings import LOOPBACK as LOOPBACK
from tasks_catalog.problem import Refused

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.types import ASGIApp
    from uvicorn import Server

_CONTEXT = "prefect.context"
_START_SECONDS, _STOP_SECONDS = 180, 15

QUIET: Mapping[str, str] = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
}
"""What keeps Prefect from calling home. It must stand in the environment before Prefect is imported."""


class ServerDidNotStart(Refused):
    """The flow server's start-up failed; the reason is quoted."""


@dataclass(frozen=True, kw_only=True)
class RunningServer:
    """Where the server answers: to people at ``url`` and ``flows_url``, to flows at ``api_url``."""

    url: str
    api_url: str
    flows_url: str
    port: int


@dataclass(frozen=True, kw_only=True)
class _Way:
    """A socket and what stands on it."""

    listener: socket.socket
    secret: str = ""
    """What flows of ours say there; "" on the port that is everybody's."""

    @property
    def port(self) -> int:
        port: int = self.listener.getsockname()[1]
        return port


@contextmanager
def serve(
    board: FastAPI | None, *, home: Path, port: int, door: Door | None = None
) -> Iterator[RunningServer]:
    """Serve the board and Prefect on ``port`` (0: a free one) while entered; flows run through it.

    One at a time in a process: Prefect keeps its server's state in its modules.
    Prefect's database and UI files are kept under ``home``. Without a ``door`` it is loopback's. Raises
    PortTaken, AddressNotHere or CertificateUnusable before anything is written, ServerDidNotStart when
    Prefect fails to come up.
    """
    door = door or Door()
    door.check_certificate()
    with ExitStack() as open_ones:
        ways = [_Way(listener=open_ones.enter_context(_listening(door.listen, port)))]
        if door.guarded:
            listener = open_ones.enter_context(_listening(LOOPBACK, 0))
            ways.append(_Way(listener=listener, secret=secrets.token_urlsafe(32)))
        taken, own = ways[0].port, ways[-1]
        url = door.url or door.near(taken)
        api = f"http://{LOOPBACK}:{own.port}" if own.secret else door.near(taken)
        running = RunningServer(url=url, api_url=f"{api}/api", flows_url=f"{url}{FLOWS_PATH}", port=taken)
        settings = _prefect_settings(home / "prefect", running, door)
        open_ones.enter_context(_environment(settings, own.secret))
        open_ones.enter_context(_running(board, ways, door))
        yield running


def _prefect_settings(folder: Path, running: RunningServer, door: Door) -> dict[str, str]:
    folder.mkdir(parents=True, exist_ok=True)
    origins = ",".join(door.origins(running.port))
    return {
        **QUIET,
        "PREFECT_HOME": str(folder),
        "PREFECT_API_URL": running.api_url,
        "PREFECT_UI_API_URL": "/api",
        "PREFECT_UI_URL": running.flows_url,  # for the links Prefect prints
        "PREFECT_UI_SERVE_BASE": FLOWS_PATH,
        "PREFECT_UI_STATIC_DIRECTORY": str(folder / "ui"),  # the installed package may be read-only
        "PREFECT_SERVER_EPHEMERAL_ENABLED": "false",
        "PREFECT_SERVER_CORS_ALLOWED_ORIGINS": origins,
        "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
        "PREFECT_LOGGING_SERVER_LEVEL": "ERROR",
        "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "WARNING",
    }


@contextmanager
def _environment(values: Mapping[str, str], secret: str) -> Iterator[None]:
    """Set environment variables and make Prefect, which may be imported already, read them; undo at exit.

    The ``secret`` stands in no environment, which children of this process would inherit.
    """
    before = {name: os.environ.get(name) for name in values}
    read_before = _settings_read()
    os.environ.update(values)
    try:
        own = {FLOW_HEADER: secret} if secret else {}
        _reread_prefect_settings({"flows.heartbeat_frequency": None, "client.custom_headers": own})
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
        _reread_prefect_settings()
        if read_before is not None:  # what a server already running here put into them holds on
            sys.modules[_CONTEXT].GLOBAL_SETTINGS_CONTEXT = read_before  # type: ignore[attr-defined]


def _settings_read() -> object:
    """Return the settings Prefect has read; None where it is not imported yet, and is not to be for this."""
    return getattr(sys.modules.get(_CONTEXT), "GLOBAL_SETTINGS_CONTEXT", None)


def _reread_prefect_settings(updates: Mapping[Any, object] | None = None) -> None:
    """Make Prefect read the environment again, for all threads, but for ``updates``.

    Without heartbeats a run ends when its work is done; with them it ends a second later, and
    nobody listens for them in one process. The environment cannot say so, only a value can.
    """
    from prefect import context

    context.refresh_global_settings_context()
    if updates:
        fresh = context.GLOBAL_SETTINGS_CONTEXT
        settings = fresh.settings.copy_with_update(updates=updates)
        context.GLOBAL_SETTINGS_CONTEXT = context.SettingsContext(profile=fresh.profile, settings=settings)


@contextmanager
def _running(board: FastAPI | None, ways: Sequence[_Way], door: Door) -> Iterator[None]:
    from prefect.server.api.server import create_app

    started: Future[None] = Future()
    # Not out of Prefect's cache: an app whose lifespan has run once does nothing in a second one.
    prefect_app = create_app(ignore_cache=True)
    servers = [_uvicorn(front(board, prefect_app, started, door, ways[0].port), door)]
    servers += [_uvicorn(back(prefect_app, way.secret)) for way in ways[1:]]
    gc.collect()
    gc.freeze()  # what is loaded by now stays: looking through it for cycles held up a page for 0.1 s
    thread = threading.Thread(target=_run, args=(servers, ways), name="flow-server", daemon=True)
    thread.start()
    try:
        _wait_for(started)
        yield
    finally:
        _send_what_is_queued()
        for server in servers:
            server.should_exit = True
        thread.join(timeout=_STOP_SECONDS)


def _send_what_is_queued() -> None:
    """Let the runs' last logs and events reach the server; left over, they hold up the exit for a minute."""
    from prefect.events.worker import EventsWorker
    from prefect.logging.handlers import APILogWorker

    APILogWorker.drain_all(timeout=_STOP_SECONDS)
    EventsWorker.drain_all(timeout=_STOP_SECONDS)


def _run(servers: Sequence[Server], ways: Sequence[_Way]) -> None:
    async def serve_all() -> None:
        each = zip(servers, ways, strict=True)
        await asyncio.gather(*(server.serve(sockets=[way.listener]) for server, way in each))

    with (
        suppress(SystemExit),  # uvicorn's way of saying that the start failed; ``started`` holds the reason
        asyncio.Runner(loop_factory=servers[0].config.get_loop_factory()) as runner,
    ):
        runner.run(serve_all())


def _wait_for(started: Future[None]) -> None:
    try:
        started.result(timeout=_START_SECONDS)
    except Exception as error:
        raise ServerDidNotStart("server_did_not_start", error=f"{type(error).__name__}: {error}") from error


def _uvicorn(app: ASGIApp, door: Door | None = None) -> Server:
    """Return the server of an application: by the ``door``, or on the port our own flows call."""
    from uvicorn import Config, Server

    proxies = list(door.proxies) if door else []
    return Server(
        Config(
            app,
            lifespan="on" if door else "off",
            log_config=None,
            log_level="warning",
            access_log=False,
            ws="websockets-sansio",  # the usual choice rests on a part of websockets that is going away
            server_header=False,
            timeout_graceful_shutdown=3,  # a page left open, with its event stream, must not hold up the end
            proxy_headers=bool(proxies),  # its default believes whoever calls from loopback
            forwarded_allow_ips=proxies,
            ssl_certfile=door.certificate if door else None,
            ssl_keyfile=door.key if door else None,
        )
    )
