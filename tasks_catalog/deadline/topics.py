"""A time that names the thing due, not when: "báo cáo quý III/2025 trước ngày ...", "dự toán năm 2026"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tasks_catalog.deadline.lexicon import K
from tasks_catalog.deadline.neighbours import GLUE, gap, in_brackets, touching, yearless
from tasks_catalog.deadline.phrase import FENCES, Phrase, Role
from tasks_catalog.deadline.terms import Grain
from tasks_catalog.deadline.tokens import Token, at
from tasks_catalog.text import plain

_REPORTS = ("bao cao", "gui bao cao", "tong ket", "so ket", "quyet toan")
_PERIODIC = ("ke hoach", "chuong trinh")
"""Documents written for a month, a quarter or a year."""


def report_names(tokens: Sequence[Token], phrases: list[Phrase]) -> list[Phrase]:
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


def years_first(tokens: Sequence[Token], phrases: list[Phrase]) -> list[Phrase]:
    """Give "Quý IV" the year before it: "Năm 2025 (Quý IV)", "trong năm 2025, trước ngày 30/6"."""
    out: list[Phrase] = []
    for phrase in phrases:
        last = out[-1] if out else None
        if last and yearless(phrase) and phrase.terms[0].last and _is_period(last):
            between = gap(tokens, last, phrase)
            verbs = (K.ACTION,) if opens_clause(tokens, last) else ()
            near = all(kind in (K.COMMA, *verbs, *GLUE) for kind in between)
            if near and last.terms[0].grain is Grain.YEAR and last.terms[0].third is None:
                phrase = _of_year(tokens, out.pop(), phrase)
        out.append(phrase)
    return out


def opens_clause(tokens: Sequence[Token], phrase: Phrase) -> bool:
    return phrase.start == 0 or tokens[phrase.start - 1].kind in (*FENCES, K.COLON)


def _of_year(tokens: Sequence[Token], named: Phrase, phrase: Phrase) -> Phrase:
    """Return ``phrase`` in the year named; a doubt where the year is a report's or a plan's own.

    "Kế hoạch năm 2026 trước ngày 15/12" is due in 2025, "báo cáo năm 2025 trước ngày 15/01" in 2026.
    """
    term, year = phrase.terms[0], named.terms[0].year or 0
    noun = plain(at(tokens, named.start - 1).text)
    late = noun in _REPORTS and term.last <= 3 and term.grain is Grain.DAY
    early = _is_attribute(tokens, named) and term.grain is Grain.DAY
    if not late and not early:
        return replace(phrase, start=named.start, terms=(replace(term, year=year),))
    years = (year, year + 1) if late or term.last <= 3 else (year - 1, year)
    guesses = tuple(replace(term, year=y) for y in years)
    return replace(phrase, role=Role.FAULT, start=named.start, terms=guesses)


def topics(tokens: Sequence[Token], phrases: list[Phrase]) -> list[Phrase]:
    """Drop a period that names the thing due: "báo cáo quý III/2025 trước ngày ...", "kế hoạch năm 2026"."""
    out = list(phrases)
    for i in range(len(out) - 2, -1, -1):
        left, right = out[i], out[i + 1]
        if _labels(tokens, left, right):
            del out[i]
        elif _is_period(left) and right.role is Role.TIMED and right.after & {K.BEFORE, K.LATEST}:
            if not touching(tokens, left, right):
                continue
            if yearless(right):
                out[i + 1] = replace(right, terms=(replace(right.terms[0], year=left.terms[0].year),))
            del out[i]
    others = [p for p in out if p.role is not Role.TIMED or not _is_attribute(tokens, p)]
    if others and len(others) < len(out):
        return others
    return [replace(p, role=Role.FAULT) if _is_attribute(tokens, p) else p for p in out]


def named_days(tokens: Sequence[Token], phrases: list[Phrase]) -> list[Phrase]:
    """Drop the date of a day with a name in brackets: "Tháng 11/2025 (Ngày Pháp luật 09/11)"."""
    out: list[Phrase] = []
    for phrase in phrases:
        timed = bool(out) and out[-1].role in (Role.TIMED, Role.EVERY)
        if not (timed and in_brackets(tokens, out[-1], phrase) and _has_name(tokens, out[-1], phrase)):
            out.append(phrase)
    return out


def _has_name(tokens: Sequence[Token], before: Phrase, phrase: Phrase) -> bool:
    """Say whether "Ngày" and a name in capitals lead up to a plain date."""
    plainly = phrase.role is Role.TIMED and not phrase.after and not phrase.ranged
    if not plainly or phrase.terms[0].grain is not Grain.DAY:
        return False
    led = range(before.end, phrase.start - 1)
    return any(tokens[i].kind is K.DAY and tokens[i + 1].text[:1].isupper() for i in led)


def _labels(tokens: Sequence[Token], left: Phrase, right: Phrase) -> bool:
    """Say whether a time only names the thing before a colon: "Sơ kết 6 tháng đầu năm: tháng 7/2025"."""
    timed = left.role is Role.TIMED and right.role is Role.TIMED and not left.after
    named = timed and left.start > 0 and tokens[left.start - 1].kind not in FENCES
    coarse = named and left.terms[-1].grain in (Grain.YEAR, Grain.PART, Grain.QUARTER)
    return coarse and K.COLON in gap(tokens, left, right) and touching(tokens, left, right)


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
