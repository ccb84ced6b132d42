"""Signs what comes back from outside: links that act for the reader of a letter, and paths of bounces.

A link's token names its purpose, its letter and the one line it is for, and the last day it holds; it is
made when the letter is posted and kept nowhere. What it may do follows from those numbers: the letter
says who its reader is, the line which share in which epoch.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from base64 import b32encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache

from itsdangerous import BadSignature, Signer

from tasks_catalog.problem import Refused

VALID_DAYS = 30
"""Days a link holds after its letter was posted: past the last rung of a share, short of a year's leak."""
_SALT = "dondoc.link.1"
_PATH_SALT = b"dondoc.return-path.1"
_PATH_SIGNATURE = (
    16  # characters of base32: 80 bits, and the path stays under 64 octets (RFC 5321, 4.5.3.1.1)
)
_PATH = re.compile(r"(?P<letter>[0-9a-z]{1,13})-(?P<signature>[a-z2-7]{16})\Z")
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


class Purpose(StrEnum):
    """The one thing a link is for. Letters already out name these: they are never renamed."""

    REPORT = "r"
    EXTEND = "e"
    ACKNOWLEDGE = "a"
    SHEET = "s"
    PREFERENCES = "p"
    MINE = "m"


@dataclass(frozen=True, kw_only=True)
class LinkScope:
    """What a link may do: ``letter`` and ``notice`` are ids of the outbox and the ledger, 0 for no line."""

    purpose: Purpose
    letter: int
    notice: int = 0
    until: date


class LinkRefused(Refused):
    """A link that was altered, cut short or has run out."""


def sign_link(scope: LinkScope, keys: Sequence[str]) -> str:
    """Return the token of a link, safe in a URL as it is."""
    words = f"{scope.purpose}.{scope.letter}.{scope.notice}.{scope.until.toordinal()}"
    return _signer(tuple(keys)).sign(words).decode("ascii")


def read_link(token: str, keys: Sequence[str], *, today: date) -> LinkScope:
    """Return what a token is for. Raises LinkRefused: link_broken, link_over.

    That it is genuine does not mean that it still holds: see ``storage.links`` for what was revoked.
    """
    try:
        words = _signer(tuple(keys)).unsign(token).decode("ascii")
        purpose, letter, notice, until = words.split(".")
        scope = LinkScope(
            purpose=Purpose(purpose),
            letter=int(letter),
            notice=int(notice),
            until=date.fromordinal(int(until)),
        )
    except (BadSignature, ValueError) as error:
        raise LinkRefused("link_broken") from error
    if today > scope.until:
        raise LinkRefused("link_over", until=scope.until)
    return scope


@lru_cache(maxsize=8)
def _signer(keys: tuple[str, ...]) -> Signer:
    """Return a signer by the first key that believes all of them; itsdangerous takes the oldest first."""
    return Signer(list(reversed(keys)), salt=_SALT, sep=".", digest_method=hashlib.sha256)


def return_path(address: str, letter: int, keys: Sequence[str]) -> str:
    """Return the address bounces of this letter come back to: "tra-lai+4f-abcd...@example.vn".

    Lower case throughout: mail servers fold it. Nobody can make one up for a letter that is not theirs.
    """
    local, _, domain = address.rpartition("@")
    return f"{local}+{_whole(letter)}-{_path_signature(_whole(letter), keys[0])}@{domain}"


def letter_of_path(address: str, recipient: str, keys: Sequence[str]) -> int | None:
    """Return the letter a bounce to ``recipient`` is about; None where it is no signed path of ours."""
    local, _, domain = address.casefold().rpartition("@")
    tagged, _, at = recipient.casefold().strip(" <>").rpartition("@")
    name, _, tag = tagged.rpartition("+")
    found = _PATH.match(tag)
    if found is None or (name, at) != (local, domain):
        return None
    told = found["signature"]
    if not any(hmac.compare_digest(_path_signature(found["letter"], key), told) for key in keys):
        return None
    return int(found["letter"], 36)


def _path_signature(letter: str, key: str) -> str:
    digest = hmac.new(key.encode(), _PATH_SALT + letter.encode("ascii"), hashlib.sha256).digest()
    return b32encode(digest)[:_PATH_SIGNATURE].decode("ascii").lower()


def _whole(number: int) -> str:
    """Return a number in base 36, the shortest that survives a change of case."""
    digits = ""
    while True:
        number, last = divmod(number, 36)
        digits = _DIGITS[last] + digits
        if not number:
            return digits
