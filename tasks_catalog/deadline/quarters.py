"""Quarters as they are written: "quý III/2025", "Q.2/2025", "III/2025" where no name stands before it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from tasks_catalog.deadline.lexicon import K
from tasks_catalog.deadline.model import DateRange
from tasks_catalog.deadline.terms import Grain, Term, month_end
from tasks_catalog.deadline.tokens import Token, at, roman_value
from tasks_catalog.deadline.years import is_open, year_at

_BEFORE_NUMBERS = (
    K.END, K.SEMI, K.STOP, K.BULLET, K.COLON, K.LPAREN, K.COMMA, K.AND, K.ACTION, K.IN, K.BEFORE,
)  # fmt: skip
THIRDS = (K.EARLY, K.MID, K.LATE)
Read = tuple[Term, int]


def third_at(tokens: Sequence[Token], i: int) -> tuple[K | None, int]:
    kind = at(tokens, i).kind
    return (kind, i + 1) if kind in THIRDS else (None, i)


def quarter_number(token: Token) -> int | None:
    """Return 1-4 of "I", "iv", "3"; 0 for a number no quarter has; None where there is no number."""
    number = roman_value(token) if token.kind is K.WORD else token.value if token.kind is K.NUM else None
    if number is None:
        return None
    return number if 1 <= number <= 4 else 0


def read_quarter(tokens: Sequence[Token], i: int) -> Read | None:
    third, i = third_at(tokens, i)
    if at(tokens, i).kind is not K.QUARTER:
        return None
    i += 1 + (at(tokens, i + 1).kind in (K.STOP, K.DOT))
    quarter = quarter_number(at(tokens, i))
    if quarter is None:
        return None
    if two := _two_in_one(tokens, i, quarter):
        return two
    year = year_at(tokens, i + 1)
    end = year[1] if year else i + 1
    if is_open(tokens, end) or quarter == 0:
        return Term(
            grain=Grain.QUARTER, fault=True, guesses=_month_guess(at(tokens, i), year)
        ), end + 2 * is_open(tokens, end)
    term = Term(grain=Grain.QUARTER, first=3 * quarter - 2, last=3 * quarter, third=third)
    return replace(term, year=year[0] if year else None), end


def _two_in_one(tokens: Sequence[Token], i: int, quarter: int) -> Read | None:
    """Read "quý III/IV năm 2025", where either may be meant."""
    other = at(tokens, i + 2)
    second = quarter_number(other) if at(tokens, i + 1).kind is K.SLASH and other.kind is K.WORD else None
    if not second or not quarter:
        return None
    year = year_at(tokens, i + 3)
    spans = [
        Term(grain=Grain.QUARTER, first=3 * q - 2, last=3 * q).span(year[0]) if year else None
        for q in (quarter, second)
    ]
    guesses = tuple(span for span in spans if span)
    return Term(grain=Grain.QUARTER, fault=True, guesses=guesses), year[1] if year else i + 3


def read_bare_quarter(tokens: Sequence[Token], i: int) -> Read | None:
    """Read "III/2025", a quarter without its word, where no name stands before it."""
    number = at(tokens, i)
    quarter = quarter_number(number) if number.kind is K.WORD and number.text.isupper() else None
    if not quarter or at(tokens, i + 1).kind is not K.SLASH or at(tokens, i - 1).kind not in _BEFORE_NUMBERS:
        return None
    year = year_at(tokens, i + 1)
    if year is None or is_open(tokens, year[1]):
        return None
    return Term(grain=Grain.QUARTER, year=year[0], first=3 * quarter - 2, last=3 * quarter), year[1]


def _month_guess(number: Token, year: tuple[int, int] | None) -> tuple[DateRange, ...]:
    """Propose the month for "Quý 11/2025"; "Quý V" proposes nothing."""
    if number.kind is not K.NUM or not 5 <= number.value <= 12 or year is None:
        return ()
    return (DateRange(date(year[0], number.value, 1), month_end(year[0], number.value)),)
