"""The directory in the browser: looked over, set, refused with what was typed, and never lost by anybody."""

from __future__ import annotations

import re
import time
import unicodedata
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert

from board.directory_pages import SECTIONS
from storage import office_record
from storage.absences import absence_key
from storage.engine import read, write
from storage.people import load_directory
from storage.schema import PersonRow, UnitRow
from tasks_catalog.documents.directory import read_directory
from tasks_catalog.people import Directory, Post
from tests.board.acting_cast import ROW_1, Office, open_office
from tests.board.browsing import form_to

PAGES = (
    "/settings/units",
    "/settings/units/new",
    "/settings/units/TT",
    "/settings/groups",
    "/settings/groups/new",
    "/settings/groups/all",
    "/settings/people",
    "/settings/people/new",
    "/settings/people/gu",
    "/settings/chains",
    "/settings/office",
)


@pytest.fixture
def office(sqlite_engine: Engine, tmp_path: Path) -> Office:
    return open_office(sqlite_engine, tmp_path / "files")


def directory_of(office: Office) -> Directory:
    with read(office.engine) as session:
        return load_directory(session, office.id)


def post_of(office: Office, code: str) -> Post | None:
    person = directory_of(office).person(code)
    return person.post if person and person.active else None


@pytest.mark.parametrize("code", ["truc", "quan", "nghien", "cam", "sao", "gu"])
def test_the_directory_is_for_the_coordinator_and_the_administrator(office: Office, code: str) -> None:
    for path in PAGES:
        answer = office.as_(code).get(path)
        assert answer.status_code == (200 if code in ("truc", "quan") else 403), path
    form = form_to(office.as_("truc").get("/settings/people/gu").text, "/people/gu")
    changed = office.as_(code).send(form, {"title": "Thanh tra viên"})
    assert changed.status_code == (303 if code in ("truc", "quan") else 403)


def test_a_title_is_set_at_once_and_told_in_the_record(office: Office) -> None:
    browser = office.as_("truc")
    form = form_to(browser.get("/settings/people/gu").text, "/people/gu")
    done = browser.send(form, {"title": unicodedata.normalize("NFD", "Thanh tra viên"), "name": "Lê Văn Gụ"})
    page = browser.get(done.headers["location"]).text
    assert "Đã lưu (thay đổi số 1)." in page
    assert "<ins>Thanh tra viên</ins>" in page
    assert "<del>Gụ</del>" in page
    again = browser.send(form_to(page, "/people/gu"))
    assert "Không có gì khác" in browser.get(again.headers["location"]).text


def test_a_new_focal_point_is_looked_over_before_it_is_kept(office: Office) -> None:
    browser = office.as_("truc")
    form = form_to(browser.get("/settings/units/TT").text, "/units/TT")
    before = office.everything()
    looked = browser.send(form, {"focal_point": "lim"})
    assert looked.status_code == 200
    assert (
        "Từ thư kế tiếp, Lim (lim) sẽ nhận thay cho Gụ (gu) (Người nhận việc; Thanh tra Sở)." in looked.text
    )
    assert office.everything() == before
    kept = browser.send(form_to(looked.text, "/units/TT"))
    assert kept.status_code == 303
    assert directory_of(office).focal_points["TT"] == "lim"


def test_what_was_altered_after_it_was_looked_over_is_looked_over_again(office: Office) -> None:
    browser = office.as_("truc")
    form = form_to(browser.get("/settings/units/TT").text, "/units/TT")
    looked = form_to(browser.send(form, {"focal_point": "lim"}).text, "/units/TT")
    again = browser.send(looked, {"focal_point": "sao"})
    assert again.status_code == 200
    assert directory_of(office).focal_points["TT"] == "gu"


def test_who_leaves_with_open_work_is_told_where_it_goes(office: Office) -> None:
    office.desk(lambda desk: desk.reassign(ROW_1, from_unit="TT", to_unit="TT", officer="lim"))
    browser = office.as_("truc")
    page = browser.get("/settings/people/lim").text
    assert "Đang giữ 1 phần việc chưa xong (Thanh tra Sở: 1)" in page
    form = form_to(page, "/people/lim")
    del form.values["active"]
    looked = browser.send(form)
    assert (
        "Lim đang giữ 1 phần việc chưa xong của Thanh tra Sở: từ thư kế tiếp, Gụ (gu) sẽ nhận." in looked.text
    )
    assert browser.send(form_to(looked.text, "/people/lim")).status_code == 303
    gone = directory_of(office).person("lim")
    assert gone is not None
    assert not gone.active
    assert "Lim" not in browser.get("/settings/people").text
    assert "Lim" in browser.get("/settings/people?state=left").text


def test_naming_another_head_changes_both_posts(office: Office) -> None:
    browser = office.as_("truc")
    form = form_to(browser.get("/settings/units/TT").text, "/units/TT")
    looked = browser.send(form, {"head": "lim"})
    assert "Lim (lim) sẽ nhận thay cho Sao (sao) (Trưởng đơn vị; Thanh tra Sở)" in looked.text
    browser.send(form_to(looked.text, "/units/TT"))
    assert (post_of(office, "lim"), post_of(office, "sao")) == (Post.HEAD, Post.OFFICER)


