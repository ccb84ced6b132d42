"""Tickets of the board's buttons: signed for one answer and one thing.

So that no page from elsewhere, opened in the same browser, can press them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import lru_cache

from itsdangerous import BadSignature, TimestampSigner

from tasks_catalog.problem import Refused

CONFIRM, IGNORE = "confirm", "ignore"
TICKET = "ticket"
HOLDS_SECONDS = 12 * 3600
"""How long a drawn page's buttons hold: a working day."""


def ticket_of(answer: int, what: str, keys: Sequence[str]) -> str:
    """Return what a button's form carries; "" without a secret, and then no button is drawn."""
    return _signer(tuple(keys)).sign(f"{what}.{answer}").decode("ascii") if keys else ""


def check_ticket(ticket: str, answer: int, what: str, keys: Sequence[str]) -> None:
    """Raise Refused (board_ticket_wrong) unless the board drew this button, today, for this very thing."""
    try:
        words = _signer(tuple(keys)).unsign(ticket, max_age=HOLDS_SECONDS)
    except BadSignature as error:
        raise Refused("board_ticket_wrong") from error
    if words.decode("ascii") != f"{what}.{answer}" or what not in (CONFIRM, IGNORE):
        raise Refused("board_ticket_wrong")


@lru_cache(maxsize=8)
def _signer(keys: tuple[str, ...]) -> TimestampSigner:
    return TimestampSigner(list(reversed(keys)), salt="dondoc.board-form.1", digest_method=hashlib.sha256)
