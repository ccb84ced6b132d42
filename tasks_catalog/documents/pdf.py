"""Reads a PDF that carries text: ruled tables become a grid, joined over the pages they run across."""

from __future__ import annotations

import logging
import re
import struct
import zlib
from base64 import a85decode
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from io import BytesIO
from itertools import count
from typing import Any

from tasks_catalog.documents.grid import Cell, Document, GridRow, Table
from tasks_catalog.documents.pdf_pages import TooFull, TooManyPages, pages_of
from tasks_catalog.documents.pdf_rules import Box, Ruled, TableFinder, upright
from tasks_catalog.documents.refusals import (
    MAX_PAGES,
    MAX_PDF_TEXT_BYTES,
    MAX_RULES,
    Damaged,
    NotAPlan,
    PasswordProtected,
    TooLarge,
)
from tasks_catalog.documents.unruled_rows import Line, parted
from tasks_catalog.text import clean

_SAME_EDGE = 3.0
"""Points within which two rules are one edge."""
_SAME_SIDE = 6.0
"""Points within which the tables of two pages have the same sides."""
_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_PICTURE = re.compile(rb"/Subtype\s*/Image\b")
_FLATE = re.compile(rb"/(?:FlateDecode|Fl)\b")
_PACKER = re.compile(rb"/(?:FlateDecode|Fl|LZWDecode|LZW|RunLengthDecode|RL)\b")
_APART = 2.5
"""White between two words, as a multiple of their height, that makes them two texts on one line."""
_LONGEST_HEAD = 2_000
_CHUNK = 1 << 16
_PAGE_NUMBER = re.compile(r"\W*(?:trang|page)?\s*\d+(?:\s*(?:/|of)\s*\d+)?\W*", re.IGNORECASE)


@dataclass
class _Piece:
    """The part of a table that stands on one page: cells by box, with the lines in each.

    ``cuts`` are the heights at which rows were parted that no rule parts.
    """

    page: int
    box: Box
    cells: dict[Box, tuple[Line, ...]]
    cuts: list[float]
    gaps: bool
    """No rules part its columns: where they end differs from page to page."""


@dataclass
class _Page:
    """A page as taken apart: tables in order, and the lines outside them by their place from the top."""

    number: int
    pieces: list[_Piece] = field(default_factory=list)
    lines: list[tuple[float, str]] = field(default_factory=list)

    def lines_between(self, above: float, below: float) -> list[str]:
        return [text for top, text in self.lines if above <= top < below]


def read_pdf(data: bytes, file: str) -> Document:
    """Return text and tables; raises PasswordProtected, Damaged, TooLarge, NotAPlan (no text: a scan)."""
    pages = _taken_apart(data, file)
    if not any(page.lines or page.pieces for page in pages):
        raise NotAPlan("pdf_has_no_text", file=file)
    margins = _drop_running_lines(pages)
    return Document(blocks=tuple(_blocks(pages)), margins=margins)


def _taken_apart(data: bytes, file: str) -> list[_Page]:
    import pdfplumber  # imported here: it costs 0.4 s that other formats need not pay
    from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect
    from pdfminer.pdfexceptions import PDFException
    from pdfminer.psexceptions import PSException
    from pdfplumber.utils.exceptions import MalformedPDFException, PdfminerException

    logging.getLogger("pdfminer").setLevel(logging.ERROR)  # its warnings are of fonts, not of words
    # pdfminer has no one base for what a broken file makes it raise
    faults = (
        *(PdfminerException, MalformedPDFException, PDFException, PSException, ArithmeticError, LookupError),
        *(
            TooFull,
            ValueError,
            TypeError,
            AttributeError,
            AssertionError,
            RecursionError,
            struct.error,
            zlib.error,
        ),
    )
    _refuse_vast_streams(data, file)
    try:
        with pdfplumber.open(BytesIO(data)) as pdf:
            finder = TableFinder()
            pages = [_page(page, file, finder) for page in pages_of(pdf)]
            if not pages:
                raise Damaged("file_damaged", file=file)
            return pages
    except TooManyPages as fault:
        raise TooLarge("too_many_pages", file=file, count=f"> {MAX_PAGES}", limit=MAX_PAGES) from fault
    except faults as fault:
        reasons = (fault, *fault.args, fault.__cause__)
        full = next((reason for reason in reasons if isinstance(reason, TooFull)), None)
        if full:
            raise TooLarge(
                "page_too_full", file=file, page=full.page, count=full.count, limit=full.limit
            ) from fault
        if any(isinstance(reason, (PDFPasswordIncorrect, PDFEncryptionError)) for reason in reasons):
            raise PasswordProtected("password_protected", file=file) from fault
        raise Damaged("file_damaged", file=file) from fault


