"""Every route says which right it asks for, and the door asks before anything of the route runs.

A board with a route that says nothing does not start (``check_rights``), so that a page added in haste is
not a page open to all. What a role may see is ``tasks_catalog.roles``; what stands open on one task is
asked again where it is done.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from fastapi import Depends, Request
from fastapi.params import Depends as Dependency
from fastapi.routing import APIRoute
from starlette.routing import Mount

from board.viewers import looking
from tasks_catalog.allowed import NotAllowed
from tasks_catalog.problem import Refused
from tasks_catalog.roles import Right, Role, may


class NotSignedIn(Refused):
    """The page is for people who have signed in, and nobody has."""


class RightMissing(NotAllowed):
    """The page is not for this person's role."""


@dataclass(frozen=True, kw_only=True)
class Looked:
    """Somebody is let in to a page with personal data: which, and whose by its address."""

    by: str
    page: str
    named: Mapping[str, Any]


@dataclass(frozen=True)
class Needs:
    """What a route asks of whoever calls it; ``right`` None: nothing, or what its own link says.

    Of several rights any one opens it. ``why`` says in English why a route is open to all, for the table
    of routes.
    """

    right: Right | tuple[Right, ...] | None
    why: str = ""
    personal: str = ""
    """What personal data is shown, for the log of who saw it (``board.personal_log``); "" for none."""

    @property
    def rights(self) -> tuple[Right, ...]:
        """The rights any one of which opens the route; none where it is open to all."""
        if self.right is None:
            return ()
        return self.right if isinstance(self.right, tuple) else (self.right,)

    def opens_to(self, role: Role) -> bool:
        """Say whether somebody signed in with this role is let in."""
        return self.right is None or any(may(role, right) for right in self.rights)

    async def __call__(self, request: Request) -> None:
        """Ask before anything of the route runs."""
        self.check()
        actor = looking().actor
        if self.personal and actor is not None:
            request.state.personal = Looked(
                by=actor.code, page=self.personal, named=dict(request.path_params)
            )

    def check(self) -> None:
        """Raise NotSignedIn or RightMissing where the route is not for whoever calls.

        Until sign-in is configured whoever sits at this machine is let in.
        """
        if self.right is None:
            return
        who = looking()
        if who.actor is None:
            if who.must_sign_in:
                raise NotSignedIn("sign_in_needed")
            return
        if not self.opens_to(who.actor.role):
            raise RightMissing("right_missing", role=str(who.actor.role), right=", ".join(self.rights))


def needs(*rights: Right, personal: str = "") -> list[Dependency]:
    """Return the dependencies of a route for people whose role has the right, or one of several.

    ``personal`` flags a page that shows personal data beyond names in their context.
    """
    return [Depends(Needs(rights[0] if len(rights) == 1 else rights, personal=personal))]


def open_to_all(why: str) -> list[Dependency]:
    """Return the dependencies of a route that asks for no sign-in: ``why`` says what guards it."""
    return [Depends(Needs(None, why))]


@dataclass(frozen=True, kw_only=True)
class RouteRight:
    """A line of the table of routes."""

    method: str
    path: str
    needs: Needs


def rights_of(routes: Iterable[object]) -> Iterator[RouteRight]:
    """Return what each route asks for, those of applications mounted beneath too.

    Raises TypeError for one that says nothing, or says it twice.
    """
    for route in routes:
        if isinstance(route, Mount):
            for one in rights_of(route.routes):
                yield replace(one, path=f"{route.path}{one.path}")
        if not isinstance(route, APIRoute):
            continue
        found = [each.dependency for each in route.dependencies if isinstance(each.dependency, Needs)]
        if len(found) != 1:
            raise TypeError(f"{route.path} says {len(found)} times which right it needs")
        for method in sorted(route.methods or ()):
            yield RouteRight(method=method, path=route.path, needs=found[0])


def check_rights(routes: Iterable[object]) -> None:
    """Raise TypeError unless every route says which right it needs."""
    for _ in rights_of(routes):
        pass
