"""``dondoc account``: the first administrator comes in by a one-time link; others are let in and shut out."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from tests.cli.conftest import Dondoc


def asked(office: Dondoc, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(office.home / "dondoc.db")) as database, database:
        return [tuple(row) for row in database.execute(sql)]


def administrator(tracked: Dondoc) -> str:
    people = tracked.done("people", "list", "--json").json
    return next(person["code"] for person in people if person["post"] == "administrator")


def states(tracked: Dondoc) -> dict[str, str]:
    return {each["code"]: each["state"] for each in tracked.done("account", "list", "--json").json}


def test_the_first_link_is_the_administrators_and_of_several_the_last_holds(tracked: Dondoc) -> None:
    who = administrator(tracked)
    assert set(states(tracked).values()) == {"none"}
    first = tracked.done("account", "first", "--json").json
    again = tracked.done("account", "first", "--json").json
    assert first["link"] != again["link"]
    assert again["link"].startswith("http://127.0.0.1:4200/sign-in/link/")
    assert states(tracked)[who] == "invited"
    with sqlite3.connect(tracked.home / "dondoc.db") as database:
        void = [
            row[0] is not None for row in database.execute("SELECT void_at FROM account_link ORDER BY id")
        ]
        kinds = [tuple(row) for row in database.execute("SELECT kind, by FROM account_event ORDER BY id")]
    assert void == [True, False]
    assert kinds == [("made", "office"), ("link_made", "office"), ("link_made", "office")]
    assert "người quản trị" in tracked.done("account", "first").out


def test_no_first_link_once_somebody_can_sign_in(tracked: Dondoc) -> None:
    tracked.done("account", "link", "huong")
    asked(tracked, "UPDATE account SET password_hash = '$argon2id$'")
    refused = tracked("account", "first")
    assert refused.code == 2
    assert "dondoc account link" in refused.err


def test_without_an_administrator_it_is_said_what_to_do(tracked: Dondoc) -> None:
    asked(tracked, "UPDATE person SET post = 'officer' WHERE post = 'administrator'")
    refused = tracked("account", "first")
    assert refused.code == 2
    assert "dondoc units import" in refused.err


def test_people_are_invited_locked_and_signed_out(tracked: Dondoc) -> None:
    who = administrator(tracked)
    assert "Hương" in tracked.done("account", "invite", "huong", "--by", who).out
    assert states(tracked)["huong"] == "invited"
    tracked.done("account", "lock", "huong", "--by", who)
    assert states(tracked)["huong"] == "locked"
    assert tracked("account", "lock", "huong").code == 2
    assert tracked("account", "link", "huong").code == 2
    tracked.done("account", "unlock", "huong")
    said = tracked.done("account", "sign-out", "huong", "--json").json
    assert said == {"done": "account_is_signed_out", "name": said["name"], "number": 0}
    assert "Được mời, chưa đặt mật khẩu" in tracked.done("account", "list").out
    with sqlite3.connect(tracked.home / "dondoc.db") as database:
        letters = list(
            database.execute("SELECT kind, state FROM letter WHERE person = 'huong' AND kind = 'password'")
        )
        by = [row[0] for row in database.execute("SELECT by FROM account_event ORDER BY id")]
    assert letters == [("password", "waiting")]
    assert by == [who, who, who, "office", "office"]


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        (("invite", "ai-do"), "ai-do"),
        (("unlock", "huong"), "chưa có tài khoản"),
        (("sign-out", "huong"), "chưa có tài khoản"),
        (("lock", "huong"), "chưa có tài khoản"),
        (("link", "huong", "--by", "ai-do"), "ai-do"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(
    tracked: Dondoc, typed: tuple[str, ...], why: str
) -> None:
    before = tracked.bytes()
    refused = tracked("account", *typed)
    assert refused.code == 2
    assert why in refused.err
    assert tracked.bytes() == before
