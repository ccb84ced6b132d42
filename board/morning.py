"""What the morning's pages open with: what to decide, what changed, what comes, where the year is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from board.changes import ChangeCount, changes, week_of
from board.due_days import FORTNIGHT, DayShown, due_link, fortnight
from board.scope import Scope
from board.view import View
from board.waits import WaitCount, wait_counts
from storage import tasks
from storage.schema import PlanRow
from tasks_catalog.due import Span
from tasks_catalog.period import Period, one_per_cut_off, period_of, periods_of
from tasks_catalog.roles import Right


@dataclass(frozen=True, kw_only=True)
class Morning:
    """The three lists of a morning; of a past day nothing is left to decide."""

    waits: tuple[WaitCount, ...]
    past: bool
    changes: tuple[ChangeCount, ...]
    traces: bool
    """Whether who changed what may be looked at."""
    week: str
    days: tuple[DayShown, ...]
    fortnight: str
    decisions_href: str
    """"" where what is to decide is not for whoever looks."""
    calendar_href: str


@dataclass(frozen=True, kw_only=True)
class StateFact:
    """One fact about where a plan is in its year; ``href`` is the list behind its number, if any."""

    term: str
    text: str
    href: str = ""


def morning_of(scope: Scope) -> Morning:
    view = scope.view
    first, last = week_of(scope)
    decides = view.may(Right.DECIDE)
    return Morning(
        waits=wait_counts(scope) if decides else (),
        past=view.as_of is not None,
        changes=changes(scope),
        traces=view.may(Right.TRACE),
        week=view.say("due_days", first=first, last=last),
        days=fortnight(scope),
        fortnight=view.say("due_days", first=view.count_day, last=view.count_day + FORTNIGHT),
        decisions_href=scope.link("decisions") if decides else "",
        calendar_href=scope.link("calendar"),
    )


def state_facts(plan: PlanRow, scope: Scope) -> Iterator[StateFact]:
    """Yield since when the plan is tracked, which period runs and is cut off when, which sheets are due."""
    view = scope.view
    if plan.activated_on is None:
        yield StateFact(term=view.say("state_tracking"), text=view.say("state_not_tracked"))
        return
    yield StateFact(term=view.say("state_tracking"), text=view.say("state_since", on=plan.activated_on))
    period = _running(plan, view)
    if plan.state == "ended" or period is None:
        return
    yield StateFact(term=view.say("state_period"), text=_period_text(period, view))
    yield _sheets(period, scope)


def _running(plan: PlanRow, view: View) -> Period | None:
    """Return the period that runs, the longest of its cut-off; None once the plan's year is reported."""
    regime = tasks.settings_of(plan).regime
    cut_off = period_of(regime, view.count_day).cut_off
    if cut_off.year != plan.year:
        return None
    periods = one_per_cut_off(periods_of(regime, plan.year))
    return next((period for period in periods if period.cut_off == cut_off), None)


def _period_text(period: Period, view: View) -> str:
    name = view.say(period.name_code, year=period.year)
    calendar = view.calendar
    if not calendar.first <= view.count_day <= period.cut_off <= calendar.last:
        return view.say("state_period_until", period=name, cut_off=period.cut_off)
    left = calendar.working_days_between(view.count_day, period.cut_off)
    return view.say("state_period_left", period=name, cut_off=period.cut_off, days=left)


def _sheets(period: Period, scope: Scope) -> StateFact:
    """Return how much is still to be reported by the period's cut-off."""
    view = scope.view
    span = Span(first=period.cut_off, last=period.cut_off, open_only=True)
    number = scope.number_of(span)
    if number:
        text = view.say("state_sheets_open", cut_off=period.cut_off, number=scope.text_of(number))
        return StateFact(term=view.say("state_sheets"), text=text, href=due_link(scope, span))
    text = view.say("state_sheets_none", cut_off=period.cut_off)
    return StateFact(term=view.say("state_sheets"), text=text)
