"""The board as a browser shows it, at a desk and on a telephone."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.looked_at.browser import frames_of, look, references
from tests.looked_at.cast import NUMBER, SENTENCE

BAND, GROUND = (0x0B, 0x5A, 0x52), (0xF4, 0xF6, 0xF5)
"""The colours of board.css that reach the edges: the band on top, and what lies behind the page."""
MARGIN = 15
"""Pixels at the right edge that a page leaves free at every width."""


@pytest.mark.parametrize(
    ("path", "says"),
    [
        pytest.param("/", SENTENCE, id="the front page says the sentence"),
        pytest.param(f"/plans/{NUMBER}", SENTENCE, id="a plan's page says the sentence"),
        pytest.param(f"/tasks/{NUMBER}/54", "Hoàn thành quá hạn", id="a task's page says how it stands"),
        pytest.param(
            f"/sheets/{NUMBER}/2022-Q1/TT", "Số liệu chốt ngày 14/03/2022", id="a sheet's says when"
        ),
    ],
)
def test_a_page_fits_its_screen_and_asks_nobody_else(
    path: str, says: str, board_url: str, tmp_path: Path
) -> None:
    sight = look(f"{board_url}/frames?{path}", tmp_path)
    for seen in (sight.telephone, sight.desk):
        assert says in seen.text
        assert seen.scroll_width == seen.width
        assert seen.margin(MARGIN) == {BAND, GROUND}
        assert [found for found in references(seen.html) if not found[2].startswith(("/", "#"))] == []
    asked = [urlsplit(url) for url in sight.fetched]
    assert {url.hostname for url in asked} == {"127.0.0.1"}
    assert "/static/board.css" in {url.path for url in asked}


def test_a_page_that_is_too_wide_and_asks_elsewhere_would_be_seen(tmp_path: Path) -> None:
    page = '<body style="margin:0"><p style="width:600px;background:red">x</p><img src="http://example.vn/x">'
    (tmp_path / "page.html").write_text(page, encoding="utf-8")
    (tmp_path / "frames.html").write_text(frames_of("page.html"), encoding="utf-8")
    sight = look((tmp_path / "frames.html").as_uri(), tmp_path)
    assert (sight.telephone.scroll_width, sight.desk.scroll_width) == (600, 1200)
    assert (len(sight.telephone.margin(MARGIN)), len(sight.desk.margin(MARGIN))) == (2, 1)
    assert references(sight.desk.html) == [("img", "src", "http://example.vn/x")]
    assert "http://example.vn/x" in sight.fetched
