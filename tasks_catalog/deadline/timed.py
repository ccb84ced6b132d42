"""Phrases that name a time of the calendar.

::

    timed = {preposition} (term | "nay") [("-" | "đến") term] ["trở đi" | "và các năm tiếp theo"]
"""

from __future__ import annotations

from dataclasses import replace

from tasks_catalog.deadline.lexicon import K
from tasks_catalog.deadline.lists import same_unit
from tasks_catalog.deadline.phrase import Phrase, Role, Tokens, fault, prepositions, unnumbered
from tasks_catalog.deadline.terms import Grain, Term
from tasks_catalog.deadline.tokens import at, kinds
from tasks_catalog.deadline.written import read_term
from tasks_catalog.text import plain


def read_timed(tokens: Tokens, start: int) -> Phrase | None:
    """Read a time or a range of times, with "và các năm tiếp theo" and without an outlook behind it."""
    phrase = _bounded(tokens, start)
    if phrase is None or phrase.role is not Role.TIMED:
        return phrase
    return _onward(tokens, phrase)


def _bounded(tokens: Tokens, start: int) -> Phrase | None:
    after, i = prepositions(tokens, start)
    if at(tokens, start).kind is K.COLON:
        return None
    if at(tokens, start - 1).kind in (K.SLASH, K.DOT) or _ends_a_word(tokens, start):
        rest = read_term(tokens, i)  # the rest of something that was read as none
        return fault(start, rest[1]) if rest else None
    now = _since_now(tokens, i) if K.FROM in after else i
    first = None if now > i else (read_term(tokens, i) or _span_start(tokens, i))
    if first is None and after and now == i:
        first = named_day(tokens, i)
    if first is None and now == i:
        return None
    end = now if first is None else first[1]
    second = _second(tokens, end, first[0] if first else None)
    terms = tuple(found[0] for found in (first, second) if found)
    if not terms:
        return None
    phrase = Phrase(role=Role.TIMED, start=start, end=second[1] if second else end, terms=terms, after=after)
    return replace(phrase, ranged=second is not None)


def _ends_a_word(tokens: Tokens, i: int) -> bool:
    """Say whether a dash ties the number at ``i`` to a word: "31-Dec-2025"."""
    word, dash = at(tokens, i - 2), at(tokens, i - 1)
    tied = word.end == dash.start and dash.end == at(tokens, i).start and at(tokens, i).kind is K.NUM
    return dash.kind is K.DASH and word.kind is K.WORD and tied


def _since_now(tokens: Tokens, i: int) -> int:
    """Return the index after "nay", or "ngày ký" before "đến", which begin when the plan does."""
    if at(tokens, i).kind is K.NOW:
        return i + 1
    j = i + 1
    while at(tokens, i).kind is K.DAY and at(tokens, j).kind in (K.WORD, K.ACTION, K.DOCUMENT) and j < i + 5:
        j += 1
    return j if j > i + 1 and at(tokens, j).kind is K.UNTIL else i


def named_day(tokens: Tokens, i: int) -> tuple[Term, int] | None:
    """Read "ngày bầu cử 15/3/2026": a date behind the name of its day."""
    j = i + 1
    while at(tokens, i).kind is K.DAY and at(tokens, j).kind is K.WORD and j < i + 5:
        j += 1
    found = read_term(tokens, j) if j > i + 1 else None
    return found if found and found[0].grain is Grain.DAY and found[0].last else None


def _span_start(tokens: Tokens, i: int) -> tuple[Term, int] | None:
    """Read the first number of "3-6/2025", "01 đến 15/6/2025", which takes its unit from the second."""
    i += at(tokens, i).kind is K.DAY
    number = at(tokens, i)
    if number.kind is not K.NUM or len(number.text) > 2 or at(tokens, i + 1).kind not in (K.DASH, K.UNTIL):
        return None
    second = read_term(tokens, i + 2)
    if second is None or second[0].fault or second[0].grain not in (Grain.DAY, Grain.MONTH):
        return None
    term = second[0]
    if term.grain is Grain.DAY:
        return replace(term, day=number.value), i + 1
    return replace(term, first=number.value, last=number.value, fault=not 1 <= number.value <= 12), i + 1


def _second(tokens: Tokens, i: int, first: Term | None) -> tuple[Term, int] | None:
    """Return the far end of a range: "- 2027", "đến hết tháng 6/2025", "- III/2025"."""
    if at(tokens, i).kind not in (K.DASH, K.UNTIL):
        return None
    start = i
    while at(tokens, i).kind in (K.DASH, K.UNTIL, K.IN, K.ABOUT):
        i += 1
    quarters = first is not None and first.grain is Grain.QUARTER and at(tokens, start).kind is K.DASH
    if quarters and first is not None and (found := same_unit(tokens, i, first)):
        return found  # "quý 1-2/2026": the 2 is no February
    if found := read_term(tokens, i) or named_day(tokens, i):
        return found
    if first is None or (start + 1 != i and at(tokens, start).kind is K.DASH):
        return None
    return same_unit(tokens, i, first)


