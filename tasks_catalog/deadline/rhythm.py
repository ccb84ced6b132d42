"""How a recurrence and the dates beside it become one: "hằng năm", "định kỳ" and listed periods.

"Trước ngày 15/11" takes "hằng năm" from behind it or before it; "hằng quý, 6 tháng, năm" are three.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tasks_catalog.deadline.lexicon import K
from tasks_catalog.deadline.neighbours import GLUE, LINKS, gap, linked, touching, yearless
from tasks_catalog.deadline.phrase import FENCES, QUARTER_ENDS, QUARTER_STARTS, Phrase, Role
from tasks_catalog.deadline.terms import Grain, Term
from tasks_catalog.deadline.tokens import Token

_NAMED_UNITS = ("FREQ=WEEKLY", "FREQ=MONTHLY", "FREQ=QUARTERLY", "FREQ=YEARLY")
_PER_YEAR = ("FREQ=YEARLY", "FREQ=HALFYEARLY")


def one_rhythm(tokens: Sequence[Token], phrases: list[Phrase]) -> list[Phrase]:
    """Drop a plain rhythm beside its own detail: "hằng quý (trước ngày 20 tháng cuối quý)"."""
    out: list[Phrase] = []
    for phrase in phrases:
        last = out[-1] if out else None
        if last and last.role is Role.EVERY and phrase.role is Role.EVERY and _near(tokens, last, phrase):
            if _is_detail(last.recurrence, phrase.recurrence):
                phrase = replace(phrase, start=out.pop().start)
            elif _is_detail(phrase.recurrence, last.recurrence) and touching(tokens, last, phrase):
                phrase = replace(out.pop(), end=phrase.end)
        elif last and _dated(last) and phrase.recurrence == "FREQ=YEARLY" and touching(tokens, last, phrase):
            phrase = replace(out.pop(), role=Role.FAULT, end=phrase.end)  # "15/11/2025 hằng năm": which?
        out.append(phrase)
    return out


def _near(tokens: Sequence[Token], left: Phrase, right: Phrase) -> bool:
    return not any(kind in (*FENCES, K.AND, K.OR) for kind in gap(tokens, left, right))


def _is_detail(simple: str, detailed: str) -> bool:
    """Say whether ``detailed`` tells the day or month of the plain rhythm ``simple``."""
    if ";" in simple or ";" not in detailed:
        return False
    if simple == "FREQ=QUARTERLY":
        return f";BYMONTH={QUARTER_ENDS};" in detailed or f";BYMONTH={QUARTER_STARTS};" in detailed
    return detailed.startswith(simple + ";BY")


def _dated(phrase: Phrase) -> bool:
    one = phrase.role is Role.TIMED and not phrase.ranged and not phrase.onward
    return one and phrase.terms[0].year is not None and phrase.terms[0].grain is not Grain.YEAR


def recurring(tokens: Sequence[Token], phrases: list[Phrase]) -> list[Phrase]:
    """Give dates without a year the recurrence that follows them ("15/11 hằng năm") or leads them."""
    phrases = [_last_of_days(phrase) for phrase in phrases]
    out: list[Phrase] = []
    i = 0
    while i < len(phrases):
        run = _run_of_yearless(tokens, phrases, i)
        if not run:
            out.append(phrases[i])
            i += 1
            continue
        after = i + len(run)
        tail = phrases[after] if after < len(phrases) else None
        if tail and tail.role in (Role.EVERY, Role.NEXT_YEAR) and _follows(tokens, run[-1], tail):
            made = _recur(run, tail.recurrence or "FREQ=YEARLY", tail.end)
            after += 1
        elif out and _leads(tokens, out[-1], run[0]):
            lead = out.pop()
            made = [
                replace(p, start=lead.start)
                for p in _recur(run, lead.recurrence or "FREQ=YEARLY", run[-1].end)
            ]
        else:
            made = run
        if made is not run and out and _same_rhythm(tokens, out[-1], made[0]):
            made[0] = replace(made[0], start=out.pop().start)
        out += made
        i = after
    return out


def _last_of_days(phrase: Phrase) -> Phrase:
    """Return "từ ngày 20 đến ngày 25" (of each month) as its last day."""
    days = phrase.ranged and all(term.grain is Grain.DAY and not term.last for term in phrase.terms)
    if phrase.role is not Role.TIMED or not days or len(phrase.terms) != 2:
        return phrase
    return replace(phrase, ranged=False, terms=phrase.terms[-1:], after=frozenset({K.UNTIL}))


def _run_of_yearless(tokens: Sequence[Token], phrases: Sequence[Phrase], i: int) -> list[Phrase]:
    run: list[Phrase] = []
    while i < len(phrases) and yearless(phrases[i]) and (not run or linked(tokens, run[-1], phrases[i])):
        run.append(phrases[i])
        i += 1
    return run


def _follows(tokens: Sequence[Token], left: Phrase, tail: Phrase) -> bool:
    """Say whether a recurrence behind a date is the date's: touching it, or after a comma."""
    simple = tail.role is Role.NEXT_YEAR or ";" not in tail.recurrence
    marks = gap(tokens, left, tail)
    closed = K.RPAREN in marks and K.COMMA in marks  # "hằng tháng (trước ngày 20), hằng quý": the next one's
    between = [kind for kind in marks if kind not in GLUE]
    return simple and not closed and between in ([], [K.COMMA])


