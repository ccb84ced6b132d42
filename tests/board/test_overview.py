"""The overview's pages: what they say, and that every number leads to a list of as many things."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from html import unescape
from xml.etree import ElementTree

import pytest
from sqlalchemy import Engine, event, select
from sqlalchemy.orm import Session

from board import plans, scope
from board.app import Board, create_board
from notifications.links import Links
from storage import tasks
from storage.desk import Desk
from storage.engine import write
from storage.office_calendar import calendar_of
from storage.schema import PlanRow
from storage.starting import open_plan
from tasks_catalog.facts import Document
from tests.board.cast import CALENDAR, DIRECTORY, NOW, NUMBER, ZONE, Reader, at
from tests.board.test_pages import words

PLAN = "/plans/383%2FKH-SCT"
PAGES = (
    "",
    "/decisions",
    "/calendar",
    "/timeline",
    "/burnup",
    "/brief",
    "/due?first=2022-09-01&last=2022-12-31",
)
OFFICE = ("/", "/decisions", "/calendar", "/due?first=2022-09-01&last=2022-12-31")
CHARTS = ("/timeline.svg", "/burnup.svg", "/burnup.svg?by=week", "/trend.svg")
TABLE_ROW = re.compile(
    r'<tr><th scope="row"><a href="([^"]*)">([^<]*)</a></th><td class="number"><a[^>]*>(\d+)</a>'
)

PAPER = Document(number="103/SCT-VP", issued=date(2022, 9, 1))


def counts(html: str, *pages: str) -> dict[str, tuple[int, str]]:
    """Return the words of a page's counts with their numbers and links, of those that lead to ``pages``."""
    return {
        unescape(word): (int(number), unescape(href))
        for href, word, number in TABLE_ROW.findall(html)
        if any(f"/{page}" in href for page in pages)
    }


def board_at(engine: Engine, organisation_id: int, now: datetime, language: str = "vi") -> Reader:
    return Reader(
        create_board(
            engine,
            organisation_id,
            clock=lambda: now,
            base_url="http://127.0.0.1:1",
            language=language,
            calendar=CALENDAR,
        )
    )


def _desk(session: Session, organisation_id: int, moment: datetime) -> Desk:
    """Return the coordinator's desk, with a paper for what needs one."""
    return Desk(
        session=session,
        organisation_id=organisation_id,
        calendar=CALENDAR,
        at=moment,
        by="truc",
        document=PAPER,
    )


@pytest.fixture
def asked(sqlite_engine: Engine, organisation_id: int) -> None:
    """QLTM asks for more time on row 2, the morning the board is looked at."""
    with write(sqlite_engine) as session:
        desk = Desk(
            session=session,
            organisation_id=organisation_id,
            calendar=CALENDAR,
            at=NOW,
            by="dau",
            note="Chờ số liệu <b>quý</b>",
        )
        desk.ask_extension(f"{NUMBER}/2", "QLTM", to=date(2022, 12, 20))


def test_the_front_page_is_the_offices_morning(board: Reader, asked: None) -> None:
    html = board.get("/").text
    said = words(html)
    assert "Thứ Ba, ngày 18/10/2022" in said
    waits = {word: number for word, (number, _) in counts(html, "decisions").items()}
    assert waits["Báo cáo chờ xác nhận"] == 9
    assert waits["Đề nghị gia hạn"] == 1
    assert waits["Câu hỏi về dòng kế hoạch"] == 1
    assert waits["Điều kiện có thể đã phát sinh"] == 1
    assert waits["Thư không gửi được hoặc không rõ đã đến"] == 1
    assert "17/10/2022 (1 ngày)" in said


def test_every_count_of_what_waits_is_a_group_of_as_many_lines(board: Reader, asked: None) -> None:
    waits = counts(board.get(PLAN).text, "decisions")
    page = board.get(f"{PLAN}/decisions").text
    assert len(waits) == 5
    for word, (number, href) in waits.items():
        group = page.split(f'id="{href.partition("#")[2]}"')[1].split("</section>")[0]
        assert group.count('<th scope="row"') == number, word


