"""Lines of the text part: never too wide, nothing lost; texts cut at a word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import UndefinedError

from notifications.render import COLUMNS, cut, fold, rendered

words = st.text(alphabet="aạảữ ()–\n", max_size=400)


@given(text=words, lead=st.sampled_from(["", "   ", "12. "]))
def test_folded_lines_keep_every_word_and_stay_narrow(text: str, lead: str) -> None:
    lines = fold(text, lead, " " * len(lead)).split("\n")
    assert " ".join(lines).removeprefix(lead).split() == text.split()
    assert lines[0].startswith(lead)
    for line in lines:
        assert len(line) <= COLUMNS or len(line.removeprefix(lead).split()) == 1


def test_a_text_that_fits_is_one_line() -> None:
    assert fold("Kính gửi:\nAn") == "Kính gửi: An"


def test_a_link_longer_than_the_line_stays_whole() -> None:
    link = "https://dondoc.example.vn/" + "x" * 90
    assert fold(f"Xem {link} nhé") == f"Xem\n{link}\nnhé"


@pytest.mark.parametrize(
    ("text", "cut_text"),
    [
        pytest.param("Rà soát văn bản", "Rà soát văn bản", id="short enough"),
        pytest.param("Rà soát văn bản quy phạm pháp luật", "Rà soát văn bản quy…", id="between words"),
        pytest.param("Rà soát văn bản, quy phạm", "Rà soát văn bản…", id="without the comma before it"),
        pytest.param("x" * 40, "x" * 19 + "…", id="one long word"),
    ],
)
def test_a_text_is_cut_at_a_word(text: str, cut_text: str) -> None:
    assert cut(text, 20) == cut_text


def test_a_gap_in_the_context_is_an_error_not_a_hole_in_the_letter() -> None:
    with pytest.raises(UndefinedError):
        rendered("alarm", {"subject": "x"})
