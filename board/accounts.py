"""Everybody's accounts, for the administrator: who may sign in, letting them, locks, ending sessions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, Response

from board.account_pages import (
    EventLine,
    SessionLine,
    SignInLine,
    event_lines,
    session_lines,
    sign_in_lines,
)
from board.acting import back_to, read_posted, said_of
from board.leaving import leaves_words
from board.rights import needs
from notifications.account_letters import Posting, hand_over, invite, link_address
from storage import accounts, attempts, one_time_links, sessions, subjects
from storage.accounts import By
from storage.engine import write
from storage.one_time_links import Cause
from storage.people import person_or_refuse
from storage.schema import AccountRow
from tasks_catalog.people import Person
from tasks_catalog.problem import Refused
from tasks_catalog.roles import Right, role_of
from tasks_catalog.sending import next_sending
from tasks_catalog.text import plain

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from board.app import Board
    from board.signing_in import SignIn
    from board.view import View

_STATES = ("none", "invited", "open", "locked")


@dataclass(frozen=True, kw_only=True)
class PersonLine:
    """A person of the list, and how their account stands."""

    href: str
    name: str
    login: str
    role: str
    unit: str
    state: str
    state_words: str
    last: str


@dataclass(frozen=True, kw_only=True)
class AccountsPage:
    """The list: filtered by words and by state."""

    href: str
    lines: Sequence[PersonLine]
    found: int
    counts: Sequence[tuple[str, str, int]]
    text: str
    state: str

    @property
    def is_filtered(self) -> bool:
        return bool(self.text or self.state)


@dataclass(frozen=True, kw_only=True)
class Deed:
    """A button: what it does, and what one should know before."""

    action: str
    label: str
    why: str


@dataclass(frozen=True, kw_only=True)
class PersonPage:
    """One person's account; ``link`` is the one-time link just made, shown this once."""

    list_href: str
    line: PersonLine
    deeds: Sequence[Deed]
    sessions: Sequence[SessionLine]
    sign_ins: Sequence[SignInLine]
    events: Sequence[EventLine]
    link: str = ""
    link_until: str = ""


def add_accounts(app: FastAPI, board: Board, sign_in: SignIn) -> None:
    @app.get(
        "/settings/accounts",
        response_class=HTMLResponse,
        dependencies=needs(Right.ACCOUNTS, personal="accounts"),
    )
    def every_account(request: Request, text: str = "", state: str = "") -> HTMLResponse:
        with board.view() as view:
            page = _accounts_page(view, board.root, text, state if state in _STATES else "")
            said = said_of(request, view.language)
            return board.html("accounts.html", page, view.directory.name, said=said)

    @app.get(
        "/settings/accounts/{person}",
        response_class=HTMLResponse,
        dependencies=needs(Right.ACCOUNTS, personal="account"),
    )
    def one_account(person: str, request: Request) -> HTMLResponse:
        said = said_of(request, board.language)
        with board.view() as view:
            page = _person_page(view, sign_in, board.root, person)
            return board.html("account_of.html", page, view.directory.name, said=said)

    @app.post("/settings/accounts/{person}/link", dependencies=needs(Right.ACCOUNTS))
    async def make_link(person: str, request: Request) -> HTMLResponse:
        await read_posted(board, request)
        return await run_in_threadpool(_link, board, sign_in, request, person)

    @app.post("/settings/accounts/{person}/{what}", dependencies=needs(Right.ACCOUNTS))
    async def account_deed(person: str, what: str, request: Request) -> Response:
        await read_posted(board, request)
        await run_in_threadpool(_do, board, sign_in, person, what)
        return back_to(_href(board.root, person), f"account_{what.replace('-', '_')}")


def _do(board: Board, sign_in: SignIn, person: str, what: str) -> None:
    deed = _DEEDS.get(what)
    if deed is None:
        raise Refused("board_ticket_wrong")
    with write(board.engine) as session:
        view = board.view_of(session)
        person_or_refuse(person, view.directory)
        deed(session, board, sign_in, person, By(code=view.actor.code, at=view.now))


def _invite(session: Session, board: Board, sign_in: SignIn, person: str, by: By) -> None:
    calendar = board.calendars.of(session)
    day = next_sending(by.at, calendar, board.sending).date()
    posting = Posting(day=day, domain=sign_in.mail_domain)
    invite(session, board.organisation_id, person, by=by, posting=posting)


def _lock(session: Session, board: Board, _: SignIn, person: str, by: By) -> None:
    accounts.lock(session, board.organisation_id, person, by=by)


def _unlock(session: Session, board: Board, _: SignIn, person: str, by: By) -> None:
    accounts.unlock(session, board.organisation_id, person, by=by)


def _sign_out(session: Session, board: Board, _: SignIn, person: str, by: By) -> None:
    accounts.sign_out(session, board.organisation_id, person, by=by)


