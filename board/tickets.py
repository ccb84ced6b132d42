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


def ticket_for(action: str, keys: Sequence[str], *, holder: str = "") -> str:
    """Return what a form posted to ``action`` carries; "" without a secret, and then none is drawn.

    ``holder`` is whose page it stands on (``board.viewers.Looking``): nobody else's forms can be filled in.
    """
    return _signer(tuple(keys)).sign(_digest(action, holder)).decode("ascii") if keys else ""


def check_ticket(ticket: str, path: str, keys: Sequence[str], *, holder: str = "") -> None:
    """Raise Refused (board_ticket_wrong) unless the board drew this form, today, for this very address
    and reader.
    """
    try:
        words = _signer(tuple(keys)).unsign(ticket, max_age=HOLDS_SECONDS)
    except BadSignature as error:
        raise Refused("board_ticket_wrong") from error
    if words.decode("ascii") != _digest(path, holder):
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


def _digest(address: str, holder: str) -> str:
    """Return whose form it is and where it goes: its path, percent-encoding undone, as forms and servers
    agree on it.
    """
    words = f"{holder}\n{unquote(urlsplit(address).path)}"
    return hashlib.sha256(words.encode()).hexdigest()[:32]


@lru_cache(maxsize=8)
def _signer(keys: tuple[str, ...]) -> TimestampSigner:
    return TimestampSigner(list(reversed(keys)), salt="dondoc.board-form.3", digest_method=hashlib.sha256)
