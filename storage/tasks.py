"""Plans and their tasks: found, started, and their facts now or as they were on a day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, false, func, select
from sqlalchemy.orm import Session

from storage.adding import NewTask, add_task
from storage.codec import from_json, to_json
from storage.facts import gather, live, speaking, unconfirmed
from storage.plan_import import PlanExists, import_plan, number_key, refuse_known
from storage.replay import facts_as_of
from storage.schema import Event, PlanLadder, PlanRow, Question, ShareRow, TaskRow
from tasks_catalog.facts import TaskFacts
from tasks_catalog.ladder import Ladder, Office
from tasks_catalog.problem import Place, Problem, Refused, Weight
from tasks_catalog.task import PlanSettings

__all__ = [
    "Asked",
    "NewTask",
    "PlanExists",
    "activate",
    "add_task",
    "facts_as_of",
    "facts_of_plan",
    "facts_of_task",
    "find_plan",
    "import_plan",
    "ladders_of",
    "list_plans",
    "list_tasks",
    "plan_or_refuse",
    "problems_of",
    "questions_of",
    "questions_of_task",
    "refuse_known",
    "save_ladder",
    "settings_at",
    "settings_of",
    "task_or_refuse",
]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A doubt kept with a plan; ``row`` is None for one about the document as a whole."""

    row: int | None
    problem: Problem
    answered: bool


FEW = 1000


def list_plans(session: Session, organisation_id: int, *, active_only: bool = False) -> tuple[PlanRow, ...]:
    """Return the plans in order of their date of issue."""
    query = select(PlanRow).where(PlanRow.organisation_id == organisation_id)
    if active_only:
        query = query.where(PlanRow.state == "active")
    return tuple(session.scalars(query.order_by(PlanRow.issued, PlanRow.id)))


def find_plan(session: Session, organisation_id: int, number: str) -> PlanRow | None:
    """Return the plan of that number; case and spaces in it do not matter."""
    exact = select(PlanRow).where(PlanRow.organisation_id == organisation_id, PlanRow.number == number)
    for plan in session.scalars(exact.order_by(PlanRow.issued, PlanRow.id).limit(1)):
        return plan
    wanted = number_key(number)
    query = select(PlanRow.id, PlanRow.number).where(PlanRow.organisation_id == organisation_id)
    plans = session.execute(query.order_by(PlanRow.issued, PlanRow.id)).tuples()
    found = next((key for key, known in plans if number_key(known) == wanted), None)
    return session.get(PlanRow, found) if found is not None else None


def plan_or_refuse(session: Session, organisation_id: int, number: str) -> PlanRow:
    """Return the plan of that number; raises Refused (plan_unknown) that lists the numbers known."""
    plan = find_plan(session, organisation_id, number)
    if plan is None:
        known = "; ".join(plan.number for plan in list_plans(session, organisation_id))
        raise Refused("plan_unknown", number=number, known=known or "–")
    return plan


def activate(session: Session, plan: PlanRow, *, on: date, by: str, at: datetime) -> None:
    """Start tracking a plan from the day ``on``; raises Refused (plan_started) when it was started before."""
    if plan.state != "imported":
        raise Refused("plan_started", number=plan.number, on=plan.activated_on)
    plan.state, plan.activated_on = "active", on
    session.add(_plan_event(plan, "activate", {"activated_on": on.isoformat()}, by=by, at=at, on=on))
    session.flush()


def end(session: Session, plan: PlanRow, *, on: date, by: str, at: datetime) -> None:
    """Stop tracking an active plan whose year is reckoned. Its record stays and can be tallied for ever."""
    if plan.state != "active":
        raise Refused("plan_not_active", number=plan.number)
    plan.state = "ended"
    session.add(_plan_event(plan, "end", {"ended_on": on.isoformat()}, by=by, at=at, on=on))
    session.flush()


def _plan_event(
    plan: PlanRow, kind: str, payload: dict[str, object], *, by: str, at: datetime, on: date
) -> Event:
    return Event(
        organisation_id=plan.organisation_id,
        plan_id=plan.id,
        kind=kind,
        payload=payload,
        note="",
        by=by,
        at=at,
        on=on,
    )


