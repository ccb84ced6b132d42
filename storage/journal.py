"""The one door: a decision's event and the facts it makes are written together, or not at all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from storage import counting, webhook_events
from storage.codec import (
    ARISEN,
    DAYS,
    EXTENSIONS,
    MEASURES,
    OCCURRENCES,
    TARGETS,
    decision_to_json,
    from_json,
    to_json,
)
from storage.facts import Gathered, gather
from storage.plan_import import owner_values
from storage.schema import Event, OccurrenceRow, PlanRow, Question, ShareRow, TaskOwner, TaskRow
from tasks_catalog.deadline import Deadline
from tasks_catalog.decisions import (
    Decision,
    Open,
    Reassign,
    Recorded,
    Revise,
    SayArisen,
    SetAside,
    Settle,
    Trigger,
    apply,
)
from tasks_catalog.facts import Closing, Document, ReportFact, Request, Share, TaskFacts, Waiting
from tasks_catalog.occurrence import Occurrence, ShareKey
from tasks_catalog.problem import Refused, Weight
from tasks_catalog.unit_names import plain_key

CHUNK = 1000
"""Tasks handled at once by ``record_many``; keeps statements under SQLite's limit of parameters."""


@dataclass(frozen=True, kw_only=True)
class HistoryLine:
    """A line of a task's history; ``payload`` is the decision as kept, or the task as imported."""

    at: datetime
    on: date
    by: str
    kind: str
    document: Document | None
    note: str
    payload: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Written:
    """How much ``record_many`` wrote."""

    entries: int = 0
    shares: int = 0
    """Shares opened."""


@dataclass(frozen=True, kw_only=True)
class _Step:
    """One decision applied to one task."""

    task: int
    entry: Recorded


def record(
    session: Session,
    task: TaskRow,
    decision: Decision,
    *,
    by: str,
    at: datetime,
    on: date,
    document: Document | None = None,
    note: str = "",
) -> TaskFacts:
    """Record a decision about a task and return the facts after it.

    ``at`` is aware, ``on`` the local day. Raises DecisionRefused when the decision does not fit the
    facts; nothing is written then. The task's row is locked until the transaction ends.
    """
    plan = session.get_one(PlanRow, task.plan_id)
    entry = Recorded(decision=decision, on=on, by=by, document=document, note=note)
    counted_to = counting.hold(session, plan.id)
    before = _locked(session, plan, [task.id])
    after = apply(before.facts[task.id], entry)
    _write(session, plan, before, {task.id: after}, [_Step(task=task.id, entry=entry)], at, counted_to)
    session.refresh(task)
    return after


def record_many(
    session: Session, plan: PlanRow, entries: Iterable[tuple[str, Recorded]], *, at: datetime
) -> Written:
    """Record many decisions on tasks of one plan, given by task id, in a few statements.

    An ``Open`` of what a twin run opened meanwhile is left out, so that opening may run twice at
    once; any other decision that does not fit raises DecisionRefused, and nothing is written.
    """
    by_task: dict[int, list[Recorded]] = defaultdict(list)
    for name, entry in entries:
        by_task[_row_of(plan, name)].append(entry)
    rows = sorted(by_task)
    written = [
        _record_rows(session, plan, {row: by_task[row] for row in rows[start : start + CHUNK]}, at)
        for start in range(0, len(rows), CHUNK)
    ]
    return Written(entries=sum(w.entries for w in written), shares=sum(w.shares for w in written))


def _row_of(plan: PlanRow, name: str) -> int:
    number, _, row = name.rpartition("/")
    if number != plan.number:
        raise Refused("task_of_other_plan", task=name, number=plan.number)
    return int(row)


def _record_rows(
    session: Session, plan: PlanRow, by_row: Mapping[int, list[Recorded]], at: datetime
) -> Written:
    query = select(TaskRow.row, TaskRow.id).where(TaskRow.plan_id == plan.id, TaskRow.row.in_(by_row))
    ids = dict(session.execute(query).tuples().all())
    counted_to = counting.hold(session, plan.id)
    before = _locked(session, plan, ids.values())
    after: dict[int, TaskFacts] = {}
    steps: list[_Step] = []
    for row, entries in by_row.items():
        facts = before.facts[ids[row]]
        for entry in entries:
            if isinstance(entry.decision, Open) and entry.decision.occurrence.key in facts.opened:
                continue
            facts = apply(facts, entry)
            steps.append(_Step(task=ids[row], entry=entry))
        after[ids[row]] = facts
    shares = _write(session, plan, before, after, steps, at, counted_to)
    return Written(entries=len(steps), shares=shares)


