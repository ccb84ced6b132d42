"""The overview in a browser: charts show under the pages' policy, the leaders' page is one sheet of A4."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.looked_at.cast import NUMBER
from tests.looked_at.programs import program

if TYPE_CHECKING:
    from playwright.sync_api import Page

PLAN = f"/plans/{NUMBER.replace('/', '%2F')}"
A_PAGE = re.compile(rb"/Type\s*/Page\b")


@pytest.fixture(scope="module")
def browser_page() -> Iterator[Page]:
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=program("chromium", "chromium-browser"),
            args=["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"],
        )
        yield browser.new_page()
        browser.close()


@pytest.mark.parametrize("page", ["timeline", "burnup", "burnup?by=week", "brief"])
def test_a_chart_shows_under_the_policy_of_its_page(page: str, board_url: str, browser_page: Page) -> None:
    said: list[str] = []
    browser_page.on("console", lambda message: said.append(message.text))
    browser_page.goto(f"{board_url}{PLAN}/{page}")
    widths = browser_page.evaluate("[...document.images].map(image => image.naturalWidth)")
    assert len(widths) == 1
    assert all(width > 500 for width in widths)
    assert said == []


def test_a_chart_opened_on_its_own_keeps_its_look(board_url: str, browser_page: Page) -> None:
    said: list[str] = []
    browser_page.on("console", lambda message: said.append(message.text))
    browser_page.goto(f"{board_url}{PLAN}/burnup.svg")
    font = browser_page.evaluate("getComputedStyle(document.querySelector('text')).fontFamily")
    assert "DejaVu Sans" in font
    assert said == []


@pytest.mark.parametrize(
    "page", ["", "decisions", "calendar", "due?first=2022-03-01&last=2022-03-31", "brief"]
)
@pytest.mark.parametrize("width", [320, 1280])
def test_no_page_is_wider_than_its_screen(page: str, width: int, board_url: str, browser_page: Page) -> None:
    browser_page.set_viewport_size({"width": width, "height": 900})
    browser_page.goto(f"{board_url}{PLAN}/{page}".rstrip("/"))
    assert browser_page.evaluate("document.documentElement.scrollWidth") == width


def test_the_leaders_page_of_the_real_plan_is_one_sheet_of_a4(board_url: str, browser_page: Page) -> None:
    browser_page.goto(f"{board_url}{PLAN}/brief")
    assert "/57" in browser_page.inner_text(".figure")
    sheet = browser_page.pdf(prefer_css_page_size=True)
    assert len(A_PAGE.findall(sheet)) == 1
    box = re.search(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)", sheet)
    assert box is not None
    assert [round(float(side)) for side in box.groups()] == [595, 842]


def test_the_fullest_sheet_is_one_page_too(board_url: str, browser_page: Page) -> None:
    """Five tasks of two lines, ten units and the line that counts the rest: repeated in the page itself."""
    browser_page.goto(f"{board_url}{PLAN}/brief")
    browser_page.evaluate("""() => {
      const [late, units] = [...document.querySelectorAll('.brief tbody')];
      for (const row of late.rows) row.replaceWith(late.rows[0].cloneNode(true));
      while (units.rows.length < 10) units.append(units.rows[0].cloneNode(true));
      units.closest('section').append(document.querySelector('.brief section > p').cloneNode(true));
    }""")
    assert browser_page.locator(".brief tbody").nth(1).locator("tr").count() == 10
    assert len(A_PAGE.findall(browser_page.pdf(prefer_css_page_size=True))) == 1
