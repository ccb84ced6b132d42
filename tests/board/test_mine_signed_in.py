"""“Việc của tôi” for who has signed in: the same pages as under a letter's link, without a letter."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest
from sqlalchemy import Engine

from board.tickets import ticket_for
from tests.board.acting_cast import KEYS, NUMBER, ROW_1, Office, asked_for_time, open_office
from tests.board.browsing import form_to


@pytest.fixture
def office(sqlite_engine: Engine, tmp_path: Path) -> Office:
    return open_office(sqlite_engine, tmp_path / "files")


def form_of(office: Office, code: str, ending: str) -> str:
    page = office.as_(code).get("/mine").text
    found = re.search(rf'href="(/mine/[^"]*{ending})"', page)
    assert found, page
    return found[1]


def test_an_officer_reports_from_the_page_of_own_work(office: Office) -> None:
    path = form_of(office, "gu", "report")
    browser = office.as_("gu")
    answer = browser.send(form_to(browser.get(path).text, path), {"note": "Đã xong", "document": "7/BC-TT"})
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/mine?done=mine_report")
    (share,) = office.facts().current_shares
    assert share.report is not None
    line = office.history()[-1]
    assert (line.by, line.note) == ("gu", "Đã xong")
    assert 'role="status"' in office.as_("gu").get(answer.headers["location"]).text


def test_what_was_typed_stands_again_where_it_was_refused(office: Office) -> None:
    path = form_of(office, "gu", "report")
    browser = office.as_("gu")
    answer = browser.send(form_to(browser.get(path).text, path), {"note": ""})
    assert answer.status_code == 400
    assert office.history()[-1].kind != "report"


def test_the_page_leads_on_and_says_whose_it_is_without_a_link_that_runs_out(office: Office) -> None:
    page = office.as_("gu").get("/mine").text
    assert "Trang của Gụ" in page
    assert "Liên kết dùng được" not in page
    assert 'href="/mine" aria-current="page"' in page
    assert 'href="/outbox"' not in page


def test_a_head_hands_over_and_sees_the_whole_unit(office: Office) -> None:
    path = form_of(office, "sao", "hand-over")
    browser = office.as_("sao")
    assert browser.send(form_to(browser.get(path).text, path), {"officer": "lim"}).status_code == 303
    assert office.facts().current_shares[0].officer == "lim"
    assert "Lim" in office.as_("sao").get("/mine").text


def test_work_of_another_unit_is_nobody_s_here(office: Office) -> None:
    path = form_of(office, "gu", "report")
    for code in ("tram", "dau", "truc", "cam"):
        browser = office.as_(code)
        assert browser.get(path).status_code == 400
        refused = browser.post(path, {"note": "x", "ticket": ticket_for(path, KEYS)})
        assert refused.status_code == 400
        assert "Biểu mẫu này không còn dùng được" not in refused.text  # not for want of a ticket
    assert office.facts().current_shares[0].report is None


def test_a_sheet_is_sent_from_here_too(office: Office) -> None:
    browser = office.as_("gu")
    page = browser.get("/mine").text
    href = re.search(r'href="(/mine/sheet/[^"?]+)"', page)
    assert href
    form = form_to(browser.get(href[1]).text, href[1])
    (line,) = form.choices["done-" + next(n for n in form.choices if n.startswith("done-"))[5:]]
    name = next(n for n in form.choices if n.startswith("done-"))
    answer = browser.send(form, {name: line, "note-" + name[5:]: "Đã công khai"})
    assert answer.status_code == 303, answer.text
    assert office.history(f"{NUMBER}/3")[-1].kind == "report"


def test_that_a_condition_arose_is_said_here_too(office: Office) -> None:
    browser = office.as_("gu")
    path = f"/mine/tasks/{NUMBER.replace('/', '%2F')}/4/arisen"
    answer = browser.send(
        form_to(browser.get(path).text, "/arisen"), {"arose": "2022-10-17", "note": "Đã có hướng dẫn"}
    )
    assert answer.status_code == 303
    assert office.facts(f"{NUMBER}/4").arisen


def test_names_of_another_unit_s_people_are_for_those_who_decide(office: Office) -> None:
    asked_for_time(office)
    seen = {code: office.as_(code).get(f"/tasks/{ROW_1.replace('/', '%2F', 1)}").text for code in CODES}
    named = {code for code, page in seen.items() if ">Gụ<" in page or "Gụ" in page}
    assert named == {"truc", "gu", "lim", "sao", "cam", "nghien", "quan"}
    for code in set(CODES) - named:
        assert "cán bộ của Thanh tra Sở" in seen[code]


CODES = ("truc", "gu", "lim", "sao", "dau", "tram", "cam", "nghien", "quan")


PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def test_a_file_goes_to_its_own_unit_and_to_those_who_decide(office: Office) -> None:
    path = form_of(office, "gu", "report")
    browser = office.as_("gu")
    handed = ("files", ("Báo cáo.pdf", PDF, "application/pdf"))
    assert (
        browser.send(form_to(browser.get(path).text, path), {"note": "x"}, files=[handed]).status_code == 303
    )
    file = f"/files/{hashlib.sha256(PDF).hexdigest()}"
    given = {code for code in CODES if office.as_(code).get(file).status_code == 200}
    assert given == {"truc", "gu", "lim", "sao", "cam", "nghien"}
    assert "do đơn vị khác gửi" in office.as_("tram").get(file).text
    assert office.as_("tram").get(file).status_code == 403


def test_addresses_in_remarks_are_for_those_who_are_told_names(office: Office) -> None:
    office.desk(lambda desk: desk.report(ROW_1, "TT"), by="gu", note="qua thư gửi gu@example.vn")
    page = f"/tasks/{ROW_1.replace('/', '%2F', 1)}"
    assert "gu@example.vn" in office.as_("truc").get(page).text
    assert "gu@example.vn" in office.as_("sao").get(page).text
    assert "gu@example.vn" not in office.as_("tram").get(page).text