def questions_of(session: Session, plan: PlanRow) -> tuple[Asked, ...]:
    """Return the questions that keep rows from starting, unanswered, in the plan's order."""
    found = (
        asked
        for asked in problems_of(session, plan)
        if asked.row is not None and not asked.answered and asked.problem.weight is Weight.QUESTION
    )
    return tuple(sorted(found, key=lambda asked: asked.row or 0))  # a revision asks of earlier rows later


def questions_of_task(session: Session, task: TaskRow) -> tuple[Problem, ...]:
    """Return the unanswered questions that keep one row from starting."""
    query = select(Question).where(
        Question.task_id == task.id,
        Question.answered_by_event.is_(None),
        Question.weight == str(Weight.QUESTION),
    )
    return tuple(_asked(row, None).problem for row in session.scalars(query.order_by(Question.id)))


def count_questions(session: Session, plan: PlanRow) -> int:
    """Return how many questions ``questions_of`` returns, without reading them."""
    open_ = select(func.count()).where(
        Question.plan_id == plan.id,
        Question.task_id.is_not(None),
        Question.answered_by_event.is_(None),
        Question.weight == str(Weight.QUESTION),
    )
    return session.scalar(open_) or 0


def problems_of(session: Session, plan: PlanRow) -> tuple[Asked, ...]:
    """Return every doubt about a plan and its rows, notes and answered questions too."""
    query = (
        select(Question, TaskRow.row)
        .outerjoin(TaskRow, TaskRow.id == Question.task_id)
        .where(Question.plan_id == plan.id)
        .order_by(Question.id)
    )
    return tuple(_asked(question, row) for question, row in session.execute(query))


def _asked(question: Question, row: int | None) -> Asked:
    problem = Problem(
        code=question.code,
        params=question.params,
        where=from_json(Place, question.place) if question.place else None,
        weight=Weight(question.weight),
    )
    return Asked(row=row, problem=problem, answered=question.answered_by_event is not None)


def count_tasks(session: Session, plans: Iterable[PlanRow]) -> int:
    """Return how many tasks these plans have together."""
    ids = [plan.id for plan in plans]
    return session.scalar(select(func.count()).where(TaskRow.plan_id.in_(ids))) or 0


def list_tasks(session: Session, plan: PlanRow) -> tuple[TaskRow, ...]:
    """Return the rows of a plan in its order."""
    return tuple(session.scalars(_tasks_of(plan).order_by(TaskRow.row)))


def task_or_refuse(session: Session, organisation_id: int, task_id: str) -> TaskRow:
    """Return the task called ``<plan>/<row>``, such as 383/KH-SCT/12.

    Raises Refused: task_unreadable when it does not end in a row, plan_unknown, or task_unknown.
    """
    number, _, row = task_id.strip().rpartition("/")
    if not number or not (row.isascii() and row.isdigit()):
        raise Refused("task_unreadable", task=task_id)
    plan = plan_or_refuse(session, organisation_id, number)
    task = session.scalars(_tasks_of(plan).where(TaskRow.row == int(row))).one_or_none()
    if task is None:
        last = session.scalar(select(func.max(TaskRow.row)).where(TaskRow.plan_id == plan.id))
        raise Refused("task_unknown", task=task_id, number=plan.number, last=last or 0)
    return task


def _tasks_of(plan: PlanRow) -> Select[tuple[TaskRow]]:
    return select(TaskRow).where(TaskRow.plan_id == plan.id)


def facts_of_plan(session: Session, plan: PlanRow, *, live_only: bool = False) -> tuple[TaskFacts, ...]:
    """Return the current facts of every task of the plan, in a fixed number of queries.

    ``live_only`` gives every task but only the shares still owed.
    """
    return tuple(gather(session, plan, choice=live() if live_only else None).facts.values())


def facts_to_speak_of(session: Session, plan: PlanRow, office: Office, day: date) -> tuple[TaskFacts, ...]:
    """Return the tasks with shares that a ladder may speak of on ``day``, each with those shares only."""
    return _chosen(session, plan, speaking(office.horizon(day), office.memory(day)))


def facts_ahead(
    session: Session, plan: PlanRow, office: Office, first: date, last: date
) -> tuple[TaskFacts, ...]:
    """Return every task, each with only the shares a ladder may speak of from ``first`` to ``last``."""
    choice = speaking(office.horizon(last), office.memory(first))
    return tuple(gather(session, plan, choice=choice).facts.values())


