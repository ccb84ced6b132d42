"""The flow server: Prefect's API and UI inside our own process, on loopback, beside the board.

One port serves three things: ``/api`` and ``/flows`` are Prefect's, everything else is the board's.
The server has a thread and an event loop of its own: Prefect's engine makes blocking calls to its
API, which on one and the same loop would wait for themselves.
"""

from __future__ import annotations

import gc
import os
import socket
import threading
from collections.abc import AsyncIterator, Iterator, Mapping
from concurrent.futures import Future
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tasks_catalog.problem import Refused

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.types import ASGIApp, Receive, Scope, Send
    from uvicorn import Server

LOOPBACK = "127.0.0.1"
FLOWS_PATH = "/flows"
"""Where the flow UI lives; Prefect's API is always at ``/api``, where its UI looks for it."""
_OWN_NAMES = (LOOPBACK, "localhost")
_START_SECONDS, _STOP_SECONDS = 180, 15

QUIET: Mapping[str, str] = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
}
"""What keeps Prefect from calling home. It must stand in the environment before Prefect is imported."""


class PortTaken(Refused):
    """Another program, perhaps another dondoc, listens on the port already."""


class ServerDidNotStart(Refused):
    """The flow server's start-up failed; the reason is quoted."""


@dataclass(frozen=True, kw_only=True)
class RunningServer:
    """Where the server answers. ``flows_url`` is the flow UI, ``api_url`` what workers connect to."""

    url: str
    api_url: str
    flows_url: str
    port: int


@contextmanager
def serve(board: FastAPI | None, *, home: Path, port: int) -> Iterator[RunningServer]:
    """Serve the board and Prefect on ``port`` (0: a free one) while entered; flows run through it.

    One at a time in a process: Prefect keeps its server's state in its modules.
    Prefect's database and UI files are kept under ``home``. Raises PortTaken before anything is
    written, ServerDidNotStart when Prefect fails to come up.
    """
    with _listening(port) as listener:
        taken: int = listener.getsockname()[1]
        url = f"http://{LOOPBACK}:{taken}"
        running = RunningServer(url=url, api_url=f"{url}/api", flows_url=f"{url}{FLOWS_PATH}", port=taken)
        with _environment(_prefect_settings(home / "prefect", running)), _running(board, listener, taken):
            yield running


@contextmanager
def _listening(port: int) -> Iterator[socket.socket]:
    """Bind first: the port's number is known, and a taken port refused, before Prefect is imported."""
    # Named as TCP, or asyncio leaves Nagle's delay on: 40 ms for each of the ten calls a flow run makes.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        if os.name == "posix":  # lets a restart take the port at once; elsewhere it would let two share it
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((LOOPBACK, port))
        except OSError as error:
            raise PortTaken("port_taken", port=port, error=error.strerror) from error
        listener.listen(128)
        yield listener


def _prefect_settings(folder: Path, running: RunningServer) -> dict[str, str]:
    folder.mkdir(parents=True, exist_ok=True)
    origins = ",".join(_origins(running.port))
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


def _origins(port: int) -> tuple[str, ...]:
    return tuple(f"http://{name}:{port}" for name in _OWN_NAMES)


