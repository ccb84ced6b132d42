"""Plans handed in: a document's bytes, what its rows ask, the answers, and then the plan; and its start.

The same desk as behind the board's pages. A document is read before the transaction that keeps anything,
so that nobody else's writing waits for it. Putting a document into force on a plan there is, and new units
for the directory, are looked over by people: the board's pages alone do that.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Annotated, Literal

from fastapi import Depends, FastAPI, Path, Query, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from board.activating import started
from board.api.answers import answer
from board.api.bodies import Nothing
from board.api.door import IMPORTS
from board.api.import_out import head_out, rows_out
from board.api.import_said import answered_with, headed_with
from board.api.import_values import Answers, HeadSaid, ImportOut, ImportRows
from board.api.needs import token_needs
from board.api.office import board_of, office_of
from board.api.once import BYTES, call_of, done_once
from board.api.parts import Day, IfNoneMatch, Limit, Number, Text, text_query
from board.api.problems import DocumentNotRead
from board.api.values import ActivatedOut
from board.forms import text_typed
from board.import_desk import ImportDesk
from board.view import View
from storage import uploads
from storage.api_calls import Call
from storage.files import Handed
from tasks_catalog.problem import Refused
from tasks_catalog.roles import Right

_CALL = Depends(call_of)
Id = Annotated[int, Path(ge=1, le=2**31 - 1, description="The number of what was handed in.")]
_NAME = Query(
    min_length=1,
    max_length=150,
    description="The file's name; its ending says its kind: docx, xlsx, pdf, csv.",
    examples=["ke-hoach.docx"],
)
_NUMBER = text_query("The plan's number; without it the document's.")
_ISSUED = Query(description="Its day of issue; without it the document's.")
_YEAR = Query(ge=2016, le=2039, description="The plan's year; without it the document's.")
_AFTER = Query(ge=0, le=1_000_000, description="The last row that was read; 0 from the start.")
_SHOW = Query(description="All rows, or those that asked something.")


def add_imports(app: FastAPI) -> None:
    _add_taking(app)
    _add_looking(app)
    _add_answering(app)
    _add_ends(app)


def _add_taking(app: FastAPI) -> None:
    @app.post(
        IMPORTS,
        operation_id="import_take",
        tags=["plans handed in"],
        summary="Hand a plan's document in: docx, xlsx, pdf or csv, up to 50 MB. No plan is made yet.",
        response_model=ImportOut,
        dependencies=token_needs(Right.PLANS),
        openapi_extra={
            "requestBody": {
                "required": True,
                "content": {BYTES: {"schema": {"type": "string", "format": "binary"}}},
            }
        },
    )
    async def take(
        request: Request,
        call: Annotated[Call, _CALL],
        name: Annotated[str, _NAME],
        number: Annotated[Text | None, _NUMBER] = None,
        issued: Annotated[Day | None, _ISSUED] = None,
        year: Annotated[int | None, _YEAR] = None,
    ) -> Response:
        handed = Handed(name=text_typed(name), data=await request.body())
        return await run_in_threadpool(_take, request, call, handed, text_typed(number or ""), issued, year)


def _take(
    request: Request, call: Call, handed: Handed, number: str, issued: date | None, year: int | None
) -> Response:
    desk = _desk(request)
    try:
        found, draft = desk.read(handed, number=number, issued=issued, year=year)
    except Refused as refused:
        raise DocumentNotRead(refused.code, **refused.params) from refused

    def do(view: View) -> ImportOut:
        row, _ = desk.keep(view, handed, found, draft)
        return head_out(desk.open(view, row.id), view)

    return done_once(request, call, do)


def _add_looking(app: FastAPI) -> None:
    @app.get(
        f"{IMPORTS}/{{id}}",
        operation_id="import_rows",
        tags=["plans handed in"],
        summary="Show what was handed in: its rows as they would be kept, with what they ask.",
        response_model=ImportRows,
        dependencies=token_needs(Right.PLANS),
    )
    def rows(
        id: Id,  # as the address names it
        request: Request,
        show: Annotated[Literal["all", "asking"], _SHOW] = "all",
        after: Annotated[int, _AFTER] = 0,
        limit: Limit = 100,
        if_none_match: IfNoneMatch = None,
    ) -> Response:
        with board_of(request).view() as view:
            opened = _desk(request).open(view, id)
            root = board_of(request).root
            return answer(request, rows_out(opened, view, root=root, show=show, after=after, limit=limit))


def _add_answering(app: FastAPI) -> None:
    @app.post(
        f"{IMPORTS}/{{id}}/head",
        operation_id="import_head",
        tags=["plans handed in"],
        summary=(HeadSaid.__doc__ or "").strip(),
        response_model=ImportOut,
        dependencies=token_needs(Right.PLANS),
    )
    def head(id: Id, request: Request, call: Annotated[Call, _CALL], body: HeadSaid) -> Response:
        desk = _desk(request)
        return _done(request, call, id, lambda view: desk.answer_in(view, id, headed_with(body)))

    @app.post(
        f"{IMPORTS}/{{id}}/answers",
        operation_id="import_answers",
        tags=["plans handed in"],
        summary=(Answers.__doc__ or "").strip(),
        response_model=ImportOut,
        dependencies=token_needs(Right.PLANS),
    )
    def answers(id: Id, request: Request, call: Annotated[Call, _CALL], body: Answers) -> Response:
        desk = _desk(request)

        def do(view: View) -> None:
            uploads.open_draft(view.session, view.organisation_id, id)
            review = desk.open(view, id).review
            desk.answer_in(view, id, answered_with(body, review, view.directory))

        return _done(request, call, id, do)


def _add_ends(app: FastAPI) -> None:
    @app.post(
        f"{IMPORTS}/{{id}}/confirm",
        operation_id="import_confirm",
        tags=["plans handed in"],
        summary="Keep it as a plan, which is not started by it. Rows that still ask wait, inactive.",
        response_model=ImportOut,
        dependencies=token_needs(Right.PLANS),
    )
    def confirm(id: Id, request: Request, call: Annotated[Call, _CALL], body: Nothing) -> Response:
        desk = _desk(request)
        return _done(request, call, id, lambda view: desk.import_in(view, id))

    @app.post(
        f"{IMPORTS}/{{id}}/set_aside",
        operation_id="import_set_aside",
        tags=["plans handed in"],
        summary="Leave it: the document stays on file, nothing of it becomes a plan.",
        response_model=ImportOut,
        dependencies=token_needs(Right.PLANS),
    )
    def set_aside(id: Id, request: Request, call: Annotated[Call, _CALL], body: Nothing) -> Response:
        desk = _desk(request)
        return _done(request, call, id, lambda view: desk.set_aside_in(view, id))

    @app.post(
        "/plans/{number}/activation",
        operation_id="plan_activation",
        tags=["plans"],
        summary="Start a plan: its occurrences open, and each unit it names is welcomed by a letter.",
        response_model=ActivatedOut,
        dependencies=token_needs(Right.PLANS),
    )
    def activation(number: Number, request: Request, call: Annotated[Call, _CALL], body: Nothing) -> Response:
        def do(view: View) -> ActivatedOut:
            plan, done = started(board_of(request), view, number)
            return ActivatedOut(
                plan=plan.number,
                on=view.now.date(),
                occurrences=done.opened.occurrences,
                shares=done.opened.shares,
                before_tracking=done.opened.before_tracking,
                letters=done.welcomed,
            )

        return done_once(request, call, do)


def _desk(request: Request) -> ImportDesk:
    """Return the office's desk of plans handed in. Raises Refused (form_no_files)."""
    desk = office_of(request).imports
    if desk is None:
        raise Refused("form_no_files")
    return desk


def _done(request: Request, call: Call, number: int, act: Callable[[View], object]) -> Response:
    """Act on what was handed in, and tell how it stands since."""
    desk = _desk(request)
    with board_of(request).view() as view:  # reading may take a while; nobody else's writing waits for it
        desk.open(view, number)

    def do(view: View) -> ImportOut:
        act(view)
        return head_out(desk.open(view, number), view)

    return done_once(request, call, do)
