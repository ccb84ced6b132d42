"""The pages of plans: the front page with every plan, and one plan with its breakdowns."""

from __future__ import annotations

from dataclasses import dataclass

from board.standings import BreakdownLine, Part, bar_of, by_section, by_unit
from board.view import View
from notifications.papers.sentence import note_sentence, sentence_of_figures
from notifications.wording import place_sentence, problem_sentence
from storage import outbox, tasks
from storage.counted import Worst
from storage.reckoning import head_of
from storage.schema import PlanRow
from tasks_catalog.counting import Figures
from tasks_catalog.digest import notes_of
from tasks_catalog.standing import StandingKind

WORST = 5
"""Overdue tasks a card shows."""
CARDS = 8
"""Plans, the latest ones, that have a card on the front page; earlier ones have a line."""
LATE_ON_PAGE = 50
"""Overdue tasks a plan's page shows; their list has all of them."""


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
    questions: int


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
    """Every plan, and what of the outbox wants a person's eye."""

    data_as_of: str
    plans: tuple[PlanCard, ...]
    earlier: tuple[PlanLine, ...]
    stuck_letters: int
    search: str


@dataclass(frozen=True, kw_only=True)
class QuestionLine:
    """A doubt about a row that keeps it from being tracked."""

    row: int
    href: str
    place: str
    text: str
    command: str


@dataclass(frozen=True, kw_only=True)
class PlanPage:
    """One plan: its card, its breakdowns, everything overdue, its open questions, how it is counted."""

    data_as_of: str
    issued: str
    card: PlanCard
    sections: tuple[BreakdownLine, ...]
    units: tuple[BreakdownLine, ...]
    questions: tuple[QuestionLine, ...]
    notes: tuple[str, ...]
    list_href: str


def front_page(view: View) -> FrontPage:
    """Return the page: the latest plans as cards, earlier ones as a line each."""
    plans = tasks.list_plans(view.session, view.organisation_id)
    stuck = outbox.list_letters(view.session, view.organisation_id, states=("dead", "unknown"))
    shown = sorted(plans[-CARDS:], key=lambda plan: plan.state == "ended")
    figures = view.figures_of_all(plans)
    return FrontPage(
        data_as_of=view.data_as_of,
        plans=tuple(_card(plan, figures[plan.id], view, most=WORST) for plan in shown),
        earlier=tuple(_line(plan, figures[plan.id], view) for plan in reversed(plans[:-CARDS])),
        stuck_letters=len(stuck),
        search=view.links.search(),
    )


def plan_page(plan: PlanRow, view: View) -> PlanPage:
    tally = view.figures(plan)
    head = head_of(plan, view.directory)
    notes = notes_of(tally.settings, head, has_targets=tally.has_targets)
    return PlanPage(
        data_as_of=view.data_as_of,
        issued=view.day(plan.issued),
        card=_card(plan, tally, view, most=LATE_ON_PAGE),
        sections=by_section(tally, view),
        units=by_unit(tally, view),
        questions=_questions(plan, view),
        notes=tuple(note_sentence(note, view.language) for note in notes),
        list_href=view.list_link(plan.number),
    )


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
        late=tuple(_late(task, plan, view) for task in late),
        overdue=overdue,
        more_late=overdue - len(late),
        late_href=view.list_link(plan.number, standing="overdue"),
        questions=tasks.count_questions(view.session, plan),
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


def _late(task: Worst, plan: PlanRow, view: View) -> LateTask:
    return LateTask(
        row=task.row,
        href=view.links.task(plan.number, task.row),
        text=task.text,
        units="; ".join(view.unit(unit) for unit in task.units),
        due=view.day(task.due),
        days=(view.count_day - task.since).days,
    )


def _questions(plan: PlanRow, view: View) -> tuple[QuestionLine, ...]:
    return tuple(
        QuestionLine(
            row=asked.row or 0,
            href=view.links.task(plan.number, asked.row or 0),
            place=place_sentence(asked.problem.where, view.language),
            text=problem_sentence(asked.problem, view.language),
            command=f"dondoc plan settle {plan.number} --row {asked.row}",
        )
        for asked in tasks.questions_of(view.session, plan)
    )
