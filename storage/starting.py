"""Starting a plan: answering its rows' questions, then opening what it owes, then a welcome."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from storage import journal, tasks
from storage.people import load_directory
from storage.schema import PlanRow
from tasks_catalog.calendar import WorkCalendar
from tasks_catalog.decisions import Open, Recorded, Revise, Settle
from tasks_catalog.facts import Document, TaskFacts
from tasks_catalog.intake import shares_owed
from tasks_catalog.occurrence import Occurrence, planned_occurrences, to_open
from tasks_catalog.people import Directory
from tasks_catalog.problem import Problem
from tasks_catalog.revising import decided
from tasks_catalog.settling import Answer, AnswerRefused, answered
from tasks_catalog.task import PlanSettings

__all__ = ["OFFICE", "Answer", "AnswerRefused", "Opened", "open_plan", "opening_of", "settle", "to_be_opened"]

OFFICE = "office"
"""Who the journal names for what the office does by itself."""


@dataclass(frozen=True, kw_only=True)
class Opened:
    """What was opened, and how much of it fell due before the plan was tracked."""

    occurrences: int = 0
    shares: int = 0
    before_tracking: int = 0

    @staticmethod
    def of(opens: Iterable[Open]) -> Opened:
        found = tuple(opens)
        return Opened(
            occurrences=len(found),
            shares=sum(len(decision.shares) for decision in found),
            before_tracking=sum(decision.before_tracking for decision in found),
        )


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
    given = answered(answer, asked, facts, settings, directory)
    if len(given.left) == len(asked):
        raise AnswerRefused("answer_beside_question", row=row, asked=", ".join(p.code for p in asked))
    deadline, owners, left = given.deadline, given.owners, given.left
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
    activated = (plan.activated_on if newly is None else None) or on
    opens = to_be_opened(session, plan, directory=directory, activated=activated, on=on, newly=newly)
    entries = [(task, Recorded(decision=decision, on=on, by=OFFICE)) for task, decision in opens]
    if entries:
        journal.record_many(session, plan, entries, at=at)
    return Opened.of(decision for _, decision in opens)


def to_be_opened(
    session: Session,
    plan: PlanRow,
    *,
    directory: Directory,
    activated: date,
    on: date,
    newly: Collection[str] | None = None,
) -> tuple[tuple[str, Open], ...]:
    """Return, by task, what would be opened on a day of a plan tracked since ``activated``; nothing is."""
    settings = tasks.settings_of(plan)
    return tuple(
        (task.id, opening_of(task, occurrence, directory, settings, activated))
        for task in tasks.outlines_of_plan(session, plan)
        if task.active and task.closing is None and (newly is None or task.id in newly)
        for occurrence in to_open(task.planned, opened=task.opened, as_of=on)
    )


def opening_of(
    task: TaskFacts,
    occurrence: Occurrence,
    directory: Directory,
    settings: PlanSettings,
    activated: date,
) -> Open:
    """Return how the office opens an occurrence of a plan tracked since ``activated``."""
    return Open(
        occurrence=occurrence,
        shares=shares_owed(task.owners, directory, settings),
        before_tracking=occurrence.lapses < activated,
        began=max(activated, occurrence.opens or activated),
    )
