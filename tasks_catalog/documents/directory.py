"""Reads a directory (units, collective groups, people) from .toml, .xlsx or .csv.

The TOML layout, of which ``examples/so-cong-thuong.toml`` is a full example::

    [organisation]
    code = "sct"                 # never changes
    name = "Sở Công Thương"
    place = "Đồng Nai"           # as in "Đồng Nai, ngày ... tháng ... năm ..."
    superior = "UBND tỉnh Đồng Nai"

    [[units]]
    code = "VP"                  # never changes
    name = "Văn phòng Sở"
    aliases = ["Văn phòng"]      # every other way plans write it
    kind = "room"                # board, room, centre
    focal = "an"                 # code of the person who answers for the unit
    deputy = "cam"               # code of the deputy director in charge of it, where not CCHC's

    [[groups]]
    code = "all"
    name = "Các phòng, đơn vị thuộc Sở"
    aliases = []
    members = ["VP"]             # codes of units; [] while they are not yet known

    [[people]]
    code = "an"                  # never changes; the address may
    name = "Nguyễn Văn An"
    email = "an@example.vn"
    unit = "VP"
    post = "officer"            # officer, head, coordinator, deputy_director, director, administrator, viewer
    title = "Chuyên viên"
    language = "vi"              # vi, en
    active = true
    in_charge = false            # the deputy director in charge of administrative reform

The layout of a sheet is told in ``tasks_catalog.documents.directory_table``. What was read is judged
by ``tasks_catalog.directory_check.check_directory``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import cast

from tasks_catalog.documents.directory_sheet import MAX_BYTES, DirectoryUnreadable
from tasks_catalog.documents.directory_table import read_table
from tasks_catalog.people import Directory, Group, Person, Post, Unit
from tasks_catalog.text import clean

_AT_LINE = re.compile(r"\(at line (\d+)|at end of document")
_TABLES = ("organisation", "units", "groups", "people")
_KEYS: Mapping[str, Mapping[str, type]] = {
    "organisation": {"code": str, "name": str, "place": str, "superior": str},
    "units": {"code": str, "name": str, "aliases": list, "kind": str, "focal": str, "deputy": str},
    "groups": {"code": str, "name": str, "aliases": list, "members": list},
    "people": {
        "code": str,
        "name": str,
        "email": str,
        "unit": str,
        "post": str,
        "title": str,
        "language": str,
        "active": bool,
        "in_charge": bool,
    },
}
_NEEDED: Mapping[str, tuple[str, ...]] = {
    "organisation": ("code", "name"),
    "units": ("code", "name"),
    "groups": ("code", "name"),
    "people": ("code", "name", "email", "unit"),
}
_WANTED: Mapping[type, str] = {str: '"..."', list: '["...", "..."]', bool: "true, false"}
LANGUAGES = ("vi", "en")


def read_directory(path: Path) -> Directory:
    """Return the directory written in the file; nothing is left out and nothing guessed.

    Raises DirectoryUnreadable, which quotes the line: directory_missing, directory_type,
    directory_too_large, directory_damaged, directory_key_unknown, directory_key_missing,
    directory_value_wrong, and those of ``directory_table.read_table``.
    """
    if not path.is_file():
        raise DirectoryUnreadable("directory_missing", file=path.name)
    if path.stat().st_size > MAX_BYTES:
        raise DirectoryUnreadable("directory_too_large", file=path.name, limit=f"{MAX_BYTES // 2**20} MB")
    kind = path.suffix.lower()
    if kind == ".toml":
        return _read_toml(path)
    if kind in (".xlsx", ".csv"):
        return read_table(path)
    raise DirectoryUnreadable("directory_type", file=path.name, known=".toml, .xlsx, .csv")


def _read_toml(path: Path) -> Directory:
    try:
        text = path.read_text(encoding="utf-8-sig")
        data = tomllib.loads(text)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as reason:
        at = _AT_LINE.search(str(reason))
        line = at.group(1) if at and at.group(1) else "-"
        raise DirectoryUnreadable("directory_damaged", file=path.name, line=line, reason=reason) from reason
    return _Entries(text, data).directory()


class _Entries:
    """The entries of one TOML file, each checked for its keys and their types, and the line it starts on."""

    def __init__(self, text: str, data: Mapping[str, object]) -> None:
        self._lines = text.splitlines()
        for table in data:
            if table not in _TABLES:
                known = ", ".join(_TABLES)
                raise DirectoryUnreadable(
                    "directory_key_unknown", line=self._line(table, 0), key=table, known=known
                )
        self._data = data

    def directory(self) -> Directory:
        head = self._checked("organisation", 0, self._data.get("organisation", {}))
        units = self._all("units")
        return Directory(
            organisation=_text(head, "code"),
            name=_text(head, "name"),
            place=_text(head, "place"),
            superior=_text(head, "superior"),
            units=tuple(_unit(entry) for entry in units),
            groups=tuple(_group(entry) for entry in self._all("groups")),
            people=tuple(self._person(n, entry) for n, entry in enumerate(self._all("people"))),
            focal_points={_text(u, "code"): _text(u, "focal") for u in units if _text(u, "focal")},
            deputies={_text(u, "code"): _text(u, "deputy") for u in units if _text(u, "deputy")},
        )

    def _all(self, table: str) -> list[dict[str, object]]:
        written = self._data.get(table, [])
        if not isinstance(written, list):
            line = self._line(table, 0)
            raise DirectoryUnreadable(
                "directory_value_wrong", line=line, key=table, value="", wanted=f"[[{table}]]"
            )
        return [self._checked(table, n, entry) for n, entry in enumerate(written)]

    def _checked(self, table: str, n: int, entry: object) -> dict[str, object]:
        known, line = _KEYS[table], self._line(table, n)
        if not isinstance(entry, dict):
            raise DirectoryUnreadable(
                "directory_value_wrong", line=line, key=table, value=entry, wanted="[table]"
            )
        for key, value in entry.items():
            if key not in known:
                raise DirectoryUnreadable("directory_key_unknown", line=line, key=key, known=", ".join(known))
            words = value if isinstance(value, list) else []
            if not isinstance(value, known[key]) or any(not isinstance(word, str) for word in words):
                wanted = _WANTED[known[key]]
                raise DirectoryUnreadable(
                    "directory_value_wrong", line=line, key=key, value=value, wanted=wanted
                )
        for key in _NEEDED[table]:
            if not entry.get(key):
                raise DirectoryUnreadable("directory_key_missing", line=line, table=table, key=key)
        return entry

    def _person(self, n: int, entry: Mapping[str, object]) -> Person:
        post = self._one_of(n, entry, "post", tuple(Post), Post.OFFICER)
        language = self._one_of(n, entry, "language", LANGUAGES, "vi")
        return Person(
            code=_text(entry, "code"),
            name=_text(entry, "name"),
            email=_text(entry, "email"),
            unit=_text(entry, "unit"),
            post=Post(post),
            title=_text(entry, "title"),
            language=language,
            active=bool(entry.get("active", True)),
            in_charge=bool(entry.get("in_charge", False)),
        )

    def _one_of(
        self, n: int, entry: Mapping[str, object], key: str, known: tuple[str, ...], default: str
    ) -> str:
        value = _text(entry, key) or default
        if value not in known:
            line, wanted = self._line("people", n), ", ".join(known)
            raise DirectoryUnreadable("directory_value_wrong", line=line, key=key, value=value, wanted=wanted)
        return value

    def _line(self, table: str, n: int) -> str:
        """Return the line on which the n-th entry (from 0) of a table starts; "-" if it is written inline."""
        head = re.compile(rf"\s*\[\[?\s*{re.escape(table)}\s*\]")
        at = [number for number, line in enumerate(self._lines, start=1) if head.match(line)]
        return str(at[n]) if n < len(at) else "-"


def _unit(entry: Mapping[str, object]) -> Unit:
    kind = _text(entry, "kind") or "room"
    return Unit(
        code=_text(entry, "code"), name=_text(entry, "name"), aliases=_texts(entry, "aliases"), kind=kind
    )


def _group(entry: Mapping[str, object]) -> Group:
    return Group(
        code=_text(entry, "code"),
        name=_text(entry, "name"),
        aliases=_texts(entry, "aliases"),
        members=_texts(entry, "members"),
    )


def _text(entry: Mapping[str, object], key: str) -> str:
    return clean(str(entry.get(key, "")))


def _texts(entry: Mapping[str, object], key: str) -> tuple[str, ...]:
    return tuple(map(clean, cast("list[str]", entry.get(key, []))))
