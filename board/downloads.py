"""Files as answers: always a download, never shown by the browser under the board's own name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO
from urllib.parse import quote

from fastapi.responses import Response, StreamingResponse

from tasks_catalog.text import plain

_PIECE = 64 * 1024


def download(data: bytes, name: str, media_type: str) -> Response:
    """Return the bytes as an attachment; its name in UTF-8 and, for what cannot read that, in plain letters.

    RFC 6266 with the extended parameter of RFC 8187. The sandbox holds should a browser show it anyhow.
    """
    return Response(data, media_type=media_type, headers=_headers(name))


def download_file(file: IO[bytes], name: str, media_type: str) -> Response:
    """Return an open file as an attachment, piece by piece; it is closed when it is sent."""

    def pieces() -> Iterator[bytes]:
        with file:
            while piece := file.read(_PIECE):
                yield piece

    return StreamingResponse(pieces(), media_type=media_type, headers=_headers(name))


def _headers(name: str) -> dict[str, str]:
    letters = "".join(c if c.isascii() and (c.isalnum() or c in "._- ") else "_" for c in plain(name))
    named = f"attachment; filename=\"{letters}\"; filename*=UTF-8''{quote(name, safe='')}"
    return {"Content-Disposition": named, "Cache-Control": "private, no-store"}
