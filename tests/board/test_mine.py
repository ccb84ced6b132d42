"""“Việc của tôi”: what a letter's reader sees and may do in his unit, and what a leaked link cannot."""

from __future__ import annotations

import io
import re
import time
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, select, text

from notifications.signing import Purpose
from storage import links, tasks
from storage.arising import said_arisen
from storage.engine import read, write
from storage.plan_import import import_plan
from storage.schema import FileRow, LetterRow, ShareRow
from storage.starting import open_plan
from tasks_catalog.facts import Document, Evidence
from tasks_catalog.intake import take_in
from tasks_catalog.task import PlanHead, PlanRead, RowCount
from tests.board.cast import CALENDAR, DIRECTORY, NOW, NUMBER, SETTINGS, Reader, a_task, at
from tests.board.links import ONE, SHEET_TASK, TODAY, Acts, File, said

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
OTHER_PDF = PDF.replace(b"1.7", b"1.6")
CONDITION = f"{NUMBER}/4"
LAST_SHEET = "2022-09-14"


def pdf(name: str = "Báo cáo.pdf", data: bytes = PDF) -> File:
    return ("files", (name, data, "application/pdf"))


def with_macros() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as package:
        for part in ("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"):
            package.writestr(part, "x")
    return packed.getvalue()


def share_id(acts: Acts, task: str, unit: str, occurrence: str = "") -> int:
    """The number of the unit's open share of a task, else its latest."""
    row = int(task.rpartition("/")[2])
    with read(acts.engine) as session:
        found = session.execute(
            text(
                "SELECT s.id FROM share s JOIN task t ON t.id = s.task_id JOIN occurrence o ON"
                " o.id = s.occurrence_id WHERE t.row = :row AND s.unit = :unit AND o.key LIKE :key"
                " ORDER BY s.is_live DESC, s.due DESC"
            ),
            {"row": row, "unit": unit, "key": occurrence or "%"},
        )
        return int(found.scalars().first() or 0)


def under(acts: Acts, person: str, what: str, task: str = ONE, unit: str = "TT") -> str:
    return f"{acts.link(Purpose.MINE, person)}/shares/{share_id(acts, task, unit)}/{what}"


def sections(page: str) -> dict[str, str]:
    """The text of each section of the page by its place."""
    found = re.findall(r'<section aria-labelledby="([\w-]+)">(.*?)</section>', page, re.DOTALL)
    return {place: " ".join(re.sub(r"<[^>]+>", " ", words).split()) for place, words in found}


def hire(acts: Acts, code: str, name: str, unit: str = "QLTM") -> None:
    """Take on an officer."""
    told = {"org": acts.organisation_id, "code": code, "name": name, "unit": unit}
    with write(acts.engine) as session:
        session.execute(
            text(
                "INSERT INTO person (organisation_id, code, name, email, email_key, unit, post, title,"
                " language, active, in_charge, position) VALUES (:org, :code, :name, :code || '@example.vn',"
                " :code || '@example.vn', :unit, 'officer', '', 'vi', 1, 0, 50)"
            ),
            told,
        )


# --- what is shown -----------------------------------------------------------------------------------


def test_an_officer_sees_what_is_late_and_why_and_what_happens_next(acts: Acts) -> None:
    page = acts.get(acts.link(Purpose.MINE, "gu"))
    found = sections(page.text)
    assert list(found) == ["overdue", "later-sheets"]
    assert "Rà soát văn bản" in found["overdue"]
    assert "Quá hạn 18 ngày Hạn 30/09/2022" in found["overdue"]
    assert "Đây là lần nhắc cuối" in found["overdue"]
    for way in ("Báo cáo hoàn thành", "Báo tiến độ", "Xin thêm thời gian", "Đã trình, chờ cấp"):
        assert way in found["overdue"]
    assert "Giao cho cán bộ" not in found["overdue"]
    assert "Kiểm tra" not in said(page)  # another unit's