def _release(session: Session, board: Board, _: SignIn, person: str, by: By) -> None:
    subjects.release(session, board.organisation_id, person, by=by)


_DEEDS: Mapping[str, Callable[[Session, Board, SignIn, str, By], None]] = {
    "invite": _invite,
    "lock": _lock,
    "unlock": _unlock,
    "sign-out": _sign_out,
    "release": _release,
}


def _link(board: Board, sign_in: SignIn, request: Request, person: str) -> HTMLResponse:
    """Make a link to be handed over, and show it on this answer alone: it is kept nowhere."""
    with write(board.engine) as session:
        view = board.view_of(session)
        by = By(code=view.actor.code, at=view.now)
        account = accounts.find_account(session, board.organisation_id, person)
        cause = Cause.RESET if account is not None and account.password_hash else Cause.INVITED
        row = hand_over(session, board.organisation_id, person, by=by, cause=cause)
        here = f"{request.url.scheme}://{request.url.netloc}{board.root}"
        address = link_address(here, row, board.keys)
        until = view.moment(by.at + one_time_links.HOLDS)
        page = _person_page(view, sign_in, board.root, person, link=address, link_until=until)
        return board.html("account_of.html", page, view.directory.name)


def _accounts_page(view: View, root: str, text: str, state: str) -> AccountsPage:
    every = list(_lines(view, root))
    counts = [
        (each, view.say(f"account_state_{each}"), sum(line.state == each for line in every))
        for each in _STATES
    ]
    wanted = plain(text)
    shown = [
        line
        for line in every
        if (not state or line.state == state)
        and (not wanted or wanted in plain(f"{line.name} {line.login} {line.unit} {line.role}"))
    ]
    return AccountsPage(
        href=f"{root}/settings/accounts",
        lines=shown,
        found=len(shown),
        counts=counts,
        text=text,
        state=state,
    )


def _lines(view: View, root: str) -> Iterable[PersonLine]:
    """Yield every active person in the directory's order, which is the office's own."""
    known = accounts.accounts_of(view.session, view.organisation_id)
    last = attempts.last_sign_ins(view.session, view.organisation_id)
    for person in view.directory.people:
        if person.active:
            yield _line(view, root, person, known.get(person.code), last.get(person.code))


def _line(
    view: View, root: str, person: Person, account: AccountRow | None, last: datetime | None
) -> PersonLine:
    state = accounts.state_of(account)
    return PersonLine(
        href=_href(root, person.code),
        name=person.name,
        login=person.email or person.code,
        role=view.say(f"role_{role_of(person.post)}"),
        unit=view.unit(person.unit),
        state=state,
        state_words=view.say(f"account_state_{state}"),
        last=view.moment(last) if last else "",
    )


def _href(root: str, code: str) -> str:
    return f"{root}/settings/accounts/{quote(code, safe='')}"


def _person_page(
    view: View, sign_in: SignIn, root: str, code: str, *, link: str = "", link_until: str = ""
) -> PersonPage:
    session, office = view.session, view.organisation_id
    person = person_or_refuse(code, view.directory)
    account = accounts.find_account(session, office, code)
    last = attempts.last_sign_in(session, office, code)
    line = _line(view, root, person, account, last)
    found = sessions.sessions_of(session, office, code, policy=sign_in.policy, at=view.now)
    return PersonPage(
        list_href=f"{root}/settings/accounts",
        line=line,
        deeds=tuple(
            _deeds(
                view,
                line,
                person,
                signed_in=bool(found),
                bound=account is not None and account.oidc_subject is not None,
            )
        ),
        sessions=tuple(session_lines(found, view)),
        sign_ins=tuple(sign_in_lines(attempts.attempts_of(session, office, code), view)),
        events=tuple(event_lines(accounts.events_of(session, office, code), view)),
        link=link,
        link_until=link_until,
    )


def _deeds(view: View, line: PersonLine, person: Person, *, signed_in: bool, bound: bool) -> Iterable[Deed]:
    """Yield what may be done to the account as it stands."""
    when = leaves_words(view.now, view.calendar, view.sending, view.language)

    def deed(what: str, code: str, **params: object) -> Deed:
        label, why = view.say(f"account_do_{code}"), view.say(f"account_do_{code}_why", **params)
        return Deed(action=f"{line.href}/{what}", label=label, why=why)

    if line.state == "locked":
        yield deed("unlock", "unlock")
    elif person.active:
        again = "invite" if line.state in ("none", "invited") else "reset"
        if person.email and person.reachable:
            yield deed("invite", again, when=when)
        yield deed("link", "link")
    if signed_in:
        yield deed("sign-out", "sign_out")
    if bound:
        yield deed("release", "release")
    if line.state not in ("none", "locked") and person.code != view.actor.code:
        yield deed("lock", "lock")