def test_what_waits_leads_to_where_it_is_decided(board: Reader, asked: None) -> None:
    html = board.get(f"{PLAN}/decisions").text
    said = words(html)
    assert "Dòng 2: Kiểm tra <script>alert(1)</script> & rà soát" in said
    assert "Phòng Quản lý thương mại; xin đến ngày 20/12/2022; Chờ số liệu <b>quý</b>" in said
    assert 'href="/tasks/383%2FKH-SCT/2"' in html
    assert 'href="/outbox/1"' in html
    assert "dondoc" not in said.partition("Câu hỏi về dòng kế hoạch (1)")[2].partition("Dòng 5")[0]


def test_of_a_past_day_nothing_is_left_to_decide(board: Reader, asked: None) -> None:
    for path in (f"{PLAN}?as_of=2022-10-17", f"{PLAN}/decisions?as_of=2022-10-17"):
        said = words(board.get(path).text)
        assert "Đang xem một ngày đã qua" in said
        assert "Đề nghị gia hạn" not in said.partition("Thay đổi trong 7 ngày")[0]


def test_every_count_of_what_changed_is_a_list_of_as_many_lines(board: Reader, asked: None) -> None:
    changed = counts(board.get(PLAN).text, "changes", "due")
    assert {word: number for word, (number, _) in changed.items()} == {
        "Báo cáo hoàn thành": 9,
        "Đề nghị gia hạn": 1,
    }
    for number, href in changed.values():
        assert board.get(href).text.count('<th scope="row"') == number


def test_what_fell_overdue_this_week_is_counted_and_listed(
    sqlite_engine: Engine, organisation_id: int
) -> None:
    third = datetime(2022, 10, 3, 9, tzinfo=ZONE)
    board = board_at(sqlite_engine, organisation_id, third)
    number, href = counts(board.get(PLAN).text, "due")["Mới quá hạn"]
    listed = words(board.get(href).text)
    assert number == 1
    assert "30/09/2022 1. Rà soát văn bản Thanh tra Sở quá hạn" in listed
    past = counts(board.get(f"{PLAN}?as_of=2022-10-01").text, "due")["Mới quá hạn"]
    assert past[0] == 1
    assert "Số phần việc: 1" in words(board.get(past[1]).text)


def test_the_list_of_a_day_names_who_has_not_reported(board: Reader) -> None:
    said = words(board.get(f"{PLAN}/due?first=2022-09-14&last=2022-09-14").text)
    assert "Số phần việc: 3" in said
    assert "3 đơn vị quá hạn, 2/3 đã báo cáo Chưa báo cáo: Phòng Quản lý thương mại" in said
    assert "Đã báo cáo: Thanh tra Sở; Văn phòng Sở" in said


def test_the_fortnight_shows_what_is_owed_by_day(sqlite_engine: Engine, organisation_id: int) -> None:
    november = datetime(2022, 11, 7, 9, tzinfo=ZONE)
    app = create_board(
        sqlite_engine,
        organisation_id,
        clock=lambda: november,
        base_url="http://127.0.0.1:1",
        calendar=CALENDAR,
    )
    said = words(Reader(app).get("/").text)
    assert "từ 07/11/2022 đến 21/11/2022" in said
    assert (
        "Thứ Ba 15/11/2022 2. Kiểm tra <script>alert(1)</script> & rà soát – 383/KH-SCT · "
        "Phòng Quản lý thương mại · chưa báo cáo" in said
    )


def test_the_plans_page_says_where_it_is_in_its_year(board: Reader) -> None:
    said = words(board.get(PLAN).text)
    assert "Theo dõi Từ ngày 20/01/2022" in said
    assert "năm 2022; chốt số liệu ngày 14/12/2022, còn 41 ngày làm việc" in said
    assert "Hạn 14/12/2022: còn 3 phần việc chưa báo cáo" in said


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_the_pages_of_a_plan_stand_in_a_row_with_the_current_one_marked(board: Reader, page: str) -> None:
    html = board.get(f"{PLAN}{page}").text
    row = html.split('<nav class="tabs"')[1].split("</nav>")[0]
    names = re.findall(r"<a [^>]*>([^<]*)</a>", row)
    wanted = [
        "Tổng quan",
        "Danh sách",
        "Việc cần quyết định",
        "Lịch tháng",
        "Tiến trình",
        "Lũy kế",
        "Trang lãnh đạo",
    ]
    assert names == wanted
    assert row.count('aria-current="page"') == (0 if page.startswith("/due") else 1)


