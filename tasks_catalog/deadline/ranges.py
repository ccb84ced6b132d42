"""How two times that stand apart make one: a start and an end, a span and where in it one begins.

"Từ ngày 15/12/2025 và kết thúc vào ngày 01/02/2026" is one span; "2025-2026 (bắt đầu từ quý III/2025)" ends
with 2026 and begins with the quarter; "dự kiến ngày 05/12 (chậm nhất ngày 10/12)" is due on the 10th.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tasks_catalog.deadline.lexicon import K
from tasks_catalog.deadline.neighbours import GLUE, gap, touching
from tasks_catalog.deadline.phrase import Phrase, Role
from tasks_catalog.deadline.terms import Grain
from tasks_catalog.deadline.tokens import Token
from tasks_catalog.deadline.topics import opens_clause

_ANY_YEAR = 2024
_TO_THE_END = (K.COMMA, K.AND, K.ACTION, *GLUE)


def spans_joined(tokens: Sequence[Token], phrases: list[Phrase]) -> list[Phrase]:
    """Return the phrases with those that are one span, or one date said twice, joined."""
    out: list[Phrase] = []
    for phrase in phrases:
        last = out[-1] if out else None
        if last and _closes(tokens, last, phrase):
            terms = (last.terms[0], phrase.terms[-1])
            phrase = replace(out.pop(), end=phrase.end, terms=terms, ranged=True, onward=phrase.onward)
        elif last and _narrows(tokens, last, phrase):
            phrase = _begun(out.pop(), phrase)
        elif last and any(takes_over(tokens, last, phrase) for takes_over in (_binds, _moves, _due_in)):
            phrase = replace(phrase, start=out.pop().start)
        elif last and _day_of(tokens, last, phrase):
            phrase = _in_month(out.pop(), phrase)
        elif last and _bracketed(tokens, last, phrase) and _lies_in(phrase, last):
            year = phrase.terms[0].year or last.terms[0].year
            phrase = replace(phrase, start=out.pop().start, terms=(replace(phrase.terms[0], year=year),))
        elif last and _bracketed(tokens, last, phrase) and _lies_in(last, phrase):
            phrase = replace(out.pop(), end=phrase.end)
        out.append(phrase)
    return out


def _opens(phrase: Phrase) -> bool:
    """Say whether the phrase only begins: "từ tháng 7/2025"."""
    return phrase.role is Role.TIMED and not phrase.ranged and not phrase.onward and K.FROM in phrase.after


def _closes(tokens: Sequence[Token], first: Phrase, last: Phrase) -> bool:
    ends = last.role is Role.TIMED and not last.ranged and K.UNTIL in last.after and K.FROM not in last.after
    return _opens(first) and ends and all(kind in _TO_THE_END for kind in gap(tokens, first, last))


def _narrows(tokens: Sequence[Token], whole: Phrase, start: Phrase) -> bool:
    period = whole.role is Role.TIMED and not whole.onward and not _opens(whole)
    coarse = period and whole.terms[-1].grain is Grain.YEAR and whole.terms[-1].year is not None
    inside = K.LPAREN in gap(tokens, whole, start) and touching(tokens, whole, start)
    return coarse and inside and _opens(start)


def _begun(whole: Phrase, start: Phrase) -> Phrase:
    """Return ``whole`` with its beginning at ``start``, which lies in the first year where it names none."""
    first = start.terms[0]
    year = whole.terms[0].year if first.year is None else first.year
    return replace(whole, end=start.end, terms=(replace(first, year=year), whole.terms[-1]), ranged=True)


def _binds(tokens: Sequence[Token], hoped: Phrase, latest: Phrase) -> bool:
    """Say whether the first is only expected and the second binds: "tháng 5/2025, chậm nhất 10/6/2025"."""
    if hoped.role is not Role.TIMED or latest.role is not Role.TIMED or hoped.ranged or latest.ranged:
        return False
    said = K.ABOUT in hoped.after or (opens_clause(tokens, hoped) and hoped.terms[0].grain is not Grain.DAY)
    near = all(kind in (K.COMMA, *GLUE) for kind in gap(tokens, hoped, latest))
    return said and near and K.LATEST in latest.after and bool(latest.terms[0].last)


def _moves(tokens: Sequence[Token], old: Phrase, new: Phrase) -> bool:
    """Say whether the second is the first put off: "30/6/2025 (gia hạn đến 30/9/2025)"."""
    both = old.role is Role.TIMED and new.role is Role.TIMED and K.EXTENDED in new.after
    return both and all(kind in (K.COMMA, *GLUE) for kind in gap(tokens, old, new))


def _due_in(tokens: Sequence[Token], period: Phrase, day: Phrase) -> bool:
    """Say whether a last day is set in the period before it: "Quý IV/2025, hoàn thành trước 15/11/2025"."""
    last_day = day.role is Role.TIMED and day.terms[0].grain is Grain.DAY and day.terms[0].year is not None
    whole = period.role is Role.TIMED and not period.onward and not period.after - {K.IN, K.STAGE, K.ABOUT}
    said = bool(day.after & {K.BEFORE, K.LATEST}) or K.COLON in gap(tokens, period, day)
    if not last_day or not said or not whole or not opens_clause(tokens, period):
        return False
    if any(kind not in (K.COMMA, K.ACTION, *GLUE) for kind in gap(tokens, period, day)):
        return False
    return period.terms[-1].grain is not Grain.DAY and _contains(period, day)


def _day_of(tokens: Sequence[Token], month: Phrase, day: Phrase) -> bool:
    """Say whether a day without its month lies in the month before it: "Tháng 12 (trước ngày 10)"."""
    timed = month.role is Role.TIMED and day.role is Role.TIMED and not month.ranged and not day.ranged
    named = timed and month.terms[0].grain is Grain.MONTH and month.terms[0].third is None
    lone = named and day.terms[0].grain is Grain.DAY and not day.terms[0].last and bool(day.after)
    return lone and all(kind in (K.COMMA, *GLUE) for kind in gap(tokens, month, day))


def _in_month(month: Phrase, day: Phrase) -> Phrase:
    named = month.terms[0]
    term = replace(day.terms[0], year=named.year, first=named.first, last=named.last)
    return replace(day, start=month.start, terms=(term,))


def _contains(whole: Phrase, part: Phrase) -> bool:
    year = part.terms[0].year or whole.terms[0].year or _ANY_YEAR
    first, last, inner = (t.span(year) for t in (whole.terms[0], whole.terms[-1], part.terms[0]))
    if first is None or last is None or inner is None or inner.to is None:
        return False
    return bool(first.start and last.to and first.start <= (inner.start or inner.to) and inner.to <= last.to)


def _bracketed(tokens: Sequence[Token], left: Phrase, right: Phrase) -> bool:
    plainly = all(p.role is Role.TIMED and not p.ranged and not p.onward for p in (left, right))
    near = plainly and K.LPAREN in gap(tokens, left, right) and touching(tokens, left, right)
    return near and not right.after - {K.IN, K.ABOUT} and not left.after - {K.IN, K.ABOUT}


def _lies_in(part: Phrase, whole: Phrase) -> bool:
    """Say whether ``part`` is a month, a quarter or a half of ``whole``: "Quý IV/2025 (tháng 11/2025)"."""
    grains = part.terms[0].grain, whole.terms[0].grain
    return Grain.DAY not in grains and _contains(whole, part) and not _contains(part, whole)
