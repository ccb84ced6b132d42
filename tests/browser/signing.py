"""The department's accounts, as pages of signing in show them: who looks is told by the page they look at."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from fastapi import Request
from sqlalchemy.orm import Session

from board.signing_in import SignIn
from board.viewers import Looking
from flows.office import OpenOffice
from notifications.account_letters import hand_over, link_address
from storage import accounts, attempts, sessions
from storage.accounts import By
from storage.attempts import Outcome
from storage.one_time_links import Cause
from storage.sign_in_policy import SignInPolicy
from tasks_catalog.allowed import Actor
from tasks_catalog.people import Directory, Post
from tests.cheap_hashes import cheap_hashes

_ATTEMPTS = (
    (30, "10.0.3.14", Outcome.SIGNED_IN),
    (2, "10.0.9.1", Outcome.WRONG),
    (1, "10.0.3.14", Outcome.SIGNED_IN),
)
_OWN = ("/account", "/settings/accounts")


def sign_in_of(office: OpenOffice, now: datetime) -> SignIn:
    return SignIn(
        engine=office.engine,
        organisation_id=office.organisation_id,
        keys=office.keys,
        clock=lambda: now,
        hashes=cheap_hashes(),
    )


def looks(directory: Directory, request: Request) -> Looking:
    """The administrator looks at accounts, signed in; whoever sits at the machine at everything else."""
    if not request.scope["path"].startswith(_OWN):
        return Looking()
    found = next(person for person in directory.people if person.post is Post.ADMINISTRATOR)
    return Looking(actor=Actor.of(found), must_sign_in=True, name=found.name, holder="somebody")


def keep_accounts(
    session: Session, organisation_id: int, directory: Directory, now: datetime, keys: Sequence[str]
) -> str:
    """Give some people accounts with something to show; return the path of a link that holds."""
    administrator = next(person.code for person in directory.people if person.post is Post.ADMINISTRATOR)
    by = By(code=administrator, at=now - timedelta(days=2))
    for code in (administrator, "huong", "gu", "sao"):
        accounts.admit(session, organisation_id, code, by=by)
    for code in (administrator, "huong"):
        hashed = cheap_hashes().hashed("rừng bàng trăng sách")
        accounts.set_password(session, organisation_id, code, hashed, by=By(code=code, at=by.at))
    accounts.lock(session, organisation_id, "sao", by=by)
    for hours, address, outcome in _ATTEMPTS:
        who = attempts.who_of(administrator, administrator, address, keys)
        attempts.record(session, organisation_id, who, outcome, at=now - timedelta(hours=hours))
    for token in ("a" * 43, "b" * 43):
        sessions.begin(
            session,
            organisation_id,
            administrator,
            token,
            way="password",
            address="10.0.3.14",
            policy=SignInPolicy(),
            at=now - timedelta(hours=1),
        )
    row = hand_over(session, organisation_id, "gu", by=By(code=administrator, at=now), cause=Cause.INVITED)
    return link_address("", row, keys)
