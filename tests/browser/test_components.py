"""The pieces pages are made of, all on one page with each state they have, as pages use them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles
from playwright.sync_api import Page, expect

import board
from board.access import guards
from board.rendering import Frame, _environment
from board.viewers import Looking
from board.ways import ways
from notifications.wording import sentence
from tests.browser.cast import served
from tests.browser.eyes import DESK, NARROWEST, axe, cut, reachable, restyle, tab_through, too_wide
from tests.browser.test_every_page_in_use import SPACED

OpenPage = Callable[..., Page]
LONG = "Thanh tra, kiểm tra việc thực hiện các quy định về kiểm soát thủ tục hành chính tại các đơn vị"
GALLERY = Path(__file__).with_name("gallery.html").read_text(encoding="utf-8")
KINDS = ("done_on_time", "done_late", "closed", "in_progress", "overdue", "not_arisen")
LETTERS = ("sent", "posting", "waiting", "deferred", "dead", "unknown", "cancelled")


@pytest.fixture(scope="module")
def gallery() -> Iterator[str]:
    app = FastAPI(middleware=guards())
    app.mount("/static", StaticFiles(directory=Path(board.__file__).parent / "static"))
    kinds = (*KINDS, *(f"letter-{state}" for state in LETTERS))
    frame = Frame(
        language="vi",
        organisation="Sở Công Thương",
        home="/",
        static="/static",
        ways=tuple(ways("", Looking(), imports=True, flow_ui="/flows")),
        ticket=lambda action: f"ve-cua-{action}",
        said="Đã ghi nhận.",
    )

    @app.get("/")
    @app.post("/")
    def page() -> HTMLResponse:
        found = _environment().from_string(GALLERY)
        shown = SimpleNamespace(long=LONG, kinds=kinds)
        return HTMLResponse(found.render(page=shown, frame=frame, say=lambda c, **p: sentence(c, "vi", **p)))

    with served(app) as url:
        yield url


@pytest.mark.parametrize("width", [DESK, NARROWEST])
def test_the_pieces_are_sound_at_every_width(width: int, gallery: str, open_page: OpenPage) -> None:
    page = open_page(gallery, width=width, scripts=True)
    assert axe(page) == []
    assert too_wide(page) == []
    wanted, stops = reachable(page), tab_through(page)
    assert [wanted[i] for i in range(len(wanted)) if i not in {stop["index"] for stop in stops}] == []
    assert [stop["html"] for stop in stops if stop["outline"] < 2 or not stop["seen"]] == []


def test_the_pieces_stand_larger_words_and_forced_colours(gallery: str, open_page: OpenPage) -> None:
    page = open_page(gallery, width=NARROWEST, bypass_csp=True, forced_colors="active")
    restyle(page, SPACED)
    assert cut(page) == []
    assert too_wide(page) == []
    overdue = page.locator(".mark-overdue").first
    assert overdue.evaluate("e => getComputedStyle(e).backgroundColor") != "rgba(0, 0, 0, 0)"


def test_a_fault_is_told_at_its_field_and_every_form_carries_a_ticket(
    gallery: str, open_page: OpenPage
) -> None:
    page = open_page(gallery)
    number = page.get_by_label("Số, ký hiệu văn bản")
    expect(number).to_have_accessible_description("Ví dụ: 45/BC-VP. Chưa có số văn bản.")
    assert number.get_attribute("aria-invalid") == "true"
    expect(page.get_by_role("group", name="Cách kết thúc")).to_have_accessible_description(
        "Hãy chọn một cách."
    )
    posting = page.locator("form[method=post]")
    assert posting.count() == 2
    assert posting.locator("input[name=ticket][value='ve-cua-/']").count() == 2
    expect(page.get_by_label("Kết quả")).to_have_value("Đã xong <b>")


def test_a_closed_action_opens_by_keyboard_without_scripts(gallery: str, open_page: OpenPage) -> None:
    page = open_page(gallery)
    to = page.get_by_label("Đến ngày")
    expect(to).not_to_be_visible()
    page.locator("summary", has_text="Xin gia hạn").focus()
    page.keyboard.press("Enter")
    expect(to).to_be_visible()
    expect(page.locator("nav [aria-current=page]")).to_have_text(
        ["Bảng theo dõi", "Các thành phần", "Danh sách"]
    )


def test_shapes_tell_the_standings_apart_without_colour(gallery: str, open_page: OpenPage) -> None:
    page = open_page(gallery)
    marks = {
        kind: page.locator(f".pill .mark-{kind}").evaluate(
            """e => { const s = getComputedStyle(e), half = s.backgroundImage !== "none";
               return [s.borderRadius, s.clipPath, s.borderTopWidth, half].join(" ") }"""
        )
        for kind in KINDS
    }
    assert len(set(marks.values())) == len(KINDS), marks


def test_on_paper_there_are_no_buttons_and_ways_elsewhere(gallery: str, open_page: OpenPage) -> None:
    page = open_page(gallery)
    page.emulate_media(media="print")
    for gone in (".top nav", ".crumbs", ".tabs", ".pager", ".filters", ".actions", ".buttons a", ".skip"):
        expect(page.locator(gone).first).not_to_be_visible()
    expect(page.locator("table")).to_be_visible()
    link = page.locator("tbody a")
    assert link.evaluate("e => getComputedStyle(e).textDecorationLine") == "none"
