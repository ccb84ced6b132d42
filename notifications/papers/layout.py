"""The page of an official paper by Nghị định 30/2020/NĐ-CP, Phụ lục I: margins, type, head and foot.

Sizes are in points, lengths in millimetres. Lines under a text are paragraph borders drawn between two
indents: they need no drawing objects and come out alike in Word and LibreOffice.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import cast

import docx
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm, Pt
from docx.styles.style import ParagraphStyle
from docx.table import _Cell
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from notifications.papers.figures import official_month
from notifications.papers.package import printable
from notifications.papers.tables import frame
from notifications.wording import sentence
from tasks_catalog.digest import SummaryHead

__all__ = [
    "Pt",
    "Type",
    "body",
    "centred",
    "chapter",
    "foot",
    "gap",
    "letterhead",
    "new_paper",
    "note",
    "subject",
]

FONT = "Times New Roman"
BODY, SMALL = 14.0, 11.0
PAGE_WIDTH, PAGE_HEIGHT = 210, 297
TOP, BOTTOM, LEFT, RIGHT = 20, 20, 30, 15
TEXT_WIDTH = PAGE_WIDTH - LEFT - RIGHT
LEFT_HEAD = 65
RIGHT_HEAD = TEXT_WIDTH - LEFT_HEAD
MOTTO_EM = 0.453
"""Mean width of a character of the motto, bold, in em: its line is as long as its text."""
CAPITALS_EM, BOLD_EM = 0.62, 0.48
CENTRE, JUSTIFIED = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.JUSTIFY


@dataclass(frozen=True, kw_only=True)
class Type:
    """How a run of text is set."""

    size: float = BODY
    bold: bool = False
    italic: bool = False


def new_paper(lang: str) -> Document:
    """Return an empty A4 paper with the page, the type and the page number set."""
    paper = docx.Document()
    _set_type(paper, "en-GB" if lang == "en" else "vi-VN")
    section = paper.sections[0]
    section.page_width, section.page_height = Mm(PAGE_WIDTH), Mm(PAGE_HEIGHT)
    section.top_margin, section.bottom_margin = Mm(TOP), Mm(BOTTOM)
    section.left_margin, section.right_margin = Mm(LEFT), Mm(RIGHT)
    section.header_distance = section.footer_distance = Mm(10)
    section.different_first_page_header_footer = True  # the first page bears no number
    number = section.header.paragraphs[0]
    number.alignment = CENTRE
    _page_field(number)
    return paper


def _set_type(paper: Document, language: str) -> None:
    """Set the one type for every script: the defaults name theme fonts, which would win over a style's."""
    normal = cast(ParagraphStyle, paper.styles["Normal"])
    normal.font.size = Pt(BODY)
    normal.paragraph_format.space_after = Pt(0)
    for holder in (normal.element, *paper.styles.element.iter(qn("w:rPrDefault"))):
        properties = holder.get_or_add_rPr() if holder is normal.element else holder.find(qn("w:rPr"))
        for tag in ("w:rFonts", "w:lang"):
            for old in properties.findall(qn(tag)):
                properties.remove(old)
        properties.insert(
            0, _element("w:rFonts", **dict.fromkeys(("ascii", "hAnsi", "cs", "eastAsia"), FONT))
        )
        properties.append(_element("w:lang", val=language, eastAsia=language))


def _element(tag: str, **attributes: str) -> BaseOxmlElement:
    element: BaseOxmlElement = OxmlElement(tag)
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), value)
    return element


def _page_field(paragraph: Paragraph) -> None:
    for kind in ("begin", "instr", "separate", "shown", "end"):
        run = paragraph.add_run()
        run.font.size = Pt(BODY)
        if kind == "instr":
            text = _element("w:instrText")
            text.text = "PAGE"
            run._r.append(text)
        elif kind == "shown":
            run.text = "2"  # a reader that computes no fields shows the first numbered page's
        else:
            run._r.append(_element("w:fldChar", fldCharType=kind))


def put(paragraph: Paragraph, text: str, look: Type = Type()) -> Run:
    """Append ``text`` to a paragraph, cleared of what XML cannot hold."""
    run = paragraph.add_run(printable(text))
    run.font.size, run.bold, run.italic = Pt(look.size), look.bold or None, look.italic or None
    return run


def centred(place: Document | _Cell, text: str, look: Type, *, before: float = 0) -> Paragraph:
    paragraph = place.add_paragraph()
    paragraph.alignment = CENTRE
    paragraph.paragraph_format.space_before = Pt(before)
    put(paragraph, text, look)
    return paragraph


def body(paper: Document, text: str, look: Type = Type()) -> Paragraph:
    """Add a paragraph of the body: justified, its first line set in, 6 pt to the next."""
    paragraph = paper.add_paragraph()
    paragraph.alignment = JUSTIFIED
    paragraph.paragraph_format.first_line_indent = Mm(12.7)
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(3)
    put(paragraph, text, look)
    return paragraph


