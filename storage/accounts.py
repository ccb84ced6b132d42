"""Accounts: who of the directory may sign in, their password's hash, locks, and who did what to them.

What an account may do follows from its person's post (``tasks_catalog.roles``), asked at every request; a
person who has left signs in no more, whatever their account says.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from storage import one_time_links, sessions
from storage.people import load_directory
from storage.schema import AccountEvent, AccountRow, PersonRow
from storage.upsert import insert_new
from tasks_catalog.people import Directory, Person, Post
from tasks_catalog.problem import Refused
from tasks_catalog.text import clean


class Done(StrEnum):
    """What can be done to an account, as its record says it."""

    MADE = "made"
    INVITED = "invited"
    LINK_MADE = "link_made"
    RESET_ASKED = "reset_asked"
    PASSWORD_SET = "password_set"  # noqa: S105  # nosec B105  # the name of an event
    LOCKED = "locked"
    UNLOCKED = "unlocked"
    SIGNED_OUT = "signed_out"
    BOUND = "bound"
    RELEASED = "released"


class AccountRefused(Refused):
    """What was asked of an account cannot be done."""


@dataclass(frozen=True, kw_only=True)
class By:
    """Who does something to an account, and when. ``at`` is aware."""

    code: str
    at: datetime


def person_named(session: Session, organisation_id: int, typed: str) -> PersonRow | None:
    """Return whoever is meant by what was typed: an address or a person's code, in any case."""
    name = clean(typed).casefold()
    if not name:
        return None
    people = select(PersonRow).where(PersonRow.organisation_id == organisation_id).order_by(PersonRow.id)
    meant = people.where((PersonRow.email_key == name) | (func.lower(PersonRow.code) == name))
    found = session.scalars(meant.limit(20)).all()
    return min(found, key=lambda person: (not person.active, person.email_key != name), default=None)


def find_person(session: Session, organisation_id: int, code: str) -> PersonRow | None:
    query = select(PersonRow).where(PersonRow.organisation_id == organisation_id, PersonRow.code == code)
    return session.scalars(query).one_or_none()


def find_account(session: Session, organisation_id: int, person: str) -> AccountRow | None:
    query = select(AccountRow).where(
        AccountRow.organisation_id == organisation_id, AccountRow.person == person
    )
    return session.scalars(query).one_or_none()


def accounts_of(session: Session, organisation_id: int) -> Mapping[str, AccountRow]:
    """Return every account by its person's code."""
    query = select(AccountRow).where(AccountRow.organisation_id == organisation_id)
    return {row.person: row for row in session.scalars(query)}


def state_of(account: AccountRow | None) -> str:
    """Return how an account stands in a word: "none", "invited" (no way in yet), "open", "locked"."""
    if account is None:
        return "none"
    if account.locked_at is not None:
        return "locked"
    has_a_way = account.password_hash is not None or account.oidc_subject is not None
    return "open" if has_a_way else "invited"


def account_or_refuse(session: Session, organisation_id: int, person: str) -> AccountRow:
    """Return a person's account; raises AccountRefused (account_none)."""
    found = find_account(session, organisation_id, person)
    if found is None:
        raise AccountRefused("account_none", person=person)
    return found


def active_or_refuse(code: str, directory: Directory) -> Person:
    """Return an active person; raises Refused (person_unknown), AccountRefused (account_person_left)."""
    person = directory.person(code)
    if person is None:
        raise Refused("person_unknown", person=code)
    if not person.active:
        raise AccountRefused("account_person_left", name=person.name)
    return person


def admit(session: Session, organisation_id: int, person: str, *, by: By) -> AccountRow:
    """Return a person's account, made now where there was none: from then on they may sign in."""
    once = ("organisation_id", "person")
    fresh = insert_new(session, AccountRow, once).values(
        organisation_id=organisation_id, person=person, made_at=by.at, made_by=by.code
    )
    if session.scalar(fresh.returning(AccountRow.id)) is not None:
        note(session, organisation_id, person, Done.MADE, by=by)
    return account_or_refuse(session, organisation_id, person)


