"""Reads an Excel workbook (.xlsx, .xlsm): every visible sheet is a table; macros are never looked at."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from itertools import count
from typing import TYPE_CHECKING, Any

from tasks_catalog.documents.grid import Cell, Document, GridRow, Table
from tasks_catalog.documents.refusals import (
    MAX_CELL,
    MAX_COLUMNS,
    MAX_MERGED_CELLS,
    MAX_MERGED_RANGES,
    MAX_ROWS,
    MAX_TAGS,
    PACKAGE_FAULTS,
    TooLarge,
)

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

_MERGED = re.compile(
    rb'<(?:\w+:)?mergeCell\s[^>]*?ref="\$?([A-Z]{1,3})\$?(\d{1,7}):\$?([A-Z]{1,3})\$?(\d{1,7})"'
)

_ROW = re.compile(rb"<(?:\w+:)?row[\s>]")
_VALUE = re.compile(rb"<(?:\w+:)?(?:v|is)>")
_UNSAVED_FORMULA = re.compile(rb"<f(?:\s[^>]*)?>[^<]*</f>\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>")
_VBA = b"xl/vbaProject.bin"

FAULTS = (*PACKAGE_FAULTS, KeyError, ValueError, TypeError, IndexError, AttributeError, SyntaxError)
"""What openpyxl raises on a damaged workbook; SyntaxError is the base of XML's ParseError."""


def read_xlsx(data: bytes, file: str) -> Document:
    """Return the visible sheets as tables; raises TooLarge, or one of FAULTS when damaged."""
    unsaved = _looked_over(data, file)
    import warnings

    from openpyxl import load_workbook  # imported here: it costs 0.3 s that other formats need not pay

    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore"
        )  # openpyxl warns of styles and extensions it drops: no words among them
        book = load_workbook(io.BytesIO(data), data_only=True)
        formulas = load_workbook(io.BytesIO(data)) if unsaved else None
    if formulas:
        _show_formulas(book, formulas)
    keys = count(1)
    shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    tables = tuple(_table(sheet, number, keys, file) for number, sheet in enumerate(shown, start=1))
    hidden = tuple(s.title for s in book.worksheets if s.sheet_state != "visible" and s.max_row > 1)
    margins = tuple(line for sheet in shown for line in _margin_lines(sheet))
    return Document(
        blocks=tables,
        margins=margins,
        hidden_sheets=hidden,
        macros=_VBA in data,
    )


def _looked_over(data: bytes, file: str) -> bool:
    """Raise TooLarge before openpyxl spends memory on the sheets; tell whether formulas lack their values.

    A merged range such as A1:XFD1048576 would be spread out cell by cell, and every row is kept.
    """
    covered = merged = tags = 0
    unsaved = False
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for name in (name for name in package.namelist() if name.endswith(".xml")):
            part = package.read(name)
            if name.startswith("xl/worksheets/"):
                ranges = _MERGED.findall(part)
                merged += len(ranges)
                covered += sum(map(_area, ranges))
                unsaved = unsaved or _UNSAVED_FORMULA.search(part) is not None
                _refuse_long(part, file)
            tags += part.count(b"<")
            if tags > MAX_TAGS:
                raise TooLarge("file_too_many_parts", file=file, count=tags, limit=MAX_TAGS)
    if merged > MAX_MERGED_RANGES:
        raise TooLarge("too_many_merged_cells", file=file, count=merged, limit=MAX_MERGED_RANGES)
    if covered > MAX_MERGED_CELLS:
        raise TooLarge("too_many_merged_cells", file=file, count=covered, limit=MAX_MERGED_CELLS)
    return unsaved


def _refuse_long(sheet: bytes, file: str) -> None:
    rows = _ROW.split(sheet)
    filled = sum(_VALUE.search(row) is not None for row in rows) if len(rows) > MAX_ROWS else len(rows)
    if filled > MAX_ROWS:
        raise TooLarge("too_many_rows", file=file, count=filled, limit=MAX_ROWS)


def _show_formulas(book: Workbook, formulas: Workbook) -> None:
    """Put the formula's words where its value was never saved, so that the cell is not taken for empty."""
    for sheet in book.worksheets:
        for cell in list(_filled(formulas[sheet.title])):
            if isinstance(cell.value, str) and cell.data_type == "f":
                shown = sheet.cell(cell.row, cell.column)
                if shown.value is None:
                    shown.value = cell.value


