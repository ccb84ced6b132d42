"""``dondoc feeds``: an address is printed once asked for, listed without it, and taken back."""

from __future__ import annotations

from tests.cli.conftest import Dondoc


def test_an_address_is_made_renewed_listed_and_revoked(tracked: Dondoc) -> None:
    made = tracked.done("feeds", "make", "--unit", "QLTM", "--json").json
    assert made["address"].startswith("http://127.0.0.1:4200/feeds/unit.")
    assert made["address"].endswith(".ics")
    assert tracked.done("feeds", "make", "--unit", "QLTM", "--json").json == made
    renewed = tracked.done("feeds", "make", "--unit", "QLTM", "--renew", "--json").json
    assert renewed["address"] != made["address"]
    assert renewed["address"] in tracked.done("feeds", "make", "--unit", "QLTM").out
    listed = tracked.done("feeds", "list")
    assert "QLTM" in listed.out
    assert "đang dùng" in listed.out
    assert "http" not in listed.out
    tracked.done("feeds", "revoke", "--unit", "QLTM")
    (row,) = tracked.done("feeds", "list", "--json").json
    assert (row["kind"], row["code"], row["revoked"] is None) == ("unit", "QLTM", False)
    refused = tracked("feeds", "revoke", "--unit", "QLTM")
    assert refused.code == 2
    assert "dondoc feeds list" in refused.err


def test_whose_must_be_said_and_known(tracked: Dondoc) -> None:
    for typed in ((), ("--unit", "QLTM", "--person", "huong")):
        refused = tracked("feeds", "make", *typed)
        assert refused.code == 2
        assert "--person" in refused.err
    assert tracked("feeds", "make", "--person", "ai-do").code == 2
    assert tracked("feeds", "make", "--unit", "XYZ").code == 2
