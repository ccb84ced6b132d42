"""The page of tokens: which programs may ask and act, as whom, until when; making one, ending one.

An administrator makes tokens that only read; what acts for somebody is made by that person alone, under
their own account, so that looking after the program gives no power over others' work. A new token is shown
in the answer to the form that made it and nowhere again: it is the one form that leads to no other page,
since a page loaded later could not show it.
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
from tasks_catalog.allowed import NotAllowed
from tasks_catalog.collation import collation_key
from tasks_catalog.problem import Refused
from tasks_catalog.roles import Right, Role, may
from tasks_catalog.scopes import LONGEST_DAYS, SCOPE_OF, Scope, scopes_or_refuse

if TYPE_CHECKING:
    from board.app import Board

PLACE = "/settings/tokens"
OWN_PLACE = "/account/tokens"
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
    own: bool = False
    made: str = ""
    made_name: str = ""
    refused: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


def add_tokens(app: FastAPI, board: Board) -> None:
    """Add the page; without a secret no form of it is drawn."""

    _add(app, board, PLACE, Right.INTEGRATIONS, own=False)
    if board.signs_in:
        _add(app, board, OWN_PLACE, Right.SELF, own=True)


def _add(app: FastAPI, board: Board, place: str, right: Right, *, own: bool) -> None:
    @app.get(place, response_class=HTMLResponse, dependencies=needs(right))
    def tokens(request: Request) -> HTMLResponse:
        with board.view() as view:
            said = said_of(request, view.language)
            page = tokens_page(board, view, own=own)
            return board.html("tokens.html", page, view.directory.name, said=said)

    @app.post(place, response_class=HTMLResponse, dependencies=needs(right))
    async def make(request: Request) -> HTMLResponse:
        return await run_in_threadpool(_make, board, await read_posted(board, request), own=own)

    @app.post(f"{place}/{{number}}/revoke", dependencies=needs(right))
    async def revoke(number: int, request: Request) -> Response:
        await read_posted(board, request)
        return await run_in_threadpool(_revoke, board, number, own=own)


def tokens_page(
    board: Board,
    view: View,
    *,
    own: bool,
    made: tuple[str, str] = ("", ""),
    refused: str = "",
    form: Posted | None = None,
) -> TokensPage:
    rows = api_tokens.all_of(view.session, view.organisation_id, of=view.actor.code if own else None)
    people = sorted(
        (
            person
            for person in view.directory.people
            if person.active and (not own or person.code == view.actor.code)
        ),
        key=lambda person: collation_key(person.name),
    )
    place = f"{board.root}{OWN_PLACE if own else PLACE}"
    last = view.now.date() + _USUAL
    return TokensPage(
        action=place,
        lines=tuple(_line(place, row, view) for row in rows),
        people=(
            *(() if own else (("", view.say("form_choose")),)),
            *(
                (one.code, f"{one.name} – {view.say(f'post_{one.post}')}, {view.unit(one.unit)}")
                for one in people
            ),
        ),
        scopes=tuple(
            _choice(scope, view, form) for scope in Scope if not own or _fits(scope, view.actor.role)
        ),
        until=form.get("until", "") if form else last.isoformat(),
        most=LONGEST_DAYS,
        own=own,
        made=made[1],
        made_name=made[0],
        refused=refused,
        values=form or {},
    )


def _fits(scope: Scope, role: Role) -> bool:
    """Say whether a scope holds anything the role has a right to."""
    return any(held is scope and may(role, right) for right, held in SCOPE_OF.items())


def _choice(scope: Scope, view: View, form: Posted | None) -> ScopeChoice:
    ticked = f"scope-{scope}" in form if form else scope is Scope.READ
    return ScopeChoice(
        name=f"scope-{scope}",
        label=view.say(f"scope_{scope}"),
        hint=view.say(f"scope_{scope}_hint"),
        ticked=ticked,
    )


def _line(place: str, row: ApiToken, view: View) -> TokenLine:
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
        revoke=f"{place}/{row.id}/revoke" if row.revoked_at is None else "",
    )


def _refuse_acting_for_others(view: View, person: str, scopes: tuple[Scope, ...]) -> None:
    """Raise NotAllowed for a token that acts, made by another than whom it acts for."""
    if view.viewer is not None and person != view.actor.code and set(scopes) != {Scope.READ}:
        raise NotAllowed("token_acts_for_other", scope=str(Scope.READ))


def _make(board: Board, form: Posted, *, own: bool) -> HTMLResponse:
    with write(board.engine) as session:
        view = board.view_of(session)
        try:
            with session.begin_nested():
                person = view.actor.code if own else form.get("person", "")
                scopes = scopes_or_refuse(scope for scope in Scope if f"scope-{scope}" in form)
                _refuse_acting_for_others(view, person, scopes)
                row, words = api_tokens.make(
                    session,
                    view.organisation_id,
                    name=form.get("name", ""),
                    person=person,
                    scopes=scopes,
                    until=needed_day(form, "until", asks="token_day_needed"),
                    by=view.actor.code,
                    at=view.now,
                )
        except Refused as refused:
            why = problem_sentence(refused, view.language)
            page = tokens_page(board, view, own=own, refused=why, form=form)
            return board.html("tokens.html", page, view.directory.name, 400)
        page = tokens_page(board, view, own=own, made=(row.name, words))
        return board.html("tokens.html", page, view.directory.name)


def _revoke(board: Board, number: int, *, own: bool) -> Response:
    with write(board.engine) as session:
        view = board.view_of(session)
        me = view.actor.code
        api_tokens.revoke(session, view.organisation_id, number, by=me, at=view.now, of=me if own else None)
    return back_to(f"{board.root}{OWN_PLACE if own else PLACE}", "token", number=number)
