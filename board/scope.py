"""What a page of the overview looks at: one plan or the office's active plans, now or at a past day.

Now is read from the tables by bounded queries; a past day is the journal replayed, which gives facts.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from board.view import View
from storage import due_list, tasks
from storage.below import any_below
from storage.burn_counts import burn_now
from storage.due_list import DueDay
from storage.schema import PlanRow
from tasks_catalog.burn import Burn, burn_of
from tasks_catalog.counting import Figures, figures_of
from tasks_catalog.due import DueTask, Span, due_tasks
from tasks_catalog.problem import Refused
from tasks_catalog.progress import Tally
from tasks_catalog.roles import Right

MOST_COUNTED = 5_000
"""Shares a number of the overview counts up to: who has more to look at needs the list, not the number."""
MOST_DRAWN = 20_000
"""Tasks of a plan whose shares are counted by day for a chart; a province's largest plan has some 500."""


@dataclass(frozen=True, kw_only=True)
class NavLink:
    """One page of a plan in the row of links; ``current`` is the one that is shown."""

    name: str
    href: str
    current: bool


@dataclass(frozen=True, kw_only=True)
class Scope:
    """The plans a page is about; ``number`` is None for the whole office."""

    view: View
    plans: tuple[PlanRow, ...]
    number: str | None
    _tallies: dict[int, Tally] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.view.say("board_plan", number=self.number) if self.number else self.view.directory.name

    @property
    def home(self) -> str:
        return self.view.plan_link(self.number) if self.number else self.link("")

    def link(self, page: str, /, **query: str | None) -> str:
        return self.view.page_link(self.number, page, **query)

    def nav(self, current: str) -> tuple[NavLink, ...]:
        """Return the row of links between the pages of a plan, or of the office."""
        return nav_of(self.view, self.number, current)

    def figures(self, plan: PlanRow) -> Figures:
        """Return a plan's numbers: as counted, or of a past day as its facts tell them."""
        return self.view.figures(plan) if self.view.as_of is None else figures_of(self.tally(plan))

    def tally(self, plan: PlanRow) -> Tally:
        """Return a past day's tally with its facts, replayed once a page."""
        if plan.id not in self._tallies:
            self._tallies[plan.id] = self.view.tally(plan)
        return self._tallies[plan.id]

    def days(self, span: Span, *, most: int) -> tuple[DueDay, ...]:
        """Return the days of a span on which something falls, each with its first lines."""
        if self.view.as_of is None:
            return due_list.days(self.view.session, self.plans, span, most=most)
        by_day: dict[date, list[DueTask]] = defaultdict(list)
        for line in self.lines(span):
            by_day[line.day].append(line)
        return tuple(
            DueDay(
                day=day, tasks=len(lines), lines=tuple(sorted(lines, key=lambda line: not line.open)[:most])
            )
            for day, lines in sorted(by_day.items())
        )

    def lines(self, span: Span) -> tuple[DueTask, ...]:
        """Return a past day's lines of a span, over its facts."""
        found = (
            line
            for plan in self.plans
            for line in due_tasks(plan.number, (entry.task for entry in self.tally(plan).tasks), span)
        )
        return tuple(sorted(found, key=lambda line: line.day))

    def number_of(self, span: Span) -> int:
        """Return how many owners' shares a span holds; beyond ``MOST_COUNTED`` they are not counted on."""
        if self.view.as_of is None:
            return due_list.number(self.view.session, self.plans, span, most=MOST_COUNTED)
        return sum(line.shares for line in self.lines(span))

    def text_of(self, number: int) -> str:
        """Return such a number in words: "hơn 5.000" where it was not counted on."""
        more = number > MOST_COUNTED
        most = self.view.grouped(MOST_COUNTED)
        return self.view.say("overview_more_than", number=most) if more else str(number)

    def is_drawn(self, plan: PlanRow) -> bool:
        """Say whether the plan is small enough for its shares to be counted day by day on request."""
        return self.view.as_of is not None or self.view.figures(plan).tasks <= MOST_DRAWN

    def burn(self, plan: PlanRow) -> Burn:
        """Return what was planned and done by day; raises Refused (burn_too_large)."""
        if not self.is_drawn(plan):
            raise Refused("burn_too_large", tasks=self.view.figures(plan).tasks, most=MOST_DRAWN)
        if self.view.as_of is None:
            return burn_now(self.view.session, plan, self.view.directory)
        facts = [entry.task for entry in self.tally(plan).tasks]
        return burn_of(facts, self.view.directory, self.view.settings(plan))


def scope_of(view: View, number: str | None) -> Scope:
    """Return the plan of that number, or those not ended; raises Refused (plan_unknown)."""
    if number is None:
        plans = tasks.list_plans(view.session, view.organisation_id)
        going = tuple(plan for plan in plans if plan.state != "ended")
        return Scope(view=view, plans=going, number=None)
    plan = tasks.plan_or_refuse(view.session, view.organisation_id, number)
    return Scope(view=view, plans=(plan,), number=plan.number)


_OF_A_PLAN = ("list", "decisions", "calendar", "timeline", "burnup", "brief")
_OF_THE_OFFICE = ("decisions", "calendar", "below")
_RIGHTS = {"decisions": Right.DECIDE, "brief": Right.DECIDE, "below": Right.BELOW}
"""What those pages need that are not open to everybody."""


def _is_shown(page: str, view: View) -> bool:
    if not view.may(_RIGHTS.get(page, Right.LOOK)):
        return False
    return page != "below" or any_below(view.session, view.organisation_id)


def nav_of(view: View, number: str | None, current: str) -> tuple[NavLink, ...]:
    """Return the pages beside ``current`` ("" is the overview itself), each keeping the day looked at."""
    home = view.plan_link(number) if number else view.page_link(None, "")
    pages = [page for page in (_OF_A_PLAN if number else _OF_THE_OFFICE) if _is_shown(page, view)]
    links = (("", home), *((page, view.page_link(number, page)) for page in pages))
    return tuple(
        NavLink(name=view.say(f"nav_{page or 'overview'}"), href=href, current=page == current)
        for page, href in links
    )
