"""Every kind of page of the board as people use it: by keyboard alone, with larger words, on paper."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from playwright.sync_api import Page
from pypdf import PdfReader

from tests.browser.cast import Office
from tests.browser.eyes import DESK, NARROWEST, cut, reachable, restyle, tab_through, too_wide
from tests.browser.pages import KINDS, BoardPage

OpenPage = Callable[..., Page]
each_page = pytest.mark.parametrize("page", KINDS, ids=lambda page: page.name)
A4_PIXELS = 661
"""What A4 leaves between the margins of board.css, at 96 to the inch."""
SPACED = (
    "* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }"
    "p { margin-bottom: 2em !important }"
)
"""What a reader may set by WCAG 1.4.12."""


@each_page
def test_the_keyboard_reaches_everything_and_shows_where_it_is(
    page: BoardPage, year: Office, open_page: OpenPage
) -> None:
    opened = open_page(page.url(year))
    wanted = reachable(opened)
    stops = tab_through(opened)
    missed = set(range(len(wanted))) - {stop["index"] for stop in stops}
    assert [wanted[index] for index in sorted(missed)] == []
    assert [stop["html"] for stop in stops if stop["outline"] < 2] == []
    assert [stop["html"] for stop in stops if not stop["seen"]] == []
    order = [stop["index"] for stop in stops]
    assert order == sorted(order)


def test_the_first_stop_leads_past_the_navigation(year: Office, open_page: OpenPage) -> None:
    opened = open_page(year.url)
    opened.keyboard.press("Tab")
    skip = opened.locator("a.skip")
    assert skip.evaluate("e => e === document.activeElement && e.getBoundingClientRect().left >= 0")
    opened.keyboard.press("Enter")
    opened.keyboard.press("Tab")
    assert opened.evaluate("document.querySelector('main').contains(document.activeElement)")


@each_page
def test_larger_words_and_wider_spacing_cut_nothing(
    page: BoardPage, year: Office, open_page: OpenPage
) -> None:
    opened = open_page(page.url(year), width=NARROWEST, bypass_csp=True)
    restyle(opened, SPACED)
    assert cut(opened) == []
    assert too_wide(opened) == []
    opened.set_viewport_size({"width": DESK, "height": 900})
    restyle(opened, "html { font-size: 200% !important }")
    assert cut(opened) == []
    assert too_wide(opened) == []


@each_page
def test_on_paper_no_table_is_cut(page: BoardPage, year: Office, open_page: OpenPage) -> None:
    opened = open_page(page.url(year), width=A4_PIXELS)
    opened.emulate_media(media="print")
    tables = opened.locator("table").evaluate_all(
        "all => all.map((t) => [t.caption?.innerText, t.getBoundingClientRect().right])"
    )
    assert [caption for caption, right in tables if right > A4_PIXELS] == []
    heading = opened.locator("h1").inner_text()
    printed = "".join(
        sheet.extract_text() for sheet in PdfReader(io.BytesIO(opened.pdf(page_ranges="1-2"))).pages
    )
    assert "".join(heading.split())[:20] in "".join(printed.split())
    assert "Hộp thư đi" not in printed or page.name in ("outbox", "letter")