def _refuse_vast_streams(data: bytes, file: str) -> None:
    """Raise TooLarge when the streams unpack beyond the limit: pdfminer would unpack each in one go."""
    unpacked = 0
    for found in _STREAM.finditer(data):
        head = data[max(data.rfind(b"obj", 0, found.start()), found.start() - _LONGEST_HEAD) : found.start()]
        if not _FLATE.search(head) or _PICTURE.search(head):
            continue
        packers = len(_PACKER.findall(head))
        limit = MAX_PDF_TEXT_BYTES - unpacked
        stream = _without_letters(data, found.end(), head)
        unpacked += _unpacked_size(stream, limit) if packers == 1 else limit + 1
        if unpacked > MAX_PDF_TEXT_BYTES:
            size, most = f"> {MAX_PDF_TEXT_BYTES >> 20} MB", f"{MAX_PDF_TEXT_BYTES >> 20} MB"
            raise TooLarge("file_unpacks_too_large", file=file, size=size, limit=most)


def _without_letters(data: bytes, start: int, head: bytes) -> memoryview:
    """Return the packed bytes from ``start`` on; reportlab, for one, writes them as ASCII85 letters."""
    if b"ASCII85Decode" not in head and b"/A85" not in head:
        return memoryview(data)[start:]
    try:
        return memoryview(a85decode(data[start : data.find(b"~>", start)].strip()))
    except ValueError:  # pdfminer will say what is wrong with it
        return memoryview(b"")


def _unpacked_size(data: memoryview, limit: int) -> int:
    """Return how much ``data`` unpacks to, or more than ``limit`` as soon as it is passed."""
    packer, size, at = zlib.decompressobj(), 0, 0
    waiting: bytes | memoryview = b""
    try:
        while not packer.eof and size <= limit and (waiting or at < len(data)):
            if not waiting:
                waiting, at = data[at : at + _CHUNK], at + _CHUNK
            size += len(packer.decompress(waiting, _CHUNK))
            waiting = packer.unconsumed_tail
    except zlib.error:
        return size
    return size


