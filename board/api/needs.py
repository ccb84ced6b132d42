"""What a call needs: the right of a role, as at every page, and the scope of its token besides."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Depends, Request
from fastapi.params import Depends as Dependency
from fastapi.routing import APIRoute

from board.api.office import office_of
from board.rights import Needs
from storage.api_tokens import Holder
from tasks_catalog.allowed import NotAllowed
from tasks_catalog.problem import Refused
from tasks_catalog.roles import Right
from tasks_catalog.scopes import SCOPE_OF, Scope


class ScopeMissing(NotAllowed):
    """The token was not made for this."""


@dataclass(frozen=True)
class TokenNeeds(Needs):
    """What a route of the API asks of a token: its person's right, and the scope the right stands under."""

    @property
    def scope(self) -> Scope | None:
        return SCOPE_OF[self.rights[0]] if self.rights else None

    async def __call__(self, request: Request) -> None:
        """Raise NotSignedIn, RightMissing or ScopeMissing where the call is not for this token."""
        await super().__call__(request)
        scope = self.scope
        if scope is None:
            return
        _refuse_too_many(request)
        _refuse_unknown(request)
        held = holder_of_request(request).scopes
        if scope not in held:
            raise ScopeMissing("scope_missing", scope=str(scope), scopes=", ".join(sorted(held)))


def _refuse_too_many(request: Request) -> None:
    """Count the call; raise Refused (api_too_many) where the token has made all it may for now."""
    rate = office_of(request).rate
    if wait := rate.wait_of(holder_of_request(request).token):
        raise Refused("api_too_many", most=rate.per_minute, seconds=wait)


def _refuse_unknown(request: Request) -> None:
    """Raise Refused (api_invalid) for a parameter the route does not know: a filter mistyped is no filter."""
    route = request.scope.get("route")
    assert isinstance(route, APIRoute)  # noqa: S101  # FastAPI names the route before its dependencies run
    known = {one.alias for one in route.dependant.query_params}
    for name in request.query_params:
        if name not in known:
            named = ", ".join(sorted(known)) or "none"
            raise Refused("api_invalid", what=f"query.{printable(name)}: not known here; known are: {named}")


def printable(words: str) -> str:
    """Return words from a request so that any answer can carry them."""
    return "".join(letter for letter in words if letter.isprintable())[:80]


def token_needs(right: Right, *, personal: str = "") -> list[Dependency]:
    """Return the dependencies of a route for tokens of people with ``right`` that have its scope."""
    return [Depends(TokenNeeds(right, personal=personal))]


def holder_of_request(request: Request) -> Holder:
    """Return whose token came with a request that asks for one."""
    held = request.scope["dondoc.holder"]
    assert isinstance(held, Holder)  # noqa: S101  # the door has refused every other
    return held
