"""The pages of signing in and out, and of asking for a new password."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.background import BackgroundTask

from board.account_pages import add_own_account
from board.accounts import add_accounts
from board.acting import back_to, read_posted, said_of
from board.leaving import leaves_words
from board.password_links import add_links
from board.rights import needs, open_to_all
from board.secret_forms import drawn, office_name, read_secrets, retry_after, status_of
from board.signing_in import SignIn
from board.viewers import looking
from notifications.account_letters import Posting, ask_for_reset
from notifications.wording import problem_sentence
from storage.engine import write
from tasks_catalog.problem import Refused
from tasks_catalog.roles import Right
from tasks_catalog.sending import next_sending

if TYPE_CHECKING:
    from board.app import Board

_HERE = "where people sign in: a form bound to the browser, attempts limited"
_MOST_BACK = 2000


@dataclass(frozen=True, kw_only=True)
class SignInPage:
    """The form; ``refused`` is why it did not let in, ``name`` what was typed, ``to`` where to go then."""

    action: str
    forgot: str
    to: str
    name: str = ""
    refused: str = ""
    other_ways: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, kw_only=True)
class ForgotPage:
    """The form; ``asked`` is what is said once it was sent, whoever was meant."""

    action: str
    back: str
    leaves: str
    asked: bool = False
    refused: str = ""


def add_sign_in(app: FastAPI, board: Board, sign_in: SignIn) -> None:
    """Add the pages of signing in; each of the own account, and of everybody's for the administrator."""
    _add_sign_in(app, board, sign_in)
    _add_forgot(app, board, sign_in)
    add_links(app, board, sign_in)
    add_own_account(app, board, sign_in)
    add_accounts(app, board, sign_in)


def _add_sign_in(app: FastAPI, board: Board, sign_in: SignIn) -> None:
    @app.get("/sign-in", response_class=HTMLResponse, dependencies=open_to_all(_HERE))
    def shown(request: Request, to: str = "") -> Response:
        if looking().actor is not None:
            return RedirectResponse(target(board.root, to), status_code=303)
        return sign_in_page(board, sign_in, request, to=to, said=said_of(request, board.language))

    @app.post("/sign-in", response_class=HTMLResponse, dependencies=open_to_all(_HERE))
    async def signed_in(request: Request) -> Response:
        form: Mapping[str, str] = {}
        try:
            form = await read_secrets(board, request)
            name, password = form.get("name", ""), form.get("password", "")
            token = await run_in_threadpool(sign_in.by_password, request, name, password)
        except Refused as refused:
            return await run_in_threadpool(_not_in, board, sign_in, request, form, refused)
        answer = RedirectResponse(target(board.root, form.get("to", "")), status_code=303)
        sign_in.put_cookie(answer, token)
        return answer

    @app.post("/sign-out", response_class=RedirectResponse, dependencies=needs(Right.SELF))
    async def signed_out(request: Request) -> RedirectResponse:
        await read_posted(board, request)
        answer = back_to(f"{board.root}/sign-in", "signed_out")
        await run_in_threadpool(sign_in.leave, request, answer)
        return answer


def target(root: str, to: str) -> str:
    """Return where a person goes once signed in: the page of this board they asked for, else the first.

    Only a path, and no other host by any reading of it: browsers take "//host", "/\\\\host" and what holds
    a tab or a line's end for one.
    """
    first = f"{root}/"
    if not to.startswith(first) or len(to) > _MOST_BACK or not to.isascii() or not to.isprintable():
        return first
    parts = urlsplit(to)
    if parts.scheme or parts.netloc or to.startswith("//") or "\\" in to:
        return first
    return to


def _not_in(
    board: Board, sign_in: SignIn, request: Request, form: Mapping[str, str], refused: Refused
) -> HTMLResponse:
    answer = sign_in_page(
        board,
        sign_in,
        request,
        to=form.get("to", ""),
        name=form.get("name", "")[:200],
        refused=problem_sentence(refused, board.language),
        status=status_of(refused),
    )
    answer.headers.update(retry_after(refused))
    return answer


def sign_in_page(
    board: Board,
    sign_in: SignIn,
    request: Request,
    *,
    to: str,
    name: str = "",
    refused: str = "",
    said: str = "",
    status: int = 200,
) -> HTMLResponse:
    """Draw the form, and the other ways to sign in, which lead on to the same page."""
    back = to if target(board.root, to) == to else ""
    onward = f"?{urlencode({'to': back})}" if back else ""
    page = SignInPage(
        action=f"{board.root}/sign-in",
        forgot=f"{board.root}/sign-in/forgot",
        to=back,
        name=name,
        refused=refused,
        other_ways=tuple((f"{board.root}{path}{onward}", words) for path, words in sign_in.other_ways),
    )
    office = office_name(board)
    return drawn(
        sign_in,
        request,
        lambda holder: board.html("sign_in.html", page, office, status, said=said, holder=holder),
    )


def _add_forgot(app: FastAPI, board: Board, sign_in: SignIn) -> None:
    @app.get("/sign-in/forgot", response_class=HTMLResponse, dependencies=open_to_all(_HERE))
    def forgot(request: Request) -> HTMLResponse:
        return _forgot_page(board, sign_in, request)

    @app.post("/sign-in/forgot", response_class=HTMLResponse, dependencies=open_to_all(_HERE))
    async def asked(request: Request) -> HTMLResponse:
        try:
            form = await read_secrets(board, request)
        except Refused as refused:
            why = problem_sentence(refused, board.language)
            return await run_in_threadpool(_forgot_page, board, sign_in, request, refused=why, status=400)
        answer = await run_in_threadpool(_forgot_page, board, sign_in, request, asked=True)
        # After the answer has gone: how long it takes must not tell whether anybody is called so.
        answer.background = BackgroundTask(_ask, board, sign_in, form.get("name", ""))
        return answer


def _ask(board: Board, sign_in: SignIn, typed: str) -> None:
    """Keep the letter. A fault is for the log: nobody waits for it any more."""
    now = board.clock()
    try:
        with write(board.engine) as session:
            day = next_sending(now, board.calendars.of(session), board.sending).date()
            posting = Posting(day=day, domain=sign_in.mail_domain)
            most = sign_in.policy.reset_letters
            ask_for_reset(session, board.organisation_id, typed, at=now, most=most, posting=posting)
    except Exception:
        logging.getLogger(__name__).exception("the letter for a new password was not kept")


def _forgot_page(
    board: Board,
    sign_in: SignIn,
    request: Request,
    *,
    asked: bool = False,
    refused: str = "",
    status: int = 200,
) -> HTMLResponse:
    with board.view() as view:
        office = view.directory.name
        leaves = leaves_words(view.now, view.calendar, view.sending, view.language)
    page = ForgotPage(
        action=f"{board.root}/sign-in/forgot",
        back=f"{board.root}/sign-in",
        leaves=leaves,
        asked=asked,
        refused=refused,
    )
    return drawn(
        sign_in,
        request,
        lambda holder: board.html("forgot.html", page, office, status, holder=holder),
    )
