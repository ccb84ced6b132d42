"""Who a person is to the identity provider: bound to their account once, and known by that from then on.

Nobody is made here: who has no account, or stands in no directory, is not let in by any provider's word.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from storage import accounts, sessions
from storage.accounts import AccountRefused, By, Done
from storage.schema import AccountRow, PersonRow
from tasks_catalog.text import clean


def person_of(
    session: Session, organisation_id: int, *, issuer: str, subject: str, email: str, at: datetime
) -> str:
    """Return whose account a subject is bound to, else bind it to that of the one person with the address.

    ``email`` is empty unless the issuer vouches for it. It counts once: an address given to somebody else
    later opens nothing of its first bearer's. Raises AccountRefused: oidc_nobody, oidc_bound.
    """
    office = AccountRow.organisation_id == organisation_id
    bound = select(AccountRow.person).where(
        office, AccountRow.oidc_issuer == issuer, AccountRow.oidc_subject == subject
    )
    known = session.scalars(bound).one_or_none()
    if known is not None:
        return known
    person = _bearer(session, organisation_id, email)
    if person is None or accounts.find_account(session, organisation_id, person) is None:
        raise AccountRefused("oidc_nobody")
    free = or_(AccountRow.oidc_subject.is_(None), AccountRow.oidc_issuer != issuer)
    binding = update(AccountRow).where(office, AccountRow.person == person, free)
    done = session.execute(
        binding.values(oidc_issuer=issuer, oidc_subject=subject).returning(AccountRow.id),
        execution_options={"synchronize_session": False},
    )
    if done.first() is None:
        raise AccountRefused("oidc_bound")
    accounts.note(session, organisation_id, person, Done.BOUND, by=By(code=person, at=at))
    return person


def release(session: Session, organisation_id: int, person: str, *, by: By) -> None:
    """Undo who a person is to the provider, and end their sessions: they are told by their address anew.

    For who got another identity there, or was bound to one that is not theirs. Raises AccountRefused:
    account_none, oidc_not_bound.
    """
    account = accounts.account_or_refuse(session, organisation_id, person)
    if account.oidc_subject is None:
        raise AccountRefused("oidc_not_bound", person=person)
    account.oidc_issuer = account.oidc_subject = None
    session.flush()
    accounts.note(session, organisation_id, person, Done.RELEASED, by=by)
    sessions.end_all(session, organisation_id, person, at=by.at)


def _bearer(session: Session, organisation_id: int, email: str) -> str | None:
    """Return the active person with an address, which is one person's at most."""
    key = clean(email).casefold()
    if not key:
        return None
    query = select(PersonRow.code).where(
        PersonRow.organisation_id == organisation_id, PersonRow.email_key == key, PersonRow.active
    )
    return session.scalars(query).one_or_none()
