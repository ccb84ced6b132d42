"""The scan for phrases: each is found where it stands, and what says nothing of time is skipped."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from tasks_catalog.deadline import every, lists, timed
from tasks_catalog.deadline.conditions import read_condition
from tasks_catalog.deadline.lexicon import K
from tasks_catalog.deadline.phrase import Phrase, Role, Tokens, fault
from tasks_catalog.deadline.tokens import at, kinds


def phrases_of(tokens: Tokens) -> Iterator[Phrase]:
    """Yield the phrases of the words, in order, skipping what says nothing of time."""
    i = 0
    while i < len(tokens):
        if numbers := lists.leading_numbers(tokens, i):
            yield from numbers
            i = numbers[-1].end
            continue
        found = read_condition(tokens, i, plain_phrase) or plain_phrase(tokens, i)
        if found is None:
            i += 1
            continue
        for phrase in (found, *lists.listed(tokens, found)):
            yield phrase
            i = phrase.end


def plain_phrase(tokens: Tokens, i: int) -> Phrase | None:
    """Return the phrase at ``i`` that is no condition, or None."""
    readers: tuple[Callable[[Tokens, int], Phrase | None], ...] = (
        timed.read_unknown,
        _round_the_clock,
        every.read_weekdays,
        every.read_day_of_month,
        every.read_each,
        every.read_ratio,
        every.read_end_of_each,
        timed.read_timed,
        every.read_periodic,
        timed.read_next_year,
        timed.read_bare_year,
        timed.read_later,
        every.read_bare,
        _continuous,
        timed.read_stray,
    )
    for reader in readers:
        if found := reader(tokens, i):
            return found
    return None


def _round_the_clock(tokens: Tokens, i: int) -> Phrase | None:
    """Read "24/24", "trực 24/7"; a bare "24/7" might as well be the 24th of July."""
    written = kinds(tokens, i, K.NUM, K.SLASH, K.NUM) and at(tokens, i).text == "24"
    if not written or at(tokens, i + 3).kind is K.SLASH:
        return None
    hours, before = at(tokens, i + 2).text, at(tokens, i - 1).kind
    if hours == "24" or (hours == "7" and before in (K.WORD, K.CONTINUOUS, K.BODY, K.ACTION)):
        return Phrase(role=Role.CONTINUOUS, start=i, end=i + 3)
    if hours == "7" and before is K.END:
        day = timed.read_timed(tokens, i)
        return replace(day, role=Role.FAULT) if day else None
    return None


def _continuous(tokens: Tokens, i: int) -> Phrase | None:
    j = i
    while at(tokens, j).kind is K.CONTINUOUS or (j > i and kinds(tokens, j, K.COMMA, K.CONTINUOUS)):
        j += 1
    if j > i and at(tokens, i - 1).kind is K.NOT:
        return fault(i - 1, j)
    return Phrase(role=Role.CONTINUOUS, start=i, end=j) if j > i else None
