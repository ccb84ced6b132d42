"""``read_deadline``: the words of a deadline, read as a careful clerk reads them; where not sure, it asks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from tasks_catalog.deadline.joining import joined
from tasks_catalog.deadline.lexicon import K
from tasks_catalog.deadline.model import DateRange, Deadline, Kind
from tasks_catalog.deadline.phrase import Phrase, Role
from tasks_catalog.deadline.scanning import phrases_of
from tasks_catalog.deadline.terms import Grain, Term, guess_day
from tasks_catalog.deadline.tokens import Token, tokenize
from tasks_catalog.text import clean

_STEADY = (Kind.CONTINUOUS, Kind.EVERY)
_LONGEST = 2_000  # characters; what is longer is no deadline, and looking back and forth in it takes long
_TRIM = " .,;:-–+•*…"


def read_deadline(words: str, *, year: int) -> Deadline:
    """Read any text as a deadline of a plan of ``year``, which dates written without a year take.

    Never raises: what is not understood, or understood in two ways, is UNCLEAR with proposals in ``dates``.
    """
    text = clean(words)
    tokens = tokenize(text) if len(text) <= _LONGEST else []
    phrases = _without_own_year(tokens, joined(tokens, list(phrases_of(tokens))), year)
    parts = _distinct(_reading(tokens, text, phrase, year) for phrase in phrases)
    if not parts or any(part.kind is Kind.UNCLEAR for part in parts):
        return Deadline(text=text, kind=Kind.UNCLEAR, dates=_proposals(parts))
    if len(parts) == 1:
        return replace(parts[0], text=text)
    return Deadline(text=text, kind=Kind.COMPOUND, parts=tuple(parts))


def _without_own_year(tokens: Sequence[Token], phrases: list[Phrase], year: int) -> list[Phrase]:
    """Drop the plan's own year right behind a rhythm: "thường xuyên trong năm 2025" adds no deadline."""
    out: list[Phrase] = []
    for phrase in phrases:
        steady = out and out[-1].role in (Role.CONTINUOUS, Role.EVERY) and out[-1].end == phrase.start
        own = phrase.role is Role.TIMED and len(phrase.terms) == 1 and not phrase.after - {K.IN, K.ABOUT}
        if not (
            steady and own and not phrase.onward and phrase.terms[0] == Term(grain=Grain.YEAR, year=year)
        ):
            out.append(phrase)
    return out


def _distinct(parts: Iterable[Deadline]) -> list[Deadline]:
    """Return the parts without those that say the same again in other words."""
    kept: dict[object, Deadline] = {}
    for part in parts:
        kept.setdefault((part.kind, part.dates, part.recurrence, part.condition), part)
    return list(kept.values())


def _proposals(parts: Sequence[Deadline]) -> tuple[DateRange, ...]:
    return tuple(dict.fromkeys(span for part in parts for span in part.dates))


def _words(tokens: Sequence[Token], text: str, start: int, end: int) -> str:
    """Return the words of the tokens, trimmed of marks and of brackets that have lost their other half."""
    if start >= end:
        return ""
    words = text[tokens[start].start : tokens[end - 1].end].strip(_TRIM)
    if words.count("(") > words.count(")"):
        closes = end < len(tokens) and tokens[end].kind is K.RPAREN
        words = words + ")" if closes else words.removeprefix("(")
    elif words.count(")") > words.count("("):
        words = words.removesuffix(")")
    return words.strip(_TRIM)


def _reading(tokens: Sequence[Token], text: str, phrase: Phrase, year: int) -> Deadline:
    """Return what one phrase says, with its own words."""
    words = _words(tokens, text, phrase.start, phrase.end)
    note = _words(tokens, text, *phrase.note) if phrase.note else None
    if phrase.role is Role.TIMED:
        return replace(_timed(phrase, year), text=words, condition=note)
    if phrase.role is Role.EVERY:
        return Deadline(text=words, kind=Kind.EVERY, recurrence=phrase.recurrence, condition=note)
    if phrase.role is Role.CONTINUOUS:
        return Deadline(text=words, kind=Kind.CONTINUOUS)
    if phrase.role in (Role.WHEN, Role.EXTERNAL):
        return Deadline(text=words, kind=Kind(phrase.role.value), condition=words)
    guesses = tuple(guess for term in phrase.terms for guess in _guesses(term, year))
    return Deadline(text=words, kind=Kind.UNCLEAR, dates=guesses)


def _guesses(term: Term, year: int) -> tuple[DateRange, ...]:
    span = term.span(year)
    if span or term.guesses or term.grain is not Grain.DAY or term.year is not None:
        return (span,) if span else term.guesses
    return guess_day(year, term.last, term.day or 0)  # 29/02 of a year without one


def _unclear(phrase: Phrase, year: int) -> Deadline:
    guesses = tuple(guess for term in phrase.terms for guess in _guesses(term, year))
    return Deadline(text="", kind=Kind.UNCLEAR, dates=guesses)


def _timed(phrase: Phrase, year: int) -> Deadline:
    """Return the date or span of a timed phrase; its text is left to the caller."""
    if phrase.ranged and len(phrase.terms) == 2:
        return _ranged(phrase, year)
    term = phrase.terms[0]
    span = term.span(year)
    if span is None or span.to is None or term.vague:
        return _unclear(phrase, year)
    if phrase.onward or (phrase.after & {K.FROM, K.AFTER} and not phrase.ranged):
        return _open_ended(phrase, span)
    if phrase.ranged:  # "từ nay đến ..."
        return _within(None, span.to)
    if term.grain is Grain.DAY:
        return Deadline(text="", kind=Kind.BY, dates=(DateRange(None, span.to),))
    if K.BEFORE in phrase.after and span.start and term.third is None:
        return _within(None, span.start - timedelta(days=1))
    return _within(None if phrase.after & {K.UNTIL, K.EXTENDED, K.LATEST, K.BEFORE} else span.start, span.to)


def _within(start: date | None, to: date | None) -> Deadline:
    return Deadline(text="", kind=Kind.WITHIN, dates=(DateRange(start, to),))


def _open_ended(phrase: Phrase, span: DateRange) -> Deadline:
    """Return a span that only begins: "từ 01/7/2025", "sau năm 2027" (from the next day on)."""
    if K.AFTER in phrase.after and span.to:
        return _within(span.to + timedelta(days=1), None)
    return _within(span.start or span.to, None)


def _ranged(phrase: Phrase, year: int) -> Deadline:
    """Return the span from one term to another; a first term without its year lies in the last one's."""
    first, last = phrase.terms
    if first.last == 0 and last.grain is Grain.DAY:  # "từ ngày 01 đến ngày 15/6/2025"
        first = replace(first, first=last.first, last=last.last)
    until = last.span(first.year or year) if last.year is None else last.span(year)
    since = first.span(last.year or year) if first.year is None else first.span(year)
    if until is None or since is None or until.to is None or last.vague:
        return _unclear(phrase, year)
    start = since.start or since.to
    if start and start > until.to and first.year is None and last.year:
        since = replace(first, year=last.year - 1).span(year)
        start = (since.start or since.to) if since else None
    if start is None or start > until.to:
        return _unclear(phrase, year)
    return _within(start, None) if phrase.onward else _within(start, until.to)
