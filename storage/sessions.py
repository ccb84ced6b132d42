"""Sessions: begun when somebody signs in, looked up at every request, ended by hand, by idling or by age."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import ColumnElement, Select, and_, bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from storage.schema import AccountRow, PersonRow, SessionRow
from storage.sign_in_policy import SignInPolicy
from tasks_catalog.allowed import Actor
from tasks_catalog.people import Post


@dataclass(frozen=True, kw_only=True)
class Held:
    """A session in force, and whose it is at this moment."""

    id: int
    actor: Actor
    name: str
    language: str
    last_seen: datetime


def digest_of(token: str) -> str:
    """Return what is kept of a session's token. It is random, 256 bits: nothing slower is needed."""
    return hashlib.sha256(token.encode("ascii")).hexdigest()


def begin(
    session: Session,
    organisation_id: int,
    person: str,
    token: str,
    *,
    way: str,
    address: str,
    policy: SignInPolicy,
    at: datetime,
) -> int:
    """Keep a new session and return its number; ``way`` is "password", "link" or "oidc"."""
    row = {"person": person, "digest": digest_of(token), "way": way, "address": address}
    when = {"made_at": at, "last_seen": at, "over_at": at + policy.whole}
    made = insert(SessionRow).values(organisation_id=organisation_id, **row, **when)
    return session.execute(made.returning(SessionRow.id)).scalar_one()


def find(
    session: Session, organisation_id: int, token: str, *, policy: SignInPolicy, at: datetime
) -> Held | None:
    """Return the session of a token, if it holds: its person is active, their account open, by now."""
    told = {"digest": digest_of(token), "organisation": organisation_id}
    row = session.execute(_finding(), told | {"now": at, "idle_since": at - policy.idle}).one_or_none()
    if row is None:
        return None
    actor = Actor(code=row.code, unit=row.unit, post=Post(row.post))
    return Held(id=row.id, actor=actor, name=row.name, language=row.language, last_seen=row.last_seen)


@cache
def _finding() -> Select[tuple[int, datetime, str, str, str, str, str]]:
    """Kept, since it is asked at every request, and putting it together takes longer than running it."""
    return (
        select(
            *(SessionRow.id, SessionRow.last_seen),
            *(PersonRow.code, PersonRow.name, PersonRow.unit, PersonRow.post, PersonRow.language),
        )
        .join(
            PersonRow,
            and_(
                PersonRow.organisation_id == SessionRow.organisation_id, PersonRow.code == SessionRow.person
            ),
        )
        .join(
            AccountRow,
            and_(
                AccountRow.organisation_id == SessionRow.organisation_id,
                AccountRow.person == SessionRow.person,
            ),
        )
        .where(
            SessionRow.digest == bindparam("digest"),
            SessionRow.organisation_id == bindparam("organisation"),
            SessionRow.ended_at.is_(None),
            SessionRow.over_at > bindparam("now"),
            SessionRow.last_seen > bindparam("idle_since"),
            PersonRow.active,
            AccountRow.locked_at.is_(None),
        )
    )


def in_force(policy: SignInPolicy, at: datetime) -> ColumnElement[bool]:
    """The session was not ended, is not over and has not idled too long."""
    return and_(
        SessionRow.ended_at.is_(None), SessionRow.over_at > at, SessionRow.last_seen > at - policy.idle
    )


def seen(session: Session, number: int, *, at: datetime) -> None:
    """Say that a session was used; of several processes the latest stays."""
    query = update(SessionRow).where(SessionRow.id == number, SessionRow.last_seen < at)
    session.execute(query.values(last_seen=at).execution_options(synchronize_session=False))


def end(session: Session, organisation_id: int, number: int, *, at: datetime) -> None:
    """End one session: its token is worth nothing from then on."""
    query = update(SessionRow).where(
        SessionRow.id == number,
        SessionRow.organisation_id == organisation_id,
        SessionRow.ended_at.is_(None),
    )
    session.execute(query.values(ended_at=at).execution_options(synchronize_session=False))


def end_all(
    session: Session, organisation_id: int, person: str, *, at: datetime, but: int | None = None
) -> int:
    """End a person's sessions, all but one, and return how many."""
    query = update(SessionRow).where(
        SessionRow.organisation_id == organisation_id,
        SessionRow.person == person,
        SessionRow.ended_at.is_(None),
        SessionRow.over_at > at,
        SessionRow.id != (but or 0),
    )
    ended = query.values(ended_at=at).returning(SessionRow.id)
    return len(session.scalars(ended.execution_options(synchronize_session=False)).all())


def forget_before(session: Session, organisation_id: int, moment: datetime) -> int:
    """Take out sessions that were over by then, with the addresses they came from; return how many."""
    old = (SessionRow.organisation_id == organisation_id, SessionRow.over_at < moment)
    return len(session.scalars(delete(SessionRow).where(*old).returning(SessionRow.id)).all())


def sessions_of(
    session: Session, organisation_id: int, person: str, *, policy: SignInPolicy, at: datetime
) -> tuple[SessionRow, ...]:
    """Return a person's sessions in force, the one used last first."""
    query = select(SessionRow).where(
        SessionRow.organisation_id == organisation_id, SessionRow.person == person, in_force(policy, at)
    )
    return tuple(session.scalars(query.order_by(SessionRow.last_seen.desc(), SessionRow.id.desc())))
