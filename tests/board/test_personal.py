"""Who saw and changed a person's data, and the whole of it to take away."""

from __future__ import annotations

import json
import logging
import re
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from sqlalchemy import Engine, select, text

from board.personal_log import WHOSE
from board.rights import rights_of
from notifications.wording import catalogue
from storage import outbox
from storage.engine import read, write
from storage.personal_views import saw, seen_of
from storage.schema import LetterRow, PersonalView
from tests.board.acting_cast import Office, open_office, reported
from tests.board.api_client import token_of
from tests.board.cast import NOW

DATA = "/settings/people/gu/data"


@pytest.fixture
def office(sqlite_engine: Engine, tmp_path: Path) -> Office:
    made = open_office(sqlite_engine, tmp_path / "files")
    with write(sqlite_engine) as session:
        outbox.open_letter(
            session,
            made.id,
            kind="digest",
            person="gu",
            day=NOW.date(),
            message_id="<1@example.vn>",
            at=NOW,
        )
    return made


def lines(office: Office) -> list[tuple[str, str, str]]:
    with read(office.engine) as session:
        return [
            (v.by, v.about, v.page) for v in session.scalars(select(PersonalView).order_by(PersonalView.id))
        ]


def test_who_looks_at_a_letter_a_person_or_a_list_of_them_is_kept_once_an_hour(office: Office) -> None:
    for _ in range(2):
        for path in ("/outbox/1", "/settings/people/gu", "/settings/people", "/outbox"):
            assert office.as_("truc").get(path).status_code == 200, path
    assert office.as_("quan").get("/outbox/1").status_code == 200
    assert lines(office) == [
        ("truc", "gu", "letter"),
        ("truc", "gu", "person"),
        ("truc", "*", "people"),
        ("truc", "*", "letters"),
        ("quan", "gu", "letter"),
    ]


def test_neither_ones_own_data_nor_pages_with_names_in_their_context_nor_a_page_that_was_not_shown(
    office: Office,
) -> None:
    office.as_("truc").get("/settings/people/truc")
    office.as_("truc").get("/tasks/383%2FKH-SCT/1")
    office.as_("truc").get("/outbox/99")
    office.as_("gu").get("/outbox/1")
    office.looks = None
    office.browser.get("/outbox/1")
    assert lines(office) == []


def test_a_program_that_reads_the_directory_is_in_the_log_by_whom_it_acts_for(office: Office) -> None:
    office.looks = None
    token = token_of(office, "truc")
    assert office.browser.get("/v1/people", {"Authorization": f"Bearer {token}"}).status_code == 200
    assert office.browser.get("/v1/units", {"Authorization": f"Bearer {token}"}).status_code == 200
    assert lines(office) == [("truc", "*", "people")]


def test_a_log_that_cannot_be_written_fails_no_page(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    with write(office.engine) as session:
        session.execute(text("DROP TABLE personal_view"))
    with caplog.at_level(logging.ERROR):
        assert office.as_("truc").get("/outbox/1").status_code == 200
    assert "could not be kept" in caplog.text


def test_every_page_flagged_says_whose_data_it_shows_and_has_a_name(office: Office) -> None:
    flagged = {each.needs.personal for each in rights_of(office.app.routes) if each.needs.personal}
    assert {"letter", "letters", "file", "person", "people", "data", "export"} <= flagged <= set(WHOSE)
    assert not {f"personal_page_{page}" for page in WHOSE} - set(catalogue())


def test_a_person_s_page_says_who_saw_and_who_changed(office: Office) -> None:
    office.as_("truc").get("/outbox/1")
    office.as_("truc").get("/outbox")
    page = office.as_("quan").get(DATA).text
    assert "Trúc (truc)" in page
    assert "thư gửi người này" in page
    assert "hộp thư đi – danh sách nhiều người" in page
    assert office.as_("truc").get(DATA).status_code == 403
    assert f'href="{DATA}"' in office.as_("quan").get("/settings/people/gu").text
    assert DATA not in office.as_("truc").get("/settings/people/gu").text
    assert office.as_("quan").get("/settings/people/khong-co/data").status_code == 404


def test_a_long_log_is_paged(office: Office) -> None:
    with write(office.engine) as session:
        for hour in range(60):
            at = NOW - timedelta(hours=hour)
            saw(session, office.id, by="truc", about=["gu"], page="letter", at=at)
        assert len(seen_of(session, office.id, "gu", most=100)) == 60
    first = office.as_("quan").get(DATA).text
    assert first.count("thư gửi người này") == 50
    assert f"{DATA}?before=" in first
    older = re.search(rf"{DATA}\?before=\d+", first)
    assert older is not None
    assert office.as_("quan").get(older[0]).text.count("thư gửi người này") == 10


def test_the_export_holds_what_is_kept_of_the_person_and_no_secret(office: Office) -> None:
    reported(office)
    with write(office.engine) as session:
        letter = session.scalars(select(LetterRow)).one()
        letter.address, letter.body_text = "gu@example.vn", "Kính gửi Gụ"
    answer = office.as_("quan").get(f"{DATA}/export")
    assert answer.headers["content-type"] == "application/zip"
    assert "gu.zip" in answer.headers["content-disposition"]
    with ZipFile(BytesIO(answer.content)) as archive:
        data = json.loads(archive.read("data.json"))
        words = archive.read("data.txt").decode()
    assert data["directory"][0]["email"] == "gu@example.vn"
    assert data["letters"][0]["body_text"] == "Kính gửi Gụ"
    assert [(one["kind"], one["task"]) for one in data["decisions"]] == [("report", "383/KH-SCT/1")]
    for secret in ("password_hash", "secret_sha256"):
        assert secret not in json.dumps(data)
    assert "Danh bạ (1)" in words
    assert "địa chỉ thư: gu@example.vn" in words
    assert ("quan", "gu", "export") in lines(office)
