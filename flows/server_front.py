"""What stands on the server's port: its guards, then Prefect for its two paths, else the board.

Where people sign in, Prefect's paths are for those the door admits, and our own flows come by another way:
a port of loopback's own, which asks for a secret made at the start. So nobody is taken for a flow of ours
for calling from this machine, as everybody does who comes through a proxy on it.
"""

from __future__ import annotations

import hmac
import time
from collections.abc import AsyncIterator, Mapping
from concurrent.futures import Future
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING

from storage.door_settings import HSTS

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from flows.server_door import Admits, Door

API_PATH, FLOWS_PATH = "/api", "/flows"
"""Where Prefect's API is, which is where its UI looks for it, and where the flow UI lives."""
FLOW_HEADER = "X-Dondoc-Flow"
_SETTINGS = "/api/admin/settings"
_ASKED_AGAIN_SECONDS = 30.0
"""How long an open stream is believed to be its reader's, who may have signed out meanwhile."""
_POLICY_VIOLATION = 1008
"""RFC 6455, 7.4.1."""
_HIDDEN = (b"cookie", b"authorization", FLOW_HEADER.lower().encode())

HEADERS: Mapping[str, str] = {
    # Prefect's pages are scripts and style themselves; they may call nobody but this server.
    "Content-Security-Policy": "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "worker-src 'self' blob:; connect-src 'self'; base-uri 'self'; form-action 'self'; object-src 'none'; "
    "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def front(
    board: FastAPI | None, prefect_app: FastAPI, started: Future[None], door: Door, port: int
) -> ASGIApp:
    """Return the application on the port. ``started`` hears how the start of its parts went."""
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

    guarded: ASGIApp = _WithoutSecrets(prefect_app)
    if door.admits is not None:
        guarded = _Admitted(guarded, door.admits)
    return Starlette(
        routes=[Mount("", app=_Parted(board or guarded, _SafeHeaders(guarded)))],
        lifespan=lifespan,
        middleware=[
            Middleware(TrustedHostMiddleware, allowed_hosts=list(door.names), www_redirect=False),
            Middleware(_OwnPagesOnly, origins=door.origins(port)),
        ],
    )


def back(prefect_app: ASGIApp, secret: str) -> ASGIApp:
    """Return the application our own flows call: Prefect, for who knows the secret of this start."""
    return _KnowsTheSecret(_WithoutSecrets(prefect_app), secret)


class _Parted:
    """Hands Prefect's paths to Prefect whole (a mount would cut the prefix off), the rest to the board."""

    def __init__(self, board: ASGIApp, prefect_app: ASGIApp) -> None:
        self._board = board
        self._prefect = prefect_app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        first = scope["path"].split("/", 2)[1]
        app = self._prefect if f"/{first}" in (API_PATH, FLOWS_PATH) else self._board
        await app(scope, receive, send)


class _OwnPagesOnly:
    """Refuses what another site's page, open in the same browser, sends to the API: it asks for no ticket."""

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


class _Admitted:
    """Lets in whom the door admits; a stream that stays open is asked about again while it speaks."""

    def __init__(self, app: ASGIApp, admits: Admits) -> None:
        self._app = app
        self._admits = admits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        from starlette.concurrency import run_in_threadpool
        from starlette.requests import Request

        asked = Request({**scope, "type": "http", "method": scope.get("method", "GET")})
        answer = await run_in_threadpool(self._admits, asked)
        if answer is not None:
            await answer(scope, receive, send)
            return
        if scope["type"] != "websocket":
            await self._app(scope, receive, send)
            return
        believed_at = time.monotonic()

        async def gone() -> bool:
            nonlocal believed_at
            if time.monotonic() - believed_at <= _ASKED_AGAIN_SECONDS:
                return False
            believed_at = time.monotonic()
            return await run_in_threadpool(self._admits, asked) is not None

        async def receive_while_admitted() -> Message:
            message = await receive()
            if message["type"] == "websocket.receive" and await gone():
                return {"type": "websocket.disconnect", "code": _POLICY_VIOLATION}
            return message

        async def send_while_admitted(message: Message) -> None:
            if message["type"] == "websocket.send" and await gone():
                message = {"type": "websocket.close", "code": _POLICY_VIOLATION}
            await send(message)

        await self._app(scope, receive_while_admitted, send_while_admitted)


class _KnowsTheSecret:
    """Lets in what carries the secret; everybody else on this machine is told nothing."""

    def __init__(self, app: ASGIApp, secret: str) -> None:
        self._app = app
        self._secret = secret.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        from starlette.responses import PlainTextResponse

        if scope["type"] in ("http", "websocket"):
            name = FLOW_HEADER.lower().encode()
            said = [value for key, value in scope["headers"] if key == name]
            if len(said) != 1 or not hmac.compare_digest(said[0], self._secret):
                await PlainTextResponse("not for you", status_code=401)(scope, receive, send)
                return
        await self._app(scope, receive, send)


class _WithoutSecrets:
    """Keeps readers' cookies from Prefect, which may log what it is sent, and its own secret from them."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].rstrip("/") == _SETTINGS and scope["method"] == "GET":
            await _settings_shown()(scope, receive, send)
            return
        kept = [(name, value) for name, value in scope["headers"] if name not in _HIDDEN]
        kept += [(b"cookie", own) for own in _own_cookies(scope)]
        await self._app({**scope, "headers": kept}, receive, send)


def _own_cookies(scope: Scope) -> list[bytes]:
    """Return the cookie Prefect sets itself: which of its two looks a reader has chosen."""
    sent = (
        part.strip() for name, value in scope["headers"] if name == b"cookie" for part in value.split(b";")
    )
    return [part for part in sent if part in (b"prefect_ui_version=v1", b"prefect_ui_version=v2")][:1]


def _settings_shown() -> ASGIApp:
    """Return Prefect's own answer about its settings, without the headers its client adds to every call."""
    from prefect.settings import get_current_settings
    from starlette.responses import JSONResponse

    shown = get_current_settings().model_dump(mode="json")
    shown["client"]["custom_headers"] = {}
    return JSONResponse(shown)


class _SafeHeaders:
    """Puts on Prefect's answers what keeps a browser safe; the answers of the door keep their own."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        from starlette.datastructures import MutableHeaders

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                if scope["scheme"] == "https":
                    headers["Strict-Transport-Security"] = HSTS
            await send(message)

        await self._app(scope, receive, send_with_headers)
