"""A stated recurrence -> its due dates. QUARTERLY and HALFYEARLY are ours; the rest is RFC 5545.

A recurrence that names no day falls due on the last day of its period; one that names a day a month
has not (30 in February) falls due on that month's last day.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime, time

from dateutil.rrule import MO, MONTHLY, WEEKLY, YEARLY, rrule, weekday, weekdays

from tasks_catalog.problem import Refused

_MONTHS = {
    "WEEKLY": [],
    "MONTHLY": list(range(1, 13)),
    "QUARTERLY": [3, 6, 9, 12],
    "HALFYEARLY": [6, 12],
    "YEARLY": [12],
}
_PARTS = {"FREQ", "INTERVAL", "BYMONTH", "BYMONTHDAY", "BYDAY"}
_NAMES = {str(day): day for day in weekdays}


class RecurrenceNotRead(Refused):
    """The words are no recurrence this program writes."""


def occurrence_dates(recurrence: str, *, start: date, end: date) -> tuple[date, ...]:
    """Return the due dates within [start, end], both included, in order.

    An INTERVAL counts from the year (of weeks: the week) ``start`` lies in. Raises RecurrenceNotRead.
    """
    try:
        return _dates(_parts_of(recurrence), start, end)
    except (KeyError, ValueError) as fault:
        raise RecurrenceNotRead("recurrence_not_read", recurrence=recurrence) from fault


def _parts_of(recurrence: str) -> dict[str, str]:
    parts = dict(part.split("=", 1) for part in recurrence.strip().split(";"))
    if not set(parts) <= _PARTS:
        raise ValueError(f"unknown part in {recurrence}")
    return parts


def _dates(parts: dict[str, str], start: date, end: date) -> tuple[date, ...]:
    frequency, interval = parts["FREQ"], int(parts.get("INTERVAL", "1"))
    months, days = _numbers(parts, "BYMONTH", 12), _numbers(parts, "BYMONTHDAY", 31) or [31]
    if interval < 1 or frequency not in _MONTHS:
        raise ValueError(f"no recurrence: {frequency}, {interval}")
    if frequency == "WEEKLY" or "BYDAY" in parts:
        return _by_weekday(frequency, parts, start, end)
    firsts = _months_due(months or _MONTHS[frequency], frequency, interval, start, end)
    due = {_in_month(first, day) for first in firsts for day in days}
    return tuple(sorted(day for day in due if start <= day <= end))


def _numbers(parts: dict[str, str], name: str, most: int) -> list[int]:
    numbers = [int(number) for number in parts[name].split(",")] if name in parts else []
    if any(not 1 <= number <= most for number in numbers):
        raise ValueError(f"{name} has {numbers}")
    return numbers


def _months_due(months: list[int], frequency: str, interval: int, start: date, end: date) -> list[date]:
    """Return the first day of each month something is due in; "2 tháng/lần" ends in February, April ..."""
    first = date(start.year, 1, 1)
    if frequency == "MONTHLY" and months == _MONTHS["MONTHLY"]:
        rule = rrule(
            MONTHLY,
            dtstart=_moment(first.replace(month=min(interval, 12))),
            until=_moment(end),
            interval=interval,
        )
    else:
        years = interval if frequency == "YEARLY" else 1
        begin = first.replace(year=min(first.year + years - 1, date.max.year))
        rule = rrule(
            YEARLY, dtstart=_moment(begin), until=_moment(end), interval=years, bymonth=months, bymonthday=1
        )
    return [moment.date() for moment in rule]


def _moment(day: date) -> datetime:
    return datetime.combine(day, time.min)


def _in_month(first: date, day: int) -> date:
    return first.replace(day=min(day, monthrange(first.year, first.month)[1]))


def _by_weekday(frequency: str, parts: dict[str, str], start: date, end: date) -> tuple[date, ...]:
    """Return the named weekdays; a week that names none ends on Friday, the last working day."""
    rule = rrule(
        WEEKLY if frequency == "WEEKLY" else MONTHLY,
        dtstart=_moment(start),
        until=_moment(end),
        interval=int(parts.get("INTERVAL", "1")),
        byweekday=[_weekday(name) for name in parts.get("BYDAY", "FR").split(",")],
        wkst=MO,
    )
    return tuple(moment.date() for moment in rule)


def _weekday(name: str) -> weekday:
    """Return "MO", "1MO" or "-1FR" as dateutil's weekday."""
    day, nth = _NAMES[name[-2:]], name[:-2]
    return day(int(nth)) if nth else day
