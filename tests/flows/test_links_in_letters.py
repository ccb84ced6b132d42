"""Tokens stand in the letter that leaves and nowhere else; every letter can be told from its return path."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from flows.post import post_work
from flows.preview import preview_work
from notifications.signing import VALID_DAYS, Purpose, letter_of_path, read_link
from storage.engine import read
from storage.links import bearer_of
from tests.flows.cast import NUMBER, PLAN, Department, Mail, moment, open_department
from tests.flows.relay import Relay, free_port, listening, relay_settings

SHEET_DAY = date(2023, 2, 28)
TODAY = date(2023, 1, 27)
TOKEN = re.compile(r"http://127\.0\.0\.1:4200/a/([A-Za-z0-9._-]+)")
RETURN = "tra-lai@example.vn"


def tokens(mail: Mail) -> list[str]:
    return TOKEN.findall(mail.text)


def purposes(department: Department, mail: Mail, today: date) -> list[Purpose]:
    return [read_link(token, department.office.keys, today=today).purpose for token in tokens(mail)]


@pytest.fixture
def sent(department: Department) -> dict[str, Mail]:
    department.start(PLAN)
    department.notices(TODAY)
    return department.post(TODAY)


def test_the_owner_may_report_ask_and_acknowledge_and_who_urges_may_not(
    department: Department, sent: dict[str, Mail]
) -> None:
    own = [Purpose.MINE, Purpose.REPORT, Purpose.EXTEND, Purpose.ACKNOWLEDGE, Purpose.PREFERENCES]
    assert purposes(department, sent["huong"], TODAY) == own
    assert purposes(department, sent["sao"], TODAY) == [Purpose.MINE, Purpose.PREFERENCES]


def test_the_period_sheet_is_one_link(department: Department) -> None:
    department.start(PLAN)
    department.notices(SHEET_DAY)
    mail = department.post(SHEET_DAY)["dau"]
    assert purposes(department, mail, SHEET_DAY).count(Purpose.SHEET) == 1


def test_each_link_is_its_readers_for_the_line_it_stands_in_and_for_a_month(
    department: Department, sent: dict[str, Mail]
) -> None:
    for token in tokens(sent["huong"]):
        scope = read_link(token, department.office.keys, today=TODAY)
        assert scope.until == TODAY + timedelta(days=VALID_DAYS)
        with read(department.office.engine) as session:
            bearer = bearer_of(session, department.office.organisation_id, scope.letter, scope.notice)
        assert bearer.person.code == "huong"
        if scope.purpose not in (Purpose.MINE, Purpose.PREFERENCES):
            assert bearer.entry is not None
            assert bearer.entry.task_id == f"{NUMBER}/1"


def test_text_and_html_hold_the_same_links(sent: dict[str, Mail]) -> None:
    html = sent["huong"].raw.get_body(("html",))
    assert html is not None
    assert set(TOKEN.findall(html.get_content())) == set(tokens(sent["huong"]))


def test_no_token_is_kept_in_the_record_or_the_office_s_folder(
    department: Department, sent: dict[str, Mail]
) -> None:
    found = [token for mail in sent.values() for token in tokens(mail)]
    assert found
    kept = repr(department.dump())
    assert "/a/…" in kept
    files = [
        path.read_bytes().decode("utf-8", "replace")
        for path in department.office.settings.home.rglob("*")
        if path.is_file() and not path.is_relative_to(department.maildir) and path.suffix != ".db-shm"
    ]
    for token in found:
        signature = token.rpartition(".")[2]
        assert signature not in kept
        assert not any(signature in words for words in files)


def test_a_preview_shows_no_token_and_makes_no_key(department: Department) -> None:
    department.start(PLAN)
    shown = preview_work(department.office, TODAY).letters
    assert any("/a/…" in ready.letter.text and "/a/…" in ready.letter.html for ready in shown)
    for ready in shown:
        assert not TOKEN.search(ready.letter.text + ready.letter.html)
        assert b"List-Unsubscribe" not in ready.envelope.data
    assert not (department.office.settings.home / "secret.key").exists()


def test_the_key_is_made_once_and_is_its_owner_s_only(department: Department, sent: dict[str, Mail]) -> None:
    file = department.office.settings.home / "secret.key"
    assert file.stat().st_mode & 0o777 == 0o600
    first = file.read_text()
    department.notices(TODAY + timedelta(days=3))
    department.post(TODAY + timedelta(days=3))
    assert file.read_text() == first
    assert [path.name for path in file.parent.glob("secret.key*")] == ["secret.key"]


def test_preferences_stand_in_the_header_and_one_click_needs_https(
    department: Department, sent: dict[str, Mail]
) -> None:
    raw = sent["huong"].raw
    (token,) = TOKEN.findall(str(raw["List-Unsubscribe"]))
    assert read_link(token, department.office.keys, today=TODAY).purpose is Purpose.PREFERENCES
    assert raw["List-Unsubscribe-Post"] is None


def test_over_https_mail_programs_may_post_without_opening(sqlite_engine: Engine, tmp_path: Path) -> None:
    department = open_department(sqlite_engine, tmp_path)
    settings = replace(department.office.settings, base_url="https://dondoc.example.vn")
    department.office = replace(department.office, settings=settings)
    department.start(PLAN)
    department.notices(TODAY)
    raw = department.post(TODAY)["huong"].raw
    assert str(raw["List-Unsubscribe"]).startswith("<https://dondoc.example.vn/a/p.")
    assert raw["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


@pytest.mark.parametrize(
    ("base_url", "holds"),
    [("http://127.0.0.1:4200", False), ("http://localhost:4200", False), ("https://dondoc.example.vn", True)],
)
def test_by_a_relay_no_link_leaves_that_opens_on_this_machine_only(
    sqlite_engine: Engine, tmp_path: Path, base_url: str, holds: bool
) -> None:
    port = free_port()
    department = open_department(sqlite_engine, tmp_path, mail=relay_settings(port))
    settings = replace(department.office.settings, base_url=base_url)
    department.office = replace(department.office, settings=settings)
    department.start(PLAN)
    department.notices(TODAY)
    relay = Relay()
    with listening(relay, port):
        post_work(department.office, moment(TODAY))
    mail = next(mail for mail in relay.taken if mail.to == "huong")
    assert ("http" in mail.text) is holds
    assert ("List-Unsubscribe" in mail.raw) is holds
    assert "Trả lời thư này để báo cáo" in mail.text


@pytest.mark.parametrize("with_path", [True, False], ids=["with a return address", "without one"])
def test_bounces_come_back_to_a_signed_path_that_names_the_letter(
    sqlite_engine: Engine, tmp_path: Path, with_path: bool
) -> None:
    port = free_port()
    settings = {**relay_settings(port), **({"return_address": RETURN} if with_path else {})}
    department = open_department(sqlite_engine, tmp_path, mail=settings)
    department.start(PLAN)
    department.notices(TODAY)
    relay = Relay()
    with listening(relay, port):
        post_work(department.office, moment(TODAY))
    assert "huong" in relay.readers()
    if not with_path:
        assert set(relay.senders) == {"dondoc@example.vn"}
        return
    letters = {letter.id: letter.person for letter in department.letters("sent")}
    named = [letter_of_path(RETURN, sender, department.office.keys) for sender in relay.senders]
    assert [letters[letter] for letter in named if letter] == [mail.to for mail in relay.taken]
