"""One-time links: whose password each may set, until when, and that it does so once.

The row holds no secret. The token names the row and the moment it was made, signed by the office's keys
(``notifications.account_tokens``): after a backup was put back, a link given out since cannot open the row
that got its number anew.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from storage.schema import OneTimeLinkRow
from tasks_catalog.problem import Refused

HOLDS = timedelta(hours=24)
"""How long a link holds: from when it was handed over, or its letter posted."""


class Cause(StrEnum):
    """Why a link was made."""

    FIRST = "first"
    INVITED = "invited"
    RESET = "reset"


class LinkVoid(Refused):
    """A genuine link that cannot be used: unknown, not posted, used, over or void."""


def make(
    session: Session,
    organisation_id: int,
    person: str,
    cause: Cause,
    *,
    by: str,
    at: datetime,
    until: datetime | None,
) -> OneTimeLinkRow:
    """Keep a new link; one that a letter will carry holds from its posting on, and has no ``until`` yet."""
    values = {"person": person, "cause": str(cause), "by": by, "made_at": at, "until": until}
    made = insert(OneTimeLinkRow).values(organisation_id=organisation_id, **values)
    return session.scalars(made.returning(OneTimeLinkRow)).one()


def link_or_refuse(
    session: Session, organisation_id: int, number: int, made: int, *, at: datetime
) -> OneTimeLinkRow:
    """Return the link a token names. Raises LinkVoid: account_link_unknown, _used, _void, _over."""
    query = select(OneTimeLinkRow).where(
        OneTimeLinkRow.organisation_id == organisation_id, OneTimeLinkRow.id == number
    )
    row = session.scalars(query).one_or_none()
    if row is None or stamp(row.made_at) != made:
        raise LinkVoid("account_link_unknown")
    if row.used_at is not None:
        raise LinkVoid("account_link_used")
    if row.void_at is not None:
        raise LinkVoid("account_link_void")
    if row.until is None or at >= row.until:
        raise LinkVoid("account_link_over")
    return row


def stamp(made_at: datetime) -> int:
    """Return the moment a link was made as its token says it: milliseconds, which every database keeps."""
    return round(made_at.timestamp() * 1000)


def use(session: Session, row: OneTimeLinkRow, *, at: datetime) -> None:
    """Take the link: of several at once one gets it. Raises LinkVoid (account_link_used)."""
    query = (
        update(OneTimeLinkRow)
        .where(
            OneTimeLinkRow.id == row.id,
            OneTimeLinkRow.used_at.is_(None),
            OneTimeLinkRow.void_at.is_(None),
            OneTimeLinkRow.until > at,
        )
        .values(used_at=at)
        .returning(OneTimeLinkRow.id)
        .execution_options(synchronize_session=False)
    )
    if session.scalar(query) is None:
        raise LinkVoid("account_link_used")


def void(session: Session, organisation_id: int, person: str, *, at: datetime) -> None:
    """Make the person's links that were not used good for nothing."""
    query = update(OneTimeLinkRow).where(
        OneTimeLinkRow.organisation_id == organisation_id,
        OneTimeLinkRow.person == person,
        OneTimeLinkRow.used_at.is_(None),
        OneTimeLinkRow.void_at.is_(None),
    )
    session.execute(query.values(void_at=at).execution_options(synchronize_session=False))


def carry(session: Session, row: OneTimeLinkRow, letter_id: int) -> None:
    """Say which letter carries the link."""
    row.letter_id = letter_id
    session.flush()


def of_letter(session: Session, organisation_id: int, letter_id: int) -> OneTimeLinkRow | None:
    """Return the link a letter carries, if it is still good for something."""
    query = select(OneTimeLinkRow).where(
        OneTimeLinkRow.organisation_id == organisation_id,
        OneTimeLinkRow.letter_id == letter_id,
        OneTimeLinkRow.used_at.is_(None),
        OneTimeLinkRow.void_at.is_(None),
    )
    return session.scalars(query).one_or_none()


def posted(session: Session, row: OneTimeLinkRow, *, at: datetime) -> datetime:
    """Say that the link's letter leaves, and return until when it holds. A letter sent again begins anew."""
    row.until = at + HOLDS
    session.flush()
    return at + HOLDS


def made_since(session: Session, organisation_id: int, person: str, cause: Cause, since: datetime) -> int:
    """Count the person's links of a cause since a moment."""
    query = select(func.count()).where(
        OneTimeLinkRow.organisation_id == organisation_id,
        OneTimeLinkRow.person == person,
        OneTimeLinkRow.cause == str(cause),
        OneTimeLinkRow.made_at >= since,
    )
    return session.scalar(query) or 0
