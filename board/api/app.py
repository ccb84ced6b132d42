"""The API as an application of its own beneath the board, so that its door and its refusals are its own."""

from __future__ import annotations

import re
from time import monotonic
from typing import TYPE_CHECKING

from fastapi import FastAPI
from fastapi.responses import JSONResponse, Response
from starlette.middleware import Middleware
from starlette.routing import Mount

from board.api.acting import add_acting
from board.api.door import Door
from board.api.files import add_files
from board.api.once import Running
from board.api.problems import add_problems
from board.api.rate import RateLimit
from board.api.reading import add_reading
from board.api.schema import describe
from board.rights import open_to_all

if TYPE_CHECKING:
    from board.app import Board

PREFIX = "/v1"


def add_api(app: FastAPI, board: Board, *, per_minute: int) -> None:
    """Mount the API of this office under ``/v1``."""
    rate = RateLimit(per_minute=per_minute, clock=monotonic)
    api = FastAPI(
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
        middleware=[Middleware(Door, board=board, rate=rate)],
    )
    running = Running()
    describe(api, board)

    @api.get(
        "/openapi.json",
        include_in_schema=False,
        dependencies=open_to_all("describes the program, nothing of the office"),
    )
    def described() -> Response:
        return JSONResponse(api.openapi())

    add_reading(api, board)
    add_files(api, board, running)
    add_acting(api, board, running)
    add_problems(api, board)
    mount = Mount(PREFIX, app=api)
    # Starlette's "." stops at a line break, which a path may hold: such a call is the API's to refuse too.
    mount.path_regex = re.compile(f"^{PREFIX}/(?P<path>.*)$", re.DOTALL)
    app.router.routes.append(mount)
