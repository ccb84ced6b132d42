"""One-time links at the board: asked for by letter, handed over by hand, opened, used once."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from notifications.account_tokens import LinkToken, read_account_link, sign_account_link
from storage import accounts
from storage.accounts import By
from storage.engine import read, write
from storage.schema import LetterRow, OneTimeLinkRow
from tests.board.acting_cast import KEYS
from tests.board.browsing import form_to, forms_in
from tests.board.signing_cast import OTHER, PASSWORD, Person, SignedOffice


def letters(signed: SignedOffice) -> list[LetterRow]:
    with read(signed.office.engine) as session:
        return list(session.query(LetterRow).filter(LetterRow.kind == "password"))


def ask(browser: Person, name: str) -> str:
    """Return the page that answers who asks for a letter."""
    answer = browser.send(browser.form("/sign-in/forgot", "/sign-in/forgot"), {"name": name})
    assert answer.status_code == 200
    return answer.text


def choose(browser: Person, link: str, password: str = OTHER) -> int:
    return browser.send(browser.form(link, link), {"new": password, "again": password}).status_code


# By letter


def test_the_answer_is_the_same_whoever_is_meant(signed: SignedOffice) -> None:
    with write(signed.office.engine) as session:
        accounts.lock(session, signed.office.id, "truc", by=By(code="quan", at=signed.now))
    pages = {
        name: ask(signed.browser(), name) for name in ("gu", "ai-do", "lim", "truc", "", "gu@example.vn")
    }
    assert len({page.split("<main")[1] for page in pages.values()}) == 1
    assert [letter.person for letter in letters(signed)] == ["gu", "gu"]


def test_the_page_says_when_the_letter_leaves(signed: SignedOffice) -> None:
    """Rule 5: letters leave in sending hours of working days, this one too."""
    assert "vài phút" in signed.browser().get("/sign-in/forgot").text
    friday_evening = datetime(2022, 10, 21, 19, 30, tzinfo=signed.now.tzinfo)
    signed.times.append(friday_evening)
    browser = signed.browser()
    assert "08:00 ngày 24/10/2022" in browser.get("/sign-in/forgot").text
    assert "08:00 ngày 24/10/2022" in ask(browser, "gu")
    (letter,) = letters(signed)
    assert letter.day.isoformat() == "2022-10-24"


def test_nobody_gets_more_than_three_a_day(signed: SignedOffice) -> None:
    for _ in range(5):
        ask(signed.browser(), "gu")
    assert len(letters(signed)) == 3
    signed.later(timedelta(days=1))
    ask(signed.browser(), "gu")
    assert len(letters(signed)) == 4


def test_the_outbox_holds_no_token(signed: SignedOffice) -> None:
    ask(signed.browser(), "gu")
    with read(signed.office.engine) as session:
        link = session.query(OneTimeLinkRow).one()
        rows = [repr(tuple(row)) for row in session.execute(text("SELECT * FROM letter"))]
    assert (link.cause, link.until) == ("reset", None)
    token = sign_account_link(LinkToken(link.id, round(link.made_at.timestamp() * 1000)), KEYS)
    assert read_account_link(token, KEYS) is not None
    assert not [row for row in rows if token.rpartition(".")[2] in row]
    answer = signed.browser().get(f"/sign-in/link/{token}")
    assert (answer.status_code, "đã hết hạn" in answer.text) == (404, True)  # its letter has not left


def test_a_form_for_a_letter_is_bound_to_its_browser(signed: SignedOffice) -> None:
    form = signed.browser().form("/sign-in/forgot", "/sign-in/forgot")
    assert signed.browser().send(form, {"name": "gu"}).status_code == 400
    assert letters(signed) == []


# Opened


def test_a_link_sets_a_password_once_and_signs_its_person_in(signed: SignedOffice) -> None:
    link, browser = signed.link("lim"), signed.browser()
    page = browser.get(link)
    assert "Lim (Cán bộ)" in page.text
    assert page.headers["referrer-policy"] == "no-referrer"
    form = form_to(page.text, link)
    answer = browser.send(form, {"new": OTHER, "again": OTHER})
    assert (answer.status_code, answer.headers["location"]) == (303, "/account?done=password_set")
    assert "Đã lưu mật khẩu mới" in browser.get(answer.headers["location"]).text
    other = signed.browser()
    assert "đã được dùng rồi" in other.get(link).text
    assert other.send(form, {"new": PASSWORD, "again": PASSWORD}).status_code == 404
    assert signed.browser().sign_in("lim", OTHER).status_code == 303


def test_opening_a_link_uses_nothing_up(signed: SignedOffice) -> None:
    """Mail scanners open every link: GET only shows (rule 11)."""
    link = signed.link("lim")
    before = signed.office.everything()
    for _ in range(3):
        assert signed.browser().get(link).status_code == 200
    assert signed.office.everything() == before
    assert choose(signed.browser(), link) == 303


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        (("ngắn", "ngắn"), "cần ít nhất 12"),
        (("thanh tra sở 2022", "thanh tra sở 2022"), "dễ đoán"),
        ((OTHER, PASSWORD), "không giống nhau"),
        (("có\tdấu tab ở đây", "có\tdấu tab ở đây"), "không nhìn thấy được"),
    ],
)
def test_a_password_refused_leaves_the_link_as_it_was(
    signed: SignedOffice, typed: tuple[str, str], why: str
) -> None:
    link, browser = signed.link("lim"), signed.browser()
    answer = browser.send(browser.form(link, link), {"new": typed[0], "again": typed[1]})
    assert answer.status_code == 400
    assert why in answer.text
    assert typed[0] not in answer.text
    assert choose(browser, link) == 303


def test_of_two_links_the_other_is_void_once_one_was_used(signed: SignedOffice) -> None:
    old, new = signed.link("gu"), signed.link("gu")
    assert choose(signed.browser(), new) == 303
    answer = signed.browser().get(old)
    assert (answer.status_code, "không còn dùng được" in answer.text) == (404, True)


def test_a_link_ends_every_session_and_opens_an_account_too_often_tried(signed: SignedOffice) -> None:
    there, thief = signed.signed_in("gu"), signed.browser("10.0.0.66")
    for _ in range(5):
        thief.sign_in("gu", OTHER)
    assert thief.sign_in("gu").status_code == 429
    owner = signed.browser("10.0.0.66")
    assert choose(owner, signed.link("gu")) == 303
    assert there.get("/account").status_code == 303
    assert owner.get("/account").status_code == 200
    owner.sign_out()
    assert owner.sign_in("gu", OTHER).status_code == 303


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda link: link[:-1], id="cut short"),
        pytest.param(lambda link: link.replace("/link/", "/link/9"), id="another number"),
        pytest.param(lambda link: link.rpartition(".")[0], id="without its signature"),
        pytest.param(lambda link: "/sign-in/link/x", id="made up"),
        pytest.param(lambda link: "/sign-in/link/" + "1." * 400, id="very long"),
    ],
)
def test_a_spoilt_link_opens_nothing(signed: SignedOffice, spoil: object) -> None:
    answer = signed.browser().get(spoil(signed.link("lim")))  # type: ignore[operator]
    assert answer.status_code == 404
    assert [form for form in forms_in(answer.text) if "link" in form.action] == []


def test_a_link_holds_a_day(signed: SignedOffice) -> None:
    link = signed.link("lim")
    signed.later(timedelta(hours=23))
    assert signed.browser().get(link).status_code == 200
    signed.later(timedelta(hours=1))
    assert signed.browser().get(link).status_code == 404
