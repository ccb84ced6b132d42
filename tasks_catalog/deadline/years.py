"""A year as it follows a month or quarter, and whether a number runs on into another."""

from __future__ import annotations

from collections.abc import Sequence

from tasks_catalog.deadline.lexicon import K
from tasks_catalog.deadline.terms import FIRST_YEAR, LAST_YEAR
from tasks_catalog.deadline.tokens import Token, at, kinds

_GOES_ON = (K.COMMA, K.AND, K.OR, K.DASH, K.UNTIL, K.SLASH)
"""What makes a year behind a comma one of several: "tháng 6, 2025 và 2026"."""


def year_at(tokens: Sequence[Token], i: int) -> tuple[int, int] | None:
    """Return the year written after a month or quarter ("/2025", ", năm 2025", "2025"), and its end."""
    j = i
    if kinds(tokens, i, K.LPAREN, K.YEAR, K.NUM, K.RPAREN) and is_year(at(tokens, i + 2)):
        return at(tokens, i + 2).value, i + 4
    if at(tokens, j).kind in (K.COMMA, K.OF) and at(tokens, j + 1).kind is K.YEAR:
        j += 1
    if at(tokens, j).kind in (K.YEAR, K.SLASH, K.DOT, K.DASH):
        if at(tokens, j).kind is not K.YEAR and at(tokens, j + 1).kind is K.YEAR:
            j += 1
        number = at(tokens, j + 1)
        if is_year(number) or (at(tokens, j).kind is K.SLASH and is_short_year(number)):
            return full_year(number), j + 2
    alone = at(tokens, i).kind is K.COMMA and at(tokens, i + 2).kind not in _GOES_ON
    if alone and is_year(at(tokens, i + 1)):
        return at(tokens, i + 1).value, i + 2
    if is_year(at(tokens, i)):
        return at(tokens, i).value, i + 1
    return None


def is_open(tokens: Sequence[Token], i: int) -> bool:
    """Say whether the number before ``i`` runs on into another ("11/2022/2023"), so that it is misread."""
    return at(tokens, i).kind in (K.SLASH, K.DOT) and at(tokens, i + 1).kind is K.NUM


def is_year(token: Token) -> bool:
    return token.kind is K.NUM and len(token.text) == 4 and FIRST_YEAR <= token.value <= LAST_YEAR


def is_short_year(token: Token) -> bool:
    return token.kind is K.NUM and len(token.text) == 2 and 20 <= token.value <= 45


def full_year(token: Token) -> int:
    return token.value if len(token.text) == 4 else 2000 + token.value
