"""Lists: filtered, sorted, cut into pages, searched, taken away as files; now and on a past day alike."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from datetime import date, datetime, time
from html import unescape
from urllib.parse import urlencode

import pytest
from openpyxl import load_workbook
from sqlalchemy import Engine, select

from board import list_entries
from board.app import create_board
from storage import adding, tasks
from storage.counted_rows import PlanCounted
from storage.day_turn import forget
from storage.engine import read, write
from tasks_catalog.facts import Document
from tests.board.cast import CALENDAR, NOW, NUMBER, Reader, at
from tests.board.test_pages import words

LIST = "/plans/383%2FKH-SCT/list"
ROW = re.compile(r'<tr>\s*<td data-label="[^"]*">(\d+)</td>')


def rows(html: str) -> list[int]:
    """Return the rows a list's page shows, in its order."""
    return [int(row) for row in ROW.findall(html)]


def asked(**filters: str) -> str:
    return f"{LIST}?{urlencode(filters)}"


# 1 Rà soát văn bản (TT, overdue); 2 Kiểm tra … (QLTM, 15/11); 3 Công khai thủ tục (all, one share overdue);
# 4 Sửa đổi quy chế (VP, not arisen); 5 Đơn giản hóa (VP, not arisen: a question); 6 Báo cáo (VP, done late).
@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        pytest.param({}, [1, 2, 3, 4, 5, 6], id="everything, in the plan's order"),
        pytest.param({"text": "ra soat"}, [1, 2], id="words without accents"),
        pytest.param({"text": "RÀ SOÁT"}, [1, 2], id="words with accents, in capitals"),
        pytest.param({"text": '"ra soat van"'}, [1], id="words that stand together, the last begun"),
        pytest.param({"text": "van ban ra"}, [1], id="words in any order"),
        pytest.param({"text": '"ban van"'}, [], id="words that do not stand together"),
        pytest.param({"text": "thanh tra"}, [1], id="a unit's name"),
        pytest.param({"text": "%"}, [1, 2, 3, 4, 5, 6], id="a sign alone asks for nothing"),
        pytest.param({"text": "van_ban"}, [1], id="an underscore parts words, and matches no letter"),
        pytest.param({"text": "alert 1"}, [2], id="a letter by itself is a word"),
        pytest.param({"text": "s"}, [], id="a letter by itself begins none"),
        pytest.param({"standing": "overdue"}, [1, 3], id="a standing"),
        pytest.param({"standing": "done"}, [6], id="done"),
        pytest.param({"unit": "VP", "standing": "done"}, [3, 3, 3, 6], id="a unit's shares"),
        pytest.param({"section": "I. Cải cách thể chế"}, [1], id="a section"),
        pytest.param({"section": "-"}, [], id="under no section"),
        pytest.param({"period": "2022-Q3"}, [3, 6], id="due in a period"),
        pytest.param({"period": "2022-Q1", "unit": "TT"}, [3], id="a unit's due in a period"),
        pytest.param({"sort": "row", "dir": "desc"}, [6, 5, 4, 3, 2, 1], id="backwards"),
        pytest.param({"sort": "text"}, [6, 3, 5, 2, 1, 4], id="by text: Đ after C and before K"),
        pytest.param({"sort": "due"}, [3, 1, 2, 4, 5, 6], id="by due date, what owes nothing last"),
        pytest.param({"sort": "standing", "dir": "desc"}, [5, 4, 3, 1, 2, 6], id="by standing"),
        pytest.param({"sort": "unit"}, [3, 2, 1, 4, 5, 6], id="by the first owner"),
        pytest.param({"text": "ban", "standing": "overdue", "sort": "due"}, [1], id="several at once"),
    ],
)
def test_a_list_shows_what_is_asked_for(board: Reader, filters: dict[str, str], expected: list[int]) -> None:
    page = board.get(asked(**filters))
    assert page.status_code == 200
    assert rows(page.text) == expected
    past = board.get(asked(**filters, as_of="2022-10-17"))
    assert rows(past.text) == expected
    assert f": {len(expected)}" in words(page.text) or not expected


