"""Tells columns by what stands in them, where the heading uses words nobody foresaw.

A column of deadlines is known by dates that can be read, one of owners by names of offices, the numbers by
counting on, and the tasks are the longest words left. Each column so told is a doubt to be shown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from tasks_catalog.deadline import Kind, read_deadline
from tasks_catalog.documents.grid import GridRow, Table
from tasks_catalog.documents.heading_words import Role
from tasks_catalog.documents.headings import (
    LONGEST_HEADING,
    SEARCHED_ROWS,
    Columns,
    is_never,
    is_ordinals,
    is_repeated,
)
from tasks_catalog.documents.outline import read_number
from tasks_catalog.text import plain

_ANY_YEAR = 2000
"""Whether a deadline can be read does not hang on the year."""
_FEWEST_ROWS = 3
_MOST = 0.6
"""The part of a column's filled cells that must be of its kind."""
_FILLED = 0.5
_LONGEST_UNIT = 200
_SHORTEST_TASK = 15
_UNIT = re.compile(
    r"^\W*(?:(?:cac|toan the|lien|lanh dao|phoi hop voi) )?"
    r"(?:so|phong|ban|bo|van phong|v[pt]|ubnd|uy ban|cuc|vu|tong cuc|chi cuc|trung tam|thanh tra|cong an|vien"
    r"|truong|hoc vien|don vi|co quan|hoi|lien hiep|mat tran|doan|dang uy|tinh uy|huyen|quan|xa|phuong"
    r"|thanh pho|dia phuong|nganh|kho bac|ngan hang|to|bao|dai|doanh nghiep|ubmttq)\b"
)


def told_by_contents(table: Table, named: Columns | None) -> Columns | None:
    """Return the columns of a table whose heading names no task or no deadline, or None where doubt stays.

    What ``named`` took from the heading holds; only a table with owners as well is one of tasks.
    """
    first = named.first if named else _heading_row(table)
    if first is None:
        return None
    body = named.body if named else _body(table, first)
    rows = [row for row in table.rows[body:] if _tells(row, table, first, body)]
    roles = dict(named.roles) if named else {}
    told = [role for role, find in _FINDERS if role not in roles and _tell(role, find, rows, roles)]
    needed = (Role.TASK, Role.LEAD, Role.DEADLINE)
    if len(rows) < _FEWEST_ROWS or not all(role in roles for role in needed):
        return None
    heading = table.rows[body - 1].cells
    labels = named.labels if named else tuple(cell.text for cell in heading)
    guessed = tuple(role for role in told if role is not Role.STT)
    if named:
        return replace(named, roles=roles, guessed=(*named.guessed, *guessed))
    return Columns(roles=roles, labels=labels, first=first, body=body, guessed=guessed)


def with_owners(table: Table, columns: Columns) -> Columns:
    """Return ``columns`` with the owners told by contents where no heading names them and one column fits."""
    if Role.LEAD in columns.roles:
        return columns
    rows = [row for row in table.rows[columns.body :] if _tells(row, table, columns.first, columns.body)]
    taken = {*columns.roles.values(), *columns.periods}
    fitting = [
        column
        for column in range(table.width)
        if column not in taken and not is_never(columns.labels[column])
        if _of_kind([row.cells[column].text for row in rows], _is_unit)
    ]
    if len(rows) < _FEWEST_ROWS or len(fitting) != 1:
        return columns
    roles = {**columns.roles, Role.LEAD: fitting[0]}
    return replace(columns, roles=roles, guessed=(*columns.guessed, Role.LEAD))


def _heading_row(table: Table) -> int | None:
    """Return the first row that is filled with short words, each column with words of its own."""
    for index, row in enumerate(table.rows[:SEARCHED_ROWS]):
        texts = [cell.text for cell, _, _ in row.distinct]
        filled = len(texts) * 5 >= table.width * 4 and len(texts) > 2
        if filled and all(len(text) <= LONGEST_HEADING and not _is_dated(text) for text in texts):
            return index
    return None


def _body(table: Table, first: int) -> int:
    """Return the first row under the heading, whose tall cells may reach into a second row."""
    body = first + 1
    while body < len(table.rows) and any(table.is_above(body, c) for c in range(table.width)):
        body += 1
    while body < len(table.rows) and is_ordinals(table.rows[body]):
        body += 1
    return body


def _tells(row: GridRow, table: Table, first: int, body: int) -> bool:
    """Titles of sections, repeated headings and numbers of columns say nothing of what columns hold."""
    repeated = is_repeated(row, table.rows[first:body]) or is_ordinals(row)
    return len(row.distinct) > 2 and not repeated


def _tell(role: Role, find: _Finder, rows: Sequence[GridRow], roles: dict[Role, int]) -> bool:
    width = len(rows[0].cells) if rows else 0
    free = {c: [row.cells[c].text for row in rows] for c in range(width) if c not in roles.values()}
    found = find({column: texts for column, texts in free.items() if any(texts)})
    if found is not None:
        roles[role] = found
    return found is not None


_Finder = Callable[[dict[int, list[str]]], int | None]


def _of_kind(texts: Sequence[str], is_kind: Callable[[str], bool]) -> bool:
    filled = [text for text in texts if text]
    enough = len(filled) >= _FILLED * len(texts)
    return enough and sum(map(is_kind, filled)) >= _MOST * len(filled)


def _numbers(free: dict[int, list[str]]) -> int | None:
    return next((c for c, texts in free.items() if _of_kind(texts, _is_number)), None)


def _deadlines(free: dict[int, list[str]]) -> int | None:
    """Return the one column of deadlines; of two, such as beginning and end, none can be preferred."""
    found = [c for c, texts in free.items() if _of_kind(texts, _is_deadline)]
    return found[0] if len(found) == 1 else None


def _owners(free: dict[int, list[str]]) -> int | None:
    """Return the column of offices with the fewest empty cells, the first of two as full."""
    found = [c for c, texts in free.items() if _of_kind(texts, _is_unit)]
    return min(found, key=lambda c: (sum(not text for text in free[c]), c), default=None)


def _co_owners(free: dict[int, list[str]]) -> int | None:
    return next((c for c, texts in free.items() if _of_kind(texts, _is_unit)), None)


def _tasks(free: dict[int, list[str]]) -> int | None:
    """Return the column with the most words, where nearly each row has some."""
    full = {c: texts for c, texts in free.items() if sum(map(bool, texts)) * 10 >= len(texts) * 9}
    found = max(full, key=lambda c: sum(map(len, full[c])), default=None)
    if found is None or sum(map(len, full[found])) < _SHORTEST_TASK * len(full[found]):
        return None
    return found


_FINDERS: tuple[tuple[Role, _Finder], ...] = (
    (Role.STT, _numbers),
    (Role.DEADLINE, _deadlines),
    (Role.LEAD, _owners),
    (Role.COOPERATING, _co_owners),
    (Role.TASK, _tasks),
)
"""In this order each takes a column that is left."""


def _is_number(text: str) -> bool:
    return read_number(text) is not None


def _is_deadline(text: str) -> bool:
    return len(text) <= _LONGEST_UNIT and read_deadline(text, year=_ANY_YEAR).kind is not Kind.UNCLEAR


def _is_dated(text: str) -> bool:
    """Tell a date from words such as "Khi nào xong", which may head a column."""
    return read_deadline(text, year=_ANY_YEAR).kind in (Kind.BY, Kind.WITHIN)


def _is_unit(text: str) -> bool:
    return len(text) <= _LONGEST_UNIT and _UNIT.match(plain(text)) is not None
