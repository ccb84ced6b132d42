"""The common form of every document: blocks of text and tables of rows of cells, in reading order.

A merged cell stands in every position it covers, with the same ``key``: two neighbours with one key
are one printed cell, whether merged across or downwards.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from tasks_catalog.text import clean

_BREAKS_INSIDE_A_WORD = re.compile(r"(?<=\w)-$")
_BREAKS_INSIDE_A_DATE = re.compile(r"(?<=\d)/$")
_BREAKS_INSIDE_A_YEAR = re.compile(r"\d[/.-](?P<first>[12]\d{0,2})$")
_REST_OF_A_YEAR = re.compile(r"\d{1,3}(?!\d)")
_BREAKS_INSIDE_A_SYMBOL = re.compile(r"(?<!\S)\d+(?:/\d{4})?/[A-ZĐ]{0,3}$")
_SYMBOL_GOES_ON = re.compile(r"[A-ZĐ]{1,4}-[A-ZĐ]")
_CLOSING = tuple(",;.:)")


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One printed cell; ``wrapped`` lines were broken by the page's layout, not by the writer."""

    key: int
    lines: tuple[str, ...] = ()
    wrapped: bool = False

    @cached_property
    def text(self) -> str:
        """The cell's words in one line."""
        return clean(rejoined(self.lines) if self.wrapped else " ".join(self.lines))

    @cached_property
    def written_lines(self) -> tuple[str, ...]:
        """The lines the writer broke, each cleaned, empty ones left out."""
        if self.wrapped:
            return (self.text,) if self.text else ()
        return tuple(line for line in map(clean, self.lines) if line)


@dataclass(frozen=True, kw_only=True)
class GridRow:
    """One printed row. ``continues`` marks the rest of a row that a page break cut in two."""

    cells: tuple[Cell, ...]
    number: int
    page: int | None = None
    continues: bool = False

    @cached_property
    def distinct(self) -> tuple[tuple[Cell, int, int], ...]:
        """The printed cells that hold words, each with its first and last column."""
        spans: dict[int, tuple[Cell, int, int]] = {}
        for column, cell in enumerate(self.cells):
            if cell.text:
                first = spans[cell.key][1] if cell.key in spans else column
                spans[cell.key] = (cell, first, column)
        return tuple(spans.values())

    @property
    def blank(self) -> bool:
        """No cell holds a word."""
        return not self.distinct


@dataclass(frozen=True, kw_only=True)
class Table:
    """One table (or sheet), numbered from 1 in reading order; rows keep the reader's numbers."""

    number: int
    rows: tuple[GridRow, ...]
    sheet: str | None = None
    ruled: bool = True
    """Cells have borders, so that merged cells can be told from empty ones; a .csv has none."""
    unruled_rows: frozenset[int] = frozenset()
    """Numbers of the rows that no rule parts from the row above: their number told them apart."""
    columns_by_white: bool = False
    """No upright rules part the columns: the white between their words told them apart."""
    hidden_rows: frozenset[int] = frozenset()
    """Numbers of the rows a sheet does not show, by a filter or by hand."""
    hidden_columns: frozenset[int] = frozenset()
    """Columns a sheet does not show, from 0 as in ``cells``."""

    @property
    def width(self) -> int:
        """Number of columns of the grid."""
        return len(self.rows[0].cells) if self.rows else 0

    def is_above(self, index: int, column: int) -> bool:
        """Tell whether the cell belongs to a merged cell that began in an earlier row."""
        row = self.rows[index]
        return index > 0 and self.rows[index - 1].cells[column].key == row.cells[column].key


@dataclass(frozen=True, kw_only=True)
class Document:
    """A document's text and tables in reading order; ``margins`` holds page headers and footers."""

    blocks: tuple[str | Table, ...]
    margins: tuple[str, ...] = ()
    hidden_sheets: tuple[str, ...] = ()
    encoding_guessed: str = ""
    """The old code page a text file was read in, which it does not name."""
    macros: bool = False
    """The file carries a program of its own; it is never looked at, let alone run."""

    @property
    def tables(self) -> tuple[Table, ...]:
        """The tables, in order."""
        return tuple(block for block in self.blocks if isinstance(block, Table))

    def text_before(self, table: Table) -> tuple[str, ...]:
        """Return the text blocks between ``table`` and the table before it."""
        return tuple(reversed(list(self._walk_back(table))))

    def _walk_back(self, table: Table) -> Iterator[str]:
        position = next(i for i, block in enumerate(self.blocks) if block is table)
        for block in reversed(self.blocks[:position]):
            if isinstance(block, Table):
                return
            yield block


def column_letters(column: int) -> str:
    """Return the letters a sheet prints over ``column``, counted from 0: "A", "Z", "AA"."""
    letters, number = "", column + 1
    while number:
        number, last = divmod(number - 1, 26)
        letters = chr(ord("A") + last) + letters
    return letters


def rejoined(lines: tuple[str, ...]) -> str:
    """Join the lines a layout broke with a space, or without one where a word or number was cut in two."""
    joined = ""
    for line in (part.strip() for part in lines):
        joined = joined + line if _cut(joined, line) else f"{joined} {line}"
    return joined


def _cut(before: str, after: str) -> bool:
    """Tell whether the break fell inside "NĐ-CP", "15/11/2022" or "107/2021/NĐ-CP", or before a comma."""
    if after[:1] in _CLOSING:
        return True
    if _BREAKS_INSIDE_A_SYMBOL.search(before) and _SYMBOL_GOES_ON.match(after):
        return True
    hyphened = _BREAKS_INSIDE_A_WORD.search(before) and after[:1].isalnum()
    dated = _BREAKS_INSIDE_A_DATE.search(before) and after[:1].isdigit()
    return bool(hyphened or dated) or _cut_year(before, after)


def _cut_year(before: str, after: str) -> bool:
    """Tell whether a column too narrow for "15/12/2025" printed "15/12/202" and "5"."""
    first, rest = _BREAKS_INSIDE_A_YEAR.search(before), _REST_OF_A_YEAR.match(after)
    return bool(first and rest and len(first["first"]) + len(rest[0]) == 4)
