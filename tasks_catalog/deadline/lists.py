"""Numbers listed with a time that lends them its unit: "tháng 3, 6 và 9/2025", "Quý III, IV", "7, 8/2025".

::

    list = timed {("," | "và") number}
         | {preposition} number {("," | "và") number} ("," | "và") (day | month)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from tasks_catalog.deadline.lexicon import K
from tasks_catalog.deadline.phrase import FENCES, Phrase, Role, Tokens, prepositions
from tasks_catalog.deadline.quarters import quarter_number
from tasks_catalog.deadline.terms import Grain, Term
from tasks_catalog.deadline.tokens import at
from tasks_catalog.deadline.written import read_term
from tasks_catalog.deadline.years import is_open, year_at

_LISTS = (K.COMMA, K.AND, K.OR)
_BEFORE_LISTED = (*FENCES, K.COLON, K.LPAREN, K.ACTION)
_AFTER_LISTED = (*FENCES, K.COMMA, K.AND, K.OR, K.EACH, K.RPAREN, K.LPAREN, K.COLON, K.OF, K.DASH)


def leading_numbers(tokens: Tokens, start: int) -> list[Phrase]:
    """Return the numbers before a date that lends them its month or year: "7, 8/2025", "15 và 30/6/2025"."""
    after, i = prepositions(tokens, start)
    if at(tokens, start - 1).kind not in _BEFORE_LISTED:
        return []
    places: list[int] = []
    while at(tokens, i).kind is K.NUM and len(at(tokens, i).text) <= 2 and at(tokens, i + 1).kind in _LISTS:
        places.append(i)
        i += 2
    found = read_term(tokens, i) if places and at(tokens, i).kind is K.NUM else None
    if found is None or found[0].fault or found[0].grain not in (Grain.DAY, Grain.MONTH):
        return []
    values = [0, *(at(tokens, place).value for place in places), found[0].day or found[0].first]
    if values != sorted(set(values)):
        return []  # not in order: no list
    phrases = [
        Phrase(role=Role.TIMED, start=place, end=place + 1, terms=(_like(found[0], value),))
        for place, value in zip(places, values[1:], strict=False)
    ]
    return [replace(phrases[0], start=start, after=after), *phrases[1:]]


def _like(term: Term, number: int) -> Term:
    """Return the day or month ``number``, whose month or year is still to be taken from ``term``."""
    if term.grain is Grain.DAY:
        return Term(grain=Grain.DAY, first=0, last=0, day=number)
    return Term(grain=Grain.MONTH, first=number, last=number)


def listed(tokens: Tokens, phrase: Phrase) -> Iterator[Phrase]:
    """Yield the numbers listed after a month or quarter: "tháng 3, 6 và 9/2025", "Quý III, IV"."""
    while _may_be_listed(phrase) and at(tokens, phrase.end).kind in _LISTS:
        found = _next(tokens, phrase)
        if found is None or (found[0].year is None and at(tokens, found[1]).kind not in _AFTER_LISTED):
            return
        phrase = replace(phrase, start=phrase.end + 1, end=found[1], terms=(found[0],))
        yield phrase


def _may_be_listed(phrase: Phrase) -> bool:
    alone = phrase.role is Role.TIMED and not phrase.ranged and not phrase.onward
    return alone and phrase.terms[0].year is None and not phrase.terms[0].fault


def _next(tokens: Tokens, phrase: Phrase) -> tuple[Term, int] | None:
    """Return the next of a list; "ngày 10 tháng 3, 6, 9" lists months of one day."""
    term, i = phrase.terms[0], phrase.end + 1
    if term.grain in (Grain.MONTH, Grain.QUARTER):
        return same_unit(tokens, i, term)
    of_months = at(tokens, phrase.end - 2).kind in (K.MONTH, K.COMMA, K.AND) and term.grain is Grain.DAY
    if not of_months or not term.last or at(tokens, i - 2).kind is not K.NUM:
        return None
    found = same_unit(tokens, i, replace(term, grain=Grain.MONTH))
    return (replace(found[0], grain=Grain.DAY, day=term.day), found[1]) if found else None


def same_unit(tokens: Tokens, i: int, first: Term) -> tuple[Term, int] | None:
    """Read a number that shares the unit of ``first``: "tháng 3 - 6", "Quý I - III", "2026-30"."""
    number = at(tokens, i)
    year = year_at(tokens, i + 1)
    end = year[1] if year else i + 1
    if is_open(tokens, end):
        return None
    if first.grain is Grain.MONTH and number.kind is K.NUM and 1 <= number.value <= 12:
        month = number.value
        return Term(grain=Grain.MONTH, year=year[0] if year else None, first=month, last=month), end
    if first.grain is Grain.QUARTER and (quarter := quarter_number(number)):
        term = Term(grain=Grain.QUARTER, first=3 * quarter - 2, last=3 * quarter)
        return replace(term, year=year[0] if year else None), end
    short = number.kind is K.NUM and len(number.text) == 2 and first.year is not None
    if first.grain is Grain.YEAR and short and first.year is not None and number.value > first.year % 100:
        return Term(grain=Grain.YEAR, year=first.year // 100 * 100 + number.value), i + 1
    return None
