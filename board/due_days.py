"""Days and what falls on them, as pages show it: the fortnight ahead, a month's cells, the list of a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from board.scope import NavLink, Scope
from board.view import View
from storage import due_list
from storage.due_list import DueDay, Mark
from tasks_catalog.due import DayOf, DueTask, Span
from tasks_catalog.problem import Refused
from tasks_catalog.standing import StandingKind

A_PAGE = 100
FORTNIGHT = timedelta(days=14)
A_DAY_OF_THE_FORTNIGHT = 5


@dataclass(frozen=True, kw_only=True)
class DueLine:
    """One task on one day; ``mark`` is the standing its colour repeats, ``state`` says it in words."""

    href: str
    row: int
    text: str
    plan: str
    """The plan's number, where the page shows several."""
    units: str
    mark: str
    state: str


@dataclass(frozen=True, kw_only=True)
class DayShown:
    """One day with its first lines, the number left out, and the list of all."""

    day: str
    weekday: str
    iso: str
    href: str
    lines: tuple[DueLine, ...]
    more: int


@dataclass(frozen=True, kw_only=True)
class DueLineLong(DueLine):
    """A line of the list of days: which units have not reported, and where some have, which."""

    day: str
    reported: str
    missing: str


@dataclass(frozen=True, kw_only=True)
class DuePage:
    """The list behind a number that counts shares by day."""

    nav: tuple[NavLink, ...]
    data_as_of: str
    crumb: str
    crumb_href: str
    title: str
    counted: str
    column: str
    with_plan: bool
    lines: tuple[DueLineLong, ...]
    next_href: str


def fortnight(scope: Scope) -> tuple[DayShown, ...]:
    """Return what is still owed from today on for two weeks, by day."""
    first = scope.view.count_day
    span = Span(first=first, last=first + FORTNIGHT, open_only=True)
    return tuple(day_shown(day, scope, only="open") for day in scope.days(span, most=A_DAY_OF_THE_FORTNIGHT))


def day_shown(day: DueDay, scope: Scope, *, only: str | None = None) -> DayShown:
    view, iso = scope.view, day.day.isoformat()
    return DayShown(
        day=view.day(day.day),
        weekday=view.say(f"weekday_{day.day.weekday()}"),
        iso=iso,
        href=scope.link("due", first=iso, last=iso, only=only),
        lines=tuple(due_line(line, scope) for line in day.lines),
        more=day.tasks - len(day.lines),
    )


def due_line(line: DueTask, scope: Scope) -> DueLine:
    view = scope.view
    several = view.say("due_units", number=line.shares)
    return DueLine(
        href=view.links.task(line.plan, line.row),
        row=line.row,
        text=line.text,
        plan="" if scope.number else line.plan,
        units=view.unit(line.unit) if line.shares == 1 else several,
        mark=str(line.kind(view.close)),
        state=state_of(line, view),
    )


def state_of(line: DueTask, view: View) -> str:
    """Say in a word or two how a day's shares of a task stand: "quá hạn, 2/9 đơn vị đã báo cáo"."""
    kind = line.kind(view.close)
    done = line.shares - line.open
    if kind is StandingKind.DONE_ON_TIME:
        return view.say("due_reported")
    if kind is StandingKind.CLOSED:
        return view.say("due_closed")
    code = "due_waiting" if line.open == line.waiting else "due_open"
    if kind is StandingKind.OVERDUE:
        code = "due_overdue"
    if line.shares > 1 and done:
        return view.say(f"{code}_some", done=done, shares=line.shares)
    return view.say(code)


def due_page(scope: Scope, span: Span, *, after: Mark | None = None) -> DuePage:
    """Return the list of a span, a page at a time; a past day's list comes whole."""
    if span.last < span.first:
        raise Refused("due_span_backwards", first=span.first, last=span.last)
    view = scope.view
    lines, mark, shares = _page(scope, span, after)
    return DuePage(
        nav=scope.nav("due"),
        data_as_of=view.data_as_of,
        crumb=scope.name,
        crumb_href=scope.home,
        title=_title(span, view),
        counted=view.say("due_counted", shares=shares),
        column=view.say(f"due_by_{span.by}"),
        with_plan=scope.number is None,
        lines=lines,
        next_href=scope.link("due", **_query(span), after=f"{mark[0].isoformat()}.{mark[1]}") if mark else "",
    )


def _page(scope: Scope, span: Span, after: Mark | None) -> tuple[tuple[DueLineLong, ...], Mark | None, int]:
    view = scope.view
    if view.as_of is not None:
        past = scope.lines(span)
        return tuple(_long(line, (), scope) for line in past), None, sum(line.shares for line in past)
    found = due_list.page(view.session, scope.plans, span, most=A_PAGE, after=after)
    units = due_list.units_of(view.session, span, (task for _, task in found.lines))
    lines = tuple(_long(line, units.get((task, line.day), ()), scope) for line, task in found.lines)
    return lines, found.mark, found.shares


def _long(line: DueTask, units: tuple[tuple[str, bool], ...], scope: Scope) -> DueLineLong:
    view, short = scope.view, due_line(line, scope)
    mixed = 0 < line.open < line.shares
    return DueLineLong(
        href=short.href,
        row=short.row,
        text=short.text,
        plan=line.plan,
        units=short.units,
        mark=short.mark,
        state=short.state,
        day=view.day(line.day),
        reported="; ".join(view.unit(unit) for unit, done in units if done and mixed),
        missing="; ".join(view.unit(unit) for unit, done in units if not done and len(units) > 1),
    )


def _query(span: Span) -> dict[str, str | None]:
    only = "overdue" if span.overdue_only else "open" if span.open_only else None
    return {
        "first": span.first.isoformat(),
        "last": span.last.isoformat(),
        "by": str(span.by) if span.by is not DayOf.DUE else None,
        "only": only,
    }


def due_link(scope: Scope, span: Span) -> str:
    """Return the link to the list of a span."""
    return scope.link("due", **_query(span))


def _title(span: Span, view: View) -> str:
    code = f"due_title_{span.by}"
    if span.overdue_only:
        code = "due_title_overdue"
    elif span.open_only:
        code = "due_title_open"
    one = span.first == span.last
    days = (
        view.say("due_one_day", day=span.first)
        if one
        else view.say("due_days", first=span.first, last=span.last)
    )
    return view.say(code, days=days)


def read_mark(text: str | None) -> Mark | None:
    """Return where a list goes on, as its own link wrote it. Raises Refused (due_mark_unreadable)."""
    if not text:
        return None
    day, _, task = text.partition(".")
    try:
        return date.fromisoformat(day), int(task)
    except ValueError:
        raise Refused("due_mark_unreadable", mark=text) from None
