"""Puts rows together again that a page break cut in two, and merged cells that run over the break.

A layout breaks every column of a row after the same line: on the first page the columns that go on
have as many lines as the row is high there. That, and how a continued sentence begins, tells the rest
of a row from a new row whose STT cell is merged with the page before.
"""

from __future__ import annotations

from dataclasses import replace

from tasks_catalog.deadline import Kind, read_deadline
from tasks_catalog.documents.grid import Cell, GridRow, Table, rejoined
from tasks_catalog.documents.heading_words import Role
from tasks_catalog.documents.headings import Columns, is_ordinals, is_repeated

_ANY_YEAR = 2000
"""Whether a deadline can be read does not hang on the year."""
_NEVER_EMPTY = (Role.STT, Role.OBJECTIVE, Role.LEAD, Role.DEADLINE)
_LEFT_OF_TASK = (Role.SECTION, Role.GROUP, Role.STT, Role.OBJECTIVE)


def joined_over_pages(table: Table, columns: Columns) -> Table:
    """Return the table with continued rows marked ``continues`` and their words moved to the first part."""
    if not any(row.page for row in table.rows):
        return table
    joiner = _Joiner(table, columns)
    before: int | None = None
    for index in range(columns.body, len(table.rows)):
        row = table.rows[index]
        if row.blank or is_header(row, table, columns):
            continue
        if before is not None and row.page != table.rows[before].page:
            joiner.cross(before, index)
        before = index
    return joiner.result()


def is_header(row: GridRow, table: Table, columns: Columns) -> bool:
    """Tell whether the row repeats the heading or numbers the columns."""
    return is_ordinals(row) or is_repeated(row, table.rows[columns.first : columns.body])


def _readable(words: str) -> bool:
    return read_deadline(words, year=_ANY_YEAR).kind is not Kind.UNCLEAR


class _Joiner:
    def __init__(self, table: Table, columns: Columns) -> None:
        self.table = table
        self.columns = columns
        self.cells: dict[int, Cell] = {}
        self.same: dict[int, int] = {}
        self.continued: set[int] = set()

    def cross(self, before: int, index: int) -> None:
        """Join what goes on from row ``before``, the last of its page, in row ``index``."""
        above, below = self.table.rows[before], self.table.rows[index]
        if self._wide(above) or self._wide(below):
            return
        if self._numbered(below):
            self._join(above, below, self._tall_columns(before, index))
        elif self._is_rest(above, below):
            self.continued.add(index)
            self._join(above, below, range(self.table.width))
        else:
            self._join(above, below, self._merged_columns(before, index))

    def _numbered(self, row: GridRow) -> bool:
        stt = self.columns.roles.get(Role.STT)
        return stt is not None and bool(row.cells[stt].text)

    def _wide(self, row: GridRow) -> bool:
        half = self.table.width / 2
        return any(last - first + 1 > half for _, first, last in row.distinct)

    def _tall_columns(self, before: int, index: int) -> list[int]:
        """Return the empty columns of a numbered row whose cell goes on from the page before.

        A cell that reaches over several rows of the new page is merged, and nobody merges empty cells;
        one that a merged cell stands above is taken for its rest only where tasks have words of their own.
        """
        own = {self.columns.roles[role] for role in _NEVER_EMPTY if role in self.columns.roles}
        return [
            column
            for column in range(self.table.width)
            if not self.table.rows[index].cells[column].text
            and (self._reaches_down(index, column) or (column in own and self.table.is_above(before, column)))
        ]

    def _reaches_down(self, index: int, column: int) -> bool:
        return index + 1 < len(self.table.rows) and self.table.is_above(index + 1, column)

    def _is_rest(self, above: GridRow, below: GridRow) -> bool:
        if self._deadline_goes_on(above, below):
            return True
        texts = [cell.text for cell, _, _ in below.distinct]
        if any(text[0].islower() or text[0] in ",;.)" for text in texts):
            task = self.columns.roles[Role.TASK]
            return not (self._whole(below) and self._column_begins(below, task))
        return self._cut_at_one_line(above, below) and not self._whole(below)

    def _deadline_goes_on(self, above: GridRow, below: GridRow) -> bool:
        """Tell whether the two pages together say a date that the second alone does not: "30/09/20", "25"."""
        column = self.columns.roles.get(Role.DEADLINE)
        if column is None or not above.cells[column].text or not below.cells[column].text:
            return False
        rest = below.cells[column].text
        return not _readable(rest) and _readable(rejoined((above.cells[column].text, rest)))

    def _column_begins(self, row: GridRow, column: int) -> bool:
        """A new row's task, owner and deadline begin sentences; only its left cells may go on."""
        roles = (Role.TASK, Role.DEADLINE, Role.LEAD)
        cells = [row.cells[self.columns.roles[role]] for role in roles if role in self.columns.roles]
        return all(not cell.text[:1].islower() for cell in cells) and not row.cells[column].text[:1].islower()

    def _whole(self, row: GridRow) -> bool:
        """The row has all that a task of its own has."""
        needed = [self.columns.roles.get(role) for role in (Role.TASK, Role.DEADLINE)]
        return all(row.cells[column].text for column in needed if column is not None)

    def _cut_at_one_line(self, above: GridRow, below: GridRow) -> bool:
        height = max((len(cell.lines) for cell, _, _ in above.distinct), default=0)
        going_on = {column for _, first, last in below.distinct for column in range(first, last + 1)}
        return all(
            len(above.cells[column].lines) >= height for column in going_on if above.cells[column].text
        )

    def _merged_columns(self, before: int, index: int) -> list[int]:
        """Return the columns of a new row whose cell began on the page before."""
        left = {self.columns.roles[role] for role in _LEFT_OF_TASK if role in self.columns.roles}
        return [
            column
            for column in range(self.table.width)
            if self._runs_down(before, index, column, column in left)
        ]

    def _runs_down(self, before: int, index: int, column: int, left: bool) -> bool:
        words = self.table.rows[index].cells[column].text
        if left:
            return not words or words[:1].islower()
        return not words and (self._reaches_down(index, column) or self.table.is_above(before, column))

    def _join(self, above: GridRow, below: GridRow, columns: range | list[int]) -> None:
        joined: set[tuple[int, int]] = set()
        for column in columns:
            first, rest = self._now(above.cells[column]), below.cells[column]
            if first.key == rest.key or (first.key, rest.key) in joined:
                continue
            joined.add((first.key, rest.key))
            self.same[rest.key] = first.key
            self.cells[first.key] = replace(first, lines=first.lines + rest.lines)

    def _now(self, cell: Cell) -> Cell:
        key = cell.key
        while key in self.same:
            key = self.same[key]
        return self.cells.get(key, cell if key == cell.key else replace(cell, key=key))

    def result(self) -> Table:
        rows = tuple(
            replace(
                row, cells=tuple(self._now(cell) for cell in row.cells), continues=index in self.continued
            )
            for index, row in enumerate(self.table.rows)
        )
        return replace(self.table, rows=rows)
