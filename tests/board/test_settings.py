"""The page of settings and the record of changes: who sees them, what they say, and the way back."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sqlalchemy import Engine

from notifications.wording import catalogue
from storage.engine import read, write
from storage.office_journal import Made, change
from storage.people import load_directory
from storage.settables import SETTABLES
from tests.board.acting_cast import Office, open_office
from tests.board.browsing import form_to
from tests.board.cast import NOW

CODES = ("quan", "truc", "nghien", "cam", "sao", "gu")
MAY = {"quan", "truc"}


@pytest.fixture
def office(sqlite_engine: Engine, tmp_path: Path) -> Office:
    return open_office(sqlite_engine, tmp_path / "files")


def renamed(office: Office, name: str, by: str = "truc") -> int:
    with write(office.engine) as session:
        settable = SETTABLES["organisation"]
        now = settable.read(session, office.id, "sct")
        assert now is not None
        made = Made(by=by, at=NOW, note="theo nghị quyết")
        done = change(session, office.id, settable, "organisation", "sct", {**now, "name": name}, made=made)
        assert done is not None
        return done.id


def name_of(office: Office) -> str:
    with read(office.engine) as session:
        return load_directory(session, office.id).name


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("path", ["/settings", "/settings/changes"])
def test_settings_are_for_those_who_may_set_something(office: Office, code: str, path: str) -> None:
    page = office.as_(code).get(path)
    assert page.status_code == (200 if code in MAY else 403)
    front = office.as_(code).get("/").text
    assert ('href="/settings"' in front) is (code in MAY)


def test_a_change_is_told_with_who_when_and_from_what_to_what(office: Office) -> None:
    number = renamed(office, "Sở Công nghiệp <b>và</b> Thương mại")
    for path in ("/settings", "/settings/changes"):
        page = office.as_("quan").get(path).text
        assert f"số {number}, {NOW:%d/%m/%Y %H:%M}, Trúc (truc)" in page
        assert re.search(r"<dt>Tên</dt><dd><del>Sở Công Thương</del>", page)
        assert "<ins>Sở Công nghiệp &lt;b&gt;và&lt;/b&gt; Thương mại</ins>" in page
        assert "theo nghị quyết" in page


def test_a_change_is_taken_back_and_that_too(office: Office) -> None:
    number = renamed(office, "Sở Công nghiệp")
    browser = office.as_("truc")
    done = browser.send(form_to(browser.get("/settings/changes").text, f"/{number}/undo"))
    assert done.status_code == 303
    assert name_of(office) == "Sở Công Thương"
    page = browser.get(done.headers["location"]).text
    assert f"Đã hoàn tác thay đổi số {number}." in page
    assert f"Đã hoàn tác bằng thay đổi số {number + 1}." in page
    assert f"Hoàn tác thay đổi số {number}." in page
    browser.send(form_to(page, f"/{number + 1}/undo"))
    assert name_of(office) == "Sở Công nghiệp"


def test_what_was_changed_again_has_no_way_back_and_says_why(office: Office) -> None:
    first = renamed(office, "Sở Công nghiệp")
    browser = office.as_("truc")
    form = form_to(browser.get("/settings/changes").text, f"/{first}/undo")
    second = renamed(office, "Sở Thương mại")
    page = browser.get("/settings/changes").text
    assert f"/{first}/undo" not in page
    assert f"/{second}/undo" in page
    before = office.everything()
    refused = browser.send(form)
    assert refused.status_code == 400
    assert f"thay đổi lần nữa sau thay đổi số {first}" in refused.text
    assert office.everything() == before


@pytest.mark.parametrize("code", sorted(set(CODES) - MAY))
def test_nobody_else_takes_a_change_back(office: Office, code: str) -> None:
    number = renamed(office, "Sở Công nghiệp")
    browser = office.as_("truc")
    form = form_to(browser.get("/settings/changes").text, f"/{number}/undo")
    assert office.as_(code).send(form).status_code == 403
    assert name_of(office) == "Sở Công nghiệp"


def test_the_record_is_filtered_and_paged(office: Office) -> None:
    for number in range(35):
        renamed(office, f"Sở số {number}", by="truc" if number % 5 else "quan")
    browser = office.as_("quan")
    page = browser.get("/settings/changes").text
    assert page.count("<li>\n<p><b>") == 30
    older = re.search(r'rel="next" href="([^"]+)"', page)
    assert older is not None
    assert browser.get(older[1].replace("&amp;", "&")).text.count("<li>\n<p><b>") == 5
    assert browser.get("/settings/changes?by=quan").text.count("<li>\n<p><b>") == 7
    assert browser.get("/settings/changes?kind=organisation&key=khac").text.count("<li>\n<p><b>") == 0
    refused = browser.get("/settings/changes?kind=%3Cb%3E")
    assert refused.status_code == 400
    assert "“&lt;b&gt;”" in refused.text


def test_every_kind_that_can_be_set_has_a_name() -> None:
    assert not {f"setting_{kind}" for kind in SETTABLES} - set(catalogue())
