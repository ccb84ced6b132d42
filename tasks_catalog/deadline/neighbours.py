"""How two phrases stand to each other: what is between them, and whether it parts them."""

from __future__ import annotations

from collections.abc import Sequence

from tasks_catalog.deadline.lexicon import K
from tasks_catalog.deadline.phrase import FENCES, Phrase, Role
from tasks_catalog.deadline.tokens import Token

LINKS = (K.COMMA, K.AND, K.OR)
GLUE = (K.OF, K.LPAREN, K.RPAREN, K.ABOUT, K.COLON)
"""Marks and words that leave two phrases one saying."""


def gap(tokens: Sequence[Token], left: Phrase, right: Phrase) -> list[K]:
    return [tokens[i].kind for i in range(left.end, right.start)]


def linked(tokens: Sequence[Token], left: Phrase, right: Phrase) -> bool:
    """Say whether only ",", "và", "hoặc" stand between the two."""
    return all(kind in (*LINKS, *GLUE) for kind in gap(tokens, left, right))


def touching(tokens: Sequence[Token], left: Phrase, right: Phrase) -> bool:
    return all(kind in GLUE for kind in gap(tokens, left, right))


def in_brackets(tokens: Sequence[Token], left: Phrase, right: Phrase) -> bool:
    """Say whether ``right`` stands in the brackets opened right behind ``left``."""
    between = gap(tokens, left, right)
    return between[:1] == [K.LPAREN] and K.RPAREN not in between


def same_sentence(tokens: Sequence[Token], left: Phrase, right: Phrase) -> bool:
    return not any(kind in FENCES for kind in gap(tokens, left, right))


def yearless(phrase: Phrase) -> bool:
    return (
        phrase.role is Role.TIMED and not phrase.ranged and not phrase.onward and phrase.terms[0].year is None
    )
