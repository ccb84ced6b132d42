"""A year's days off and worked weekends, each with where it comes from, and what may be said against them.

Four sources, of which the later has the last word: the law as the library knows it (Bộ luật Lao động,
Điều 111 and 112), the list that comes with the program, the office's file, what the office entered.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tasks_catalog.calendar import SwappedDay, WorkCalendar
from tasks_catalog.problem import Refused

MOST_NAME, MOST_DOCUMENT = 120, 200


class Origin(StrEnum):
    """Where a day off or a worked day comes from."""

    LAW = "law"
    SHIPPED = "shipped"
    FILE = "file"
    OFFICE = "office"


@dataclass(frozen=True, kw_only=True)
class Layer:
    """The swapped days of one source."""

    origin: Origin
    days: tuple[SwappedDay, ...]


@dataclass(frozen=True, kw_only=True)
class YearDay:
    """A day that is not what its weekday says; ``instead`` is what an earlier source said of it."""

    day: date
    worked: bool
    name: str
    document: str = ""
    origin: Origin
    confirmed: bool = True
    instead: YearDay | None = None


def days_of_year(by_law: WorkCalendar, layers: Iterable[Layer], year: int) -> tuple[YearDay, ...]:
    """Return the year's days by date, as the last source to speak of each has it."""
    found = {
        day: YearDay(day=day, worked=False, name=name, origin=Origin.LAW)
        for day, name in by_law.off.items()
        if day.year == year
    }
    found |= {
        day: YearDay(day=day, worked=True, name="", origin=Origin.LAW)
        for day in by_law.worked
        if day.year == year
    }
    for layer in layers:
        for one in layer.days:
            if one.day.year == year:
                found[one.day] = YearDay(
                    day=one.day,
                    worked=one.worked,
                    name=one.name,
                    document=one.document,
                    origin=layer.origin,
                    confirmed=one.confirmed,
                    instead=found.get(one.day),
                )
    return tuple(found[day] for day in sorted(found))


def refuse_pointless(one: SwappedDay, without: WorkCalendar, own: Collection[date] = ()) -> None:
    """Raise Refused where entering the day would say nothing, or the calendar does not hold its year.

    ``without`` is the calendar without what the office itself entered, on the days ``own``. A day that is so
    already may still be entered to confirm what was in doubt. Raises calendar_day_outside,
    swapped_day_take_back, swapped_day_off_already, swapped_day_weekend, swapped_day_worked_already.
    """
    if not without.first <= one.day <= without.last:
        raise Refused("calendar_day_outside", day=one.day, first=without.first.year, last=without.last.year)
    doubted = {day.day for day in without.unconfirmed if day.worked == one.worked}
    if without.is_working(one.day) is not one.worked or (one.confirmed and one.day in doubted):
        return
    if one.day in own:
        raise Refused("swapped_day_take_back", day=one.day)
    if one.worked:
        raise Refused("swapped_day_worked_already", day=one.day)
    name = without.why_off(one.day)
    if name is None:
        raise Refused("swapped_day_weekend", day=one.day)
    raise Refused("swapped_day_off_already", day=one.day, name=name)
