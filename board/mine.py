"""The routes of a unit's people: their own work, under a letter's link or signed in; GET shows, POST acts.

Each looks anew whether the share or task is the reader's *now*, in this organisation: a link that leaked
reaches what its reader could reach today, until it expires or is revoked, and leads to no other page.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.params import Depends
from fastapi.responses import HTMLResponse, Response

from board.acting import back_to, read_posted, said_of
from board.at_work import AtWork, SignedIn, WayIn
from board.bearing import BY_LINK, ByLink
from board.downloads import download
from board.forms import Posted
from board.handing_in import MOST_HANDED
from board.mine_arisen import arisen_page, record_arisen
from board.mine_forms import FormPage, form_page, record, work_of
from board.mine_pages import ALL, Way, mine_page, sheet_href, whose_of
from board.mine_sheet import SheetAt, send, sheet_page
from board.rights import needs, open_to_all
from notifications.wording import problem_sentence
from storage import tasks
from storage.files import FileMissing, file_or_refuse
from tasks_catalog.roles import Right

if TYPE_CHECKING:
    from board.app import Board


@dataclass(frozen=True, kw_only=True)
class _Under:
    """Where the pages stand, what guards them, and the way in they are opened by."""

    prefix: str
    guard: Sequence[Depends]
    way: Callable[[Request], WayIn]
    bare: bool


def add_mine(app: FastAPI, board: Board, keys: Sequence[str]) -> None:
    """Add the pages under a digest's "Mở việc của tôi", and the same for who has signed in."""
    by_link = _Under(
        prefix="/a/{token}",
        guard=open_to_all(BY_LINK),
        way=lambda request: ByLink(board, keys, request.path_params["token"]),
        bare=True,
    )
    signed_in = _Under(
        prefix="/mine", guard=needs(Right.WORK), way=lambda request: SignedIn(board), bare=False
    )
    _add_forms(app, board, by_link)
    _add_forms(app, board, signed_in)

    @app.get("/mine", response_class=HTMLResponse, dependencies=needs(Right.WORK))
    def mine(request: Request) -> HTMLResponse:
        with SignedIn(board).opened() as asked:
            return show_mine(board, asked, request, bare=False)


def _add_forms(app: FastAPI, board: Board, under: _Under) -> None:
    """Add what stands under one's own work; the longer paths come first."""
    at, guard = under.prefix, under.guard

    @app.get(f"{at}/files/{{sha256}}", dependencies=guard)
    def file(request: Request, sha256: str, share: int) -> Response:
        with under.way(request).opened() as asked:
            return _file(asked, sha256, share)

    @app.get(f"{at}/sheet/{{number:path}}/{{period}}", response_class=HTMLResponse, dependencies=guard)
    def sheet(request: Request, number: str, period: str) -> HTMLResponse:
        with under.way(request).opened() as asked:
            return show_sheet(board, asked, _sheet_at(asked, number, period), request, bare=under.bare)

    @app.post(f"{at}/sheet/{{number:path}}/{{period}}", response_class=HTMLResponse, dependencies=guard)
    async def send_sheet(request: Request, number: str, period: str) -> Response:
        way = under.way(request)
        form = await read_under(board, way, request)
        return await run_in_threadpool(
            post_sheet, board, way, form, lambda asked: _sheet_at(asked, number, period), bare=under.bare
        )

    @app.get(f"{at}/tasks/{{task:path}}/arisen", response_class=HTMLResponse, dependencies=guard)
    def arisen(request: Request, task: str) -> HTMLResponse:
        with under.way(request).opened() as asked:
            return _form(board, asked, arisen_page(asked, task), bare=under.bare)

    @app.post(f"{at}/tasks/{{task:path}}/arisen", response_class=HTMLResponse, dependencies=guard)
    async def say_arisen(request: Request, task: str) -> Response:
        way = under.way(request)
        form = await read_under(board, way, request)
        doing = _Doing(
            what="arisen",
            do=lambda asked: record_arisen(asked, task, form),
            page=lambda asked: arisen_page(asked, task),
        )
        return await run_in_threadpool(_post, board, way, form, doing, bare=under.bare)

    @app.get(f"{at}/shares/{{share}}/{{what}}", response_class=HTMLResponse, dependencies=guard)
    def show(request: Request, share: int, what: str) -> HTMLResponse:
        with under.way(request).opened() as asked:
            return _form(board, asked, form_page(asked, share, what), bare=under.bare)

    @app.post(f"{at}/shares/{{share}}/{{what}}", response_class=HTMLResponse, dependencies=guard)
    async def act(request: Request, share: int, what: str) -> Response:
        way = under.way(request)
        form = await read_under(board, way, request)
        doing = _Doing(
            what=what,
            do=lambda asked: record(asked, share, what, form),
            page=lambda asked: form_page(asked, share, what),
        )
        return await run_in_threadpool(_post, board, way, form, doing, bare=under.bare)


