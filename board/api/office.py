"""Which office a call is for: the routes are made once a process, the office comes with each call."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import TYPE_CHECKING

from fastapi import Request

from board.api.language import language_of
from board.api.rate import RateLimit
from storage.api_calls import Call, CallRefused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.routing import BaseRoute
    from starlette.types import ASGIApp, Receive, Scope, Send

    from board.app import Board
    from board.import_desk import ImportDesk

_KEY = "dondoc.office"


@dataclass
class Running:
    """The calls this process is at. Of two processes on SQLite the second waits for the first."""

    _keys: set[tuple[int, str]] = field(default_factory=set)
    _lock: Lock = field(default_factory=Lock)

    @contextmanager
    def alone(self, call: Call) -> Iterator[None]:
        """Hold the key; raises CallRefused (idempotency_running) where it is held."""
        mine = (call.token, call.key)
        with self._lock:
            if mine in self._keys:
                raise CallRefused("idempotency_running", key=call.key)
            self._keys.add(mine)
        try:
            yield
        finally:
            with self._lock:
                self._keys.discard(mine)


@dataclass(frozen=True, kw_only=True)
class Office:
    """One office's board, how often its tokens may call, and what it is at."""

    app: ASGIApp
    """The API, the same for every office of the process."""
    board: Board
    rate: RateLimit
    imports: ImportDesk | None = None
    """Reads plans handed in; None where no files are kept."""
    running: Running = field(default_factory=Running)

    @property
    def routes(self) -> Sequence[BaseRoute]:
        """What a mount shows of itself, for the table of rights."""
        found: Sequence[BaseRoute] = getattr(self.app, "routes", ())
        return found

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope[_KEY] = self
        await self.app(scope, receive, send)


def office_of(request: Request) -> Office:
    """Return the office a call is for."""
    found = request.scope[_KEY]
    assert isinstance(found, Office)  # noqa: S101  # the API is mounted beneath one
    return found


def board_of(request: Request) -> Board:
    """Return the office's board in the language the call asks for."""
    return replace(office_of(request).board, usual_language=language_of(request.headers))
