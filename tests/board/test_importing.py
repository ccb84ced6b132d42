"""Importing a plan in the browser: the same record as by the command line, and nothing half-way."""

from __future__ import annotations

import io
import re
import shutil
import zipfile
from html import unescape
from pathlib import Path

import docx
import pytest
from sqlalchemy import Engine, insert, select, update

from board.app import create_board
from storage import importing, tasks, uploads
from storage.engine import open_engine, read, write
from storage.reading import Asked, Readings, read_apart
from storage.schema import Organisation
from tasks_catalog.problem import Refused
from tests.board.clerk import (
    HEADS,
    HOST,
    ISSUED,
    NOW,
    NUMBER,
    PLANS,
    Clerk,
    by_command_line,
    clerk_of,
    forms_of,
)
from tests.flows.cast import open_department
from tests.story.amended import amended_plan

HEAD = {"number": NUMBER, "issued": ISSUED.isoformat()}
LATIN = re.compile(r"\s+")


@pytest.fixture
def clerk(sqlite_engine: Engine, tmp_path: Path) -> Clerk:
    return clerk_of(sqlite_engine, tmp_path)


@pytest.fixture
def other_engine(_migrated_sqlite: Path, tmp_path: Path) -> Engine:
    """A second database, for the office that works at a terminal."""
    path = tmp_path / "terminal.db"
    shutil.copyfile(_migrated_sqlite, path)
    return open_engine(f"sqlite:///{path}")


def plan_file(folder: Path, *rows: str) -> Path:
    path = folder / "ke-hoach.csv"
    path.write_text("\n".join((HEADS, *rows)), encoding="utf-8")
    return path


def words(page: str) -> str:
    """Return a page's words without its marks."""
    return LATIN.sub(" ", unescape(re.sub(r"<[^>]+>", " ", page)))


@pytest.mark.parametrize("kind", ["docx", "xlsx", "csv", "pdf"])
def test_the_plan_of_2022_comes_in_as_by_the_command_line(
    clerk: Clerk, other_engine: Engine, tmp_path: Path, kind: str
) -> None:
    path = PLANS / f"cchc-2022.{kind}"
    page = clerk.handed_in(path, **HEAD)
    shown = words(clerk.get(page).text)
    assert "57 nhiệm vụ" in shown
    assert "còn 2 dòng" in shown
    clerk.done(page, "/rows/3", what="accept")
    clerk.done(page, "/rows/55", what="accept")
    assert clerk.record()["plan"] == []
    said = words(clerk.done(page, "/import"))
    assert "Đã nhập kế hoạch: 57 nhiệm vụ, không còn câu hỏi nào." in said
    start = f"/plans/{NUMBER}/activation"
    ahead = words(clerk.get(start).text)
    before = clerk.record()
    assert before["letter"] == [] == before["share"]
    done = words(clerk.done(start, "/activation"))
    numbers = re.search(r"mở (\d+) lần đến hạn, (\d+) phần việc.*?; (\d+) thư", done)
    assert numbers is not None
    assert f"{numbers[1]} lần đến hạn, {numbers[2]} phần việc" in ahead
    assert f"{numbers[3]} thư, mỗi đơn vị một thư" in ahead

    department = open_department(other_engine, tmp_path / "terminal")
    by_command_line(department, path, 3, 55)
    record, expected = clerk.record(), department.dump()
    assert {name: len(rows) for name, rows in record.items() if rows} == {
        name: len(rows) for name, rows in expected.items() if rows
    }
    for name, rows in record.items():
        assert rows == expected[name], name


@pytest.mark.skipif(shutil.which("soffice") is None, reason="old kinds of files need LibreOffice")
def test_an_rtf_is_read_too(clerk: Clerk) -> None:
    cell = r"\cellx{}"
    heads = ("STT", r"Nhi\u7879?m v\u7909?", r"C\u417? quan ch\u7911? tr\u236?", r"Th\u7901?i h\u7841?n")
    rows = [heads, ("1", r"R\u224? so\u225?t", r"Thanh tra S\u7903?", "15/11/2022")]
    edges = "".join(cell.format(2000 * n) for n in range(1, 5))
    body = "".join(
        r"\trowd" + edges + "".join(rf"\intbl {words}\cell" for words in row) + r"\row" for row in rows
    )
    answer = clerk.upload("ke-hoach.rtf", (r"{\rtf1\ansi " + body + "}").encode("ascii"), **HEAD)
    assert answer.status_code == 303, words(answer.text)
    shown = words(clerk.get(answer.headers["location"]).text)
    assert "Rà soát" in shown
    assert "1 nhiệm vụ" in shown


