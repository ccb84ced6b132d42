"""A month as a calendar shows it: weeks from Monday to Sunday, and months before and after."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from tasks_catalog.problem import Refused

FIRST_YEAR, LAST_YEAR = 2000, 2099
_DAY = timedelta(days=1)
_WRITTEN = re.compile(r"(\d{4})-(\d{2})", re.ASCII)


@dataclass(frozen=True, order=True)
class Month:
    """One month of one year; ``str`` gives it as an address holds it: "2022-10"."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year}-{self.number:02}"

    @property
    def first(self) -> date:
        return date(self.year, self.number, 1)

    @property
    def last(self) -> date:
        return (self.first + 31 * _DAY).replace(day=1) - _DAY

    @property
    def before(self) -> Month | None:
        return _known(self.first - _DAY)

    @property
    def after(self) -> Month | None:
        return _known(self.last + _DAY)

    @property
    def weeks(self) -> tuple[tuple[date, ...], ...]:
        """Return the weeks that hold a day of it, each its seven days from Monday on."""
        monday = self.first - self.first.weekday() * _DAY
        count = ((self.last - monday).days // 7) + 1
        return tuple(tuple(monday + (7 * w + d) * _DAY for d in range(7)) for w in range(count))


def month_of(day: date) -> Month:
    return Month(day.year, day.month)


def _known(day: date) -> Month | None:
    return month_of(day) if FIRST_YEAR <= day.year <= LAST_YEAR else None


def read_month(text: str) -> Month:
    """Return the month written "2022-10". Raises Refused (month_unreadable)."""
    found = _WRITTEN.fullmatch(text)
    year, number = (int(found[1]), int(found[2])) if found else (0, 0)
    if not 1 <= number <= 12 or not FIRST_YEAR <= year <= LAST_YEAR:
        raise Refused("month_unreadable", month=text, first=FIRST_YEAR, last=LAST_YEAR)
    return Month(year, number)
