"""The addresses of importing a plan in the browser: GET shows, each POST acts once and leads back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from board.acting import back_to, read_posted, said_of
from board.downloads import download
from board.forms import Posted
from board.import_desk import ImportDesk, coordinates_or_refuse
from board.import_forms import answer_of_form, fault_of_answer, head_of_form, looked_of, name_of_form
from board.import_rows import Tried
from board.imports import Looked, imports_page
from board.rights import needs
from notifications.wording import problem_sentence
from storage import tasks, uploads
from tasks_catalog.documents.refusals import MAX_BYTES
from tasks_catalog.drafting import Review
from tasks_catalog.problem import Refused
from tasks_catalog.roles import Right
from tasks_catalog.settling import Answer
from tasks_catalog.unit_names import plain_key

if TYPE_CHECKING:
    from board.app import Board

_ROW_FIELDS = ("deadline", "owner", "owners", "co_owner", "co_owners")
MOST_POSTED = MAX_BYTES + 64 * 1024
"""A document of the largest size, with the form around it."""


def add_importing(app: FastAPI, board: Board, keys: Sequence[str]) -> None:
    """Add the pages of uploads; without a secret, or a folder to keep files in, there are none."""
    if not keys or board.files is None:
        return
    store, desk = board.files, ImportDesk(board=board, store=board.files)
    pages = _Pages(board, desk)

    @app.get("/imports", response_class=HTMLResponse, dependencies=needs(Right.PLANS))
    def imports(request: Request) -> HTMLResponse:
        return pages.listed(said=said_of(request, board.language))

    @app.post("/imports", dependencies=needs(Right.PLANS))
    async def take(request: Request) -> Response:
        form = await read_posted(board, request, most_bytes=MOST_POSTED)
        return await run_in_threadpool(pages.take, form)

    @app.get("/imports/{number}", response_class=HTMLResponse, dependencies=needs(Right.PLANS))
    def one(number: int, request: Request) -> HTMLResponse:
        said = said_of(request, board.language)
        return pages.one(number, looked_of(request.query_params), said=said, asked=_query(request))

    @app.get("/imports/{number}/file", dependencies=needs(Right.PLANS))
    def file(number: int) -> Response:
        with board.view() as view:
            coordinates_or_refuse(view)
            row = uploads.upload_or_refuse(view.session, view.organisation_id, number)
        return download(store.get(row.sha256), row.name, uploads.MEDIA_TYPE)

    @app.post("/imports/{number}/rows/{row}", dependencies=needs(Right.PLANS))
    async def row(number: int, row: int, request: Request) -> Response:
        return await run_in_threadpool(pages.row, number, row, await read_posted(board, request))

    @app.post("/imports/{number}/{what}", dependencies=needs(Right.PLANS))
    async def act(number: int, what: str, request: Request) -> Response:
        form = await read_posted(board, request)
        acts = {
            "head": pages.head,
            "names": pages.name,
            "import": pages.import_plan,
            "revise": pages.revise,
            "aside": pages.set_aside,
        }
        if what not in acts:
            raise Refused("board_ticket_wrong")
        return await run_in_threadpool(acts[what], number, form)


def _query(request: Request) -> Posted:
    lists: dict[str, tuple[str, ...]] = {}
    for name, value in request.query_params.multi_items():
        lists[name] = (*lists.get(name, ()), value)
    return Posted(lists)


class _Pages:
    """What each address answers."""

    def __init__(self, board: Board, desk: ImportDesk) -> None:
        self._board = board
        self._desk = desk

    def listed(
        self, *, said: str = "", refused: Refused | None = None, form: Posted | None = None
    ) -> HTMLResponse:
        with self._board.view() as view:
            coordinates_or_refuse(view)
            plans = {plan.id: plan for plan in tasks.list_plans(view.session, view.organisation_id)}
            why = problem_sentence(refused, view.language) if refused else ""
            page = imports_page(view, plans, refused=why, values=form)
            status = 400 if refused else 200
            return self._board.html("imports.html", page, view.directory.name, status, said=said)

    def take(self, form: Posted) -> Response:
        try:
            number, done = self._desk.take(form)
        except Refused as refused:
            return self.listed(refused=refused, form=form)
        return back_to(f"{self._root}/imports/{number}", done)

    def one(
        self,
        number: int,
        looked: Looked,
        *,
        said: str = "",
        status: int = 200,
        asked: Posted | None = None,
    ) -> HTMLResponse:
        with self._board.view() as view:
            opened = self._desk.open(view, number)
            page = self._desk.page(view, opened, looked, asked)
            return self._board.html("import.html", page, view.directory.name, status, said=said)

    def row(self, number: int, row: int, form: Posted) -> Response:
        """Keep the answer to one row, show how it would be read, or take it back."""
        looked, what = looked_of(form), form.get("what", "keep")
        answer = None if what == "clear" else answer_of_form(form)
        if answer is not None:
            tried = self._tried(number, row, answer, form)
            if what == "preview" or tried.refused:
                status = 400 if tried.refused else 200
                return self.one(number, replace(looked, tried=tried), status=status)
        self._desk.answer(number, lambda draft: draft.with_row(row, answer))
        return self._back(
            number, looked, f"row-{row}", "import_row_cleared" if answer is None else "import_row"
        )

    def _tried(self, number: int, row: int, answer: Answer, form: Posted) -> Tried:
        """Try an answer on the row: what it makes of it, or why it does not answer."""
        values = {
            name: form.get(name, "") for name in ("deadline", "owner", "owners", "co_owner", "co_owners")
        }
        with self._board.view() as view:
            review = self._desk.open(view, number).review
            fault = fault_of_answer(review, row, answer)
            refused = problem_sentence(fault, view.language) if fault else ""
        return Tried(row=row, answer=answer, values=values, refused=refused)

    def head(self, number: int, form: Posted) -> Response:
        looked = looked_of(form)
        try:
            self._desk.answer(number, lambda draft: head_of_form(form, draft))
        except Refused as refused:
            return self._refused(number, looked, refused)
        return self._back(number, looked, "", "import_head")

    def name(self, number: int, form: Posted) -> Response:
        """Keep the answer for a name, or a unit to be added to the directory."""
        looked, name = looked_of(form), form.get("name", "")
        try:
            with self._board.view() as view:
                directory, review = view.directory, self._desk.open(view, number).review
                refuse_fault(replace(review, draft=name_of_form(form, review.draft, directory)), name)
            self._desk.answer(number, lambda draft: name_of_form(form, draft, directory))
        except uploads.UploadGone:
            raise
        except Refused as refused:
            return self._refused(number, replace(looked, name=name), refused)
        return self._back(number, looked, "names", "import_name")

    def import_plan(self, number: int, form: Posted) -> Response:
        try:
            plan, made, count, waiting = self._desk.import_plan(number)
        except uploads.UploadGone:
            raise
        except Refused as refused:
            return self._refused(number, looked_of(form), refused)
        if not made:
            return back_to(self._plan(plan), "import_before")
        done = "import_imported_asking" if waiting else "import_imported"
        return back_to(self._plan(plan), done, tasks=count, waiting=waiting)

    def revise(self, number: int, form: Posted) -> Response:
        try:
            plan, done = self._desk.revise_plan(number, form)
        except uploads.UploadGone:
            raise
        except Refused as refused:
            return self._refused(number, looked_of(form), refused, form)
        changes = done.changes
        return back_to(
            self._plan(plan),
            "import_revised",
            new=len(changes.new),
            altered=len(changes.altered),
            dropped=len(changes.dropped),
            same=len(changes.same),
        )

    def set_aside(self, number: int, form: Posted) -> Response:
        self._desk.set_aside(number)
        return back_to(f"{self._root}/imports", "import_aside", number=number)

    def _refused(
        self, number: int, looked: Looked, refused: Refused, form: Posted | None = None
    ) -> HTMLResponse:
        why = problem_sentence(refused, self._board.language)
        return self.one(number, replace(looked, refused=why), status=400, asked=form)

    def _back(self, number: int, looked: Looked, anchor: str, done: str) -> RedirectResponse:
        query = f"?{urlencode(looked.where)}" if looked.where else ""
        return back_to(f"{self._root}/imports/{number}{query}#{anchor}", done)

    def _plan(self, number: str) -> str:
        return self._board.links.plan(number)

    @property
    def _root(self) -> str:
        return self._board.links.base_url.rstrip("/")


def refuse_fault(review: Review, name: str) -> None:
    """Raise why the answer given for a name cannot hold, such as a name that another unit is printed by."""
    for asked in review.names:
        if asked.fault is not None and plain_key(asked.name) == plain_key(name):
            raise asked.fault
