"""Signing in: who sent a request by its cookie, and letting people in and out.

A session is a random token in a cookie signed by the office's keys; the database holds its digest. Whoever
signs in gets a new one, so that a token somebody planted before is worth nothing (OWASP: session fixation).
What a person may do is read with the session at every request: who has left, or has another post, has
lost or changed their rights by then.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Engine
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from board.viewers import Looking
from notifications.account_tokens import (
    holder_of,
    new_token,
    read_form_cookie,
    read_session,
    sign_form,
    sign_session,
)
from storage import accounts, attempts, sessions
from storage.accounts import AccountRefused, By
from storage.attempts import Closed, Outcome, Who
from storage.engine import read, write
from storage.forgetting import KEPT_SHORT
from storage.password_hashes import PasswordHashes
from storage.schema import AccountRow, PersonRow
from storage.sessions import Held
from storage.sign_in_policy import SignInPolicy
from tasks_catalog.passwords import opaque
from tasks_catalog.problem import Refused


class SignInWrong(Refused):
    """Nobody is let in by this name and password; it is not said which is wrong, nor of what else it is."""


class SignInClosed(Refused):
    """Too many failures: nobody is let in for now, or not before a reset."""

    def __init__(self, closed: Closed, now: datetime) -> None:
        if closed.until is None:
            super().__init__("sign_in_reset_needed")
        else:
            local = closed.until.astimezone(now.tzinfo)
            super().__init__("sign_in_closed", until=f"{local:%H:%M}")
        self.seconds = int((closed.until - now).total_seconds()) + 1 if closed.until else 24 * 3600


@dataclass(frozen=True, kw_only=True)
class SignIn:
    """The office's sign-in. ``secure``: people reach the board by https, and cookies travel by it alone."""

    engine: Engine
    organisation_id: int
    keys: Sequence[str]
    clock: Callable[[], datetime]
    """Returns the aware local time."""
    policy: SignInPolicy = field(default_factory=SignInPolicy)
    secure: bool = False
    mail_domain: str = "localhost"
    """The domain of the Message-IDs of letters."""
    hashes: PasswordHashes = field(default_factory=PasswordHashes)
    other_ways: Sequence[tuple[str, str]] = ()
    """Other ways to sign in, each a path under the board's root and how it is called."""

    def __post_init__(self) -> None:
        if not self.keys:
            raise ValueError("without keys no cookie can be signed")
        self.hashes.warm()

    @property
    def cookie(self) -> str:
        """The session's cookie; by https with the prefix that no other host or path can set it under."""
        return "__Host-dondoc" if self.secure else "dondoc"

    @property
    def form_cookie(self) -> str:
        """The cookie the forms of a browser are bound to in which nobody has signed in."""
        return f"{self.cookie}-form"

    def who(self, request: Request) -> Looking:
        """Tell who sent a request (``board.viewers.WhoLooks``)."""
        token = self._token(request)
        held = self.held(token)
        if token is None or held is None:
            form = self.form_token(request)
            return Looking(must_sign_in=True, holder=holder_of(form) if form else "")
        now = self.clock()
        if now - held.last_seen >= self.policy.seen_every:
            with write(self.engine) as session:
                sessions.seen(session, held.id, at=now)
        return Looking(
            actor=held.actor,
            must_sign_in=True,
            name=held.name,
            holder=holder_of(token),
            language=held.language,
        )

    def held(self, token: str | None) -> Held | None:
        if token is None:
            return None
        with read(self.engine) as session:
            return sessions.find(session, self.organisation_id, token, policy=self.policy, at=self.clock())

    def session_of(self, request: Request) -> Held | None:
        """Return the session a request came with, if it holds."""
        return self.held(self._token(request))

    def _token(self, request: Request) -> str | None:
        return read_session(request.cookies.get(self.cookie, ""), self.keys)

    def form_token(self, request: Request) -> str | None:
        return read_form_cookie(request.cookies.get(self.form_cookie, ""), self.keys)

    def by_password(self, request: Request, name: str, password: str) -> str:
        """Let in whoever gives the right name and password, and return the token of their new session.

        The attempt is written before the password is looked at, and no transaction is open while it is.
        Raises SignInWrong, SignInClosed; TooManyAtOnce.
        """
        person, account, who = self._meant(name, _address(request))
        number = self._begun(who)
        opens = account is not None and person is not None and person.active and account.locked_at is None
        kept = account.password_hash if account is not None and opens else None
        checked = self.hashes.check(kept, opaque(password))
        now = self.clock()
        with write(self.engine) as session:
            if not checked.right or person is None or not self._still(session, person.code, kept):
                attempts.came_to(session, number, Outcome.WRONG)
                token = None
            else:
                attempts.came_to(session, number, Outcome.SIGNED_IN)
                attempts.forget_before(session, self.organisation_id, now - KEPT_SHORT)
                sessions.forget_before(session, self.organisation_id, now - KEPT_SHORT)
                if checked.renewed is not None and account is not None and kept is not None:
                    accounts.renew_hash(session, account, kept, checked.renewed)
                token = self._new_session(session, request, person.code, "password", now)
        if token is None:
            raise SignInWrong("sign_in_wrong")
        return token

    def check_own(self, request: Request, person: str, password: str) -> None:
        """Ask a person who is signed in for their password again, under the same limits.

        Raises as ``by_password`` does, for a wrong one SignInWrong (password_old_wrong).
        """
        _, account, who = self._meant(person, _address(request))
        number = self._begun(who)
        kept = account.password_hash if account is not None else None
        right = self.hashes.check(kept, opaque(password)).right
        with write(self.engine) as session:
            if right:
                attempts.forget(session, number)
            else:
                attempts.came_to(session, number, Outcome.WRONG)
        if not right:
            raise SignInWrong("password_old_wrong")

    def _meant(self, name: str, address: str) -> tuple[PersonRow | None, AccountRow | None, Who]:
        with read(self.engine) as session:
            person = accounts.person_named(session, self.organisation_id, name)
            code = person.code if person is not None else ""
            account = accounts.find_account(session, self.organisation_id, code)
        return person, account, attempts.who_of(name, code or None, address, self.keys)

    def _begun(self, who: Who) -> int:
        """Write an attempt and return its number. Raises SignInClosed, and nothing is kept then."""
        now = self.clock()
        with read(self.engine) as session:
            found = attempts.closed(session, self.organisation_id, who, policy=self.policy, at=now)
        if found is not None:
            raise SignInClosed(found, now)
        with write(self.engine) as session:
            number = attempts.begin(session, self.organisation_id, who, at=now)
        with read(self.engine) as session:
            found = attempts.closed(
                session, self.organisation_id, who, policy=self.policy, at=now, before=number
            )
        if found is not None:  # of many at once, those beyond the last allowed are not judged
            with write(self.engine) as session:
                attempts.forget(session, number)
            raise SignInClosed(found, now)
        return number

    def _still(self, session: Session, person: str, kept: str | None) -> bool:
        """Say whether the account is as it was when its password was looked at."""
        account = accounts.find_account(session, self.organisation_id, person)
        return account is not None and account.locked_at is None and account.password_hash == kept

    def enter(self, session: Session, request: Request, person: str, *, way: str, outcome: Outcome) -> str:
        """Let in a person whom something else than a password vouches for; return the session's token.

        Within the transaction given, with the record of it. Raises AccountRefused: account_none,
        account_locked, account_person_left.
        """
        account = accounts.account_or_refuse(session, self.organisation_id, person)
        if account.locked_at is not None:
            raise AccountRefused("account_locked")
        row = accounts.find_person(session, self.organisation_id, person)
        if row is None or not row.active:
            raise AccountRefused("account_person_left", name=row.name if row else person)
        now = self.clock()
        who = attempts.who_of(person, person, _address(request), self.keys)
        attempts.record(session, self.organisation_id, who, outcome, at=now)
        return self._new_session(session, request, person, way, now)

    def _new_session(self, session: Session, request: Request, person: str, way: str, now: datetime) -> str:
        """Begin a session in place of the one this browser had."""
        self._end(session, request, now)
        token = new_token()
        sessions.begin(
            session,
            self.organisation_id,
            person,
            token,
            way=way,
            address=_address(request),
            policy=self.policy,
            at=now,
        )
        return token

    def leave(self, request: Request, response: Response) -> None:
        """End the session a request came with: its token is worth nothing from then on, wherever it is."""
        with write(self.engine) as session:
            self._end(session, request, self.clock())
        response.delete_cookie(self.cookie, path="/", secure=self.secure, httponly=True, samesite="lax")

    def _end(self, session: Session, request: Request, now: datetime) -> None:
        token = self._token(request)
        held = token and sessions.find(session, self.organisation_id, token, policy=self.policy, at=now)
        if held:
            sessions.end(session, self.organisation_id, held.id, at=now)

    def put_cookie(self, response: Response, token: str) -> None:
        """Give the browser its session, and take away what the forms before it were bound to.

        It has no date: it goes when the browser is closed, and the database says when it is over.
        """
        signed = sign_session(token, self.keys)
        response.set_cookie(self.cookie, signed, path="/", secure=self.secure, httponly=True, samesite="lax")
        response.delete_cookie(
            self.form_cookie, path="/", secure=self.secure, httponly=True, samesite="strict"
        )

    def put_form_cookie(self, response: Response, token: str) -> None:
        """Give the browser what the forms are bound to in which it is to sign in (login CSRF)."""
        signed = sign_form(token, self.keys)
        response.set_cookie(
            self.form_cookie, signed, path="/", secure=self.secure, httponly=True, samesite="strict"
        )

    def by(self, code: str) -> By:
        return By(code=code, at=self.clock())


def _address(request: Request) -> str:
    """Return who is at the other end; which proxies are believed is for the server to settle."""
    return attempts.address_of(request.client.host) if request.client else ""
