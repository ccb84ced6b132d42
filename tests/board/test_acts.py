"""Links in letters: GET shows and changes nothing, POST does the one thing it is for, once, and says so."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, select, text

from board.app import create_board
from notifications.signing import Purpose
from storage import links
from storage.engine import read, write
from storage.people import load_directory
from storage.schema import NoticeRow
from tests.board.cast import CALENDAR, NOW
from tests.board.links import HOST, ONE, SHEET_TASK, TODAY, Acts, said


@pytest.mark.parametrize(
    ("purpose", "person", "task"),
    [
        (Purpose.REPORT, "gu", ONE),
        (Purpose.EXTEND, "gu", ONE),
        (Purpose.ACKNOWLEDGE, "gu", ONE),
        (Purpose.SHEET, "dau", SHEET_TASK),
    ],
    ids=["report", "ask for time", "acknowledge", "sheet"],
)
def test_a_scanner_that_opens_a_link_ten_times_changes_nothing(
    acts: Acts, purpose: Purpose, person: str, task: str
) -> None:
    path = acts.link(purpose, person, task)
    before = acts.everything()
    for _ in range(10):
        answer = acts.get(path)
        assert answer.status_code == 200
        assert '<form method="post"' in answer.text
    assert acts.everything() == before


def test_the_page_leads_nowhere_else_and_shows_the_one_thing(acts: Acts) -> None:
    answer = acts.get(acts.link(Purpose.REPORT, "gu", ONE))
    assert "Rà soát văn bản" in said(answer)
    assert "Ghi nhận với tên Gụ" in said(answer)
    assert re.findall(r'href="(/[^"]*)"', answer.text) == ["/static/icon.svg", "/static/board.css"]
    assert "form-action 'self'" in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"


def test_a_report_is_recorded_as_the_readers_with_how_it_came(acts: Acts) -> None:
    path = acts.link(Purpose.REPORT, "gu", ONE)
    answer = acts.post(path, document="45/BC-TT", issued="2022-10-14", note="Đã rà soát xong")
    assert answer.status_code == 200
    assert "Đã ghi nhận ngày 18/10/2022: 383/KH-SCT/1 hoàn thành" in said(answer)
    report = acts.share(ONE, "TT", "2022-09-30").report
    assert report is not None
    assert (report.by, report.on, report.note) == ("gu", TODAY, "Đã rà soát xong")
    assert [(proof.text, proof.issued) for proof in report.evidence] == [("45/BC-TT", date(2022, 10, 14))]
    kind, by, remark = acts.remarks(ONE)[-1]
    assert (kind, by) == ("report", "gu")
    assert remark == "Đã rà soát xong (qua liên kết trong thư số 3 ngày 18/10/2022)"
    assert acts.uses() == [("r", "done")]


def test_sent_twice_it_is_recorded_once_and_the_second_is_told_why(acts: Acts) -> None:
    path = acts.link(Purpose.REPORT, "gu", ONE)
    acts.post(path, note="Xong")
    again = acts.post(path, note="Xong lần nữa")
    assert again.status_code == 400
    assert [kind for kind, _, _ in acts.remarks(ONE)].count("report") == 1
    assert acts.uses() == [("r", "done"), ("r", "share_already_reported")]
    assert "Không còn gì phải làm ở đây" in said(acts.get(path))


def test_what_cannot_be_recorded_is_told_with_the_form_as_it_was_typed(acts: Acts) -> None:
    path = acts.link(Purpose.REPORT, "gu", ONE)
    answer = acts.post(path, document="", issued="2022-10-14", note="<b>Kết quả</b>")
    assert answer.status_code == 400
    assert "Có ngày 14/10/2022 mà chưa có số văn bản" in said(answer)
    assert "&lt;b&gt;Kết quả&lt;/b&gt;</textarea>" in answer.text
    assert acts.share(ONE, "TT", "2022-09-30").report is None


@pytest.mark.parametrize(
    ("purpose", "form", "says"),
    [
        pytest.param(Purpose.REPORT, {"note": "  "}, "Báo cáo chưa có nội dung", id="an empty report"),
        pytest.param(
            Purpose.REPORT,
            {"document": "1/BC", "issued": "2022-10-19"},
            "19/10/2022",
            id="a document of tomorrow",
        ),
        pytest.param(Purpose.EXTEND, {"to": "2022-11-30", "note": ""}, "lý do", id="no reason"),
        pytest.param(Purpose.EXTEND, {"to": "30/9/2022", "note": "Chờ"}, "30/09/2022", id="no later date"),
        pytest.param(Purpose.EXTEND, {"to": "bao giờ xong", "note": "Chờ"}, "bao giờ xong", id="no date"),
        pytest.param(Purpose.ACKNOWLEDGE, {"expected": "2022-10-17"}, "17/10/2022", id="a day gone by"),
        pytest.param(Purpose.ACKNOWLEDGE, {}, "", id="nothing at all"),
    ],
)
def test_a_form_that_cannot_be_meant_is_refused_in_words(
    acts: Acts, purpose: Purpose, form: dict[str, str], says: str
) -> None:
    path = acts.link(purpose, "gu", ONE)
    before = len(acts.remarks(ONE))
    answer = acts.post(path, **form)
    assert answer.status_code == 400
    assert says in said(answer)
    assert len(acts.remarks(ONE)) == before


def test_time_is_asked_for_and_an_acknowledgement_given(acts: Acts) -> None:
    answer = acts.post(acts.link(Purpose.EXTEND, "gu", ONE), to="30/11/2022", note="Chờ ý kiến Sở Tư pháp")
    assert "Đã gửi đề nghị thêm thời gian đến 30/11/2022" in said(answer)
    share = acts.share(ONE, "TT", "2022-09-30")
    assert share.request is not None
    assert (share.request.to, share.request.reason) == (date(2022, 11, 30), "Chờ ý kiến Sở Tư pháp")
    answer = acts.post(acts.link(Purpose.ACKNOWLEDGE, "gu", ONE), expected="2022-10-25")
    assert acts.share(ONE, "TT", "2022-09-30").expected == date(2022, 10, 25)
    assert acts.uses() == [("e", "done"), ("a", "done")]


def test_a_link_does_only_what_it_was_made_for(acts: Acts) -> None:
    path = acts.link(Purpose.ACKNOWLEDGE, "gu", ONE)
    acts.post(path, expected="2022-10-25", document="45/BC-TT", note="Xong", to="2022-12-30")
    share = acts.share(ONE, "TT", "2022-09-30")
    assert share.report is None
    assert share.request is None


def test_the_sheet_comes_unticked_with_last_times_remarks_and_leads_back(acts: Acts) -> None:
    path = acts.link(Purpose.SHEET, "dau", SHEET_TASK)
    page = acts.get(path)
    [name] = re.findall(r'type="checkbox" name="(done-\d+)" value="1"', page.text)
    assert " checked" not in page.text
    remark = name.replace("done", "note")
    answer = acts.send(path, **{name: "1", remark: "Đã công khai 12 thủ tục", "document": "9/BC-QLTM"})
    assert answer.status_code == 303
    after = acts.get(answer.headers["location"])
    assert "Đã ghi nhận 1 dòng của phiếu; cả phiếu đã báo cáo đủ." in said(after)
    assert "Phiếu kỳ tiếp theo đến hạn ngày 14/12/2022" in said(after)
    report = acts.share(SHEET_TASK, "QLTM", "2022-09-14").report
    assert report is not None
    assert (report.by, report.note) == ("dau", "Đã công khai 12 thủ tục")
    assert "Mọi dòng của phiếu đã được báo cáo" in said(acts.get(path))
    assert acts.uses() == [("s", "done")]


def test_a_sheet_with_nothing_ticked_is_refused(acts: Acts) -> None:
    answer = acts.send(acts.link(Purpose.SHEET, "dau", SHEET_TASK), document="9/BC-QLTM")
    assert answer.status_code == 400
    assert "Chưa có nội dung nào được đánh dấu" in said(answer)
    assert 'value="9/BC-QLTM"' in answer.text


# --- preferences -----------------------------------------------------------------------------------------


def preference(acts: Acts, person: str) -> tuple[str | None, list[str], bool]:
    with read(acts.engine) as session:
        known = load_directory(session, acts.organisation_id).preference_of(person)
    hour = f"{known.hour:%H:%M}" if known.hour else None
    return hour, sorted(map(str, known.off)), known.calendar


def test_preferences_are_shown_and_kept_and_duty_is_said_to_stay(acts: Acts) -> None:
    path = acts.link(Purpose.PREFERENCES, "gu")
    before = acts.everything()
    page = acts.get(path)
    assert acts.everything() == before
    assert "Thư nghĩa vụ luôn được gửi, không tắt được" in said(page)
    assert page.text.count(" checked") == 4  # welcome, co-owner's lines, summary, calendar
    answer = acts.post(path, **{"hour": "14:00", "want-welcome": "1", "want-summary": "1"})
    assert "Đã lưu" in said(answer)
    assert preference(acts, "gu") == ("14:00", ["co_owner"], False)
    assert 'value="14:00"' in answer.text
    assert answer.text.count(" checked") == 2
    assert acts.uses() == [("p", "done")]


def test_an_hour_at_which_no_letter_leaves_is_refused_with_the_window(acts: Acts) -> None:
    answer = acts.post(acts.link(Purpose.PREFERENCES, "gu"), hour="19:30", calendar="1")
    assert answer.status_code == 400
    assert "19:30 nằm ngoài giờ gửi thư. Thư chỉ gửi từ 08:00 đến trước 17:00" in said(answer)
    assert preference(acts, "gu") == (None, [], True)


def test_one_click_of_a_mail_program_switches_off_what_is_optional_and_nothing_else(acts: Acts) -> None:
    answer = acts.post(acts.link(Purpose.PREFERENCES, "gu"), **{"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert preference(acts, "gu") == (None, ["co_owner", "summary", "welcome"], True)
    acts.post(acts.link(Purpose.PREFERENCES, "truc"), **{"List-Unsubscribe": "One-Click"})
    assert preference(acts, "truc") == (None, ["co_owner", "welcome"], True)  # the summary is a duty of hers


def test_a_link_for_a_line_changes_no_preference(acts: Acts) -> None:
    acts.post(acts.link(Purpose.ACKNOWLEDGE, "gu", ONE), hour="14:00", **{"List-Unsubscribe": "One-Click"})
    assert preference(acts, "gu") == (None, [], True)


# --- links that do not hold ------------------------------------------------------------------------------


def _moved(acts: Acts) -> None:
    from tasks_catalog.facts import Document

    with write(acts.engine) as session:
        desk = acts.desk(session, document=Document(number="9/QĐ-SCT"))
        desk.grant_extension(ONE, "TT", to=date(2022, 12, 15))


def _given_away(acts: Acts) -> None:
    with write(acts.engine) as session:
        acts.desk(session).reassign(ONE, from_unit="TT", to_unit="TT", officer="dau")


def _to_another_unit(acts: Acts) -> None:
    with write(acts.engine) as session:
        acts.desk(session).reassign(ONE, from_unit="TT", to_unit="QLTM")


def _revoked(acts: Acts) -> None:
    with write(acts.engine) as session:
        links.revoke(session, acts.organisation_id, person="gu", by="truc", at=NOW)


def _left(acts: Acts) -> None:
    with write(acts.engine) as session:
        session.execute(text("UPDATE person SET active = 0 WHERE code = 'gu'"))


@pytest.mark.parametrize(
    ("happens", "says"),
    [
        pytest.param(_moved, "Thời hạn của việc này đã thay đổi", id="the date was moved since"),
        pytest.param(_given_away, "đã chuyển cho người hoặc đơn vị khác", id="given to another officer"),
        pytest.param(_to_another_unit, "đã chuyển cho người hoặc đơn vị khác", id="given to another unit"),
        pytest.param(_revoked, "đã bị thu hồi", id="revoked"),
        pytest.param(_left, "không còn làm việc", id="its reader left"),
    ],
)
def test_a_link_that_no_longer_holds_says_why_and_does_nothing(acts: Acts, happens, says: str) -> None:  # type: ignore[no-untyped-def]
    path = acts.link(Purpose.REPORT, "gu", ONE)
    happens(acts)
    before = len(acts.remarks(ONE))
    for answer in (acts.get(path), acts.post(path, note="Xong")):
        assert answer.status_code == 400
        assert says in said(answer)
        assert "Rà soát văn bản" not in said(answer)
        assert re.findall(r'href="(/[^"]*)"', answer.text) == ["/static/icon.svg", "/static/board.css"]
    assert len(acts.remarks(ONE)) == before


def test_forged_foreign_and_old_links_are_refused(acts: Acts) -> None:
    good = acts.link(Purpose.REPORT, "gu", ONE)
    old = acts.link(Purpose.REPORT, "gu", ONE, until=TODAY - timedelta(days=1))
    other_line = acts.link(Purpose.REPORT, "gu", ONE, notice=_notice_of_another(acts))
    for path, says in (
        (good[:-4] + "AAAA", "Liên kết không đúng"),
        ("/a/r.1.1.738000", "Liên kết không đúng"),
        (old, "chỉ dùng được đến hết ngày 17/10/2022"),
        (other_line, "không có nội dung"),
    ):
        for answer in (acts.get(path), acts.post(path, note="Xong")):
            assert answer.status_code == 400, path
            assert says in said(answer)
    assert acts.share(ONE, "TT", "2022-09-30").report is None


def _notice_of_another(acts: Acts) -> int:
    acts.link(Purpose.SHEET, "dau", SHEET_TASK)
    with read(acts.engine) as session:
        return session.scalars(select(NoticeRow.id).where(NoticeRow.person == "dau")).first() or 0


def test_a_board_without_keys_answers_no_link(
    sqlite_engine: Engine, organisation_id: int, acts: Acts
) -> None:
    app = create_board(sqlite_engine, organisation_id, clock=lambda: NOW, base_url=HOST, calendar=CALENDAR)
    path = acts.link(Purpose.REPORT, "gu", ONE)
    assert Acts(sqlite_engine, organisation_id, app).get(path).status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"note=" + b"x" * 70_000, id="a body over the limit"),
        pytest.param(b"note=" + b"x" * 5_000, id="a field over the limit"),
        pytest.param(b"&".join(b"a%d=1" % n for n in range(2_000)), id="too many fields"),
        pytest.param("note=Xong kết quả".encode(), id="no ASCII"),
        pytest.param(b"\xff\xfe\x00", id="no form"),
        pytest.param(b"note=%ff%fe", id="no UTF-8"),
        pytest.param(b"", id="nothing"),
    ],
)
def test_a_body_that_is_no_form_of_ours_is_refused(acts: Acts, body: bytes) -> None:
    answer = acts.raw(acts.link(Purpose.REPORT, "gu", ONE), body)
    assert answer.status_code == 400
    assert acts.share(ONE, "TT", "2022-09-30").report is None
