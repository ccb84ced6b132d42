"""Bounces on record, and the addresses they showed to be dead, until a person or the directory says else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from storage.directory_rows import PersonRow
from storage.inbox_rows import BounceRow, DeadAddress
from storage.schema import LetterRow
from storage.upsert import insert_new
from tasks_catalog.problem import Refused

BELIEVED = timedelta(days=30)
"""How old a letter may be for its bounce to act: relays give up within days, a forger may take a year."""


@dataclass(frozen=True, kw_only=True)
class Bounced:
    """What a report says of one recipient."""

    address: str
    action: str
    status: str
    diagnostic: str
    verdict: str
    signed: bool


@dataclass(frozen=True, kw_only=True)
class Unreachable:
    """An active person whose address is dead, and the bounce that said so."""

    dead: DeadAddress
    person: PersonRow
    bounce: BounceRow


def record(
    session: Session,
    organisation_id: int,
    incoming_id: int,
    letter: LetterRow | None,
    bounced: Bounced,
    *,
    at: datetime,
) -> int:
    """Keep one recipient's part of a report; return its number."""
    row = BounceRow(
        organisation_id=organisation_id,
        incoming_id=incoming_id,
        letter_id=letter.id if letter else None,
        address=bounced.address,
        action=bounced.action,
        status=bounced.status,
        diagnostic=bounced.diagnostic,
        verdict=bounced.verdict,
        signed=bounced.signed,
        at=at,
    )
    session.add(row)
    session.flush()
    return row.id


def may_act(session: Session, letter: LetterRow, *, at: datetime) -> bool:
    """Say whether a bounce of this letter can still tell: it left, not long ago, and nobody cleared since."""
    left = letter.sent_at or letter.handed_at
    if left is None or at - left > BELIEVED:
        return False
    query = select(DeadAddress.id).where(
        DeadAddress.organisation_id == letter.organisation_id,
        DeadAddress.email_key == letter.address.casefold(),
        DeadAddress.cleared_at >= left,
    )
    return session.scalar(query.limit(1)) is None


def mark_dead(session: Session, letter: LetterRow, bounce_id: int, *, at: datetime) -> None:
    """Hold the address the letter went to for dead, unless it is held so already."""
    values = {"organisation_id": letter.organisation_id, "email_key": letter.address.casefold()}
    session.execute(insert_new(session, DeadAddress).values(**values, since=at, bounce_id=bounce_id))


def is_dead(
    organisation_id: InstrumentedAttribute[int], email_key: InstrumentedAttribute[str | None]
) -> ColumnElement[bool]:
    """Return the condition that an address is dead, for a query over people."""
    return exists().where(
        DeadAddress.organisation_id == organisation_id,
        DeadAddress.email_key == email_key,
        DeadAddress.cleared_at.is_(None),
    )


def dead_keys(session: Session, organisation_id: int) -> frozenset[str]:
    """Return the addresses that are dead now."""
    query = select(DeadAddress.email_key).where(
        DeadAddress.organisation_id == organisation_id, DeadAddress.cleared_at.is_(None)
    )
    return frozenset(session.scalars(query))


def unreachable(session: Session, organisation_id: int) -> tuple[Unreachable, ...]:
    """Return the active people nobody can write to, the longest unreachable first."""
    query = (
        select(DeadAddress, PersonRow, BounceRow)
        .join(
            PersonRow,
            (PersonRow.organisation_id == DeadAddress.organisation_id)
            & (PersonRow.email_key == DeadAddress.email_key),
        )
        .join(BounceRow, BounceRow.id == DeadAddress.bounce_id)
        .where(
            DeadAddress.organisation_id == organisation_id,
            DeadAddress.cleared_at.is_(None),
            PersonRow.active,
        )
        .order_by(DeadAddress.id)
    )
    return tuple(
        Unreachable(dead=dead, person=person, bounce=bounce)
        for dead, person, bounce in session.execute(query)
    )


def told(session: Session, found: Iterable[Unreachable], *, at: datetime) -> None:
    """Say that the coordinator's letter names these: each is named once."""
    ids = [each.dead.id for each in found]
    session.execute(update(DeadAddress).where(DeadAddress.id.in_(ids)).values(told_at=at))


def clear(session: Session, organisation_id: int, person: str, *, by: str, at: datetime) -> None:
    """Write to a person again. Raises Refused: person_unknown, person_reachable."""
    query = select(PersonRow.email_key).where(
        PersonRow.organisation_id == organisation_id, PersonRow.code == person
    )
    found = session.execute(query).one_or_none()
    if found is None:
        raise Refused("person_unknown", person=person)
    cleared = (
        update(DeadAddress)
        .where(
            DeadAddress.organisation_id == organisation_id,
            DeadAddress.email_key == found[0],
            DeadAddress.cleared_at.is_(None),
        )
        .values(cleared_at=at, cleared_by=by)
        .returning(DeadAddress.id)
    )
    if not session.scalars(cleared).all():
        raise Refused("person_reachable", person=person)


def list_bounces(session: Session, organisation_id: int) -> tuple[BounceRow, ...]:
    """Return every bounce on record, in order."""
    query = select(BounceRow).where(BounceRow.organisation_id == organisation_id)
    return tuple(session.scalars(query.order_by(BounceRow.id)))


def bounces_of(session: Session, letters: Iterable[int]) -> Mapping[int, tuple[BounceRow, ...]]:
    """Return the bounces of letters by letter, those of each in order."""
    query = select(BounceRow).where(BounceRow.letter_id.in_(list(letters))).order_by(BounceRow.id)
    found: dict[int, tuple[BounceRow, ...]] = {}
    for bounce in session.scalars(query):
        if bounce.letter_id is not None:
            found[bounce.letter_id] = (*found.get(bounce.letter_id, ()), bounce)
    return found
