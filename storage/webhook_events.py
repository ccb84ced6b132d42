"""What webhooks are told, kept before it is sent: with the decision's own line, or in the morning.

A report and a granted extension are kept in the transaction that records them, so that what is on record
is told and what was rolled back is not. What lapsed is looked for each morning, as a set. Either may run
twice or in two places: ``uq_webhook_delivery_once`` keeps each message once.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, exists, or_, select
from sqlalchemy.orm import Session

from storage.facts import share_of
from storage.schema import (
    OccurrenceRow,
    Organisation,
    PlanRow,
    ShareRow,
    TaskRow,
    WebhookDelivery,
    WebhookRow,
)
from storage.upsert import insert_new
from tasks_catalog.decisions import DecideExtension, Recorded, Report
from tasks_catalog.facts import Share, TaskFacts
from tasks_catalog.occurrence import Role, ShareKey
from tasks_catalog.standing import StandingKind, share_standing
from tasks_catalog.task import task_id
from tasks_catalog.webhooks import HookEvent, event_id, message, share_data

MOST_AT_ONCE = 1000
"""Messages of one transaction, and of one statement."""
_ONCE = ("webhook_id", "kind", "share_id", "epoch")


def told_by(entry: Recorded) -> tuple[HookEvent, ShareKey] | None:
    """Return what a decision tells, of which share; None for nothing."""
    match entry.decision:
        case Report(share=key):
            return HookEvent.DONE, key
        case DecideExtension(share=key, granted=True):
            return HookEvent.EXTENDED, key
    return None


def tell(
    session: Session,
    plan: PlanRow,
    steps: Iterable[tuple[int, Recorded]],
    after: Mapping[int, TaskFacts],
    share_ids: Mapping[ShareKey, int],
    at: datetime,
) -> None:
    """Keep the messages of decisions just written, given by their task's id; ``after`` are the facts now.

    Costs one look where a decision tells something, and none else. ``share_ids`` may lack shares opened in
    this very batch.
    """
    told = [(task, found, entry.on) for task, entry in steps if (found := told_by(entry)) is not None]
    hooks = _hooks(session, plan.organisation_id) if told else ()
    if not hooks:
        return
    ids = _with_new(session, plan, after, share_ids, [key for _, (_, key), _ in told])
    rows: list[dict[str, Any]] = []
    for task, (kind, key), on in told:
        facts = after[task]
        share = facts.shares[key]
        if kind is HookEvent.DONE and not share.is_done:
            continue  # returned in the same batch
        standing = share_standing(share, facts, on)
        rows += _rows(plan, hooks, kind, ids[key], share, _data(plan, share, standing, kind), at)
    _keep(session, rows)


def _data(plan: PlanRow, share: Share, standing: StandingKind, kind: HookEvent) -> dict[str, Any]:
    data = share_data(share, plan.number, plan.issued, standing)
    if kind is HookEvent.EXTENDED and share.extensions:
        data["due_before"] = share.extensions[-1].before.isoformat()
    return data


def _hooks(session: Session, organisation_id: int) -> tuple[WebhookRow, ...]:
    return tuple(session.scalars(_active(), {"organisation": organisation_id}))


@cache
def _active() -> Select[tuple[WebhookRow]]:
    """Kept: asked at every report, it takes longer to put together than to run."""
    mine = WebhookRow.organisation_id == bindparam("organisation")
    told = select(WebhookRow).where(mine, WebhookRow.active, WebhookRow.removed_at.is_(None))
    return told.order_by(WebhookRow.id)


def _with_new(
    session: Session,
    plan: PlanRow,
    after: Mapping[int, TaskFacts],
    share_ids: Mapping[ShareKey, int],
    keys: Sequence[ShareKey],
) -> Mapping[ShareKey, int]:
    """Return the ids of shares, those opened in this batch looked up."""
    missing = {key.task for key in keys if key not in share_ids}
    if not missing:
        return share_ids
    names = {task: facts.id for task, facts in after.items() if facts.id in missing}
    query = (
        select(ShareRow.id, ShareRow.task_id, OccurrenceRow.key, ShareRow.unit)
        .join(OccurrenceRow, OccurrenceRow.id == ShareRow.occurrence_id)
        .where(ShareRow.plan_id == plan.id, ShareRow.task_id.in_(names))
    )
    new = {
        ShareKey(names[task], occurrence, unit): key
        for key, task, occurrence, unit in session.execute(query).tuples()
    }
    return {**share_ids, **new}


def _rows(
    plan: PlanRow,
    hooks: Iterable[WebhookRow],
    kind: HookEvent,
    share_id: int,
    share: Share,
    data: Mapping[str, Any],
    at: datetime,
) -> list[dict[str, Any]]:
    told = message(kind, at, data)
    name = event_id(kind, share.key, share.epoch, plan.issued)
    return [
        _fresh(hook, kind, name, told, at, share_id=share_id, epoch=share.epoch)
        for hook in hooks
        if kind in hook.events
    ]


def _fresh(
    hook: WebhookRow,
    kind: str,
    name: str,
    told: Mapping[str, Any],
    at: datetime,
    *,
    share_id: int | None = None,
    epoch: int | None = None,
) -> dict[str, Any]:
    return {
        "organisation_id": hook.organisation_id,
        "webhook_id": hook.id,
        "event_id": name,
        "kind": str(kind),
        "share_id": share_id,
        "epoch": epoch,
        "payload": dict(told),
        "state": "waiting",
        "attempts": 0,
        "answer": "",
        "created_at": at,
    }


def _keep(session: Session, rows: list[dict[str, Any]]) -> None:
    for start in range(0, len(rows), MOST_AT_ONCE):
        session.execute(insert_new(session, WebhookDelivery, _ONCE), rows[start : start + MOST_AT_ONCE])


def tell_overdue(session: Session, organisation_id: int, today: date, at: datetime) -> int:
    """Keep a message for each owner's share that is overdue in this epoch and was not told yet.

    ``at`` is local to the office.
    Returns how many it looked at; call again, in a transaction of its own, until that is 0. Told is what
    lapsed since the webhook was made or switched on: nobody is flooded with what was late before.
    """
    hooks = [h for h in _hooks(session, organisation_id) if HookEvent.OVERDUE in h.events]
    found = 0
    for hook in hooks:
        rows = session.execute(_overdue(hook, hook.told_from.astimezone(at.tzinfo).date(), today)).all()
        found += len(rows)
        told = []
        for row in rows:
            key = ShareKey(task_id(row.PlanRow.number, row.task_row), row.occurrence, row.ShareRow.unit)
            share = share_of(row.ShareRow, key)
            data = _data(row.PlanRow, share, StandingKind.OVERDUE, HookEvent.OVERDUE)
            told += _rows(row.PlanRow, [hook], HookEvent.OVERDUE, row.ShareRow.id, share, data, at)
        _keep(session, told)
    return found


def _overdue(hook: WebhookRow, since: date, today: date) -> Any:
    """Overdue as ``tasks_catalog.standing.is_overdue`` has it at yesterday's close."""
    already = exists().where(
        WebhookDelivery.webhook_id == hook.id,
        WebhookDelivery.kind == str(HookEvent.OVERDUE),
        WebhookDelivery.share_id == ShareRow.id,
        WebhookDelivery.epoch == ShareRow.epoch,
    )
    closing = TaskRow.closing.is_(None)
    return (
        select(ShareRow, PlanRow, TaskRow.row.label("task_row"), OccurrenceRow.key.label("occurrence"))
        .join(PlanRow, PlanRow.id == ShareRow.plan_id)
        .join(TaskRow, TaskRow.id == ShareRow.task_id)
        .join(OccurrenceRow, OccurrenceRow.id == ShareRow.occurrence_id)
        .where(
            ShareRow.organisation_id == hook.organisation_id,
            PlanRow.state == "active",
            ShareRow.is_live,
            ShareRow.role == str(Role.OWNER),
            ShareRow.waiting.is_(None),
            closing,
            ShareRow.lapses < today,
            or_(ShareRow.lapses >= since - timedelta(days=1), ShareRow.epoch_began >= since),
            ~already,
        )
        .order_by(ShareRow.id)
        .limit(MOST_AT_ONCE)
    )


def tell_test(session: Session, hook: WebhookRow, at: datetime) -> int:
    """Keep a test message for a webhook and return its number."""
    office = session.get_one(Organisation, hook.organisation_id)
    told = message(HookEvent.TEST, at, {"organisation": office.code, "webhook": hook.code})
    row = WebhookDelivery(**_fresh(hook, HookEvent.TEST, f"msg_{secrets.token_hex(16)}", told, at))
    session.add(row)
    session.flush()
    return row.id
