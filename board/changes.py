"""What changed in the last seven days: counts by kind of decision, and the list behind each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from board.due_days import due_link
from board.scope import NavLink, Scope
from storage import changes_of_week
from storage.changes_of_week import KINDS, Happened
from tasks_catalog.due import DayOf, Span
from tasks_catalog.problem import Refused

A_PAGE = 100
_WEEK = timedelta(days=6)


@dataclass(frozen=True, kw_only=True)
class ChangeCount:
    """How often one thing happened, and the list of it."""

    kind: str
    word: str
    number: str
    href: str


@dataclass(frozen=True, kw_only=True)
class ChangeLine:
    """One decision: when, about what, by whom."""

    day: str
    href: str
    row: int
    text: str
    plan: str
    unit: str
    by: str
    note: str


@dataclass(frozen=True, kw_only=True)
class ChangesPage:
    """The decisions of one kind within some days, the latest first."""

    nav: tuple[NavLink, ...]
    crumb: str
    crumb_href: str
    title: str
    days: str
    with_plan: bool
    lines: tuple[ChangeLine, ...]
    next_href: str


def week_of(scope: Scope) -> tuple[date, date]:
    """Return the seven days up to the one shown."""
    last = scope.view.count_day
    return last - _WEEK, last


def changes(scope: Scope) -> tuple[ChangeCount, ...]:
    """Return what happened within the week, by kind; what fell overdue first."""
    return tuple(_changes(scope))


def _changes(scope: Scope) -> Iterator[ChangeCount]:
    view = scope.view
    first, last = week_of(scope)
    late = Span(first=first, last=view.close, by=DayOf.LAPSED, overdue_only=True)
    fell = scope.number_of(late)
    if fell:
        yield ChangeCount(
            kind="overdue",
            word=view.say("change_overdue"),
            number=scope.text_of(fell),
            href=due_link(scope, late),
        )
    for kind, number in changes_of_week.counts(view.session, scope.plans, first, last).items():
        days = {"first": first.isoformat(), "last": last.isoformat()}
        href = scope.link("changes", kind=kind, **days)
        yield ChangeCount(kind=kind, word=view.say(f"change_{kind}"), number=str(number), href=href)


def changes_page(scope: Scope, kind: str, first: date, last: date, before: int | None) -> ChangesPage:
    """Return a page of decisions. Raises Refused (change_kind_unknown)."""
    if kind not in KINDS:
        raise Refused("change_kind_unknown", kind=kind, known=", ".join(KINDS))
    view = scope.view
    found = changes_of_week.page(view.session, scope.plans, kind, first, last, most=A_PAGE + 1, before=before)
    shown = found[:A_PAGE]
    days = {"first": first.isoformat(), "last": last.isoformat()}
    more = len(found) > A_PAGE
    return ChangesPage(
        nav=scope.nav("changes"),
        crumb=scope.name,
        crumb_href=scope.home,
        title=view.say(f"change_{kind}"),
        days=view.say("due_days", first=first, last=last),
        with_plan=scope.number is None,
        lines=tuple(_line(each, scope) for each in shown),
        next_href=scope.link("changes", kind=kind, **days, before=str(shown[-1].id)) if more else "",
    )


def _line(each: Happened, scope: Scope) -> ChangeLine:
    view = scope.view
    return ChangeLine(
        day=view.day(each.on),
        href=view.links.task(each.plan, each.row),
        row=each.row,
        text=each.text,
        plan=each.plan,
        unit=view.unit(each.unit) if each.unit else "",
        by=view.person(each.by),
        note=each.note,
    )
