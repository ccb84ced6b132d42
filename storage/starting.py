"""Starting a plan: answering its rows' questions, then opening what it owes, then a welcome."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from storage import journal, tasks
from storage.people import load_directory
from storage.schema import PlanRow
from tasks_catalog.calendar import WorkCalendar
from tasks_catalog.deadline import Deadline, Kind, read_deadline
from tasks_catalog.decisions import Open, Recorded, Revise, Settle
from tasks_catalog.facts import Document, OwnerRef, TaskFacts
from tasks_catalog.intake import owner_refs, shares_owed
from tasks_catalog.occurrence import Occurrence, planned_occurrences, to_open
from tasks_catalog.people import Directory, UnitRef
from tasks_catalog.problem import Problem, Refused
from tasks_catalog.resolve import find_unit
from tasks_catalog.revising import decided, is_of_units
from tasks_catalog.rolling import ROLLED_REVIEW
from tasks_catalog.task import PlanSettings

OFFICE = "office"
"""Who the journal names for what the office does by itself."""


class AnswerRefused(Refused):
    """The answer given does not answer the row's question."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a person says of a row: its deadline in better words or as proposed, its units."""

    deadline: str | None = None
    accept_proposal: bool = False
    owners: tuple[str, ...] = ()
    co_owners: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Opened:
    """What was opened, and how much of it fell due before the plan was tracked."""

    occurrences: int = 0
    shares: int = 0
    before_tracking: int = 0


def settle(
    session: Session,
    plan: PlanRow,
    row: int,
    answer: Answer,
    *,
    calendar: WorkCalendar,
    by: str,
    at: datetime,
    document: Document | None = None,
) -> tuple[Problem, ...]:
    """Record the answer to a row's questions; return those it leaves open. The row starts when none is.

    Raises AnswerRefused when the row asks nothing, or the answer itself cannot be read.
    """
    asked = [asked.problem for asked in tasks.questions_of(session, plan) if asked.row == row]
    if not asked:
        raise AnswerRefused("row_asks_nothing", plan=plan.number, row=row)
    task = tasks.task_or_refuse(session, plan.organisation_id, f"{plan.number}/{row}")
    facts = tasks.facts_of_task(session, task)
    settings = tasks.settings_of(plan)
    directory = load_directory(session, plan.organisation_id)
    deadline = _deadline(answer, asked, facts, settings)
    owners = _owners(answer, facts.owners, directory)
    left = tuple(problem for problem in asked if not _answers(problem, answer, deadline, owners))
    if len(left) == len(asked):
        raise AnswerRefused("answer_beside_question", row=row, asked=", ".join(p.code for p in asked))
    planned = planned_occurrences(deadline, settings, calendar) if deadline else ()
    still_open = tuple(problem.code for problem in left)
    decision: Settle | Revise = Settle(
        deadline=deadline, planned=planned, owners=owners, still_open=still_open
    )
    if facts.opened:  # a revision asked it of a task at work, whose date or units move only now
        decision = decided(
            facts,
            deadline=deadline,
            planned=planned,
            owners=owners,
            still_open=still_open,
            directory=directory,
            settings=settings,
            on=at.date(),
        )
    journal.record(session, task, decision, by=by, at=at, on=at.date(), document=document)
    return left


def _answers(
    problem: Problem, answer: Answer, deadline: Deadline | None, owners: tuple[OwnerRef, ...] | None
) -> bool:
    """A deadline answers questions of the deadline, units those of units; a draft's row is just accepted."""
    if problem.code == ROLLED_REVIEW:
        return answer.accept_proposal or deadline is not None
    return owners is not None if is_of_units(problem.code) else deadline is not None


def _deadline(
    answer: Answer, asked: Sequence[Problem], facts: TaskFacts, settings: PlanSettings
) -> Deadline | None:
    if answer.deadline is not None:
        reading = read_deadline(answer.deadline, year=settings.year)
        if reading.kind is Kind.UNCLEAR:
            raise AnswerRefused("answer_deadline_unclear", words=answer.deadline)
        return reading
    if not answer.accept_proposal or all(_needs_no_date(problem) for problem in asked):
        return None
    known = facts.deadline
    if facts.opened or not known.dates:  # of a task at work the date in force is no proposal
        raise AnswerRefused("no_proposal", words=known.text)
    one_day = known.dates[0].start in (None, known.dates[0].to)
    return Deadline(text=known.text, kind=Kind.BY if one_day else Kind.WITHIN, dates=known.dates[:1])


def _needs_no_date(problem: Problem) -> bool:
    return problem.code == ROLLED_REVIEW or is_of_units(problem.code)


def _owners(answer: Answer, known: Sequence[OwnerRef], directory: Directory) -> tuple[OwnerRef, ...] | None:
    """Return the owners named; a role the answer leaves out keeps what the row was read as."""
    if not answer.owners and not answer.co_owners:
        return None
    named = owner_refs(
        [_unit(name, directory) for name in answer.owners],
        [_unit(name, directory) for name in answer.co_owners],
    )
    roles = {owner.role for owner in named}
    return (*named, *(owner for owner in known if owner.role not in roles))


def _unit(name: str, directory: Directory) -> UnitRef:
    unit = directory.unit(name)
    if unit is not None and not unit.is_gone:
        return UnitRef(code=name)
    ref = find_unit(name, directory)
    if ref is None:
        known = ", ".join(unit.code for unit in directory.units)
        raise Refused("unit_not_known", name=name, known=known)
    return ref


def open_plan(
    session: Session,
    plan: PlanRow,
    *,
    directory: Directory,
    at: datetime,
    on: date,
    newly: Collection[str] | None = None,
) -> Opened:
    """Open every occurrence of an active plan whose day has come; a second call opens nothing.

    Opened late after downtime, an occurrence's ladder still counts from its own day; due before the
    plan was activated, it has none ("before tracking"). ``newly`` names tasks handed out or revised on
    ``on``: only these are opened, and nothing of them was tracked before that day.
    """
    settings = tasks.settings_of(plan)
    activated = (plan.activated_on if newly is None else None) or on
    entries = tuple(
        (task.id, _opening(task, occurrence, directory, settings, activated, on))
        for task in tasks.outlines_of_plan(session, plan)
        if task.active and task.closing is None and (newly is None or task.id in newly)
        for occurrence in to_open(task.planned, opened=task.opened, as_of=on)
    )
    if entries:
        journal.record_many(session, plan, entries, at=at)
    opens = [entry.decision for _, entry in entries if isinstance(entry.decision, Open)]
    return Opened(
        occurrences=len(opens),
        shares=sum(len(decision.shares) for decision in opens),
        before_tracking=sum(decision.before_tracking for decision in opens),
    )


def _opening(
    task: TaskFacts,
    occurrence: Occurrence,
    directory: Directory,
    settings: PlanSettings,
    activated: date,
    on: date,
) -> Recorded:
    decision = Open(
        occurrence=occurrence,
        shares=shares_owed(task.owners, directory, settings),
        before_tracking=occurrence.lapses < activated,
        began=max(activated, occurrence.opens or activated),
    )
    return Recorded(decision=decision, on=on, by=OFFICE)
