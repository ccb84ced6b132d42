"""Plans from their document to the leaders' sheet of paper, in a browser without JavaScript."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect
from pypdf import PdfReader
from sqlalchemy import Engine

from storage import tasks
from storage.engine import read
from tasks_catalog.collation import collation_key
from tasks_catalog.text import plain
from tests.board.cast import NUMBER
from tests.board.clerk import NUMBER as NUMBER_NEW
from tests.board.clerk import PLANS, Clerk, clerk_of
from tests.browser.cast import NUMBER_2022, Office, served

OpenPage = Callable[..., Page]
A4_POINTS = (595, 842)


# --- a document becomes a plan ---------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class NewOffice:
    """An office without a plan on 08/02/2022, and its board."""

    url: str
    clerk: Clerk


@pytest.fixture
def new_office(sqlite_engine: Engine, tmp_path: Path) -> Iterator[NewOffice]:
    clerk = clerk_of(sqlite_engine, tmp_path)
    with served(clerk.app) as url:
        yield NewOffice(url=url, clerk=clerk)


def test_the_plan_of_2022_is_handed_in_settled_imported_and_started(
    new_office: NewOffice, open_page: OpenPage
) -> None:
    page = open_page(new_office.url)
    page.get_by_role("link", name="Nhập kế hoạch").click()
    page.get_by_label("Tệp kế hoạch").set_input_files(PLANS / "cchc-2022.docx")
    page.get_by_label("Số, ký hiệu").fill(NUMBER_NEW)
    page.get_by_label("Ngày ban hành").fill("2022-01-30")
    page.get_by_role("button", name="Tải lên và đọc").click()
    expect(page.get_by_role("status")).to_contain_text("Đã đọc văn bản")
    expect(page.get_by_text("57 nhiệm vụ, 7 mục lớn, 8 nhóm")).to_be_visible()

    for row, left in ((3, 1), (55, 0)):
        page.get_by_role("link", name=re.compile("^Chỉ dòng cần xem")).first.click()
        asked = page.locator(f"#row-{row}")
        expect(asked).to_contain_text("Cần trả lời")
        asked.get_by_role("button", name="Nhận cách hiểu này").click()
        expect(page.get_by_role("status")).to_contain_text("Đã ghi câu trả lời")
        waits = page.locator(".step-state").filter(has_text=f"còn {left} dòng")
        expect(waits).to_have_count(1 if left else 0)
    assert new_office.clerk.record()["plan"] == []

    page.get_by_role("button", name=f"Nhập kế hoạch {NUMBER_NEW}").click()
    expect(page.get_by_role("status")).to_contain_text("57 nhiệm vụ, không còn câu hỏi nào")
    page.get_by_role("link", name="Xem trước và kích hoạt").first.click()
    page.get_by_role("button", name=f"Kích hoạt kế hoạch {NUMBER_NEW}").click()
    expect(page.get_by_role("status")).to_contain_text("Đã bắt đầu theo dõi")
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"Kế hoạch {NUMBER_NEW}")
    expect(page.locator(".figure")).to_have_text(re.compile(r"^\d+/57$"))
    page.get_by_role("link", name="Xem toàn bộ nhiệm vụ").click()
    expect(page.locator("caption")).to_have_text("Số nhiệm vụ: 57")
    office = new_office.clerk.department.office
    with read(office.engine) as session:
        assert tasks.plan_or_refuse(session, office.organisation_id, NUMBER_NEW).state == "active"


# --- lists ------------------------------------------------------------------------------------------------


def test_words_without_accents_find_those_with(year: Office, open_page: OpenPage) -> None:
    page = open_page(year.url)
    page.get_by_label("Tìm nhiệm vụ").fill("cai cach")
    page.keyboard.press("Enter")
    lines = page.locator("tbody tr")
    expect(lines.first).to_be_visible()
    found = lines.locator("th").all_inner_texts()
    assert any("cải cách" in words for words in found)
    assert all("cai cach" in plain(words) for words in lines.all_inner_texts())
    expect(page.get_by_text("NHIỆM VỤ").first).to_be_visible()


def test_a_list_is_filtered_sorted_and_taken_away_as_a_sheet(
    year: Office, open_page: OpenPage, tmp_path: Path
) -> None:
    page = open_page(f"{year.url}/plans/{NUMBER_2022}/list")
    page.get_by_label("Từ cần tìm").fill("thu tuc")
    page.get_by_label("Tình trạng").select_option(label="Hoàn thành đúng hạn")
    page.get_by_label("Đơn vị").select_option(label="Thanh tra Sở")
    page.get_by_role("button", name="Lọc").click()
    page.get_by_role("columnheader", name="Nhiệm vụ").get_by_role("link").click()
    expect(page.get_by_role("columnheader", name="Nhiệm vụ")).to_have_attribute("aria-sort", "ascending")
    shown = [" ".join(words.split()) for words in page.locator("tbody th a").all_inner_texts()]
    counted = re.search(r"\d+", page.locator("caption").inner_text())
    assert counted is not None
    assert len(shown) == int(counted[0]) > 1
    assert shown == sorted(shown, key=collation_key)
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("Excel")).click()
    file = tmp_path / "danh-sach.xlsx"
    download.value.save_as(file)
    assert download.value.suggested_filename.endswith(".xlsx")
    sheet = load_workbook(file).active
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))
    head = next(n for n, row in enumerate(rows) if "Nhiệm vụ" in row)
    column = rows[head].index("Nhiệm vụ")
    assert [" ".join(str(row[column]).split()) for row in rows[head + 1 :]] == shown


def test_several_reports_are_accepted_at_once(office: Office, open_page: OpenPage) -> None:
    page = open_page(office.url)
    page.get_by_role("link", name=NUMBER, exact=True).first.click()
    page.get_by_role("link", name="Báo cáo chờ xác nhận").first.click()
    page.get_by_role("main").locator("a.button").click()  # all of them on one page
    waiting = page.locator("tbody tr")
    before = waiting.count()
    assert before > 3
    for line in (0, 1, 2):
        waiting.nth(line).get_by_role("checkbox").check()
    page.get_by_text("Xác nhận hoàn thành").first.click()
    page.get_by_role("button", name="Xác nhận hoàn thành").click()
    expect(page.get_by_text("Đã thực hiện: 3. Không thực hiện: 0.")).to_be_visible()
    page.get_by_role("link", name="Về trang trước").click()
    expect(waiting).to_have_count(before - 3)
    with read(office.engine) as session:
        plan = tasks.plan_or_refuse(session, office.organisation_id, NUMBER)
        accepted = [
            share
            for task in tasks.facts_of_plan(session, plan)
            for share in task.current_shares
            if share.accepted_on is not None
        ]
    assert len(accepted) == 3


# --- the leaders' page --------------------------------------------------------------------------------------


def test_the_leaders_page_of_57_tasks_is_one_sheet_of_paper(year: Office, open_page: OpenPage) -> None:
    page = open_page(year.url)
    page.get_by_role("link", name="Trang lãnh đạo").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("CẢI CÁCH HÀNH CHÍNH")
    sentence = page.locator(".sentence > span").inner_text()
    assert "/57 nhiệm vụ" in sentence
    paper = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    assert len(paper.pages) == 1
    assert (round(paper.pages[0].mediabox.width), round(paper.pages[0].mediabox.height)) == A4_POINTS
    printed = "".join(paper.pages[0].extract_text().split())
    assert "".join(sentence.split()) in printed