def test_pages_lead_on_and_back_and_no_row_is_lost(board: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("counted_entries", "past_entries"):
        monkeypatch.setitem(getattr(list_entries, name).__kwdefaults__, "most", 2)
    for day in ({}, {"as_of": "2022-10-17"}):
        for sort in ("row", "due", "standing", "unit", "text"):
            for order in ("asc", "desc"):
                first = board.get(asked(sort=sort, dir=order, **day)).text
                there = _walk(board, first, "next")
                assert sorted(row for page in there for row in page) == [1, 2, 3, 4, 5, 6]
                last = first
                while link := _link(last, "next"):
                    last = board.get(link).text
                back = _walk(board, last, "prev")
                assert back[::-1] == there, (sort, order, day)


def _link(html: str, rel: str) -> str:
    found = re.search(rf'<a href="([^"]+)" rel="{rel}"', html)
    return unescape(found[1]) if found else ""


def _walk(board: Reader, html: str, rel: str) -> list[list[int]]:
    found = [rows(html)]
    while link := _link(html, rel):
        html = board.get(link).text
        found.append(rows(html))
    return found


def test_filters_in_force_are_shown_and_can_be_taken_away(board: Reader) -> None:
    html = board.get(asked(text="ra soat", standing="overdue", sort="due")).text
    assert 'value="ra soat"' in html
    assert '<option value="overdue" selected>' in html
    chips = dict(re.findall(r'<a class="chip" href="([^"]+)" aria-label="Bỏ lọc: ([^"]+)"', html))
    assert [unescape(word) for word in chips.values()] == ["“ra soat”", "Quá hạn chưa hoàn thành"]
    without_text = next(unescape(link) for link, word in chips.items() if "ra soat" in word)
    assert rows(board.get(without_text).text) == [3, 1]


def test_a_heading_sorts_and_says_how_the_list_is_sorted(board: Reader) -> None:
    html = board.get(asked(sort="due")).text
    assert html.count("aria-sort=") == 1
    assert (
        'aria-sort="ascending"><a class="sort" href="/plans/383%2FKH-SCT/list?sort=due&amp;dir=desc"' in html
    )
    assert 'aria-sort="descending"' in board.get(asked(sort="due", dir="desc")).text


@pytest.mark.parametrize(
    ("filters", "says"),
    [
        pytest.param({"after": "x"}, "mở lại danh sách từ trang đầu", id="a place that is none"),
        pytest.param({"after": str(2**70)}, "mở lại danh sách", id="a place beyond every row"),
        pytest.param({"sort": "colour"}, "colour", id="an order that is none"),
        pytest.param({"period": "2022-Q9"}, "2022-Q9", id="a period that is none"),
    ],
)
def test_what_cannot_be_asked_is_said(board: Reader, filters: dict[str, str], says: str) -> None:
    page = board.get(asked(**filters))
    assert page.status_code in (400, 404)
    assert says in words(page.text)


def test_every_plan_is_searched_at_once(board: Reader) -> None:
    assert "Nhập từ cần tìm" in words(board.get("/tasks").text)
    html = board.get("/tasks?text=thu+tuc").text
    assert rows(html) == [3]
    assert "Tìm trong mọi kế hoạch: thu tuc" in words(html)
    assert 'action="/tasks"' in board.get("/").text


def test_a_search_shows_its_words_as_text(board: Reader) -> None:
    html = board.get(asked(text='"><script>x</script>')).text
    assert "<script" not in html


def test_a_plan_nobody_counted_yet_is_counted_by_the_page(
    sqlite_engine: Engine, organisation_id: int, board: Reader
) -> None:
    with write(sqlite_engine) as session:
        forget(session, tasks.plan_or_refuse(session, organisation_id, NUMBER))
    assert rows(board.get(asked(standing="overdue")).text) == [1, 3]
    with read(sqlite_engine) as session:
        assert session.scalar(select(PlanCounted.counted_to)) == date(2022, 10, 17)


def test_where_very_much_turns_the_page_says_how_far_it_is_counted(
    sqlite_engine: Engine, organisation_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("board.app.A_MOMENT", 0)
    with read(sqlite_engine) as session:
        assert session.scalar(select(PlanCounted.counted_to)) == date(2022, 1, 19)
    reader = Reader(
        create_board(sqlite_engine, organisation_id, clock=lambda: NOW, base_url="http://127.0.0.1:1")
    )
    for path in ("/", "/plans/383%2FKH-SCT", LIST):
        assert "Số liệu mới đếm đến hết ngày 19/01/2022" in words(reader.get(path).text), path
    assert rows(reader.get(asked(standing="overdue")).text) == []
    assert rows(reader.get(asked(standing="overdue", as_of="2022-10-17")).text) == [1, 3]


def test_a_clock_put_back_shows_the_day_it_says(sqlite_engine: Engine, organisation_id: int) -> None:
    """What is counted beyond the day looked at is not shown: that day is tallied."""
    moments: list[datetime] = [NOW, NOW.replace(month=9, day=30)]  # what is due today is not late
    for moment, expected in zip(moments, ([1, 3], [3]), strict=True):
        app = create_board(
            sqlite_engine, organisation_id, clock=lambda now=moment: now, base_url="http://127.0.0.1:1"
        )
        found = rows(Reader(app).get(asked(standing="overdue")).text)
        assert found == expected or (moment is not NOW and 1 not in found)


@pytest.fixture
def dangerous(sqlite_engine: Engine, organisation_id: int, board: Reader) -> Reader:
    """The same board, with a seventh task whose words a spreadsheet would run."""
    new = adding.NewTask(text='=HYPERLINK("http://x","Bấm")', deadline="30/11/2022", owners=("VP",))
    with write(sqlite_engine) as session:
        plan = tasks.plan_or_refuse(session, organisation_id, NUMBER)
        paper = Document(number="1/QĐ", issued=date(2022, 10, 17))
        when = at(date(2022, 10, 17))
        adding.add_task(session, plan, replace(new), calendar=CALENDAR, by="truc", at=when, document=paper)
    return board


def test_a_list_is_taken_away_as_csv(dangerous: Reader) -> None:
    answer = dangerous.get(asked(sort="text").replace("/list?", "/list.csv?"))
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    named = answer.headers["content-disposition"]
    assert named.startswith(
        'attachment; filename="danh sach nhiem vu 383-KH-SCT 2022-10-18.csv"'.replace("KH-SCT", "kh-sct")
    )
    assert "filename*=UTF-8''Danh%20s%C3%A1ch%20nhi%E1%BB%87m%20v%E1%BB%A5" in named
    assert answer.content.startswith(b"\xef\xbb\xbf")
    lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert lines[0][:2] == ["Dòng", "Nhiệm vụ"]
    assert sorted(int(line[0]) for line in lines[1:]) == [1, 2, 3, 4, 5, 6, 7]
    by_row = {line[0]: line for line in lines[1:]}
    assert by_row["7"][1] == '\'=HYPERLINK("http://x","Bấm")'
    assert by_row["1"][6:9] == ["30/09/2022", "Quá hạn chưa hoàn thành", "30/09/2022"]


def test_a_list_is_taken_away_as_a_workbook(dangerous: Reader) -> None:
    answer = dangerous.get(asked(standing="in_progress").replace("/list?", "/list.xlsx?"))
    assert answer.status_code == 200
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    found = {row[0].value: row for row in sheet.iter_rows(min_row=2)}
    assert sorted(found) == [2, 7]
    assert found[2][6].value == datetime.combine(date(2022, 11, 15), time())
    assert found[2][6].number_format == "dd/mm/yyyy"
    words_ = found[7][1]
    assert (words_.data_type, words_.value) == ("s", '=HYPERLINK("http://x","Bấm")')
    assert words_.quotePrefix


def test_a_file_of_a_past_day_tells_that_day(dangerous: Reader) -> None:
    answer = dangerous.get(asked(as_of="2022-09-30", standing="overdue").replace("/list?", "/list.csv?"))
    lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert "1" in [line[0] for line in lines[1:]]
    assert "7" not in [line[0] for line in lines[1:]]


def test_a_file_says_where_it_is_cut(dangerous: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("board.exports.MOST", 3)
    lines = dangerous.get(f"{LIST}.csv").content.decode("utf-8-sig").splitlines()
    assert [line.partition(",")[0] for line in lines[1:4]] == ["1", "2", "3"]
    assert lines[4:] == ["Danh sách có hơn 3 dòng; tệp này chỉ có 3 dòng đầu."]


def test_another_kind_of_file_is_not_there(board: Reader) -> None:
    assert board.get(f"{LIST}.pdf").status_code == 404


def test_pages_are_sent_small(board: Reader) -> None:
    page = board.get(LIST, **{"accept-encoding": "gzip"})
    assert page.headers["content-encoding"] == "gzip"