def test_a_head_sees_the_whole_unit_by_officer_with_what_each_has(acts: Acts) -> None:
    hire(acts, "lim", "Lim Thử")
    with write(acts.engine) as session:
        acts.desk(session).reassign(f"{NUMBER}/2", from_unit="QLTM", to_unit="QLTM", officer="lim")
    path = acts.link(Purpose.MINE, "dau")
    found = sections(acts.get(path).text)
    assert "Phiếu kỳ quý III năm 2022, kế hoạch 383/KH-SCT" in found["sheets"]
    assert "Còn 1 dòng chưa báo cáo" in found["sheets"]
    assert "Lim Thử (1)" in found["coming"]
    assert "Chưa giao cho ai 2 1" in found["officers"]  # the lines of two sheets, one late
    assert "Lim Thử 1 0" in found["officers"]
    assert "Dầu 0 0" in found["officers"]
    his = sections(acts.get(f"{path}?officer=lim").text)
    assert list(his) == ["officers", "coming"]
    assert acts.get(f"{path}?officer=gu").status_code == 400


def test_what_was_handed_to_another_officer_is_not_shown_and_a_members_word_is_not_the_heads(
    acts: Acts,
) -> None:
    hire(acts, "lim", "Lim Thử")
    hire(acts, "son", "Sơn Thử")
    with write(acts.engine) as session:
        acts.desk(session).reassign(f"{NUMBER}/2", from_unit="QLTM", to_unit="QLTM", officer="lim")
    lim, son = (acts.get(acts.link(Purpose.MINE, code)).text for code in ("lim", "son"))
    assert "Kiểm tra" in sections(lim)["coming"]
    assert "coming" not in sections(son)
    assert "officers" not in sections(lim)
    narrowed = acts.get(f"{acts.link(Purpose.MINE, 'son')}?officer=lim").text  # only a head's to ask
    assert "Kiểm tra" not in narrowed


def test_a_plans_words_are_shown_as_text(acts: Acts) -> None:
    page = acts.get(acts.link(Purpose.MINE, "dau")).text
    assert "<script>" not in page
    assert "Kiểm tra &lt;script&gt;alert(1)&lt;/script&gt; &amp; rà soát" in page


def test_english_readers_get_it_in_english(acts: Acts) -> None:
    with write(acts.engine) as session:
        session.execute(text("UPDATE person SET language = 'en' WHERE code = 'gu'"))
    page = acts.get(acts.link(Purpose.MINE, "gu"))
    assert "My work" in said(page)
    assert "18 days overdue" in said(page)
    assert '<html lang="en">' in page.text


# --- what is done ------------------------------------------------------------------------------------


def test_a_report_keeps_its_files_and_leads_back(acts: Acts) -> None:
    answer = acts.send(
        under(acts, "gu", "report"),
        files=[pdf(), pdf("Phụ lục.pdf", OTHER_PDF)],
        document="45/BC-TT",
        issued="2022-10-14",
        note="Đã rà soát xong",
    )
    assert answer.status_code == 303
    home = answer.headers["location"]
    after = acts.get(home)
    assert "Đã ghi nhận báo cáo hoàn thành, chờ xác nhận" in said(after)
    report = acts.share(ONE, "TT", "2022-09-30").report
    assert report is not None
    assert (report.by, report.product_date, report.note) == ("gu", date(2022, 10, 14), "Đã rà soát xong")
    assert [proof.text for proof in report.evidence] == ["45/BC-TT", "Báo cáo.pdf", "Phụ lục.pdf"]
    assert acts.remarks(ONE)[-1] == (
        "report",
        "gu",
        "Đã rà soát xong (qua liên kết trong thư số 3 ngày 18/10/2022)",
    )
    assert acts.uses() == [("m:report", "done")]
    [first, _] = re.findall(r'href="(/a/[^"]*/files/[^"]*)"', after.text)
    got = acts.get(first)
    assert got.content == PDF
    assert got.headers["content-disposition"].startswith("attachment;")
    events = len(acts.remarks(ONE))
    acts.get(home)
    assert len(acts.remarks(ONE)) == events  # the page that says so does nothing again


