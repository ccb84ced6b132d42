"""Units, groups and people as the record of changes keeps them: JSON by kind and key, one shape for all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tasks_catalog.people import CLOSED, Directory, Group, Person, Post, Unit

ORGANISATION, UNIT, GROUP, PERSON = "organisation", "unit", "group", "person"

_Thing = tuple[str, str]
"""A kind and a key."""


def organisation_values(directory: Directory) -> dict[str, Any]:
    return {"name": directory.name, "place": directory.place, "superior": directory.superior}


def unit_values(unit: Unit, focal_point: str | None, deputy: str | None) -> dict[str, Any] | None:
    """Return a unit's values; a closed one is no unit any more."""
    if unit.kind == CLOSED:
        return None
    return {
        "name": unit.name,
        "aliases": list(unit.aliases),
        "kind": unit.kind,
        "focal_point": focal_point,
        "deputy": deputy,
    }


def group_values(group: Group) -> dict[str, Any]:
    return {"name": group.name, "aliases": list(group.aliases), "members": list(group.members)}


def person_values(person: Person) -> dict[str, Any]:
    return {
        "name": person.name,
        "email": person.email,
        "unit": person.unit,
        "post": str(person.post),
        "title": person.title,
        "language": person.language,
        "active": person.active,
        "in_charge": person.in_charge,
    }


def person_of(code: str, values: Mapping[str, Any]) -> Person:
    """Return the person that values are of. Raises ValueError for a post there is not."""
    return Person(
        code=code,
        name=values["name"],
        email=values["email"],
        unit=values["unit"],
        post=Post(values["post"]),
        title=values["title"],
        language=values["language"],
        active=values["active"],
        in_charge=values["in_charge"],
    )


def values_of(directory: Directory) -> dict[_Thing, dict[str, Any] | None]:
    """Return every thing of a directory with its values."""
    found: dict[_Thing, dict[str, Any] | None] = {
        (ORGANISATION, directory.organisation): organisation_values(directory)
    }
    for unit in directory.units:
        focal, deputy = directory.focal_points.get(unit.code), directory.deputies.get(unit.code)
        found[UNIT, unit.code] = unit_values(unit, focal, deputy)
    found |= {(GROUP, group.code): group_values(group) for group in directory.groups}
    return found | {(PERSON, person.code): person_values(person) for person in directory.people}


def changed_values(
    before: Directory, after: Directory
) -> Iterator[tuple[str, str, dict[str, Any] | None, dict[str, Any] | None]]:
    """Yield (kind, key, before, after) of what differs between two directories of one office."""
    old, new = values_of(before), values_of(after)
    for kind, key in dict.fromkeys((*new, *old)):
        then, now = old.get((kind, key)), new.get((kind, key))
        if then != now:
            yield kind, key, then, now
