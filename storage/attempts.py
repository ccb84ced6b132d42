"""Attempts to sign in: written before the password is looked at, so that many at once count as many.

They close the door for one account from one address, for one address, and for one account in a row
(``storage.sign_in_policy``). The counts stand in the database, so that every process sees the same.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from ipaddress import AddressValueError, IPv6Address, IPv6Network

from sqlalchemy import ColumnElement, Select, delete, func, insert, select, update
from sqlalchemy.orm import Session

from storage.schema import SignInAttempt
from storage.sign_in_policy import SignInPolicy


class Outcome(StrEnum):
    """What became of an attempt."""

    BEGUN = "begun"
    WRONG = "wrong"
    SIGNED_IN = "signed_in"
    BY_LINK = "by_link"
    """A password was set through a one-time link."""
    BY_PROVIDER = "by_provider"


_WELL = (str(Outcome.SIGNED_IN), str(Outcome.BY_LINK), str(Outcome.BY_PROVIDER))


@dataclass(frozen=True, kw_only=True)
class Who:
    """Whose attempts are counted together: a keyed digest of the name typed, and the client's address."""

    account: str
    address: str
    person: str | None = None
    """The person meant, if the directory knows one; for the record only."""


@dataclass(frozen=True, kw_only=True)
class Closed:
    """Why nobody is let in now; without ``until``, not before a reset of the password."""

    until: datetime | None = None


def who_of(name: str, person: str | None, address: str, keys: Sequence[str]) -> Who:
    """Return whose attempt it is: a person's, by whatever name they were called, else the name's own."""
    words = f"person\n{person}" if person is not None else f"name\n{name.casefold()}"
    key = hashlib.sha256(b"dondoc.sign-in.1" + "".join(keys[:1]).encode()).digest()
    digest = hmac.new(key, words.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()[:32]
    return Who(account=digest, address=address_of(address), person=person)


def address_of(client: str) -> str:
    """Return what a client is counted by; of IPv6 the /64, which one machine has all of (RFC 6177)."""
    try:
        whole = IPv6Address(client.partition("%")[0])
    except AddressValueError:
        return client
    if whole.ipv4_mapped is not None:
        return str(whole.ipv4_mapped)
    return str(IPv6Network((int(whole) >> 64 << 64, 64)))


def begin(session: Session, organisation_id: int, who: Who, *, at: datetime) -> int:
    """Write an attempt that is to be judged, and return its number. It must be committed before."""
    return _write(session, organisation_id, who, Outcome.BEGUN, at)


def _write(session: Session, organisation_id: int, who: Who, outcome: Outcome, at: datetime) -> int:
    values = {"account": who.account, "person": who.person, "address": who.address}
    made = insert(SignInAttempt).values(
        organisation_id=organisation_id, at=at, outcome=str(outcome), **values
    )
    return session.execute(made.returning(SignInAttempt.id)).scalar_one()


def record(session: Session, organisation_id: int, who: Who, outcome: Outcome, *, at: datetime) -> None:
    """Write a sign-in that needed no password."""
    _write(session, organisation_id, who, outcome, at)


def came_to(session: Session, number: int, outcome: Outcome) -> None:
    query = update(SignInAttempt).where(SignInAttempt.id == number)
    session.execute(query.values(outcome=str(outcome)).execution_options(synchronize_session=False))


def forget(session: Session, number: int) -> None:
    """Take back an attempt that was not judged, since the door was closed: it must not keep it closed."""
    session.execute(delete(SignInAttempt).where(SignInAttempt.id == number))


def forget_before(session: Session, organisation_id: int, moment: datetime) -> int:
    """Take out attempts of names nobody bears, no record of anybody's sign-ins; return how many."""
    old = (
        SignInAttempt.organisation_id == organisation_id,
        SignInAttempt.person.is_(None),
        SignInAttempt.at < moment,
    )
    return len(session.scalars(delete(SignInAttempt).where(*old).returning(SignInAttempt.id)).all())


def closed(
    session: Session,
    organisation_id: int,
    who: Who,
    *,
    policy: SignInPolicy,
    at: datetime,
    before: int | None = None,
) -> Closed | None:
    """Return why the door is closed to an attempt, judged by those ``before`` it; None when it is open."""
    mine = (SignInAttempt.organisation_id == organisation_id, SignInAttempt.outcome.not_in(_WELL))
    earlier = (SignInAttempt.id < before,) if before is not None else ()
    since_well = SignInAttempt.id > _last_well(organisation_id, who)
    here = SignInAttempt.address == who.address
    of_account = SignInAttempt.account == who.account
    pair = _until(session, (*mine, *earlier, here, of_account, since_well), policy.pair_failures, policy, at)
    address = _until(session, (*mine, *earlier, here), policy.address_failures, policy, at)
    until = max((each for each in (pair, address) if each is not None), default=None)
    if until is not None:
        return Closed(until=until)
    in_a_row = select(func.count()).where(*mine, *earlier, of_account, since_well)
    if (session.scalar(in_a_row) or 0) >= policy.account_failures:
        return Closed()
    return None


def _last_well(organisation_id: int, who: Who) -> ColumnElement[int]:
    """The number of the account's last sign-in that went well, 0 for none."""
    query: Select[tuple[int]] = select(func.coalesce(func.max(SignInAttempt.id), 0)).where(
        SignInAttempt.organisation_id == organisation_id,
        SignInAttempt.account == who.account,
        SignInAttempt.outcome.in_(_WELL),
    )
    return query.scalar_subquery()


def _until(
    session: Session, which: Sequence[ColumnElement[bool]], most: int, policy: SignInPolicy, at: datetime
) -> datetime | None:
    """Return until when failures close the door: ``most`` within the window, from the last of them on."""
    recent = select(SignInAttempt.at).where(*which, SignInAttempt.at > at - 2 * policy.window)
    last = session.scalars(recent.order_by(SignInAttempt.at.desc()).limit(most)).all()
    if len(last) < most or last[0] - last[-1] > policy.window:
        return None
    until = last[0] + policy.window
    return until if at < until else None


def attempts_of(
    session: Session, organisation_id: int, person: str, *, most: int = 10
) -> tuple[SignInAttempt, ...]:
    """Return a person's attempts, the latest first."""
    query = select(SignInAttempt).where(
        SignInAttempt.organisation_id == organisation_id, SignInAttempt.person == person
    )
    return tuple(session.scalars(query.order_by(SignInAttempt.id.desc()).limit(most)))


def last_sign_in(session: Session, organisation_id: int, person: str) -> datetime | None:
    """Return when a person signed in last."""
    query = select(SignInAttempt.at).where(
        SignInAttempt.organisation_id == organisation_id,
        SignInAttempt.person == person,
        SignInAttempt.outcome.in_(_WELL),
    )
    return session.scalar(query.order_by(SignInAttempt.id.desc()).limit(1))


def last_sign_ins(session: Session, organisation_id: int) -> dict[str, datetime]:
    """Return when each person signed in last, by code."""
    query = (
        select(SignInAttempt.person, func.max(SignInAttempt.at))
        .where(
            SignInAttempt.organisation_id == organisation_id,
            SignInAttempt.outcome.in_(_WELL),
            SignInAttempt.person.is_not(None),
        )
        .group_by(SignInAttempt.person)
    )
    return {person: at for person, at in session.execute(query).tuples() if person is not None}
