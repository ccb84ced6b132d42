"""Reads a directory from a sheet: one line a person, with the unit's own columns beside it.

Above the headings may stand lines such as "Cơ quan | Sở Công Thương" (also Mã cơ quan, Địa danh, Cơ
quan chủ quản). An empty unit means the unit above, as in merged cells. A line with a name under "Gồm
các đơn vị" is a collective wording ("*" for every unit but the board); a line without a person only
names a unit. Where no code is written it is made of the name, so a renamed unit needs its "Mã đơn vị".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tasks_catalog.documents.directory_sheet import DirectoryUnreadable, Row, readings_of
from tasks_catalog.documents.directory_words import (
    ABOVE,
    FIELDS,
    FOCAL,
    HEADINGS,
    IN_CHARGE,
    KIND_OF,
    KINDS,
    LISTS,
    NEEDED,
    NO,
    ROLE_OF,
    ROLES,
    SURE_TITLES,
    YES,
)
from tasks_catalog.people import Directory, Group, Person, Post, Unit
from tasks_catalog.text import clean
from tasks_catalog.unit_names import name_key, plain_key, slug

_BETWEEN = re.compile(r"[;,]")


@dataclass
class _Sheet:
    """What has been gathered so far from the lines above."""

    above: dict[str, str] = field(default_factory=dict)
    units: dict[str, Unit] = field(default_factory=dict)
    groups: list[tuple[int, str, dict[str, str]]] = field(default_factory=list)
    people: dict[str, Person] = field(default_factory=dict)
    focal_points: dict[str, str] = field(default_factory=dict)
    unit: str = ""


def read_table(path: Path) -> Directory:
    """Return the directory of an .xlsx file (its first sheet that has the headings) or a .csv file.

    Raises DirectoryUnreadable: directory_damaged, directory_encoding, directory_too_large,
    directory_headings, directory_role_unknown, directory_yes_no, directory_unit_missing,
    directory_kind_unknown, directory_code_twice, directory_member_unknown.
    """
    above, columns, rows = _columns_of(path)
    sheet = _Sheet(above=above)
    for line, cells in rows:
        written = {key: _written(key, cells[at]) for key, at in columns.items() if at < len(cells)}
        written = {key: words for key, words in written.items() if words}
        if written:
            _take(sheet, line, written)
    groups = tuple(_group(sheet, line, name, written) for line, name, written in sheet.groups)
    name = sheet.above.get("name", "")
    return Directory(
        organisation=sheet.above.get("organisation") or slug(name) or "office",
        name=name,
        place=sheet.above.get("place", ""),
        superior=sheet.above.get("superior", ""),
        units=tuple(sheet.units.values()),
        groups=groups,
        people=tuple(sheet.people.values()),
        focal_points=sheet.focal_points,
    )


def _columns_of(path: Path) -> tuple[dict[str, str], dict[str, int], Iterable[Row]]:
    """Find the headings: the first line that names unit, person and address; what stands above it."""
    seen: list[str] = []
    for rows in readings_of(path):
        above: dict[str, str] = {}
        for at, (_, raw) in enumerate(rows):
            cells = [clean(cell) for cell in raw]
            columns = _headings(cells)
            if all(key in columns for key in NEEDED):
                return above, columns, rows[at + 1 :]
            filled = [cell for cell in cells if cell]
            if len(filled) > 1 and plain_key(filled[0]) in ABOVE:
                above[ABOVE[plain_key(filled[0])]] = filled[1]
            seen = max(seen, filled, key=len)
    wanted = ", ".join(HEADINGS[key][0] for key in NEEDED)
    raise DirectoryUnreadable(
        "directory_headings", file=path.name, found=", ".join(seen) or "-", wanted=wanted
    )


def _headings(cells: list[str]) -> dict[str, int]:
    """Return which column holds what; of two columns with one heading the first counts."""
    columns: dict[str, int] = {}
    for at, cell in enumerate(cells):
        if plain_key(cell) in FIELDS:
            columns.setdefault(FIELDS[plain_key(cell)], at)
    return columns


def _written(key: str, raw: str) -> str:
    """Return a cell's words; the lines of a list are its entries, other lines are only wrapped."""
    if key in LISTS:
        return "; ".join(clean(line).rstrip(";") for line in raw.splitlines() if clean(line))
    return clean(raw)


def _take(sheet: _Sheet, line: int, written: dict[str, str]) -> None:
    name = written.get("unit", "")
    if written.get("members"):
        if not name:
            raise DirectoryUnreadable("directory_unit_missing", line=line, words="; ".join(written.values()))
        sheet.groups.append((line, name, written))
        return
    of_unit = ("unit", "unit_code", "aliases", "kind")
    if any(written.get(key) for key in of_unit):
        if not name and not written.get("unit_code") and sheet.unit:
            name = sheet.units[sheet.unit].name  # a merged unit's further aliases
        sheet.unit = _take_unit(sheet, line, name, written)
    if written.get("name") or written.get("email"):
        _take_person(sheet, line, written)


