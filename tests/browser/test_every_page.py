"""Every page of the board in a real browser: axe, narrow screens, the keyboard, paper, other sites."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from playwright.sync_api import Page
from pypdf import PdfReader

from tests.browser.cast import Office
from tests.browser.eyes import DESK, NARROWEST, axe, cut, reachable, restyle, tab_through, too_wide
from tests.browser.pages import EVERY, NO_PAGES, PAGES, BoardPage, routes_of

OpenPage = Callable[..., Page]
each_page = pytest.mark.parametrize("page", EVERY, ids=lambda page: page.name)
FIRST_PAGE_BYTES = 60_000
A4_PIXELS = 661
"""What A4 leaves between the margins of board.css, at 96 to the inch."""
SPACED = (
    "* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }"
    "p { margin-bottom: 2em !important }"
)
"""What a reader may set by WCAG 1.4.12."""


def test_every_page_there_is_stands_in_the_table(year: Office) -> None:
    assert routes_of(year) - NO_PAGES == set(PAGES)


@each_page
@pytest.mark.parametrize("width", [DESK, NARROWEST])
def test_axe_finds_nothing(page: BoardPage, width: int, year: Office, open_page: OpenPage) -> None:
    opened = open_page(page.url(year), width=width, scripts=True)
    assert axe(opened) == []
    assert too_wide(opened) == []


@each_page
def test_it_answers_in_vietnamese_with_one_heading(
    page: BoardPage, year: Office, open_page: OpenPage
) -> None:
    opened = open_page(year.url, go=False)
    answer = opened.goto(page.url(year))
    assert answer is not None
    assert answer.status == page.status
    assert opened.locator("html").get_attribute("lang") == "vi"
    assert opened.locator("h1").count() == 1
    heading = " ".join(opened.locator("h1").inner_text().split())
    assert opened.title().split()[0] in heading or heading.split()[0] in opened.title()


@each_page
def test_it_is_drawn_in_english_too(page: BoardPage, year_in_english: Office, open_page: OpenPage) -> None:
    opened = open_page(page.url(year_in_english), width=NARROWEST, scripts=True)
    mine = opened.locator("html").get_attribute("lang")
    assert mine == ("vi" if page.name.startswith("link-") and page.status == 200 else "en")
    assert axe(opened) == []
    assert too_wide(opened) == []


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
    printed = "".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(opened.pdf())).pages)
    assert "".join(heading.split())[:20] in "".join(printed.split())
    assert "Hộp thư đi" not in printed or page.name in ("outbox", "letter")


def test_the_first_page_is_light(year: Office, open_page: OpenPage) -> None:
    opened = open_page(year.url, go=False)
    sizes: dict[str, int] = {}
    opened.on("response", lambda answer: sizes.update({answer.url: len(answer.body())}))
    opened.goto(year.url, wait_until="networkidle")
    assert any(url.endswith("board.css") for url in sizes)
    assert sum(sizes.values()) < FIRST_PAGE_BYTES
