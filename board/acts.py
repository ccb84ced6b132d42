"""What the reader of a letter may do by its links, without signing in: each link what it was made for.

GET only shows, so that a mail scanner that opens every link changes nothing; POST acts. Who holds a link
holds a capability for one line in one epoch, for one sheet, or for his own work, and no more: what does
not fit any longer is said and refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, Response
from starlette.exceptions import HTTPException

from board.act_forms import FORMS, Form
from board.act_pages import ActPage, act_page, line_of
from board.at_work import AtWork
from board.bearing import BY_LINK, Asked, ByLink, asked_in, check, opened
from board.forms import Posted, read_form
from board.handing_in import MOST_HANDED
from board.mine import add_mine, post_sheet, read_under, show_mine, show_sheet
from board.mine_sheet import SheetAt
from board.preferences import PreferencesPage, prefer, preferences_page
from board.rights import open_to_all
from notifications.signing import Purpose, read_link
from notifications.wording import problem_sentence
from storage import links, tasks
from storage.engine import write
from storage.links import note_use
from storage.unit_work import Whose
from tasks_catalog.people import Post
from tasks_catalog.problem import Refused

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from board.app import Board
    from board.view import View


def add_acts(app: FastAPI, board: Board, keys: Sequence[str]) -> None:
    """Add the pages behind the links in letters; without keys there are none."""
    if not keys:
        return
    add_mine(app, board, keys)

    @app.get("/a/{token}", response_class=HTMLResponse, dependencies=open_to_all(BY_LINK))
    def show(token: str, request: Request) -> HTMLResponse:
        with opened(board, keys, token) as asked:
            match asked.scope.purpose:
                case Purpose.MINE:
                    return show_mine(board, asked, request)
                case Purpose.SHEET:
                    return show_sheet(board, asked, _sheet_at(asked), request)
                case _:
                    return _answer(board, asked, _page(asked))

    @app.post("/a/{token}", response_class=HTMLResponse, dependencies=open_to_all(BY_LINK))
    async def act(token: str, request: Request) -> Response:
        match read_link(token, keys, today=board.clock().date()).purpose:
            case Purpose.MINE:
                raise HTTPException(405)
            case Purpose.SHEET:
                way = ByLink(board, keys, token, (Purpose.SHEET,))
                form = await read_under(board, way, request)
                return await run_in_threadpool(post_sheet, board, way, form, _sheet_of_line)
            case _:
                await run_in_threadpool(check, board, keys, token)
                form = await read_form(request, most_bytes=MOST_HANDED)
                return await run_in_threadpool(_acted, board, keys, token, form)


def _sheet_of_line(asked: AtWork) -> SheetAt:
    assert isinstance(asked, Asked)  # noqa: S101  # this sheet is opened by a letter's line only
    return _sheet_at(asked)


def _sheet_at(asked: Asked) -> SheetAt:
    """Return the sheet of the link's line: what of it is its reader's to say, by the line's own unit."""
    view, person = asked.view, asked.bearer.person
    line = line_of(asked.bearer, view)
    unit = line.share.key.unit
    heads = person.post is Post.HEAD and person.unit == unit
    member = None if heads else person.code
    return SheetAt(
        href=asked.base,
        back=None,
        whose=Whose(organisation_id=view.organisation_id, unit=unit, member=member),
        plan=tasks.plan_or_refuse(view.session, view.organisation_id, line.plan),
        period=line.share.period or "",
    )


def _acted(board: Board, keys: Sequence[str], token: str, form: Posted) -> HTMLResponse:
    """Do the one thing, in one transaction with the note of it; a refusal is noted too, and shown."""
    with write(board.engine) as session:
        asked = asked_in(board, keys, token, session)
        refused: Refused | None = None
        try:
            with session.begin_nested():
                said = _do(asked, form)
        except Refused as reason:
            refused = reason
        view = asked.view
        note_use(
            session,
            asked.bearer,
            str(asked.scope.purpose),
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
    return replace(board.view_of(session), language=view.language, viewer=view.viewer)


def _page(asked: Asked) -> ActPage | PreferencesPage:
    if asked.scope.purpose is Purpose.PREFERENCES:
        return preferences_page(asked.bearer, asked.view)
    return act_page(asked.scope, asked.bearer, asked.view, takes_files=asked.files is not None)


def _do(asked: Asked, form: Posted) -> str:
    """Do the one thing the link is for and return the sentence that says so."""
    if asked.scope.purpose is Purpose.PREFERENCES:
        return prefer(asked.bearer, form, asked.view)
    act: Form = FORMS[asked.scope.purpose]
    return act(asked.desk, line_of(asked.bearer, asked.view), form, asked.view, asked.files)


_TEMPLATES = {Purpose.PREFERENCES: "act_preferences.html"}


def _answer(board: Board, asked: Asked, page: ActPage | PreferencesPage, status: int = 200) -> HTMLResponse:
    template = _TEMPLATES.get(asked.scope.purpose, "act.html")
    view = asked.view
    return board.html(template, page, view.directory.name, status, language=view.language, bare=True)
