"""The calendar by month: what is due each day, days off and swapped days, the periods' cut-offs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from board.due_days import DayShown, day_shown
from board.scope import NavLink, Scope
from storage import tasks
from tasks_catalog.due import Span
from tasks_catalog.month import Month
from tasks_catalog.period import one_per_cut_off, periods_of

A_DAY = 3
"""Lines in one day's cell."""


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One day of the month; a day of the month before or after is blank."""

    inside: bool
    number: int
    iso: str
    weekday: str
    full: str
    today: bool
    rest: bool
    off: str
    """What the day off, or worked instead, is called."""
    cut_offs: tuple[str, ...]
    due: DayShown | None


@dataclass(frozen=True, kw_only=True)
class CalendarPage:
    """One month of a plan, or of the office's active plans."""

    nav: tuple[NavLink, ...]
    crumb: str
    crumb_href: str
    data_as_of: str
    title: str
    weekdays: tuple[str, ...]
    weeks: tuple[tuple[Cell, ...], ...]
    before: str
    before_name: str
    after: str
    after_name: str
    this: str
    empty: bool


def calendar_page(scope: Scope, month: Month) -> CalendarPage:
    view = scope.view
    found = {day.day: day for day in scope.days(Span(first=month.first, last=month.last), most=A_DAY)}
    due = {day: day_shown(each, scope) for day, each in found.items()}
    cut_offs = dict(_cut_offs(scope, month))
    weeks = tuple(
        tuple(_cell(day, month, due.get(day), cut_offs.get(day, ()), scope) for day in week)
        for week in month.weeks
    )
    this = Month(view.count_day.year, view.count_day.month)
    return CalendarPage(
        nav=scope.nav("calendar"),
        crumb=scope.name,
        crumb_href=scope.home,
        data_as_of=view.data_as_of,
        title=view.say("calendar_title", month=month.number, year=month.year),
        weekdays=tuple(view.say(f"weekday_{n}") for n in range(7)),
        weeks=weeks,
        before=_link(month.before, scope),
        before_name=_name(month.before, scope),
        after=_link(month.after, scope),
        after_name=_name(month.after, scope),
        this=_link(this, scope) if this != month else "",
        empty=not due,
    )


def _name(month: Month | None, scope: Scope) -> str:
    return scope.view.say("calendar_month", month=month.number, year=month.year) if month else ""


def _link(month: Month | None, scope: Scope) -> str:
    return scope.link("calendar", month=str(month)) if month else ""


def _cell(day: date, month: Month, due: DayShown | None, cut_offs: tuple[str, ...], scope: Scope) -> Cell:
    view, calendar = scope.view, scope.view.calendar
    known = calendar.first <= day <= calendar.last
    off = (calendar.why_off(day) or "") if known else ""
    if day in calendar.worked:
        off = view.say("calendar_worked")
    return Cell(
        inside=month.first <= day <= month.last,
        number=day.day,
        iso=day.isoformat(),
        weekday=view.say(f"weekday_{day.weekday()}"),
        full=view.day(day),
        today=day == view.count_day,
        rest=known and not calendar.is_working(day),
        off=off,
        cut_offs=cut_offs,
        due=due,
    )


def _cut_offs(scope: Scope, month: Month) -> Iterator[tuple[date, tuple[str, ...]]]:
    """Yield the periods' cut-offs of the month, each named once however many plans share it."""
    found: dict[date, dict[str, None]] = {}
    for plan in scope.plans:
        for period in one_per_cut_off(periods_of(tasks.settings_of(plan).regime, plan.year)):
            if month.first <= period.cut_off <= month.last:
                name = scope.view.say(period.name_code, year=period.year)
                said = scope.view.say("calendar_cut_off", period=name)
                found.setdefault(period.cut_off, {})[said] = None
    for day, said_of_day in found.items():
        yield day, tuple(said_of_day)
