"""The eyes themselves: a page with a fault of each kind is told from one without."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from fastapi.responses import HTMLResponse

from tests.browser.cast import served
from tests.browser.eyes import NARROWEST, Chromium, axe, cut, reachable, restyle, tab_through, too_wide

_HEAD = '<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"><title>Trang thử</title>'
_BODY = '</head><body><main><h1>Trang thử</h1><p><a href="/">Về trang đầu</a></p>'


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    """Serve whatever the query says, under a policy as strict as the board's."""
    app = FastAPI()

    @app.get("/")
    def page(head: str = "", body: str = "") -> HTMLResponse:
        policy = {"Content-Security-Policy": "default-src 'none'"}
        return HTMLResponse(f"{_HEAD}{head}{_BODY}{body}</main>", headers=policy)

    with served(app) as url:
        yield url


def test_a_plain_page_has_no_fault(site: str, chromium: Chromium) -> None:
    with chromium.watched(site, width=NARROWEST, scripts=True) as found:
        assert axe(found.page) == []
        assert too_wide(found.page) == []
        assert cut(found.page) == []
        assert len(reachable(found.page)) == len(tab_through(found.page)) == 1
    assert [line for line in found.complaints if "favicon" not in line] == []


def test_a_field_without_a_label_is_found_by_axe(site: str, chromium: Chromium) -> None:
    with chromium.watched(f"{site}?body=<input>", scripts=True) as found:
        assert [fault.partition(":")[0] for fault in axe(found.page)] == ["label"]


def test_what_reaches_beyond_the_edge_or_is_cut_is_found(site: str, chromium: Chromium) -> None:
    body = "<p class=wide>Rộng</p><div class=low>Một dòng<br>hai dòng</div>"
    rules = ".wide { width: 400px } .low { height: 1em; overflow: hidden }"
    with chromium.watched(f"{site}?body={body}", width=NARROWEST, bypass_csp=True) as found:
        restyle(found.page, rules)
        assert [html for html in too_wide(found.page) if "wide" in html] != []
        assert [html for html in cut(found.page) if "low" in html] != []


def test_what_the_keyboard_misses_and_a_focus_nobody_sees_are_found(site: str, chromium: Chromium) -> None:
    body = '<button>Gửi</button><button tabindex="-1">Không tới được</button>'
    with chromium.watched(f"{site}?body={body}", bypass_csp=True) as found:
        restyle(found.page, "button { outline: none !important }")
        wanted, stops = reachable(found.page), tab_through(found.page)
        assert [html for html in wanted if html not in {stop["html"] for stop in stops}] == [
            '<button tabindex="-1">Không tới được</button>'
        ]
        assert [stop["html"] for stop in stops if not stop["outline"]] == ["<button>Gửi</button>"]


@pytest.mark.parametrize(
    ("body", "says"),
    [
        pytest.param("<img alt='' src='http://example.vn/x.png'>", "example.vn", id="a picture elsewhere"),
        pytest.param("<p style='color: red'>Đỏ</p>", "Content Security Policy", id="a style in the page"),
    ],
)
def test_what_the_policy_forbids_is_a_complaint(body: str, says: str, site: str, chromium: Chromium) -> None:
    with chromium.watched(f"{site}?body={body}") as found:
        found.page.wait_for_load_state("networkidle")
    assert [line for line in found.complaints if says in line] != []
