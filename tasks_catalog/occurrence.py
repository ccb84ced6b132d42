"""What comes due when, and for whom: occurrences of a task, and the shares units owe for them.

Nothing here decides lateness; ``standing`` does. Every date an occurrence is judged by is fixed
when it is opened (``lapses``), so that a holiday proclaimed later never rewrites a past tally.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from tasks_catalog.calendar import WorkCalendar
from tasks_catalog.deadline import DateRange, Deadline, Kind
from tasks_catalog.deadline.recurrence import occurrence_dates
from tasks_catalog.period import one_per_cut_off, periods_of
from tasks_catalog.task import PlanSettings


class Origin(StrEnum):
    """Where an occurrence's date comes from; only a printed or triggered date is a date by itself."""

    PRINTED = "printed"
    DERIVED = "derived"  # the last day of a month, quarter, half, year or range
    CUT_OFF = "cut_off"  # a reporting period's
    RECURRENCE = "recurrence"
    TRIGGER = "trigger"  # the condition arose; a person named the date


class Role(StrEnum):
    """What a unit is to a task; a unit that is both is its owner."""

    OWNER = "owner"
    CO_OWNER = "co_owner"


class ShareKey(NamedTuple):
    """Identity of a share: stable over extensions, returns and renamed units."""

    task: str
    occurrence: str
    unit: str

    def __str__(self) -> str:
        return f"{self.task}@{self.occurrence}#{self.unit}"


@dataclass(frozen=True, kw_only=True)
class Occurrence:
    """One date on which a task owes its product. ``key`` is its first due date in ISO form."""

    key: str
    due: date
    lapses: date
    """The last day on which a report is on time."""
    origin: Origin
    recurring: bool = False
    period: str | None = None
    """Key of the reporting period, for a continuous task."""
    opens: date | None = None
    """First day on which it is owed at all; None means from activation."""


def lapse_of(due: date, origin: Origin, settings: PlanSettings, calendar: WorkCalendar) -> date:
    """Return the last on-time day for ``due``.

    A term that ends on a rest day ends with the next working day (Bộ luật Dân sự 2015, Điều 148(5));
    a date printed in the plan is a date and does not slide unless the plan says so.
    """
    printed = origin in (Origin.PRINTED, Origin.TRIGGER)
    slides = settings.printed_dates_slide if printed else settings.derived_dates_slide
    return calendar.next_working(due) if slides else due


def moved_by_wait(day: date, *, since: date, until: date, calendar: WorkCalendar) -> date:
    """Return a due date or last on-time day, moved by the working days the clock stood still."""
    return calendar.add_working_days(day, calendar.working_days_between(since, until))


def planned_occurrences(
    deadline: Deadline, settings: PlanSettings, calendar: WorkCalendar
) -> tuple[Occurrence, ...]:
    """Return what the deadline alone makes due in the plan's year, in order of date.

    Conditions, outside schedules and unclear wordings give none: ``trigger`` and ``settle`` do.
    Two parts of a compound deadline that fall on one date are one occurrence.
    """
    found: dict[str, Occurrence] = {}
    for due, origin, period, opens in _dates_of(deadline, settings):
        found.setdefault(
            due.isoformat(),
            Occurrence(
                key=due.isoformat(),
                due=due,
                lapses=lapse_of(due, origin, settings, calendar),
                origin=origin,
                recurring=origin in (Origin.CUT_OFF, Origin.RECURRENCE),
                period=period,
                opens=opens,
            ),
        )
    return tuple(sorted(found.values(), key=lambda occurrence: occurrence.due))


_Dated = tuple[date, Origin, str | None, date | None]


def _dates_of(deadline: Deadline, settings: PlanSettings) -> Iterable[_Dated]:
    match deadline.kind:
        case Kind.BY:
            yield from ((r.to, Origin.PRINTED, None, None) for r in deadline.dates if r.to)
        case Kind.WITHIN:
            yield from ((_last_day(r, settings.year), Origin.DERIVED, None, None) for r in deadline.dates)
        case Kind.CONTINUOUS:
            yield from _cut_offs(settings)
        case Kind.EVERY:
            yield from _recurring(deadline.recurrence or "", settings.year)
        case Kind.COMPOUND:
            for part in deadline.parts:
                yield from _dates_of(part, settings)
        case Kind.WHEN | Kind.EXTERNAL | Kind.UNCLEAR:
            return


def _last_day(span: DateRange, year: int) -> date:
    """Return the span's last day; an open-ended span is first judged at the end of its first plan year."""
    if span.to is not None:
        return span.to
    first = max(year, span.start.year) if span.start else year
    return date(first, 12, 31)


def _cut_offs(settings: PlanSettings) -> Iterable[_Dated]:
    opens: date | None = None
    for period in one_per_cut_off(periods_of(settings.regime, settings.year)):
        yield period.cut_off, Origin.CUT_OFF, period.key, opens
        opens = period.cut_off


def _recurring(recurrence: str, year: int) -> Iterable[_Dated]:
    opens: date | None = None
    for due in occurrence_dates(recurrence, start=date(year, 1, 1), end=date(year, 12, 31)):
        yield due, Origin.RECURRENCE, None, opens
        opens = due


def to_open(planned: Iterable[Occurrence], *, opened: Iterable[str], as_of: date) -> tuple[Occurrence, ...]:
    """Return the planned occurrences whose day of opening has come and that are not opened yet.

    A one-off occurrence opens with the plan; a recurring one once the one before it has fallen due.
    """
    known = set(opened)
    return tuple(
        occurrence
        for occurrence in planned
        if occurrence.key not in known and (occurrence.opens is None or occurrence.opens <= as_of)
    )
