"""What is answered instead of what was asked for: one shape everywhere under ``/v1`` (RFC 9457).

``type`` leads to an explanation that says nothing of the office; ``code`` and ``params`` are the same
refusal the board words for people, ``detail`` is that sentence in the language asked for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.routing import Match, Route

from board.api.language import language_of
from board.api.office import office_of
from board.rights import NotSignedIn, RightMissing
from notifications.wording import LANGUAGES, catalogue, problem_sentence, sentence
from tasks_catalog.allowed import NotAllowed
from tasks_catalog.problem import Refused
from tasks_catalog.uploads import UploadRefused

MEDIA_TYPE = "application/problem+json"
_STATUS: Mapping[str, int] = {
    "api_unreadable": 400,
    "board_request_unreadable": 400,
    "idempotency_missing": 400,
    "token_needed": 401,
    "token_wrong": 401,
    "scope_missing": 403,
    "plan_unknown": 404,
    "task_unknown": 404,
    "task_unreadable": 404,
    "share_unknown": 404,
    "unit_not_known": 404,
    "period_unknown": 404,
    "mine_sheet_none": 404,
    "sheet_line_unknown": 404,
    "file_gone": 404,
    "file_handle_unknown": 404,
    "import_unknown": 404,
    "cursor_unknown": 404,
    "list_place_unreadable": 404,
    "problem_unknown": 404,
    "api_no_such_address": 404,
    "api_method": 405,
    "api_too_large": 413,
    "upload_too_large": 413,
    "api_media_type": 415,
    "api_invalid": 422,
    "idempotency_other": 422,
    "api_too_many": 429,
    "api_failed": 500,
}
"""What is not listed, the record itself refuses as it stands: 409."""


class DocumentNotRead(Refused):
    """A plan's document handed in cannot be read, for what was found in it (RFC 9110, 15.5.16)."""


class Fault(BaseModel):
    """One part of a request that cannot be taken."""

    model_config = ConfigDict(extra="forbid")

    where: list[str] = Field(description="The way to it: body, query, path or header, then names.")
    fault: str = Field(description="What is wrong with it, in English.")


class Problem(BaseModel):
    """A problem as of RFC 9457."""

    model_config = ConfigDict(extra="forbid")

    type: str = Field(description="Address of the explanation of this code.")
    title: str = Field(description="The status in words.")
    status: int = Field(description="The HTTP status, once more.")
    detail: str = Field(description="What was wrong and what would be right, as Accept-Language asks.")
    instance: str = Field(description="The address that was asked.")
    code: str = Field(description="What happened, for programs; it does not change with the language.")
    params: dict[str, str] = Field(description="What the sentence quotes.")
    errors: list[Fault] = Field(default=[], description="Of a request that does not fit (422): each part.")


class Explained(BaseModel):
    """What a code means, with the places of what its sentence quotes."""

    model_config = ConfigDict(extra="forbid")

    code: str
    status: int
    vi: str
    en: str


def status_of(error: Refused) -> int:
    """Return the status a refusal is answered with."""
    if isinstance(error, NotSignedIn):
        return 401
    if error.code in _STATUS:
        return _STATUS[error.code]
    if isinstance(error, NotAllowed):
        return 403
    return 415 if isinstance(error, UploadRefused | DocumentNotRead) else 409


def problem_of(
    request: Request,
    error: Refused,
    *,
    faults: Sequence[Fault] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return the answer to a request that was refused."""
    language, status = language_of(request.headers), status_of(error)
    params = dict(error.params)
    if isinstance(error, RightMissing):
        params["role_name"] = sentence(f"role_{params['role']}", language)
    shown = Refused(error.code, **params)
    if isinstance(error, RightMissing):
        shown.code = "api_right_missing"
    problem = Problem(
        type=f"{office_of(request).board.root}/v1/problems/{shown.code}",
        title=sentence(f"api_title_{status}", language),
        status=status,
        detail=problem_sentence(shown, language),
        instance=(request.scope.get("raw_path") or b"").decode("ascii", "replace") or "/",
        code=shown.code,
        params=params,
        errors=list(faults),
    )
    told = {"Content-Language": language, "Vary": "Accept-Language", **(headers or {})}
    if status == HTTPStatus.UNAUTHORIZED:
        told["WWW-Authenticate"] = 'Bearer realm="dondoc"' + (
            ', error="invalid_token"' if error.code == "token_wrong" else ""
        )
    if error.code in ("scope_missing", "right_missing"):
        told["WWW-Authenticate"] = 'Bearer realm="dondoc", error="insufficient_scope"'
    if error.code == "api_too_many":
        told["Retry-After"] = params["seconds"]
    body = problem.model_dump_json(exclude_defaults=False)
    return Response(body, status_code=status, media_type=MEDIA_TYPE, headers=told)


def explained(code: str) -> Explained:
    """Return what a code means. Raises Refused (problem_unknown)."""
    entry = catalogue().get(code)
    if entry is None:
        raise Refused("problem_unknown", name=code)
    status = _STATUS.get(code, 403 if code in _FORBIDDEN else 409)
    return Explained(code=code, status=status, **{name: entry[name] for name in LANGUAGES})


_FORBIDDEN = ("api_right_missing", "act_not_allowed")


def add_problems(app: FastAPI) -> None:
    """Answer every refusal of the API, the framework's own too, in this one shape."""

    @app.exception_handler(Refused)
    def refused(request: Request, error: Refused) -> Response:
        if isinstance(error, NotSignedIn):
            told = "token_wrong" if request.headers.get("authorization") else "token_needed"
            return problem_of(request, NotSignedIn(told))
        return problem_of(request, error)

    @app.exception_handler(HTTPException)
    def by_framework(request: Request, error: HTTPException) -> Response:
        code = {404: "api_no_such_address", 405: "api_method"}.get(error.status_code, "api_unreadable")
        if code != "api_method":
            return problem_of(request, Refused(code), headers=error.headers)
        allow = {"Allow": ", ".join(_methods_here(app, request))}
        return problem_of(request, Refused(code, method=request.method), headers=allow)

    @app.exception_handler(RequestValidationError)
    def invalid(request: Request, error: RequestValidationError) -> Response:
        found = error.errors()
        if any(one["type"] == "json_invalid" for one in found):
            return problem_of(request, Refused("api_unreadable"))
        if any(tuple(one["loc"]) == ("header", "Idempotency-Key") for one in found):
            return problem_of(request, Refused("idempotency_missing"))
        faults = [
            Fault(where=[_shown(str(part)) for part in one["loc"]], fault=_shown(one["msg"]))
            for one in found[:50]
        ]
        what = "; ".join(f"{'.'.join(one.where)}: {one.fault}" for one in faults[:5])
        return problem_of(request, Refused("api_invalid", what=what), faults=faults)

    @app.exception_handler(Exception)
    def failed(request: Request, error: Exception) -> Response:
        return problem_of(request, Refused("api_failed"))


def _methods_here(app: FastAPI, request: Request) -> list[str]:
    """Return what an address takes, of every route it has: the framework names the first one's alone."""
    here = [
        one
        for one in app.routes
        if isinstance(one, Route) and one.matches(request.scope)[0] is not Match.NONE
    ]
    return sorted({method for one in here for method in one.methods or ()})


def _shown(words: str) -> str:
    """Return words that any encoding can carry: what is refused may be no text at all."""
    return words.encode("utf-8", "replace").decode("utf-8")[:1000]