def _page(page: Any, file: str, finder: TableFinder) -> _Page:
    """Sort a page's characters into the cells of its tables; the rest are lines outside."""
    page = upright(page)
    rules = len(page.rects) + len(page.lines) + len(page.curves)
    if rules > MAX_RULES:
        raise TooLarge("page_too_full", file=file, page=page.page_number, count=rules, limit=MAX_RULES)
    tables = finder.find(page)
    maps = [_CellMap(table.cells) for table in tables]
    outside: list[dict[str, Any]] = []
    for char in page.dedupe_chars().chars:
        middle = ((char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2)
        if not any(cells.take(char, *middle) for cells in maps):
            outside.append(char)
    pieces = [_piece(page.page_number, table, cells.held) for table, cells in zip(tables, maps, strict=True)]
    result = _Page(number=page.page_number, pieces=[piece for piece in pieces if any(piece.cells.values())])
    result.lines = _outside_lines(outside)
    page.close()  # frees the page's objects: a long document would hold them all
    return result


class _CellMap:
    """Finds the cell a point falls in by two binary searches."""

    def __init__(self, boxes: Iterable[Box]) -> None:
        self.held: dict[Box, list[dict[str, Any]]] = {box: [] for box in boxes}
        self.xs = sorted({x for box in self.held for x in (box[0], box[2])})
        self.ys = sorted({y for box in self.held for y in (box[1], box[3])})
        self.at: dict[tuple[int, int], Box] = {}
        for box in self.held:
            for i in range(self.xs.index(box[0]), self.xs.index(box[2])):
                for j in range(self.ys.index(box[1]), self.ys.index(box[3])):
                    self.at[i, j] = box

    def take(self, char: dict[str, Any], x: float, y: float) -> bool:
        box = self.at.get((bisect_right(self.xs, x) - 1, bisect_right(self.ys, y) - 1))
        if box is None:
            return False
        self.held[box].append(char)
        return True


def _piece(number: int, ruled: Ruled, held: dict[Box, list[dict[str, Any]]]) -> _Piece:
    cells, cuts = parted({cell: _lines(chars) for cell, chars in held.items()})
    return _Piece(page=number, box=ruled.bbox, cells=cells, cuts=cuts, gaps=ruled.gaps)


def _lines(chars: list[dict[str, Any]]) -> tuple[Line, ...]:
    from pdfplumber.utils.clustering import cluster_objects
    from pdfplumber.utils.text import extract_words

    words = extract_words(chars) if chars else []
    return tuple(
        Line(
            top=min(word["top"] for word in line),
            bottom=max(word["bottom"] for word in line),
            text=" ".join(word["text"] for word in sorted(line, key=lambda word: word["x0"])),
        )
        for line in cluster_objects(words, "top", _SAME_EDGE)
    )


def _outside_lines(chars: list[dict[str, Any]]) -> list[tuple[float, str]]:
    from pdfplumber.utils.text import extract_words

    rows: dict[float, list[list[str]]] = {}
    ends: dict[float, float] = {}
    for word in extract_words(chars, keep_blank_chars=False) if chars else ():
        near = next((top for top in rows if abs(top - word["top"]) < _SAME_EDGE), word["top"])
        parts = rows.setdefault(near, [])
        if not parts or word["x0"] - ends[near] > _APART * (word["bottom"] - word["top"]):
            parts.append([])  # the two sides of a letterhead stand on one line
        parts[-1].append(word["text"])
        ends[near] = word["x1"]
    return [(top, clean(" ".join(words))) for top, parts in sorted(rows.items()) for words in parts]


def _drop_running_lines(pages: list[_Page]) -> tuple[str, ...]:
    """Take page numbers and lines repeated on most pages out of the text, and return the latter."""
    seen = Counter(text for page in pages for text in {text for _, text in page.lines})
    running = {text for text, times in seen.items() if times >= 3 and times * 2 > len(pages)}
    for page in pages:
        page.lines = [
            (top, text)
            for top, text in page.lines
            if text not in running and not _PAGE_NUMBER.fullmatch(text)
        ]
    return tuple(running)


def _blocks(pages: list[_Page]) -> list[str | Table]:
    """Put lines and tables in reading order, joining the pieces of a table that runs over pages."""
    order: list[str | list[_Piece]] = []
    for page in pages:
        above = 0.0
        for piece in page.pieces:
            order.extend(page.lines_between(above, piece.box[1]))
            above = piece.box[1]
            if order and isinstance(order[-1], list) and _runs_on(order[-1][-1], piece):
                order[-1].append(piece)
            else:
                order.append([piece])
        order.extend(page.lines_between(above, float("inf")))
    keys, numbers = count(1), count(1)
    return [_table(item, next(numbers), keys) if isinstance(item, list) else item for item in order]


def _runs_on(before: _Piece, piece: _Piece) -> bool:
    sides = (abs(before.box[0] - piece.box[0]), abs(before.box[2] - piece.box[2]))
    return piece.page == before.page + 1 and max(sides) <= _SAME_SIDE


def _table(pieces: list[_Piece], number: int, keys: count[int]) -> Table:
    telling = pieces[:1] if pieces[0].gaps else pieces
    xs = _edges(x for piece in telling for box in piece.cells for x in (box[0], box[2]))
    rows: list[GridRow] = []
    unruled: set[int] = set()
    for piece in pieces:
        ys = _edges(y for box in piece.cells for y in (box[1], box[3]))
        unruled.update(len(rows) + 1 + _nearest(ys, cut) for cut in piece.cuts)
        rows.extend(_rows(piece, xs, ys, len(rows), keys))
    return Table(
        number=number,
        rows=tuple(rows),
        unruled_rows=frozenset(unruled),
        columns_by_white=any(piece.gaps for piece in pieces),
    )


def _rows(piece: _Piece, xs: list[float], ys: list[float], before: int, keys: count[int]) -> list[GridRow]:
    grid: list[list[Cell | None]] = [[None] * (len(xs) - 1) for _ in range(len(ys) - 1)]
    for box, lines in piece.cells.items():
        cell = Cell(key=next(keys), lines=tuple(line.text for line in lines), wrapped=True)
        for row in range(_nearest(ys, box[1]), _nearest(ys, box[3])):
            for column in range(_nearest(xs, box[0]), _nearest(xs, box[2])):
                grid[row][column] = cell
    return [
        GridRow(cells=tuple(cell or Cell(key=next(keys)) for cell in row), number=number, page=piece.page)
        for number, row in enumerate(grid, start=before + 1)
    ]


def _edges(values: Iterable[float]) -> list[float]:
    edges: list[float] = []
    for value in sorted(values):
        if not edges or value - edges[-1] > _SAME_EDGE:
            edges.append(value)
    return edges


def _nearest(edges: list[float], value: float) -> int:
    return min(range(len(edges)), key=lambda i: abs(edges[i] - value))
