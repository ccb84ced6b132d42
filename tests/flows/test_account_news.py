"""The letter that tells a person what was done to their account: by whom, once, in sending hours, no link."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy.orm import Session

from flows.preview import preview_work
from notifications.account_letters import hand_over
from storage import accounts, api_tokens
from storage.accounts import By
from storage.engine import read, write
from storage.one_time_links import Cause
from storage.schema import LetterRow
from tasks_catalog.preference import Preference
from tasks_catalog.scopes import Scope
from tests.flows.cast import Department, moment

FRIDAY, MONDAY, TUESDAY = date(2023, 2, 3), date(2023, 2, 6), date(2023, 2, 7)
Do = Callable[[Session, int, By], object]


def link(session: Session, office: int, by: By) -> None:
    hand_over(session, office, "gu", by=by, cause=Cause.RESET)


def lock(session: Session, office: int, by: By) -> None:
    accounts.lock(session, office, "gu", by=by)


def unlock(session: Session, office: int, by: By) -> None:
    accounts.unlock(session, office, "gu", by=by)


def sign_out(session: Session, office: int, by: By) -> None:
    accounts.sign_out(session, office, "gu", by=by)


def password(session: Session, office: int, by: By) -> None:
    accounts.set_password(session, office, "gu", "$hash", by=by)


def token(session: Session, office: int, by: By) -> None:
    read_only, until = (Scope.READ,), by.at.date() + timedelta(days=30)
    api_tokens.make(
        session, office, name="trục", person="gu", scopes=read_only, until=until, by=by.code, at=by.at
    )


@pytest.fixture
def told(department: Department) -> Department:
    """Gụ has an account since long."""
    did(department, lambda session, office, by: accounts.admit(session, office, "gu", by=by), by="gu")
    return department


def did(department: Department, *things: Do, by: str = "truc", at: date = FRIDAY) -> None:
    office = department.office
    when = datetime.combine(at, time(19, 30), tzinfo=office.settings.timezone)
    with write(office.engine) as session:
        for thing in things:
            thing(session, office.organisation_id, By(code=by, at=when))


@pytest.mark.parametrize(
    ("things", "words"),
    [
        pytest.param((link,), "đã tạo một liên kết dùng một lần", id="a one-time link"),
        pytest.param((lock, unlock), "tài khoản đã được mở khóa", id="unlocked"),
        pytest.param((sign_out,), "mọi phiên đăng nhập của bạn đã bị kết thúc", id="sessions ended"),
        pytest.param((token,), "mã truy cập “trục”", id="a token that acts as them"),
        pytest.param((password,), "mật khẩu đã được đặt hoặc đổi", id="the password"),
    ],
)
def test_what_another_did_is_told_with_who_and_when_and_what_to_do(
    told: Department, things: tuple[Do, ...], words: str
) -> None:
    did(told, *things)
    assert told.post(moment(FRIDAY, 20)) == {}
    mails = told.post(MONDAY)
    assert set(mails) == {"gu"}
    text = " ".join(mails["gu"].text.split())
    assert words in text
    assert "19:30 ngày 03/02/2023" in text
    assert "người thực hiện: " in text
    assert "hãy gọi ngay cho người quản trị" in text
    html = mails["gu"].raw.get_body(("html",))
    assert html is not None
    assert "http" not in text
    assert "href" not in html.get_content()
    assert mails["gu"].raw["List-Unsubscribe"] is None
    assert told.post(moment(MONDAY, 15)) == told.post(TUESDAY) == {}


def test_of_what_one_did_oneself_only_the_password_is_told(told: Department) -> None:
    did(told, link, sign_out, token, by="gu")
    assert told.post(MONDAY) == {}
    did(told, password, by="gu", at=MONDAY)
    text = told.post(TUESDAY)["gu"].text
    assert "chính tài khoản của bạn" in " ".join(text.split())
    assert text.count("19:30") == 1


def test_it_is_one_a_day_and_what_comes_later_waits_for_the_next(told: Department) -> None:
    did(told, link, sign_out, by="office")
    mail = told.post(MONDAY)["gu"]
    assert mail.text.count("19:30") == 2
    assert "cơ quan, bằng lệnh trên máy chủ" in " ".join(mail.text.split())
    office = told.office
    did(told, token, at=MONDAY)
    assert told.post(moment(MONDAY, 16)) == {}
    with read(office.engine) as session:
        assert len(session.query(LetterRow).all()) == 1
    (previewed,) = preview_work(office, TUESDAY).letters
    later = told.post(TUESDAY)["gu"]
    assert "trục" in later.text
    assert "liên kết dùng một lần" not in later.text
    assert previewed.letter.text.split() == later.text.split()


def test_nobody_reads_it_instead_and_its_readers_hour_holds(told: Department) -> None:
    did(told, link)
    told.absent("gu", MONDAY, MONDAY, substitute="cam-lai", on=moment(FRIDAY, 20))
    told.prefer("gu", Preference(hour=time(14)), on=moment(FRIDAY, 20))
    assert told.post(moment(MONDAY, 9)) == {}
    assert set(told.post(moment(MONDAY, 14))) == {"gu"}


def test_what_is_long_past_is_not_told(any_department: Department) -> None:
    did(any_department, link, token, at=MONDAY - timedelta(days=20))
    assert any_department.post(MONDAY) == {}
    did(any_department, sign_out, token, at=MONDAY)
    assert any_department.post(TUESDAY)["gu"].text.count("19:30") == 2
    assert any_department.post(moment(TUESDAY, 10)) == {}
