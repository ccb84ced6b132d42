"""What the reader of a letter may do by its links, without signing in: each link one thing.

GET only shows, so that a mail scanner that opens every link changes nothing; POST acts. Who holds a link
holds a capability for one line in one epoch and no more: what does not fit any longer is said and refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse

from board.act_forms import FORMS, Form
from board.act_pages import ActPage, act_page, line_of
from board.forms import read_form
from board.preferences import PreferencesPage, prefer, preferences_page
from notifications.signing import LinkScope, Purpose, read_link
from notifications.wording import problem_sentence
from storage import links
from storage.desk import Desk
from storage.engine import write
from storage.links import Bearer, bearer_of, note_use
from tasks_catalog.problem import Refused

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from board.app import Board
    from board.view import View


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """A genuine link that holds, opened: what it is for, whom it speaks for, and the record to look at."""

    scope: LinkScope
    bearer: Bearer
    view: View


def add_acts(app: FastAPI, board: Board, keys: Sequence[str]) -> None:
    """Add the pages behind the links in letters; without keys there are none."""
    if not keys:
        return

    @app.get("/a/{token}", response_class=HTMLResponse)
    def show(token: str) -> HTMLResponse:
        with _opened(board, keys, token) as asked:
            return _answer(board, asked, _page(asked))

    @app.post("/a/{token}", response_class=HTMLResponse)
    async def act(token: str, request: Request) -> HTMLResponse:
        form = await read_form(request)
        return await run_in_threadpool(_acted, board, keys, token, form)


@contextmanager
def _opened(board: Board, keys: Sequence[str], token: str) -> Iterator[_Asked]:
    with board.view() as view:
        scope = read_link(token, keys, today=view.now.date())
        bearer = bearer_of(view.session, view.organisation_id, scope.letter, scope.notice)
        yield _Asked(scope=scope, bearer=bearer, view=replace(view, language=bearer.person.language))


def _acted(board: Board, keys: Sequence[str], token: str, form: Mapping[str, str]) -> HTMLResponse:
    """Do the one thing, in one transaction with the note of it; a refusal is noted too, and shown."""
    with write(board.engine) as session:
        view = board.view_of(session)
        scope = read_link(token, keys, today=view.now.date())
        bearer = bearer_of(session, view.organisation_id, scope.letter, scope.notice)
        view = replace(view, language=bearer.person.language)
        asked = _Asked(scope=scope, bearer=bearer, view=view)
        refused: Refused | None = None
        try:
            with session.begin_nested():
                said = _do(asked, form)
        except Refused as reason:
            refused = reason
        note_use(
            session,
            bearer,
            str(scope.purpose),
            at=view.now,
            outcome=refused.code if refused else links.DONE,
        )
        page = _page(replace(asked, view=_as_now(board, session, view)))
        if refused is not None:
            why = problem_sentence(refused, view.language)
            return _answer(board, asked, replace(page, refused=why, values=form), status=400)
        return _answer(board, asked, replace(page, done=said))


def _as_now(board: Board, session: Session, view: View) -> View:
    """Return the look at the record after what was just done."""
    return replace(board.view_of(session), language=view.language)


def _page(asked: _Asked) -> ActPage | PreferencesPage:
    if asked.scope.purpose is Purpose.PREFERENCES:
        return preferences_page(asked.bearer, asked.view)
    return act_page(asked.scope, asked.bearer, asked.view)


def _do(asked: _Asked, form: Mapping[str, str]) -> str:
    """Do the one thing the link is for and return the sentence that says so."""
    if asked.scope.purpose is Purpose.PREFERENCES:
        return prefer(asked.bearer, form, asked.view)
    act: Form = FORMS[asked.scope.purpose]
    view, bearer = asked.view, asked.bearer
    desk = Desk(
        session=view.session,
        organisation_id=view.organisation_id,
        calendar=view.calendar,
        at=view.now,
        by=bearer.person.code,
        via=view.say("act_via", address=bearer.letter.address or bearer.person.email, on=bearer.letter.day),
    )
    return act(desk, line_of(asked.scope, bearer, view), form, view)


_TEMPLATES = {Purpose.SHEET: "act_sheet.html", Purpose.PREFERENCES: "act_preferences.html"}


def _answer(board: Board, asked: _Asked, page: ActPage | PreferencesPage, status: int = 200) -> HTMLResponse:
    template = _TEMPLATES.get(asked.scope.purpose, "act.html")
    view = asked.view
    return board.html(template, page, view.directory.name, status, language=view.language, bare=True)
