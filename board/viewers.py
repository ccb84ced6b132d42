"""Who looks: settled once at the door for every page, so that no route can forget to ask.

Until sign-in is configured nobody says who looks, and whoever sits at the office's machine is taken for
the coordinator (``View.actor``). What will sign people in names them here.
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from typing import TYPE_CHECKING

from starlette.requests import Request

from tasks_catalog.allowed import Actor

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

WhoLooks = Callable[[Request], Actor | None]
"""Tells who sent a request; None where nobody is named."""

_LOOKING: ContextVar[Actor | None] = ContextVar("dondoc_board_viewer", default=None)


def viewer() -> Actor | None:
    """Return who sent the request that is being answered."""
    return _LOOKING.get()


class Viewers:
    """Names who looks for as long as a request is answered; the threads of routes inherit it."""

    def __init__(self, app: ASGIApp, who: WhoLooks) -> None:
        self._app = app
        self._who = who

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        named = _LOOKING.set(self._who(Request(scope)))
        try:
            await self._app(scope, receive, send)
        finally:
            _LOOKING.reset(named)
