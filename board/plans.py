"""The pages of plans: the front page with every plan, and one plan with its breakdowns."""

from __future__ import annotations

from dataclasses import dataclass

from board.morning import Morning, StateFact, morning_of, state_facts
from board.scope import NavLink, scope_of
from board.standings import BreakdownLine, Part, bar_of, by_section, by_unit
from board.view import View
from notifications.papers.sentence import note_sentence, sentence_of_figures
from storage import tasks
from storage.counted import Worst
from storage.reckoning import head_of
from storage.schema import PlanRow
from storage.uploads import source_of
from tasks_catalog.counting import Figures
from tasks_catalog.digest import notes_of
from tasks_catalog.roles import Right
from tasks_catalog.standing import StandingKind

WORST = 5
"""Overdue tasks a card shows."""
CARDS = 8
"""Plans, the latest ones, that have a card on the front page; earlier ones have a line."""
LINES = 40
"""Of the earlier ones as many at first: the newest."""


@dataclass(frozen=True, kw_only=True)
class LateTask:
    """An overdue task: who owes it, since when, for how many days."""

    row: int
    href: str
    text: str
    units: str
    due: str
    days: int


@dataclass(frozen=True, kw_only=True)
class PlanCard:
    """A plan at a glance."""

    number: str
    title: str
    label: str
    href: str
    state: str
    how_far: str
    """To which day the figures are counted, where that is not the day looked at."""
    sentence: str
    done: int
    total: int
    parts: tuple[Part, ...]
    late: tuple[LateTask, ...]
    overdue: int
    more_late: int
    late_href: str
    brief_href: str
    not_started: str
    """What is said instead of figures while the plan was only imported."""
    activation_href: str
    """Where such a plan is started."""


@dataclass(frozen=True, kw_only=True)
class PlanLine:
    """A plan in one line, where there are too many for a card each."""

    number: str
    title: str
    href: str
    state: str
    done: int
    total: int
    overdue: int
    late_href: str


@dataclass(frozen=True, kw_only=True)
class FrontPage:
    """The office's morning: what to decide, what changed, what comes; then every plan."""

    nav: tuple[NavLink, ...]
    today: str
    data_as_of: str
    morning: Morning
    plans: tuple[PlanCard, ...]
    earlier: tuple[PlanLine, ...]
    all_href: str
    """Where every plan has its line; "" where they all have."""
    search: str


@dataclass(frozen=True, kw_only=True)
class SourceLink:
    """The document the plan was read from, where its file is kept."""

    name: str
    href: str
    sha256: str


@dataclass(frozen=True, kw_only=True)
class PlanPage:
    """One plan: its card, where it is in its year, the morning's news, its breakdowns, how it is counted."""

    nav: tuple[NavLink, ...]
    data_as_of: str
    issued: str
    facts: tuple[StateFact, ...]
    card: PlanCard
    morning: Morning
    sections: tuple[BreakdownLine, ...]
    units: tuple[BreakdownLine, ...]
    notes: tuple[str, ...]
    list_href: str
    source: SourceLink | None = None


def front_page(view: View, *, every: bool = False) -> FrontPage:
    """Return the page: the latest plans as cards, earlier ones (the newest, or every one) as a line each."""
    plans = tasks.list_plans(view.session, view.organisation_id)
    scope = scope_of(view, None)
    shown = sorted(plans[-CARDS:], key=lambda plan: plan.state == "ended")
    earlier = tuple(reversed(plans[:-CARDS]))
    lines = earlier if every else earlier[:LINES]
    figures = view.figures_of_all((*shown, *lines))
    weekday = view.say(f"weekday_{view.count_day.weekday()}")
    return FrontPage(
        nav=scope.nav(""),
        today=view.say("overview_today", weekday=weekday, day=view.count_day),
        data_as_of=view.data_as_of,
        morning=morning_of(scope),
        plans=tuple(_card(plan, figures[plan.id], view, most=WORST) for plan in shown),
        earlier=tuple(_line(plan, figures[plan.id], view) for plan in lines),
        all_href=view.page_link(None, "", all="1") if len(lines) < len(earlier) else "",
        search=view.links.search(),
    )


def plan_page(plan: PlanRow, view: View) -> PlanPage:
    scope = scope_of(view, plan.number)
    tally = scope.figures(plan)
    head = head_of(plan, view.directory)
    notes = notes_of(tally.settings, head, has_targets=tally.has_targets)
    return PlanPage(
        nav=scope.nav(""),
        facts=tuple(state_facts(plan, scope)),
        morning=morning_of(scope),
        data_as_of=view.data_as_of,
        issued=view.day(plan.issued),
        card=_card(plan, tally, view, most=WORST),
        sections=by_section(tally, view),
        units=by_unit(tally, view),
        notes=tuple(note_sentence(note, view.language) for note in notes),
        list_href=view.list_link(plan.number),
        source=_source(plan, view),
    )


def _source(plan: PlanRow, view: View) -> SourceLink | None:
    file = source_of(view.session, plan)
    if file is None:
        return None
    href = f"{view.links.base_url.rstrip('/')}/files/{file.sha256}"
    return SourceLink(name=plan.source_name, href=href, sha256=file.sha256)


def _card(plan: PlanRow, tally: Figures, view: View, *, most: int) -> PlanCard:
    overdue = tally.counts[StandingKind.OVERDUE]
    late = view.worst(plan, tally, most) if overdue else ()
    head = head_of(plan, view.directory)
    return PlanCard(
        number=plan.number,
        title=plan.title,
        label=plan.label,
        href=view.plan_link(plan.number),
        state=view.say(f"board_plan_{plan.state}"),
        how_far=view.how_far(tally),
        sentence=sentence_of_figures(head, tally.done, tally.total, tasks=tally.tasks, lang=view.language),
        done=tally.done,
        total=tally.total,
        parts=bar_of(tally, view),
        late=tuple(late_task(task, plan, view) for task in late),
        overdue=overdue,
        more_late=overdue - len(late),
        late_href=view.list_link(plan.number, standing="overdue"),
        brief_href=view.page_link(plan.number, "brief") if view.may(Right.DECIDE) else "",
        not_started=view.say("board_plan_not_started", total=tally.total) if plan.state == "imported" else "",
        activation_href=f"{view.links.plan(plan.number)}/activation",
    )


def _line(plan: PlanRow, tally: Figures, view: View) -> PlanLine:
    overdue = tally.counts[StandingKind.OVERDUE]
    return PlanLine(
        number=plan.number,
        title=plan.title,
        href=view.plan_link(plan.number),
        state=view.say(f"board_plan_{plan.state}"),
        done=tally.done,
        total=tally.total,
        overdue=overdue,
        late_href=view.list_link(plan.number, standing="overdue") if overdue else "",
    )


def late_task(task: Worst, plan: PlanRow, view: View) -> LateTask:
    """Return an overdue task with the units that owe it."""
    return LateTask(
        row=task.row,
        href=view.links.task(plan.number, task.row),
        text=task.text,
        units="; ".join(view.unit(unit) for unit in task.units),
        due=view.day(task.due),
        days=(view.count_day - task.since).days,
    )
