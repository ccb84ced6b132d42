"""Terms: a named day, month, quarter, part of a year or year, perhaps without its year."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from tasks_catalog.deadline.lexicon import K
from tasks_catalog.deadline.model import DateRange

FIRST_YEAR, LAST_YEAR = 1990, 2100


class Grain(Enum):
    """How long the thing named is."""

    DAY = "day"
    MONTH = "month"
    QUARTER = "quarter"
    PART = "part"
    YEAR = "year"


@dataclass(frozen=True, kw_only=True)
class Term:
    """``first`` and ``last`` are months (0: not said); ``third`` EARLY, MID or LATE of the
    thing named, or WEEK: its last week."""

    grain: Grain
    year: int | None = None
    first: int = 1
    last: int = 12
    day: int | None = None
    third: K | None = None
    fault: bool = False
    guesses: tuple[DateRange, ...] = ()

    def span(self, year: int) -> DateRange | None:
        """Return the days meant, taking ``year`` where none is written; None where no calendar has them."""
        year = year if self.year is None else self.year
        if self.fault or not FIRST_YEAR <= year <= LAST_YEAR or not 1 <= self.first <= self.last <= 12:
            return None
        if self.grain is Grain.DAY:
            return one_day(year, self.first, self.day or 0)
        return _third_of(self, DateRange(date(year, self.first, 1), month_end(year, self.last)))

    @property
    def vague(self) -> bool:
        """ "Đầu" and "giữa" name no last day; "cuối" ends with the thing named."""
        return self.third in (K.EARLY, K.MID)


def month_end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def one_day(year: int, month: int, day: int) -> DateRange | None:
    if not 1 <= day <= monthrange(year, month)[1]:
        return None
    return DateRange(None, date(year, month, day))


def _third_of(term: Term, whole: DateRange) -> DateRange:
    """Narrow a month to ten days, a quarter to a month, a year to its first quarter, its middle, December."""
    start, to = whole.start, whole.to
    if start is None or to is None or term.third is None:
        return whole
    if term.third is K.WEEK:
        return DateRange(to - timedelta(days=6), to)
    if term.grain is Grain.MONTH:
        tens = {K.EARLY: (1, 10), K.MID: (11, 20), K.LATE: (21, to.day)}[term.third]
        return DateRange(start.replace(day=tens[0]), start.replace(day=tens[1]))
    spans = {Grain.QUARTER: {K.EARLY: (0, 0), K.MID: (1, 1), K.LATE: (2, 2)}}
    months = spans.get(term.grain, {K.EARLY: (0, 2), K.MID: (3, 5), K.LATE: (11, 11)})[term.third]
    return DateRange(
        start.replace(month=start.month + months[0]), month_end(start.year, start.month + months[1])
    )


def guess_day(year: int, month: int, day: int) -> tuple[DateRange, ...]:
    """Propose the last day of the month for a day just past it: 31/02/2025 is 28/02/2025 at a guess."""
    if not (FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12 and 1 <= day <= 31):
        return ()
    return (DateRange(None, date(year, month, min(day, monthrange(year, month)[1]))),)