def _onward(tokens: Tokens, phrase: Phrase) -> Phrase:
    """Take in "trở đi", "và các năm tiếp theo"; drop an outlook: ", tầm nhìn đến năm 2045"."""
    i = phrase.end + (at(tokens, phrase.end).kind in (K.COMMA, K.AND))
    if at(tokens, i).kind is K.ONWARD:
        return replace(phrase, end=i + 1, onward=True)
    while at(tokens, i).kind in (K.COMMA, K.AND):
        i += 1
    if at(tokens, i).kind is K.HORIZON and (outlook := _bounded(tokens, i + 1)):
        return replace(phrase, end=outlook.end)
    return phrase


def read_next_year(tokens: Tokens, i: int) -> Phrase | None:
    """Read "năm sau", "của năm tiếp theo": the year after the one reported on."""
    j = i + (at(tokens, i).kind is K.OF)
    if at(tokens, j).kind is K.YEAR and at(tokens, j + 1).kind in (K.AFTER, K.NEXT):
        return Phrase(role=Role.NEXT_YEAR, start=i, end=j + 2 + (at(tokens, j + 2).kind is K.NEXT))
    if kinds(tokens, j, K.YEAR, K.BEFORE) and unnumbered(tokens, j + 2) and read_term(tokens, j + 2) is None:
        return fault(i, j + 2)  # "năm trước": no plan's year
    return None


def read_bare_year(tokens: Tokens, i: int) -> Phrase | None:
    """Read "trong năm", "đến hết năm", "cả năm": the plan's own year."""
    after, j = prepositions(tokens, i)
    if not after or at(tokens, j).kind is not K.YEAR or at(tokens, i).kind is K.COLON:
        return None
    if not (after & {K.IN, K.UNTIL, K.LATEST, K.ABOUT}) or after & {K.BEFORE, K.FROM, K.AFTER}:
        return None
    return Phrase(role=Role.BARE, start=i, end=j + 1, terms=(Term(grain=Grain.YEAR),), after=after)


def read_later(tokens: Tokens, i: int) -> Phrase | None:
    _, j = prepositions(tokens, i)
    if at(tokens, j).kind is not K.ONWARD:
        return None
    return Phrase(role=Role.LATER, start=i, end=j + 1)


def read_unknown(tokens: Tokens, i: int) -> Phrase | None:
    if at(tokens, i).kind is K.SCHOOL_YEAR:
        years = read_timed(tokens, i + 1)
        return fault(i, years.end if years else i + 1)
    if at(tokens, i).kind is K.NOT_KNOWN:
        return fault(i, i + 1)
    return _week(tokens, i) if at(tokens, i).kind is K.WEEK else None


def _week(tokens: Tokens, i: int) -> Phrase | None:
    """Read "tuần cuối tháng 11/2025"; other weeks of a month are counted in more than one way."""
    third = at(tokens, i + 1).kind
    month_at = i + 2 + (at(tokens, i + 2).kind is K.OF)
    month = read_term(tokens, month_at) if third in (K.EARLY, K.MID, K.LATE) else None
    if third is K.LATE and month and month[0].grain is Grain.MONTH and month[0].third is None:
        term = replace(month[0], third=K.WEEK)
        return Phrase(role=Role.TIMED, start=i, end=month[1], terms=(term,))
    if month:
        return fault(i, month[1])
    if at(tokens, i + 1).kind is K.NUM or _ordinal(tokens, i + 1):
        j = i + 2 + _ordinal(tokens, i + 1)
        rest = read_term(tokens, j + (at(tokens, j).kind is K.OF))
        return fault(i, rest[1] if rest else j)
    return None


def _ordinal(tokens: Tokens, i: int) -> bool:
    """Say whether "thứ 3", "thứ nhất" stands at ``i``."""
    return plain(at(tokens, i).text) == "thu" and at(tokens, i + 1).kind is K.NUM


def read_stray(tokens: Tokens, i: int) -> Phrase | None:
    """Find a number that looks like part of a date and was read as none: then nothing is sure."""
    number = at(tokens, i)
    if number.kind is not K.NUM:
        return None
    dated = at(tokens, i + 1).kind is K.SLASH and at(tokens, i + 2).kind is K.NUM
    united = at(tokens, i - 1).kind in (K.DAY, K.MONTH, K.QUARTER, K.YEAR, K.SLASH)
    dashed = kinds(tokens, i - 2, K.NUM, K.DASH) and at(tokens, i - 1).end == number.start
    year = len(number.text) == 4 and 1900 <= number.value <= 2199
    return fault(i, i + 1) if dated or united or dashed or year else None
