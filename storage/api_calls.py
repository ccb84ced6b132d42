"""Calls that acted, by their key: an act and the answer to it are kept in one transaction.

A call sent again after its answer was lost is told what it was told, and nothing is done twice; one whose
process died half-way left neither act nor answer, and is done anew
(draft-ietf-httpapi-idempotency-key-header).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, delete, func, select, update
from sqlalchemy.orm import Session

from storage.api_rows import ApiCall
from storage.upsert import insert_new
from tasks_catalog.problem import Refused

KEPT = timedelta(hours=48)
"""How long an answer can be asked for again."""


class CallRefused(Refused):
    """A key that is in use, or was used for something else."""


@dataclass(frozen=True, kw_only=True)
class Call:
    """A token's call by its key; ``fingerprint`` is what it asks for."""

    token: int
    key: str
    fingerprint: str


@dataclass(frozen=True, kw_only=True)
class Kept:
    """The answer a call was given."""

    status: int
    body: str


def fingerprint_of(method: str, address: str, body: bytes) -> str:
    """Return what tells one call from another."""
    return hashlib.sha256(b"\n".join((method.encode(), address.encode(), body))).hexdigest()


def begin(session: Session, organisation_id: int, call: Call, *, at: datetime) -> Kept | None:
    """Claim the key within the transaction that acts; return the answer where it was given before.

    Another process with the same key waits for this transaction on SQLite; on PostgreSQL it is told.
    Raises CallRefused: idempotency_running, idempotency_other.
    """
    _refuse_running(session, call)
    purge(session, organisation_id, at=at)
    claim = insert_new(session, ApiCall, ("token_id", "key")).values(
        organisation_id=organisation_id,
        token_id=call.token,
        key=call.key,
        fingerprint=call.fingerprint,
        at=at,
    )
    if session.scalar(claim.returning(ApiCall.id)) is not None:
        return None
    row = session.scalars(_one(call)).one()
    if row.fingerprint != call.fingerprint:
        raise CallRefused("idempotency_other", key=call.key)
    if row.status is None or row.body is None:
        raise CallRefused("idempotency_running", key=call.key)
    return Kept(status=row.status, body=row.body)


def end(session: Session, call: Call, kept: Kept) -> None:
    """Keep the answer, in the same transaction."""
    mine = (ApiCall.token_id == call.token, ApiCall.key == call.key)
    session.execute(update(ApiCall).where(*mine).values(status=kept.status, body=kept.body))


def purge(session: Session, organisation_id: int, *, at: datetime) -> int:
    """Forget the answers of more than two days ago; return how many."""
    old = (ApiCall.organisation_id == organisation_id, ApiCall.at < at - KEPT)
    return len(session.scalars(delete(ApiCall).where(*old).returning(ApiCall.id)).all())


def _one(call: Call) -> Select[tuple[ApiCall]]:
    return select(ApiCall).where(ApiCall.token_id == call.token, ApiCall.key == call.key)


def _refuse_running(session: Session, call: Call) -> None:
    """Take the key for this transaction alone, where the database can say at once that it is taken."""
    if session.get_bind().dialect.name != "postgresql":
        return
    digest = hashlib.sha256(f"{call.token}\n{call.key}".encode()).digest()
    number = int.from_bytes(digest[:8], "big", signed=True)
    if not session.scalar(select(func.pg_try_advisory_xact_lock(number))):
        raise CallRefused("idempotency_running", key=call.key)