@pytest.mark.parametrize(
    ("files", "says"),
    [
        pytest.param(
            [pdf(), ("files", ("Trang.pdf", b"<html>", "application/pdf"))], "“Trang.pdf”", id="a page"
        ),
        pytest.param(
            [pdf(), ("files", ("Mẫu.docx", with_macros(), "application/x"))], "“Mẫu.docx”", id="with macros"
        ),
        pytest.param([pdf(), pdf("Rỗng.pdf", b"")], "“Rỗng.pdf”", id="empty"),
        pytest.param([pdf(), pdf("Tờ trình.docx")], "“Tờ trình.docx”", id="another kind than its name says"),
        pytest.param(
            [pdf("Quét.pdf", PDF + b"0" * 20 * 1024**2)], "“Quét.pdf” lớn hơn 20 MB", id="over the limit"
        ),
    ],
)
def test_a_refused_file_is_named_keeps_nothing_and_what_was_typed_stays(
    acts: Acts, files: list[File], says: str
) -> None:
    before = acts.everything()
    answer = acts.send(under(acts, "gu", "report"), files=files, document="45/BC-TT", note="Đã xong")
    assert answer.status_code == 400
    assert says in said(answer)
    assert 'value="45/BC-TT"' in answer.text
    assert "Đã xong</textarea>" in answer.text
    with read(acts.engine) as session:
        assert session.scalars(select(FileRow)).all() == []
    assert not list((Path(acts.engine.url.database or "").parent / "files").rglob("*"))
    after = acts.everything()
    assert {name for name in after if after[name] != before[name]} <= {"link_use", "letter"}


def test_more_than_five_files_are_refused(acts: Acts) -> None:
    answer = acts.send(under(acts, "gu", "report"), files=[pdf(f"{n}.pdf") for n in range(6)], note="Xong")
    assert answer.status_code == 400
    assert acts.share(ONE, "TT", "2022-09-30").report is None


def test_an_old_one_line_link_takes_files_too(acts: Acts) -> None:
    path = acts.link(Purpose.REPORT, "gu", ONE)
    page = acts.get(path)
    assert 'enctype="multipart/form-data"' in page.text
    answer = acts._ask("POST", path, None, data={"note": ""}, files=[pdf()])
    assert answer.status_code == 200
    report = acts.share(ONE, "TT", "2022-09-30").report
    assert report is not None
    assert [(proof.text, len(proof.sha256 or "")) for proof in report.evidence] == [("Báo cáo.pdf", 64)]


def test_progress_time_and_waiting_are_said_and_resumed(acts: Acts) -> None:
    assert (
        acts.send(under(acts, "gu", "progress"), expected="2022-10-25", note="Còn 2 văn bản").status_code
        == 303
    )
    assert acts.send(under(acts, "gu", "extend"), to="30/11/2022", note="Chờ ý kiến").status_code == 303
    share = acts.share(ONE, "TT", "2022-09-30")
    assert share.expected == date(2022, 10, 25)
    assert share.request is not None
    found = sections(acts.get(acts.link(Purpose.MINE, "gu")).text)
    assert "xin gia hạn đến 30/11/2022" in found["asked"]
    assert "lý do: Chờ ý kiến" in found["asked"]
    assert "overdue" not in found
    refused = acts.send(under(acts, "gu", "wait"), document="12/TTr-TT", note="Trình UBND tỉnh")
    assert refused.status_code == 400
    assert "số, ký hiệu và ngày" in said(refused)
    acts.send(under(acts, "gu", "wait"), document="12/TTr-TT", issued="2022-10-17", note="Trình UBND tỉnh")
    share = acts.share(ONE, "TT", "2022-09-30")
    assert share.waiting is not None
    assert share.waiting.document == Document(number="12/TTr-TT", issued=date(2022, 10, 17))
    assert acts.send(under(acts, "gu", "resume"), document="90/UBND").status_code == 303
    assert acts.share(ONE, "TT", "2022-09-30").waiting is None
    assert [what for what, _ in acts.uses()] == ["m:progress", "m:extend", "m:wait", "m:wait", "m:resume"]


def test_figures_are_given_where_the_task_has_targets(acts: Acts) -> None:
    path = f"{acts.link(Purpose.MINE, 'gu')}/shares/{share_id(acts, SHEET_TASK, 'TT', LAST_SHEET)}/measure"
    answer = acts.send(path, **{"figure-1": "97,5"})
    assert answer.status_code == 303
    share = acts.share(SHEET_TASK, "TT", LAST_SHEET)
    assert str(share.measures[-1].figure.amount) == "97.5"
    refused = acts.send(path, **{"figure-1": "gần hết"})
    assert refused.status_code == 400
    assert "gần hết" in said(refused)
    assert acts.get(under(acts, "gu", "measure")).status_code == 400  # that task has none


