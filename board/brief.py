"""The leaders' page: a plan on one sheet of A4, with nothing to learn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from board.burn_page import BurnLine, finding, line_of, trend_points
from board.plans import WORST, LateTask, late_task
from board.scope import NavLink, Scope
from board.standings import Stripe, stripes_of
from board.timeline_page import shortened
from board.view import View
from notifications.papers.figures import percent
from notifications.papers.sentence import sentence_of_figures
from storage.reckoning import head_of
from storage.schema import PlanRow
from tasks_catalog.burn import Step
from tasks_catalog.collation import collation_key
from tasks_catalog.counting import Figures
from tasks_catalog.progress import Line
from tasks_catalog.standing import DONE, StandingKind

UNITS = 10
"""Units that fit on the sheet; the rest are counted and linked to."""
_TEXT = 130
_NAMED = 2
"""Units named beside an overdue task; more are counted."""


Figure = tuple[int, str, str, str]
"""One of the four numbers: the number, its words, its list, and the mark its colour repeats."""


@dataclass(frozen=True, kw_only=True)
class RankedUnit:
    """A unit with its place by the share of its work that is done; equal shares, equal place."""

    place: int
    name: str
    done: int
    done_href: str
    total: int
    total_href: str
    percent: str
    overdue: int
    overdue_href: str
    stripes: tuple[Stripe, ...]


@dataclass(frozen=True, kw_only=True)
class BriefPage:
    """The sentence, the four figures, the worst five, the units ranked, the trend."""

    nav: tuple[NavLink, ...]
    crumb: str
    crumb_href: str
    organisation: str
    title: str
    data_as_of: str
    how_far: str
    """To which day the figures are counted, where that is not the day looked at."""
    done: int
    total: int
    sentence: str
    figures: tuple[Figure, ...]
    worst: tuple[LateTask, ...]
    more_late: int
    late_href: str
    units: tuple[RankedUnit, ...]
    more_units: int
    overview_href: str
    trend: str
    finding: str
    weeks: tuple[BurnLine, ...]


def brief_page(plan: PlanRow, scope: Scope) -> BriefPage:
    view, tally = scope.view, scope.figures(plan)
    units = ranked(tally, scope)
    worst = view.worst(plan, tally, WORST) if tally.counts[StandingKind.OVERDUE] else ()
    points = trend_points(plan, scope) if scope.is_drawn(plan) else ()
    return BriefPage(
        nav=scope.nav("brief"),
        crumb=scope.name,
        crumb_href=scope.home,
        organisation=view.directory.name,
        title=plan.title,
        data_as_of=view.data_as_of,
        how_far=view.how_far(tally),
        done=tally.done,
        total=tally.total,
        sentence=sentence_of_figures(
            head_of(plan, view.directory), tally.done, tally.total, tasks=tally.tasks, lang=view.language
        ),
        figures=tuple(_figures(tally, scope)),
        worst=tuple(_short(late_task(entry, plan, view), view) for entry in worst),
        more_late=tally.counts[StandingKind.OVERDUE] - len(worst),
        late_href=view.list_link(plan.number, standing="overdue"),
        units=units[:UNITS],
        more_units=len(units[UNITS:]),
        overview_href=view.plan_link(plan.number),
        trend=scope.link("trend.svg") if len(points) > 1 else "",
        finding=finding(scope.burn(plan), view) if points else "",
        weeks=tuple(line_of(point, Step.WEEK, scope) for point in points[-4:]),
    )


def _short(late: LateTask, view: View) -> LateTask:
    """Return the task as it fits on the sheet: its words cut, many units as their number."""
    units = late.units.split("; ")
    named = late.units if len(units) <= _NAMED else view.say("due_units", number=len(units))
    return LateTask(
        row=late.row,
        href=late.href,
        text=shortened(late.text, _TEXT),
        units=named,
        due=late.due,
        days=late.days,
    )


def _figures(tally: Figures, scope: Scope) -> Iterator[Figure]:
    view = scope.view
    numbers = (
        (DONE, "brief_done", tally.done, "done_on_time"),
        ("in_progress", "standing_in_progress", tally.counts[StandingKind.IN_PROGRESS], "in_progress"),
        ("overdue", "standing_overdue", tally.counts[StandingKind.OVERDUE], "overdue"),
        ("not_arisen", "standing_not_arisen", tally.counts[StandingKind.NOT_ARISEN], "not_arisen"),
    )
    everything = sum(tally.counts.values()) or 1
    for standing, word, number, mark in numbers:
        said = view.say(
            "brief_figure", word=view.say(word), percent=percent(number, everything, view.language)
        )
        href = view.list_link(tally.plan, standing=standing) if number else ""
        yield number, said, href, mark


def _percent(number: int, of: int, scope: Scope) -> str:
    return scope.view.say("brief_percent", percent=percent(number, of, scope.view.language))


def ranked(tally: Figures, scope: Scope) -> tuple[RankedUnit, ...]:
    """Return the units by the share of their work that is done, ties in alphabetical order."""
    view = scope.view
    lines = sorted(
        (line for line in tally.by_unit if line.total),
        key=lambda line: (-line.done / line.total, collation_key(view.unit(line.key))),
    )
    found: list[RankedUnit] = []
    for n, line in enumerate(lines):
        tie = n and _same(line, lines[n - 1])
        found.append(_ranked(line, found[-1].place if tie else n + 1, tally, scope))
    return tuple(found)


def _same(line: Line, other: Line) -> bool:
    return line.done * other.total == other.done * line.total


def _ranked(line: Line, place: int, tally: Figures, scope: Scope) -> RankedUnit:
    view, late = scope.view, line.counts[StandingKind.OVERDUE]

    def link(number: int, standing: str | None) -> str:
        return view.list_link(tally.plan, unit=line.key, standing=standing) if number else ""

    return RankedUnit(
        place=place,
        name=view.unit(line.key),
        done=line.done,
        done_href=link(line.done, DONE),
        total=line.total,
        total_href=link(line.total, None),
        percent=_percent(line.done, line.total, scope),
        overdue=late,
        overdue_href=link(late, "overdue"),
        stripes=stripes_of(line),
    )
