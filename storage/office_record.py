"""The record of an office's settings as it is read: what was changed, by whom, and what is undone since."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased

from storage.office_journal import ChangeRefused, Settable, Values
from storage.office_rows import OfficeChange, OfficeChangeValues


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """One change as the record holds it."""

    number: int
    kind: str
    key: str
    by: str
    at: datetime
    note: str
    before: Values | None
    after: Values | None
    erased: bool
    undoes: int | None
    """The change it took back."""
    undone_by: int | None
    """The change that took it back."""


def changes(
    session: Session,
    organisation_id: int,
    *,
    kinds: tuple[str, ...] | None = None,
    key: str = "",
    by: str = "",
    before: int | None = None,
    most: int,
) -> tuple[Recorded, ...]:
    """Return the newest changes first; ``kinds`` None: of every kind; ``before``: older than that number."""
    query = _query(organisation_id)
    if kinds is not None:
        query = query.where(OfficeChange.kind.in_(kinds))
    if key:
        query = query.where(OfficeChange.key == key)
    if by:
        query = query.where(OfficeChange.by == by)
    if before is not None:
        query = query.where(OfficeChange.id < before)
    found = session.execute(query.order_by(OfficeChange.id.desc()).limit(most)).tuples()
    return tuple(_recorded(row, values, undone) for row, values, undone in found)


def change_or_refuse(session: Session, organisation_id: int, number: int) -> Recorded:
    """Return one change; raises ChangeRefused (change_unknown)."""
    found = session.execute(_query(organisation_id).where(OfficeChange.id == number)).tuples().one_or_none()
    if found is None:
        raise ChangeRefused("change_unknown", number=number)
    return _recorded(*found)


def people_of(session: Session, organisation_id: int) -> tuple[str, ...]:
    """Return the codes of everybody who changed something."""
    query = select(OfficeChange.by).where(OfficeChange.organisation_id == organisation_id).distinct()
    return tuple(session.scalars(query.order_by(OfficeChange.by)))


def last_number(session: Session, organisation_id: int, kind: str, key: str) -> int:
    """Return the number of a thing's last change, 0 before the first: what the reader of its form saw."""
    query = select(func.max(OfficeChange.id)).where(
        OfficeChange.organisation_id == organisation_id, OfficeChange.kind == kind, OfficeChange.key == key
    )
    return session.scalar(query) or 0


def refuse_changed_since(session: Session, organisation_id: int, kind: str, key: str, seen: str) -> None:
    """Raise ChangeRefused (setting_changed_since) where somebody changed the thing after a form was drawn."""
    now = last_number(session, organisation_id, kind, key)
    if seen != str(now):
        last = change_or_refuse(session, organisation_id, now).by if now else "-"
        raise ChangeRefused("setting_changed_since", number=now, by=last)


def can_be_undone(
    session: Session, organisation_id: int, settables: Mapping[str, Settable], change: Recorded
) -> bool:
    """Say whether the thing still is as this change left it, and the change was not taken back."""
    if change.undone_by is not None or change.erased or change.kind not in settables:
        return False
    now = settables[change.kind].read(session, organisation_id, change.key)
    return (dict(now) if now is not None else None) == change.after


def _query(organisation_id: int) -> Select[Any]:
    undoing = aliased(OfficeChange)
    return (
        select(OfficeChange, OfficeChangeValues, undoing.id)
        .join(OfficeChangeValues, OfficeChangeValues.change_id == OfficeChange.id)
        .outerjoin(undoing, undoing.undoes == OfficeChange.id)
        .where(OfficeChange.organisation_id == organisation_id)
    )


def _recorded(row: OfficeChange, values: OfficeChangeValues, undone: int | None) -> Recorded:
    return Recorded(
        number=row.id,
        kind=row.kind,
        key=row.key,
        by=row.by,
        at=row.at,
        note=row.note,
        before=values.before,
        after=values.after,
        erased=values.erased,
        undoes=row.undoes,
        undone_by=undone,
    )