def shares_to_speak_of(session: Session, plan: PlanRow, office: Office, day: date, *, at_most: int) -> int:
    """Count the shares ``facts_to_speak_of`` would read, no further than one more than ``at_most``."""
    choice = speaking(office.horizon(day), office.memory(day))
    few = select(ShareRow.id).where(ShareRow.plan_id == plan.id, choice).limit(at_most + 1)
    return session.scalar(select(func.count()).select_from(few.subquery())) or 0


def facts_to_confirm(session: Session, plan: PlanRow) -> tuple[TaskFacts, ...]:
    """Return the tasks with shares whose report nobody has accepted yet, each with those shares only."""
    return _chosen(session, plan, unconfirmed())


def _chosen(session: Session, plan: PlanRow, choice: ColumnElement[bool]) -> tuple[TaskFacts, ...]:
    """Most mornings nothing is near its date: look for that first, and gather only what there is."""
    ids = select(ShareRow.task_id).where(ShareRow.plan_id == plan.id, choice).distinct()
    found = session.scalars(ids.limit(FEW + 1)).all()
    if not found:
        return ()
    some = found if len(found) <= FEW else None  # a long list of ids costs more than the whole plan
    facts = gather(session, plan, task_ids=some, choice=choice).facts.values()
    return tuple(task for task in facts if task.shares)


def outlines_of_plan(session: Session, plan: PlanRow) -> tuple[TaskFacts, ...]:
    """Return every task with its occurrences but without shares: what opening looks at."""
    return tuple(gather(session, plan, choice=false()).facts.values())


def facts_of_task(session: Session, task: TaskRow) -> TaskFacts:
    """Return what is known now of one task."""
    plan = session.get_one(PlanRow, task.plan_id)
    return gather(session, plan, task_ids=(task.id,)).facts[task.id]


def outline_of_task(session: Session, plan: PlanRow, task: TaskRow) -> TaskFacts:
    """Return one task with its occurrences but without its shares, of which a collective one has many."""
    return gather(session, plan, task_ids=(task.id,), choice=false()).facts[task.id]


def settings_of(plan: PlanRow) -> PlanSettings:
    return from_json(PlanSettings, plan.settings)


def settings_at(session: Session, plan: PlanRow, day: date) -> PlanSettings:
    """Return the plan's settings with what decides counting as it held at the close of ``day``.

    So that changing how a plan is counted changes no figure of a past day.
    """
    query = select(Event.payload).where(Event.plan_id == plan.id, Event.kind == "settings", Event.on > day)
    payloads = session.scalars(query.order_by(Event.id))
    told = (payload for payload in payloads if "counting" in payload)
    then: dict[str, str] = next((payload["before"] for payload in told), {})
    return from_json(PlanSettings, {**plan.settings, **then})


def ladders_of(session: Session, plan: PlanRow) -> tuple[tuple[date, Ladder], ...]:
    """Return the plan's ladders with the day each holds from, oldest first; none means the default."""
    query = select(PlanLadder.since, PlanLadder.rungs).where(PlanLadder.plan_id == plan.id)
    ladders: Iterable[tuple[date, object]] = session.execute(query.order_by(PlanLadder.since)).tuples()
    return tuple((since, from_json(Ladder, rungs)) for since, rungs in ladders)


def plans_with_ladders(session: Session, plans: Iterable[int]) -> frozenset[int]:
    """Return which of these plans have ladders of their own; most have none."""
    query = select(PlanLadder.plan_id).where(PlanLadder.plan_id.in_(plans)).distinct()
    return frozenset(session.scalars(query))


def save_ladder(
    session: Session, plan: PlanRow, ladder: Ladder, *, since: date, by: str, at: datetime
) -> None:
    """Keep a ladder for the epochs that begin from ``since``; one saved for that day before is replaced."""
    rungs = to_json(Ladder, ladder)
    there = session.scalars(
        select(PlanLadder).where(PlanLadder.plan_id == plan.id, PlanLadder.since == since)
    ).one_or_none()
    if there is None:
        there = PlanLadder(organisation_id=plan.organisation_id, plan_id=plan.id, since=since)
        session.add(there)
    there.rungs = rungs
    payload = {"since": since.isoformat(), "ladder": rungs}
    session.add(_plan_event(plan, "ladder", payload, by=by, at=at, on=at.date()))
    session.flush()
