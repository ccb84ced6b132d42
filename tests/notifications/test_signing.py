"""Links and return paths: what was signed is read back, anything else is refused."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.mime import is_address
from notifications.signing import (
    LinkRefused,
    LinkScope,
    Purpose,
    letter_of_path,
    read_link,
    return_path,
    sign_link,
)

KEYS = ("mot-khoa-bi-mat-du-dai-de-ky-cac-lien-ket",)
OTHER = ("khoa-cua-mot-co-quan-khac-cung-du-dai-nhu-the",)
TODAY = date(2022, 11, 1)
BASE = "tra-lai@example.vn"
NUMBERS = st.integers(0, 2**63 - 1)
SCOPES = st.builds(
    LinkScope,
    purpose=st.sampled_from(Purpose),
    letter=NUMBERS,
    notice=NUMBERS,
    until=st.dates(TODAY, date(2100, 1, 1)),
)


@given(SCOPES)
def test_a_link_is_read_back_and_stands_in_a_url_as_it_is(scope: LinkScope) -> None:
    token = sign_link(scope, KEYS)
    assert read_link(token, KEYS, today=TODAY) == scope
    assert all(c.isascii() and (c.isalnum() or c in "._-") for c in token)


@given(SCOPES, st.data())
def test_a_link_with_any_character_altered_is_refused(scope: LinkScope, data: st.DataObject) -> None:
    token = sign_link(scope, KEYS)
    at = data.draw(st.integers(0, len(token) - 2))  # the last character carries spare bits
    other = data.draw(st.sampled_from("abcXYZ019._-").filter(lambda c: c != token[at]))
    with pytest.raises(LinkRefused, match="link_broken"):
        read_link(token[:at] + other + token[at + 1 :], KEYS, today=TODAY)


@given(st.text())
def test_no_text_is_taken_for_a_link_and_none_raises_otherwise(token: str) -> None:
    with pytest.raises(LinkRefused, match="link_broken"):
        read_link(token, KEYS, today=TODAY)


def test_a_link_holds_through_its_last_day_and_not_after() -> None:
    scope = LinkScope(purpose=Purpose.REPORT, letter=7, notice=8, until=TODAY)
    token = sign_link(scope, KEYS)
    assert read_link(token, KEYS, today=TODAY) == scope
    with pytest.raises(LinkRefused, match="link_over"):
        read_link(token, KEYS, today=TODAY + timedelta(days=1))


def test_a_new_key_signs_while_links_of_the_old_one_still_hold() -> None:
    scope = LinkScope(purpose=Purpose.SHEET, letter=7, notice=8, until=TODAY)
    old = sign_link(scope, KEYS)
    assert read_link(old, (*OTHER, *KEYS), today=TODAY) == scope
    assert read_link(sign_link(scope, (*OTHER, *KEYS)), OTHER, today=TODAY) == scope
    with pytest.raises(LinkRefused):
        read_link(old, OTHER, today=TODAY)


@given(NUMBERS, st.booleans())
def test_a_return_path_is_a_short_address_that_names_its_letter_in_any_case(letter: int, upper: bool) -> None:
    path = return_path(BASE, letter, KEYS)
    assert is_address(path)
    assert len(path.partition("@")[0]) <= 64
    assert letter_of_path(BASE, path.upper() if upper else path, KEYS) == letter
    assert letter_of_path(BASE, f"<{path}>", (*OTHER, *KEYS)) == letter


@pytest.mark.parametrize(
    "path",
    [
        pytest.param(BASE, id="no tag"),
        pytest.param("tra-lai+7-abcdefghij234567@example.vn", id="a signature made up"),
        pytest.param(return_path(BASE, 7, OTHER), id="another office's key"),
        pytest.param(return_path("khac@example.vn", 7, KEYS), id="another name"),
        pytest.param(return_path("tra-lai@example.com", 7, KEYS), id="another domain"),
        pytest.param(return_path(BASE, 7, KEYS).replace("+7-", "+8-"), id="another letter"),
        pytest.param("", id="nothing"),
    ],
)
def test_what_is_no_signed_path_of_ours_names_no_letter(path: str) -> None:
    assert letter_of_path(BASE, path, KEYS) is None
