"""Working days of a Vietnamese office: weekends, public holidays, swapped days.

Saturdays and Sundays are off (Quyết định 188/1999/QĐ-TTg); public holidays and their substitutes
follow Bộ luật Lao động 2019, Điều 111(3) and 112, as the library ``holidays`` knows them; what it does
not know yet comes as swapped days, which have the last word.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, cached_property
from types import MappingProxyType

from tasks_catalog.problem import Refused

_SATURDAY = 5
_DAY = timedelta(days=1)
FIRST_YEAR, LAST_YEAR = 1995, 2099
"""The years the library's lunar calendar covers, from the labour code that substitutes rest days on."""


@dataclass(frozen=True, kw_only=True)
class SwappedDay:
    """A day that is off, or worked, against the usual calendar, with the document that says so."""

    day: date
    worked: bool
    name: str = ""
    document: str = ""
    confirmed: bool = True
    """False where the deciding document could not be read: in force, and shown to be checked."""


@dataclass(frozen=True, kw_only=True)
class WorkCalendar:
    """Which days of ``first`` to ``last`` (both included) are worked; any day outside is Refused.

    ``off`` maps days off, weekends left out, to what they are called; ``worked`` holds the weekend
    days that are worked.
    """

    first: date
    last: date
    off: Mapping[date, str]
    worked: frozenset[date] = frozenset()
    unconfirmed: tuple[SwappedDay, ...] = ()

    @cached_property
    def _working(self) -> tuple[date, ...]:
        days = (self.first + i * _DAY for i in range((self.last - self.first).days + 1))
        return tuple(d for d in days if d in self.worked or (d.weekday() < _SATURDAY and d not in self.off))

    @cached_property
    def _is_working(self) -> frozenset[date]:
        return frozenset(self._working)

    def is_working(self, day: date) -> bool:
        """Return whether the office works on ``day``."""
        return day in self._is_working or self._known(day) in self._is_working

    def next_working(self, day: date) -> date:
        """Return ``day`` if it is worked, else the first worked day after it."""
        return self._at(bisect_left(self._working, self._known(day)), day)

    def previous_working(self, day: date) -> date:
        """Return ``day`` if it is worked, else the last worked day before it."""
        return self._at(bisect_right(self._working, self._known(day)) - 1, day)

    def add_working_days(self, day: date, n: int) -> date:
        """Return the n-th worked day after ``day`` (before it, for n < 0); for 0 ``day`` itself."""
        self._known(day)
        if n == 0:
            return day
        if n > 0:
            return self._at(bisect_right(self._working, day) + n - 1, day)
        return self._at(bisect_left(self._working, day) + n, day)

    def working_days_between(self, a: date, b: date) -> int:
        """Count the worked days from ``a`` to ``b``: those after ``a`` up to ``b``; negative backwards.

        The inverse of ``add_working_days``: for n != 0, between(a, add(a, n)) == n.
        """
        self._known(a)
        self._known(b)
        if a <= b:
            return bisect_right(self._working, b) - bisect_right(self._working, a)
        return bisect_left(self._working, b) - bisect_left(self._working, a)

    def why_off(self, day: date) -> str | None:
        """Return what the day off is called; None for a worked day and for a plain weekend."""
        return None if self.is_working(day) else self.off.get(day)

    def _known(self, day: date) -> date:
        if not self.first <= day <= self.last:
            raise self._outside(day)
        return day

    def _at(self, index: int, day: date) -> date:
        if not 0 <= index < len(self._working):
            raise self._outside(day)
        return self._working[index]

    def _outside(self, day: date) -> Refused:
        return Refused("day_outside_calendar", day=day, first=self.first, last=self.last)


def vietnam(years: Iterable[int], swapped: Iterable[SwappedDay] = ()) -> WorkCalendar:
    """Return the calendar of ``years`` and of the year before and after them, so that edges can be crossed.

    A swapped day overrides the library: one worked is worked though it is a holiday, one off is off.
    Raises Refused("calendar_years") for no year or years the library does not cover.
    """
    wanted = sorted(set(years))
    if not wanted or not FIRST_YEAR < wanted[0] <= wanted[-1] < LAST_YEAR:
        written = ", ".join(map(str, wanted)) or "-"
        raise Refused("calendar_years", years=written, first=FIRST_YEAR + 1, last=LAST_YEAR - 1)
    span = range(wanted[0] - 1, wanted[-1] + 2)
    by_law = WorkCalendar(
        first=date(span[0], 1, 1),
        last=date(span[-1], 12, 31),
        off=MappingProxyType({day: name for year in span for day, name in _public(year).off.items()}),
        worked=frozenset(day for year in span for day in _public(year).worked),
    )
    return overlaid(by_law, swapped)


def overlaid(calendar: WorkCalendar, swapped: Iterable[SwappedDay]) -> WorkCalendar:
    """Return the calendar with swapped days laid over it; of several for one day the last has the say."""
    inside = {s.day: s for s in swapped if calendar.first <= s.day <= calendar.last}
    if not inside:
        return calendar
    off, worked = dict(calendar.off), set(calendar.worked)
    for s in inside.values():
        off.pop(s.day, None)
        worked.discard(s.day)
        if s.worked:
            worked.add(s.day)
        else:
            off[s.day] = s.name
    doubted = [*(s for s in calendar.unconfirmed if s.day not in inside), *inside.values()]
    return WorkCalendar(
        first=calendar.first,
        last=calendar.last,
        off=MappingProxyType(off),
        worked=frozenset(worked),
        unconfirmed=tuple(sorted((s for s in doubted if not s.confirmed), key=lambda s: s.day)),
    )


@dataclass(frozen=True)
class _PublicYear:
    off: Mapping[date, str]
    worked: frozenset[date]


@cache
def _public(year: int) -> _PublicYear:
    """Return one year as the library knows it; kept, since it is the same for the whole process."""
    from holidays.countries.vietnam import Vietnam  # half a second that a bare import should not cost

    # The day worked for a day off in January may lie in December before: ask the next year too.
    known = Vietnam(years=(year, year + 1), language="vi")  # type: ignore[no-untyped-call]  # it ships no types
    off = {day: name for day, name in known.items() if day.year == year}
    return _PublicYear(off=off, worked=frozenset(d for d in known.weekend_workdays if d.year == year))
