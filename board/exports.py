"""A list as a file, .xlsx or .csv: every row it has, and nothing in it that a program would run."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from io import TextIOWrapper
from itertools import islice
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, cast

from board.list_asked import Asked
from board.list_entries import Entry, every_counted, past
from board.lists import units_text, why_text
from board.view import View
from storage.schema import PlanRow
from tasks_catalog.standing import StandingKind

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell as SheetCell
    from openpyxl.worksheet.worksheet import Worksheet

MOST = 100_000
"""Rows of one file; a list that has more says so in its last row."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What a spreadsheet takes a cell for that begins so (OWASP, CSV Injection)."""
_BOM = "\ufeff"
_COLUMNS = (
    ("board_row", 8),
    ("board_column_task", 60),
    ("board_column_product", 30),
    ("board_column_section", 30),
    ("board_owes", 35),
    ("board_column_deadline", 30),
    ("board_list_due", 12),
    ("board_standing", 24),
    ("board_list_since", 14),
    ("board_list_why", 50),
)
"""Headings, and the widths of their columns in characters."""

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
Cell = str | int | date | None


@dataclass(frozen=True, kw_only=True)
class Exported:
    """A file written to disk, at its beginning, to be sent and closed."""

    file: IO[bytes]
    name: str
    media_type: str


def as_csv(plan: PlanRow, asked: Asked, view: View) -> Exported:
    """Write the list as Excel opens it rightly: UTF-8 with its mark, dates as the language writes them."""
    file = cast("IO[bytes]", TemporaryFile())  # noqa: SIM115  # closed by whoever sends it
    text = TextIOWrapper(file, encoding="utf-8", newline="")
    text.write(_BOM)
    lines = csv.writer(text)
    lines.writerows([_as_text(cell, view) for cell in row] for row in rows_of(plan, asked, view))
    text.detach()
    file.seek(0)
    return Exported(file=file, name=f"{_name(plan, view)}.csv", media_type=CSV)


def as_xlsx(plan: PlanRow, asked: Asked, view: View) -> Exported:
    """Write the list as a workbook: dates are dates, and text stays text whatever it begins with."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font
    from openpyxl.worksheet.worksheet import Worksheet

    book = Workbook(write_only=True)
    sheet = cast(Worksheet, book.create_sheet(view.say("board_list_file")[:31]))
    sheet.freeze_panes = "A2"
    for number, (_, width) in enumerate(_COLUMNS):
        sheet.column_dimensions[chr(ord("A") + number)].width = width
    wrapped, bold = Alignment(wrap_text=True, vertical="top"), Font(bold=True)
    for index, row in enumerate(rows_of(plan, asked, view)):
        cells = []
        for value in row:
            if isinstance(value, str):
                cell = text_cell(sheet, value)
            else:
                cell = WriteOnlyCell(sheet)
                cell.value = value
                cell.number_format = "dd/mm/yyyy" if isinstance(value, date) else cell.number_format
            cell.alignment = wrapped
            if index == 0:
                cell.font = bold
            cells.append(cell)
        sheet.append(cells)
    file = cast("IO[bytes]", TemporaryFile())  # noqa: SIM115  # closed by whoever sends it
    book.save(file)
    file.seek(0)
    return Exported(file=file, name=f"{_name(plan, view)}.xlsx", media_type=XLSX)


def text_cell(sheet: Worksheet, words: str) -> SheetCell:
    """Return a cell of text that no program runs as a formula."""
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(sheet)
    cell.value = _printable(words)
    cell.data_type = "s"
    cell.quotePrefix = words.startswith(_FORMULA)
    return cell


def _name(plan: PlanRow, view: View) -> str:
    return f"{view.say('board_list_file')} {plan.number.replace('/', '-')} {view.count_day.isoformat()}"


def _printable(text: str) -> str:
    """Drop what XML 1.0 cannot hold."""
    return "".join(c for c in text if c >= " " or c in "\n\t")


def _as_text(cell: Cell, view: View) -> str:
    if isinstance(cell, date):
        return view.day(cell)
    words = "" if cell is None else str(cell)
    return f"'{words}" if words.startswith(_FORMULA) else words


def rows_of(plan: PlanRow, asked: Asked, view: View) -> Iterator[tuple[Cell, ...]]:
    """Yield the headings, then a row for each entry, at most ``MOST``."""
    yield tuple(view.say(code) for code, _ in _COLUMNS)
    found = enumerate(islice(_entries(plan, asked, view), MOST + 1))
    for index, entry in found:
        if index == MOST:
            yield (view.say("board_list_cut", most=MOST),)
            return
        yield _row(entry, view)


def _entries(plan: PlanRow, asked: Asked, view: View) -> Iterable[Entry]:
    counted = view.counted(plan)
    if counted is None:
        return past(asked, plan, view)
    return every_counted(asked, plan, counted, view, MOST + 1)


def _row(entry: Entry, view: View) -> tuple[Cell, ...]:
    task = entry.task
    since = entry.standing.since if entry.standing else None
    if entry.share and entry.kind is StandingKind.OVERDUE:
        since = entry.share.lapses
    return (
        task.row,
        task.text,
        task.product,
        task.section,
        units_text(entry, view),
        task.deadline.text,
        entry.due,
        view.say(f"standing_{entry.kind}"),
        since,
        why_text(entry, view),
    )
