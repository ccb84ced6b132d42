"""Checking the counted standings against the facts they come from: what an audit and a doctor ask."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.codec import from_json
from storage.counted_rows import ShareStanding, TaskStanding
from storage.counting import CHUNK, NEVER, state_of, sums_of
from storage.facts import gather
from storage.schema import PlanRow, TaskRow
from tasks_catalog.counting import Counting, counted, counts_of
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
    tasks = select(TaskStanding.section, TaskStanding.kind, TaskStanding.has_targets)
    for section, kind, has_targets in session.execute(tasks.where(TaskStanding.plan_id == plan.id)):
        added.update(counts_of(section, kind, (), has_targets=has_targets))
    shares = select(ShareStanding.unit, ShareStanding.kind).where(ShareStanding.plan_id == plan.id)
    added.update(("unit", unit, kind) for unit, kind in session.execute(shares))
    kept = sums_of(session, plan.id)
    yield from sorted(key for key in added.keys() | kept.keys() if added[key] != kept.get(key, 0))
