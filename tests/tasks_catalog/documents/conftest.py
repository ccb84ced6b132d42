"""Documents built on the fly: a Word table from rows of text, and a ruled PDF drawn line by line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import docx
import pytest

Rows = Sequence[Sequence[str]]
MakeDocx = Callable[..., Path]
MakePdf = Callable[..., Path]
DrawPdf = Callable[..., Path]

PAGE_HEIGHT = 800
LINE = 12


@pytest.fixture
def make_docx(tmp_path: Path) -> MakeDocx:
    """Return a writer of a .docx: paragraphs, then one table; ``merge`` lists (row, column, row, column)."""

    def make(
        rows: Rows,
        *,
        above: Sequence[str] = (),
        merge: Sequence[tuple[int, int, int, int]] = (),
        name: str = "plan",
    ) -> Path:
        document = docx.Document()
        for words in above:
            document.add_paragraph(words)
        if rows:
            table = document.add_table(rows=len(rows), cols=len(rows[0]))
            for r, row in enumerate(rows):
                for c, words in enumerate(row):
                    table.cell(r, c).text = words
            for top, left, bottom, right in merge:
                words = table.cell(top, left).text
                table.cell(top, left).merge(table.cell(bottom, right)).text = words
        path = tmp_path / f"{name}.docx"
        document.save(str(path))
        return path

    return make


@pytest.fixture
def make_pdf(tmp_path: Path) -> MakePdf:
    """Return a writer of a PDF: each page a list of rows of cells of lines, in plain letters."""

    def make(pages: Sequence[Sequence[Sequence[Sequence[str]]]], *, encrypted: bool = False) -> Path:
        path = tmp_path / "plan.pdf"
        path.write_bytes(_pdf([_page_content(rows) for rows in pages], encrypted=encrypted))
        return path

    return make


@pytest.fixture
def draw_pdf(tmp_path: Path) -> DrawPdf:
    """Return a writer of a PDF from the drawing instructions of its pages, each ``sides`` points large."""

    def make(*pages: str, sides: tuple[int, int] = (900, PAGE_HEIGHT)) -> Path:
        path = tmp_path / "plan.pdf"
        contents = [page.encode("ascii") for page in pages]
        path.write_bytes(_pdf(contents, encrypted=False, sides=sides))
        return path

    return make


def _page_content(rows: Sequence[Sequence[Sequence[str]]], width: int = 110) -> bytes:
    drawn = ["0.5 w"]
    top = PAGE_HEIGHT - 60
    for row in rows:
        height = LINE * max(1, max(len(cell) for cell in row)) + 6
        for column, lines in enumerate(row):
            left = 30 + column * width
            drawn.append(f"{left} {top - height} {width} {height} re S")
            for i, words in enumerate(lines):
                drawn.append(f"BT /F1 9 Tf {left + 4} {top - LINE * (i + 1)} Td ({words}) Tj ET")
        top -= height
    return "\n".join(drawn).encode("ascii")


def _pdf(contents: Sequence[bytes], *, encrypted: bool, sides: tuple[int, int] = (900, PAGE_HEIGHT)) -> bytes:
    count = len(contents)
    kids = " ".join(f"{4 + 2 * i} 0 R" for i in range(count))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {count} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for i, content in enumerate(contents):
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {sides[0]} {sides[1]}] /Contents {5 + 2 * i} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>".encode()
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
    out = b"%PDF-1.4\n"
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    lock = (
        b" /Encrypt << /Filter /Standard /V 1 /R 2 /P -44 /O <%s> /U <%s> >> /ID [<00> <00>]"
        % (b"11" * 32, b"22" * 32)
        if encrypted
        else b""
    )
    out += b"trailer\n<< /Size %d /Root 1 0 R%s >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        lock,
        start,
    )
    return out