def _leads(tokens: Sequence[Token], lead: Phrase, first: Phrase) -> bool:
    if lead.role is Role.PERIODIC or (lead.role is Role.BARE and lead.recurrence in _PER_YEAR):
        return touching(tokens, lead, first)
    simple = lead.role is Role.EVERY and ";" not in lead.recurrence
    between = [kind for kind in gap(tokens, lead, first) if kind in (K.AND, K.OR, *FENCES)]
    return simple and not between


def _same_rhythm(tokens: Sequence[Token], lead: Phrase, made: Phrase) -> bool:
    """Say whether "hằng năm" stands in front of a date that has already taken its recurrence from behind."""
    simple = lead.role is Role.PERIODIC or (lead.role is Role.EVERY and lead.recurrence in _PER_YEAR)
    return simple and made.role is Role.EVERY and touching(tokens, lead, made)


def _recur(run: list[Phrase], recurrence: str, end: int) -> list[Phrase]:
    """Return the run as recurrences: one where the days agree, else one for each."""
    terms = [phrase.terms[0] for phrase in run]
    rules = [_rule(phrase, recurrence) for phrase in run]
    if any(rule is None for rule in rules):
        return [replace(run[0], role=Role.FAULT, end=end)]
    one_day = len({(term.grain is Grain.DAY, term.day) for term in terms}) == 1 and all(t.last for t in terms)
    if one_day and len(run) > 1:
        months = ",".join(str(month) for month in sorted({term.last for term in terms}))
        day = f";BYMONTHDAY={terms[0].day}" if terms[0].day else ""
        rule = f"FREQ=YEARLY;BYMONTH={months}{day}"
        return [replace(run[0], role=Role.EVERY, recurrence=rule, end=end)]
    made = [replace(p, role=Role.EVERY, recurrence=rule or "") for p, rule in zip(run, rules, strict=True)]
    made[-1] = replace(made[-1], end=end)
    return made


def _rule(phrase: Phrase, recurrence: str) -> str | None:
    """Return the recurrence of one date without its year, or None where the two do not fit."""
    term = phrase.terms[0]
    if term.fault or term.vague or phrase.after & {K.FROM, K.AFTER}:
        return None
    if term.last == 0:
        months = {"FREQ=MONTHLY": "", "FREQ=QUARTERLY": f";BYMONTH={QUARTER_ENDS}"}.get(recurrence)
        return None if months is None else f"FREQ=MONTHLY{months};BYMONTHDAY={term.day}"
    if recurrence not in (*_PER_YEAR, "FREQ=QUARTERLY"):
        return None
    if K.BEFORE in phrase.after and term.grain is not Grain.DAY:
        return _rule_before(term)
    return f"FREQ=YEARLY;BYMONTH={term.last}" + (f";BYMONTHDAY={term.day}" if term.day else "")


