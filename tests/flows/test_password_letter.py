"""The letter that lets its reader set a password: its token leaves with it, is kept nowhere, holds since."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

import pytest

from flows.post import post_work
from flows.preview import preview_work
from notifications.account_letters import Posting, ask_for_reset, invite
from notifications.account_tokens import read_account_link
from storage import accounts, one_time_links
from storage.accounts import By
from storage.engine import read, write
from storage.schema import LetterRow
from tasks_catalog.preference import Preference
from tests.flows.cast import Department, Mail, moment

FRIDAY, MONDAY = date(2023, 2, 3), date(2023, 2, 6)
LINK = re.compile(r"http://127\.0\.0\.1:4200/sign-in/link/([A-Za-z0-9._-]+)")


@pytest.fixture
def asked(department: Department) -> Department:
    """On Friday evening Gụ, who has an account, asks for a new password."""
    office = department.office
    at = datetime(2023, 2, 3, 19, 30, tzinfo=office.settings.timezone)
    with write(office.engine) as session:
        accounts.admit(session, office.organisation_id, "gu", by=By(code="truc", at=at))
        posting = Posting(day=MONDAY, domain="example.vn")
        assert ask_for_reset(session, office.organisation_id, "gu", at=at, most=3, posting=posting)
    return department


def link_of(department: Department, mails: Mapping[str, Mail], to: str, at: datetime) -> str:
    """Return "" where the link in somebody's letter holds at a moment, else why not."""
    (token,) = set(LINK.findall(mails[to].text))
    scope = read_account_link(token, department.office.keys)
    assert scope is not None
    with read(department.office.engine) as session:
        try:
            office = department.office.organisation_id
            one_time_links.link_or_refuse(session, office, scope.number, scope.made, at=at)
        except one_time_links.LinkVoid as refused:
            return refused.code
    return ""


def test_it_leaves_on_the_next_working_day_and_holds_a_day_from_then(asked: Department) -> None:
    assert asked.post(moment(FRIDAY, 20)) == {}
    mails = asked.post(MONDAY)
    assert set(mails) == {"gu"}
    zone = asked.office.settings.timezone
    left = datetime(2023, 2, 6, 8, 0, tzinfo=zone)
    assert link_of(asked, mails, "gu", left + timedelta(hours=23)) == ""
    assert link_of(asked, mails, "gu", left + timedelta(hours=24)) == "account_link_over"


def test_it_says_why_it_comes_until_when_it_holds_and_what_to_do_if_one_did_not_ask(
    asked: Department,
) -> None:
    mail = asked.post(MONDAY)["gu"]
    assert mail.subject == "[CCHC] Đặt lại mật khẩu phần mềm đôn đốc của Sở Công Thương"
    for words in (
        "Lúc 19:30 ngày 03/02/2023 có người yêu cầu đặt mật khẩu mới",
        "trước 08:00 ngày 07/02/2023",
        "Bạn nhận thư này vì ở trang đăng nhập có người đã nhập địa chỉ",
        "Không phải bạn yêu cầu? Bạn không phải làm gì",
        "gu@",
    ):
        assert words in mail.text
    html = mail.raw.get_body(("html",))
    assert html is not None
    assert set(LINK.findall(html.get_content())) == set(LINK.findall(mail.text))
    assert mail.raw["List-Unsubscribe"] is None


def test_its_token_is_kept_neither_in_the_record_nor_in_a_preview(asked: Department) -> None:
    (previewed,) = preview_work(asked.office, MONDAY).letters
    assert LINK.findall(previewed.letter.text) == []
    (token,) = set(LINK.findall(asked.post(MONDAY)["gu"].text))
    signature = token.rpartition(".")[2]
    with read(asked.office.engine) as session:
        (letter,) = session.query(LetterRow)
        assert (letter.state, letter.kind) == ("sent", "password")
        assert "sign-in/link/…" in letter.body_text
    kept = [
        path
        for path in asked.office.settings.home.rglob("*")
        if path.is_file() and "mail" not in path.parts and signature.encode() in path.read_bytes()
    ]
    assert kept == []


def test_nobody_reads_it_instead_of_one_who_is_away_and_no_own_hour_delays_it(asked: Department) -> None:
    now = moment(FRIDAY, 20)
    asked.absent("gu", MONDAY, MONDAY, substitute="cam-lai", on=now)
    asked.prefer("gu", Preference(hour=time(16)), on=now)
    assert set(asked.post(MONDAY)) == {"gu"}


def test_it_does_not_leave_once_the_password_was_set_or_the_account_locked(asked: Department) -> None:
    office = asked.office
    with write(office.engine) as session:
        by = By(code="truc", at=datetime(2023, 2, 4, tzinfo=office.settings.timezone))
        accounts.set_password(session, office.organisation_id, "gu", "$new", by=by)
    assert LINK.findall(asked.post(MONDAY)["gu"].text) == []
    with read(office.engine) as session:
        found = [(letter.kind, letter.state) for letter in session.query(LetterRow)]
        assert found == [("password", "cancelled"), ("account", "sent")]


def test_an_invitation_names_who_invites(department: Department) -> None:
    office = department.office
    by = By(code="truc", at=datetime(2023, 2, 6, 8, 0, tzinfo=office.settings.timezone))
    with write(office.engine) as session:
        posting = Posting(day=MONDAY, domain="example.vn")
        invite(session, office.organisation_id, "sen", by=by, posting=posting)
    post_work(office, moment(MONDAY, 9))
    (mail,) = department.files().values()
    assert mail.subject == "[CCHC] Mời dùng phần mềm đôn đốc của Sở Công Thương"
    assert "mời bạn đăng nhập phần mềm đôn đốc" in mail.text
    assert "Không cần dùng phần mềm?" in mail.text
