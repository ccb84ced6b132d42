"""Forms as browsers post them: read whole or refused, never half, and never larger than they may be."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qsl

from fastapi import Request

from tasks_catalog.problem import Refused
from tasks_catalog.text import clean

MOST_BYTES = 65_536
"""What a form may hold; a sheet of 200 lines with a remark on each is under half of it."""
_MOST_FIELDS = 1000
_MOST_CHARACTERS = 4000


async def read_body(request: Request) -> bytes:
    """Read a form no larger than it may be; a stream that goes on is not waited for."""
    read = bytearray()
    async for piece in request.stream():
        read += piece
        if len(read) > MOST_BYTES:
            raise Refused("board_form_too_large", most=f"{MOST_BYTES // 1024} kB")
    return bytes(read)


def posted(body: bytes) -> Mapping[str, str]:
    """Read a form as browsers post it; texts come back in NFC with white space folded.

    Raises Refused: board_request_unreadable, board_field_too_long.
    """
    try:
        fields = parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=_MOST_FIELDS,
            strict_parsing=bool(body),
        )
    except (ValueError, UnicodeDecodeError) as error:
        raise Refused("board_request_unreadable") from error
    for _, value in fields:
        if len(value) > _MOST_CHARACTERS:
            raise Refused("board_field_too_long", most=_MOST_CHARACTERS, words=value[:40])
    return {name: clean(value) for name, value in fields}
