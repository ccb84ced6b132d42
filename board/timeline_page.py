"""The timeline of a plan's fixed deadlines: a chart of at most 60 stretches, and the same as a table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from board import charts
from board.charts import Bar, Words
from board.scope import NavLink, Scope
from board.view import View
from storage.schema import PlanRow
from storage.timeline_rows import number_with_dates, tasks_with_dates
from tasks_catalog.month import Month, month_of
from tasks_catalog.standing import StandingKind
from tasks_catalog.timeline import Stretch, stretches_of

A_PAGE = 60
_LABEL = 44
_ROOM = timedelta(days=6)


@dataclass(frozen=True, kw_only=True)
class StretchLine:
    """One stretch in words."""

    row: int
    href: str
    text: str
    units: str
    start: str
    first_due: str
    due: str
    extended: bool
    done_on: str
    kind: str
    standing: str


@dataclass(frozen=True, kw_only=True)
class TimelinePage:
    """The chart's address and what it says, then every stretch in words."""

    nav: tuple[NavLink, ...]
    crumb: str
    crumb_href: str
    data_as_of: str
    finding: str
    picture: str
    lines: tuple[StretchLine, ...]
    before: str
    after: str
    place: str


def timeline_page(plan: PlanRow, page: int, scope: Scope) -> TimelinePage:
    view = scope.view
    found, number = _stretches(plan, page, scope)
    pages = max(1, -(-number // A_PAGE))
    return TimelinePage(
        nav=scope.nav("timeline"),
        crumb=scope.name,
        crumb_href=scope.home,
        data_as_of=view.data_as_of,
        finding=finding(found, number, view),
        picture=scope.link("timeline.svg", page=str(page)) if found else "",
        lines=tuple(_line(each, plan, view) for each in found),
        before=scope.link("timeline", page=str(page - 1)) if page > 1 else "",
        after=scope.link("timeline", page=str(page + 1)) if page < pages else "",
        place=view.say("timeline_page", page=page, pages=pages) if pages > 1 else "",
    )


def _stretches(plan: PlanRow, page: int, scope: Scope) -> tuple[tuple[Stretch, ...], int]:
    """Return a page of stretches, and how many there are in all."""
    view, skip = scope.view, A_PAGE * (page - 1)
    started = plan.activated_on or plan.issued
    if view.as_of is not None:
        tasks = [entry.task for entry in scope.tally(plan).tasks]
        found = stretches_of(tasks, started=started, close=view.close)
        return found[skip : skip + A_PAGE], len(found)
    facts = tasks_with_dates(view.session, plan, most=A_PAGE, skip=skip)
    found = stretches_of(facts, started=started, close=view.close)
    return found, number_with_dates(view.session, plan)


def finding(found: tuple[Stretch, ...], number: int, view: View) -> str:
    """Say in a sentence what the chart shows."""
    done = sum(each.kind.is_done for each in found)
    late = sum(each.kind is StandingKind.OVERDUE for each in found)
    moved = sum(each.is_extended for each in found)
    return view.say("timeline_finding", number=number, shown=len(found), done=done, late=late, moved=moved)


def _line(each: Stretch, plan: PlanRow, view: View) -> StretchLine:
    several = view.say("due_units", number=len(each.units))
    return StretchLine(
        row=each.row,
        href=view.links.task(plan.number, each.row),
        text=each.text,
        units=view.unit(each.units[0]) if len(each.units) == 1 else several,
        start=view.day(each.start),
        first_due=view.day(each.first_due),
        due=view.day(each.due),
        extended=each.is_extended,
        done_on=view.day(each.done_on) if each.done_on else "",
        kind=str(each.kind),
        standing=view.say(f"standing_{each.kind}"),
    )


def timeline_svg(plan: PlanRow, page: int, scope: Scope) -> bytes:
    """Return the chart of the page's stretches."""
    view = scope.view
    found, _ = _stretches(plan, page, scope)
    today = view.count_day
    bars = [
        Bar(
            label=f"{each.row}. {shortened(each.text, _LABEL)}",
            start=each.start,
            first_due=each.first_due,
            due=each.due,
            done_on=each.done_on,
            kind=each.kind,
        )
        for each in found
    ]
    days = [today, *(d for bar in bars for d in (bar.start, bar.due, bar.done_on) if d)]
    ticks = month_ticks(min(days) - _ROOM, max(days) + _ROOM, view)
    words = Words(
        today=view.say("chart_today", on=today),
        due=view.say("chart_due"),
        first_due=view.say("chart_first_due"),
        done_mark=view.say("chart_done_mark"),
        overdue=view.say("chart_overdue"),
    )
    return charts.timeline_svg(bars, ticks, today, words)


def month_ticks(first: date, last: date, view: View) -> list[tuple[date, str]]:
    """Return the beginnings of the months between two days with their short names, at most 16."""
    months: list[Month] = []
    month: Month | None = month_of(first)
    while month is not None and month.first <= last:
        months.append(month)
        month = month.after
    every = -(-len(months) // 16)
    shown = months[::every]
    return [(each.first, _month_name(each, view, full=each == shown[0])) for each in shown]


def _month_name(month: Month, view: View, *, full: bool) -> str:
    """Name the year where it begins, and at the first month shown."""
    code = "chart_month" if full or month.number == 1 else "chart_month_short"
    return view.say(code, month=month.number, year=month.year)


def shortened(text: str, most: int) -> str:
    """Return ``text``, cut at a word where it is longer than ``most`` characters."""
    if len(text) <= most:
        return text
    head = text[: most - 1]
    return (head.rpartition(" ")[0] or head).rstrip(" ,;:.–-") + "…"
