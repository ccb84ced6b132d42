"""Keeping the counted standings true after each decision; ``storage.day_turn`` moves the day on.

A plan is counted to the close of one day, by every fact recorded until now. The journal's door calls
``follow`` in its own transaction, having called ``hold`` before it locked a task: decisions share the
plan's row of ``plan_counted``, and moving the day has it alone, so that no decision is judged by one day
and counted to another. What a task counted before stands in its row, under the task's own lock.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal, cast

from sqlalchemy import Row, Table, bindparam, delete, func, insert, select, update
from sqlalchemy.orm import Session

from storage.codec import from_json
from storage.columns import Base
from storage.counted_rows import PlanCount, PlanCounted, ShareStanding, TaskStanding, TaskWords
from storage.facts import gather
from storage.schema import GroupRow, PlanRow, TaskOwner, TaskRow, UnitRow
from storage.searching import words_kept
from tasks_catalog.collation import collation_key
from tasks_catalog.counting import Counted, Counting, counted, counts_of
from tasks_catalog.facts import TaskFacts
from tasks_catalog.occurrence import Role
from tasks_catalog.standing import StandingKind
from tasks_catalog.task import PlanSettings

CHUNK = 1000
"""Tasks looked up at once, under SQLite's limit of parameters."""
RANKS = {str(kind): rank for rank, kind in enumerate(StandingKind)}
NEVER = date.max


@dataclass(frozen=True, kw_only=True)
class CountedTo:
    """How far a plan is counted; see ``PlanCounted``."""

    day: date
    moving_to: date | None
    through: int | None


def hold(session: Session, plan_id: int) -> CountedTo | None:
    """Return how far the plan is counted, and keep it so until the transaction ends; None if it is not.

    Called before any of the plan's tasks is locked, as ``advance`` takes the two in that order.
    """
    return state_of(session, plan_id, lock="shared")


def state_of(
    session: Session, plan_id: int, *, lock: Literal["shared", "alone"] | None = None
) -> CountedTo | None:
    """Return how far the plan is counted, or None; with a lock it stays so until the transaction ends."""
    table = PlanCounted
    query = select(table.counted_to, table.moving_to, table.through).where(table.plan_id == plan_id)
    if lock:
        query = query.with_for_update(read=lock == "shared")
    found = session.execute(query).one_or_none()
    return CountedTo(day=found[0], moving_to=found[1], through=found[2]) if found else None


def begin(session: Session, plan: PlanRow, first: Mapping[int, TaskFacts], *, at: datetime) -> None:
    """Count a plan that was just imported; ``first`` holds its tasks by id."""
    day = at.date() - timedelta(days=1)
    session.add(PlanCounted(plan_id=plan.id, organisation_id=plan.organisation_id, counted_to=day))
    session.flush()
    follow(session, plan, CountedTo(day=day, moving_to=None, through=None), {}, first)


def follow(
    session: Session,
    plan: PlanRow,
    state: CountedTo | None,
    before: Mapping[int, TaskFacts],
    after: Mapping[int, TaskFacts],
) -> None:
    """Count the tasks (by id) as the facts just written have them. A plan not counted yet is left so."""
    if state is None:
        return
    reached = {
        task: facts for task, facts in after.items() if state.through is None or facts.row <= state.through
    }
    count(session, plan, reached, state.moving_to or state.day)
    keep_words(
        session,
        plan,
        {task: facts for task, facts in reached.items() if _words_differ(before.get(task), facts)},
    )


def _words_differ(old: TaskFacts | None, new: TaskFacts) -> bool:
    if old is None:
        return True
    return any(getattr(old, name) != getattr(new, name) for name in ("text", "product", "owners", "deadline"))


def count(session: Session, plan: PlanRow, tasks: Mapping[int, TaskFacts], day: date) -> None:
    """Count these tasks as at the close of ``day``: their rows, and what that adds to the sums."""
    settings = from_json(PlanSettings, plan.settings)
    ids = sorted(tasks)
    sums: Counter[Counting] = Counter()
    for start in range(0, len(ids), CHUNK):
        some = {task: tasks[task] for task in ids[start : start + CHUNK]}
        _count_some(session, plan, some, day, settings, sums)
    add_sums(session, plan, sums)


