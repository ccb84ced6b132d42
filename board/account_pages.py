"""One's own account: who one is to the program, one's password, where one is signed in, the last sign-ins."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, Response

from board.acting import back_to, read_posted, said_of
from board.rights import NotSignedIn, needs
from board.secret_forms import chosen, read_secrets, retry_after, status_of
from notifications.wording import problem_sentence
from storage import accounts, attempts, sessions
from storage.engine import write
from storage.schema import AccountEvent, SessionRow, SignInAttempt
from tasks_catalog.passwords import LEAST
from tasks_catalog.people import Person
from tasks_catalog.problem import Refused
from tasks_catalog.roles import Right

if TYPE_CHECKING:
    from collections.abc import Mapping

    from board.app import Board
    from board.signing_in import SignIn
    from board.view import View


@dataclass(frozen=True, kw_only=True)
class SessionLine:
    """A place where one is signed in."""

    since: str
    seen: str
    address: str
    way: str
    here: bool


@dataclass(frozen=True, kw_only=True)
class SignInLine:
    """An attempt to sign in as oneself."""

    at: str
    address: str
    outcome: str
    went_well: bool


@dataclass(frozen=True, kw_only=True)
class EventLine:
    """What was done to the account, and by whom."""

    at: str
    what: str
    by: str


@dataclass(frozen=True, kw_only=True)
class AccountPage:
    """One's own account."""

    name: str
    role: str
    unit: str
    login: str
    has_password: bool
    changed: str
    password_action: str
    others_action: str
    sessions: Sequence[SessionLine]
    sign_ins: Sequence[SignInLine]
    events: Sequence[EventLine]
    least: int = LEAST
    refused: str = ""

    @property
    def others(self) -> int:
        return sum(not line.here for line in self.sessions)


def add_own_account(app: FastAPI, board: Board, sign_in: SignIn) -> None:
    @app.get("/account", response_class=HTMLResponse, dependencies=needs(Right.SELF))
    def own_account(request: Request) -> HTMLResponse:
        return _page(board, sign_in, request, said=said_of(request, board.language))

    @app.post("/account/password", response_class=HTMLResponse, dependencies=needs(Right.SELF))
    async def change_password(request: Request) -> Response:
        try:
            form = await read_secrets(board, request)
            await run_in_threadpool(_change, board, sign_in, request, form)
        except Refused as refused:
            return await run_in_threadpool(_refused, board, sign_in, request, refused)
        return back_to(f"{board.root}/account", "password_set")

    @app.post("/account/others", response_class=HTMLResponse, dependencies=needs(Right.SELF))
    async def end_others(request: Request) -> Response:
        await read_posted(board, request)
        ended = await run_in_threadpool(_end_others, board, sign_in, request)
        return back_to(f"{board.root}/account", "sessions_ended", number=ended)


def _change(board: Board, sign_in: SignIn, request: Request, form: Mapping[str, str]) -> None:
    """Change the password of whoever is signed in; every other session of theirs ends."""
    held = sign_in.session_of(request)
    if held is None:
        raise NotSignedIn("sign_in_needed")
    person = held.actor.code
    with board.view() as view:
        directory = view.directory
        me = accounts.active_or_refuse(person, directory)
    password = chosen(form, me, directory)
    sign_in.check_own(request, person, form.get("old", ""))
    hashed = sign_in.hashes.hashed(password)
    with write(board.engine) as session:
        accounts.set_password(
            session, board.organisation_id, person, hashed, by=sign_in.by(person), keep=held.id
        )


def _refused(board: Board, sign_in: SignIn, request: Request, refused: Refused) -> HTMLResponse:
    if isinstance(refused, NotSignedIn):
        raise refused
    why = problem_sentence(refused, board.language)
    answer = _page(board, sign_in, request, refused=why, status=status_of(refused))
    answer.headers.update(retry_after(refused))
    return answer


def _end_others(board: Board, sign_in: SignIn, request: Request) -> int:
    held = sign_in.session_of(request)
    if held is None:
        raise NotSignedIn("sign_in_needed")
    with write(board.engine) as session:
        person, now = held.actor.code, board.clock()
        return sessions.end_all(session, board.organisation_id, person, at=now, but=held.id)


def _page(
    board: Board, sign_in: SignIn, request: Request, *, said: str = "", refused: str = "", status: int = 200
) -> HTMLResponse:
    held = sign_in.session_of(request)
    with board.view() as view:
        page = _account_page(view, sign_in, board.root, held.id if held else 0, refused)
        return board.html("account.html", page, view.directory.name, status, said=said)


def _account_page(view: View, sign_in: SignIn, root: str, here: int, refused: str) -> AccountPage:
    session, office, code = view.session, view.organisation_id, view.actor.code
    person = view.directory.person(code) or Person(
        code=code, name=code, email="", unit=view.actor.unit, post=view.actor.post
    )
    account = accounts.find_account(session, office, code)
    changed = account.password_changed_at if account else None
    found = sessions.sessions_of(session, office, code, policy=sign_in.policy, at=view.now)
    return AccountPage(
        name=person.name,
        role=view.say(f"role_{view.actor.role}"),
        unit=view.unit(person.unit),
        login=person.email or person.code,
        has_password=account is not None and account.password_hash is not None,
        changed=view.moment(changed) if changed else "",
        password_action=f"{root}/account/password",
        others_action=f"{root}/account/others",
        sessions=tuple(session_lines(found, view, here)),
        sign_ins=tuple(sign_in_lines(attempts.attempts_of(session, office, code), view)),
        events=tuple(event_lines(accounts.events_of(session, office, code), view)),
        refused=refused,
    )


def session_lines(found: Iterable[SessionRow], view: View, here: int = 0) -> Iterable[SessionLine]:
    for row in found:
        yield SessionLine(
            since=view.moment(row.made_at),
            seen=view.moment(row.last_seen),
            address=row.address,
            way=view.say(f"session_way_{row.way}"),
            here=row.id == here,
        )


def sign_in_lines(found: Iterable[SignInAttempt], view: View) -> Iterable[SignInLine]:
    for row in found:
        outcome = attempts.Outcome(row.outcome)
        yield SignInLine(
            at=view.moment(row.at),
            address=row.address,
            outcome=view.say(f"attempt_{outcome}"),
            went_well=outcome not in (attempts.Outcome.WRONG, attempts.Outcome.BEGUN),
        )


def event_lines(found: Iterable[AccountEvent], view: View) -> Iterable[EventLine]:
    for row in found:
        yield EventLine(
            at=view.moment(row.at), what=view.say(f"account_event_{row.kind}"), by=view.person(row.by)
        )
