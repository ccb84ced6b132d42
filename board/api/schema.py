"""The API described for machines (OpenAPI 3.1): routes as they are, with what each asks for and may answer.

What every route shares is written here once: the token, its scope and the role's right, the problems.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from board.api.door import FILES, IMPORTS
from board.api.needs import TokenNeeds
from board.api.problems import MEDIA_TYPE, Problem

VERSION = "1.0.0"
_ABOUT = """The plans, tasks and shares of one office, and the same acts as on its board.

Ask with `Authorization: Bearer dondoc_<number>_<64 hexadecimal digits>`. A token acts as one person: it may
never do more than that person's role, and only what its scopes name. Every POST needs an `Idempotency-Key`.
Whatever is not answered as asked is a problem as of RFC 9457; its `detail` is in Vietnamese, or in English
where `Accept-Language` prefers it. Days are those of the office, moments carry their offset."""
_SAID = {
    304: "What the asker has still holds.",
    400: "The request cannot be read, or has no Idempotency-Key.",
    401: "No token, or one that does not hold.",
    403: "The person's role, the token's scopes or the state of the work do not allow it.",
    404: "There is no such thing.",
    409: "The record refuses it as it stands, or a call with this key is still running.",
    413: "The body is larger than it may be.",
    415: "The body is of a kind that is not taken here.",
    422: "The request does not have the shape described, or its key was used for another.",
    429: "Too many calls of this token in a minute.",
    500: "The program failed; nothing was recorded.",
}


def statuses_of(route: APIRoute) -> list[int]:
    """Return what a route may answer besides what was asked for."""
    needs = _needs(route)
    found: set[int] = {500}
    if needs is not None:
        found |= {401, 403, 422, 429}
        if "GET" in (route.methods or ()):
            found |= {304}
    if "{" in route.path or route.path in ("/tasks", FILES):
        found |= {404}
    if "POST" in (route.methods or ()):
        found |= {400, 409, 413, 415, 422}
    if route.path.endswith("/tally") or route.path.startswith(IMPORTS):
        found |= {409}
    return sorted(found)


def _needs(route: APIRoute) -> TokenNeeds | None:
    found = (each.dependency for each in route.dependencies)
    return next((one for one in found if isinstance(one, TokenNeeds)), None)


def describe(app: FastAPI) -> None:
    """Give the application its description."""

    @cache
    def openapi() -> dict[str, Any]:
        routes = [each for each in app.routes if isinstance(each, APIRoute) and each.include_in_schema]
        made = get_openapi(
            title="dondoc",
            version=VERSION,
            openapi_version="3.1.0",
            description=_ABOUT,
            routes=routes,
        )
        parts = made.setdefault("components", {})
        schema = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        parts.setdefault("schemas", {}).update(schema.pop("$defs", {}))
        parts["schemas"]["Problem"] = schema
        for unused in ("HTTPValidationError", "ValidationError"):
            parts["schemas"].pop(unused, None)
        parts["securitySchemes"] = {
            "token": {"type": "http", "scheme": "bearer", "description": "A token made by an administrator."}
        }
        _complete(made, routes)
        return made

    app.openapi = openapi  # type: ignore[method-assign]  # the way FastAPI documents


def _complete(made: dict[str, Any], routes: Iterable[APIRoute]) -> None:
    for route in routes:
        for method in route.methods or ():
            operation = made["paths"][route.path_format][method.lower()]
            needs = _needs(route)
            if needs is not None:
                operation["security"] = [{"token": []}]
                operation["description"] = f"Scope `{needs.scope}`, right `{needs.right}`."
                operation["x-dondoc-scope"] = str(needs.scope)
                operation["x-dondoc-right"] = str(needs.right)
            operation["responses"].pop("422", None)
            operation["responses"].update({str(one): _said(one) for one in statuses_of(route)})


def _said(status: int) -> dict[str, Any]:
    told: dict[str, Any] = {"description": _SAID[status]}
    if status != 304:
        told["content"] = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    if status == 429:
        told["headers"] = {
            "Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer", "minimum": 1}}
        }
    return told
