"""The pages, read as a person reads them: what they say, and that every number leads to its list."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import Engine

from board.app import create_board
from storage import answers, bounces, inbox, outbox, tasks
from storage.answers import Found
from storage.bounces import Bounced
from storage.engine import write
from storage.inbox import Arrival
from tasks_catalog.problem import Refused
from tests.board.cast import NOW, NUMBER, Reader

PLAN = "/plans/383%2FKH-SCT"
LINKED_NUMBER = re.compile(r'<a href="(?P<href>[^"]*/list[^"]*)">(?:<b>)?(?P<number>\d+)(?:</b>[^<]*)?</a>')


def words(html: str) -> str:
    """Return what a page says, without its tags."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def test_the_front_page_says_the_sentence_the_standings_and_what_is_late(board: Reader) -> None:
    said = words(board.get("/").text)
    assert "Đến nay, Sở Công Thương đã hoàn thành 01/06 nhiệm vụ" in said
    assert "(bản dựng lại)" in said
    assert "2 Quá hạn chưa hoàn thành" in said
    assert "Số liệu lúc 18/10/2022 09:05" in said
    assert "Rà soát văn bản Thanh tra Sở 30/09/2022 18" in said
    assert "Thư không gửi được hoặc không rõ đã đến 1" in said
    assert "Câu hỏi về dòng kế hoạch 1" in said


@pytest.mark.parametrize("page", ["/", PLAN], ids=["the front page", "the page of the plan"])
def test_every_number_leads_to_a_list_of_as_many_lines(board: Reader, page: str) -> None:
    numbers = [(m["href"], int(m["number"])) for m in LINKED_NUMBER.finditer(board.get(page).text)]
    assert numbers
    for href, number in numbers:
        shown = board.get(unescape(href)).text
        assert shown.count('<th scope="row"') == number, href


def test_the_plan_page_breaks_down_and_says_how_it_is_counted(board: Reader) -> None:
    said = words(board.get(PLAN).text)
    assert "I. Cải cách thể chế" in said
    assert "Phòng Quản lý thương mại" in said
    assert "Cách tính" in said


@pytest.mark.parametrize(
    "path", [PLAN, "/plans/383/KH-SCT", "/plans/383%2fkh-sct", "/plans/383/KH-SCT/"], ids=str
)
def test_a_plan_number_is_taken_encoded_or_not(board: Reader, path: str) -> None:
    assert '<h1><span class="keep">Kế hoạch 383/KH-SCT</span>' in board.get(path).text


def test_a_past_day_is_shown_by_the_facts_recorded_then_and_its_links_keep_the_day(
    board: Reader,
) -> None:
    html = board.get("/?as_of=2022-09-30").text
    assert "Số liệu tính đến hết ngày 30/09/2022." in words(html)
    assert "hoàn thành 00/06 nhiệm vụ" in words(html)
    links = [urlsplit(unescape(m["href"])) for m in LINKED_NUMBER.finditer(html)]
    assert all(parse_qs(link.query)["as_of"] == ["2022-09-30"] for link in links)


def test_what_is_due_today_is_late_only_at_the_close_of_the_day(
    sqlite_engine: Engine, organisation_id: int
) -> None:
    due_day = NOW.replace(month=9, day=30)
    app = create_board(sqlite_engine, organisation_id, clock=lambda: due_day, base_url="http://127.0.0.1:1")
    client = Reader(app)
    late = f"{PLAN}/list?standing=overdue"
    assert "Rà soát văn bản" not in client.get(late).text
    assert "Rà soát văn bản" in client.get(f"{late}&as_of=2022-09-30").text


def test_a_task_shows_its_words_its_reading_and_its_ladder(board: Reader) -> None:
    said = words(board.get("/tasks/383%2FKH-SCT/1").text)
    assert "Thời hạn (như ghi trong kế hoạch) 30/9/2022" in said
    assert "Hạn là một ngày: Trước ngày 30/09/2022" in said
    assert "Quá hạn 18 ngày (hạn 30/09/2022)" in said
    assert "nhiệm vụ đã quá hạn ngày 30/09/2022" in said
    assert "Gụ (đầu mối của đơn vị)" in said
    assert "Nhập từ văn bản kế hoạch – Trúc" in said


def test_a_report_is_told_with_its_proof(board: Reader) -> None:
    said = words(board.get("/tasks/383%2FKH-SCT/6").text)
    assert "Báo cáo hoàn thành – Gụ" in said
    assert "Minh chứng: 123/SCT-VP" in said
    assert "Đã báo cáo ngày 17/10/2022 (hạn 30/06/2022), chờ xác nhận" in said


