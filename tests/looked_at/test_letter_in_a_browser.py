"""The HTML of a letter that was sent, opened from a file as mail readers show it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.looked_at.browser import frames_of, look, references
from tests.looked_at.conftest import Quarter

WHITE = (255, 255, 255)
MARGIN = 11
"""Pixels at the right edge that a letter leaves free at every width."""
EDGES = 50
"""Written text has this many colours at least, by its smoothed edges; a box or a line has two."""


@pytest.mark.parametrize(
    ("reader", "greeting"),
    [
        pytest.param("tram", "Kính gửi: Chuyên viên", id="an officer's letter"),
        pytest.param("bach", "Kính gửi: Giám đốc", id="the director's letter"),
    ],
)
def test_a_letter_can_be_read_and_fetches_nothing(
    reader: str, greeting: str, quarter: Quarter, tmp_path: Path
) -> None:
    body = quarter.letters[reader].raw.get_body(("html",))
    assert body is not None
    (tmp_path / "letter.html").write_text(body.get_content(), encoding="utf-8")
    (tmp_path / "frames.html").write_text(frames_of("letter.html"), encoding="utf-8")
    sight = look((tmp_path / "frames.html").as_uri(), tmp_path)
    for seen in (sight.telephone, sight.desk):
        assert greeting in seen.text
        assert "31/01/2022" in seen.text
        assert "vẫn đúng hạn" not in seen.text  # the deadline slid to 07/02 and has passed since
        assert seen.scroll_width == seen.width
        assert seen.margin(MARGIN) == {WHITE}
        assert len(seen.colours()) > EDGES
        assert {(tag, name) for tag, name, _ in references(seen.html)} <= {("a", "href")}
    assert sight.fetched == ()
