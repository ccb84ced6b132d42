"""What a unit's officer does from a letter, and what the coordinator makes of it: without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import Engine

from board.app import create_board
from notifications.signing import Purpose
from storage import tasks
from storage.engine import read
from tasks_catalog.facts import Share
from tasks_catalog.occurrence import ShareKey
from tests.board.cast import NUMBER
from tests.browser.cast import FILE_NAME, PDF, Office, apart, served
from tests.browser.eyes import TELEPHONE
from tests.flows.cast import HEADS, Department, open_department
from tests.flows.cast import NUMBER as NUMBER_2023

OpenPage = Callable[..., Page]
ONE = f"{NUMBER}/1"
LINES = 35
SHEET_DAY = date(2023, 2, 28)
"""Ten working days before the cut-off of the first quarter: the sheets go out."""
THIRTY_FIVE = "\n".join(
    [
        HEADS,
        *(
            f"Thủ tục,{n},Công khai nhóm thủ tục {n},Danh mục,Phòng Quản lý thương mại,,Thường xuyên"
            for n in range(1, LINES + 1)
        ),
    ]
)


def share(office: Office, task: str, unit: str, occurrence: str) -> Share:
    with read(office.engine) as session:
        row = tasks.task_or_refuse(session, office.organisation_id, task)
        return tasks.facts_of_task(session, row).shares[ShareKey(task, occurrence, unit)]


# --- the sheet of 35 lines -----------------------------------------------------------------------------


@dataclass(kw_only=True)
class Finger:
    """Counts what is pressed."""

    clicks: int = 0

    def click(self, found: Locator) -> None:
        found.click()
        self.clicks += 1


@dataclass(frozen=True, kw_only=True)
class Morning:
    """The morning on which the sheets went out: the board's address and the letter, for its own board."""

    url: str
    department: Department
    letter: str


@pytest.fixture
def morning(sqlite_engine: Engine, tmp_path: Path) -> Iterator[Morning]:
    department = open_department(sqlite_engine, tmp_path)
    department.start(THIRTY_FIVE, on=date(2023, 2, 20))
    mail = apart(lambda: department.morning(SHEET_DAY))["huong"]
    html = mail.raw.get_body(("html",))
    assert html is not None
    office = department.office
    now = office.moment_of(datetime.combine(SHEET_DAY, time(9)), time(9))
    app = create_board(
        sqlite_engine,
        office.organisation_id,
        clock=lambda: now,
        base_url="http://127.0.0.1",
        calendar=office.calendar,
        keys=office.keys,
        files=tmp_path / "files",
    )
    with served(app) as url:
        letter = str(html.get_content()).replace("http://127.0.0.1:4200", url)
        yield Morning(url=url, department=department, letter=letter)


