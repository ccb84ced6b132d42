"""A mail server on loopback for tests, which leaves no half-closed connection behind when it ends."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP


class _Server(Controller):
    """Remembers its connections: aiosmtpd forgets those still open when it stops, and they are reported
    as leaks in whichever test runs when they are collected.
    """

    def __init__(self, handler: object, port: int, **how: Any) -> None:
        super().__init__(handler, hostname="127.0.0.1", port=port, **how)
        self._dialogues: list[SMTP] = []

    def factory(self) -> SMTP:
        dialogue: SMTP = super().factory()
        self._dialogues.append(dialogue)
        return dialogue

    def hang_up(self) -> None:
        asyncio.run_coroutine_threadsafe(self._hang_up(), self.loop).result(timeout=10)

    async def _hang_up(self) -> None:
        for dialogue in self._dialogues:
            if dialogue.transport is not None:
                dialogue.transport.abort()  # type: ignore[attr-defined]
        await asyncio.sleep(0)  # lets the loop close them


def free_port() -> int:
    """Return a port that was free a moment ago; aiosmtpd cannot take port 0."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def listening(handler: object, port: int = 0, **how: Any) -> Iterator[int]:
    """Serve ``handler`` while entered and yield the port."""
    server = _Server(handler, port or free_port(), **how)
    server.start()
    try:
        yield server.port
    finally:
        server.hang_up()
        server.stop(no_assert=True)
