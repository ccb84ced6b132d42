"""The door of the flow UI: Prefect's pages and its API are for roles that look after the flows.

They are served beside the board, by a server that knows nothing of sign-in (``flows.server_door.Admits``).
A page leads to sign in or says why not; a call to the API, whose reader is a script, is told so as JSON.
"""

from __future__ import annotations

from collections.abc import Callable

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response

from board.app import Board
from board.refusals import refuse
from board.rights import Needs, NotSignedIn, RightMissing
from board.viewers import WhoLooks, looks_as
from tasks_catalog.roles import Right


def flow_door(app: FastAPI) -> Callable[[Request], Response | None] | None:
    """Return what admits people of the board ``app`` to the flow UI; None where nobody signs in."""
    board: Board = app.state.board
    who: WhoLooks | None = app.state.viewer
    if who is None:
        return None

    def admits(request: Request) -> Response | None:
        with looks_as(who(request)):
            try:
                Needs(Right.FLOW_UI).check()
            except (NotSignedIn, RightMissing) as error:
                if "text/html" in request.headers.get("accept", ""):
                    return refuse(board, request, error)
                status = 401 if isinstance(error, NotSignedIn) else 403
                return JSONResponse({"detail": error.code}, status_code=status)
        return None

    return admits
