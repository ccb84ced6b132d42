"""Vietnamese alphabetical order."""

from __future__ import annotations

import unicodedata

import pytest

from tasks_catalog.collation import collation_key


@pytest.mark.parametrize(
    "ordered",
    [
        pytest.param(["ba", "bà", "bả", "bã", "bá", "bạ"], id="the tones of one word, in their order"),
        pytest.param(["an", "ăn", "ân", "bo"], id="ă and â are letters of their own after a"),
        pytest.param(["da", "dung", "đa", "đi", "ê a"], id="đ comes after every d"),
        pytest.param(["bạn", "bảng"], id="letters before tones"),
        pytest.param(["Ban Giám đốc", "phòng A", "Phòng Ă", "Văn phòng"], id="capitals do not matter"),
        pytest.param(["2 đội", "Ban", "Ōsaka"], id="digits come before letters, foreign letters after"),
    ],
)
def test_words_stand_in_order(ordered: list[str]) -> None:
    words = ordered[::-1]
    words.sort(key=collation_key)
    assert words == ordered


def test_a_decomposed_word_sorts_as_the_composed_one() -> None:
    word = "Trung tâm Xúc tiến thương mại"
    assert collation_key(unicodedata.normalize("NFD", word))[:2] == collation_key(word)[:2]