def test_the_period_sheet_lists_the_units_shares_with_last_times_proof(board: Reader) -> None:
    said = words(board.get("/sheets/383%2FKH-SCT/2022-Q3/QLTM").text)
    assert "Phiếu kỳ quý III năm 2022 – Phòng Quản lý thương mại" in said
    assert "Đã báo cáo 0/1 nội dung." in said
    assert "QLTM đã công khai" in said
    assert "dondoc task report 383/KH-SCT/3 --unit QLTM" in said


def test_a_tasks_page_shows_its_targets_with_the_latest_figures(board: Reader) -> None:
    said = words(board.get("/tasks/383%2FKH-SCT/3").text)
    assert "1 100% TTHC công khai đúng hạn ≥ 100%" in said
    assert "Văn phòng Sở: 100% (127/127) (ghi ngày 17/10/2022) – Đạt" in said
    assert "Thanh tra Sở: 95,5% (ghi ngày 17/10/2022) – Chưa đạt" in said
    assert "Phòng Quản lý thương mại: chưa có số liệu" in said
    assert "số liệu: 1 = 127/127" in said


def test_a_task_without_targets_has_no_table_of_them(board: Reader) -> None:
    assert "Số chỉ tiêu đọc được" not in words(board.get("/tasks/383%2FKH-SCT/1").text)


@pytest.mark.parametrize(
    ("unit", "says"),
    [
        pytest.param(
            "VP", "Chỉ tiêu 1: 100% TTHC công khai đúng hạn – 100% (127/127): Đạt", id="a figure given"
        ),
        pytest.param("QLTM", '--unit QLTM --figure "1=…"', id="how to give it"),
    ],
)
def test_the_period_sheet_shows_the_targets_to_report_on(board: Reader, unit: str, says: str) -> None:
    assert says in words(board.get(f"/sheets/383%2FKH-SCT/2022-Q3/{unit}").text)


def test_the_period_sheet_asks_what_waits_for_an_event(board: Reader) -> None:
    said = words(board.get("/sheets/383%2FKH-SCT/2022-Q3/VP").text)
    assert "Đã báo cáo 1/1 nội dung." in said
    assert "4. Sửa đổi quy chế Chờ: khi có hướng dẫn của UBND tỉnh" in said.replace("Khi có", "khi có")


def test_the_outbox_shows_what_wants_an_eye_and_no_address(board: Reader) -> None:
    html = board.get("/outbox").text
    assert "1 không rõ đã đến hay chưa" in words(html)
    assert "421 &lt;b&gt;đứt kết nối&lt;/b&gt;" in html
    assert "example.vn" not in html


@pytest.mark.parametrize("path", [PLAN, f"{PLAN}/list", "/tasks/383%2FKH-SCT/2"], ids=str)
def test_html_in_a_tasks_words_is_shown_as_text(board: Reader, path: str) -> None:
    html = board.get(path).text
    assert "<script" not in html
    if path != PLAN:
        assert "Kiểm tra &lt;script&gt;alert(1)&lt;/script&gt; &amp; rà soát" in html


@pytest.mark.parametrize(
    ("path", "status", "says"),
    [
        pytest.param("/plans/9/KH-X", 404, "9/KH-X", id="an unknown plan is named"),
        pytest.param("/tasks/383%2FKH-SCT/99", 404, "99", id="an unknown row is named"),
        pytest.param("/tasks/383%2FKH-SCT/x", 404, "383/KH-SCT", id="a row that is no number"),
        pytest.param("/sheets/383%2FKH-SCT/2022-Q9/VP", 404, "2022-Q9", id="an unknown period is named"),
        pytest.param("/sheets/383%2FKH-SCT/2022-Q3/XX", 404, "XX", id="an unknown unit is named"),
        pytest.param("/nowhere", 404, "không có trang này", id="an unknown page"),
        pytest.param(f"{PLAN}/list?standing=lost", 400, "lost", id="an unknown standing is named"),
        pytest.param("/?as_of=2022-10-19", 400, "chưa đến", id="a day to come"),
        pytest.param("/?as_of=17.10.2022", 400, "as_of=2022-10-17", id="a day written otherwise"),
    ],
)
def test_what_is_not_there_is_said_in_vietnamese(board: Reader, path: str, status: int, says: str) -> None:
    answer = board.get(path)
    assert answer.status_code == status
    assert '<html lang="vi">' in answer.text
    assert says in words(answer.text)
    assert "Về trang đầu" in words(answer.text)


def test_the_board_speaks_english_too(sqlite_engine: Engine, organisation_id: int) -> None:
    app = create_board(
        sqlite_engine, organisation_id, clock=lambda: NOW, base_url="http://127.0.0.1:1", language="en"
    )
    client = Reader(app)
    paths = ["/", PLAN, f"{PLAN}/list", "/tasks/383%2FKH-SCT/1", "/sheets/383%2FKH-SCT/2022-Q3/VP", "/outbox"]
    for path in paths:
        html = client.get(path).text
        assert '<html lang="en">' in html
    assert "Data at 18 Oct 2022 09:05." in words(client.get("/").text)


