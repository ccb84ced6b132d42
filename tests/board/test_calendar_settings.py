"""Days off and worked weekends in the browser: looked at first, in force at once, refused with the reason."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from board import calendar_pages
from board.app import create_board
from board.viewers import Looking
from storage import office_journal
from storage.engine import read, write
from storage.office_calendar import OfficeCalendar
from storage.office_journal import Made
from storage.settables import SETTABLES
from storage.swapped_days import list_swapped
from tasks_catalog.calendar import SwappedDay
from tasks_catalog.year_days import Layer, Origin
from tests.board.acting_cast import KEYS, Office, open_office
from tests.board.browsing import HOST, FormDrawn, forms_in
from tests.board.cast import CALENDAR, NOW

PAGE = "/settings/calendar"
DOUBTED = SwappedDay(
    day=date(2022, 11, 24), worked=False, name="Ngày Văn hóa", document="80-NQ/TW", confirmed=False
)
OFF, WORKED = "2022-11-14", "2022-11-19"
"""A Monday before the second task is due, and the Saturday after it."""


@pytest.fixture
def office(sqlite_engine: Engine, tmp_path: Path) -> Office:
    made = open_office(sqlite_engine, tmp_path / "files")
    layer = Layer(origin=Origin.SHIPPED, days=(DOUBTED,))
    made.app = create_board(
        sqlite_engine,
        made.id,
        clock=lambda: NOW,
        base_url=HOST,
        calendar=OfficeCalendar(made.id, by_law=CALENDAR, layers=[layer]),
        keys=KEYS,
        viewer=lambda _request: Looking(actor=made.looks),
    )
    return made


def form_of(html: str, kind: str) -> FormDrawn:
    return next(form for form in forms_in(html) if form.values.get("kind") == [kind])


def asked(office: Office, kind: str, **typed: str) -> str:
    """Fill in one of the page's forms; return the page that looks at what would follow."""
    browser = office.as_("truc")
    form = form_of(browser.get(f"{PAGE}?year=2022").text, kind)
    found = browser.send(form, typed)
    assert found.status_code == 200, found.text
    return found.text


def kept(office: Office, look: str) -> str:
    browser = office.as_("truc")
    (form,) = (form for form in forms_in(look) if form.action.endswith("/keep"))
    done = browser.send(form)
    assert done.status_code == 303, done.text
    return browser.get(done.headers["location"]).text


def own(office: Office) -> tuple[SwappedDay, ...]:
    with read(office.engine) as session:
        return list_swapped(session, office.id)


def test_the_year_says_where_each_day_comes_from_and_what_is_in_doubt(office: Office) -> None:
    page = office.as_("truc").get(f"{PAGE}?year=2022").text
    assert "02/09/2022" in page
    assert "Bộ luật Lao động, Điều 111, 112" in page
    assert "Danh sách kèm phần mềm" in page
    assert "Chưa có văn bản xác nhận: 24/11/2022" in page


@pytest.mark.parametrize("year", ["1990", "x", "२०२२", "20222"])
def test_a_year_without_a_calendar_is_refused(office: Office, year: str) -> None:
    found = office.as_("truc").get(f"{PAGE}?year={year}")
    assert found.status_code == 400
    assert "Không có lịch năm" in found.text


def test_a_look_writes_nothing_and_says_what_moves(office: Office) -> None:
    before = office.everything()
    look = asked(office, "off", date=OFF, name="Nghỉ bù", document="12/UBND-VX")
    assert office.everything() == before
    assert "Thứ Hai, ngày 14/11/2022: không gửi thư." in look
    assert "383/KH-SCT/2" in look, "its rungs are counted anew"
    assert "Bậc đôn đốc đổi ngày: 0" not in look


def test_of_very_many_shares_a_look_says_that_rungs_move_and_not_which(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calendar_pages, "MOST_SHARES", 2)
    look = asked(office, "off", date=OFF, name="Nghỉ bù", document="12/UBND-VX")
    assert "quá nhiều phần việc" in look
    assert "383/KH-SCT/2" not in look
    assert "không gửi thư" in look


def test_what_was_looked_at_is_kept_holds_at_once_and_is_undone(office: Office) -> None:
    page = kept(office, asked(office, "off", date=OFF, name="Nghỉ bù", document="12/UBND-VX"))
    assert "Đã lưu. Số ngày thay đổi: 1." in page
    assert "Cơ quan nhập" in page
    month = office.as_("truc").get("/calendar?month=2022-11").text
    assert "Nghỉ bù" in month, "the board that runs shows it"
    with write(office.engine) as session:
        office_journal.undo(session, office.id, SETTABLES, 1, made=Made(by="quan", at=NOW))
    assert own(office) == ()
    assert "Nghỉ bù" not in office.as_("truc").get("/calendar?month=2022-11").text


def test_a_swap_is_two_days_by_one_document(office: Office) -> None:
    kept(office, asked(office, "swap", off=OFF, worked=WORKED, name="Hoán đổi", document="12/UBND-VX"))
    assert [(str(one.day), one.worked, one.confirmed) for one in own(office)] == [
        (OFF, False, True),
        (WORKED, True, True),
    ]


def test_a_day_without_a_document_counts_and_is_in_doubt(office: Office) -> None:
    page = kept(office, asked(office, "worked", date=WORKED, name="Làm bù"))
    assert not own(office)[0].confirmed
    assert "19/11/2022, 24/11/2022" in page