def _locked(session: Session, plan: PlanRow, ids: Iterable[int]) -> Gathered:
    """Lock the tasks' rows (SQLite's writer is alone anyway), then gather what stands now."""
    chosen = sorted(ids)
    session.flush()
    session.execute(select(TaskRow.id).where(TaskRow.id.in_(chosen)).order_by(TaskRow.id).with_for_update())
    return gather(session, plan, task_ids=chosen)


def _write(
    session: Session,
    plan: PlanRow,
    before: Gathered,
    after: Mapping[int, TaskFacts],
    steps: list[_Step],
    at: datetime,
    counted_to: counting.CountedTo | None,
) -> int:
    """Write the events, what they changed and how that counts; return how many shares are new."""
    events = _insert_events(session, plan, steps, at)
    for step, event in zip(steps, events, strict=True):
        if isinstance(step.entry.decision, Settle | Revise):
            _answer(session, step.task, step.entry.decision, event)
    changed = {task: facts for task, facts in after.items() if facts != before.facts[task]}
    for task, facts in changed.items():
        _update_task(session, plan, task, before.facts[task], facts)
    occurrences = _insert_occurrences(session, plan, before, changed)
    opened = _write_shares(session, plan, before, changed, occurrences)
    counting.follow(session, plan, counted_to, before.facts, changed)
    told = [(step.task, step.entry) for step in steps]
    webhook_events.tell(session, plan, told, after, before.share_ids, at)
    return opened


def _insert_events(session: Session, plan: PlanRow, steps: list[_Step], at: datetime) -> list[int]:
    if not steps:
        return []
    query = insert(Event).returning(Event.id, sort_by_parameter_order=True)
    return list(session.scalars(query, [_event_values(plan, step, at) for step in steps]))


def _event_values(plan: PlanRow, step: _Step, at: datetime) -> dict[str, Any]:
    entry = step.entry
    occurrence, unit = _about(entry.decision)
    return {
        "organisation_id": plan.organisation_id,
        "plan_id": plan.id,
        "task_id": step.task,
        "occurrence": occurrence,
        "unit": unit,
        "kind": entry.decision.kind,
        "payload": decision_to_json(entry.decision),
        "document": to_json(Document, entry.document),
        "note": entry.note,
        "by": entry.by,
        "at": at,
        "on": entry.on,
    }


def _about(decision: Decision) -> tuple[str | None, str | None]:
    """Return the occurrence and unit a decision is about, as far as it is about one."""
    if isinstance(decision, Open | Trigger):
        return decision.occurrence.key, None
    if isinstance(decision, Reassign):
        return None, decision.from_unit
    if isinstance(decision, SayArisen | SetAside):
        return None, decision.unit
    share: ShareKey | None = getattr(decision, "share", None)
    return (share.occurrence, share.unit) if share is not None else (None, None)


def _answer(session: Session, task: int, decision: Settle | Revise, event: int) -> None:
    """Mark the task's open questions as answered, but for those the answer leaves open."""
    query = update(Question).where(
        Question.task_id == task,
        Question.answered_by_event.is_(None),
        Question.weight == str(Weight.QUESTION),
    )
    names = decision.names if isinstance(decision, Settle) else ()
    if names:
        query = query.where(Question.id.in_(_asked_about(session, task, names)))
    else:
        query = query.where(Question.code.not_in(decision.still_open))
    session.execute(query.values(answered_by_event=event))


def _asked_about(session: Session, task: int, names: Iterable[str]) -> list[int]:
    """Return the ids of the task's questions about these wordings of units."""
    keys = {plain_key(name) for name in names}
    asked = session.execute(select(Question.id, Question.params).where(Question.task_id == task))
    return [key for key, params in asked.tuples() if plain_key(params.get("name", "")) in keys]


def _update_task(session: Session, plan: PlanRow, task: int, old: TaskFacts, new: TaskFacts) -> None:
    values = dict(_task_changes(old, new))
    if values:
        session.execute(update(TaskRow).where(TaskRow.id == task).values(**values))
    if new.owners != old.owners:
        session.execute(delete(TaskOwner).where(TaskOwner.task_id == task))
        rows = owner_values(plan.organisation_id, task, new.owners)
        if rows:
            session.execute(insert(TaskOwner), rows)