def note(paper: Document, text: str, *, bold: bool = False) -> Paragraph:
    """Add a line of the footnote: small and slanted, justified."""
    paragraph = paper.add_paragraph()
    paragraph.alignment = JUSTIFIED
    put(paragraph, text, Type(size=SMALL, bold=bold, italic=True))
    return paragraph


def gap(paper: Document) -> None:
    """Keep what follows a table clear of it."""
    paper.add_paragraph().paragraph_format.line_spacing = Pt(6)


def chapter(paper: Document, text: str) -> Paragraph:
    paragraph = body(paper, text, Type(bold=True))
    paragraph.paragraph_format.space_before = Pt(10)
    paragraph.paragraph_format.keep_with_next = True
    return paragraph


def rule(place: Document | _Cell, *, length: float, width: float) -> None:
    """Draw a line of ``length`` mm in the middle of ``width`` mm, close under what stands above."""
    paragraph = place.add_paragraph()
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = Mm(
        (width - length) / 2
    )
    paragraph.paragraph_format.line_spacing = Pt(4)
    borders = _element("w:pBdr")
    borders.append(_element("w:top", val="single", sz="6", space="1", color="000000"))
    paragraph._p.get_or_add_pPr().insert_element_before(
        borders, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def letterhead(paper: Document, head: SummaryHead, *, kind: str, about: str, day: date, lang: str) -> None:
    """Add the head: who writes and the state's name, number and date left to fill in.

    ``kind`` is what follows "Số:", such as "BC-SCT"; ``about`` the "V/v ..." of a letter, else empty.
    ``day`` is the last day the data cover: the paper is dated the day after at the earliest.
    """
    table = frame(paper, (LEFT_HEAD, RIGHT_HEAD), rows=2)
    left, right = table.rows[0].cells
    _office(left, head)
    centred(right, sentence("paper_state", lang), Type(size=13, bold=True))
    motto = sentence("paper_motto", lang)
    centred(right, motto, Type(size=14, bold=True))
    rule(right, length=_width(motto, 14, MOTTO_EM), width=RIGHT_HEAD)
    left, right = table.rows[1].cells
    centred(left, sentence("paper_number", lang, symbol=f"/{kind}"), Type(size=13), before=4)
    if about:
        centred(left, about, Type(size=12))
    centred(right, _place_and_date(head, day, lang), Type(size=14, italic=True), before=4)
    for cell in (*table.rows[0].cells, *table.rows[1].cells):
        _drop_first_paragraph(cell)


def _office(cell: _Cell, head: SummaryHead) -> None:
    if head.superior:
        centred(cell, head.superior.upper(), Type(size=13))
    name = head.organisation.upper()
    centred(cell, name, Type(size=13, bold=True))
    rule(cell, length=0.42 * min(_width(name, 13, CAPITALS_EM), LEFT_HEAD), width=LEFT_HEAD)


def _place_and_date(head: SummaryHead, day: date, lang: str) -> str:
    earliest = day + timedelta(days=1)
    place = head.place or sentence("paper_place_blank", lang)
    return sentence(
        "paper_place_and_date", lang, place=place, month=official_month(earliest.month), year=earliest.year
    )


def _width(text: str, size: float, em: float) -> float:
    """Return about how wide a text is, in mm."""
    return len(text) * em * size * 25.4 / 72


def subject(paper: Document, kind: str, about: Sequence[str], label: str) -> None:
    """Add the kind of paper and the lines it is about, over a rule of a third to half of the last."""
    centred(paper, kind, Type(bold=True), before=12)
    for line in about:
        centred(paper, line, Type(bold=True))
    rule(paper, length=0.42 * min(_width(about[-1], 14, BOLD_EM), TEXT_WIDTH), width=TEXT_WIDTH)
    if label:
        centred(paper, label, Type(italic=True), before=2)


def foot(paper: Document, head: SummaryHead, recipients: Iterable[str], lang: str) -> None:
    """Add the recipients and the signature block; the signature and the name stay blank."""
    left, right = frame(paper, (TEXT_WIDTH / 2, TEXT_WIDTH / 2), rows=1).rows[0].cells
    put(left.paragraphs[0], sentence("paper_recipients", lang), Type(size=12, bold=True, italic=True))
    filed = sentence("paper_filed", lang, unit=head.drafted_by)
    for line in (*(f"{recipient.rstrip(';')};" for recipient in recipients), filed):
        put(left.add_paragraph(), f"- {line}", Type(size=SMALL))
    right.paragraphs[0].alignment = CENTRE
    put(right.paragraphs[0], (head.signer or sentence("paper_signer", lang)).upper(), Type(bold=True))
    for _ in range(5):
        right.add_paragraph()


def _drop_first_paragraph(cell: _Cell) -> None:
    """Remove the empty paragraph a new cell begins with, now that others stand in it."""
    first = cell.paragraphs[0]._p
    first.getparent().remove(first)