def test_a_condition_is_said_to_have_arisen_and_starts_no_clock(acts: Acts) -> None:
    home = acts.link(Purpose.MINE, "truc")
    page = acts.get(home)
    assert "hướng dẫn của UBND tỉnh" in sections(page.text)["conditions"]
    [path] = re.findall(r'href="(/a/[^"]*/arisen)"', page.text)
    answer = acts.send(
        path, arose="2022-10-17", note="Tỉnh đã ban hành", document="77/UBND-KSTT", issued="2022-10-15"
    )
    assert answer.status_code == 303
    assert "người điều phối sẽ xem xét" in said(acts.get(answer.headers["location"]))
    with read(acts.engine) as session:
        [waiting] = said_arisen(session, acts.organisation_id)
        facts = tasks.facts_of_task(session, tasks.task_or_refuse(session, acts.organisation_id, CONDITION))
    assert (waiting.said.unit, waiting.said.arose, waiting.said.words) == (
        "VP",
        date(2022, 10, 17),
        "Tỉnh đã ban hành",
    )
    assert facts.shares == {}
    again = sections(acts.get(home).text)["conditions"]
    assert "Đơn vị đã báo phát sinh ngày 18/10/2022" in again
    assert acts.get(path).status_code == 200
    assert acts.send(path, arose="2022-10-17", note="Lần nữa").status_code == 400


def test_a_head_hands_a_share_to_an_officer_and_takes_it_back(acts: Acts) -> None:
    hire(acts, "lim", "Lim Thử")
    task, path = f"{NUMBER}/2", under(acts, "dau", "hand-over", f"{NUMBER}/2", "QLTM")
    assert "Lim Thử Đang mở 0, quá hạn 0" in said(acts.get(path))
    assert acts.send(path, officer="lim").status_code == 303
    assert acts.share(task, "QLTM", "2022-11-15").officer == "lim"
    assert acts.send(path, officer="gu").status_code == 400  # of another unit
    assert acts.share(task, "QLTM", "2022-11-15").officer == "lim"
    assert acts.send(path, officer="").status_code == 303
    assert acts.share(task, "QLTM", "2022-11-15").officer is None
    officers = under(acts, "gu", "hand-over")
    assert acts.get(officers).status_code == 400  # no head
    assert acts.post(officers, officer="gu").status_code == 400


def test_sent_twice_it_is_recorded_once(acts: Acts) -> None:
    path = under(acts, "gu", "report")
    drawn = acts.get(path)
    ticket = re.search(r'name="ticket" value="([^"]*)"', drawn.text)
    assert ticket
    assert acts.post(path, note="Xong", ticket=ticket[1]).status_code == 303
    again = acts.post(path, note="Xong", ticket=ticket[1])
    assert again.status_code == 400
    assert "không còn phù hợp" in said(again)
    assert [kind for kind, _, _ in acts.remarks(ONE)].count("report") == 1


# --- the sheet ---------------------------------------------------------------------------------------

LINES = 35
BIG = "12/KH-SCT"


@pytest.fixture
def big_sheet(acts: Acts) -> Acts:
    """A plan of 35 continuous tasks of one unit, whose first period was reported with a remark."""
    rows = tuple(
        replace(
            a_task(n, f"Nội dung thường xuyên {n}", "Phòng Quản lý thương mại", "Thường xuyên"), product=""
        )
        for n in range(1, LINES + 1)
    )
    rows = (replace(rows[0], objective="100% TTHC công khai đúng hạn"), *rows[1:])
    plan_read = PlanRead(head=PlanHead(title="Kế hoạch"), tasks=rows, rows=RowCount())
    taken = take_in(plan_read, DIRECTORY, SETTINGS, CALENDAR)
    start = date(2022, 5, 20)
    with write(acts.engine) as session:
        plan = import_plan(
            session,
            acts.organisation_id,
            plan_read,
            number=BIG,
            issued=start,
            settings=SETTINGS,
            owners=taken.owners,
            planned=taken.planned,
            problems=taken.problems,
            by="truc",
            at=at(start),
        )
        tasks.activate(session, plan, on=start, by="truc", at=at(start))
        for day in (start, date(2022, 9, 15)):
            open_plan(session, plan, directory=DIRECTORY, at=at(day), on=day)
        desk = acts.desk(session, by="dau", at=at(date(2022, 6, 10)), note="Đã làm trong kỳ trước")
        proof = Evidence(text="7/BC-QLTM")
        for n in range(1, LINES + 1):
            desk.report(f"{BIG}/{n}", "QLTM", occurrence="2022-06-14", evidence=[proof])
    return acts


