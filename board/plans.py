"""The pages of plans: the front page with every plan, and one plan with its breakdowns."""

from __future__ import annotations

from dataclasses import dataclass

from board.standings import BreakdownLine, Part, bar_of, by_section, by_unit
from board.view import View
from notifications.papers.sentence import note_sentence, sentence_of
from notifications.wording import place_sentence, problem_sentence
from storage import outbox, tasks
from storage.reckoning import head_of
from storage.schema import PlanRow
from storage.uploads import source_of
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
    questions: int


@dataclass(frozen=True, kw_only=True)
class FrontPage:
    """Every plan, and what of the outbox wants a person's eye."""

    data_as_of: str
    plans: tuple[PlanCard, ...]
    stuck_letters: int


@dataclass(frozen=True, kw_only=True)
class QuestionLine:
    """A doubt about a row that keeps it from being tracked."""

    row: int
    href: str
    place: str
    text: str
    command: str


@dataclass(frozen=True, kw_only=True)
class SourceLink:
    """The document the plan was read from, where its file is kept."""

    name: str
    href: str
    sha256: str


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
    source: SourceLink | None = None
    activation_href: str = ""
    """Where a plan that was only imported is started."""


def front_page(view: View) -> FrontPage:
    plans = tasks.list_plans(view.session, view.organisation_id)
    stuck = outbox.list_letters(view.session, view.organisation_id, states=("dead", "unknown"))
    return FrontPage(
        data_as_of=view.data_as_of,
        plans=tuple(_card(plan, view.tally(plan), view, most=WORST) for plan in plans),
        stuck_letters=len(stuck),
    )


def plan_page(plan: PlanRow, view: View) -> PlanPage:
    tally = view.tally(plan)
    notes = tuple(note_sentence(note, view.language) for note in _summary(plan, tally, view).notes)
    return PlanPage(
        data_as_of=view.data_as_of,
        issued=view.day(plan.issued),
        card=_card(plan, tally, view, most=len(tally.tasks)),
        sections=by_section(tally, view),
        units=by_unit(tally, view),
        questions=_questions(plan, view),
        notes=notes,
        list_href=view.list_link(plan.number),
        source=_source(plan, view),
        activation_href=f"{view.links.plan(plan.number)}/activation" if plan.state == "imported" else "",
    )


def _source(plan: PlanRow, view: View) -> SourceLink | None:
    file = source_of(view.session, plan)
    if file is None:
        return None
    href = f"{view.links.base_url.rstrip('/')}/files/{file.sha256}"
    return SourceLink(name=plan.source_name, href=href, sha256=file.sha256)


def _card(plan: PlanRow, tally: Tally, view: View, *, most: int) -> PlanCard:
    late = tally.worst(most)
    return PlanCard(
        number=plan.number,
        title=plan.title,
        label=plan.label,
        href=view.plan_link(plan.number),
        state=view.say(f"board_plan_{plan.state}"),
        sentence=sentence_of(_summary(plan, tally, view), view.language),
        done=tally.done,
        total=tally.total,
        parts=bar_of(tally, view),
        late=tuple(_late(entry, plan, view) for entry in late),
        more_late=tally.counts[StandingKind.OVERDUE] - len(late),
        late_href=view.list_link(plan.number, standing="overdue"),
        questions=len(tasks.questions_of(view.session, plan)),
    )


def _summary(plan: PlanRow, tally: Tally, view: View) -> Summary:
    period = period_of(tally.settings.regime, tally.as_of)
    return summary_of(tally, previous=None, period=period, head=head_of(plan, view.directory))


def _late(entry: StandingTask, plan: PlanRow, view: View) -> LateTask:
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
