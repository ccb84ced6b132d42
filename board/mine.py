"""The routes of a unit's people, all under the token of a letter's link; GET shows, POST acts and leads back.

Each looks anew whether the share or task is the reader's *now*, in this organisation: a link that leaked
reaches what its reader could reach today, until it expires or is revoked, and leads to no other page.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, Response

from board.acting import back_to, read_posted, said_of
from board.bearing import BY_LINK, Asked, acted, check, opened
from board.downloads import download
from board.forms import Posted
from board.handing_in import MOST_HANDED
from board.mine_arisen import arisen_page, record_arisen
from board.mine_forms import FormPage, form_page, record, work_of
from board.mine_pages import ALL, Way, mine_page, sheet_href, whose_of
from board.mine_sheet import SheetAt, send, sheet_page
from board.rights import open_to_all
from notifications.signing import Purpose, read_link
from notifications.wording import problem_sentence
from storage import tasks
from storage.files import FileMissing, file_or_refuse

if TYPE_CHECKING:
    from board.app import Board


def add_mine(app: FastAPI, board: Board, keys: Sequence[str]) -> None:
    """Add the pages under a digest's "Mở việc của tôi"; the longer paths come first."""

    @app.get("/a/{token}/files/{sha256}", dependencies=open_to_all(BY_LINK))
    def file(token: str, sha256: str, share: int) -> Response:
        with opened(board, keys, token, Purpose.MINE) as asked:
            return _file(asked, sha256, share)

    @app.get(
        "/a/{token}/sheet/{number:path}/{period}",
        response_class=HTMLResponse,
        dependencies=open_to_all(BY_LINK),
    )
    def sheet(token: str, number: str, period: str, request: Request) -> HTMLResponse:
        with opened(board, keys, token, Purpose.MINE) as asked:
            at = _sheet_at(asked, number, period)
            return show_sheet(board, asked, at, request)

    @app.post(
        "/a/{token}/sheet/{number:path}/{period}",
        response_class=HTMLResponse,
        dependencies=open_to_all(BY_LINK),
    )
    async def send_sheet(token: str, number: str, period: str, request: Request) -> Response:
        form = await read_under(board, keys, token, request)
        return await run_in_threadpool(
            post_sheet, board, keys, token, form, lambda asked: _sheet_at(asked, number, period)
        )

    @app.get(
        "/a/{token}/tasks/{task:path}/arisen", response_class=HTMLResponse, dependencies=open_to_all(BY_LINK)
    )
    def arisen(token: str, task: str) -> HTMLResponse:
        with opened(board, keys, token, Purpose.MINE) as asked:
            return _form(board, asked, arisen_page(asked, task))

    @app.post(
        "/a/{token}/tasks/{task:path}/arisen", response_class=HTMLResponse, dependencies=open_to_all(BY_LINK)
    )
    async def say_arisen(token: str, task: str, request: Request) -> Response:
        form = await read_under(board, keys, token, request)
        doing = _Doing(
            what="arisen",
            do=lambda asked: record_arisen(asked, task, form),
            page=lambda asked: arisen_page(asked, task),
        )
        return await run_in_threadpool(_post, board, keys, token, form, doing)

    @app.get(
        "/a/{token}/shares/{share}/{what}", response_class=HTMLResponse, dependencies=open_to_all(BY_LINK)
    )
    def show(token: str, share: int, what: str) -> HTMLResponse:
        with opened(board, keys, token, Purpose.MINE) as asked:
            return _form(board, asked, form_page(asked, share, what))

    @app.post(
        "/a/{token}/shares/{share}/{what}", response_class=HTMLResponse, dependencies=open_to_all(BY_LINK)
    )
    async def act(token: str, share: int, what: str, request: Request) -> Response:
        form = await read_under(board, keys, token, request)
        doing = _Doing(
            what=what,
            do=lambda asked: record(asked, share, what, form),
            page=lambda asked: form_page(asked, share, what),
        )
        return await run_in_threadpool(_post, board, keys, token, form, doing)


