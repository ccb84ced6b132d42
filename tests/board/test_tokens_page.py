"""The page of tokens: a token is made and shown once, and ended with one click."""

from __future__ import annotations

import re

import pytest

from storage import api_tokens
from storage.engine import read
from tests.board.acting_cast import Office
from tests.board.api_client import Program, token_of
from tests.board.browsing import form_to

PAGE = "/settings/tokens"
TYPED = {
    "name": "Quản lý văn bản",
    "person": "gu",
    "scope-read": "1",
    "scope-work": "1",
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
    assert (row.person, row.scopes, row.made_by) == ("gu", ["read", "work"], "quan")
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
