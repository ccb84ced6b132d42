"""Frozen tallies: what a period's summary is written from, the same bytes for ever."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from storage.schema import PlanRow, SnapshotRow
from storage.upsert import insert_new

_ONCE = ("plan_id", "period", "as_of")


def canonical(content: Mapping[str, Any]) -> bytes:
    """Return the content as JSON in UTF-8 with its keys sorted and no white space."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def freeze(
    session: Session,
    plan: PlanRow,
    period_key: str,
    as_of: date,
    content: Mapping[str, Any],
    *,
    at: datetime,
) -> SnapshotRow:
    """Freeze a period's content as of a day; what was frozen for it before stands and is returned."""
    data = canonical(content)
    query = insert_new(session, SnapshotRow, _ONCE).values(
        organisation_id=plan.organisation_id,
        plan_id=plan.id,
        period=period_key,
        as_of=as_of,
        content=json.loads(data),
        sha256=hashlib.sha256(data).hexdigest(),
        taken_at=at,
    )
    session.execute(query)
    return session.scalars(_of(plan, period_key).where(SnapshotRow.as_of == as_of)).one()


def latest(session: Session, plan: PlanRow, period_key: str) -> SnapshotRow | None:
    """Return the snapshot of the period with the latest day, if any was taken."""
    return session.scalars(_of(plan, period_key).order_by(SnapshotRow.as_of.desc()).limit(1)).one_or_none()


def periods_frozen(session: Session, plan: PlanRow) -> tuple[str, ...]:
    """Return the keys of the periods a snapshot was taken of, each once."""
    query = select(SnapshotRow.period).where(SnapshotRow.plan_id == plan.id).distinct()
    return tuple(session.scalars(query.order_by(SnapshotRow.period)))


def _of(plan: PlanRow, period_key: str) -> Select[tuple[SnapshotRow]]:
    return select(SnapshotRow).where(SnapshotRow.plan_id == plan.id, SnapshotRow.period == period_key)
