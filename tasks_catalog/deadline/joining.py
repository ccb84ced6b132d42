"""How neighbouring phrases bear on each other before each becomes a reading.

"Tháng 3 và tháng 9/2025" share their year; "báo cáo quý III/2025 trước ngày 15/9/2025" has one
deadline, the quarter being the report's name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tasks_catalog.deadline.lexicon import K
from tasks_catalog.deadline.neighbours import gap, in_brackets, linked, same_sentence, yearless
from tasks_catalog.deadline.phrase import FENCES, Phrase, Role
from tasks_catalog.deadline.ranges import spans_joined
from tasks_catalog.deadline.rhythm import bare_units, one_rhythm, periodic_leads, recurring
from tasks_catalog.deadline.terms import Grain, Term
from tasks_catalog.deadline.tokens import Token, at
from tasks_catalog.deadline.topics import named_days, report_names, topics, years_first
from tasks_catalog.text import plain


def joined(tokens: Sequence[Token], phrases: Sequence[Phrase]) -> list[Phrase]:
    """Return the phrases with what they take from each other, those used up left out."""
    found = list(phrases)
    for step in (
        named_days,
        spans_joined,
        report_names,
        years_first,
        recurring,
        one_rhythm,
        periodic_leads,
        _weekdays,
        _period_lists,
        bare_units,
        topics,
        _share_years,
        _weak_years,
        _later_years,
        _if_any,
        _conditions,
    ):
        found = step(tokens, found)
    return found


def _share_years(tokens: Sequence[Token], phrases: list[Phrase]) -> list[Phrase]:
    """Give listed dates without a year the year of the one beside them, first from behind."""
    out = list(phrases)
    for i in range(len(out) - 2, -1, -1):
        out[i] = _borrow(tokens, out[i], out[i + 1], out[i], out[i + 1])
    for i in range(1, len(out)):
        out[i] = _borrow(tokens, out[i], out[i - 1], out[i - 1], out[i])
        out[i] = _of_the_year_before(tokens, out[i - 1], out[i])
    return out


def _of_the_year_before(tokens: Sequence[Token], whole: Phrase, part: Phrase) -> Phrase:
    """Give a time in brackets the year it explains: "Tháng 10/2026 (họp ngày 15/10)" of a plan of 2025."""
    dated = whole.role is Role.TIMED and not whole.ranged and whole.terms[0].year
    if not dated or not yearless(part) or not part.terms[0].last or not in_brackets(tokens, whole, part):
        return part
    term = replace(part.terms[0], year=whole.terms[0].year)
    fits = not term.fault and _order(term)[:2] <= _order(whole.terms[0])[:2]
    return replace(part, terms=(term,)) if fits else part


def _borrow(tokens: Sequence[Token], poor: Phrase, rich: Phrase, left: Phrase, right: Phrase) -> Phrase:
    """Return ``poor`` with the year of ``rich``, unless that would put the listed dates out of order."""
    if rich.role is not Role.TIMED or not linked(tokens, left, right):
        return poor
    year = rich.terms[-1].year or rich.terms[0].year
    if _yearless_range(poor) and year is not None:
        return replace(poor, terms=tuple(replace(term, year=year) for term in poor.terms))
    if not yearless(poor):
        return poor
    term = poor.terms[0]
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


def _yearless_range(phrase: Phrase) -> bool:
    """Say whether "tháng 3-4" of "tháng 3-4, tháng 9-10/2026" has its year still to take."""
    alone = phrase.role is Role.TIMED and phrase.ranged and not phrase.onward and len(phrase.terms) == 2
    return alone and all(t.year is None and t.last and not t.fault for t in phrase.terms)


def _order(term: Term) -> tuple[int, int, int]:
    return term.year or 0, term.last, term.day or 0


def _weak_years(tokens: Sequence[Token], phrases: list[Phrase]) -> list[Phrase]:
    """Drop "trong năm" beside anything else; alone it is the plan's year."""
    phrases = [_whole_year(tokens, phrases, i) for i in range(len(phrases))]
    weak = [p for p in phrases if p.role is Role.BARE]
    if len(weak) == len(phrases):
        return [replace(p, role=Role.TIMED) for p in weak[:1]]
    return [p for p in phrases if p.role is not Role.BARE]


def _whole_year(tokens: Sequence[Token], phrases: list[Phrase], i: int) -> Phrase:
    """Keep "cả năm" that is a sentence of its own: "Ban hành: tháng 01/2024. Thực hiện: cả năm"."""
    bare = phrases[i].role is Role.BARE and K.ABOUT in phrases[i].after and bool(phrases[i].terms)
    apart = bare and i > 0 and not same_sentence(tokens, phrases[i - 1], phrases[i])
    dated = apart and phrases[i - 1].role is Role.TIMED
    return replace(phrases[i], role=Role.TIMED) if dated else phrases[i]


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
    """Read "trong các năm tiếp theo" from the year after the last one named; before any, it is a question.

    Right behind a rhythm it adds nothing: "thường xuyên trong các năm tiếp theo" is continuous.
    """
    out: list[Phrase] = []
    for i, phrase in enumerate(phrases):
        if phrase.role is not Role.LATER:
            out.append(phrase)
            continue
        if out and out[-1].role in (Role.CONTINUOUS, Role.EVERY) and out[-1].end == phrase.start:
            out[-1] = replace(out[-1], end=phrase.end)
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
    if at(tokens, phrase.start).kind is K.SESSION or plain(at(tokens, phrase.start).text) == "neu":
        return between == [K.LPAREN]
    day = dated.role is Role.TIMED and not dated.ranged and dated.terms[0].grain is Grain.DAY
    return day and between == [K.LPAREN] and at(tokens, phrase.start).kind is not K.WHEN
