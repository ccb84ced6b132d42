"""How neighbouring phrases bear on each other before each becomes a reading.

"Tháng 3 và tháng 9/2025" share their year; "báo cáo quý III/2025 trước ngày 15/9/2025" has one
deadline, the quarter being the report's name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tasks_catalog.deadline.lexicon import K
from tasks_catalog.deadline.neighbours import GLUE, gap, linked, same_sentence, touching, yearless
from tasks_catalog.deadline.phrase import FENCES, Phrase, Role
from tasks_catalog.deadline.ranges import spans_joined
from tasks_catalog.deadline.rhythm import bare_units, one_rhythm, periodic_leads, recurring
from tasks_catalog.deadline.terms import Grain, Term
from tasks_catalog.deadline.tokens import Token, at
from tasks_catalog.text import plain

_PERIODIC = ("ke hoach", "chuong trinh")
"""Documents written for a month, a quarter or a year."""


def joined(tokens: Sequence[Token], phrases: Sequence[Phrase]) -> list[Phrase]:
    """Return the phrases with what they take from each other, those used up left out."""
    found = list(phrases)
    for step in (
        spans_joined,
        _report_names,
        _years_first,
        recurring,
        one_rhythm,
        periodic_leads,
        _weekdays,
        _period_lists,
        bare_units,
        _topics,
        _share_years,
        _weak_years,
        _later_years,
        _if_any,
        _conditions,
    ):
        found = step(tokens, found)
    return found


def _report_names(tokens: Sequence[Token], phrases: list[Phrase]) -> list[Phrase]:
    """Drop a part of no named year right before a last day: "6 tháng đầu năm trước ngày 20/6 hằng năm"."""
    out: list[Phrase] = []
    for phrase in phrases:
        last = out[-1] if out else None
        if last and _is_last_day(phrase) and touching(tokens, last, phrase) and _names_report(last):
            out.pop()
        out.append(phrase)
    return out


def _names_report(phrase: Phrase) -> bool:
    whole = yearless(phrase) and _is_period(phrase) and not phrase.after
    return whole and phrase.terms[0].third is None


def _is_last_day(phrase: Phrase) -> bool:
    due = phrase.role is Role.TIMED and bool(phrase.after & {K.BEFORE, K.LATEST})
    return due and phrase.terms[0].grain is Grain.DAY


def _years_first(tokens: Sequence[Token], phrases: list[Phrase]) -> list[Phrase]:
    """Give "Quý IV" the year before it: "Năm 2025 (Quý IV)", "trong năm 2025, trước ngày 30/6"."""
    out: list[Phrase] = []
    for phrase in phrases:
        last = out[-1] if out else None
        if last and yearless(phrase) and phrase.terms[0].last and _is_period(last):
            between = gap(tokens, last, phrase)
            near = all(kind in (K.COMMA, *GLUE) for kind in between)
            if near and last.terms[0].grain is Grain.YEAR and last.terms[0].third is None:
                term = replace(phrase.terms[0], year=last.terms[0].year)
                phrase = replace(phrase, start=last.start, terms=(term,))
                out.pop()
        out.append(phrase)
    return out


def _topics(tokens: Sequence[Token], phrases: list[Phrase]) -> list[Phrase]:
    """Drop a period that names the thing due: "báo cáo quý III/2025 trước ngày ...", "kế hoạch năm 2026"."""
    out = list(phrases)
    for i in range(len(out) - 2, -1, -1):
        left, right = out[i], out[i + 1]
        if _is_period(left) and right.role is Role.TIMED and right.after & {K.BEFORE, K.LATEST}:
            if not touching(tokens, left, right):
                continue
            if yearless(right):
                out[i + 1] = replace(right, terms=(replace(right.terms[0], year=left.terms[0].year),))
            del out[i]
    others = [p for p in out if p.role is not Role.TIMED or not _is_attribute(tokens, p)]
    if others and len(others) < len(out):
        return others
    return [replace(p, role=Role.FAULT) if _is_attribute(tokens, p) else p for p in out]


def _is_period(phrase: Phrase) -> bool:
    alone = (
        phrase.role is Role.TIMED and not phrase.ranged and not phrase.onward and not phrase.terms[0].fault
    )
    return alone and phrase.terms[0].grain is not Grain.DAY and not phrase.after - {K.IN, K.ABOUT}


def _is_attribute(tokens: Sequence[Token], phrase: Phrase) -> bool:
    """Say whether a period without preposition names the thing before it: "dự toán năm 2026"."""
    if phrase.role is not Role.TIMED or phrase.after or phrase.terms[0].grain is Grain.DAY:
        return False
    noun = at(tokens, phrase.start - 1)
    if noun.kind is K.SUBJECT or (noun.kind is K.DOCUMENT and plain(noun.text) in _PERIODIC):
        return True
    if phrase.terms[0].grain is not Grain.YEAR or phrase.ranged:
        return False  # "Quyết định tháng 9/2025", "trình Chính phủ quý III/2025": no thing has its month
    return noun.kind in (K.DOCUMENT, K.WORD, K.LAW) or (noun.kind is K.BODY and _of_a_thing(tokens, phrase))


def _of_a_thing(tokens: Sequence[Token], phrase: Phrase) -> bool:
    """Say whether a document rather than a verb governs: "Kế hoạch của UBND tỉnh năm 2025"."""
    i = phrase.start - 1
    while i >= 0 and tokens[i].kind not in (*FENCES, K.COMMA, K.ACTION):
        if tokens[i].kind in (K.DOCUMENT, K.SUBJECT, K.LAW):
            return True
        i -= 1
    return False


def _share_years(tokens: Sequence[Token], phrases: list[Phrase]) -> list[Phrase]:
    """Give listed dates without a year the year of the one beside them, first from behind."""
    out = list(phrases)
    for i in range(len(out) - 2, -1, -1):
        out[i] = _borrow(tokens, out[i], out[i + 1], out[i], out[i + 1])
    for i in range(1, len(out)):
        out[i] = _borrow(tokens, out[i], out[i - 1], out[i - 1], out[i])
    return out


def _borrow(tokens: Sequence[Token], poor: Phrase, rich: Phrase, left: Phrase, right: Phrase) -> Phrase:
    """Return ``poor`` with the year of ``rich``, unless that would put the listed dates out of order."""
    if not yearless(poor) or rich.role is not Role.TIMED or not linked(tokens, left, right):
        return poor
    year, term = rich.terms[0].year, poor.terms[0]
    if term.last == 0 and rich.terms[0].grain is Grain.DAY and left is poor:
        term = replace(term, first=rich.terms[0].first, last=rich.terms[0].last)
    elif year is None or term.last == 0:
        return poor
    if term.fault:
        return poor
    lent = replace(poor, terms=(replace(term, year=year),))
    first, second = (lent, rich) if left is poor else (rich, lent)
    if _order(first.terms[0]) > _order(second.terms[-1]):
        return replace(poor, role=Role.FAULT)
    return lent


def _order(term: Term) -> tuple[int, int, int]:
    return term.year or 0, term.last, term.day or 0


def _weak_years(tokens: Sequence[Token], phrases: list[Phrase]) -> list[Phrase]:
    """Drop "trong năm" beside anything else; alone it is the plan's year."""
    weak = [p for p in phrases if p.role is Role.BARE]
    if len(weak) == len(phrases):
        return [replace(p, role=Role.TIMED) for p in weak[:1]]
    return [p for p in phrases if p.role is not Role.BARE]


