"""Files as answers: always a download, never shown by the browser under the board's own name."""

from __future__ import annotations

from urllib.parse import quote

from fastapi.responses import Response

from tasks_catalog.text import plain


def download(data: bytes, name: str, media_type: str) -> Response:
    """Return the bytes as an attachment; its name in UTF-8 and, for what cannot read that, in plain letters.

    RFC 6266 with the extended parameter of RFC 8187. The sandbox holds should a browser show it anyhow.
    """
    letters = "".join(c if c.isascii() and (c.isalnum() or c in "._- ") else "_" for c in plain(name))
    named = f"attachment; filename=\"{letters}\"; filename*=UTF-8''{quote(name, safe='')}"
    headers = {"Content-Disposition": named, "Cache-Control": "private, no-store"}
    return Response(data, media_type=media_type, headers=headers)