def _task_changes(old: TaskFacts, new: TaskFacts) -> Iterator[tuple[str, Any]]:
    for column, name in (
        ("current_text", "text"),
        ("current_product", "product"),
        ("current_section", "section"),
        ("current_group", "group"),
        ("active", "active"),
    ):
        if getattr(new, name) != getattr(old, name):
            yield column, getattr(new, name)
    if new.deadline != old.deadline:
        yield "deadline", to_json(Deadline, new.deadline)
    if new.planned != old.planned:
        yield "planned", to_json(OCCURRENCES, new.planned)
    if new.closing != old.closing:
        yield "closing", to_json(Closing, new.closing)
    if new.targets != old.targets:
        yield "current_targets", to_json(TARGETS, new.targets)
    if new.arisen != old.arisen:
        yield "arisen", to_json(ARISEN, new.arisen or None)


def _insert_occurrences(
    session: Session, plan: PlanRow, before: Gathered, changed: Mapping[int, TaskFacts]
) -> Mapping[tuple[int, str], int]:
    """Insert what was opened; return the ids of all occurrences by task and key."""
    opened = [
        (task, occurrence)
        for task, facts in changed.items()
        for key, occurrence in facts.opened.items()
        if (task, key) not in before.occurrence_ids
    ]
    if not opened:
        return before.occurrence_ids
    query = insert(OccurrenceRow).returning(OccurrenceRow.id, sort_by_parameter_order=True)
    ids = session.scalars(query, [_occurrence_values(plan, task, occ) for task, occ in opened])
    new = {(task, occ.key): key for (task, occ), key in zip(opened, ids, strict=True)}
    return before.occurrence_ids | new


def _occurrence_values(plan: PlanRow, task: int, occurrence: Occurrence) -> dict[str, Any]:
    return {
        "organisation_id": plan.organisation_id,
        "plan_id": plan.id,
        "task_id": task,
        "key": occurrence.key,
        "due": occurrence.due,
        "lapses": occurrence.lapses,
        "origin": str(occurrence.origin),
        "recurring": occurrence.recurring,
        "period": occurrence.period,
        "opens": occurrence.opens,
    }


def _write_shares(
    session: Session,
    plan: PlanRow,
    before: Gathered,
    changed: Mapping[int, TaskFacts],
    occurrences: Mapping[tuple[int, str], int],
) -> int:
    new: list[dict[str, Any]] = []
    altered: list[dict[str, Any]] = []
    for task, facts in changed.items():
        known = before.facts[task].shares
        for key, share in facts.shares.items():
            if key not in known:
                place = {
                    "plan_id": plan.id,
                    "task_id": task,
                    "occurrence_id": occurrences[task, key.occurrence],
                }
                new.append({"organisation_id": plan.organisation_id, **place, **_share_values(share)})
            elif share != known[key]:
                altered.append({"id": before.share_ids[key], **_share_values(share)})
    if new:
        session.execute(insert(ShareRow), new)
    if altered:
        session.execute(update(ShareRow), altered)
    return len(new)


def _share_values(share: Share) -> dict[str, Any]:
    return {
        "unit": share.key.unit,
        "is_live": share.is_live,
        "role": str(share.role),
        "due": share.due,
        "lapses": share.lapses,
        "first_due": share.first_due,
        "recurring": share.recurring,
        "period": share.period,
        "epoch": share.epoch,
        "epoch_began": share.epoch_began,
        "epoch_cause": str(share.epoch_cause),
        "before_tracking": share.before_tracking,
        "officer": share.officer,
        "report": to_json(ReportFact, share.report),
        "accepted_on": share.accepted_on,
        "product_date_counts": share.product_date_counts,
        "waiting": to_json(Waiting, share.waiting),
        "holds": to_json(DAYS, share.holds or None),
        "expected": share.expected,
        "request": to_json(Request, share.request),
        "extensions": to_json(EXTENSIONS, share.extensions or None),
        "snoozed_until": share.snoozed_until,
        "withdrawn_on": share.withdrawn_on,
        "measures": to_json(MEASURES, share.measures or None),
    }


def history(session: Session, task: TaskRow) -> tuple[HistoryLine, ...]:
    """Return everything recorded about a task, oldest first, beginning with its import."""
    events = session.scalars(select(Event).where(Event.task_id == task.id).order_by(Event.id))
    return tuple(
        HistoryLine(
            at=event.at,
            on=event.on,
            by=event.by,
            kind=event.kind,
            document=from_json(Document, event.document) if event.document else None,
            note=event.note,
            payload=event.payload,
        )
        for event in events
    )