def _count_some(
    session: Session,
    plan: PlanRow,
    tasks: Mapping[int, TaskFacts],
    day: date,
    settings: PlanSettings,
    sums: Counter[Counting],
) -> None:
    known = _known_tasks(session, tasks)
    known_shares = _known_shares(session, tasks)
    new: list[dict[str, Any]] = []
    altered: list[dict[str, Any]] = []
    shares = _ShareRows(plan)
    for task, facts in tasks.items():
        now = counted(facts, as_of=day, settings=settings)
        sums.update(now.counts)
        values = _standing_values(now)
        old = known.get(task)
        if old is None:
            new.append({**_place(plan, task, facts.row), "text_key": "", "unit_key": "", **values})
        else:
            units = ((share.unit, share.kind) for share in known_shares[task])
            sums.subtract(counts_of(old.section, old.kind, units, has_targets=old.has_targets))
            if any(getattr(old, name) != value for name, value in values.items()):
                altered.append({"task_id": task, **values})
        shares.compare(task, facts, now, known_shares[task])
    _run(session, TaskStanding, new, altered)
    shares.keep(session)


def _known_tasks(session: Session, tasks: Iterable[int]) -> dict[int, Row[Any]]:
    query = select(*TaskStanding.__table__.columns).where(TaskStanding.task_id.in_(tuple(tasks)))
    return {row.task_id: row for row in session.execute(query)}


def _known_shares(session: Session, tasks: Iterable[int]) -> dict[int, list[Row[Any]]]:
    found: dict[int, list[Row[Any]]] = defaultdict(list)
    query = select(*ShareStanding.__table__.columns).where(ShareStanding.task_id.in_(tuple(tasks)))
    for row in session.execute(query):
        found[row.task_id].append(row)
    return found


def _place(plan: PlanRow, task: int, row: int) -> dict[str, Any]:
    return {"task_id": task, "organisation_id": plan.organisation_id, "plan_id": plan.id, "row": row}


def _standing_values(now: Counted) -> dict[str, Any]:
    standing = now.standing
    return {
        "section": now.section,
        "kind": str(standing.kind),
        "rank": RANKS[standing.kind],
        "why": standing.why,
        "params": dict(standing.params),
        "since": standing.since,
        "turns_on": now.turns_on,
        "due": now.due or NEVER,
        "has_targets": now.has_targets,
    }


class _ShareRows:
    """What changes among the rows of shares, gathered over many tasks."""

    def __init__(self, plan: PlanRow) -> None:
        self._plan = plan
        self._new: list[dict[str, Any]] = []
        self._altered: list[dict[str, Any]] = []
        self._gone: list[int] = []

    def compare(self, task: int, facts: TaskFacts, now: Counted, known: list[Row[Any]]) -> None:
        rows = {(row.occurrence, row.unit): row for row in known}
        for key, kind in now.shares.items():
            row = rows.pop((key.occurrence, key.unit), None)
            values = {"kind": str(kind), "rank": RANKS[kind], "due": facts.shares[key].due}
            if row is None:
                place = {**_place(self._plan, task, facts.row), "occurrence": key.occurrence}
                self._new.append(place | {"unit": key.unit} | values)
            elif (row.kind, row.due) != (values["kind"], values["due"]):
                self._altered.append({"id": row.id, **values})
        self._gone += [row.id for row in rows.values()]

    def keep(self, session: Session) -> None:
        _run(session, ShareStanding, self._new, self._altered)
        if self._gone:
            session.execute(delete(ShareStanding).where(ShareStanding.id.in_(self._gone)))