def _rule_before(term: Term) -> str | None:
    """ "Trước tháng 6 hằng năm" ends with May."""
    if term.third is not None:
        return f"FREQ=YEARLY;BYMONTH={term.last}"
    return f"FREQ=YEARLY;BYMONTH={term.first - 1 or 12}"


def periodic_leads(tokens: Sequence[Token], phrases: list[Phrase]) -> list[Phrase]:
    """Drop "định kỳ" beside anything that says how; alone it is a question."""
    says_how = any(p.role in (Role.EVERY, Role.CONTINUOUS, Role.EXTERNAL, Role.BARE) for p in phrases)
    if says_how:
        return [p for p in phrases if p.role is not Role.PERIODIC]
    return [replace(p, role=Role.FAULT) if p.role is Role.PERIODIC else p for p in phrases]


def bare_units(tokens: Sequence[Token], phrases: list[Phrase]) -> list[Phrase]:
    """Take "quý, 6 tháng, năm" for recurrences where several stand in a row or beside "hằng"."""
    kept: list[Phrase] = []
    for i, phrase in enumerate(phrases):
        if phrase.role is not Role.BARE or phrase.terms:
            kept.append(phrase)
            continue
        before = bool(i) and _beside(tokens, phrases[i - 1], phrase)
        after = i + 1 < len(phrases) and _beside(tokens, phrase, phrases[i + 1])
        if i + 1 < len(phrases) and gap(tokens, phrase, phrases[i + 1]) == [K.COLON]:
            continue  # "báo cáo năm: trước ngày 15/12": the name of what follows
        if i and _in_its_brackets(tokens, phrases[i - 1], phrase):
            continue
        if before or after:
            kept.append(replace(phrase, role=Role.EVERY))
        elif phrase.recurrence not in _NAMED_UNITS and not _names_report(tokens, phrases[i : i + 2]):
            kept.append(replace(phrase, role=Role.FAULT))  # "6 tháng": how long, or how often?
    return kept


def _in_its_brackets(tokens: Sequence[Token], left: Phrase, phrase: Phrase) -> bool:
    """Say whether a unit in brackets names what is due by the date before: "20/6 (báo cáo 6 tháng)"."""
    between = gap(tokens, left, phrase)
    named = bool(between) and between[0] is K.LPAREN and all(kind in (K.LPAREN, K.ACTION) for kind in between)
    return named and left.role is Role.TIMED and left.terms[0].grain is Grain.DAY


def _names_report(tokens: Sequence[Token], pair: list[Phrase]) -> bool:
    """Say whether "6 tháng" names what is due by a date: "báo cáo 6 tháng trước ngày 15/6/2025"."""
    dated = len(pair) == 2 and pair[1].role is Role.TIMED and bool(pair[1].after & {K.BEFORE, K.LATEST})
    return dated and touching(tokens, pair[0], pair[1])


def _beside(tokens: Sequence[Token], left: Phrase, right: Phrase) -> bool:
    """Say whether two listed phrases are both recurrences or bare units."""
    between = gap(tokens, left, right)
    recurring = all(
        p.role in (Role.EVERY, Role.PERIODIC) or (p.role is Role.BARE and not p.terms) for p in (left, right)
    )
    if K.ACTION in between and {K.COMMA, K.AND} & set(between):  # "sơ kết 6 tháng, tổng kết năm"
        between = [kind for kind in between if kind is not K.ACTION]
    return recurring and all(kind in (*LINKS, K.SLASH, K.DASH, *GLUE) for kind in between) and bool(between)
