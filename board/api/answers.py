"""How an answer is sent: as JSON with its tag, so that what has not changed is not sent again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

from fastapi import Request
from fastapi.responses import Response
from pydantic import BaseModel

MEDIA_TYPE = "application/json"


def answer(request: Request, value: BaseModel | Mapping[str, object]) -> Response:
    """Return a value as JSON; 304 without a body where the asker has just this (RFC 9110, 13.1.2).

    Tags are weak, since what is sent may be compressed on its way.
    """
    if isinstance(value, BaseModel):
        body = value.model_dump_json().encode()
    else:
        body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    tag = f'W/"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache", "Vary": "Authorization, Accept-Language"}
    if _has(request.headers.get("if-none-match", ""), tag):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=MEDIA_TYPE, headers=headers)


def _has(asked: str, tag: str) -> bool:
    known = [each.strip() for each in asked.split(",")]
    return "*" in known or tag in known or tag.removeprefix("W/") in known
