"""Finds the heading of a task table and what each of its columns holds, whatever their order.

A column no wording of ``heading_words`` claims is kept as extra.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

from tasks_catalog.documents.grid import Cell, GridRow, Table
from tasks_catalog.documents.heading_words import NEVER, WORDINGS, Role
from tasks_catalog.text import plain

LONGEST_HEADING = 90
SEARCHED_ROWS = 40
"""Rows from the top of a table in which its heading is looked for."""

_HIDDEN_COLUMN = 200
"""Makes every claim of a hidden column weaker than any of a column that is shown."""
_NOT_WORD = re.compile(r"[^a-z0-9]+")
_ORDINAL = re.compile(r"\(?\s*(?:\d{1,2}|[a-z])\s*\)?(?:\s*[=:]\s*.*)?", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Columns:
    """The reading of one table's heading: ``body`` is the index of the first row under it."""

    roles: Mapping[Role, int]
    labels: tuple[str, ...]
    first: int
    body: int
    periods: tuple[int, ...] = ()
    """Columns of a timetable ("Quý I", "Quý II", ...) that mark the deadline with a cross."""
    period_words: tuple[str, ...] = ()
    """What a cross in each of ``periods`` means: "Quý I", "Tháng 2", "Quý I/2026"."""
    guessed: tuple[Role, ...] = ()
    """Roles told by what stands in the column, as its heading did not say."""

    def role_of(self, column: int) -> Role | None:
        """Return the role of ``column``, None for one kept as extra."""
        return next((role for role, held in self.roles.items() if held == column), None)

    @property
    def complete(self) -> bool:
        """The table says what is to be done and by when."""
        return Role.TASK in self.roles and (Role.DEADLINE in self.roles or bool(self.periods))

    @property
    def found(self) -> str:
        """The headings as printed, for a message."""
        return "; ".join(f"“{label}”" for label in dict.fromkeys(self.labels) if label)


def find_columns(table: Table) -> Columns | None:
    """Return the table's heading, or None when no row of it names a task column and one more role."""
    best: Columns | None = None
    for first in range(min(len(table.rows), SEARCHED_ROWS)):
        for height in (1, 2, 3):
            found = _read(table, first, height)
            if found and (best is None or _worth(found) > _worth(best) or _parts(table, best, found)):
                best = found
        if best and best.complete:
            break
    return _past_ordinals(table, best) if best else None


def _worth(columns: Columns) -> tuple[bool, int, bool]:
    timetable = bool(columns.periods)
    return columns.complete, len(columns.roles) + timetable, timetable


def _parts(table: Table, best: Columns, found: Columns) -> bool:
    """Tell whether ``found`` adds a row that only parts a wide heading into "Bắt đầu" and "Kết thúc"."""
    if found.first != best.first or _worth(found) != _worth(best):
        return False
    above, below = table.rows[found.body - 2], table.rows[found.body - 1]
    own = [cell for cell, first, _ in below.distinct if cell.key != above.cells[first].key]
    under = {above.cells[first].key for _, first, _ in below.distinct if _under_wide(above, first)}
    own_under = [cell for cell, first, _ in below.distinct if cell in own and _under_wide(above, first)]
    return len(own) > 1 and len(under) == 1 and len(own_under) == len(own)


def is_ordinals(row: GridRow) -> bool:
    """Tell whether the row numbers the columns: "(1) (2) (3)", also "(4) = (2) + (3)"."""
    texts = [cell.text for cell, _, _ in row.distinct]
    if len(texts) < 3 or not all(_ORDINAL.fullmatch(text) for text in texts):
        return _overprinted(texts)
    numbers = [int(found[0]) for text in texts if (found := re.search(r"\d+", text))]
    return len(numbers) >= len(texts) - 1 and all(b == a + 1 for a, b in pairwise(numbers))


def _overprinted(texts: list[str]) -> bool:
    """A tall heading that a new page prints over one number of "(1) (2) ... (6)" makes it "h(6o)àn"."""
    wanted = [re.search(r"\d+", text) for text in texts]
    in_order = all(found and int(found[0]) == n for n, found in enumerate(wanted, start=1))
    return len(texts) > 3 and in_order and sum(not _ORDINAL.fullmatch(text) for text in texts) == 1


