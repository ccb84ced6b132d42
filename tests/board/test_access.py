"""Who is let in, what the pages may do in a browser, and that everybody can read them."""

from __future__ import annotations

import asyncio
import re
from itertools import pairwise
from pathlib import Path

import httpx
import pytest
from sqlalchemy import Engine

import board.app as board_app
from tests.board.cast import NOW, Reader

PAGES = [
    "/",
    "/plans/383%2FKH-SCT",
    "/plans/383%2FKH-SCT/list",
    "/plans/383%2FKH-SCT/to-accept",
    "/tasks/383%2FKH-SCT/3",
    "/sheets/383%2FKH-SCT/2022-Q3/VP",
    "/outbox",
    "/outbox/1",
    "/nowhere",
]
CSS = (Path(board_app.__file__).parent / "static" / "board.css").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", [*PAGES, "/static/board.css", "/healthz"])
def test_every_answer_carries_the_headers_that_keep_a_browser_safe(board: Reader, path: str) -> None:
    headers = board.get(path).headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize("host", ["evil.example", "10.0.0.5", "127.0.0.1.evil.example"])
def test_a_host_that_is_not_a_name_of_loopback_is_refused(board: Reader, host: str) -> None:
    answer = board.get("/", Host=host)
    assert answer.status_code == 400
    assert "Sở Công Thương" not in answer.text


@pytest.mark.parametrize("host", ["localhost:4200", "127.0.0.1:4200", "127.0.0.1"])
def test_the_names_of_loopback_are_let_in(board: Reader, host: str) -> None:
    assert board.get("/", Host=host).status_code == 200


def test_nothing_can_be_written_here(board: Reader) -> None:
    assert board.ask("POST", "/", {}).status_code == 405


@pytest.mark.parametrize("path", PAGES)
def test_pages_need_no_script_and_nothing_from_elsewhere(board: Reader, path: str) -> None:
    html = board.get(path).text
    assert not re.search(r"<script|\son\w+=|\sstyle=|javascript:", html)
    assert not re.search(r'(?:src|href)="(?:https?:)?//', html)


@pytest.mark.parametrize("path", PAGES)
def test_pages_can_be_read_by_everybody(board: Reader, path: str) -> None:
    html = board.get(path).text
    assert '<html lang="vi">' in html
    assert 'class="skip" href="#content"' in html
    assert html.count("<h1") == 1
    assert html.count("<caption") == html.count("<table")
    assert html.count("<th>") == 0
    levels = [int(level) for level in re.findall(r"<h([1-6])", html)]
    assert all(after - before <= 1 for before, after in pairwise(levels))


def luminance(colour: str) -> float:
    """Return the relative luminance of #rrggbb (WCAG 2.2)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize(
    ("ink", "ground"),
    [
        pytest.param("--ink", "--ground", id="text on the page"),
        pytest.param("--soft", "--ground", id="soft text on the page"),
        pytest.param("--soft", "--paper", id="soft text on a card"),
        pytest.param("--accent", "--ground", id="links on the page"),
        pytest.param("--paper", "--accent", id="the white of the head"),
    ],
)
def test_text_stands_out_from_its_ground(ink: str, ground: str) -> None:
    colours = dict(re.findall(r"(--[\w-]+): (#[0-9a-f]{6});", CSS))
    light, dark = sorted((luminance(colours[ink]), luminance(colours[ground])), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 4.5


def test_an_office_opened_by_a_name_is_reached_by_that_name_and_told_to_stay_with_https(
    sqlite_engine: Engine,
) -> None:
    app = board_app.create_board(
        sqlite_engine, 1, clock=lambda: NOW, base_url="", hosts=("127.0.0.1", "dondoc.example.vn")
    )

    def ask(address: str) -> httpx.Response:
        async def asked() -> httpx.Response:
            async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app)) as client:
                return await client.get(f"{address}/healthz")

        return asyncio.run(asked())

    assert ask("https://dondoc.example.vn").headers["strict-transport-security"] == "max-age=31536000"
    assert "strict-transport-security" not in ask("http://dondoc.example.vn").headers
    assert ask("https://dondoc").status_code == 400
