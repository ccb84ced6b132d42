"""Who looks: settled once at the door for every page, so that no route can forget to ask.

Until sign-in is configured nobody says who looks, and whoever sits at the office's machine is taken for
the coordinator (``View.actor``). What signs people in (``board.signing_in``) names them here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from tasks_catalog.allowed import Actor

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send


@dataclass(frozen=True, kw_only=True)
class Looking:
    """Who sent a request, and by what."""

    actor: Actor | None = None
    """None: nobody signed in."""
    must_sign_in: bool = False
    """Whether a page that is not open to all refuses whoever has not signed in."""
    name: str = ""
    """How the person is called, for the top of their pages."""
    language: str = ""
    """The language they read in; "" for the office's."""
    holder: str = ""
    """What the forms of this reader's pages are bound to: a digest of their session; "" without one."""


WhoLooks = Callable[[Request], Looking]
"""Tells who sent a request; asked in a thread, since it may look into the database."""

_NAMED_ELSEWHERE = ("/static/", "/v1/")
"""Styles are the same for all; the API believes tokens only (``board.api.door``), never a session."""
_NOBODY = Looking()
_LOOKING: ContextVar[Looking] = ContextVar("dondoc_board_viewer", default=_NOBODY)


def looking() -> Looking:
    """Return who sent the request that is being answered."""
    return _LOOKING.get()


@contextmanager
def looks_as(who: Looking) -> Iterator[None]:
    """Name who looks for as long as a request is answered; the threads of routes inherit it."""
    named = _LOOKING.set(who)
    try:
        yield
    finally:
        _LOOKING.reset(named)


class Viewers:
    """Names who looks for as long as a request is answered; the threads of routes inherit it."""

    def __init__(self, app: ASGIApp, who: WhoLooks) -> None:
        self._app = app
        self._who = who

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(_NAMED_ELSEWHERE):
            await self._app(scope, receive, send)
            return
        with looks_as(await run_in_threadpool(self._who, Request(scope))):
            await self._app(scope, receive, send)