def _run(
    session: Session, table: type[Base], new: list[dict[str, Any]], altered: list[dict[str, Any]]
) -> None:
    """Write rows by the plain table: by its class each row would cost half as much again."""
    plain = cast(Table, table.__table__)
    if new:
        session.execute(insert(plain), new)
    if altered:
        (key,) = plain.primary_key
        named = [
            {("key_" if name == key.name else "") + name: value for name, value in row.items()}
            for row in altered
        ]
        changed: dict[str, Any] = {name: bindparam(name) for name in altered[0] if name != key.name}
        session.execute(update(plain).where(key == bindparam(f"key_{key.name}")).values(changed), named)


def add_sums(session: Session, plan: PlanRow, sums: Mapping[Counting, int]) -> None:
    rows = [
        {
            "organisation_id": plan.organisation_id,
            "plan_id": plan.id,
            "what": what,
            "key": key,
            "kind": kind,
            "number": number,
        }
        for (what, key, kind), number in sorted(sums.items())
        if number
    ]
    if rows:
        _run(session, PlanCount, rows, [])


def sums_of(session: Session, plan_id: int) -> dict[Counting, int]:
    """Return the plan's sums as kept."""
    table = PlanCount
    query = select(table.what, table.key, table.kind, func.sum(table.number))
    grouped = query.where(table.plan_id == plan_id).group_by(table.what, table.key, table.kind)
    return {(what, key, kind): int(total) for what, key, kind, total in session.execute(grouped) if total}


def keep_words(session: Session, plan: PlanRow, tasks: Mapping[int, TaskFacts]) -> None:
    """Keep what tasks are searched and sorted by."""
    if not tasks:
        return
    names = names_of(session, plan.organisation_id)
    sorts = {name: collation_key(name) for name in names.values()}
    ids = sorted(tasks)
    for start in range(0, len(ids), CHUNK):
        some = ids[start : start + CHUNK]
        query = select(TaskWords.task_id, TaskWords.words).where(TaskWords.task_id.in_(some))
        known = dict(session.execute(query).tuples().all())
        new, altered, keys = [], [], []
        for task in some:
            facts = tasks[task]
            owners = [names.get(owner.code, owner.code) for owner in facts.owners]
            words = words_kept(plan.id, (facts.text, facts.product, facts.deadline.text, *owners))
            if task not in known:
                place = {"task_id": task, "organisation_id": plan.organisation_id, "plan_id": plan.id}
                new.append({**place, "words": words})
            elif known[task] != words:
                altered.append({"task_id": task, "words": words})
            first = next((names.get(o.code, o.code) for o in facts.owners if o.role is Role.OWNER), "")
            keys.append(
                {
                    "task_id": task,
                    "text_key": collation_key(facts.text),
                    "unit_key": sorts.get(first) or collation_key(first),
                }
            )
        _run(session, TaskWords, new, altered)
        _run(session, TaskStanding, [], keys)


def names_of(session: Session, organisation_id: int) -> dict[str, str]:
    """Return the names of units and collective wordings by code; a unit's comes before a group's."""
    found: dict[str, str] = {}
    for table in (GroupRow, UnitRow):
        query = select(table.code, table.name).where(table.organisation_id == organisation_id)
        found.update(session.execute(query).tuples().all())
    return found


def renamed(session: Session, organisation_id: int, codes: Collection[str]) -> None:
    """Keep the words of every task anew that names one of these units or wordings."""
    if not codes:
        return
    query = (
        select(TaskRow.plan_id, TaskRow.id)
        .join(TaskOwner, TaskOwner.task_id == TaskRow.id)
        .join(TaskStanding, TaskStanding.task_id == TaskRow.id)
        .where(TaskOwner.organisation_id == organisation_id, TaskOwner.code.in_(tuple(codes)))
        .distinct()
    )
    by_plan: dict[int, list[int]] = defaultdict(list)
    for plan_id, task in session.execute(query):
        by_plan[plan_id].append(task)
    for plan_id, ids in sorted(by_plan.items()):
        hold(session, plan_id)
        plan = session.get_one(PlanRow, plan_id)
        for start in range(0, len(ids), CHUNK):
            keep_words(session, plan, gather(session, plan, task_ids=ids[start : start + CHUNK]).facts)
