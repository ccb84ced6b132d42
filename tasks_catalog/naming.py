"""What a directory becomes when a wording is given to one unit or group, for one plan or for good."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from tasks_catalog.people import CLOSED, Directory, Group, Unit, UnitRef, names_of
from tasks_catalog.problem import Refused
from tasks_catalog.text import clean
from tasks_catalog.unit_names import plain_key

_Owner = TypeVar("_Owner", Unit, Group)


def with_name(directory: Directory, name: str, ref: UnitRef, *, for_good: bool) -> Directory:
    """Return the directory in which ``name`` means ``ref`` and nothing else.

    Raises Refused (unit_name_taken) when it is ``for_good`` and the name another is printed by.
    """
    if for_good:
        refuse_taken(directory, name, ref)
    return replace(
        directory,
        units=tuple(_renamed(unit, name, ref, collective=False) for unit in directory.units),
        groups=tuple(_renamed(group, name, ref, collective=True) for group in directory.groups),
    )


def refuse_taken(directory: Directory, name: str, ref: UnitRef) -> None:
    """Refuse a name that another unit or group has as its printed name or its code."""
    for owner in directory.owners:
        own = owner.code == ref.code and isinstance(owner, Group) is ref.collective
        closed = isinstance(owner, Unit) and owner.kind == CLOSED
        if not own and not closed and plain_key(name) in (plain_key(owner.name), plain_key(owner.code)):
            raise Refused("unit_name_taken", name=clean(name), unit=owner.name)


def _renamed(owner: _Owner, name: str, ref: UnitRef, *, collective: bool) -> _Owner:
    key = plain_key(name)
    if owner.code == ref.code and collective is ref.collective:
        known = any(plain_key(word) == key for word in names_of(owner))
        return owner if known else replace(owner, aliases=(*owner.aliases, clean(name)))
    aliases = tuple(alias for alias in owner.aliases if plain_key(alias) != key)
    other = f"{owner.name} (tên khác)" if plain_key(owner.name) == key else owner.name
    return replace(owner, aliases=aliases, name=other)