def test_a_day_in_doubt_is_confirmed_by_its_document(office: Office) -> None:
    browser = office.as_("truc")
    forms = forms_in(browser.get(f"{PAGE}?year=2022").text)
    (form,) = (form for form in forms if form.values.get("date") == ["2022-11-24"])
    page = kept(office, browser.send(form, {"document": "Luật số 1/2026"}).text)
    assert "Chưa có văn bản xác nhận" not in page
    assert own(office)[0].document == "Luật số 1/2026"


def test_the_office_takes_its_own_day_back(office: Office) -> None:
    page = kept(office, asked(office, "off", date=OFF, name="Nghỉ bù"))
    look = office.as_("truc").send(form_of(page, "back")).text
    assert "có gửi thư" in look
    kept(office, look)
    assert own(office) == ()


def test_a_day_the_office_entered_is_taken_back_and_not_entered_the_other_way(office: Office) -> None:
    page = kept(office, asked(office, "worked", date=WORKED, name="Làm bù"))
    found = office.as_("truc").send(form_of(page, "off"), {"date": WORKED, "name": "Nghỉ"})
    assert found.status_code == 400
    assert "Bỏ ngày đã nhập" in found.text
    assert [one.worked for one in own(office)] == [True]


@pytest.mark.parametrize(
    ("kind", "typed", "said"),
    [
        pytest.param("off", {"date": "2022-11-19"}, "là ngày nghỉ cuối tuần", id="off at the weekend"),
        pytest.param("off", {"date": "2022-09-02"}, "đã là ngày nghỉ", id="off on a holiday"),
        pytest.param("worked", {"date": OFF}, "đã là ngày làm việc", id="worked on a working day"),
        pytest.param("off", {"date": "2099-01-05"}, "nằm ngoài lịch", id="a year there is not"),
        pytest.param("off", {"date": "ngày mai"}, "ngày mai", id="no day"),
        pytest.param("off", {"date": OFF, "name": ""}, "chưa có tên gọi", id="no name"),
        pytest.param("swap", {"off": OFF, "worked": OFF}, "đã là ngày làm việc", id="a day for itself"),
        pytest.param("back", {"date": OFF}, "không phải do cơ quan nhập", id="not its own"),
        pytest.param("xoa", {}, "", id="no such form"),
    ],
)
def test_what_would_say_nothing_is_refused_where_it_was_typed(
    office: Office, kind: str, typed: dict[str, str], said: str
) -> None:
    browser = office.as_("truc")
    form = form_of(browser.get(f"{PAGE}?year=2022").text, "swap" if kind == "swap" else "off")
    before = office.everything()
    found = browser.send(form, {"kind": kind, "name": "<b>Nghỉ</b>", **typed})
    assert found.status_code == 400
    assert said in found.text
    assert "<b>Nghỉ" not in found.text
    assert office.everything() == before


def test_a_change_carried_wrong_is_refused(office: Office) -> None:
    look = asked(office, "off", date=OFF, name="Nghỉ bù")
    (form,) = (form for form in forms_in(look) if form.action.endswith("/keep"))
    for words in ("", "x", "[]", '["2022-11-14"]', '["2022-11-14","maybe","x","y",true]'):
        assert office.as_("truc").send(form, {"day": words}).status_code == 400
    assert own(office) == ()


def test_a_list_is_taken_in_without_what_is_so_already(office: Office) -> None:
    text = (
        f"date,state,name,document,confirmed\n2022-09-02,off,Quốc khánh,,yes\n{OFF},off,Nghỉ bù,12/UBND,yes\n"
    )
    browser = office.as_("truc")
    form = form_of(browser.get(f"{PAGE}?year=2022").text, "list")
    look = browser.send(form, files=[("file", ("nam.csv", text.encode(), "text/csv"))])
    assert "1 ngày trong tệp đã đúng như lịch" in look.text
    kept(office, look.text)
    assert [str(one.day) for one in own(office)] == [OFF]
    refused = browser.send(form, files=[("file", ("nam.csv", "ngày\n".encode(), "text/csv"))])
    assert refused.status_code == 400


def test_a_share_keeps_its_last_on_time_day_and_is_listed(office: Office) -> None:
    """The year's cut-off of the continuous task, 14/12, is derived: made off, it would slide to the 15th."""
    day = date(2022, 12, 14)
    look = asked(office, "off", date=day.isoformat(), name="Nghỉ bù", document="12/UBND-VX")
    assert "3 phần việc giữ ngày cuối cùng đúng hạn" in look
    page = kept(office, look)
    assert "3 phần việc giữ ngày cuối cùng đúng hạn" in page
    shares = office.facts("383/KH-SCT/3").current_shares
    assert {share.lapses for share in shares if share.due == day} == {day}
    assert (day + timedelta(days=1)).strftime("%d/%m/%Y") in page


@pytest.mark.parametrize("code", ["gu", "sao", "cam", "nghien"])
def test_days_are_set_by_those_who_set_the_office_s_ways(office: Office, code: str) -> None:
    assert office.as_(code).get(PAGE).status_code == 403
    form = form_of(office.as_("truc").get(f"{PAGE}?year=2022").text, "off")
    found = office.as_(code).send(form, {"date": OFF, "name": "Nghỉ"})
    assert found.status_code == 403
    assert own(office) == ()
