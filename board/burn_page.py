"""The burn-up: owners' shares reported against planned, as a chart and as the numbers it was drawn from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from board import charts
from board.charts import Words
from board.due_days import due_link
from board.scope import NavLink, Scope
from board.timeline_page import month_ticks
from board.view import View
from storage.schema import PlanRow
from tasks_catalog.burn import Burn, BurnPoint, Step, latest, points_of
from tasks_catalog.due import DayOf, Span

TREND = 12
"""Weeks of the small chart."""


@dataclass(frozen=True, kw_only=True)
class BurnLine:
    """One month or week in numbers; each number that has a list links to it."""

    name: str
    planned: str
    planned_href: str
    to_open: str
    done: str
    done_href: str
    planned_so_far: str
    done_so_far: str


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One of the steps to draw by."""

    name: str
    href: str
    current: bool


@dataclass(frozen=True, kw_only=True)
class BurnPage:
    """The chart's address and what it says, then its numbers."""

    nav: tuple[NavLink, ...]
    crumb: str
    crumb_href: str
    data_as_of: str
    finding: str
    picture: str
    steps: tuple[Choice, ...]
    column: str
    lines: tuple[BurnLine, ...]
    left_out: bool
    """Whether weeks without anything are left out of the table."""


def burn_page(plan: PlanRow, step: Step, scope: Scope) -> BurnPage:
    view = scope.view
    burn = scope.burn(plan)
    points = points_of(burn, year=plan.year, step=step, today=view.count_day)
    return BurnPage(
        nav=scope.nav("burnup"),
        crumb=scope.name,
        crumb_href=scope.home,
        data_as_of=view.data_as_of,
        finding=finding(burn, view),
        picture=scope.link("burnup.svg", by=str(step)),
        steps=tuple(_choice(each, step, scope) for each in Step),
        column=view.say(f"burn_column_{step}"),
        lines=tuple(line_of(point, step, scope) for point in points if _is_told(point, step)),
        left_out=step is Step.WEEK,
    )


def _is_told(point: BurnPoint, step: Step) -> bool:
    """Say whether the table tells of a point: of every month, and of each week in which something is."""
    return step is Step.MONTH or bool(point.planned or point.done)


def _choice(each: Step, shown: Step, scope: Scope) -> Choice:
    href = scope.link("burnup", by=str(each))
    return Choice(name=scope.view.say(f"burn_by_{each}"), href=href, current=each is shown)


def finding(burn: Burn, view: View) -> str:
    """Say in a sentence how what was reported compares with what was due by the day shown."""
    today = view.count_day
    due = sum(number for day, number in burn.planned.items() if day <= view.close)
    done = sum(number for day, number in burn.done.items() if day <= today)
    code = "burn_behind" if done < due else "burn_ahead" if done > due else "burn_even"
    total = sum(burn.planned.values())
    return view.say(code, on=today, due=due, done=done, total=total, difference=abs(due - done))


def line_of(point: BurnPoint, step: Step, scope: Scope) -> BurnLine:
    view = scope.view
    opened = point.planned - point.to_open
    planned = Span(first=point.first, last=point.last, by=DayOf.FIRST_DUE)
    done = Span(first=point.first, last=point.last, by=DayOf.DONE)
    begun = point.done_so_far is not None
    return BurnLine(
        name=_name(point, step, view),
        planned=str(opened),
        planned_href=due_link(scope, planned) if opened else "",
        to_open=str(point.to_open),
        done=str(point.done) if begun else "–",
        done_href=due_link(scope, done) if point.done else "",
        planned_so_far=str(point.planned_so_far),
        done_so_far=str(point.done_so_far) if begun else "–",
    )


def _name(point: BurnPoint, step: Step, view: View) -> str:
    if step is Step.MONTH:
        return view.say("calendar_month", month=point.first.month, year=point.first.year)
    return view.say("burn_week", first=point.first, last=point.last)


def burn_svg(plan: PlanRow, step: Step, scope: Scope) -> bytes:
    """Return the chart over the plan's year."""
    points = points_of(scope.burn(plan), year=plan.year, step=step, today=scope.view.count_day)
    ticks = [(point.last, _short(point, scope.view)) for point in points]  # a month's numbers are its end's
    if step is Step.WEEK:
        ticks = month_ticks(points[0].first, points[-1].last, scope.view)[1:]
    return _drawn(points, ticks, scope.view)


def trend_points(plan: PlanRow, scope: Scope) -> tuple[BurnPoint, ...]:
    """Return the last weeks that have begun."""
    points = points_of(scope.burn(plan), year=plan.year, step=Step.WEEK, today=scope.view.count_day)
    return latest(points, TREND)


def trend_svg(plan: PlanRow, scope: Scope) -> bytes:
    """Return the small chart of the last weeks."""
    points = trend_points(plan, scope)
    ticks = [(point.last, f"{point.last:%d/%m}") for point in points]
    return _drawn(points, ticks, scope.view, small=True)


def _short(point: BurnPoint, view: View) -> str:
    code = "chart_month" if point.first.month == 1 else "chart_month_short"
    return view.say(code, month=point.first.month, year=point.first.year)


def _drawn(
    points: Sequence[BurnPoint], ticks: list[tuple[date, str]], view: View, *, small: bool = False
) -> bytes:
    words = Words(
        planned=view.say("chart_planned"),
        done=view.say("chart_done"),
        today=view.say("chart_today", on=view.count_day),
    )
    return charts.burn_svg(
        [point.last for point in points],
        [point.planned_so_far for point in points],
        [point.done_so_far for point in points if point.done_so_far is not None],
        ticks,
        view.count_day,
        words,
        small=small,
    )