def is_repeated(row: GridRow, heading: tuple[GridRow, ...]) -> bool:
    """Tell whether ``row`` prints one of the heading's rows once more (a new page)."""
    texts = {cell.text.casefold() for cell, _, _ in row.distinct}
    return any(
        len(texts & printed) * 5 >= len(texts | printed) * 4 or _cut_short(row, other)
        for other in heading
        if len(printed := {cell.text.casefold() for cell, _, _ in other.distinct}) > 1
    )


def _cut_short(row: GridRow, heading: GridRow) -> bool:
    """Tell whether most cells are the heading's, and what differs lost its last words to the row below."""
    pairs = [(cell.text.casefold(), heading.cells[first].text.casefold()) for cell, first, _ in row.distinct]
    same = sum(ours == theirs for ours, theirs in pairs)
    cut = all(theirs.startswith(ours) for ours, theirs in pairs)
    return cut and len(pairs) == len(heading.distinct) and same * 3 >= len(pairs) * 2


def _past_ordinals(table: Table, columns: Columns) -> Columns:
    body = columns.body
    while body < len(table.rows) and is_ordinals(table.rows[body]):
        body += 1
    return replace(columns, body=body)


def _read(table: Table, first: int, height: int) -> Columns | None:
    rows = table.rows[first : first + height]
    if len(rows) < height or not _looks_like_heading(rows, table.width):
        return None
    paths = tuple(_path(rows, column) for column in range(table.width))
    roles = _roles(paths, table.hidden_columns)
    periods = _periods(paths)
    if periods:
        roles.pop(Role.DEADLINE, None)
    guessed = _guessed_task(table, first + height, paths, roles, bool(periods))
    if guessed is not None:
        roles[Role.TASK] = guessed
    if Role.TASK not in roles or len(roles) + bool(periods) < 2 or not _one_cell_each(rows, roles):
        return None
    return Columns(
        roles=roles,
        labels=_labels(paths),
        first=first,
        body=first + height,
        periods=periods,
        period_words=tuple(_period_words(paths[column]) for column in periods),
        guessed=(Role.TASK,) if guessed is not None else (),
    )


def _looks_like_heading(rows: tuple[GridRow, ...], width: int) -> bool:
    cells = {cell.key: cell for row in rows for cell in row.cells}.values()
    if sum(bool(cell.text) for cell in cells) < 2 or any(len(cell.text) > LONGEST_HEADING for cell in cells):
        return False
    return all(_goes_on(above, below, width) for above, below in pairwise(rows))


def _goes_on(above: GridRow, below: GridRow, width: int) -> bool:
    """Tell whether ``below`` is a second heading row: under a wide or tall cell, with no number first."""
    if is_ordinals(below) or (below.cells[0].text and below.cells[0].key != above.cells[0].key):
        return False
    if len(above.distinct) < 2:  # a title: what stands under it begins the heading
        return False
    own = [column for column in range(width) if below.cells[column].key != above.cells[column].key]
    named = [column for column in own if below.cells[column].text]
    if not named or len(named) == width:
        return False
    return any(_role_of_words(_words(below.cells[c])) or _under_wide(above, c) for c in named)


def _under_wide(above: GridRow, column: int) -> bool:
    key = above.cells[column].key
    return bool(above.cells[column].text) and sum(cell.key == key for cell in above.cells) > 1


def _path(rows: tuple[GridRow, ...], column: int) -> tuple[Cell, ...]:
    """Return the distinct cells from the top of the heading down to ``column``."""
    cells = {row.cells[column].key: row.cells[column] for row in rows if row.cells[column].text}
    return tuple(cells.values())


def _words(cell: Cell) -> str:
    return _NOT_WORD.sub(" ", plain(cell.text)).strip()


def is_never(heading: str) -> bool:
    """Tell whether the heading says that its column holds none of the roles: "Lãnh đạo phụ trách"."""
    return NEVER.search(_NOT_WORD.sub(" ", plain(heading)).strip()) is not None


def _role_of_words(words: str) -> dict[Role, int]:
    if NEVER.search(words):
        return {}
    found: dict[Role, int] = {}
    for role, weight, pattern in WORDINGS:
        if weight > found.get(role, 0) and re.search(pattern, words):
            found[role] = weight
    return found


