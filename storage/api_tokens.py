"""Tokens of programs: made once, shown once, believed while they hold and their person is here."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Engine, exists, select, update
from sqlalchemy.orm import Session

from storage.account_rows import AccountRow
from storage.api_rows import ApiToken
from storage.engine import read, write
from storage.people import load_directory
from storage.schema import PersonRow
from tasks_catalog.allowed import Actor
from tasks_catalog.people import Post
from tasks_catalog.problem import Refused
from tasks_catalog.scopes import LONGEST_NAME, Scope, last_day_or_refuse
from tasks_catalog.text import clean

SECRET_BYTES = 32
_WRITTEN = re.compile(r"dondoc_([1-9][0-9]{0,17})_([0-9a-f]{64})")
"""How a token looks, for us and for scanners of secrets: ``dondoc_<number>_<64 hexadecimal digits>``."""
_USE_KEPT = timedelta(minutes=1)


class TokenRefused(Refused):
    """There is no such token, or none can be made."""


@dataclass(frozen=True, kw_only=True)
class Holder:
    """Whose token came with a request, and what it may be used for."""

    token: int
    name: str
    actor: Actor
    scopes: frozenset[Scope]


def make(
    session: Session,
    organisation_id: int,
    *,
    name: str,
    person: str,
    scopes: tuple[Scope, ...],
    until: date,
    by: str,
    at: datetime,
) -> tuple[ApiToken, str]:
    """Keep a new token and return it with its words, which are told this once and never again.

    Raises Refused: token_no_name, person_unknown, token_of_nobody (the person has left), token_day_past,
    token_too_long.
    """
    called = clean(name)[:LONGEST_NAME]
    if not called:
        raise TokenRefused("token_no_name")
    found = load_directory(session, organisation_id).person(person)
    if found is None:
        raise TokenRefused("person_unknown", person=person)
    if not found.active:
        raise TokenRefused("token_of_nobody", person=found.name)
    secret = secrets.token_hex(SECRET_BYTES)
    row = ApiToken(
        organisation_id=organisation_id,
        name=called,
        person=found.code,
        scopes=[str(scope) for scope in scopes],
        secret_sha256=_digest(secret),
        until=last_day_or_refuse(until, at.date()),
        made_at=at,
        made_by=by,
    )
    session.add(row)
    session.flush()
    return row, f"dondoc_{row.id}_{secret}"


def revoke(
    session: Session, organisation_id: int, number: int, *, by: str, at: datetime, of: str | None = None
) -> ApiToken:
    """End a token at once; with ``of`` one of that person's only.

    Raises TokenRefused: token_unknown, token_revoked.
    """
    row = _one(session, organisation_id, number)
    if row is None or of not in (None, row.person):
        raise TokenRefused("token_unknown", number=number)
    ended = (
        update(ApiToken)
        .where(ApiToken.id == row.id, ApiToken.revoked_at.is_(None))
        .values(revoked_at=at, revoked_by=by)
        .returning(ApiToken.id)
    )
    if session.scalar(ended) is None:
        raise TokenRefused("token_revoked", number=number, name=row.name)
    session.refresh(row)
    return row


def all_of(session: Session, organisation_id: int, *, of: str | None = None) -> tuple[ApiToken, ...]:
    """Return every token there is or was, the newest first; with ``of`` those of one person."""
    query = select(ApiToken).where(ApiToken.organisation_id == organisation_id)
    if of is not None:
        query = query.where(ApiToken.person == of)
    return tuple(session.scalars(query.order_by(ApiToken.id.desc())))


def state_of(row: ApiToken, today: date, *, here: bool) -> str:
    """Return "held", "revoked", "expired" or "left"; ``here``: whether its person still is."""
    if row.revoked_at is not None:
        return "revoked"
    if row.until < today:
        return "expired"
    return "held" if here else "left"


def holder_of(engine: Engine, organisation_id: int, words: str, *, at: datetime) -> Holder | None:
    """Return whose token these words are; None for one that does not hold, whatever the reason.

    That it was used is kept, at most once a minute.
    """
    parts = _WRITTEN.fullmatch(words)
    if parts is None:
        return None
    with read(engine) as session:
        row = _one(session, organisation_id, int(parts[1]))
        if row is None or not hmac.compare_digest(row.secret_sha256, _digest(parts[2])):
            return None
        if row.revoked_at is not None or row.until < at.date():
            return None
        person = _person(session, organisation_id, row.person)
        if person is None:
            return None
        used = row.last_used_at
    if used is None or used <= at - _USE_KEPT:
        _keep_use(engine, row.id, at)
    scopes = frozenset(Scope(each) for each in row.scopes if each in set(Scope))
    actor = Actor(code=person.code, unit=person.unit, post=Post(person.post))
    return Holder(token=row.id, name=row.name, actor=actor, scopes=scopes)


def _one(session: Session, organisation_id: int, number: int) -> ApiToken | None:
    query = select(ApiToken).where(ApiToken.organisation_id == organisation_id, ApiToken.id == number)
    return session.scalars(query).one_or_none()


def _person(session: Session, organisation_id: int, code: str) -> PersonRow | None:
    """Return a person at work whose account is not locked: a lock shuts their programs out too."""
    locked = exists().where(
        AccountRow.organisation_id == organisation_id,
        AccountRow.person == code,
        AccountRow.locked_at.is_not(None),
    )
    query = select(PersonRow).where(
        PersonRow.organisation_id == organisation_id, PersonRow.code == code, PersonRow.active, ~locked
    )
    return session.scalars(query).one_or_none()


def _keep_use(engine: Engine, token: int, at: datetime) -> None:
    with write(engine) as session:
        session.execute(update(ApiToken).where(ApiToken.id == token).values(last_used_at=at))


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("ascii")).hexdigest()