def test_an_unknown_language_is_refused(sqlite_engine: Engine, organisation_id: int) -> None:
    with pytest.raises(Refused, match="board_language_unknown"):
        create_board(sqlite_engine, organisation_id, clock=lambda: NOW, base_url="", language="fr")


def test_links_keep_the_path_of_the_base_address(sqlite_engine: Engine, organisation_id: int) -> None:
    app = create_board(
        sqlite_engine, organisation_id, clock=lambda: NOW, base_url="https://so.example.vn/dondoc"
    )
    html = Reader(app).get("/").text
    assert f'href="/dondoc{PLAN}"' in html
    assert 'href="/dondoc/static/board.css"' in html


def test_healthz_asks_the_database(board: Reader) -> None:
    assert board.get("/healthz").json() == {"status": "ok"}


def test_the_letters_links_lead_to_pages(board: Reader) -> None:
    from notifications.links import Links

    links = Links("http://127.0.0.1:4200")
    for link in (links.task(NUMBER, 1), links.sheet(NUMBER, "2022-Q3", "VP"), links.plan(NUMBER)):
        assert board.get(link).status_code == 200


def test_a_letter_shows_each_attempt_its_lines_and_what_can_be_done(board: Reader) -> None:
    outbox = board.get("/outbox").text
    assert '<a href="/outbox/1">1</a>' in outbox
    said = words(board.get("/outbox/1").text)
    assert "Thư số 1" in said
    assert "421 <b>đứt kết nối</b>" in said
    assert "dondoc outbox resolve 1 --arrived" in said
    assert "@example.vn" not in said
    assert board.get("/outbox/99").status_code == 404


@pytest.fixture
def answered(sqlite_engine: Engine, organisation_id: int) -> None:
    """Gụ answered by mail about row 1, somebody unknown about nothing, and Gụ's address is dead since."""
    at_ten = NOW.replace(hour=8)
    with write(sqlite_engine) as session:
        task = tasks.task_or_refuse(session, organisation_id, f"{NUMBER}/1")
        for n, (sender, found) in enumerate((("gu@example.vn", task), ("ai@khac.example", None))):
            arrival = Arrival(
                key=f"<{n}@x>",
                sha256="a" * 64,
                size=1,
                received_at=at_ten,
                taken_at=at_ten,
                kind="answer",
            )
            number = inbox.keep(session, organisation_id, arrival)
            assert number is not None
            answers.keep(
                session,
                organisation_id,
                number,
                Found(task=found, unit="TT" if found else None),
                received_at=at_ten,
                sender=sender,
                kind="done" if found else "message",
                fields={"document": "45/BC-TT", "issued": "2022-10-17", "day": None} if found else {},
                subject="Re",
                text="Đã ban hành <b>Báo cáo</b> số 45/BC-TT." if found else "Xin chào",
                files=[],
            )
        letter = outbox.list_letters(session, organisation_id)[0]
        letter.address = "gu@example.vn"
        bounced = Bounced(
            address="gu@example.vn",
            action="failed",
            status="5.1.1",
            diagnostic="",
            verdict="dead",
            signed=True,
        )
        bounce = bounces.record(session, organisation_id, number, letter, bounced, at=at_ten)
        bounces.mark_dead(session, letter, bounce, at=at_ten)


@pytest.mark.usefixtures("answered")
def test_answers_that_wait_are_listed_with_what_they_seem_to_say(board: Reader) -> None:
    page = board.get("/answers").text
    said = words(page)
    assert "báo hoàn thành; văn bản 45/BC-TT ngày 17/10/2022" in said
    assert "từ địa chỉ của người khác trong danh bạ" in said
    assert (
        "ai@khac.example từ địa chỉ khác, không có trong danh bạ chưa rõ nhiệm vụ lời nhắn Xin chào" in said
    )
    assert 'href="/tasks/383%2FKH-SCT/1"' in page
    assert "<b>Báo cáo</b>" not in page


@pytest.mark.usefixtures("answered")
def test_a_task_s_page_says_that_an_answer_waits(board: Reader) -> None:
    said = words(board.get("/tasks/383%2FKH-SCT/1").text)
    assert "Có thư trả lời số 1 chờ xác nhận (báo hoàn thành; văn bản 45/BC-TT" in said
    assert "thư trả lời số" not in words(board.get("/tasks/383%2FKH-SCT/2").text)


@pytest.mark.usefixtures("answered")
def test_the_outbox_page_names_who_cannot_be_reached_and_no_address(board: Reader) -> None:
    page = board.get("/outbox").text
    assert "Không gửi được cho Gụ từ ngày 18/10/2022" in words(page)
    assert "gu@example.vn" not in page


def test_without_answers_the_page_says_so(board: Reader) -> None:
    assert "Không có thư trả lời nào chờ xác nhận." in words(board.get("/answers").text)
