"""Feeds on the board: the work of one person or unit, by an address that can be taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from board.app import create_board
from board.feeds import FeedOffice
from notifications.feed_tokens import FeedScope, sign_feed
from notifications.links import Links
from storage import feeds
from storage.engine import write
from storage.feeds import FeedKind
from tests.board.cast import CALENDAR, DIRECTORY, NOW, Reader
from tests.calendars import read_calendar

KEYS = ("k" * 40,)
SITE = "https://dondoc.example.vn"


@pytest.fixture
def board(sqlite_engine: Engine, organisation_id: int) -> Reader:
    with write(sqlite_engine) as session:
        for kind, code in ((FeedKind.UNIT, "QLTM"), (FeedKind.UNIT, "TT"), (FeedKind.PERSON, "gu")):
            feeds.make(session, organisation_id, kind, code, by="truc", at=NOW)
    return reader_of(sqlite_engine, organisation_id)


def reader_of(engine: Engine, organisation_id: int, *, days: int = 0) -> Reader:
    office = FeedOffice(keys=KEYS, domain="sct.example.vn", links=Links(SITE))
    return Reader(
        create_board(
            engine,
            organisation_id,
            clock=lambda: NOW + timedelta(days=days),
            base_url=SITE,
            calendar=CALENDAR,
            feed_office=office,
        )
    )


def address(kind: str, code: str, serial: int = 1) -> str:
    return f"/feeds/{sign_feed(FeedScope(kind, code, serial), KEYS)}.ics"


def test_a_unit_sees_its_dates_and_sheets_and_no_address_or_other_unit(board: Reader) -> None:
    answer = board.get(address("unit", "QLTM"))
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert answer.headers["cache-control"] == "private"
    calendar = read_calendar(answer.content)
    assert calendar.head["X-WR-CALNAME"] == "Thời hạn – Phòng Quản lý thương mại"
    assert [(entry.due.isoformat(), entry.summary) for entry in calendar.entries] == [
        ("2022-03-14", "Đã báo cáo phiếu kỳ quý I năm 2022 (Phòng Quản lý thương mại)"),
        ("2022-06-14", "Đã báo cáo phiếu kỳ 6 tháng đầu năm 2022 (Phòng Quản lý thương mại)"),
        ("2022-09-14", "Hạn phiếu kỳ quý III năm 2022 (Phòng Quản lý thương mại)"),
        (
            "2022-11-15",
            "Hạn: Kiểm tra <script>alert(1)</script> & rà soát (Phòng Quản lý thương mại)",
        ),
        ("2022-12-14", "Hạn phiếu kỳ năm 2022 (Phòng Quản lý thương mại)"),
    ]
    assert f"{SITE}/tasks/383%2FKH-SCT/2" in calendar.entries[3].description
    told = answer.text.replace("\r\n ", "").replace("@sct.example.vn", "").replace(SITE, "")
    for private in ("@", "example.vn", "Thanh tra", "Văn phòng", *(one.name for one in DIRECTORY.people)):
        assert private not in told


def test_a_person_sees_what_is_theirs_and_what_they_reported_lately(board: Reader) -> None:
    calendar = read_calendar(board.get(address("person", "gu")).content)
    assert calendar.head["X-WR-CALNAME"] == "Thời hạn việc của tôi – Gụ"
    summaries = {entry.summary for entry in calendar.entries}
    assert "Hạn: Rà soát văn bản (Thanh tra Sở)" in summaries
    assert "Đã báo cáo phiếu kỳ quý III năm 2022 (Thanh tra Sở)" in summaries
    assert all("Thanh tra Sở" in summary for summary in summaries)


def test_what_was_reported_goes_after_sixty_days(
    sqlite_engine: Engine, board: Reader, organisation_id: int
) -> None:
    later = reader_of(sqlite_engine, organisation_id, days=61)
    summaries = {entry.summary for entry in read_calendar(later.get(address("unit", "TT")).content).entries}
    assert "Hạn: Rà soát văn bản (Thanh tra Sở)" in summaries
    assert not any(summary.startswith("Đã báo cáo") for summary in summaries)


@pytest.mark.parametrize("form", ["{}", "W/{}", '"khac", {}', "*"])
def test_what_has_not_changed_is_not_sent_again(board: Reader, form: str) -> None:
    first = board.get(address("unit", "QLTM"))
    tag = first.headers["etag"]
    again = board.get(
        address("unit", "QLTM"), **{"If-None-Match": form.format(tag).encode().decode("latin-1")}
    )
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    other = board.get(address("unit", "QLTM"), **{"If-None-Match": '"khac"'})
    assert (other.status_code, other.content) == (200, first.content)


def test_an_address_revoked_altered_or_unknown_is_answered_like_any_page_that_is_not_there(
    sqlite_engine: Engine, board: Reader, organisation_id: int
) -> None:
    with write(sqlite_engine) as session:
        feeds.revoke(session, organisation_id, FeedKind.UNIT, "TT", at=NOW)
    nowhere = board.get("/nowhere")
    assert nowhere.status_code == 404
    for path in (
        address("unit", "TT"),
        address("unit", "TT", 2),
        address("unit", "QLTM", 2),
        address("person", "dau"),
        address("person", "ai-do"),
        address("unit", "QLTM").replace(".ics", "x.ics"),
        "/feeds/.ics",
        "/feeds/unit.UUxUTQ.1.ics",
    ):
        answer = board.get(path)
        assert (answer.status_code, answer.content) == (404, nowhere.content), path
    assert board.get(address("unit", "QLTM")).status_code == 200


def test_who_has_left_is_told_nothing(sqlite_engine: Engine, board: Reader, organisation_id: int) -> None:
    from sqlalchemy import update

    from storage.schema import PersonRow

    assert board.get(address("person", "gu")).status_code == 200
    with write(sqlite_engine) as session:
        session.execute(update(PersonRow).where(PersonRow.code == "gu").values(active=False))
    assert board.get(address("person", "gu")).status_code == 404


def test_the_guards_of_the_door_stand_before_feeds_too(board: Reader) -> None:
    assert board.get(address("unit", "QLTM"), Host="evil.example").status_code == 400
    headers = board.get(address("unit", "QLTM")).headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert headers["referrer-policy"] == "no-referrer"


def test_without_an_office_for_feeds_there_are_none(sqlite_engine: Engine, organisation_id: int) -> None:
    plain = create_board(sqlite_engine, organisation_id, clock=lambda: NOW, base_url=SITE, calendar=CALENDAR)
    assert Reader(plain).get(address("unit", "QLTM")).status_code == 404