@pytest.mark.parametrize("path", [*OFFICE, *(f"{PLAN}{page}" for page in PAGES)], ids=str)
def test_each_page_can_be_read_in_both_languages_and_of_a_past_day(
    sqlite_engine: Engine, organisation_id: int, path: str
) -> None:
    board = board_at(sqlite_engine, organisation_id, NOW, "en")
    past = f"{path}{'&' if '?' in path else '?'}as_of=2022-09-30"
    for asked_for in (path, past):
        answer = board.get(asked_for)
        assert answer.status_code == 200
        assert '<html lang="en">' in answer.text
        assert "<script" not in answer.text
        assert "style=" not in answer.text
    links = re.findall(r'href="(/[^"#]*)', board.get(past).text.partition("<main")[2])
    of_every_day = ("/tasks", "/outbox")
    lost = [link for link in links if "as_of=2022-09-30" not in link and not link.startswith(of_every_day)]
    settings = {href for href in lost if href.startswith("/settings")}  # what is set is set as of today
    assert set(lost) - settings <= {"/"}  # the way home is the way to today


def test_a_month_names_its_days_off_and_what_is_due(board: Reader) -> None:
    html = board.get(f"{PLAN}/calendar?month=2022-09").text
    cells = re.findall(r"<td[^>]*>(.*?)</td>", html, re.DOTALL)
    by_day = {}
    for cell in cells:
        if found := re.search(r'datetime="([\d-]+)"', cell):
            by_day[found[1]] = words(cell)
    assert len(by_day) == 30
    assert "Quốc khánh" in by_day["2022-09-02"]
    assert "Chốt số liệu quý III năm 2022" in by_day["2022-09-14"]
    assert "3. Công khai thủ tục – 3 đơn vị · quá hạn, 2/3 đã báo cáo" in by_day["2022-09-14"]
    assert "1. Rà soát văn bản – Thanh tra Sở · quá hạn" in by_day["2022-09-30"]
    assert 'href="/plans/383%2FKH-SCT/calendar?month=2022-08"' in html
    assert 'href="/plans/383%2FKH-SCT/calendar?month=2022-10"' in html
    assert html.count('<th scope="col">') == 7
    assert "<caption>" in html


