"""Every page of the board in a real browser, at a desk and 320 px wide: what axe finds, in both languages."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.cast import Office
from tests.browser.eyes import DESK, NARROWEST, axe, too_wide
from tests.browser.pages import DRAWN_ALREADY, EVERY, NO_PAGES, PAGES, BoardPage, routes_of

OpenPage = Callable[..., Page]
each_page = pytest.mark.parametrize("page", EVERY, ids=lambda page: page.name)
FIRST_PAGE_BYTES = 60_000


def test_every_page_there_is_stands_in_the_table(year: Office) -> None:
    assert routes_of(year) - NO_PAGES - set(DRAWN_ALREADY) == set(PAGES)
    assert set(DRAWN_ALREADY.values()) <= set(PAGES)


@each_page
def test_it_answers_in_vietnamese_with_one_heading_and_axe_finds_nothing(
    page: BoardPage, year: Office, open_page: OpenPage
) -> None:
    opened = open_page(year.url, go=False, width=DESK, scripts=True)
    answer = opened.goto(page.url(year))
    assert answer is not None
    assert answer.status == page.status
    assert opened.locator("html").get_attribute("lang") == "vi"
    assert opened.locator("h1").count() == 1
    heading = " ".join(opened.locator("h1").inner_text().split())
    assert opened.title().split()[0] in heading or heading.split()[0] in opened.title()
    assert axe(opened) == []
    assert too_wide(opened) == []
    opened.set_viewport_size({"width": NARROWEST, "height": 900})
    assert too_wide(opened) == []


@each_page
def test_it_is_drawn_in_english_and_narrow_too(
    page: BoardPage, year_in_english: Office, open_page: OpenPage
) -> None:
    opened = open_page(page.url(year_in_english), width=NARROWEST, scripts=True)
    mine = opened.locator("html").get_attribute("lang")
    assert mine == ("vi" if page.name.startswith(("link-", "mine")) and page.status == 200 else "en")
    assert axe(opened) == []
    assert too_wide(opened) == []


def test_the_first_page_is_light(year: Office, open_page: OpenPage) -> None:
    opened = open_page(year.url, go=False)
    sizes: dict[str, int] = {}
    opened.on("response", lambda answer: sizes.update({answer.url: len(answer.body())}))
    opened.goto(year.url, wait_until="networkidle")
    assert any(url.endswith("board.css") for url in sizes)
    assert sum(sizes.values()) < FIRST_PAGE_BYTES


@pytest.mark.parametrize("page", [page for page in EVERY if page.marked], ids=lambda page: page.name)
def test_words_of_the_plan_are_marked_as_vietnamese_on_english_pages(
    page: BoardPage, year_in_english: Office, year: Office, open_page: OpenPage
) -> None:
    """WCAG 3.1.2: a screen reader changes its voice for them."""
    opened = open_page(page.url(year_in_english))
    tongues = opened.locator(page.marked).evaluate_all("all => all.map((e) => e.closest('[lang]').lang)")
    assert tongues != []
    assert set(tongues) == {"vi"}
    assert open_page(page.url(year)).locator("body [lang]").count() == 0
