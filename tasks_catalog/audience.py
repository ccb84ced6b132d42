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
_ONE_UP = {
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
    owner = _owner(share, directory)
    if audience in (Audience.OWNER, Audience.CO_OWNER):
        return (owner._replace(audience=audience),) if owner else ()
    person = _holder(audience, share, directory)
    if person is not None and not _is_same(person, owner):
        return (Reader(person, str(audience), audience),)
    return _one_level_up(audience, owner, share, directory)


def _one_level_up(
    audience: Audience, owner: Reader | None, share: Share, directory: Directory
) -> tuple[Reader, ...]:
    rank = RANK[owner.person.post] if owner and owner.route != "fallback" else -1
    step = _ONE_UP.get(audience)
    while step is not None:
        person = _holder(step, share, directory)
        if person is not None and RANK[person.post] > rank and not _is_same(person, owner):
            return (Reader(person, "one_up", step),)
        step = _ONE_UP.get(step)
    return ()


def _is_same(person: Person, owner: Reader | None) -> bool:
    """Say whether the person works on the share; a coordinator who only stands in for a unit does not."""
    return owner is not None and owner.route != "fallback" and person.code == owner.person.code


def _owner(share: Share, directory: Directory) -> Reader | None:
    officer = directory.person(share.officer) if share.officer else None
    candidates = (
        ("officer", officer),
        ("focal_point", directory.focal_of(share.key.unit)),
        ("head", directory.head_of(share.key.unit)),
        ("fallback", directory.coordinator()),
    )
    found = [
        Reader(person, route, Audience.OWNER) for route, person in candidates if person and person.active
    ]
    # Where nobody can be reached a letter still dies in the outbox, where it is seen; silence is not.
    return next((each for each in found if each.person.reachable), next(iter(found), None))


def _holder(audience: Audience, share: Share, directory: Directory) -> Person | None:
    person = _of_post(audience, share, directory)
    return person if person is not None and person.reachable else None


def _of_post(audience: Audience, share: Share, directory: Directory) -> Person | None:
    match audience:
        case Audience.HEAD:
            return directory.head_of(share.key.unit)
        case Audience.COORDINATOR:
            return directory.coordinator()
        case Audience.DEPUTY_DIRECTOR:
            return directory.deputy_in_charge()
        case Audience.DIRECTOR:
            return directory.director()
        case _:
            return None