def _filled(sheet: Worksheet) -> Iterator[Any]:
    """Yield the cells that hold a value; openpyxl's own way through the rows would create all others."""
    return (cell for cell in sheet._cells.values() if cell.value is not None)


def _area(corners: tuple[bytes, bytes, bytes, bytes]) -> int:
    left, top, right, bottom = corners
    return (_column(right) - _column(left) + 1) * (int(bottom) - int(top) + 1)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


def _table(sheet: Worksheet, number: int, keys: count[int], file: str) -> Table:
    height = max((cell.row for cell in _filled(sheet)), default=1)  # formats may reach to row 1,048,576
    if height > MAX_ROWS:
        raise TooLarge("too_many_rows", file=file, count=height, limit=MAX_ROWS)
    width = min(sheet.max_column, MAX_COLUMNS)
    merged: dict[tuple[int, int], Cell] = {}
    anchors = {(r.min_row, r.min_col): r for r in sheet.merged_cells.ranges}
    rows = []
    for index, values in enumerate(sheet.iter_rows(max_row=height, max_col=width), start=1):
        cells = []
        for column, source in enumerate(values, start=1):
            cell = merged.pop((index, column), None)
            if cell is None:
                _refuse_long_cell(source.value, file)
                cell = Cell(key=next(keys), lines=_lines(source.value, str(source.number_format)))
            if (index, column) in anchors:
                _spread(cell, anchors[index, column], merged, width, height)
            cells.append(cell)
        rows.append(GridRow(cells=tuple(cells), number=index))
    return Table(
        number=number,
        rows=tuple(row for row in rows if not row.blank),
        sheet=sheet.title,
        hidden_rows=frozenset(row for row, found in sheet.row_dimensions.items() if found.hidden),
        hidden_columns=frozenset(_hidden_columns(sheet, width)),
    )


def _refuse_long_cell(value: object, file: str) -> None:
    """Raise TooLarge at the first cell that is too long: thousands may share one string."""
    if isinstance(value, str) and len(value) > MAX_CELL:
        raise TooLarge("cell_too_long", file=file, count=len(value), limit=MAX_CELL)


def _hidden_columns(sheet: Worksheet, width: int) -> Iterator[int]:
    """Yield the hidden columns from 0; one entry of the file may stand for many side by side."""
    for found in sheet.column_dimensions.values():
        if found.hidden and found.min and found.max:
            yield from range(found.min - 1, min(found.max, width))


def _spread(cell: Cell, span: Any, merged: dict[tuple[int, int], Cell], width: int, height: int) -> None:
    for row in range(span.min_row, min(span.max_row, height) + 1):
        for column in range(span.min_col, min(span.max_col, width) + 1):
            if (row, column) != (span.min_row, span.min_col):
                merged[row, column] = cell


def _margin_lines(sheet: Worksheet) -> list[str]:
    parts = [part for part in (sheet.oddHeader, sheet.oddFooter) if part is not None]
    sides = [side for part in parts for side in (part.left, part.center, part.right) if side is not None]
    return [side.text for side in sides if side.text]


def _lines(value: object, number_format: str) -> tuple[str, ...]:
    if value is None:
        return ()
    return tuple(line for line in as_shown(value, number_format).splitlines() if line.strip())


def as_shown(value: object, number_format: str) -> str:
    """Return a cell's value as a Vietnamese sheet shows it: 15/11/2022, 11/2022 where no day shows, 15,5%."""
    if isinstance(value, (datetime, date)):
        return _date_shown(value, number_format.lower())
    if isinstance(value, float):
        return _number_shown(value, number_format)
    return str(value)


def _date_shown(value: date, number_format: str) -> str:
    if "d" in number_format:
        return f"{value:%d/%m/%Y}"
    return f"{value:%m/%Y}" if "m" in number_format else f"{value:%Y}"


def _number_shown(value: float, number_format: str) -> str:
    if number_format.endswith("%"):
        return f"{value * 100:.10g}%".replace(".", ",")
    places = number_format.partition(".")[2]
    if places and set(places) == {"0"}:
        return f"{value:.{len(places)}f}"
    return f"{value:.15g}"