@pytest.mark.parametrize(
    ("path", "typed", "said"),
    [
        ("/settings/people/gu", {"email": "LIM@example.vn"}, "đang là của Lim"),
        ("/settings/people/gu", {"email": "gu@"}, "không phải là địa chỉ thư điện tử"),
        ("/settings/people/gu", {"name": " "}, "Chưa ghi tên"),
        ("/settings/people/gu", {"unit": "TM"}, "đang là đầu mối của “Thanh tra Sở”"),
        ("/settings/people/truc", {"post": "officer"}, "là người điều phối duy nhất"),
        ("/settings/units/TT", {"name": "văn phòng sở"}, "đang là tên hoặc mã"),
        ("/settings/units/TT", {"head": "truc"}, "không thể là trưởng đơn vị"),
        ("/settings/units/TT", {"kind": "merged"}, "không phải một lựa chọn"),
        ("/settings/groups/all", {"name": ""}, "Chưa ghi tên"),
        ("/settings/people/new", {"code": "gu", "name": "X", "unit": "TT"}, "Mã “gu” đã dùng cho “Gụ”"),
        (
            "/settings/people/new",
            {"code": "có dấu", "name": "X", "unit": "TT"},
            "Mã “có dấu” không dùng được",
        ),
        ("/settings/units/new", {"code": "new", "name": "X"}, "Mã “new” không dùng được"),
        ("/settings/office", {"name": ""}, "Chưa ghi tên"),
    ],
)
def test_a_refusal_says_why_and_keeps_what_was_typed(
    office: Office, path: str, typed: dict[str, str], said: str
) -> None:
    browser = office.as_("truc")
    form = form_to(browser.get(path).text, path)
    before = office.everything()
    refused = browser.send(form, {**typed, **({"superior": "Bộ"} if path.endswith("office") else {})})
    assert refused.status_code == 400
    assert said in refused.text
    drawn = form_to(refused.text, path)
    for name, value in typed.items():
        assert drawn.values[name] in ([value], [value.strip()]) or value in ("merged", "truc")
    assert office.everything() == before


def test_a_form_of_what_was_changed_meanwhile_is_refused_once(office: Office) -> None:
    browser = office.as_("truc")
    old = form_to(browser.get("/settings/people/gu").text, "/people/gu")
    browser.send(old, {"title": "Thanh tra viên"})
    refused = browser.send(old, {"title": "Chuyên viên"})
    assert refused.status_code == 400
    assert "Trong lúc biểu mẫu này mở, Trúc (truc) đã thay đổi nội dung (thay đổi số 1)" in refused.text
    assert browser.send(form_to(refused.text, "/people/gu")).status_code == 303
    person = directory_of(office).person("gu")
    assert person is not None
    assert person.title == "Chuyên viên"


def test_a_new_unit_with_its_first_person(office: Office) -> None:
    browser = office.as_("quan")
    form = form_to(browser.get("/settings/units/new").text, "/units/new")
    done = browser.send(
        form, {"code": "NL", "name": "Phòng Năng lượng", "aliases": "P. NL; Phòng NL", "deputy": "cam"}
    )
    page = browser.get(done.headers["location"]).text
    assert "Đơn vị chưa có ai" in page
    assert "đơn vị chưa có trưởng: thư sẽ tới" in page
    assert directory_of(office).deputies == {"NL": "cam"}
    form = form_to(browser.get("/settings/people/new?unit=NL").text, "/people/new")
    assert form.values["unit"] == ["NL"]
    made = browser.send(
        form, {"code": "mai", "name": "Vũ Thị Mai", "email": "mai@example.vn", "post": "head"}
    )
    looked = made.text
    assert "Vũ Thị Mai (mai)" in looked
    assert browser.send(form_to(looked, "/people/new")).status_code == 303
    assert "Vũ Thị Mai" in browser.get("/settings/units/NL").text


def test_an_administrator_is_made_and_altered_by_administrators_alone(office: Office) -> None:
    """Else a coordinator could sign in as one: by a link that goes to another address."""
    for path, typed in (
        ("/settings/people/gu", {"post": "administrator"}),
        ("/settings/people/quan", {"email": "khac@example.vn"}),
    ):
        browser = office.as_("truc")
        refused = browser.send(form_to(browser.get(path).text, path), typed)
        assert refused.status_code == 400
        assert "chỉ người quản trị sửa được" in refused.text
    browser = office.as_("quan")
    assert (
        browser.send(
            form_to(browser.get("/settings/people/quan").text, "/people/quan"), {"email": "moi@example.vn"}
        ).status_code
        == 303
    )
    undo = form_to(browser.get("/settings/changes").text, "/undo")
    assert "/undo" not in office.as_("truc").get("/settings/changes").text
    refused = office.as_("truc").send(undo)
    assert refused.status_code == 400
    assert "chỉ người quản trị sửa được" in refused.text
    assert office.as_("quan").send(undo).status_code == 303


