"""Reads a comma-separated file: its encoding and delimiter are found out; every cell is text only."""

from __future__ import annotations

import csv
import io
import re
from itertools import count

from tasks_catalog.documents.grid import Cell, Document, GridRow, Table
from tasks_catalog.documents.refusals import MAX_COLUMNS, MAX_ROWS, Damaged, TooLarge

_DELIMITERS = (",", ";", "\t", "|")
_SAMPLE_ROWS = 30
_SAMPLE_BYTES = 4_096
_PAST_LATIN = "\u2100"
_NOT_TEXT = re.compile("[\x00-\x08\x0e-\x1f\x7f\ufffd]")
_TONE = re.compile("[\u0300\u0301\u0303\u0309\u0323]")
_STRAY_TONE = re.compile(rf"(?:^|[\W\d_]){_TONE.pattern}")
_MAX_CELL = 1_000_000
_MAX_LINE = 2_000_000
_LONG_LINE = re.compile(rf"(?:\A|\n)[^\n]{{{_MAX_LINE + 1}}}")


def read_csv(data: bytes, file: str) -> Document:
    """Return the file as one table; raises Damaged (encoding, quoting) or TooLarge."""
    text, guessed = _decoded(data, file)
    _refuse_long_lines(text, file)
    first, _, rest = text.partition("\n")
    if first.lower().startswith("sep=") and len(first.strip()) == 5:  # written by Excel for Excel
        return _document(rest, first.strip()[4], file, guessed)
    return _document(text, _delimiter(text), file, guessed)


def _refuse_long_lines(text: str, file: str) -> None:
    """Raise TooLarge for a line no sheet would write, before it is taken apart into cells."""
    if _LONG_LINE.search(text):
        raise TooLarge("cell_too_long", file=file, count=f"> {_MAX_LINE}", limit=_MAX_LINE)


def _decoded(data: bytes, file: str) -> tuple[str, str]:
    """Return the text, and the name of the old code page it was read in where nothing names one."""
    marked = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    encoding = utf16_without_mark(data) or marked
    try:
        return data.decode(encoding), ""
    except UnicodeError as fault:
        text = _in_old_code_page(data)
        if text is None:
            raise Damaged("csv_encoding", file=file) from fault
        return text, "Windows-1258"


def utf16_without_mark(data: bytes) -> str:
    """Return "utf-16-le" or "utf-16-be" where the zeros of plain letters stand on one side only, else ""."""
    head = data[:_SAMPLE_BYTES]
    odd, even = head[1::2].count(0), head[::2].count(0)
    if min(odd, even) or max(odd, even) * 4 < len(head[::2]):
        return ""
    encoding = "utf-16-le" if odd else "utf-16-be"
    words = head[: len(head) // 2 * 2].decode(encoding, errors="replace")
    latin = sum(letter < _PAST_LATIN for letter in words)
    return "" if _NOT_TEXT.search(words) or latin * 10 < len(words) * 9 else encoding


def _in_old_code_page(data: bytes) -> str | None:
    """Return what Windows wrote for Vietnamese before Unicode, or None where it makes no Vietnamese words.

    There a vowel's tone follows it as a mark of its own; in any other code page marks stand anywhere.
    """
    try:
        text = data.decode("cp1258")
    except UnicodeError:
        return None
    if _NOT_TEXT.search(text):
        return None
    return text if _TONE.search(text) and not _STRAY_TONE.search(text) else None


def _delimiter(text: str) -> str:
    """Return the delimiter under which the first rows agree best on a number of columns."""

    def agreement(delimiter: str) -> tuple[int, int]:
        widths = [len(row) for row in _sample(text, delimiter) if row]
        usual = max(set(widths), key=widths.count, default=1)
        return (widths.count(usual) if usual > 1 else 0, usual)

    return max(_DELIMITERS, key=agreement)


def _sample(text: str, delimiter: str) -> list[list[str]]:
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        return [row for row, _ in zip(rows, range(_SAMPLE_ROWS), strict=False)]
    except csv.Error:
        return []


def _document(text: str, delimiter: str, file: str, guessed: str) -> Document:
    csv.field_size_limit(_MAX_CELL)
    rows = []
    try:
        for number, row in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), start=1):
            if number > MAX_ROWS:
                raise TooLarge("too_many_rows", file=file, count=f"> {MAX_ROWS}", limit=MAX_ROWS)
            rows.append(row[:MAX_COLUMNS])
    except csv.Error as fault:
        raise Damaged("file_damaged", file=file) from fault
    return Document(blocks=(_table(rows),), encoding_guessed=guessed)


def _table(rows: list[list[str]]) -> Table:
    keys = count(1)
    width = max((len(row) for row in rows), default=0)
    grid = (
        GridRow(
            cells=tuple(
                Cell(key=next(keys), lines=tuple(words.splitlines())) for words in _padded(row, width)
            ),
            number=number,
        )
        for number, row in enumerate(rows, start=1)
    )
    return Table(number=1, rows=tuple(row for row in grid if not row.blank), ruled=False)


def _padded(row: list[str], width: int) -> list[str]:
    return row + [""] * (width - len(row))
