"""The pages of plans: the front page with every plan, and one plan with its breakdowns."""

from __future__ import annotations

from dataclasses import dataclass

from board.morning import Morning, StateFact, morning_of, state_facts
from board.scope import NavLink, scope_of
from board.standings import BreakdownLine, Part, bar_of, by_section, by_unit
from board.view import View
from notifications.papers.sentence import note_sentence, sentence_of
from storage import tasks
from storage.reckoning import head_of
from storage.schema import PlanRow
from tasks_catalog.digest import Summary, summary_of
from tasks_catalog.occurrence import Role
from tasks_catalog.period import period_of
from tasks_catalog.progress import StandingTask, Tally
from tasks_catalog.standing import StandingKind, is_overdue

WORST = 5


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
    sentence: str
    done: int
    total: int
    parts: tuple[Part, ...]
    late: tuple[LateTask, ...]
    more_late: int
    late_href: str
    brief_href: str


@dataclass(frozen=True, kw_only=True)
class PlanName:
    """A plan that is not tracked: named, not counted."""

    number: str
    title: str
    href: str
    state: str


@dataclass(frozen=True, kw_only=True)
class FrontPage:
    """The office's morning: what to decide, what changed, what comes; then every plan."""

    nav: tuple[NavLink, ...]
    today: str
    data_as_of: str
    morning: Morning
    plans: tuple[PlanCard, ...]
    others: tuple[PlanName, ...]


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


def front_page(view: View) -> FrontPage:
    scope = scope_of(view, None)
    plans = tasks.list_plans(view.session, view.organisation_id)
    tracked = tuple(plan for plan in plans if plan.state == "active")
    return FrontPage(
        nav=scope.nav(""),
        today=view.say("overview_today", weekday=_weekday(view), day=view.count_day),
        data_as_of=view.data_as_of,
        morning=morning_of(scope),
        plans=tuple(_card(plan, scope.tally(plan), view) for plan in reversed(tracked)),
        others=tuple(
            PlanName(
                number=plan.number,
                title=plan.title,
                href=view.plan_link(plan.number),
                state=view.say(f"board_plan_{plan.state}"),
            )
            for plan in reversed(plans)
            if plan.state != "active"
        ),
    )


def _weekday(view: View) -> str:
    return view.say(f"weekday_{view.count_day.weekday()}")


def plan_page(plan: PlanRow, view: View) -> PlanPage:
    scope = scope_of(view, plan.number)
    tally = scope.tally(plan)
    notes = tuple(note_sentence(note, view.language) for note in summary_now(plan, tally, view).notes)
    return PlanPage(
        nav=scope.nav(""),
        data_as_of=view.data_as_of,
        issued=view.day(plan.issued),
        facts=tuple(state_facts(plan, scope)),
        card=_card(plan, tally, view),
        morning=morning_of(scope),
        sections=by_section(tally, view),
        units=by_unit(tally, view),
        notes=notes,
        list_href=view.list_link(plan.number),
    )


def _card(plan: PlanRow, tally: Tally, view: View) -> PlanCard:
    late = tally.worst(WORST)
    return PlanCard(
        number=plan.number,
        title=plan.title,
        label=plan.label,
        href=view.plan_link(plan.number),
        state=view.say(f"board_plan_{plan.state}"),
        sentence=sentence_of(summary_now(plan, tally, view), view.language),
        done=tally.done,
        total=tally.total,
        parts=bar_of(tally, view),
        late=tuple(late_task(entry, plan, view) for entry in late),
        more_late=tally.counts[StandingKind.OVERDUE] - len(late),
        late_href=view.list_link(plan.number, standing="overdue"),
        brief_href=view.page_link(plan.number, "brief"),
    )


def summary_now(plan: PlanRow, tally: Tally, view: View) -> Summary:
    """Return the summary that words the sentence and the notes."""
    period = period_of(tally.settings.regime, tally.as_of)
    return summary_of(tally, previous=None, period=period, head=head_of(plan, view.directory))


def late_task(entry: StandingTask, plan: PlanRow, view: View) -> LateTask:
    """Return an overdue task with the units that owe it."""
    owed = [share for share in entry.task.current_shares if share.role is Role.OWNER]
    late = [share for share in owed if is_overdue(share, view.close)]
    oldest = min(late, key=lambda share: share.lapses, default=None)
    since = entry.standing.since or view.close
    return LateTask(
        row=entry.task.row,
        href=view.links.task(plan.number, entry.task.row),
        text=entry.task.text,
        units="; ".join(dict.fromkeys(view.unit(share.key.unit) for share in late)),
        due=view.day(oldest.due if oldest else since),
        days=(view.count_day - since).days,
    )
