"""What a call needs: the right of a role, as at every page, and the scope of its token besides."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Depends, Request
from fastapi.params import Depends as Dependency

from board.rights import Needs
from storage.api_tokens import Holder
from tasks_catalog.allowed import NotAllowed
from tasks_catalog.roles import Right
from tasks_catalog.scopes import SCOPE_OF, Scope


class ScopeMissing(NotAllowed):
    """The token was not made for this."""


@dataclass(frozen=True)
class TokenNeeds(Needs):
    """What a route of the API asks of a token: its person's right, and the scope the right stands under."""

    @property
    def scope(self) -> Scope | None:
        return SCOPE_OF[self.right] if self.right else None

    async def __call__(self, request: Request) -> None:
        """Raise NotSignedIn, RightMissing or ScopeMissing where the call is not for this token."""
        await super().__call__(request)
        scope = self.scope
        if scope is None:
            return
        held = holder_of_request(request).scopes
        if scope not in held:
            raise ScopeMissing("scope_missing", scope=str(scope), scopes=", ".join(sorted(held)))


def token_needs(right: Right) -> list[Dependency]:
    """Return the dependencies of a route for tokens of people with ``right`` that have its scope."""
    return [Depends(TokenNeeds(right))]


def holder_of_request(request: Request) -> Holder:
    """Return whose token came with a request that asks for one."""
    held = request.scope["dondoc.holder"]
    assert isinstance(held, Holder)  # noqa: S101  # the door has refused every other
    return held