def test_a_fault_in_the_middle_keeps_nothing_of_the_plan(
    clerk: Clerk, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = clerk.handed_in(PLANS / "cchc-2022.docx", **HEAD)
    clerk.done(page, "/rows/3", what="accept")
    clerk.done(page, "/rows/55", what="accept")
    before, settled = clerk.department.dump(), []

    def fails_at_the_second(*given: object, **named: object) -> None:
        settled.append(given[2])
        if len(settled) == 2:
            raise OSError("the disk is full")
        kept(*given, **named)  # type: ignore[arg-type]

    kept = importing.settle
    with monkeypatch.context() as patch:
        patch.setattr(importing, "settle", fails_at_the_second)
        with pytest.raises(OSError, match="disk is full"):
            clerk.press(page, "/import")
    assert settled == [3, 55]
    assert clerk.department.dump() == before
    assert "57 nhiệm vụ" in words(clerk.done(page, "/import"))


def test_looking_writes_nothing(clerk: Clerk) -> None:
    page = clerk.handed_in(PLANS / "cchc-2022.docx", **HEAD)
    clerk.press(page, "/import")
    other = clerk.handed_in(PLANS / "nq-03-nq-cp-2025-pl2.xlsx")
    before = clerk.department.dump()
    for path in (
        "/imports",
        page,
        f"{page}?show=doubtful",
        f"{page}/file",
        other,
        f"{other}?page=2",
        f"/plans/{NUMBER}/activation",
        f"/plans/{NUMBER}",
    ):
        assert clerk.get(path).status_code == 200, path
    assert clerk.department.dump() == before


def test_pressed_twice_or_by_two_the_second_is_told(clerk: Clerk, tmp_path: Path) -> None:
    page = clerk.handed_in(PLANS / "cchc-2022.docx", **HEAD)
    other = clerk.handed_in(PLANS / "cchc-2022.xlsx", **HEAD)
    (form,) = (form for form in forms_of(clerk.get(page).text) if form.action.endswith("/import"))
    (second,) = (form for form in forms_of(clerk.get(other).text) if form.action.endswith("/import"))
    clerk.done(page, "/import")
    before = clerk.department.dump()
    again = clerk._ask("POST", form.action, data=dict(form.fields))
    assert again.status_code == 303
    assert "không có gì được nhập thêm" in words(clerk.get(again.headers["location"]).text)
    late = clerk._ask("POST", second.action, data=dict(second.fields))
    assert late.status_code == 400
    assert f"Kế hoạch số {NUMBER} ngày 30/01/2022 đã được nhập trước đó" in words(late.text)
    assert clerk.department.dump() == before


def test_the_same_file_again_is_one_draft_and_later_one_plan(clerk: Clerk) -> None:
    path = PLANS / "cchc-2022.docx"
    page = clerk.handed_in(path, **HEAD)
    again = clerk.upload(path.name, path.read_bytes())
    assert again.headers["location"].startswith(f"{page}?done=import_known")
    clerk.done(page, "/import")
    later = clerk.handed_in(path, **HEAD)
    assert later != page
    shown = words(clerk.get(later).text)
    assert f"Kế hoạch {NUMBER} đã có và đọc từ đúng tệp này" in shown
    assert not [form for form in forms_of(clerk.get(later).text) if form.action.endswith("/revise")]
    assert "đã được lưu" not in words(clerk.done(later, "/aside"))
    with read(clerk.department.office.engine) as session:
        found = uploads.list_uploads(session, clerk.department.office.organisation_id)
        assert [row.state for row in found] == ["set_aside", "imported"]


def test_the_same_words_in_another_file_change_nothing(clerk: Clerk) -> None:
    page = clerk.handed_in(PLANS / "cchc-2022.docx", **HEAD)
    clerk.done(page, "/import")
    other = clerk.handed_in(PLANS / "cchc-2022.xlsx", **HEAD)
    assert "không thay đổi gì ở cả 57 nhiệm vụ" in words(clerk.get(other).text)


def test_an_amended_document_shows_what_it_changes_and_is_put_into_force(
    clerk: Clerk, tmp_path: Path
) -> None:
    page = clerk.handed_in(PLANS / "cchc-2022.docx", **HEAD)
    clerk.done(page, "/import")
    clerk.done(f"/plans/{NUMBER}/activation", "/activation")
    amended = clerk.handed_in(amended_plan(tmp_path), **HEAD)
    before = clerk.record()
    shown = words(clerk.get(amended).text)
    assert "1 nhiệm vụ mới, 2 thay đổi, 1 bị bỏ, 54 giữ nguyên." in shown
    assert "trước Trước 15/11/2022 nay Trước 15/12/2022" in shown
    assert "Phòng Quản lý thương mại" in shown
    nameless = clerk.press(amended, "/revise")
    assert nameless.status_code == 400
    assert "Hãy ghi số của văn bản điều chỉnh" in words(nameless.text)
    assert clerk.record() == before
    done = words(clerk.done(amended, "/revise", document="500/QĐ-SCT", document_issued="2022-02-07"))
    assert "1 nhiệm vụ mới, 2 thay đổi, 1 kết thúc theo văn bản, 54 giữ nguyên" in done
    after = clerk.record()
    assert len(after["task"]) == 58
    assert after["letter"] == before["letter"]
    (told,) = [row for row in after["event"] if "revision" in row]
    assert "500/QĐ-SCT" in str(told)


def test_a_document_of_another_plan_drops_most_only_when_that_is_said(clerk: Clerk, tmp_path: Path) -> None:
    clerk.done(clerk.handed_in(PLANS / "cchc-2022.docx", **HEAD), "/import")
    few = plan_file(tmp_path, "1,Việc hoàn toàn khác,Báo cáo,Thanh tra Sở,,15/11/2022")
    page = clerk.handed_in(few, **HEAD)
    before = clerk.record()
    refused = clerk.press(page, "/revise", document="500/QĐ-SCT")
    assert refused.status_code == 400
    assert "Văn bản này sẽ bỏ 57 nhiệm vụ" in words(refused.text)
    assert clerk.record() == before
    partial = f"{page}?partial=yes"
    assert "1 nhiệm vụ mới, 0 thay đổi, 0 bị bỏ" in words(clerk.get(partial).text)
    assert "1 nhiệm vụ mới" in words(clerk.done(partial, "/revise", document="500/QĐ-SCT"))
    assert len(clerk.record()["task"]) == 58


def test_a_deadline_is_previewed_refused_and_kept_in_place(clerk: Clerk) -> None:
    page = clerk.handed_in(PLANS / "cchc-2022.docx", **HEAD)
    before = clerk.department.dump()
    seen = clerk.press(page, "/rows/3", what="preview", deadline="Trước ngày 20/12/2022")
    assert seen.status_code == 200
    assert "Sẽ được hiểu là (chưa ghi)" in seen.text
    assert "Các ngày đến hạn: 20/12/2022" in words(seen.text)
    assert 'value="Trước ngày 20/12/2022"' in seen.text
    vague = clerk.press(page, "/rows/3", what="keep", deadline="Tháng 99")
    assert vague.status_code == 400
    assert "Thời hạn “Tháng 99” vẫn chưa rõ" in words(vague.text)
    assert 'value="Tháng 99"' in vague.text
    empty = clerk.press(page, "/rows/3", what="keep")
    assert "Chưa ghi gì để trả lời" in words(empty.text)
    assert clerk.department.dump() == before
    kept = words(clerk.done(page, "/rows/3", what="keep", deadline="Trước ngày 20/12/2022"))
    assert "còn 1 dòng" in kept
    back = words(clerk.done(page, "/rows/3", what="clear"))
    assert "còn 2 dòng" in back
    clerk.done(page, "/rows/3", what="keep", deadline="Trước ngày 20/12/2022")
    clerk.done(page, "/import")
    with read(clerk.department.office.engine) as session:
        organisation = clerk.department.office.organisation_id
        plan = tasks.plan_or_refuse(session, organisation, NUMBER)
        facts = tasks.facts_of_task(session, tasks.task_or_refuse(session, organisation, f"{NUMBER}/3"))
        assert [due.due.isoformat() for due in facts.planned] == ["2022-12-20"]
        assert {asked.row for asked in tasks.questions_of(session, plan)} == {55}


def test_units_nobody_knows_are_named_added_or_left_open(clerk: Clerk, tmp_path: Path) -> None:
    path = plan_file(
        tmp_path,
        "1,Rà soát văn bản,Báo cáo,Phòng Thương nghiệp,,15/11/2022",
        "2,Kiểm tra hồ sơ,Báo cáo,Phòng Thương nghiệp,Phòng Dân vận,Quý III/2022",
        "3,Tập huấn,Báo cáo,Tổ công nghệ số,,20/12/2022",
        "4,Tuyên truyền,Báo cáo,Các tổ giúp việc,,20/12/2022",
    )
    page = clerk.handed_in(path, **HEAD)
    shown = words(clerk.get(page).text)
    assert "“Phòng Thương nghiệp” ở 2 dòng" in shown
    wrong = clerk.press(page, "/names", 0, what="unit", unit_typed="Phòng không có")
    assert wrong.status_code == 400
    taken = clerk.press(page, "/names", 1, what="new_unit", code="VP")
    assert "Mã “VP” đã thuộc đơn vị khác" in words(taken.text)
    assert clerk.record()["unit_alias"] == clerk.record()["unit_alias"]
    clerk.done(page, "/names", 0, what="unit", unit="QLTM", unit_typed="")
    by_name = {
        value: form
        for form in forms_of(clerk.get(page).text)
        for name, value in form.fields
        if name == "name" and any(button[1] in ("new_unit", "new_group") for button in form.buttons)
    }
    for name, extra in (
        ("Tổ công nghệ số", {"what": "new_unit", "code": "TCNS"}),
        ("Các tổ giúp việc", {"what": "new_group", "members": ["VP", "TT"]}),
    ):
        form = by_name[name]
        posted = {**dict(form.fields), **extra}
        assert clerk._ask("POST", form.action.partition("#")[0], data=posted).status_code == 303
    ready = words(clerk.get(page).text)
    assert "Các tổ giúp việc (2 đơn vị)" in ready
    assert "còn 1 dòng" in ready  # Phòng Dân vận is left open
    units_before = len(clerk.record()["unit"])
    said = words(clerk.done(page, "/import"))
    assert "4 nhiệm vụ, còn 1 dòng chờ trả lời" in said
    office = clerk.department.office
    with read(office.engine) as session:
        plan = tasks.plan_or_refuse(session, office.organisation_id, NUMBER)
        (asked,) = tasks.questions_of(session, plan)
        assert (asked.row, asked.problem.params["name"]) == (2, "Phòng Dân vận")
        facts = tasks.facts_of_plan(session, plan)
        assert [[owner.code for owner in task.owners] for task in facts] == [
            ["QLTM"],
            ["QLTM"],
            ["TCNS"],
            ["CAC-TO-GIUP-VIEC"],
        ]
        assert [task.active for task in facts] == [True, False, True, True]
    assert len(clerk.record()["unit"]) == units_before + 1
    assert any("Phòng Thương nghiệp" in row for row in clerk.record()["unit_alias"])


def test_settings_of_the_plan_are_kept_with_it(clerk: Clerk) -> None:
    page = clerk.handed_in(PLANS / "cchc-2022.docx")
    lacking = clerk.press(page, "/head", number=NUMBER, issued="")
    assert lacking.status_code == 400
    assert "Cần cả số, ký hiệu và ngày ban hành" in words(lacking.text)
    focal = clerk.press(page, "/head", **HEAD, answered_by="focal_unit", focal_unit="")
    assert "hãy chọn đơn vị đầu mối" in words(focal.text)
    assert not [form for form in forms_of(clerk.get(page).text) if form.action.endswith("/import")]
    clerk.done(
        page,
        "/head",
        **HEAD,
        title="Kế hoạch cải cách hành chính năm 2022",
        label="bản dựng lại",
        regime="nd09",
        continuous="year_end",
        not_arisen="excluded",
        answered_by="focal_unit",
        focal_unit="VP",
        printed_dates_slide="yes",
        derived_dates_slide="no",
    )
    clerk.done(page, "/import")
    office = clerk.department.office
    with read(office.engine) as session:
        plan = tasks.plan_or_refuse(session, office.organisation_id, NUMBER)
        settings = tasks.settings_of(plan)
        assert (plan.title, plan.label) == ("Kế hoạch cải cách hành chính năm 2022", "bản dựng lại")
    assert (settings.year, settings.regime, settings.continuous, settings.not_arisen) == (
        2022,
        "nd09",
        "year_end",
        "excluded",
    )
    assert (settings.answered_by, settings.focal_unit) == ("focal_unit", "VP")
    assert (settings.printed_dates_slide, settings.derived_dates_slide) == (True, False)


def test_the_original_is_given_back_as_it_was_with_its_digest(clerk: Clerk) -> None:
    path = PLANS / "cchc-2022.docx"
    page = clerk.handed_in(path, **HEAD)
    clerk.done(page, "/import")
    given = clerk.get(f"{page}/file")
    assert given.content == path.read_bytes()
    assert given.headers["content-disposition"].startswith("attachment;")
    plan = clerk.get(f"/plans/{NUMBER}").text
    (href,) = re.findall(r'href="([^"]*/files/([0-9a-f]{64}))"', plan)
    assert clerk.get(href[0].removeprefix(HOST)).content == path.read_bytes()
    assert f"SHA-256 <code>{href[1]}</code>" in plan
    assert href[1] in clerk.get(page).text


def test_long_plans_come_in_pages(clerk: Clerk, tmp_path: Path) -> None:
    rows = [f"{n},Việc số {n},Báo cáo,Thanh tra Sở,,15/11/2022" for n in range(1, 251)]
    page = clerk.handed_in(plan_file(tmp_path, *rows), **HEAD)
    first, third = clerk.get(page).text, clerk.get(f"{page}?page=3").text
    assert "Dòng 1–100 trong 251 dòng" in first
    assert "Dòng 201–251 trong 251 dòng" in third
    assert "Việc số 250" in third
    assert "Việc số 250" not in first
    assert clerk.get(f"{page}?page=99999").status_code == 200
    assert clerk.get(f"{page}?page=<b>").status_code == 200


def test_cells_are_words_on_the_page_and_nothing_else(clerk: Clerk, tmp_path: Path) -> None:
    path = plan_file(
        tmp_path,
        "1,<script>alert(1)</script> rà soát,<img src=x>,Thanh tra Sở,,15/11/2022",
        '2,"=HYPERLINK(""http://evil.example"";""bấm"")",Báo cáo,<b>Phòng lạ</b>,,15/11/2022',
    )
    page = clerk.handed_in(path, **HEAD)
    shown = clerk.get(page).text
    assert "<script" not in shown
    assert "<img" not in shown
    assert "<b>Phòng lạ" not in shown
    assert "&lt;script&gt;alert(1)&lt;/script&gt; rà soát" in shown
    assert "=HYPERLINK(&#34;http://evil.example&#34;" in shown
    assert 'href="http://evil' not in shown


def test_formulas_of_a_sheet_are_never_worked_out(clerk: Clerk, tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(HEADS.split(","))
    sheet.append([1, '=CONCATENATE("Rà ","soát")', "Báo cáo", "Thanh tra Sở", "", "15/11/2022"])
    sheet.append([2, "Kiểm tra", '=WEBSERVICE("http://evil.example")', "Thanh tra Sở", "", "15/11/2022"])
    path = tmp_path / "ke-hoach.xlsx"
    book.save(path)
    shown = clerk.get(clerk.handed_in(path, **HEAD))
    assert shown.status_code == 200
    assert "evil.example" not in re.sub(r"=WEBSERVICE[^<]*", "", shown.text)


@pytest.mark.parametrize("ticket", ["", "1.2.3"], ids=["none", "made up"])
def test_a_form_drawn_elsewhere_does_nothing(clerk: Clerk, ticket: str) -> None:
    page = clerk.handed_in(PLANS / "cchc-2022.docx", **HEAD)
    before = clerk.department.dump()
    for path in ("/imports", f"{page}/import", f"{page}/rows/3", f"{page}/names", f"{page}/aside"):
        answer = clerk._ask("POST", path.removeprefix(HOST), data={"ticket": ticket, "what": "accept"})
        assert answer.status_code == 400, path
        assert "Biểu mẫu này không còn dùng được" in words(answer.text)
    assert clerk.department.dump() == before


def test_uploads_of_another_office_are_not_there(clerk: Clerk, sqlite_engine: Engine) -> None:
    page = clerk.handed_in(PLANS / "cchc-2022.docx", **HEAD).removeprefix(HOST)
    with write(sqlite_engine) as session:
        kind = {"kind": "simulated", "place": "", "superior": "", "created_at": NOW}
        session.execute(insert(Organisation).values(code="khac", name="Sở khác", **kind))
        other = session.scalars(select(Organisation.id).where(Organisation.code == "khac")).one()
        session.execute(update(uploads.UploadRow).values(organisation_id=other))
    for path in (page, f"{page}/file"):
        answer = clerk.get(path)
        assert answer.status_code == 404, path
        assert "cchc-2022" not in answer.text
    assert "Chưa có văn bản nào" in clerk.get("/imports").text


def test_a_reading_that_takes_too_long_is_ended_and_said() -> None:
    data = (PLANS / "cchc-2022.pdf").read_bytes()
    with pytest.raises(Refused) as refused:
        read_apart(data, Asked(sha256="-", name="ke-hoach.pdf"), most_seconds=0.05)
    assert refused.value.code == "import_too_costly"


def test_what_a_review_promises_is_what_the_import_keeps(clerk: Clerk, tmp_path: Path) -> None:
    """Each answer alone and all together: the page's reading of every row is the record's."""
    path = plan_file(
        tmp_path,
        "1,Rà soát,Báo cáo,Phòng lạ,Thanh tra Sở,Tháng 15/11/2022",
        "2,Kiểm tra,Báo cáo,Phòng lạ; Văn phòng Sở,,Thường xuyên",
        "3,Tập huấn,Báo cáo,,Phòng lạ,Quý III/2022",
    )
    page = clerk.handed_in(path, **HEAD)
    clerk.done(page, "/names", 0, what="unit", unit="QLCN", unit_typed="", learn=[])
    alone = clerk.press(page, "/rows/1", what="keep", deadline="Hằng quý", co_owner="VP")
    assert "chưa có đơn vị chủ trì" in words(alone.text)
    clerk.done(page, "/rows/1", what="keep", deadline="Hằng quý", owner="QLCN", co_owner="VP")
    clerk.done(page, "/rows/3", what="keep", owner="TT", owners="Văn phòng Sở")
    promised = re.findall(
        r"<dt>(Đơn vị chủ trì|Đơn vị phối hợp|Thời hạn)</dt><dd>(.*?)</dd>", clerk.get(page).text
    )
    clerk.done(page, "/import")
    office = clerk.department.office
    with read(office.engine) as session:
        plan = tasks.plan_or_refuse(session, office.organisation_id, NUMBER)
        facts = tasks.facts_of_plan(session, plan)
        kept = {task.row: [(str(owner.role), owner.code) for owner in task.owners] for task in facts}
        due = [len(task.planned) for task in facts]
    names = {"Phòng Quản lý công nghiệp": "QLCN", "Văn phòng Sở": "VP", "Thanh tra Sở": "TT"}
    shown: dict[int, list[tuple[str, str]]] = {1: [], 2: [], 3: []}
    row = 0
    for heading, lines in promised:
        row += heading == "Đơn vị chủ trì"
        role = "owner" if heading == "Đơn vị chủ trì" else "co_owner"
        if heading != "Thời hạn":
            found = re.findall(r'<span class="line">(.*?)</span>', lines)
            shown[row] += [(role, names[name]) for name in found]
    assert shown == kept
    assert due == [4, 4, 1]


def a_bomb() -> bytes:
    """Return a .docx of a few kilobytes that would unpack to more than is taken."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        with package.open("word/document.xml", "w", force_zip64=True) as part:
            for _ in range(220):
                part.write(b"0" * 1024**2)
    return packed.getvalue()


def a_secret() -> bytes:
    document = docx.Document(str(PLANS / "cchc-2022.docx"))
    document.paragraphs[0].insert_paragraph_before("TỐI MẬT")
    kept = io.BytesIO()
    document.save(kept)
    return kept.getvalue()


HOSTILE = {
    "a picture": ("anh.png", lambda: b"\x89PNG\r\n\x1a\n" + bytes(64), "không"),
    "a picture called a plan": ("ke-hoach.docx", lambda: b"\x89PNG\r\n\x1a\n" + bytes(64), "không"),
    "an empty file": ("ke-hoach.docx", lambda: b"", "rỗng"),
    "a program": ("ke-hoach.xlsx", lambda: b"MZ" + bytes(512), "không"),
    "a bomb": ("ke-hoach.docx", a_bomb, "giải nén"),
    "a secret": ("ke-hoach.docx", a_secret, "mật"),
    "a torn file": ("ke-hoach.docx", lambda: (PLANS / "cchc-2022.docx").read_bytes()[:9000], "hỏng"),
    "no plan": ("ke-hoach.csv", lambda: b"a,b\n1,2\n", "không"),
}


@pytest.mark.parametrize("which", HOSTILE)
def test_what_is_no_plan_is_refused_and_not_kept(clerk: Clerk, tmp_path: Path, which: str) -> None:
    name, make, why = HOSTILE[which]
    before = clerk.department.dump()
    answer = clerk.upload(name, make(), **HEAD)
    assert answer.status_code == 400
    (said,) = re.findall(r'role="alert">(.*?)</p>', answer.text)
    assert why in said.casefold()
    assert f'value="{NUMBER}"' in answer.text
    assert clerk.department.dump() == before
    assert not list((tmp_path / "files").rglob("*")) or not (tmp_path / "files").exists()


@pytest.mark.parametrize(
    "name", ["../../etc/ke-hoach.csv", "C:\\plans\\ke-hoach.csv", "-m os ke-hoach.csv", "kế\u202ehoạch.csv"]
)
def test_a_name_of_a_file_is_no_path(clerk: Clerk, tmp_path: Path, name: str) -> None:
    data = plan_file(tmp_path, "1,Rà soát,Báo cáo,Thanh tra Sở,,15/11/2022").read_bytes()
    answer = clerk.upload(name, data, **HEAD)
    assert answer.status_code == 303
    with read(clerk.department.office.engine) as session:
        (row,) = uploads.list_uploads(session, clerk.department.office.organisation_id)
    assert "/" not in row.name
    assert "\\" not in row.name
    assert row.name.endswith(".csv")
    kept = [path for path in (tmp_path / "files").rglob("*") if path.is_file()]
    assert [path.name for path in kept] == [row.sha256]


def test_a_document_is_read_once_however_often_it_is_looked_at() -> None:
    data = (PLANS / "cchc-2022.csv").read_bytes()
    asked, readings, opened = Asked(sha256="-", name="ke-hoach.csv", year=2022), Readings(), []

    def bytes_of_it() -> bytes:
        opened.append(asked)
        return data

    assert readings.of(asked, bytes_of_it) is readings.of(asked, bytes_of_it)
    assert len(opened) == 1


def test_without_a_place_to_keep_files_there_is_no_importing(clerk: Clerk) -> None:
    office = clerk.department.office
    plain = create_board(
        office.engine, office.organisation_id, clock=lambda: NOW, base_url=HOST, calendar=office.calendar
    )
    without = Clerk(app=plain, department=clerk.department)
    assert without.get("/imports").status_code == 404
    assert "/imports" not in without.get("/").text