def test_an_absence_is_entered_changed_and_called_off(office: Office) -> None:
    browser = office.as_("truc")
    form = form_to(browser.get("/settings/people/gu").text, "/people/gu/absences")
    refused = browser.send(form, {"first": "2022-10-20", "last": "2022-10-18"})
    assert refused.status_code == 400
    assert form_to(refused.text, "/people/gu/absences").values["first"] == ["2022-10-20"]
    done = browser.send(form, {"first": "2022-10-20", "last": "2022-10-25", "substitute": "lim"})
    page = browser.get(done.headers["location"]).text
    assert "20/10/2022 – 25/10/2022: Lim nhận thay" in page
    change = form_to(page, "/absences/2022-10-20")
    browser.send(change, {"last": "2022-10-27", "substitute": "sao"})
    page = browser.get("/settings/people/gu").text
    assert "20/10/2022 – 27/10/2022: Sao nhận thay" in page
    browser.send(form_to(page, "/absences/2022-10-20/off"))
    assert directory_of(office).absence_of("gu", date(2022, 10, 21)) is None
    with read(office.engine) as session:
        key = absence_key("gu", date(2022, 10, 20))
        kinds = [(each.kind, each.key) for each in office_record.changes(session, office.id, most=9)]
    assert kinds == [("absence", key)] * 3


def test_people_are_found_without_accents_and_sorted_by_given_name(office: Office) -> None:
    browser = office.as_("truc")
    page = browser.get("/settings/people").text
    names = re.findall(r'<th scope="row"[^>]*><a href="[^"]+">([^<]+)</a>', page)
    known = ["Cẩm", "Dầu", "Gụ", "Lim", "Nghiến", "Quân", "Sao", "Trầm", "Trúc"]
    assert [name for name in names if name in known] == known
    assert "Dầu" in browser.get("/settings/people?text=dau").text
    assert "Không tìm thấy ai" in browser.get("/settings/people?text=khong+co").text


def test_the_directory_taken_away_is_read_back_as_it_was(office: Office, tmp_path: Path) -> None:
    browser = office.as_("quan")
    form = form_to(browser.get("/settings/people/gu").text, "/people/gu")
    browser.send(form, {"title": "=1+1", "language": "en"})
    answer = browser.get("/settings/people.xlsx")
    assert answer.status_code == 200
    file = tmp_path / "danh-ba.xlsx"
    file.write_bytes(answer.content)
    there = directory_of(office)
    back = read_directory(file)
    assert (back.organisation, back.name, back.focal_points) == ("sct", "Sở Công Thương", there.focal_points)
    assert (back.units, back.groups) == (there.units, there.groups)
    assert {p.code: p for p in back.people} == {p.code: p for p in there.people}
    assert office.as_("sao").get("/settings/people.xlsx").status_code == 403


@pytest.mark.parametrize("path", ["/settings/units/XX", "/settings/groups/XX", "/settings/people/XX"])
def test_what_is_not_in_the_directory_has_no_page(office: Office, path: str) -> None:
    answer = office.as_("truc").get(path)
    assert answer.status_code == 404
    assert "“XX”" in answer.text


def test_the_chains_say_where_nobody_is(office: Office) -> None:
    page = office.as_("truc").get("/settings/chains").text
    assert "đơn vị chưa có đầu mối: thư sẽ tới Trúc" in page
    assert "đơn vị chưa có trưởng: thư sẽ tới Trúc" in page or "thư sẽ tới Cẩm" in page


def test_every_section_has_a_page_that_names_its_form(office: Office) -> None:
    browser = office.as_("truc")
    for section in SECTIONS:
        page = browser.get(f"/settings/{section.path}/new").text
        assert form_to(page, f"/{section.path}/new").values["seen"] == ["0"]


def test_a_directory_of_three_thousand_answers_at_once(office: Office) -> None:
    with write(office.engine) as session:
        session.execute(
            insert(UnitRow),
            [
                {
                    "organisation_id": office.id,
                    "code": f"U{n}",
                    "name": f"Phòng {n}",
                    "kind": "room",
                    "position": 50 + n,
                }
                for n in range(100)
            ],
        )
        session.execute(
            insert(PersonRow),
            [
                {
                    "organisation_id": office.id,
                    "code": f"p{n}",
                    "name": f"Nguyễn Văn {chr(65 + n % 26)}{n}",
                    "email": f"p{n}@example.vn",
                    "email_key": f"p{n}@example.vn",
                    "unit": f"U{n % 100}",
                    "post": "officer",
                    "title": "",
                    "language": "vi",
                    "active": True,
                    "in_charge": False,
                    "position": 50 + n,
                }
                for n in range(3000)
            ],
        )
    browser = office.as_("truc")
    for path in ("/settings/people", "/settings/units", "/settings/chains", "/settings/people/p7"):
        browser.get(path)
        took = []
        for _ in range(3):
            start = time.process_time()
            assert browser.get(path).status_code == 200
            took.append(time.process_time() - start)
        assert min(took) < 0.4, path  # measured: 0.03 to 0.08 s; a slow machine is given time
