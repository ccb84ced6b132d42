"""Who may see the board, and what its pages may do in a browser.

Until sign-in is configured the board answers on loopback only, and only to the names of loopback:
another name that points here would let a foreign page read it through the reader's own browser
(``storage.door_settings.names_of``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware

from board.viewers import Viewers, WhoLooks
from storage.door_settings import HSTS, LOOPBACK_NAMES

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADERS: Mapping[str, str] = {
    # No script at all, styles and pictures of our own, no frames; forms go back to where they came from.
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


# A chart styles its own text and shapes inline, and may do nothing else, even opened on its own.
_PICTURE = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)

LETTER = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'; sandbox"
)
"""What a letter shown as its reader sees it may do: its styles stand inline, and nothing else is let in."""


class SafeHeaders:
    """Puts the headers on every answer, refusals included; pages with people's names are not kept."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                asked = headers.get("content-security-policy")
                for name, value in HEADERS.items():
                    headers[name] = value
                if headers.get("content-type", "").startswith("image/svg+xml"):
                    headers["Content-Security-Policy"] = _PICTURE
                if scope["scheme"] == "https":
                    headers["Strict-Transport-Security"] = HSTS
                if asked == LETTER:
                    headers["Content-Security-Policy"] = LETTER
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self._app(scope, receive, send_with_headers)


def guards(who: WhoLooks | None = None, hosts: Sequence[str] = LOOPBACK_NAMES) -> list[Middleware]:
    """Return the guards of the door, outermost first, and what makes pages small on their way.

    ``who`` tells who sent a request, ``hosts`` are the names it may come by.

    A compressed page tells by its length what words it repeats (BREACH).
    What is worth guessing here are the tickets of its forms, and these are signed anew each second: no two
    answers to guess from hold the same.
    """
    names = Middleware(TrustedHostMiddleware, allowed_hosts=list(hosts), www_redirect=False)
    named = [Middleware(Viewers, who=who)] if who else []
    small = Middleware(GZipMiddleware, minimum_size=1000, compresslevel=4)
    return [Middleware(SafeHeaders), names, *named, small]
