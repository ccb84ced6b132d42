"""The page of tokens: which programs may ask and act, as whom, until when; making one, ending one.

A new token is shown in the answer to the form that made it and nowhere again: it is the one form that leads
to no other page, since a page loaded later could not show it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, Response

from board.acting import back_to, read_posted, said_of
from board.fields import needed_day
from board.forms import Posted
from board.rights import needs
from board.view import View
from notifications.wording import problem_sentence
from storage import api_tokens
from storage.api_rows import ApiToken
from storage.engine import write
from tasks_catalog.collation import collation_key
from tasks_catalog.problem import Refused
from tasks_catalog.roles import Right
from tasks_catalog.scopes import LONGEST_DAYS, Scope, scopes_or_refuse

if TYPE_CHECKING:
    from board.app import Board

PLACE = "/settings/tokens"
_USUAL = timedelta(days=90)


@dataclass(frozen=True, kw_only=True)
class TokenLine:
    """One token; ``revoke`` is where it is ended, "" once it holds no longer."""

    number: int
    name: str
    person: str
    scopes: str
    until: str
    state: str
    held: bool
    made: str
    used: str
    revoke: str


@dataclass(frozen=True, kw_only=True)
class ScopeChoice:
    """One scope to tick."""

    name: str
    label: str
    hint: str
    ticked: bool


@dataclass(frozen=True, kw_only=True)
class TokensPage:
    """The tokens, and the form for a new one; ``made`` is the new one's words, shown this once."""

    action: str
    lines: tuple[TokenLine, ...]
    people: tuple[tuple[str, str], ...]
    scopes: tuple[ScopeChoice, ...]
    until: str
    most: int
    made: str = ""
    made_name: str = ""
    refused: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


def add_tokens(app: FastAPI, board: Board) -> None:
    """Add the page; without a secret no form of it is drawn."""

    @app.get(PLACE, response_class=HTMLResponse, dependencies=needs(Right.INTEGRATIONS))
    def tokens(request: Request) -> HTMLResponse:
        with board.view() as view:
            said = said_of(request, view.language)
            return board.html("tokens.html", tokens_page(board, view), view.directory.name, said=said)

    @app.post(PLACE, response_class=HTMLResponse, dependencies=needs(Right.INTEGRATIONS))
    async def make(request: Request) -> HTMLResponse:
        return await run_in_threadpool(_make, board, await read_posted(board, request))

    @app.post(f"{PLACE}/{{number}}/revoke", dependencies=needs(Right.INTEGRATIONS))
    async def revoke(number: int, request: Request) -> Response:
        await read_posted(board, request)
        return await run_in_threadpool(_revoke, board, number)


def tokens_page(
    board: Board,
    view: View,
    *,
    made: tuple[str, str] = ("", ""),
    refused: str = "",
    form: Posted | None = None,
) -> TokensPage:
    rows = api_tokens.all_of(view.session, view.organisation_id)
    people = sorted(
        (person for person in view.directory.people if person.active),
        key=lambda person: collation_key(person.name),
    )
    last = view.now.date() + _USUAL
    return TokensPage(
        action=f"{board.root}{PLACE}",
        lines=tuple(_line(board, row, view) for row in rows),
        people=(
            ("", view.say("form_choose")),
            *(
                (one.code, f"{one.name} – {view.say(f'post_{one.post}')}, {view.unit(one.unit)}")
                for one in people
            ),
        ),
        scopes=tuple(_choice(scope, view, form) for scope in Scope),
        until=form.get("until", "") if form else last.isoformat(),
        most=LONGEST_DAYS,
        made=made[1],
        made_name=made[0],
        refused=refused,
        values=form or {},
    )


def _choice(scope: Scope, view: View, form: Posted | None) -> ScopeChoice:
    ticked = f"scope-{scope}" in form if form else scope is Scope.READ
    return ScopeChoice(
        name=f"scope-{scope}",
        label=view.say(f"scope_{scope}"),
        hint=view.say(f"scope_{scope}_hint"),
        ticked=ticked,
    )


def _line(board: Board, row: ApiToken, view: View) -> TokenLine:
    person = view.directory.person(row.person)
    state = api_tokens.state_of(row, view.now.date(), here=person is not None and person.active)
    used = view.moment(row.last_used_at) if row.last_used_at else view.say("tokens_unused")
    return TokenLine(
        number=row.id,
        name=row.name,
        person=person.name if person else row.person,
        scopes=", ".join(row.scopes),
        until=view.day(row.until),
        state=view.say(f"token_state_{state}"),
        held=state == "held",
        made=view.say("tokens_made_by", at=view.moment(row.made_at), name=view.person(row.made_by)),
        used=used,
        revoke=f"{board.root}{PLACE}/{row.id}/revoke" if row.revoked_at is None else "",
    )


def _make(board: Board, form: Posted) -> HTMLResponse:
    with write(board.engine) as session:
        view = board.view_of(session)
        try:
            with session.begin_nested():
                row, words = api_tokens.make(
                    session,
                    view.organisation_id,
                    name=form.get("name", ""),
                    person=form.get("person", ""),
                    scopes=scopes_or_refuse(scope for scope in Scope if f"scope-{scope}" in form),
                    until=needed_day(form, "until", asks="token_day_needed"),
                    by=view.actor.code,
                    at=view.now,
                )
        except Refused as refused:
            why = problem_sentence(refused, view.language)
            page = tokens_page(board, view, refused=why, form=form)
            return board.html("tokens.html", page, view.directory.name, 400)
        page = tokens_page(board, view, made=(row.name, words))
        return board.html("tokens.html", page, view.directory.name)


def _revoke(board: Board, number: int) -> Response:
    with write(board.engine) as session:
        view = board.view_of(session)
        api_tokens.revoke(session, view.organisation_id, number, by=view.actor.code, at=view.now)
    return back_to(f"{board.root}{PLACE}", "token", number=number)