@dataclass(frozen=True, kw_only=True)
class _Doing:
    """One thing a form does, and the page it came from."""

    what: str
    do: Callable[[Asked], None]
    page: Callable[[Asked], FormPage]


async def read_under(
    board: Board, keys: Sequence[str], token: str, request: Request, *purposes: Purpose
) -> Posted:
    """Read a form of this board posted under a link that holds; the link is looked at before the form."""
    await run_in_threadpool(check, board, keys, token, *(purposes or (Purpose.MINE,)))
    return await read_posted(board, request, most_bytes=MOST_HANDED)


def show_mine(board: Board, asked: Asked, request: Request) -> HTMLResponse:
    """Draw “Việc của tôi”."""
    page = mine_page(asked, request.query_params.get("officer"))
    return _html(board, asked, "mine.html", page, said=said_of(request, asked.view.language))


def _form(board: Board, asked: Asked, page: FormPage, status: int = 200) -> HTMLResponse:
    return _html(board, asked, "mine_form.html", page, status)


def _html(
    board: Board, asked: Asked, template: str, page: object, status: int = 200, said: str = ""
) -> HTMLResponse:
    view = asked.view
    return board.html(
        template, page, view.directory.name, status, language=view.language, bare=True, said=said
    )


def _post(board: Board, keys: Sequence[str], token: str, form: Posted, doing: _Doing) -> Response:
    refused = acted(board, keys, token, doing.what, doing.do)
    with opened(board, keys, token) as asked:
        if refused is None:
            return back_to(asked.base, f"mine_{doing.what.replace('-', '_')}")
        why = problem_sentence(refused, asked.view.language)
        return _form(board, asked, replace(doing.page(asked), refused=why, values=form), status=400)


def _sheet_at(asked: Asked, number: str, period: str) -> SheetAt:
    plan = tasks.plan_or_refuse(asked.view.session, asked.view.organisation_id, number)
    return SheetAt(
        href=sheet_href(asked, plan.number, period),
        back=Way(label=asked.view.say("mine_back"), href=asked.base),
        whose=whose_of(asked),
        plan=plan,
        period=period,
    )


def show_sheet(board: Board, asked: Asked, at: SheetAt, request: Request) -> HTMLResponse:
    """Draw a sheet, or the page on which all its open lines are confirmed at once."""
    page = sheet_page(asked, at, confirming=ALL in request.query_params)
    return _html(board, asked, "mine_sheet.html", page, said=said_of(request, asked.view.language))


def post_sheet(
    board: Board, keys: Sequence[str], token: str, form: Posted, place: Callable[[Asked], SheetAt]
) -> Response:
    """Record what a sheet says and lead back to it; a refusal shows the form as it was filled in."""
    sent: list[tuple[int, int]] = []

    def do(asked: Asked) -> None:
        sent.append(send(asked, place(asked), form))

    purpose = read_link(token, keys, today=board.clock().date()).purpose
    what = "sheet" if purpose is Purpose.MINE else ""
    refused = acted(board, keys, token, what, do)
    with opened(board, keys, token) as asked:
        at = place(asked)
        if refused is None:
            number, left = sent[-1]
            return back_to(at.href, "sheet_part" if left else "sheet_sent", number=number, left=left)
        page = sheet_page(asked, at, confirming=ALL in form)
        why = problem_sentence(refused, asked.view.language)
        return _html(board, asked, "mine_sheet.html", replace(page, refused=why, values=form), 400)


def _file(asked: Asked, sha256: str, share: int) -> Response:
    """Give out a file of a report of the reader's own unit, and no other."""
    work = work_of(asked, share)
    proofs = work.share.report.evidence if work.share.report else ()
    if asked.files is None or sha256 not in {proof.sha256 for proof in proofs}:
        raise FileMissing("file_gone", sha256=sha256[:12])
    row = file_or_refuse(asked.view.session, asked.view.organisation_id, sha256)
    return download(asked.files.get(row.sha256), row.name, row.media_type)
