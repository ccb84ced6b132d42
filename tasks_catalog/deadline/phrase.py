"""Phrase: the shortest stretch of words that says when, before its neighbours bear on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from tasks_catalog.deadline.lexicon import K
from tasks_catalog.deadline.quarters import quarter_number
from tasks_catalog.deadline.terms import Term
from tasks_catalog.deadline.tokens import Token, at

Tokens = Sequence[Token]

PREPOSITIONS = (K.BEFORE, K.LATEST, K.UNTIL, K.EXTENDED, K.FROM, K.AFTER, K.IN)
FENCES = (K.SEMI, K.STOP, K.BULLET, K.END)
"""What parts one clause from the next."""
MOST_PREPOSITIONS = 8
"""More in a row say nothing, and would take long."""
QUARTER_ENDS, QUARTER_STARTS = "3,6,9,12", "1,4,7,10"


class Role(Enum):
    """What a phrase contributes."""

    TIMED = "timed"
    EVERY = "every"
    PERIODIC = "periodic"  # "định kỳ": says that something recurs, not how
    BARE = "bare"  # a unit alone: a recurrence only beside another ("hằng quý, 6 tháng, năm")
    NEXT_YEAR = "next_year"
    WEEKDAY = "weekday"  # beside a date it only repeats it
    CONTINUOUS = "continuous"
    WHEN = "when"
    EXTERNAL = "external"
    IF_ANY = "if_any"
    LATER = "later"  # "trong các năm tiếp theo", away from the year they follow
    FAULT = "fault"


@dataclass(frozen=True, kw_only=True)
class Phrase:
    """One phrase; ``start`` and ``end`` count tokens, ``after`` holds its prepositions."""

    role: Role
    start: int
    end: int
    terms: tuple[Term, ...] = ()
    after: frozenset[K] = frozenset()
    ranged: bool = False
    onward: bool = False
    recurrence: str = ""
    note: tuple[int, int] | None = None
    """The tokens of a document cited right behind, which is no deadline of its own."""


def prepositions(tokens: Tokens, i: int) -> tuple[frozenset[K], int]:
    seen = set()
    most = i + MOST_PREPOSITIONS
    while i < most and at(tokens, i).kind in (*PREPOSITIONS, K.STAGE, K.ABOUT, K.COLON):
        seen.add(at(tokens, i).kind)
        i += 1
    return frozenset(seen), i


def unnumbered(tokens: Tokens, i: int) -> bool:
    return at(tokens, i).kind is not K.NUM and quarter_number(at(tokens, i)) is None


def fault(start: int, end: int) -> Phrase:
    return Phrase(role=Role.FAULT, start=start, end=end)
