"""Tables of an official paper: fixed columns, and headings that come again on every page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from docx.document import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import Table, _Cell

from notifications.papers.package import printable

SIZE = 12.0


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column: its heading, its width in mm, and whether it holds words or figures."""

    title: str
    width: float
    words: bool = False


Cells = Sequence[str]


def add_table(
    paper: Document,
    columns: Sequence[Column],
    rows: Iterable[Cells],
    *,
    total: Cells | None = None,
    heading_size: float = SIZE,
) -> Table:
    """Add a bordered table; ``total`` is a last row in bold. No row is split over two pages."""
    below = [(cells, False) for cells in rows]
    if total is not None:
        below.append((total, True))
    table: Table = paper.add_table(rows=1 + len(below), cols=len(columns), style="Table Grid")
    _fix_columns(table, [column.width for column in columns], margin=1.0)
    heading, *others = table.rows
    for cell, column in zip(heading.cells, columns, strict=True):
        _fill(cell, column.title, bold=True, words=False, size=heading_size)
    for row, (cells, bold) in zip(others, below, strict=True):
        for cell, column, text in zip(row.cells, columns, cells, strict=True):
            _fill(cell, text, bold=bold, words=column.words, size=SIZE)
    _mark(table, "w:cantSplit")
    heading._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    return table


def frame(paper: Document, widths: Sequence[float], *, rows: int) -> Table:
    """Add a table without borders, to set blocks side by side."""
    table: Table = paper.add_table(rows=rows, cols=len(widths))
    _fix_columns(table, widths, margin=0)
    _mark(table, "w:cantSplit")
    return table


def _fill(cell: _Cell, text: str, *, bold: bool, words: bool, size: float) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(1)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT if words else WD_ALIGN_PARAGRAPH.CENTER
    run = paragraph.add_run(printable(text))
    run.font.size, run.bold = Pt(size), bold or None


def _fix_columns(table: Table, widths: Sequence[float], *, margin: float) -> None:
    """Give every column its width; Word reads the cells', LibreOffice the grid's."""
    table.autofit = False
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
        for cell in column.cells:
            cell.width = Mm(width)
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        edge = OxmlElement(f"w:{side}")
        edge.set(qn("w:w"), str(Mm(margin).twips))
        edge.set(qn("w:type"), "dxa")
        margins.append(edge)
    table._tbl.tblPr.insert_element_before(margins, "w:tblLook", "w:tblCaption", "w:tblDescription")


def _mark(table: Table, tag: str) -> None:
    for row in table.rows:
        row._tr.get_or_add_trPr().append(OxmlElement(tag))
