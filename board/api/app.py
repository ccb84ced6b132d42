"""The API as an application of its own beneath the board, so that its door and its refusals are its own."""

from __future__ import annotations

import re
from functools import cache
from time import monotonic
from typing import TYPE_CHECKING

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response
from starlette.middleware import Middleware
from starlette.routing import Mount

from board.api.acting import add_acting
from board.api.door import Door
from board.api.files import add_files
from board.api.imports import add_imports
from board.api.office import Office, office_of
from board.api.own_work import add_own_work
from board.api.problems import add_problems
from board.api.rate import RateLimit
from board.api.reading import add_reading
from board.api.schema import describe
from board.import_desk import ImportDesk
from board.rights import open_to_all

if TYPE_CHECKING:
    from board.app import Board

PREFIX = "/v1"


def add_api(app: FastAPI, board: Board, *, per_minute: int) -> None:
    """Mount the API of this office under ``/v1``."""
    rate = RateLimit(per_minute=per_minute, clock=monotonic)
    desk = ImportDesk(board=board, store=board.files) if board.files is not None else None
    mount = Mount(PREFIX, app=Office(app=the_api(), board=board, rate=rate, imports=desk))
    # Starlette's "." stops at a line break, which a path may hold: such a call is the API's to refuse too.
    mount.path_regex = re.compile(f"^{PREFIX}/(?P<path>.*)$", re.DOTALL)
    app.router.routes.append(mount)


@cache
def the_api() -> FastAPI:
    """Return the API; making its routes takes as long as those of all pages, so they are made once."""
    api = FastAPI(
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
        middleware=[Middleware(Door)],
    )
    describe(api)

    @api.get(
        "/openapi.json",
        include_in_schema=False,
        dependencies=open_to_all("describes the program, nothing of the office"),
    )
    def described(request: Request) -> Response:
        here = {"servers": [{"url": f"{office_of(request).board.root}{PREFIX}"}]}
        return JSONResponse({**api.openapi(), **here})

    add_reading(api)
    add_files(api)
    add_acting(api)
    add_own_work(api)
    add_imports(api)
    add_problems(api)
    return api