def _weekdays(tokens: Sequence[Token], phrases: list[Phrase]) -> list[Phrase]:
    """Drop a weekday beside its date ("15/11/2025 (thứ Bảy)"); alone it says no week."""
    if any(p.role is Role.TIMED and p.terms[0].grain is Grain.DAY for p in phrases):
        return [p for p in phrases if p.role is not Role.WEEKDAY]
    return [replace(p, role=Role.FAULT) if p.role is Role.WEEKDAY else p for p in phrases]


_LISTED_MONTHS = {"FREQ=HALFYEARLY": 6, "FREQ=YEARLY;BYMONTH=9": 9, "FREQ=YEARLY": 12}


def _period_lists(tokens: Sequence[Token], phrases: list[Phrase]) -> list[Phrase]:
    """Read "6 tháng", "năm" listed with a named period as periods: "quý I, 6 tháng, 9 tháng, năm"."""
    out = list(phrases)
    forward, back = range(1, len(out)), range(len(out) - 2, -1, -1)
    for order in (forward, back, forward):
        for i in order:
            other = out[i - 1] if order.step == 1 else out[i + 1]
            left, right = (other, out[i]) if order.step == 1 else (out[i], other)
            if out[i].role is Role.BARE and _lists_periods(other) and linked(tokens, left, right):
                out[i] = _as_period(out[i]) if left.end < right.start else out[i]
    return out


