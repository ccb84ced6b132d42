"""Tickets of the board's forms: signed for one address, so that no other page can have them posted.

A page from elsewhere, opened in the same browser, can post a form to the board but cannot read what the
board draws; so each form carries a ticket that only a page of the board's own can hold, for the address
it posts to and for the day it was drawn on. What browsers say of where a request comes from is asked too
(Fetch Metadata); neither alone is relied on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from urllib.parse import unquote, urlsplit

from itsdangerous import BadSignature, TimestampSigner

from tasks_catalog.problem import Refused

TICKET = "ticket"
HOLDS_SECONDS = 12 * 3600
"""How long a drawn page's forms hold: a working day."""


def ticket_for(action: str, keys: Sequence[str]) -> str:
    """Return what a form posted to ``action`` carries; "" without a secret, and then none is drawn."""
    return _signer(tuple(keys)).sign(_digest(action)).decode("ascii") if keys else ""


def check_ticket(ticket: str, path: str, keys: Sequence[str]) -> None:
    """Raise Refused (board_ticket_wrong) unless the board drew this form, today, for this very address."""
    try:
        words = _signer(tuple(keys)).unsign(ticket, max_age=HOLDS_SECONDS)
    except BadSignature as error:
        raise Refused("board_ticket_wrong") from error
    if words.decode("ascii") != _digest(path):
        raise Refused("board_ticket_wrong")


def refuse_foreign(headers: Mapping[str, str]) -> None:
    """Raise Refused (board_ticket_wrong) where the browser says that another site posts.

    ``Sec-Fetch-Site`` (W3C Fetch Metadata) is sent by every browser of today; older ones and programs
    send neither it nor ``Origin``, and the ticket alone decides.
    """
    if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise Refused("board_ticket_wrong")
    origin = headers.get("origin")
    if origin and origin != "null" and urlsplit(origin).netloc != headers.get("host", ""):
        raise Refused("board_ticket_wrong")


def _digest(address: str) -> str:
    """Return the address as forms and servers agree on it: its path, percent-encoding undone."""
    return hashlib.sha256(unquote(urlsplit(address).path).encode()).hexdigest()[:32]


@lru_cache(maxsize=8)
def _signer(keys: tuple[str, ...]) -> TimestampSigner:
    return TimestampSigner(list(reversed(keys)), salt="dondoc.board-form.2", digest_method=hashlib.sha256)
