"""Reads a Word document (.docx, .docm) straight from its XML (ECMA-376); macros are never looked at."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from itertools import count
from xml.etree.ElementTree import Element, ParseError  # only the types: parsing goes through defusedxml

from tasks_catalog.documents.docx_numbering import Numbering
from tasks_catalog.documents.grid import Cell, Document, GridRow, Table
from tasks_catalog.documents.refusals import MAX_COLUMNS, MAX_TAGS, PACKAGE_FAULTS

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_WRAPPERS = {W + name for name in ("sdt", "sdtContent", "ins", "customXml", "smartTag", "moveTo")}
_BREAKS = {W + "br", W + "cr"}
_LEFT_OUT = {W + "del", W + "moveFrom", W + "instrText", _MC_FALLBACK}

FAULTS = (*PACKAGE_FAULTS, KeyError, ValueError, ParseError)
"""What a damaged package raises; ValueError covers the forbidden entities of defusedxml."""


class TooManyTags(Exception):
    """A part holds more elements than memory should be spent on."""


def read_docx(data: bytes) -> Document:
    """Return the document's paragraphs and tables; raises TooManyTags, or one of FAULTS when damaged."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        names = set(package.namelist())
        body = _parse(package, "word/document.xml").find(W + "body")
        numbering = Numbering(
            *(
                _parse(package, part) if part in names else None
                for part in ("word/numbering.xml", "word/styles.xml")
            )
        )
        margins = tuple(_margin_lines(package, names, numbering))
    if body is None:
        raise ValueError("no body")
    reader = _Reader(numbering)
    blocks = tuple(reader.blocks(body))
    return Document(blocks=blocks, margins=margins, macros="word/vbaProject.bin" in names)


def _parse(package: zipfile.ZipFile, part: str) -> Element:
    from defusedxml.ElementTree import fromstring  # type: ignore[import-untyped]  # it ships no types

    data = package.read(part)
    if data.count(b"<") > MAX_TAGS:
        raise TooManyTags(part)
    root: Element = fromstring(data, forbid_dtd=True)
    return root


def _margin_lines(package: zipfile.ZipFile, names: set[str], numbering: Numbering) -> Iterator[str]:
    for name in sorted(names):
        if name.startswith(("word/header", "word/footer")) and name.endswith(".xml"):
            for paragraph in _parse(package, name).iter(W + "p"):
                yield from _paragraph_lines(paragraph, numbering)


class _Reader:
    """Walks a body in reading order, numbering its tables and giving each printed cell a key."""

    def __init__(self, numbering: Numbering) -> None:
        self.numbering = numbering
        self.keys = count(1)
        self.tables = count(1)

    def blocks(self, parent: Element) -> Iterator[str | Table]:
        for child in parent:
            if child.tag == W + "p":
                yield from _paragraph_lines(child, self.numbering)
            elif child.tag == W + "tbl" and _frames_a_table(child):
                for row in _inside(child, W + "tr"):
                    for cell in _inside(row, W + "tc"):
                        yield from self.blocks(cell)
            elif child.tag == W + "tbl":
                yield self.table(child)
            elif child.tag in _WRAPPERS:
                yield from self.blocks(child)

    def table(self, element: Element) -> Table:
        number = next(self.tables)
        rows: list[list[Cell]] = []
        for row in _inside(element, W + "tr"):
            if row.find(f"{W}trPr/{W}del") is None:  # a tracked change took the row out
                rows.append(self.row(row, rows[-1] if rows else []))
        width = max((len(row) for row in rows), default=0)
        for cells in rows:
            cells.extend(Cell(key=next(self.keys)) for _ in range(width - len(cells)))
        numbered = (GridRow(cells=tuple(cells), number=i) for i, cells in enumerate(rows, start=1))
        return Table(number=number, rows=tuple(numbered))

    def row(self, element: Element, above: list[Cell]) -> list[Cell]:
        cells: list[Cell] = []
        for _ in range(min(_number(element, "trPr/gridBefore", 0), MAX_COLUMNS)):
            cells.append(Cell(key=next(self.keys)))
        for cell in _inside(element, W + "tc"):
            span = min(_number(cell, "tcPr/gridSpan", 1), MAX_COLUMNS)
            column = len(cells)
            if _continues_above(cell) and column < len(above):
                cells.extend(above[column : column + span])
            else:
                cells.extend([Cell(key=next(self.keys), lines=tuple(self.cell_lines(cell)))] * span)
        return cells[:MAX_COLUMNS]

    def cell_lines(self, element: Element) -> Iterator[str]:
        for child in element:
            if child.tag == W + "p":
                yield from _paragraph_lines(child, self.numbering)
            elif child.tag == W + "tbl":
                for row in _inside(child, W + "tr"):
                    for cell in _inside(row, W + "tc"):
                        yield from self.cell_lines(cell)
            elif child.tag in _WRAPPERS:
                yield from self.cell_lines(child)


def _frames_a_table(element: Element) -> bool:
    """Tell whether a table of one column is there to hold another: a frame around it, for the layout."""
    rows = [list(_inside(row, W + "tc")) for row in _inside(element, W + "tr")]
    held = [cell for cells in rows for cell in cells if next(_inside(cell, W + "tbl"), None) is not None]
    return bool(held) and all(len(cells) == 1 for cells in rows)


def _inside(parent: Element, tag: str) -> Iterator[Element]:
    for child in parent:
        if child.tag == tag:
            yield child
        elif child.tag in _WRAPPERS:
            yield from _inside(child, tag)


def _number(element: Element, path: str, default: int) -> int:
    found = element.find("/".join(W + name for name in path.split("/")))
    return max(default, int(found.get(W + "val", default))) if found is not None else default


def _continues_above(cell: Element) -> bool:
    merge = cell.find(f"{W}tcPr/{W}vMerge")
    return merge is not None and merge.get(W + "val", "continue") == "continue"


def _paragraph_lines(paragraph: Element, numbering: Numbering) -> Iterator[str]:
    words = "".join(_words(paragraph))
    label = numbering.label(paragraph)
    lines = f"{label} {words}".strip() if label else words
    yield from (line for line in lines.split("\n") if line.strip())


def _words(element: Element) -> Iterator[str]:
    for child in element:
        if child.tag == W + "t":
            yield child.text or ""
        elif child.tag in _BREAKS:
            yield "\n"
        elif child.tag == W + "tab":
            yield " "
        elif child.tag == W + "noBreakHyphen":
            yield "-"
        elif child.tag == W + "p":  # a paragraph inside a text box
            yield "\n"
            yield from _words(child)
            yield "\n"
        elif child.tag not in _LEFT_OUT and not _hidden(child):
            yield from _words(child)


def _hidden(element: Element) -> bool:
    """Tell whether the run is kept in the file and neither shown nor printed."""
    mark = element.find(f"{W}rPr/{W}vanish") if element.tag == W + "r" else None
    return mark is not None and mark.get(W + "val", "true") not in ("0", "false", "off")
