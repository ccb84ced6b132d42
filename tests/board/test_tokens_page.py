"""The page of tokens: a token is made and shown once, and ended with one click."""

from __future__ import annotations

import re

import pytest

from board.tickets import ticket_for
from storage import accounts, api_tokens
from storage.accounts import By
from storage.engine import read, write
from tests.board.acting_cast import KEYS, Office
from tests.board.api_client import Program, token_of
from tests.board.browsing import form_to
from tests.board.cast import NOW

PAGE = "/settings/tokens"
TYPED = {
    "name": "Quản lý văn bản",
    "person": "gu",
    "scope-read": "1",
    "until": "2022-12-31",
}


@pytest.fixture
def office(acting_office: Office) -> Office:
    return acting_office


def test_a_token_is_made_shown_once_and_holds(office: Office) -> None:
    browser = office.as_("quan")
    answer = browser.send(form_to(browser.get(PAGE).text, PAGE), TYPED)
    found = re.search(r">\n(dondoc_\d+_[0-9a-f]{64})</textarea>", answer.text)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert found
    assert found[1] not in browser.get(PAGE).text
    assert Program(office.app, found[1]).get("/v1/plans").status_code == 200
    with read(office.engine) as session:
        (row,) = api_tokens.all_of(session, office.id)
    assert (row.person, row.scopes, row.made_by) == ("gu", ["read"], "quan")
    assert "chưa dùng" not in browser.get(PAGE).text


def test_a_token_is_ended_with_one_click(office: Office) -> None:
    token = token_of(office, "truc")
    browser = office.as_("quan")
    answer = browser.send(form_to(browser.get(PAGE).text, f"{PAGE}/1/revoke"))
    assert answer.status_code == 303
    page = browser.get(answer.headers["location"]).text
    assert "Đã thu hồi mã truy cập số 1" in page
    assert "revoke" not in page
    assert Program(office.app, token).get("/v1/plans").status_code == 401


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        pytest.param({"until": "2030-01-01"}, "nhiều nhất 400 ngày", id="too long"),
        pytest.param({"until": ""}, "cần ngày cuối dùng được", id="no day"),
        pytest.param({"name": " "}, "cần một tên", id="no name"),
    ],
)
def test_what_cannot_be_made_is_said_where_it_was_typed(
    office: Office, typed: dict[str, str], said: str
) -> None:
    browser = office.as_("quan")
    answer = browser.send(form_to(browser.get(PAGE).text, PAGE), {**TYPED, **typed})
    assert answer.status_code == 400
    assert said in answer.text
    with read(office.engine) as session:
        assert not api_tokens.all_of(session, office.id)


@pytest.mark.parametrize("code", ["gu", "sao", "cam", "truc"])
def test_tokens_are_the_administrators(office: Office, code: str) -> None:
    browser = office.as_(code)
    assert browser.get(PAGE).status_code == 403
    assert browser.post(PAGE, TYPED).status_code == 403
    assert browser.post(f"{PAGE}/1/revoke", {}).status_code == 403


def test_a_form_from_elsewhere_makes_no_token(office: Office) -> None:
    assert office.as_("quan").post(PAGE, TYPED).status_code == 400
    with read(office.engine) as session:
        assert not api_tokens.all_of(session, office.id)


OWN = "/account/tokens"


@pytest.mark.parametrize("scope", ["work", "decide", "plans"])
def test_who_looks_after_the_program_makes_nothing_that_acts_for_others(office: Office, scope: str) -> None:
    browser = office.as_("quan")
    answer = browser.send(form_to(browser.get(PAGE).text, PAGE), {**TYPED, f"scope-{scope}": "1"})
    assert answer.status_code == 400
    assert "chính người đó tạo" in answer.text
    with read(office.engine) as session:
        assert api_tokens.all_of(session, office.id) == ()


def test_what_acts_for_somebody_is_made_by_them_and_seen_by_them_alone(office: Office) -> None:
    other = token_of(office, "truc")
    browser = office.as_("gu")
    page = browser.get(OWN).text
    typed = {"name": "Bảng tính của tôi", "scope-read": "1", "scope-work": "1", "until": "2022-12-31"}
    answer = browser.send(form_to(page, OWN), typed)
    found = re.search(r"dondoc_\d+_[0-9a-f]{64}", answer.text)
    assert found
    assert Program(office.app, found[0]).get("/v1/plans").status_code == 200
    page = office.as_("gu").get(OWN).text
    assert "Bảng tính của tôi" in page
    assert "thử nghiệm" not in page
    with read(office.engine) as session:
        mine = api_tokens.all_of(session, office.id, of="gu")
    assert [(row.person, row.scopes, row.made_by) for row in mine] == [("gu", ["read", "work"], "gu")]
    assert Program(office.app, other).get("/v1/plans").status_code == 200


def test_a_name_put_into_the_form_of_one_s_own_tokens_changes_nothing(office: Office) -> None:
    browser = office.as_("gu")
    form = form_to(browser.get(OWN).text, OWN)
    assert "scope-decide" not in form.choices  # an officer decides nothing
    typed = {"name": "x", "person": "truc", "scope-decide": "1", "until": "2022-12-31"}
    assert browser.post(OWN, {**form.values, **typed}).status_code == 200
    with read(office.engine) as session:
        assert [row.person for row in api_tokens.all_of(session, office.id)] == ["gu"]


def test_nobody_ends_another_s_token_from_their_own_page(office: Office) -> None:
    other = token_of(office, "truc")
    browser = office.as_("gu")
    form = form_to(browser.get(OWN).text, OWN)
    ticket = ticket_for(f"{OWN}/1/revoke", KEYS)
    assert browser.post(f"{OWN}/1/revoke", {**form.values, "ticket": ticket}).status_code == 400
    assert Program(office.app, other).get("/v1/plans").status_code == 200


def test_a_locked_account_shuts_its_programs_out_too(office: Office) -> None:
    token = token_of(office, "gu")
    with write(office.engine) as session:
        accounts.admit(session, office.id, "gu", by=By(code="quan", at=NOW))
        accounts.lock(session, office.id, "gu", by=By(code="quan", at=NOW))
    assert Program(office.app, token).get("/v1/plans").status_code == 401
