"""Moving the count of plans from day to day, or counting one from the start, in short transactions."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Engine, delete, func, or_, select, update
from sqlalchemy.orm import Session

from storage.codec import from_json
from storage.counted_rows import PlanCount, PlanCounted, PlanDay, ShareStanding, TaskStanding
from storage.counting import CHUNK, CountedTo, add_sums, count, keep_words, state_of, sums_of
from storage.engine import read, write
from storage.facts import gather
from storage.schema import Event, PlanRow, TaskRow
from storage.upsert import insert_or_renew
from tasks_catalog.counting import figures
from tasks_catalog.task import PlanSettings

A_MOVE = 10_000
"""Tasks one transaction of a move judges: some three seconds in which nobody else writes on SQLite."""


def advance(session: Session, plan: PlanRow, day: date, *, most: int = A_MOVE) -> bool:
    """Count the plan on towards the close of ``day``; say whether more is left for another transaction.

    Judges at most ``most`` tasks. A plan not counted yet is counted from its first row; one counted to
    that day or a later one is left as it is.
    """
    session.execute(
        select(PlanRow.id).where(PlanRow.id == plan.id).with_for_update(key_share=True, read=True)
    )
    state = state_of(session, plan.id, lock="alone")
    if state is None:
        _forget(session, plan)
        session.add(
            PlanCounted(plan_id=plan.id, organisation_id=plan.organisation_id, counted_to=day, through=0)
        )
        session.flush()
        state = CountedTo(day=day, moving_to=None, through=0)
    if state.through is not None:
        return _count_next_rows(session, plan, state, most) or state.day < day
    if state.day >= day:
        return False
    return _turn(session, plan, state.moving_to or day, most) or (state.moving_to or day) < day


def _count_next_rows(session: Session, plan: PlanRow, state: CountedTo, most: int) -> bool:
    query = select(TaskRow.id).where(TaskRow.plan_id == plan.id, TaskRow.row > state.through)
    ids = session.scalars(query.order_by(TaskRow.row).limit(most)).all()
    last = state.through or 0
    for start in range(0, len(ids), CHUNK):
        facts = gather(session, plan, task_ids=ids[start : start + CHUNK]).facts
        count(session, plan, facts, state.day)
        keep_words(session, plan, facts)
        last = max(last, *(task.row for task in facts.values()))
    more = len(ids) == most
    _set(session, plan, through=last if more else None)
    if not more:
        _arrived(session, plan, state.day)
    return more


def _turn(session: Session, plan: PlanRow, day: date, most: int) -> bool:
    turning = select(TaskStanding.task_id).where(
        TaskStanding.plan_id == plan.id, TaskStanding.turns_on <= day
    )
    ids = session.scalars(turning.order_by(TaskStanding.turns_on, TaskStanding.task_id).limit(most)).all()
    for start in range(0, len(ids), CHUNK):
        count(session, plan, gather(session, plan, task_ids=ids[start : start + CHUNK]).facts, day)
    if len(ids) == most:
        _set(session, plan, moving_to=day)
        return True
    _set(session, plan, moving_to=None, counted_to=day)
    _arrived(session, plan, day)
    return False


def _set(session: Session, plan: PlanRow, **values: object) -> None:
    session.execute(update(PlanCounted).where(PlanCounted.plan_id == plan.id).values(**values))


def _arrived(session: Session, plan: PlanRow, day: date) -> None:
    """Fold the sums and keep the day's own counts."""
    _fold(session, plan)
    found = figures(plan.number, day, from_json(PlanSettings, plan.settings), sums_of(session, plan.id), [])
    last = session.scalar(select(Event.on).where(Event.plan_id == plan.id).order_by(Event.id.desc()).limit(1))
    row = {
        "organisation_id": plan.organisation_id,
        "plan_id": plan.id,
        "day": day,
        "done": found.done,
        "total": found.total,
        "counts": {str(kind): number for kind, number in found.counts.items()},
        "late": last is not None and last > day,
    }
    renewed = ("done", "total", "counts", "late")
    session.execute(insert_or_renew(session, PlanDay, ("plan_id", "day"), renewed), [row])


def _fold(session: Session, plan: PlanRow) -> None:
    """Put one line a sum in the place of all; whoever holds the plan's row alone may."""
    sums = sums_of(session, plan.id)
    session.execute(delete(PlanCount).where(PlanCount.plan_id == plan.id))
    add_sums(session, plan, sums)


def forget(session: Session, plan: PlanRow) -> None:
    """Drop what is counted of the plan, but for its past days: the next ``advance`` counts it anew."""
    if state_of(session, plan.id, lock="alone") is not None:
        session.execute(delete(PlanCounted).where(PlanCounted.plan_id == plan.id))
    _forget(session, plan)


def _forget(session: Session, plan: PlanRow) -> None:
    for table in (TaskStanding, ShareStanding, PlanCount):
        session.execute(delete(table).where(table.plan_id == plan.id))


def behind(session: Session, organisation_id: int, day: date) -> tuple[tuple[PlanRow, CountedTo | None], ...]:
    """Return the plans not counted to the close of ``day``, each with how far it is."""
    table = PlanCounted
    query = (
        select(PlanRow, table.counted_to, table.moving_to, table.through)
        .outerjoin(table, table.plan_id == PlanRow.id)
        .where(PlanRow.organisation_id == organisation_id)
        .where(or_(table.plan_id.is_(None), table.counted_to < day, table.through.is_not(None)))
        .order_by(PlanRow.id)
    )
    return tuple(
        (plan, CountedTo(day=to, moving_to=moving, through=through) if to else None)
        for plan, to, moving, through in session.execute(query)
    )


def count_on(engine: Engine, organisation_id: int, day: date, *, at_most: int | None = None) -> None:
    """Count every plan of the office on to the close of ``day``, each in transactions of its own.

    With ``at_most`` only plans of which no more tasks than that would be judged: what a page may wait for.
    """
    with read(engine) as session:
        plans = [
            plan.id
            for plan, state in behind(session, organisation_id, day)
            if at_most is None or _to_judge(session, plan, state, day, at_most) <= at_most
        ]
    for plan_id in plans:
        more = True
        while more:
            with write(engine) as session:
                more = advance(session, session.get_one(PlanRow, plan_id), day)


def _to_judge(session: Session, plan: PlanRow, state: CountedTo | None, day: date, at_most: int) -> int:
    """Return how many tasks moving the plan to ``day`` would judge, counted no further than needed."""
    if state is None or state.through is not None:
        mine = select(TaskRow.id).where(TaskRow.plan_id == plan.id)
    else:
        mine = select(TaskStanding.task_id).where(
            TaskStanding.plan_id == plan.id, TaskStanding.turns_on <= day
        )
    return session.scalar(select(func.count()).select_from(mine.limit(at_most + 1).subquery())) or 0