@contextmanager
def _environment(values: Mapping[str, str]) -> Iterator[None]:
    """Set environment variables and make Prefect, which may be imported already, read them; undo at exit."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        _reread_prefect_settings(heartbeat=False)
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
        _reread_prefect_settings()


def _reread_prefect_settings(*, heartbeat: bool = True) -> None:
    """Make Prefect read the environment again, for all threads.

    Without heartbeats a run ends when its work is done; with them it ends a second later, and
    nobody listens for them in one process. The environment cannot say so, only a value can.
    """
    from prefect import context

    context.refresh_global_settings_context()
    if not heartbeat:
        fresh = context.GLOBAL_SETTINGS_CONTEXT
        silent = fresh.settings.copy_with_update(updates={"flows.heartbeat_frequency": None})
        context.GLOBAL_SETTINGS_CONTEXT = context.SettingsContext(profile=fresh.profile, settings=silent)


@contextmanager
def _running(board: FastAPI | None, listener: socket.socket, port: int) -> Iterator[None]:
    from prefect.server.api.server import create_app

    started: Future[None] = Future()
    # Not out of Prefect's cache: an app whose lifespan has run once does nothing in a second one.
    server = _uvicorn(_front(board, create_app(ignore_cache=True), started, _origins(port)))
    gc.collect()
    gc.freeze()  # what is loaded by now stays: looking through it for cycles held up a page for 0.1 s
    thread = threading.Thread(target=_run, args=(server, listener), name="flow-server", daemon=True)
    thread.start()
    try:
        _wait_for(started)
        yield
    finally:
        _send_what_is_queued()
        server.should_exit = True
        thread.join(timeout=_STOP_SECONDS)


def _send_what_is_queued() -> None:
    """Let the runs' last logs and events reach the server; left over, they hold up the exit for a minute."""
    from prefect.events.worker import EventsWorker
    from prefect.logging.handlers import APILogWorker

    APILogWorker.drain_all(timeout=_STOP_SECONDS)
    EventsWorker.drain_all(timeout=_STOP_SECONDS)


def _run(server: Server, listener: socket.socket) -> None:
    with suppress(SystemExit):  # uvicorn's way of saying that the start failed; ``started`` holds the reason
        server.run(sockets=[listener])


def _wait_for(started: Future[None]) -> None:
    try:
        started.result(timeout=_START_SECONDS)
    except Exception as error:
        raise ServerDidNotStart("server_did_not_start", error=f"{type(error).__name__}: {error}") from error


def _uvicorn(front: ASGIApp) -> Server:
    from uvicorn import Config, Server

    return Server(
        Config(
            front,
            lifespan="on",
            log_config=None,
            log_level="warning",
            access_log=False,
            ws="websockets-sansio",  # the usual choice rests on a part of websockets that is going away
            server_header=False,
            timeout_graceful_shutdown=3,  # a page left open, with its event stream, must not hold up the end
        )
    )


def _front(
    board: FastAPI | None, prefect_app: FastAPI, started: Future[None], origins: tuple[str, ...]
) -> ASGIApp:
    """Return the application on the port: the guards, then Prefect for its two paths, else the board."""
    from starlette.applications import Starlette
    from starlette.middleware import Middleware
    from starlette.middleware.trustedhost import TrustedHostMiddleware
    from starlette.routing import Mount

    parts = [prefect_app] if board is None else [board, prefect_app]

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            try:
                for part in parts:  # the lifespan of an app inside another does not run by itself
                    await stack.enter_async_context(part.router.lifespan_context(part))
            except Exception as error:
                started.set_exception(error)
                raise
            started.set_result(None)
            yield

    return Starlette(
        routes=[Mount("", app=_Parted(board or prefect_app, prefect_app))],
        lifespan=lifespan,
        middleware=[
            Middleware(TrustedHostMiddleware, allowed_hosts=list(_OWN_NAMES), www_redirect=False),
            Middleware(_OwnPagesOnly, origins=origins),
        ],
    )


class _Parted:
    """Hands Prefect's paths to Prefect whole (a mount would cut the prefix off), the rest to the board."""

    def __init__(self, board: ASGIApp, prefect_app: ASGIApp) -> None:
        self._board = board
        self._prefect = prefect_app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        first = scope["path"].split("/", 2)[1]
        app = self._prefect if f"/{first}" in ("/api", FLOWS_PATH) else self._board
        await app(scope, receive, send)


class _OwnPagesOnly:
    """Refuses what another site's page, open in the same browser, sends to the API: it has no sign-in."""

    def __init__(self, app: ASGIApp, origins: tuple[str, ...]) -> None:
        self._app = app
        self._origins = origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        from starlette.datastructures import Headers
        from starlette.responses import PlainTextResponse

        asks = scope["type"] in ("http", "websocket") and scope.get("method") not in ("GET", "HEAD")
        if asks and Headers(scope=scope).get("origin", self._origins[0]) not in self._origins:
            await PlainTextResponse("origin refused", status_code=403)(scope, receive, send)
            return
        await self._app(scope, receive, send)