@dataclass(frozen=True, kw_only=True)
class _Doing:
    """One thing a form does, and the page it came from."""

    what: str
    do: Callable[[AtWork], None]
    page: Callable[[AtWork], FormPage]


async def read_under(board: Board, way: WayIn, request: Request) -> Posted:
    """Read a form of this board posted by a way in that is open; that is looked at before the form."""
    await run_in_threadpool(_look_in, way)
    return await read_posted(board, request, most_bytes=MOST_HANDED)


def _look_in(way: WayIn) -> None:
    with way.opened():
        pass


def show_mine(board: Board, asked: AtWork, request: Request, *, bare: bool = True) -> HTMLResponse:
    """Draw “Việc của tôi”."""
    page = mine_page(asked, request.query_params.get("officer"))
    return _html(board, asked, "mine.html", page, said=said_of(request, asked.view.language), bare=bare)


def _form(board: Board, asked: AtWork, page: FormPage, status: int = 200, *, bare: bool) -> HTMLResponse:
    return _html(board, asked, "mine_form.html", page, status, bare=bare)


def _html(
    board: Board,
    asked: AtWork,
    template: str,
    page: object,
    status: int = 200,
    said: str = "",
    *,
    bare: bool,
) -> HTMLResponse:
    view = asked.view
    return board.html(
        template, page, view.directory.name, status, language=view.language, bare=bare, said=said
    )


def _post(board: Board, way: WayIn, form: Posted, doing: _Doing, *, bare: bool) -> Response:
    refused = way.acted(doing.what, doing.do)
    with way.opened() as asked:
        if refused is None:
            return back_to(asked.base, f"mine_{doing.what.replace('-', '_')}")
        why = problem_sentence(refused, asked.view.language)
        page = replace(doing.page(asked), refused=why, values=form)
        return _form(board, asked, page, status=400, bare=bare)


def _sheet_at(asked: AtWork, number: str, period: str) -> SheetAt:
    plan = tasks.plan_or_refuse(asked.view.session, asked.view.organisation_id, number)
    return SheetAt(
        href=sheet_href(asked, plan.number, period),
        back=Way(label=asked.view.say("mine_back"), href=asked.base),
        whose=whose_of(asked),
        plan=plan,
        period=period,
    )


def show_sheet(
    board: Board, asked: AtWork, at: SheetAt, request: Request, *, bare: bool = True
) -> HTMLResponse:
    """Draw a sheet, or the page on which all its open lines are confirmed at once."""
    page = sheet_page(asked, at, confirming=ALL in request.query_params)
    said = said_of(request, asked.view.language)
    return _html(board, asked, "mine_sheet.html", page, said=said, bare=bare)


def post_sheet(
    board: Board, way: WayIn, form: Posted, place: Callable[[AtWork], SheetAt], *, bare: bool = True
) -> Response:
    """Record what a sheet says and lead back to it; a refusal shows the form as it was filled in."""
    sent: list[tuple[int, int]] = []

    def do(asked: AtWork) -> None:
        sent.append(send(asked, place(asked), form))

    refused = way.acted("sheet", do)
    with way.opened() as asked:
        at = place(asked)
        if refused is None:
            number, left = sent[-1]
            return back_to(at.href, "sheet_part" if left else "sheet_sent", number=number, left=left)
        page = sheet_page(asked, at, confirming=ALL in form)
        why = problem_sentence(refused, asked.view.language)
        page = replace(page, refused=why, values=form)
        return _html(board, asked, "mine_sheet.html", page, 400, bare=bare)


def _file(asked: AtWork, sha256: str, share: int) -> Response:
    """Give out a file of a report of the reader's own unit, and no other."""
    work = work_of(asked, share)
    proofs = work.share.report.evidence if work.share.report else ()
    if asked.files is None or sha256 not in {proof.sha256 for proof in proofs}:
        raise FileMissing("file_gone", sha256=sha256[:12])
    row = file_or_refuse(asked.view.session, asked.view.organisation_id, sha256)
    return download(asked.files.get(row.sha256), row.name, row.media_type)