def _roles(paths: tuple[tuple[Cell, ...], ...], hidden: frozenset[int]) -> dict[Role, int]:
    """Give each role to the column whose heading speaks loudest; the lowest heading cell counts most."""
    claims: list[tuple[int, int, Role]] = []
    for column, path in enumerate(paths):
        for role, weight in _claims(path).items():
            claims.append((_HIDDEN_COLUMN * (column in hidden) - weight, column, role))
    roles: dict[Role, int] = {}
    for _, column, role in sorted(claims):
        if role not in roles and column not in roles.values():
            roles[role] = column
    if Role.TASK not in roles:
        _task_from_objective(paths, roles)
    return roles


def _claims(path: tuple[Cell, ...]) -> dict[Role, int]:
    if not path or NEVER.search(_words(path[-1])):
        return {}
    own = _role_of_words(_words(path[-1]))
    if own or len(path) == 1:
        return own
    whole = _role_of_words(" ".join(_words(cell) for cell in path))
    return {role: weight - 5 for role, weight in whole.items()}


def _task_from_objective(paths: tuple[tuple[Cell, ...], ...], roles: dict[Role, int]) -> None:
    column = roles.get(Role.OBJECTIVE)
    if column is not None:
        roles[Role.TASK] = roles.pop(Role.OBJECTIVE)


def _periods(paths: tuple[tuple[Cell, ...], ...]) -> tuple[int, ...]:
    """Return the columns that stand side by side under one heading of time and name periods."""
    under: dict[int, list[int]] = {}
    for column, path in enumerate(paths):
        if len(path) > 1 and Role.DEADLINE in _role_of_words(_words(path[0])):
            under.setdefault(path[0].key, []).append(column)
    for columns in under.values():
        leaves = [_words(paths[column][-1]) for column in columns]
        if len(columns) > 1 and all(re.match(r"(?:quy|thang|t|q|nam)\b|\d|[ivx]+$", leaf) for leaf in leaves):
            return tuple(columns)
    return ()


_BARE_PERIOD = re.compile(r"(?P<kind>t|q)? ?(?P<number>\d{1,2}|[ivx]+)|(?P<year>20\d\d)")


def _period_words(path: tuple[Cell, ...]) -> str:
    """Return what a cross under ``path`` says: "2" under "(tháng)" is "Tháng 2"; a year above is added."""
    leaf, above = path[-1].text, " ".join(_words(cell) for cell in path[:-1])
    bare = _BARE_PERIOD.fullmatch(_words(path[-1]))
    if bare and bare["year"]:
        return f"Năm {bare['year']}"
    if bare:
        leaf = f"{_unit_of_period(bare, above)} {bare['number'].upper()}".strip()
    year = re.search(r"\b20\d\d\b", above)
    return f"{leaf}/{year[0]}" if year and not re.search(r"20\d\d", leaf) else leaf


def _unit_of_period(bare: re.Match[str], above: str) -> str:
    quarterly = bare["kind"] == "q" or "quy" in above or not bare["number"].isdigit()
    monthly = bare["kind"] == "t" or "thang" in above
    return "Tháng" if monthly else "Quý" if quarterly else ""


def _guessed_task(
    table: Table, body: int, paths: tuple[tuple[Cell, ...], ...], roles: dict[Role, int], periods: bool
) -> int | None:
    """Return the wordiest column nothing else claims, where owner and deadline show this is a task table."""
    if Role.TASK in roles or Role.LEAD not in roles or not (Role.DEADLINE in roles or periods):
        return None
    free = [column for column, path in enumerate(paths) if path and column not in roles.values()]
    rows = table.rows[body : body + SEARCHED_ROWS]
    return max(free, key=lambda column: sum(len(row.cells[column].text) for row in rows), default=None)


def _one_cell_each(rows: tuple[GridRow, ...], roles: dict[Role, int]) -> bool:
    keys = {rows[-1].cells[column].key for column in roles.values()}
    return len(keys) == len(roles)


def _labels(paths: tuple[tuple[Cell, ...], ...]) -> tuple[str, ...]:
    """Return each column's heading as printed; where two read alike, with the heading above them."""
    leaves = [path[-1].text if path else "" for path in paths]
    return tuple(
        " – ".join(cell.text for cell in path) if leaf and leaves.count(leaf) > 1 else leaf
        for leaf, path in zip(leaves, paths, strict=True)
    )
