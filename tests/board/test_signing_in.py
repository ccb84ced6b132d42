"""Signing in and out, as browsers do it: what lets in, what does not, and what a cookie is worth."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.board.signing_cast import SignedOffice, open_signed


@pytest.fixture
def signed(sqlite_engine: Engine, tmp_path: Path) -> SignedOffice:
    return open_signed(sqlite_engine, tmp_path / "files")


def test_who_has_not_signed_in_is_led_there_and_back(signed: SignedOffice) -> None:
    browser = signed.browser()
    answer = browser.get("/tasks?text=ch%E1%BB%A3")
    assert answer.status_code == 303
    page = browser.get(answer.headers["location"])
    assert page.status_code == 200
    answer = browser.send(
        browser.form(answer.headers["location"], "/sign-in"), {"name": "gu", "password": "sai mất rồi bạn"}
    )
    assert answer.status_code == 400
    answer = browser.sign_in("gu@example.vn", to="/tasks%3Ftext%3Dch%25E1%25BB%25A3")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/tasks?text=ch%E1%BB%A3"
    page = browser.get("/")
    assert page.status_code == 200
    assert ">Gụ</a>" in page.text
