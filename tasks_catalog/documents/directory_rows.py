"""A directory as the rows of a sheet: those that ``directory_table`` reads back.

Left out is what a sheet cannot say: units that are gone, with whoever is still listed in them, collective
wordings without units, deputy directors of single units. Whoever imports the sheet keeps the first, third
and fourth as they are known; people of a unit that is gone are to be moved before.
"""

from __future__ import annotations

from collections.abc import Iterator

from tasks_catalog.documents.directory_words import FOCAL, HEADINGS, IN_CHARGE, KINDS, ROLES
from tasks_catalog.people import Directory, Person, Post, Unit

COLUMNS = (
    "unit_code",
    "unit",
    "aliases",
    "kind",
    "members",
    "code",
    "name",
    "title",
    "email",
    "role",
    "language",
    "active",
)
WIDTHS = (12, 36, 36, 16, 36, 12, 28, 24, 32, 28, 12, 14)


def directory_rows(directory: Directory) -> Iterator[tuple[str, ...]]:
    """Yield the lines above, the headings, then units with their people, then collective wordings."""
    yield ("Mã cơ quan", directory.organisation)
    yield ("Cơ quan", directory.name)
    yield ("Địa danh", directory.place)
    yield ("Cơ quan chủ quản", directory.superior)
    yield tuple(HEADINGS[column][0] for column in COLUMNS)
    for unit in directory.units:
        if not unit.is_gone:
            yield from _unit_rows(unit, directory)
    for group in directory.groups:
        if group.members:
            told = {"aliases": "; ".join(group.aliases), "members": "; ".join(group.members)}
            yield _row(unit_code=group.code, unit=group.name, **told)


def _unit_rows(unit: Unit, directory: Directory) -> Iterator[tuple[str, ...]]:
    kind = KINDS[unit.kind][0] if unit.kind in KINDS else ""
    yield _row(unit_code=unit.code, unit=unit.name, aliases="; ".join(unit.aliases), kind=kind)
    for person in directory.people:
        if person.unit == unit.code:
            yield _row(
                unit_code=unit.code,
                unit=unit.name,
                code=person.code,
                name=person.name,
                title=person.title,
                email=person.email,
                role="; ".join(_roles(person, directory)),
                language="English" if person.language == "en" else "Tiếng Việt",
                active="có" if person.active else "không",
            )


def _roles(person: Person, directory: Directory) -> Iterator[str]:
    yield ROLES[person.post][0]
    if person.in_charge and person.post is Post.DEPUTY_DIRECTOR:
        yield ROLES[IN_CHARGE][0]
    if directory.focal_points.get(person.unit) == person.code:
        yield ROLES[FOCAL][0]


def _row(**cells: str) -> tuple[str, ...]:
    return tuple(cells.get(column, "") for column in COLUMNS)
