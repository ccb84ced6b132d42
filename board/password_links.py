"""The page behind a one-time link: it shows at GET, and sets a password once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, Response

from board.acting import back_to
from board.rights import open_to_all
from board.secret_forms import chosen, drawn, office_name, read_secrets, status_of
from board.signing_in import SignIn
from notifications.account_tokens import read_account_link
from notifications.wording import date_text, problem_sentence, sentence
from storage import accounts, one_time_links
from storage.accounts import AccountRefused
from storage.attempts import Outcome
from storage.engine import read, write
from storage.people import load_directory
from storage.schema import OneTimeLinkRow
from tasks_catalog.passwords import LEAST
from tasks_catalog.people import Directory, Person
from tasks_catalog.problem import Refused
from tasks_catalog.roles import role_of

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from board.app import Board

_BY_LINK = "a one-time link, signed and kept nowhere"


@dataclass(frozen=True, kw_only=True)
class NewPasswordPage:
    """The form behind a one-time link, and whom it is for; without ``name`` the link is good for nothing."""

    title: str
    action: str
    forgot: str
    least: int = LEAST
    name: str = ""
    role: str = ""
    login: str = ""
    until: str = ""
    refused: str = ""


def add_links(app: FastAPI, board: Board, sign_in: SignIn) -> None:
    @app.get("/sign-in/link/{token}", response_class=HTMLResponse, dependencies=open_to_all(_BY_LINK))
    def link(token: str, request: Request) -> HTMLResponse:
        try:
            with read(board.engine) as session:
                row, person, directory = _opened(session, board, token)
        except Refused as refused:
            return _link_void(board, sign_in, request, refused)
        return _link_page(board, sign_in, request, token, row, person, directory)

    @app.post("/sign-in/link/{token}", response_class=HTMLResponse, dependencies=open_to_all(_BY_LINK))
    async def linked(token: str, request: Request) -> Response:
        form: Mapping[str, str] = {}
        wrong: Refused | None = None
        try:
            form = await read_secrets(board, request)
        except Refused as refused:
            wrong = refused
        return await run_in_threadpool(_set, board, sign_in, request, token, form, wrong)


def _set(
    board: Board,
    sign_in: SignIn,
    request: Request,
    token: str,
    form: Mapping[str, str],
    wrong: Refused | None,
) -> Response:
    """Set the password and sign its person in; the link is used by that, and by nothing else."""
    try:
        with read(board.engine) as session:
            row, person, directory = _opened(session, board, token)
    except Refused as refused:
        return _link_void(board, sign_in, request, refused)
    try:
        if wrong is not None:
            raise wrong
        hashed = sign_in.hashes.hashed(chosen(form, person, directory))
    except Refused as refused:
        why = problem_sentence(refused, board.language)
        status = status_of(refused)
        return _link_page(board, sign_in, request, token, row, person, directory, refused=why, status=status)
    try:
        with write(board.engine) as session:
            row, person, _ = _opened(session, board, token)
            one_time_links.use(session, row, at=board.clock())
            by = sign_in.by(person.code)
            accounts.set_password(session, board.organisation_id, person.code, hashed, by=by)
            entered = sign_in.enter(session, request, person.code, way="link", outcome=Outcome.BY_LINK)
    except Refused as refused:
        return _link_void(board, sign_in, request, refused)
    answer = back_to(f"{board.root}/account", "password_set")
    sign_in.put_cookie(answer, entered)
    return answer


def _opened(session: Session, board: Board, token: str) -> tuple[OneTimeLinkRow, Person, Directory]:
    """Return a link that holds, and whom it is for. Raises Refused (account_link_<why>, account_locked)."""
    scope = read_account_link(token, board.keys)
    if scope is None:
        raise Refused("account_link_unknown")
    office = board.organisation_id
    row = one_time_links.link_or_refuse(session, office, scope.number, scope.made, at=board.clock())
    directory = load_directory(session, office)
    person = accounts.active_or_refuse(row.person, directory)
    if accounts.account_or_refuse(session, office, row.person).locked_at is not None:
        raise AccountRefused("account_locked")
    return row, person, directory


def _link_page(
    board: Board,
    sign_in: SignIn,
    request: Request,
    token: str,
    row: OneTimeLinkRow,
    person: Person,
    directory: Directory,
    *,
    refused: str = "",
    status: int = 200,
) -> HTMLResponse:
    now = board.clock()
    until = (row.until or now).astimezone(now.tzinfo)
    page = NewPasswordPage(
        title=sentence("password_set_title", board.language),
        action=f"{board.root}/sign-in/link/{token}",
        forgot=f"{board.root}/sign-in/forgot",
        name=person.name,
        role=sentence(f"role_{role_of(person.post)}", board.language),
        login=person.email or person.code,
        until=f"{until:%H:%M} {date_text(until.date(), board.language)}",
        refused=refused,
    )
    return drawn(
        sign_in,
        request,
        lambda holder: board.html("new_password.html", page, directory.name, status, holder=holder),
    )


def _link_void(board: Board, sign_in: SignIn, request: Request, refused: Refused) -> HTMLResponse:
    page = NewPasswordPage(
        title=sentence("account_link_title", board.language),
        action="",
        forgot=f"{board.root}/sign-in/forgot",
        refused=problem_sentence(refused, board.language),
    )
    return board.html("new_password.html", page, office_name(board), 404)
