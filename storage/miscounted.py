"""Checking the counted standings against the facts they come from: what an audit and a doctor ask."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from storage.codec import from_json
from storage.counted_rows import ShareStanding, TaskStanding
from storage.counting import CHUNK, NEVER, state_of, sums_of
from storage.facts import gather
from storage.schema import PlanRow, TaskRow
from tasks_catalog.counting import UNIT, Counting, counted, counts_of
from tasks_catalog.facts import TaskFacts
from tasks_catalog.occurrence import ShareKey
from tasks_catalog.task import PlanSettings


@dataclass(frozen=True, kw_only=True)
class Miscounted:
    """What does not add up: tasks, by row, that count otherwise than their facts, and sums."""

    tasks: tuple[int, ...] = ()
    sums: tuple[Counting, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.tasks or self.sums)


def miscounted(session: Session, plan: PlanRow, *, every: int = 1, offset: int = 0) -> Miscounted:
    """Compare every count of the plan, or every ``every``-th task's from ``offset``, with the facts.

    The sums are always compared whole, with the tasks' rows. A plan that is not counted, or at this
    moment moves, has nothing wrong. Nothing is written.
    """
    state = state_of(session, plan.id)
    if state is None or state.through is not None or state.moving_to is not None:
        return Miscounted()
    settings = from_json(PlanSettings, plan.settings)
    wrong: list[int] = []
    for ids in _chunks(session, plan, every, offset):
        known = _known(session, ids)
        for task, facts in gather(session, plan, task_ids=ids).facts.items():
            now = counted(facts, as_of=state.day, settings=settings)
            row = known.get(task)
            told = (
                now.section,
                str(now.standing.kind),
                now.standing.why,
                dict(now.standing.params),
                now.standing.since,
                now.turns_on,
                now.due or NEVER,
                now.has_targets,
                {(k.occurrence, k.unit): (str(kind), _due(facts, k)) for k, kind in now.shares.items()},
            )
            if row != told:
                wrong.append(facts.row)
    return Miscounted(tasks=tuple(wrong), sums=tuple(_sums_amiss(session, plan)))


A_SAMPLE = 2_000
"""Tasks one audit compares, another part of the office's each hour."""


def miscounted_plans(session: Session, organisation_id: int, *, turn: int) -> tuple[str, ...]:
    """Return the numbers of plans whose sums do not add up, or tasks among this turn's sample."""
    every = select(func.count()).select_from(TaskRow).where(TaskRow.organisation_id == organisation_id)
    step = max(1, (session.scalar(every) or 0) // A_SAMPLE)
    plans = session.scalars(select(PlanRow).where(PlanRow.organisation_id == organisation_id))
    return tuple(plan.number for plan in plans.all() if miscounted(session, plan, every=step, offset=turn))


def _due(facts: TaskFacts, key: ShareKey) -> date:
    return facts.shares[key].due


def _chunks(session: Session, plan: PlanRow, every: int, offset: int) -> Iterator[list[int]]:
    query = select(TaskRow.id).where(TaskRow.plan_id == plan.id, TaskRow.row % every == offset % every)
    ids = list(session.scalars(query.order_by(TaskRow.row)))
    return (ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK))


def _known(session: Session, ids: Iterable[int]) -> Mapping[int, tuple[object, ...]]:
    shares: dict[int, dict[tuple[str, str], tuple[str, date]]] = {}
    some = tuple(ids)
    table = ShareStanding
    query = select(table.task_id, table.occurrence, table.unit, table.kind, table.due)
    for task, occurrence, unit, kind, due in session.execute(query.where(table.task_id.in_(some))):
        shares.setdefault(task, {})[occurrence, unit] = (kind, due)
    standing = TaskStanding
    rows = select(
        standing.task_id,
        standing.section,
        standing.kind,
        standing.why,
        standing.params,
        standing.since,
        standing.turns_on,
        standing.due,
        standing.has_targets,
    ).where(standing.task_id.in_(some))
    return {row[0]: (*row[1:], shares.get(row[0], {})) for row in session.execute(rows)}


def _sums_amiss(session: Session, plan: PlanRow) -> Iterator[Counting]:
    """Yield the sums that are not those of the tasks' and shares' own rows."""
    added: Counter[Counting] = Counter()
    task, share = TaskStanding, ShareStanding
    tasks = select(task.section, task.kind, task.has_targets, func.count()).where(task.plan_id == plan.id)
    for section, kind, has_targets, number in session.execute(
        tasks.group_by(task.section, task.kind, task.has_targets)
    ):
        for key in counts_of(section, kind, (), has_targets=has_targets):
            added[key] += number
    shares = select(share.unit, share.kind, func.count()).where(share.plan_id == plan.id)
    for unit, kind, number in session.execute(shares.group_by(share.unit, share.kind)):
        added[UNIT, unit, kind] += number
    kept = sums_of(session, plan.id)
    yield from sorted(key for key in added.keys() | kept.keys() if added[key] != kept.get(key, 0))
