"""The secret part of a feed's address: signed, kept nowhere, and worthless once its serial was raised."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import NamedTuple

from itsdangerous import BadData, Signer
from itsdangerous.encoding import base64_decode, base64_encode

_SALT = "dondoc.feed.1"
_MOST = 400
"""Characters of a token read at most: a longer one is not ours."""


class FeedScope(NamedTuple):
    """Whose feed: ``kind`` is "person" or "unit"."""

    kind: str
    code: str
    serial: int


def sign_feed(scope: FeedScope, keys: Sequence[str]) -> str:
    """Return the token of a feed's address, safe in a URL as it is."""
    code = base64_encode(scope.code).decode("ascii")
    return _signer(keys).sign(f"{scope.kind}.{code}.{scope.serial}").decode("ascii")


def read_feed(token: str, keys: Sequence[str]) -> FeedScope | None:
    """Return whose feed a token opens; None for one that is not ours, altered or cut short.

    That it is genuine does not mean that it still holds: ``storage.feeds`` knows the serial in force.
    """
    if not keys or len(token) > _MOST:
        return None
    try:
        kind, code, serial = _signer(keys).unsign(token).decode("ascii").split(".")
        return FeedScope(kind, base64_decode(code).decode("utf-8"), int(serial))
    except (BadData, ValueError):
        return None


def _signer(keys: Sequence[str]) -> Signer:
    """Return a signer by the first key that believes all of them; itsdangerous takes the oldest first."""
    return Signer(list(reversed(keys)), salt=_SALT, sep=".", digest_method=hashlib.sha256)
