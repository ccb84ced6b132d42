"""The door of ``/v1``: whose token it is, and a body read whole before anything runs.

A session's cookie is not looked at, so that no foreign page can act through somebody's browser (which is
why there are no tickets here), and ``/v1`` asks for a token also where no sign-in is configured.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers

from board.api.office import office_of
from board.api.parts import SLASH
from board.api.problems import problem_of
from board.forms import MOST_BYTES
from board.rights import NotSignedIn
from board.viewers import Looking, looks_as
from storage.api_tokens import Holder, holder_of
from tasks_catalog.documents.refusals import MAX_BYTES as MOST_OF_A_PLAN
from tasks_catalog.problem import Refused
from tasks_catalog.uploads import MOST_BYTES as MOST_OF_A_FILE

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from board.app import Board

FILES, IMPORTS = "/files", "/imports"
TAKES_BYTES = {FILES: MOST_OF_A_FILE, IMPORTS: MOST_OF_A_PLAN}
"""The addresses that take bytes, and how many; every other takes JSON."""


@dataclass(frozen=True)
class Door:
    """Lets a request in as its token's person, or answers it here."""

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        scope = {**scope, "path": _as_sent(scope)}
        request = Request(scope)
        holder = await run_in_threadpool(_holder, office_of(request).board, request)
        scope["dondoc.holder"] = holder
        try:
            _let_in(request, holder)
            body = await _whole(receive, _most(scope), scope)
        except Refused as refused:
            await problem_of(request, refused)(scope, receive, send)
            return
        who = Looking(
            actor=holder.actor if holder else None,
            must_sign_in=True,
            name=holder.name if holder else "",
        )
        with looks_as(who):
            await self.app(scope, _again(body), send)


def _holder(board: Board, request: Request) -> Holder | None:
    kind, _, words = request.headers.get("authorization", "").partition(" ")
    if kind.casefold() != "bearer":
        return None
    return holder_of(board.engine, board.organisation_id, words.strip(), at=board.clock())


def _let_in(request: Request, holder: Holder | None) -> None:
    """Raise what is wrong with a request before it is read; who it is comes before what it says."""
    if holder is None and request.method == "POST":
        told = "token_wrong" if request.headers.get("authorization") else "token_needed"
        raise NotSignedIn(told)


def _as_sent(scope: Scope) -> str:
    """Return the path with the slashes of plans' numbers as they were sent, %2F, so that a part is a part.

    Decoded, ``/tasks/383%2FKH-SCT/1/close`` could as well be the row "close" of a plan "383/KH-SCT/1".
    """
    path: str = scope["path"]
    sent = scope.get("raw_path") or b""
    parts = [unquote(part) for part in sent.decode("ascii", "replace").split("/")]
    if "/".join(parts) != path:  # a server that tells nothing of it, or a path rewritten on its way
        return path
    return "/".join(part.replace("/", SLASH) for part in parts)


def _most(scope: Scope) -> int:
    """Return the most bytes a body may have."""
    path: str = scope["path"].removeprefix(scope.get("root_path", ""))
    return TAKES_BYTES.get(path, MOST_BYTES)


async def _whole(receive: Receive, most: int, scope: Scope) -> bytes:
    """Read a body no larger than it may be; one that says it is larger is not read at all."""
    said = Headers(scope=scope).get("content-length", "")
    if said.isascii() and said.isdigit() and int(said[:18]) > most:
        raise _too_large(most)
    pieces: list[bytes] = []
    read, more = 0, True
    while more:
        message = await receive()
        if message["type"] != "http.request":
            break
        piece = message.get("body", b"")
        read += len(piece)
        if read > most:
            raise _too_large(most)
        pieces.append(piece)
        more = message.get("more_body", False)
    return b"".join(pieces)


def _too_large(most: int) -> Refused:
    return Refused("api_too_large", most=f"{most // 1024**2} MB" if most >= 1024**2 else f"{most // 1024} kB")


def _again(body: bytes) -> Receive:
    """Return what gives the body that was read to whoever asks for it."""
    left = [body]

    async def receive() -> Message:
        if left:
            return {"type": "http.request", "body": left.pop(), "more_body": False}
        return {"type": "http.disconnect"}

    return receive
