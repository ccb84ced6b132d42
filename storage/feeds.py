"""Feeds: whose calendar may be subscribed to, by which serial, and the shares it shows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, or_, select, update
from sqlalchemy.orm import Session

from storage.codec import from_json
from storage.facts import share_of
from storage.people import load_directory
from storage.schema import FeedRow, OccurrenceRow, PlanRow, ShareRow, TaskRow
from storage.upsert import insert_new
from tasks_catalog.audience import answers_for
from tasks_catalog.facts import Closing
from tasks_catalog.occurrence import ShareKey
from tasks_catalog.owed import Owed
from tasks_catalog.people import Directory
from tasks_catalog.problem import Refused
from tasks_catalog.task import task_id

_ONCE = ("organisation_id", "kind", "code")


class FeedKind(StrEnum):
    """Whose work a feed shows."""

    PERSON = "person"
    UNIT = "unit"


class FeedRefused(Refused):
    """There is no such person, unit or feed."""


def make(
    session: Session,
    organisation_id: int,
    kind: FeedKind,
    code: str,
    *,
    renew: bool = False,
    by: str,
    at: datetime,
) -> FeedRow:
    """Return the feed in force; ``renew`` ends the address given out before.

    Raises FeedRefused for a person or unit the directory does not know.
    """
    _refuse_unknown(load_directory(session, organisation_id), kind, code)
    new = insert_new(session, FeedRow, _ONCE).values(
        organisation_id=organisation_id, kind=str(kind), code=code, serial=1, created_at=at, created_by=by
    )
    made = session.scalar(new.returning(FeedRow.id)) is not None
    feed = session.scalars(_one(organisation_id, kind, code).with_for_update()).one()
    if not made and (renew or feed.revoked_at is not None):
        feed.serial += feed.revoked_at is None  # revoking has raised it already
        feed.created_at, feed.created_by, feed.revoked_at = at, by, None
    session.flush()
    return feed


def _refuse_unknown(directory: Directory, kind: FeedKind, code: str) -> None:
    if kind is FeedKind.UNIT and directory.unit(code) is None:
        known = ", ".join(unit.code for unit in directory.units)
        raise FeedRefused("unit_not_known", name=code, known=known)
    if kind is FeedKind.PERSON and directory.person(code) is None:
        raise FeedRefused("person_unknown", person=code)


def revoke(session: Session, organisation_id: int, kind: FeedKind, code: str, *, at: datetime) -> None:
    """End a feed: its address leads nowhere from now on. Raises FeedRefused (feed_unknown)."""
    query = (
        update(FeedRow)
        .where(
            FeedRow.organisation_id == organisation_id,
            FeedRow.kind == str(kind),
            FeedRow.code == code,
            FeedRow.revoked_at.is_(None),
        )
        .values(serial=FeedRow.serial + 1, revoked_at=at)
        .returning(FeedRow.id)
        .execution_options(synchronize_session=False)
    )
    if session.scalar(query) is None:
        raise FeedRefused("feed_unknown", whose=code)


def all_of(session: Session, organisation_id: int) -> tuple[FeedRow, ...]:
    """Return every feed there is or was, in the order they were made."""
    query = select(FeedRow).where(FeedRow.organisation_id == organisation_id)
    return tuple(session.scalars(query.order_by(FeedRow.id)))


def is_in_force(session: Session, organisation_id: int, kind: str, code: str, serial: int) -> bool:
    """Say whether the serial is the one that holds, of a feed nobody revoked."""
    held = _one(organisation_id, kind, code).where(FeedRow.serial == serial, FeedRow.revoked_at.is_(None))
    return session.scalars(held).one_or_none() is not None


def _one(organisation_id: int, kind: str, code: str) -> Select[tuple[FeedRow]]:
    return select(FeedRow).where(
        FeedRow.organisation_id == organisation_id, FeedRow.kind == str(kind), FeedRow.code == code
    )


def owed_by_unit(session: Session, organisation_id: int, unit: str, since: date) -> Iterator[Owed]:
    """Yield the unit's shares of active plans that are owed, or ended from ``since`` on."""
    return _owed(session, organisation_id, ShareRow.unit == unit, since)


def owed_by_person(
    session: Session, organisation_id: int, person: str, directory: Directory, since: date
) -> Iterator[Owed]:
    """Yield the shares that are this person's to do: as officer, else for the unit."""
    stands_for = [
        unit.code
        for unit in directory.units
        if (reader := answers_for(unit.code, None, directory)) is not None and reader.code == person
    ]
    mine = or_(ShareRow.officer == person, ShareRow.unit.in_(stands_for))
    for owed in _owed(session, organisation_id, mine, since):
        reader = answers_for(owed.share.key.unit, owed.share.officer, directory)
        if reader is not None and reader.code == person:
            yield owed


def _owed(session: Session, organisation_id: int, whose: ColumnElement[bool], since: date) -> Iterator[Owed]:
    """Read shares with their tasks' words alone, in one query: what else a task says no calendar shows."""
    query = (
        select(
            PlanRow.number,
            TaskRow.row,
            TaskRow.current_text,
            TaskRow.current_product,
            TaskRow.closing,
            OccurrenceRow.key,
            *ShareRow.__table__.columns,
        )
        .join(OccurrenceRow, OccurrenceRow.id == ShareRow.occurrence_id)
        .join(TaskRow, TaskRow.id == ShareRow.task_id)
        .join(PlanRow, PlanRow.id == ShareRow.plan_id)
        .where(
            ShareRow.organisation_id == organisation_id,
            PlanRow.state == "active",
            or_(ShareRow.withdrawn_on.is_(None), ShareRow.withdrawn_on >= since),
            whose,
        )
        .order_by(ShareRow.id)
    )
    for row in session.execute(query):
        key = ShareKey(task_id(row.number, row.row), row.key, row.unit)
        owed = Owed(
            plan=row.number,
            row=row.row,
            text=row.current_text,
            product=row.current_product,
            closing=from_json(Closing, row.closing) if row.closing else None,
            share=share_of(row, key),
        )
        if owed.is_shown(since):
            yield owed