def _take_unit(sheet: _Sheet, line: int, name: str, written: dict[str, str]) -> str:
    """Add the unit, or what this line adds to a unit named above; return its code."""
    by_name = next((u.code for u in sheet.units.values() if name_key(u.name) == name_key(name)), "")
    code = written.get("unit_code") or by_name or slug(name)
    known = sheet.units.get(code)
    if known and name and name_key(known.name) != name_key(name):
        raise DirectoryUnreadable("directory_code_twice", line=line, key=code, names=f"{known.name}; {name}")
    if by_name and by_name != code:
        raise DirectoryUnreadable("directory_code_twice", line=line, key=f"{by_name}; {code}", names=name)
    if not known and not name:
        raise DirectoryUnreadable("directory_unit_missing", line=line, words="; ".join(written.values()))
    aliases = tuple(clean(alias) for alias in written.get("aliases", "").split(";") if clean(alias))
    sheet.units[code] = Unit(
        code=code,
        name=known.name if known else name,
        aliases=tuple(dict.fromkeys((*(known.aliases if known else ()), *aliases))),
        kind=_kind(line, written) or (known.kind if known else "room"),
    )
    return code


def _kind(line: int, written: dict[str, str]) -> str:
    words = written.get("kind", "")
    if words and plain_key(words) not in KIND_OF:
        known = ", ".join(all_words[0] for all_words in KINDS.values())
        raise DirectoryUnreadable("directory_kind_unknown", line=line, words=words, known=known)
    return KIND_OF[plain_key(words)] if words else ""


def _take_person(sheet: _Sheet, line: int, written: dict[str, str]) -> None:
    name = written.get("name", "")
    if not sheet.unit or not name:
        raise DirectoryUnreadable("directory_unit_missing", line=line, words="; ".join(written.values()))
    code = written.get("code") or slug(name)
    if code in sheet.people:
        names = f"{sheet.people[code].name}; {name}"
        raise DirectoryUnreadable("directory_code_twice", line=line, key=code, names=names)
    roles = tuple(_roles(line, written))
    posts = [role for role in roles if isinstance(role, Post)]
    if len(posts) > 1:
        raise DirectoryUnreadable(
            "directory_role_unknown", line=line, words=written["role"], known=_known_roles()
        )
    in_charge = IN_CHARGE in roles
    sheet.people[code] = Person(
        code=code,
        name=name,
        email=written.get("email", ""),
        unit=sheet.unit,
        post=posts[0] if posts else Post.DEPUTY_DIRECTOR if in_charge else Post.OFFICER,
        title=written.get("title", ""),
        language="en" if plain_key(written.get("language", "")) in ("en", "tieng anh", "english") else "vi",
        active=_yes(line, written, "active", default=True),
        in_charge=in_charge,
    )
    if FOCAL in roles or _yes(line, written, "focal", default=False):
        sheet.focal_points.setdefault(sheet.unit, code)


def _roles(line: int, written: dict[str, str]) -> Iterator[str]:
    """Yield what the role says; without one, what the title says where it can only mean one post."""
    if not written.get("role"):
        title = plain_key(written.get("title", ""))
        if title in SURE_TITLES:
            yield ROLE_OF[title]
        return
    for words in _BETWEEN.split(written["role"]):
        if plain_key(words) not in ROLE_OF:
            raise DirectoryUnreadable(
                "directory_role_unknown", line=line, words=words.strip(), known=_known_roles()
            )
        yield ROLE_OF[plain_key(words)]


def _known_roles() -> str:
    return ", ".join(words[0] for words in ROLES.values())


def _yes(line: int, written: dict[str, str], key: str, *, default: bool) -> bool:
    if key not in written:
        return default
    answer = written[key].casefold()
    if answer not in YES | NO:
        raise DirectoryUnreadable("directory_yes_no", line=line, column=HEADINGS[key][0], words=written[key])
    return answer in YES


def _group(sheet: _Sheet, line: int, name: str, written: dict[str, str]) -> Group:
    aliases = tuple(clean(alias) for alias in written.get("aliases", "").split(";") if clean(alias))
    code = written.get("unit_code") or slug(name)
    return Group(
        code=code, name=name, aliases=aliases, members=tuple(_members(sheet, line, written["members"]))
    )


def _members(sheet: _Sheet, line: int, words: str) -> Iterator[str]:
    if words == "*":
        yield from (unit.code for unit in sheet.units.values() if unit.kind != "board")
        return
    called = {name_key(n): u.code for u in sheet.units.values() for n in (u.name, u.code, *u.aliases)}
    for member in words.split(";"):
        if name_key(member) not in called:
            raise DirectoryUnreadable("directory_member_unknown", line=line, member=clean(member))
        yield called[name_key(member)]