def _lists_periods(phrase: Phrase) -> bool:
    whole_year = phrase.role is Role.BARE and bool(phrase.after - {K.IN}) and bool(phrase.terms)
    return whole_year or (
        yearless(phrase) and phrase.terms[0].grain in (Grain.QUARTER, Grain.PART, Grain.YEAR)
    )


def _as_period(phrase: Phrase) -> Phrase:
    if phrase.terms:
        return replace(phrase, role=Role.TIMED) if phrase.after - {K.IN} else phrase
    months = _LISTED_MONTHS.get(phrase.recurrence)
    if months is None:
        return phrase
    grain = Grain.YEAR if months == 12 else Grain.PART
    return replace(phrase, role=Role.TIMED, recurrence="", terms=(Term(grain=grain, last=months),))


def _later_years(tokens: Sequence[Token], phrases: list[Phrase]) -> list[Phrase]:
    """Read "trong các năm tiếp theo" from the year after the last one named; before any, it is a question."""
    out: list[Phrase] = []
    for i, phrase in enumerate(phrases):
        if phrase.role is not Role.LATER:
            out.append(phrase)
            continue
        conditional = i + 1 < len(phrases) and phrases[i + 1].role is Role.IF_ANY
        known = [p.terms[-1].year for p in out if p.role is Role.TIMED and not p.onward and p.terms[-1].year]
        if conditional:
            out.append(replace(phrase, role=Role.WHEN))
        elif known and known[-1]:
            term = Term(grain=Grain.YEAR, year=known[-1])
            out.append(replace(phrase, role=Role.TIMED, terms=(term,), after=frozenset({K.AFTER})))
        else:
            out.append(replace(phrase, role=Role.FAULT))
    return out


def _if_any(tokens: Sequence[Token], phrases: list[Phrase]) -> list[Phrase]:
    """Take "(nếu có)" for an event where its sentence says nothing else of time."""
    out: list[Phrase] = []
    for i, phrase in enumerate(phrases):
        if phrase.role is not Role.IF_ANY:
            out.append(phrase)
            continue
        neighbours = [p for p in (*out[-1:], *phrases[i + 1 : i + 2]) if _in_one_sentence(tokens, phrase, p)]
        if neighbours and out and out[-1] in neighbours and out[-1].role is Role.WHEN:
            out[-1] = replace(out[-1], end=phrase.end)
        elif not neighbours:
            start = _sentence_start(tokens, phrase.start)
            out.append(replace(phrase, role=Role.WHEN, start=start))
    return out


def _in_one_sentence(tokens: Sequence[Token], one: Phrase, other: Phrase) -> bool:
    left, right = sorted((one, other), key=lambda p: p.start)
    return same_sentence(tokens, left, right)


def _sentence_start(tokens: Sequence[Token], i: int) -> int:
    while i > 0 and tokens[i - 1].kind not in FENCES:
        i -= 1
    return i


def _conditions(tokens: Sequence[Token], phrases: list[Phrase]) -> list[Phrase]:
    """Join two events of one clause; keep a document cited right behind a date as that date's note."""
    out: list[Phrase] = []
    for phrase in phrases:
        last = out[-1] if out else None
        waits = phrase.role in (Role.WHEN, Role.EXTERNAL)
        if last and waits and last.role is phrase.role and linked(tokens, last, phrase):
            out[-1] = replace(last, end=phrase.end)
        elif last and waits and last.role in (Role.TIMED, Role.EVERY) and _cites(tokens, last, phrase):
            out[-1] = replace(last, note=(phrase.start, phrase.end))
        else:
            out.append(phrase)
    return out


def _cites(tokens: Sequence[Token], dated: Phrase, phrase: Phrase) -> bool:
    """Say whether the words behind a date only say where it comes from or how it was reckoned."""
    between = gap(tokens, dated, phrase)
    if at(tokens, phrase.start).kind is K.ACCORDING:
        return between in ([], [K.LPAREN])
    day = dated.role is Role.TIMED and not dated.ranged and dated.terms[0].grain is Grain.DAY
    return day and between == [K.LPAREN] and at(tokens, phrase.start).kind is not K.WHEN