def test_a_day_with_much_to_do_shows_a_few_lines_and_the_way_to_the_rest(
    sqlite_engine: Engine, organisation_id: int, board: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("board.month_page.A_DAY", 0)
    assert "Không có việc nào đến hạn" in words(board.get(f"{PLAN}/calendar?month=2022-09").text)
    monkeypatch.setattr("board.month_page.A_DAY", 1)
    with write(sqlite_engine) as session:
        task = tasks.task_or_refuse(session, organisation_id, f"{NUMBER}/4")
        desk = _desk(session, organisation_id, at(date(2022, 9, 1)))
        desk.trigger(f"{NUMBER}/{task.row}", due=date(2022, 9, 30))
    html = board.get(f"{PLAN}/calendar?month=2022-09").text
    assert "và 1 việc nữa" in words(html)
    more = unescape(re.findall(r'<p class="more"><a href="([^"]*)"', html)[0])
    assert board.get(more).text.count('<th scope="row"') == 2


@pytest.mark.parametrize("page", CHARTS, ids=str)
def test_a_chart_is_a_picture_with_text_and_always_the_same_bytes(board: Reader, page: str) -> None:
    answer = board.get(f"{PLAN}{page}")
    assert answer.headers["content-type"] == "image/svg+xml"
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script" not in policy
    picture = ElementTree.fromstring(answer.content)  # noqa: S314  # our own
    said = " ".join("".join(each.itertext()) for each in picture.iter("{http://www.w3.org/2000/svg}text"))
    assert "đã báo cáo" in said
    assert not list(picture.iter("{http://www.w3.org/2000/svg}script"))
    assert board.get(f"{PLAN}{page}").content == answer.content


def test_a_tasks_words_stand_in_a_chart_as_text(board: Reader) -> None:
    svg = board.get(f"{PLAN}/timeline.svg").text
    assert "<script" not in svg
    assert "2. Kiểm tra &lt;script&gt;alert(1)&lt;/script&gt;" in svg


def test_a_charts_alternative_says_its_finding_and_the_table_its_numbers(board: Reader) -> None:
    html = board.get(f"{PLAN}/burnup").text
    finding = "Tính đến 18/10/2022: 11 phần việc đã đến hạn, 9 đã báo cáo, ít hơn 2; cả năm 15 phần việc."
    assert f'alt="{finding} Số liệu của biểu đồ có trong bảng bên dưới."' in html
    numbers = re.findall(r'<a href="(/plans[^"]*/due[^"]*)">(\d+)</a>', html)
    assert len(numbers) == 6
    for href, number in numbers:
        assert f"Số phần việc: {number}" in words(board.get(unescape(href)).text)


def test_a_timeline_keeps_the_old_date_of_what_was_extended(
    sqlite_engine: Engine, organisation_id: int, board: Reader
) -> None:
    with write(sqlite_engine) as session:
        desk = _desk(session, organisation_id, NOW)
        desk.grant_extension(f"{NUMBER}/2", "QLTM", to=date(2022, 12, 20))
    said = words(board.get(f"{PLAN}/timeline").text)
    assert "15/11/2022 20/12/2022 (gia hạn)" in said
    assert "được gia hạn 1" in said


def test_a_timeline_comes_in_pages(board: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("board.timeline_page.A_PAGE", 1)
    first = board.get(f"{PLAN}/timeline").text
    assert "Trang 1/3" in words(first)
    assert 'href="/plans/383%2FKH-SCT/timeline?page=2"' in first
    rows = [re.findall(r">(\d)\. ", board.get(f"{PLAN}/timeline?page={n}").text) for n in (1, 2, 3)]
    assert rows == [["6"], ["1"], ["2"]]


def test_the_leaders_page_is_the_sentence_four_figures_the_worst_and_the_units_ranked(board: Reader) -> None:
    html = board.get(f"{PLAN}/brief").text
    said = words(html)
    assert "1/6 Đến nay, Sở Công Thương đã hoàn thành 01/06 nhiệm vụ" in said
    figures = re.findall(r"<b>(\d+)</b>", html.split('<ul class="figures">')[1].split("</ul>")[0])
    assert figures == ["1", "1", "2", "2"]
    assert "1. Rà soát văn bản Thanh tra Sở 30/09/2022 18" in said
    places = re.findall(r'place">(\d)</td>\s*<th scope="row">([^<]*)', html)
    assert places == [("1", "Văn phòng Sở"), ("2", "Thanh tra Sở"), ("3", "Phòng Quản lý thương mại")]
    assert "80%" in said
    assert "60%" in said


def test_units_with_an_equal_share_done_hold_an_equal_place_in_alphabetical_order(
    sqlite_engine: Engine, organisation_id: int, board: Reader
) -> None:
    html = board.get(f"{PLAN}/brief?as_of=2022-01-25").text
    places = re.findall(r'place">(\d)</td>\s*<th scope="row">([^<]*)', html)
    assert places == [("1", "Phòng Quản lý thương mại"), ("1", "Thanh tra Sở"), ("1", "Văn phòng Sở")]


@pytest.mark.parametrize(
    ("path", "says"),
    [
        pytest.param("/calendar?month=2022-13", "2022-13", id="a month that is none"),
        pytest.param(f"{PLAN}/due?first=2022-12-31&last=2022-01-01", "ngược", id="days that run backwards"),
        pytest.param(f"{PLAN}/due?first=2022-01-01&last=2022-01-02&by=x", "“x”", id="an unknown day"),
        pytest.param(f"{PLAN}/due?first=2022-01-01&last=2022-01-02&only=x", "“x”", id="an unknown filter"),
        pytest.param(f"{PLAN}/due?first=2022-01-01&last=2022-01-02&after=x", "“x”", id="an unknown mark"),
        pytest.param(f"{PLAN}/changes?kind=x&first=2022-01-01&last=2022-01-02", "“x”", id="an unknown kind"),
        pytest.param(f"{PLAN}/burnup?by=year", "“year”", id="an unknown step"),
        pytest.param("/calendar?as_of=2022-10-19", "chưa đến", id="a day to come"),
    ],
)
def test_what_cannot_be_shown_is_said(board: Reader, path: str, says: str) -> None:
    answer = board.get(path)
    assert answer.status_code == 400
    assert says in words(answer.text)


def test_an_unknown_plan_has_no_such_pages(board: Reader) -> None:
    for page in ("decisions", "calendar", "timeline", "burnup", "brief", "burnup.svg"):
        assert board.get(f"/plans/1%2FX/{page}").status_code == 404


def test_an_office_without_plans_has_a_quiet_morning(sqlite_engine: Engine) -> None:
    from storage.organisations import create_organisation

    with write(sqlite_engine) as session:
        office = create_organisation(session, DIRECTORY, simulated=True, at=NOW).id
    app = create_board(sqlite_engine, office, clock=lambda: NOW, base_url="http://127.0.0.1:1")
    for path in OFFICE:
        assert Reader(app).get(path).status_code == 200
    assert "Không có việc nào chờ quyết định." in words(Reader(app).get("/").text)


def test_what_the_morning_reads_does_not_grow_with_the_plan(
    sqlite_engine: Engine, organisation_id: int, board: Reader
) -> None:
    """Without the tally, which is another matter: as many statements whatever there is to show."""
    asked_for: list[str] = []
    event.listen(
        sqlite_engine, "before_cursor_execute", lambda c, k, statement, *_: asked_for.append(statement)
    )
    board.get("/decisions")
    before = len(asked_for)
    asked_for.clear()
    with write(sqlite_engine) as session:
        plan = tasks.plan_or_refuse(session, organisation_id, NUMBER)
        open_plan(session, plan, directory=DIRECTORY, at=NOW, on=date(2022, 12, 15))
    asked_for.clear()
    board.get("/decisions")
    assert len(asked_for) == before


def test_of_many_earlier_plans_the_newest_have_a_line_and_a_link_shows_them_all(
    board: Reader, sqlite_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with write(sqlite_engine) as session:
        there = session.scalars(select(PlanRow)).one()
        kept = {c.name: getattr(there, c.name) for c in PlanRow.__table__.columns if c.name != "id"}
        for year in (2019, 2020, 2021):
            session.add(PlanRow(**kept | {"number": f"9/KH-{year}", "issued": date(year, 1, 15)}))
    monkeypatch.setattr(plans, "CARDS", 1)
    monkeypatch.setattr(plans, "LINES", 2)
    some = board.get("/").text
    assert [f"9/KH-{year}</a>" in some for year in (2021, 2020, 2019)] == [True, True, False]
    (link,) = re.findall(r'href="(/\?all=1)"', some)
    everything = board.get(link).text
    assert "9/KH-2019</a>" in everything
    assert "all=1" not in everything


def test_numbers_beyond_what_is_counted_say_so(board: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    exact = words(board.get(PLAN).text)
    monkeypatch.setattr(scope, "MOST_COUNTED", 0)
    bounded = words(board.get(PLAN).text)
    assert "hơn 0" not in exact
    assert "hơn 0" in bounded


def test_thousands_stand_apart_as_the_language_has_them(sqlite_engine: Engine, organisation_id: int) -> None:
    for language, said in (("vi", "5.000"), ("en", "5,000")):
        board = Board(
            engine=sqlite_engine,
            organisation_id=organisation_id,
            clock=lambda: NOW,
            usual_language=language,
            links=Links("/"),
            calendars=calendar_of(organisation_id, CALENDAR),
            flow_ui=None,
            feed_office=None,
            sending=(time(8), time(17)),
            keys=(),
        )
        with board.view() as view:
            assert scope.scope_of(view, NUMBER).text_of(scope.MOST_COUNTED + 1).endswith(said)


def test_of_a_giant_plan_no_chart_is_drawn_and_the_leaders_page_does_without(
    board: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "trend.svg" in board.get(f"{PLAN}/brief").text
    monkeypatch.setattr(scope, "MOST_DRAWN", 5)
    refused = board.get(f"{PLAN}/burnup")
    assert refused.status_code == 400
    assert "Kế hoạch có 6 nhiệm vụ" in words(refused.text)
    brief = board.get(f"{PLAN}/brief")
    assert brief.status_code == 200
    assert "trend.svg" not in brief.text