def test_thirty_five_lines_are_sent_in_three_clicks_under_a_second(big_sheet: Acts) -> None:
    home = big_sheet.get(big_sheet.link(Purpose.MINE, "dau")).text
    [sheet] = [
        href
        for href in re.findall(r'href="(/a/[^"]*/sheet/[^"]*)"', home)
        if href.endswith("12%2FKH-SCT/2022-Q3")
    ]
    drawn = big_sheet.get(sheet)  # the first click, as it is from the letter of a sheet
    assert " checked" not in drawn.text
    [everything] = re.findall(
        rf'<a class="button" href="([^"]*)">Tất cả {LINES} dòng đã thực hiện</a>', drawn.text
    )
    confirming = big_sheet.get(everything)  # the second
    assert confirming.text.count('type="hidden" name="done-') == LINES
    assert "Ghi chú: Đã làm trong kỳ trước" in said(confirming)
    assert "Kỳ trước ghi: 7/BC-QLTM" in said(confirming)
    asked: list[str] = []
    event.listen(big_sheet.engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    began = time.process_time()
    answer = big_sheet.send(everything, document="9/BC-QLTM", files=[pdf()])  # the third
    took = time.process_time() - began
    assert answer.status_code == 303
    assert took < 1
    assert len(asked) < 170, len(asked)  # one event a line; all else is asked once
    after = said(big_sheet.get(answer.headers["location"]))
    assert f"Đã ghi nhận {LINES} dòng của phiếu; cả phiếu đã báo cáo đủ." in after
    assert "Phiếu kỳ tiếp theo đến hạn ngày 14/12/2022" in after
    report = big_sheet.share(f"{BIG}/{LINES}", "QLTM", LAST_SHEET).report
    assert report is not None
    assert (report.note, [proof.text for proof in report.evidence]) == (
        "Đã làm trong kỳ trước",
        ["9/BC-QLTM", "Báo cáo.pdf"],
    )
    assert big_sheet.uses() == [("m:sheet", "done")]


def test_part_of_a_sheet_is_sent_and_what_is_left_is_said(big_sheet: Acts) -> None:
    token = big_sheet.link(Purpose.MINE, "dau")
    path = f"{token}/sheet/12%2FKH-SCT/2022-Q3"
    names = re.findall(r'name="(done-\d+)"', big_sheet.get(path).text)
    assert len(names) == LINES
    figure = names[0].replace("done", "figure") + "-1"
    answer = big_sheet.send(path, **{names[0]: "1", names[1]: "1", figure: "100"})
    after = big_sheet.get(answer.headers["location"])
    assert f"Đã ghi nhận 2 dòng của phiếu; còn {LINES - 2} dòng chưa báo cáo" in said(after)
    assert after.text.count('name="done-') == LINES - 2
    assert str(big_sheet.share(f"{BIG}/1", "QLTM", LAST_SHEET).measures[-1].figure.amount) == "100"


def test_one_figure_at_fault_keeps_the_whole_sheet_unsent_and_what_was_typed(big_sheet: Acts) -> None:
    path = f"{big_sheet.link(Purpose.MINE, 'dau')}/sheet/12%2FKH-SCT/2022-Q3?all=1"
    [figure] = re.findall(r'name="(figure-\d+-1)"', big_sheet.get(path).text)
    answer = big_sheet.send(path, **{figure: "gần đủ", "document": "9/BC-QLTM"})
    assert answer.status_code == 400
    assert "gần đủ" in said(answer)
    assert 'value="9/BC-QLTM"' in answer.text
    assert f'type="hidden" name="{figure.replace("figure", "done")[:-2]}" value="1"' in answer.text
    assert big_sheet.share(f"{BIG}/2", "QLTM", LAST_SHEET).report is None


# --- leaked links ------------------------------------------------------------------------------------


def _everywhere(acts: Acts, token: str) -> list[str]:
    """Every page under a token, of every unit's shares, sheets and tasks."""
    with read(acts.engine) as session:
        shares = session.scalars(select(ShareRow.id)).all()
    whats = ("report", "progress", "extend", "measure", "wait", "resume", "hand-over")
    return [
        token,
        *(f"{token}/shares/{share}/{what}" for share in shares for what in whats),
        f"{token}/sheet/383%2FKH-SCT/{SETTINGS.year}-Q3",
        f"{token}/sheet/383%2FKH-SCT/{SETTINGS.year}-Q3?all=1",
        *(f"{token}/tasks/383%2FKH-SCT/{row}/arisen" for row in range(1, 7)),
    ]


def test_a_scanner_that_opens_every_page_changes_nothing(acts: Acts) -> None:
    pages = _everywhere(acts, acts.link(Purpose.MINE, "dau"))
    before = acts.everything()
    opened = [acts.get(page).status_code for page in pages]
    for page in pages:
        acts.head(page)
    assert acts.everything() == before
    assert opened.count(200) >= 8


@pytest.mark.parametrize("person", ["gu", "dau", "truc"])
def test_a_token_reaches_its_readers_own_unit_and_no_other(acts: Acts, person: str) -> None:
    """Every share of another unit is refused, to look at and to post to, and nothing of it is shown."""
    token = acts.link(Purpose.MINE, person)
    unit = {"gu": "TT", "dau": "QLTM", "truc": "VP"}[person]
    with read(acts.engine) as session:
        foreign = session.scalars(select(ShareRow.id).where(ShareRow.unit != unit)).all()
    before = acts.everything()
    for share in foreign:
        path = f"{token}/shares/{share}/report"
        for answer in (
            acts.get(path),
            acts.post(path, note="Xong"),
            acts.post(path, note="Xong", ticket=_ticket(path)),
        ):
            assert answer.status_code == 400
            assert "Rà soát" not in said(answer)
    after = acts.everything()
    assert {name for name in after if after[name] != before[name]} <= {"link_use"}
    assert {outcome for _, outcome in acts.uses()} == {"link_share_moved"}


def _ticket(path: str) -> str:
    from board.tickets import ticket_for
    from tests.board.links import KEYS

    return ticket_for(path, KEYS)


def test_a_coordinators_letter_gives_nobody_his_power(acts: Acts) -> None:
    token = acts.link(Purpose.MINE, "truc")
    for what in ("accept", "return", "snooze", "decide_extension"):
        path = f"{token}/shares/{share_id(acts, f'{NUMBER}/6', 'VP')}/{what}"
        assert acts.post(path, ticket=_ticket(path), note="x").status_code == 400
    assert acts.share(f"{NUMBER}/6", "VP", "2022-06-30").accepted_on is None


def test_another_units_condition_file_and_sheet_are_out_of_reach(acts: Acts) -> None:
    acts.send(under(acts, "gu", "report"), files=[pdf()])
    [proof] = acts.share(ONE, "TT", "2022-09-30").report.evidence  # type: ignore[union-attr]
    mine, theirs = share_id(acts, f"{NUMBER}/2", "QLTM"), share_id(acts, ONE, "TT")
    token, owner = acts.link(Purpose.MINE, "dau"), acts.link(Purpose.MINE, "gu")
    assert acts.get(f"{owner}/files/{proof.sha256}?share={theirs}").status_code == 200
    for share in (mine, theirs):
        assert acts.get(f"{token}/files/{proof.sha256}?share={share}").status_code in (400, 404)
    assert acts.get(f"{token}/tasks/383%2FKH-SCT/4/arisen").status_code == 400
    path = f"{token}/tasks/383%2FKH-SCT/4/arisen"
    assert (
        acts.post(
            path, ticket=_ticket("/a" + path.partition("/a")[2]), arose="2022-10-17", note="x"
        ).status_code
        == 400
    )
    sheet = acts.get(f"{token}/sheet/383%2FKH-SCT/2022-Q3")
    assert len(re.findall(r'name="done-\d+"', sheet.text)) == 1  # its own line alone


def test_a_form_needs_the_ticket_of_its_own_page(acts: Acts) -> None:
    path, other = under(acts, "gu", "report"), under(acts, "gu", "progress")
    for ticket in ("", _ticket(other), "abc"):
        answer = acts.post(path, note="Xong", ticket=ticket)
        assert answer.status_code == 400
    assert acts.share(ONE, "TT", "2022-09-30").report is None
    assert acts.uses() == []


def _revoked(acts: Acts) -> None:
    with write(acts.engine) as session:
        links.revoke(session, acts.organisation_id, person="gu", by="truc", at=NOW)


def _left(acts: Acts) -> None:
    with write(acts.engine) as session:
        session.execute(text("UPDATE person SET active = 0 WHERE code = 'gu'"))


def _cancelled(acts: Acts) -> None:
    with write(acts.engine) as session:
        session.execute(text("UPDATE letter SET state = 'cancelled' WHERE about = 'links'"))


def _moved_away(acts: Acts) -> None:
    with write(acts.engine) as session:
        session.execute(text("UPDATE person SET unit = 'VP' WHERE code = 'gu'"))


@pytest.mark.parametrize(
    ("happens", "says"),
    [
        pytest.param(_revoked, "đã bị thu hồi", id="revoked"),
        pytest.param(_left, "không còn làm việc", id="its reader left"),
        pytest.param(_cancelled, "đã bị hủy", id="its letter was cancelled"),
        pytest.param(_moved_away, "đã chuyển cho người hoặc đơn vị khác", id="its reader is of another unit"),
    ],
)
def test_a_link_that_no_longer_holds_does_nothing(
    acts: Acts, happens: Callable[[Acts], None], says: str
) -> None:
    path = under(acts, "gu", "report")
    happens(acts)
    events = len(acts.remarks(ONE))
    for answer in (acts.get(path), acts.post(path, note="Xong", ticket=_ticket(path))):
        assert answer.status_code == 400
        assert says in said(answer)
        assert re.findall(r'href="(/[^"]*)"', answer.text) == ["/static/icon.svg", "/static/board.css"]
    assert len(acts.remarks(ONE)) == events


def test_an_old_link_and_one_for_something_else_open_none_of_it(acts: Acts) -> None:
    share = share_id(acts, ONE, "TT")
    old = acts.link(Purpose.MINE, "gu", until=TODAY - timedelta(days=1))
    report = acts.link(Purpose.REPORT, "gu", ONE)
    for token, says in (
        (old, "chỉ dùng được đến hết ngày 17/10/2022"),
        (report, "không dùng để mở trang này"),
    ):
        for path in (f"{token}/shares/{share}/report", f"{token}/sheet/383%2FKH-SCT/2022-Q3"):
            answer = acts.get(path)
            assert answer.status_code == 400
            assert says in said(answer)
    assert acts.post(acts.link(Purpose.MINE, "gu"), note="Xong").status_code == 405


def test_no_page_leads_out_of_the_link_or_tells_anybody_of_it(acts: Acts) -> None:
    token = acts.link(Purpose.MINE, "dau")
    for page in _everywhere(acts, token):
        answer = acts.get(page)
        if answer.status_code == 200:
            assert answer.headers["referrer-policy"] == "no-referrer"
            assert answer.headers["cache-control"] == "no-store"
            for href in re.findall(r'href="([^"]*)"', answer.text):
                assert href.startswith((token, "/static/", "#")), href


def test_the_board_tells_what_was_done_through_a_letter(acts: Acts, board: Reader) -> None:
    acts.send(under(acts, "gu", "report"), note="Xong")
    with read(acts.engine) as session:
        letter = session.scalars(select(LetterRow.id).where(LetterRow.about == "links")).one()
    page = board.get(f"/outbox/{letter}")
    assert "Việc của tôi: Báo cáo hoàn thành" in page.text


def test_without_a_folder_no_file_is_asked_for(
    sqlite_engine: Engine, organisation_id: int, acts: Acts
) -> None:
    from board.app import create_board
    from tests.board.links import HOST, KEYS

    bare = create_board(
        sqlite_engine, organisation_id, clock=lambda: NOW, base_url=HOST, calendar=CALENDAR, keys=KEYS
    )
    other = Acts(sqlite_engine, organisation_id, bare)
    path = under(other, "gu", "report")
    assert 'type="file"' not in other.get(path).text
    answer = other.send(path, files=[pdf()])
    assert answer.status_code == 400
    assert "chưa được cài đặt để nhận tệp" in said(answer)
