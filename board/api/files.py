"""Files as proof: taken by their content, as on the board, and named in a report by a handle.

A digest would name a file as well, but anybody may read digests in the history: a report could then draw
another unit's file to itself. The handle is signed for the person who handed the file in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, FastAPI, Query, Request
from fastapi.responses import Response
from itsdangerous import BadSignature, URLSafeTimedSerializer
from starlette.concurrency import run_in_threadpool

from board.api.door import FILES
from board.api.needs import token_needs
from board.api.office import board_of
from board.api.once import BYTES, call_of, done_once
from board.api.values import FileOut
from board.view import View
from storage.api_calls import KEPT, Call
from storage.files import Handed, file_or_refuse, keep_file
from tasks_catalog.problem import Refused
from tasks_catalog.roles import Right
from tasks_catalog.uploads import file_name

if TYPE_CHECKING:
    from board.app import Board

_NAME = Query(
    min_length=1,
    max_length=150,
    description="The file's name as people are to see it; what it is, its content says.",
    examples=["bao-cao.pdf"],
)
_SALT = "dondoc.api-file.1"


def add_files(app: FastAPI) -> None:
    @app.post(
        FILES,
        operation_id="file",
        tags=["acts on shares"],
        summary="Hand in a file as proof: PDF, Office, OpenDocument or a picture, up to 20 MB.",
        response_model=FileOut,
        dependencies=token_needs(Right.FILES),
        openapi_extra={
            "requestBody": {
                "required": True,
                "content": {BYTES: {"schema": {"type": "string", "format": "binary"}}},
            }
        },
    )
    async def file(
        request: Request, call: Annotated[Call, Depends(call_of)], name: Annotated[str, _NAME]
    ) -> Response:
        handed = Handed(name=name, data=await request.body())

        def do(view: View) -> FileOut:
            return _keep(board_of(request), view, handed)

        return await run_in_threadpool(done_once, request, call, do)


def _keep(board: Board, view: View, handed: Handed) -> FileOut:
    if board.files is None or not board.keys:
        raise Refused("form_no_files")
    by = view.actor.code
    row = keep_file(view.session, view.organisation_id, board.files, handed, by=by, at=view.now)
    name = file_name(handed.name)
    handle = _signer(board).dumps([row.sha256, name, by])
    return FileOut(file=str(handle), name=name, media_type=row.media_type, size=row.size, sha256=row.sha256)


def handed_of(board: Board, view: View, handle: str) -> Handed:
    """Return the file a handle names. Raises Refused: file_handle_unknown, file_gone."""
    if board.files is None or not board.keys:
        raise Refused("form_no_files")
    try:
        sha256, name, by = _signer(board).loads(handle, max_age=int(KEPT.total_seconds()))
    except (BadSignature, ValueError, TypeError) as error:
        raise Refused("file_handle_unknown") from error
    if by != view.actor.code:
        raise Refused("file_handle_unknown")
    row = file_or_refuse(view.session, view.organisation_id, sha256)
    return Handed(name=name, data=board.files.get(row.sha256))


def _signer(board: Board) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(list(reversed(board.keys)), salt=_SALT)
