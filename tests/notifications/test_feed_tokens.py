"""The address of a feed: nobody makes one up, and an altered one opens nothing."""

from __future__ import annotations

from string import ascii_letters, digits

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.feed_tokens import FeedScope, read_feed, sign_feed
from notifications.signing import LinkScope, Purpose, sign_link

KEYS = ("một khóa đủ dài để ký, không ai đoán được",)
SCOPE = FeedScope("person", "huong", 3)


@given(st.sampled_from(("person", "unit")), st.text(min_size=1, max_size=60), st.integers(1, 10**6))
def test_it_opens_what_it_was_made_for(kind: str, code: str, serial: int) -> None:
    try:
        code.encode("utf-8")
    except UnicodeEncodeError:
        return
    scope = FeedScope(kind, code, serial)
    token = sign_feed(scope, KEYS)
    assert set(token) <= set(ascii_letters + digits + "-_.")
    assert read_feed(token, KEYS) == scope


@given(st.data())
def test_altered_in_one_place_it_opens_nothing(data: st.DataObject) -> None:
    token = sign_feed(SCOPE, KEYS)
    at = data.draw(st.integers(0, len(token) - 2))  # the last character's low bits say nothing in base64
    other = data.draw(st.sampled_from([c for c in ascii_letters + digits + ".-_" if c != token[at]]))
    assert read_feed(token[:at] + other + token[at + 1 :], KEYS) is None


@pytest.mark.parametrize(
    "token", ["", ".", "person.aHVvbmc.3", "x" * 5000, "é", sign_feed(SCOPE, ("khóa khác" * 9,))]
)
def test_what_is_not_ours_opens_nothing(token: str) -> None:
    assert read_feed(token, KEYS) is None


def test_a_link_of_a_letter_is_no_feed() -> None:
    from datetime import date

    link = sign_link(LinkScope(purpose=Purpose.REPORT, letter=1, until=date(2030, 1, 1)), KEYS)
    assert read_feed(link, KEYS) is None


def test_a_new_key_goes_first_and_the_old_one_is_still_believed() -> None:
    old = sign_feed(SCOPE, KEYS)
    both = ("khóa mới " * 5, *KEYS)
    assert read_feed(old, both) == read_feed(sign_feed(SCOPE, both), both) == SCOPE
    assert read_feed(old, both[:1]) is None
    assert read_feed(old, ()) is None
