"""A call that acts is done once, however often it is sent: act and answer in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import Header, Request
from fastapi.responses import Response
from pydantic import BaseModel

from board.api.answers import MEDIA_TYPE
from board.api.door import TAKES_BYTES
from board.api.needs import holder_of_request, printable
from board.api.office import board_of, office_of
from board.view import View
from storage import api_calls
from storage.api_calls import Call, Kept, fingerprint_of
from storage.engine import write
from tasks_catalog.problem import Refused

BYTES = "application/octet-stream"
Key = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=255,
        pattern=r"^[\x21-\x7e]{1,255}$",
        description="Names this call, such as a UUID. Sent again within 48 hours it is answered as before, "
        "with Idempotent-Replayed: true, and nothing is done twice.",
        examples=["8e03978e-40d5-43dd-bc93-6894a57f9324"],
    ),
]


async def call_of(request: Request, key: Key) -> Call:
    """Return the call by its key; the draft writes keys in quotes, most programs without."""
    address = request.scope["path"] + "?" + request.scope.get("query_string", b"").decode("latin-1")
    holder = holder_of_request(request)
    _refuse_media(request)
    return Call(
        token=holder.token,
        key=key[1:-1] if len(key) > 2 and key[0] == key[-1] == '"' else key,
        fingerprint=fingerprint_of(request.method, address, await request.body()),
    )


def _refuse_media(request: Request) -> None:
    """Raise Refused (api_media_type) for a body of another kind than the address takes."""
    wanted = BYTES if request.scope["route"].path in TAKES_BYTES else MEDIA_TYPE
    kind = request.headers.get("content-type", "").partition(";")[0].strip().casefold()
    if kind != wanted:
        raise Refused("api_media_type", kind=printable(kind) or "–", wanted=wanted)


def done_once(request: Request, call: Call, do: Callable[[View], BaseModel]) -> Response:
    """Do it within one transaction, or answer as it was answered before.

    What is refused leaves nothing, the key neither: put right, it may be sent again with the same key.
    """
    board = board_of(request)
    with office_of(request).running.alone(call), write(board.engine) as session:
        view = board.view_of(session)
        before = api_calls.begin(session, view.organisation_id, call, at=view.now)
        if before is None:
            told = Kept(status=200, body=do(view).model_dump_json())
            api_calls.end(session, call, told)
    kept = before or told
    headers = {"Idempotent-Replayed": "true"} if before else {}
    return Response(kept.body, status_code=kept.status, media_type=MEDIA_TYPE, headers=headers)
