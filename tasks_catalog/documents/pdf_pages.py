"""Takes a PDF's pages one by one, each held to limits while its letters and rules are unpacked.

A few bytes can draw millions of letters, or one picture of letters a million times over: what is drawn is
counted as it is drawn, not afterwards.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from pdfminer.layout import LTPage
from pdfminer.pdfinterp import PDFPageInterpreter
from pdfminer.pdfpage import PDFPage
from pdfminer.pdftypes import stream_value
from pdfplumber import page as library
from pdfplumber.pdf import PDF
from pdfplumber.utils.exceptions import PdfminerException

from tasks_catalog.documents.refusals import (
    MAX_PAGE_BYTES,
    MAX_PAGE_LETTERS,
    MAX_PAGES,
    MAX_PDF_LETTERS,
    MAX_RULES,
)

_DEEPEST_STATE = 1_000
"""Drawing states put aside at once; the PDF standard's own limit is 28."""


class TooFull(Exception):
    """Page ``page`` draws ``count`` of something, more than ``limit``."""

    def __init__(self, page: int, count: int, limit: int) -> None:
        super().__init__(page, count, limit)
        self.page = page
        self.count = count
        self.limit = limit


class TooManyPages(Exception):
    """There are more pages than are read."""


def pages_of(pdf: PDF) -> Iterator[HeldPage]:
    """Yield the pages in order; raises TooManyPages before the first, TooFull at one that draws too much."""
    found = list(islice(PDFPage.create_pages(pdf.doc), MAX_PAGES + 1))
    if len(found) > MAX_PAGES:
        raise TooManyPages
    letters = 0
    for number, page_object in enumerate(found, start=1):
        page = HeldPage(pdf, page_object, number)
        yield page
        letters += page.letters
        if letters > MAX_PDF_LETTERS:
            raise TooFull(number, letters, MAX_PDF_LETTERS)


class HeldPage(library.Page):
    """A page that stops being unpacked once it holds more than any plan's page does."""

    letters = 0

    @property
    def layout(self) -> LTPage:
        """What the page draws; raises PdfminerException, of TooFull where it draws too much."""
        if not hasattr(self, "_layout"):
            device = _Counting(self.pdf.rsrcmgr, pageno=self.page_number, laparams=self.pdf.laparams)
            try:
                _Held(self.pdf.rsrcmgr, device).process_page(self.page_obj)
            except Exception as fault:  # as the library does: pdfminer has no one base for what it raises
                raise PdfminerException(fault) from fault
            self.letters = device.letters
            self._layout: LTPage = device.get_result()
        return self._layout


class _Counting(library.PDFPageAggregatorWithMarkedContent):
    letters = 0
    paths = 0
    drawn_bytes = 0

    def hold(self, count: int, limit: int) -> None:
        """Raise TooFull where the page draws more than ``limit``."""
        if count > limit:
            raise TooFull(self.pageno, count, limit)

    def render_char(self, *args: Any, **kwargs: Any) -> float:
        self.letters += 1
        self.hold(self.letters, MAX_PAGE_LETTERS)
        return super().render_char(*args, **kwargs)

    def paint_path(self, *args: Any, **kwargs: Any) -> None:
        self.paths += 1
        self.hold(self.paths, MAX_RULES)
        super().paint_path(*args, **kwargs)


class _Held(PDFPageInterpreter):
    device: _Counting

    def execute(self, streams: Sequence[object]) -> None:
        self.device.drawn_bytes += sum(len(stream_value(stream).get_data()) for stream in streams)
        self.device.hold(self.device.drawn_bytes, MAX_PAGE_BYTES)
        super().execute(streams)

    def do_q(self) -> None:
        self.device.hold(len(self.gstack), _DEEPEST_STATE)
        super().do_q()
