"""The rows of a directory's sheet, from .xlsx or .csv, as the text of their cells."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from tasks_catalog.problem import Refused

MAX_BYTES = 10 * 2**20
MAX_UNPACKED = 100 * 2**20
MAX_ROWS = 20_000

Row = tuple[int, list[str]]
"""The number of the line, as Excel shows it, and its cells as written."""


class DirectoryUnreadable(Refused):
    """A directory file that cannot be read, or a line of it that can be read in no or in two ways."""


def readings_of(path: Path) -> Iterator[list[Row]]:
    """Yield the ways to read the file: each sheet of a workbook, a .csv by each delimiter Excel writes.

    The one that shows the headings is right. Raises DirectoryUnreadable: directory_damaged,
    directory_encoding, directory_too_large.
    """
    return _sheets(path) if path.suffix.lower() == ".xlsx" else _delimited(path)


def _delimited(path: Path) -> Iterator[list[Row]]:
    data = path.read_bytes()
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        lines = data.decode(encoding).splitlines(keepends=True)
    except UnicodeDecodeError as reason:
        raise DirectoryUnreadable("directory_encoding", file=path.name, reason=reason) from reason
    for delimiter in ",;\t":
        reader = csv.reader(lines, delimiter=delimiter)
        try:
            yield _limited(((reader.line_num, row) for row in reader), path)
        except csv.Error as reason:
            at = reader.line_num
            raise DirectoryUnreadable("directory_damaged", file=path.name, line=at, reason=reason) from reason


def _sheets(path: Path) -> Iterator[list[Row]]:
    from openpyxl import load_workbook  # slow to import, and only workbooks need it

    try:
        with zipfile.ZipFile(path) as packed:
            unpacked = sum(entry.file_size for entry in packed.infolist())
        if unpacked > MAX_UNPACKED:
            limit = f"{MAX_UNPACKED // 2**20} MB"
            raise DirectoryUnreadable("directory_too_large", file=path.name, limit=limit)
        book = load_workbook(path, read_only=True, data_only=True)
        sheets = [_limited(_cells(sheet.iter_rows(values_only=True)), path) for sheet in book.worksheets]
        book.close()
    except Refused:
        raise
    except Exception as reason:  # the parsers below raise anything at a damaged file; the reason is told
        raise DirectoryUnreadable("directory_damaged", file=path.name, line="-", reason=reason) from reason
    yield from sheets


def _cells(rows: Iterable[tuple[object, ...]]) -> Iterator[Row]:
    for line, row in enumerate(rows, start=1):
        yield line, ["" if value is None else str(value) for value in row]


def _limited(rows: Iterable[Row], path: Path) -> list[Row]:
    kept: list[Row] = []
    for line, cells in rows:
        if line > MAX_ROWS:
            raise DirectoryUnreadable("directory_too_large", file=path.name, limit=f"{MAX_ROWS:,}")
        kept.append((line, cells))
    return kept