@pytest.mark.parametrize("width", [1280, TELEPHONE])
def test_thirty_five_lines_go_in_three_clicks_from_the_letter(
    width: int, morning: Morning, open_page: OpenPage
) -> None:
    page = open_page(morning.url, go=False, width=width)
    page.set_content(morning.letter)
    finger = Finger()
    finger.click(page.get_by_role("link", name="Mở việc của tôi"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Việc của tôi")
    finger.click(page.get_by_role("link", name=re.compile(f"^Tất cả {LINES} dòng đã thực hiện")))
    expect(page.get_by_role("listitem").filter(has_text="Công khai nhóm thủ tục")).to_have_count(LINES)
    page.get_by_label("Số, ký hiệu văn bản").fill("9/BC-QLTM")
    finger.click(page.get_by_role("button", name="Gửi phiếu kỳ"))
    expect(page.get_by_role("status")).to_have_text(
        f"Đã ghi nhận {LINES} dòng của phiếu; cả phiếu đã báo cáo đủ."
    )
    assert finger.clicks == 3
    office = morning.department.office
    with read(office.engine) as session:
        plan = tasks.plan_or_refuse(session, office.organisation_id, NUMBER_2023)
        reports = [
            found.report
            for task in tasks.facts_of_plan(session, plan)
            for found in task.current_shares
            if found.period == "2023-Q1"
        ]
    assert len(reports) == LINES
    assert {(r.by, r.evidence[0].text) if r else None for r in reports} == {("huong", "9/BC-QLTM")}
    page.reload()
    expect(page.get_by_role("checkbox")).to_have_count(0)


# --- more time -----------------------------------------------------------------------------------------


def test_more_time_is_asked_for_granted_and_shown_with_the_old_date(
    office: Office, open_page: OpenPage
) -> None:
    mine = office.url + office.letter_link(Purpose.MINE, "gu")
    hers = open_page(mine, width=TELEPHONE)
    card = hers.get_by_role("listitem").filter(has_text="Rà soát văn bản").first
    expect(card).to_contain_text("Quá hạn 18 ngày Hạn 30/09/2022")
    card.get_by_text("Việc khác").click()
    card.get_by_role("link", name="Xin thêm thời gian").click()
    hers.locator("input[type=date]").fill("2022-11-30")
    hers.locator("textarea").fill("Chờ ý kiến Sở Tư pháp")
    hers.get_by_role("button", name="Gửi đề nghị").click()
    expect(hers.get_by_role("status")).to_contain_text("Thời hạn cũ còn giữ đến khi có quyết định")

    desk = open_page(office.url)
    desk.get_by_role("link", name="Đề nghị gia hạn").first.click()
    desk.get_by_role("link", name=re.compile("Rà soát văn bản")).first.click()
    act = _act(desk, "Đồng ý gia hạn")
    expect(act.get_by_label("Gia hạn đến ngày")).to_have_value("2022-11-30")
    act.get_by_role("button", name="Đồng ý gia hạn").click()  # without a document the browser holds it back
    assert act.locator("input:invalid").count() == 1
    assert share(office, ONE, "TT", "2022-09-30").due == date(2022, 9, 30)
    act.get_by_label("Số, ký hiệu văn bản").fill("103/SCT-VP")
    act.get_by_label("Ngày của văn bản").fill("2022-10-18")
    act.get_by_role("button", name="Đồng ý gia hạn").click()
    expect(desk.get_by_role("status")).to_contain_text("Đã ghi nhận gia hạn.")
    row = desk.get_by_role("row").filter(has_text="Thanh tra Sở").first
    expect(row.locator("s")).to_contain_text("30/09/2022")
    expect(row).to_contain_text("30/11/2022")
    expect(desk.get_by_text("103/SCT-VP").first).to_be_visible()
    assert share(office, ONE, "TT", "2022-09-30").due == date(2022, 11, 30)

    hers.goto(mine)
    card = hers.get_by_role("listitem").filter(has_text="Rà soát văn bản").first
    expect(card).to_contain_text("Hạn 30/11/2022")
    expect(card).to_contain_text("hạn đầu tiên 30/09/2022")


# --- a report with a file, returned, sent again and accepted ---------------------------------------------


def test_a_report_with_a_file_is_returned_sent_again_and_accepted(
    office: Office, open_page: OpenPage
) -> None:
    mine = office.url + office.letter_link(Purpose.MINE, "gu")
    hers = open_page(mine)
    _report(hers, "45/BC-TT", FILE_NAME)

    desk = open_page(office.url)
    _open_what_waits(desk)
    with desk.expect_download() as download:
        desk.get_by_role("link", name=FILE_NAME).first.click()
    assert download.value.suggested_filename == FILE_NAME
    assert Path(download.value.path()).read_bytes() == PDF + b"45/BC-TT"
    act = _act(desk, "Trả lại báo cáo")
    act.locator("summary").click()
    act.locator("textarea").fill("Thiếu phương án đơn giản hóa")
    act.get_by_role("button", name="Trả lại báo cáo").click()
    expect(desk.get_by_role("status")).to_contain_text("Đã trả lại báo cáo")
    returned = share(office, ONE, "TT", "2022-09-30")
    assert (returned.report, returned.epoch) == (None, 2)

    hers.goto(mine)
    card = hers.get_by_role("listitem").filter(has_text="Rà soát văn bản").first
    expect(card).to_contain_text("trả lại")
    _report(hers, "46/BC-TT", "Phương án.pdf")

    desk.goto(office.url)
    _open_what_waits(desk)
    act = _act(desk, "Xác nhận hoàn thành")
    act.get_by_role("button", name="Xác nhận hoàn thành").click()
    expect(desk.get_by_role("status")).to_contain_text("Đã xác nhận báo cáo.")
    expect(desk.get_by_text("Thiếu phương án đơn giản hóa").first).to_be_visible()
    accepted = share(office, ONE, "TT", "2022-09-30")
    assert accepted.report is not None
    assert accepted.accepted_on == date(2022, 10, 18)
    assert [proof.text for proof in accepted.report.evidence] == ["46/BC-TT", "Phương án.pdf"]


def _report(page: Page, number: str, file: str) -> None:
    card = page.get_by_role("listitem").filter(has_text="Rà soát văn bản").first
    card.get_by_role("link", name=re.compile("^Báo cáo hoàn thành")).click()
    page.get_by_label("Số, ký hiệu văn bản").fill(number)
    page.get_by_label("Tệp minh chứng").set_input_files(
        {"name": file, "mimeType": "application/pdf", "buffer": PDF + number.encode()}
    )
    page.get_by_role("button", name="Báo cáo hoàn thành").click()
    expect(page.get_by_role("status")).to_contain_text("Đã ghi nhận báo cáo hoàn thành")


def _act(page: Page, title: str) -> Locator:
    """Return the one act of a task's page that is called so."""
    named = page.locator("summary").filter(has_text=re.compile(rf"^\s*{title}"))
    return page.locator("details.action").filter(has=named)


def _open_what_waits(page: Page) -> None:
    page.get_by_role("link", name="Báo cáo chờ xác nhận").first.click()
    page.get_by_role("link", name=re.compile("Rà soát văn bản")).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(ONE)
