"""Passwords: one form to compare by, and which new ones are refused, with what reason."""

from __future__ import annotations

import unicodedata

import pytest

from tasks_catalog.passwords import MOST, PasswordRefused, new_password, opaque
from tasks_catalog.people import Directory, Person, Unit

AN = Person(code="an.nv", name="Nguyễn Văn An", email="an.nguyen@example.vn", unit="TT", title="Chuyên viên")
OFFICE = Directory(
    organisation="sct",
    name="Sở Công Thương",
    place="Hà Giang",
    units=(Unit(code="TT", name="Thanh tra Sở", aliases=("Phòng Thanh tra",)),),
    people=(AN,),
)
GOOD = "rừng bàng trăng sách"


@pytest.mark.parametrize(
    ("typed", "same"),
    [
        pytest.param(unicodedata.normalize("NFD", GOOD), GOOD, id="decomposed accents"),
        pytest.param("rừng\u00a0bàng\u3000trăng sách", GOOD, id="other spaces"),
        pytest.param(" rừng  bàng ", " rừng  bàng ", id="nothing is trimmed or folded"),
        pytest.param("RỪNG bàng", "RỪNG bàng", id="nothing is lower-cased"),
        pytest.param("ab\tcd", None, id="a tab"),
        pytest.param("ab\u200bcd", None, id="a character nobody sees"),
        pytest.param("", None, id="nothing"),
    ],
)
def test_one_form_to_compare_by(typed: str, same: str | None) -> None:
    assert opaque(typed) == same


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        pytest.param("rừng bàng", "password_short", id="too short"),
        pytest.param("", "password_short", id="nothing typed"),
        pytest.param("x7" * MOST, "password_long", id="too long"),
        pytest.param("rừng bàng\x07trăng", "password_unreadable", id="a control character"),
        pytest.param("Nguyễn Văn An 85", "password_weak_known", id="one's name"),
        pytest.param("nguyenvanan85", "password_weak_known", id="one's name without accents"),
        pytest.param("an.nguyen@example.vn", "password_weak_known", id="one's address"),
        pytest.param("Sở Công Thương 2022", "password_weak_known", id="the office"),
        pytest.param("Phòng Thanh tra 1", "password_weak_known", id="the unit by another name"),
        pytest.param("matkhau123456", "password_weak_known", id="the word for password"),
        pytest.param("aaaaaaaaaaaaaaaa", "password_weak_repeat", id="a letter again and again"),
        pytest.param("abcdefghijklmn", "password_weak_sequence", id="the alphabet"),
        pytest.param("11111111111111111111111111111111111", "password_weak_repeat", id="long is not enough"),
    ],
)
def test_a_password_that_would_be_guessed_is_refused_with_the_reason(typed: str, why: str) -> None:
    with pytest.raises(PasswordRefused) as refused:
        new_password(typed, AN, OFFICE)
    assert refused.value.code == why


@pytest.mark.parametrize(
    "typed", [GOOD, "correct horse battery staple", "xkdjwopqmzvb", "hợp xuân mưa cá lọc"]
)
def test_length_and_surprise_are_enough_without_rules_of_composition(typed: str) -> None:
    assert new_password(unicodedata.normalize("NFD", typed), AN, OFFICE) == typed
