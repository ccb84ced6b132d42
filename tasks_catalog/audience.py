"""Whom a rung speaks to: audiences, and the people they are for one share."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from tasks_catalog.facts import Share
from tasks_catalog.people import RANK, Directory, Person


class Audience(StrEnum):
    """Who a rung speaks to; resolved to a person when it fires."""

    OWNER = "owner"
    CO_OWNER = "co_owner"
    HEAD = "head"
    COORDINATOR = "coordinator"
    DEPUTY_DIRECTOR = "deputy_director"
    DIRECTOR = "director"


ABOVE_HEAD = (Audience.COORDINATOR, Audience.DEPUTY_DIRECTOR, Audience.DIRECTOR)
ONE_UP = {
    Audience.OWNER: Audience.HEAD,
    Audience.HEAD: Audience.COORDINATOR,
    Audience.COORDINATOR: Audience.DEPUTY_DIRECTOR,
    Audience.DEPUTY_DIRECTOR: Audience.DIRECTOR,
}


class Reader(NamedTuple):
    """A person an audience resolved to, how, and for whom he stands: one level up that is another post."""

    person: Person
    route: str
    audience: Audience


def readers_of(audience: Audience, share: Share, directory: Directory) -> tuple[Reader, ...]:
    """Return who an audience is for this share; empty where the ladder ends.

    The owner is the share's officer, else the unit's focal point, else its head, else the
    coordinator with an alert. An audience that is itself the owner, or a post that nobody holds,
    goes one level up; nobody's lower in rank is a level up. Whose address is dead is passed over.
    """
    return readers_for(audience, share.key.unit, share.officer, directory)


def readers_for(
    audience: Audience, unit: str, officer: str | None, directory: Directory
) -> tuple[Reader, ...]:
    """Return who an audience is for a share of the unit, held by ``officer`` or by nobody yet."""
    owner = owner_of(unit, officer, directory)
    if audience in (Audience.OWNER, Audience.CO_OWNER):
        return (owner._replace(audience=audience),) if owner else ()
    person = holder_of(audience, unit, directory)
    if person is not None and not _is_same(person, owner):
        return (Reader(person, str(audience), audience),)
    return _one_level_up(audience, owner, unit, directory)


def _one_level_up(
    audience: Audience, owner: Reader | None, unit: str, directory: Directory
) -> tuple[Reader, ...]:
    rank = RANK[owner.person.post] if owner and owner.route != "fallback" else -1
    step = ONE_UP.get(audience)
    while step is not None:
        person = holder_of(step, unit, directory)
        if person is not None and RANK[person.post] > rank and not _is_same(person, owner):
            return (Reader(person, "one_up", step),)
        step = ONE_UP.get(step)
    return ()


def _is_same(person: Person, owner: Reader | None) -> bool:
    """Say whether the person works on the share; a coordinator who only stands in for a unit does not."""
    return owner is not None and owner.route != "fallback" and person.code == owner.person.code


def owner_of(unit: str, officer: str | None, directory: Directory) -> Reader | None:
    """Return who is written to for a unit's share; None in an office that has nobody at all."""
    route_of = own_route(unit, officer, directory)
    found = [Reader(person, route, Audience.OWNER) for route, person in route_of if person.active]
    # Where nobody can be reached a letter still dies in the outbox, where it is seen; silence is not.
    return next((each for each in found if each.person.reachable), next(iter(found), None))


def answers_for(unit: str, officer: str | None, directory: Directory) -> Person | None:
    """Return whose work a unit's share is; None where the coordinator would have to stand in."""
    found = owner_of(unit, officer, directory)
    return None if found is None or found.route == "fallback" else found.person


def own_route(unit: str, officer: str | None, directory: Directory) -> tuple[tuple[str, Person], ...]:
    """Return in their order who may be written to for a unit's share, each with how he was found."""
    candidates = (
        ("officer", directory.person(officer) if officer else None),
        ("focal_point", directory.focal_of(unit)),
        ("head", directory.head_of(unit)),
        ("fallback", directory.coordinator()),
    )
    return tuple((route, person) for route, person in candidates if person is not None)


def holder_of(audience: Audience, unit: str, directory: Directory) -> Person | None:
    """Return who holds the post a rung speaks to, for a unit; None where his address is dead."""
    person = _of_post(audience, unit, directory)
    return person if person is not None and person.reachable else None


def _of_post(audience: Audience, unit: str, directory: Directory) -> Person | None:
    match audience:
        case Audience.HEAD:
            return directory.head_of(unit)
        case Audience.COORDINATOR:
            return directory.coordinator()
        case Audience.DEPUTY_DIRECTOR:
            return directory.deputy_in_charge(unit)
        case Audience.DIRECTOR:
            return directory.director()
        case _:
            return None
