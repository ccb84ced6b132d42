"""``dondoc token``: a token is printed this once, listed without its secret, and ended."""

from __future__ import annotations

import re

from tests.cli.conftest import Dondoc


def test_a_token_is_made_listed_and_ended(tracked: Dondoc) -> None:
    asked = ("--as", "huong", "--scope", "read", "--scope", "work")
    made = tracked.done("token", "make", "Quản lý văn bản", *asked, "--json").json
    assert re.fullmatch(r"dondoc_1_[0-9a-f]{64}", made["token"])
    listed = tracked.done("token", "list")
    assert made["token"] not in listed.out
    assert "đang dùng được" in listed.out
    (row,) = tracked.done("token", "list", "--json").json
    assert (row["person"], row["scopes"], row["state"]) == ("huong", ["read", "work"], "held")
    assert row["last_used"] is None
    tracked.done("token", "revoke", 1)
    (row,) = tracked.done("token", "list", "--json").json
    assert row["state"] == "revoked"
    again = tracked("token", "revoke", 1)
    assert again.code == 2
    assert "đã được thu hồi" in again.err


def test_a_token_needs_a_person_a_scope_and_a_last_day_that_are_there(tracked: Dondoc) -> None:
    for typed, said in (
        (("--as", "ai-do"), "ai-do"),
        (("--as", "huong", "--scope", "write"), "read, work, decide, plans"),
        (("--as", "huong", "--until", "1/1/2000"), "đã qua"),
        (("--as", "huong", "--until", "1/1/2099"), "400 ngày"),
    ):
        refused = tracked("token", "make", "x", *typed)
        assert refused.code == 2
        assert said in refused.err
    assert tracked.done("token", "list", "--json").json == []
    assert tracked("token", "revoke", 7).code == 2
