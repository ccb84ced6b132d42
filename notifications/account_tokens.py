"""Tokens of signing in: what a session's cookie and a one-time link carry, signed by the office's keys.

Neither stands in the database: of a session's token only a digest, of a link nothing but the number that
the signature vouches for. So a stolen database signs nobody in, and the keys alone open no session.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from itsdangerous import BadSignature, Signer

_SESSION, _LINK, _FORM = "dondoc.session.1", "dondoc.account-link.1", "dondoc.form-cookie.1"
_MOST = 200
"""Characters of a token read at most: a longer one is not ours."""
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}\Z")


class LinkToken(NamedTuple):
    """The row of a one-time link, and when that was made (``storage.one_time_links.stamp``)."""

    number: int
    made: int


def new_token() -> str:
    """Return 256 bits nobody can guess, safe in a cookie as they are."""
    return secrets.token_urlsafe(32)


def sign_session(token: str, keys: Sequence[str]) -> str:
    """Return what the cookie of a session holds."""
    return _signer(tuple(keys), _SESSION).sign(token).decode("ascii")


def read_session(cookie: str, keys: Sequence[str]) -> str | None:
    """Return the token in a cookie; None for one that is not ours, altered or cut short."""
    return _read(cookie, keys, _SESSION)


def sign_form(token: str, keys: Sequence[str]) -> str:
    """Return what the cookie of a browser holds in which nobody has signed in yet."""
    return _signer(tuple(keys), _FORM).sign(token).decode("ascii")


def read_form_cookie(cookie: str, keys: Sequence[str]) -> str | None:
    return _read(cookie, keys, _FORM)


def _read(cookie: str, keys: Sequence[str], salt: str) -> str | None:
    words = _unsigned(cookie, keys, salt)
    return words if words is not None and _TOKEN.match(words) else None


def sign_account_link(link: LinkToken, keys: Sequence[str]) -> str:
    """Return the token of a one-time link, safe in a URL as it is."""
    return _signer(tuple(keys), _LINK).sign(f"{link.number}.{link.made}").decode("ascii")


def read_account_link(token: str, keys: Sequence[str]) -> LinkToken | None:
    """Return which link a token names; None for one that is not ours, altered or cut short.

    That it is genuine does not mean that it still holds: ``storage.one_time_links`` knows that.
    """
    words = _unsigned(token, keys, _LINK)
    if words is None:
        return None
    number, _, made = words.partition(".")
    return LinkToken(int(number), int(made))


def holder_of(token: str) -> str:
    """Return what the forms of a browser's pages are bound to; it says nothing of the token itself."""
    return hashlib.sha256(f"dondoc.holder.1\n{token}".encode("ascii")).hexdigest()[:32]


def _unsigned(signed: str, keys: Sequence[str], salt: str) -> str | None:
    if not keys or len(signed) > _MOST or not signed.isascii():
        return None
    try:
        return _signer(tuple(keys), salt).unsign(signed).decode("ascii")
    except BadSignature:
        return None


@lru_cache(maxsize=24)
def _signer(keys: tuple[str, ...], salt: str) -> Signer:
    """Return a signer by the first key that believes all of them; itsdangerous takes the oldest first."""
    return Signer(list(reversed(keys)), salt=salt, sep=".", digest_method=hashlib.sha256)