def nobody_has_one(session: Session, organisation_id: int) -> bool:
    """Say whether nobody can sign in yet: no account has a password or is known to a provider."""
    query = select(AccountRow.id).where(
        AccountRow.organisation_id == organisation_id,
        AccountRow.password_hash.is_not(None) | AccountRow.oidc_subject.is_not(None),
    )
    return session.scalar(query.limit(1)) is None


def first_administrator(session: Session, organisation_id: int) -> Person:
    """Return whom the first link is for; raises AccountRefused (account_no_administrator)."""
    people = load_directory(session, organisation_id).people
    found = next((one for one in people if one.active and one.post is Post.ADMINISTRATOR), None)
    if found is None:
        raise AccountRefused("account_no_administrator")
    return found


def set_password(
    session: Session,
    organisation_id: int,
    person: str,
    password_hash: str,
    *,
    by: By,
    keep: int | None = None,
) -> int:
    """Give an account a new password and return how many sessions that ended: all but ``keep``.

    One-time links made before are void from then on.
    """
    account = account_or_refuse(session, organisation_id, person)
    account.password_hash, account.password_changed_at = password_hash, by.at
    session.flush()
    note(session, organisation_id, person, Done.PASSWORD_SET, by=by)
    one_time_links.void(session, organisation_id, person, at=by.at)
    return sessions.end_all(session, organisation_id, person, at=by.at, but=keep)


def renew_hash(session: Session, account: AccountRow, kept: str, renewed: str) -> None:
    """Keep the same password by today's parameters, unless it was changed meanwhile."""
    query = update(AccountRow).where(AccountRow.id == account.id, AccountRow.password_hash == kept)
    session.execute(query.values(password_hash=renewed).execution_options(synchronize_session=False))


def lock(session: Session, organisation_id: int, person: str, *, by: By) -> None:
    """Shut an account: its sessions end, its links are void. Raises AccountRefused (account_own, _none)."""
    if person == by.code:
        raise AccountRefused("account_own")
    account = account_or_refuse(session, organisation_id, person)
    if account.locked_at is not None:
        raise AccountRefused("account_locked_already", person=person)
    account.locked_at = by.at
    session.flush()
    note(session, organisation_id, person, Done.LOCKED, by=by)
    one_time_links.void(session, organisation_id, person, at=by.at)
    sessions.end_all(session, organisation_id, person, at=by.at)


def unlock(session: Session, organisation_id: int, person: str, *, by: By) -> None:
    """Open an account again. Raises AccountRefused (account_none, account_not_locked)."""
    account = account_or_refuse(session, organisation_id, person)
    if account.locked_at is None:
        raise AccountRefused("account_not_locked", person=person)
    account.locked_at = None
    session.flush()
    note(session, organisation_id, person, Done.UNLOCKED, by=by)


def sign_out(session: Session, organisation_id: int, person: str, *, by: By) -> int:
    """End all of a person's sessions and return how many there were."""
    account_or_refuse(session, organisation_id, person)
    ended = sessions.end_all(session, organisation_id, person, at=by.at)
    note(session, organisation_id, person, Done.SIGNED_OUT, by=by)
    return ended


def note(session: Session, organisation_id: int, person: str, what: Done, *, by: By) -> None:
    """Write a line of the record of what was done to accounts."""
    line = {"person": person, "kind": str(what), "by": by.code, "at": by.at}
    session.execute(insert(AccountEvent).values(organisation_id=organisation_id, **line))


def events_of(
    session: Session, organisation_id: int, person: str, *, most: int = 20
) -> tuple[AccountEvent, ...]:
    """Return what was done to an account, the latest first."""
    query = select(AccountEvent).where(
        AccountEvent.organisation_id == organisation_id, AccountEvent.person == person
    )
    return tuple(session.scalars(query.order_by(AccountEvent.id.desc()).limit(most)))
