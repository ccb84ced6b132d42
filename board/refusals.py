"""Why there is no page: said in the reader's language, with the status that programs go by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException

from board.rights import NotSignedIn, RightMissing
from notifications.wording import problem_sentence, sentence
from tasks_catalog.problem import Refused

if TYPE_CHECKING:
    from board.app import Board

_FORBIDDEN = {"right_missing", "file_of_other_unit"}
_NOT_FOUND = {
    "plan_unknown",
    "task_unknown",
    "task_unreadable",
    "period_unknown",
    "unit_not_known",
    "letter_unknown",
    "file_gone",
    "import_unknown",
    "webhook_unknown",
    "change_unknown",
    "setting_thing_unknown",
    "wording_unknown",
}


@dataclass(frozen=True, kw_only=True)
class NoPage:
    """What is said where there is no page."""

    title: str
    text: str


def add_refusals(app: FastAPI, board: Board) -> None:
    """Say in the office's language why there is no page; an error's reason goes to the server's log only."""

    @app.exception_handler(Refused)
    def refused(request: Request, error: Refused) -> Response:
        return refuse(board, request, error)

    @app.exception_handler(HTTPException)
    def refused_by_framework(request: Request, error: HTTPException) -> HTMLResponse:
        said = "board_no_such_page" if error.status_code == 404 else "board_not_allowed"
        return _no_page(board, request, error.status_code, sentence(said, board.language))

    @app.exception_handler(RequestValidationError)
    def unreadable(request: Request, error: RequestValidationError) -> HTMLResponse:
        return _no_page(board, request, 400, sentence("board_request_unreadable", board.language))

    @app.exception_handler(Exception)
    def failed(request: Request, error: Exception) -> HTMLResponse:
        return _no_page(board, request, 500, sentence("board_failed", board.language))


def refuse(board: Board, request: Request, error: Refused) -> Response:
    """Return the page that says why there is none; who has not signed in is led to it."""
    if isinstance(error, NotSignedIn):
        return _to_sign_in(board, request, error)
    status = 403 if error.code in _FORBIDDEN else 404 if error.code in _NOT_FOUND else 400
    return _no_page(board, request, status, refused_words(error, board.language))


def refused_words(error: Refused, language: str) -> str:
    """Return the sentence of a refusal, the role it names in words."""
    if isinstance(error, RightMissing):
        return sentence(error.code, language, role_name=sentence(f"role_{error.params['role']}", language))
    return problem_sentence(error, language)


def _to_sign_in(board: Board, request: Request, error: NotSignedIn) -> Response:
    """Lead to the sign-in page and from there back; what was typed into a form is not to be lost for it."""
    if request.method in ("GET", "HEAD"):
        path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return RedirectResponse(f"{board.root}/sign-in?{urlencode({'to': path})}", status_code=303)
    return _no_page(board, request, 401, problem_sentence(error, board.language))


def _no_page(board: Board, request: Request, status: int, said: str) -> HTMLResponse:
    """Say why there is no page; who came by a letter's link is shown no way to others."""
    title = sentence("board_not_found" if status == 404 else "board_not_shown", board.language)
    page = NoPage(title=title, text=said)
    return board.html("no_page.html", page, status=status, bare="/a/" in request.url.path)
