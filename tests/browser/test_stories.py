"""What people do on the board, in a real browser without JavaScript: they open, fill in and press.

A story opens pages of the small office (``office``), does what a person does, and looks at the record
behind the board for what came of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from playwright.sync_api import Page, expect

from notifications.signing import Purpose
from storage import answers, tasks
from storage.engine import read
from tasks_catalog.facts import Share
from tasks_catalog.occurrence import ShareKey
from tests.board.cast import NUMBER
from tests.browser.cast import Office
from tests.browser.eyes import TELEPHONE

OpenPage = Callable[..., Page]
ONE, SHEET = f"{NUMBER}/1", f"{NUMBER}/3"


def share(office: Office, task: str, unit: str, occurrence: str) -> Share:
    with read(office.engine) as session:
        row = tasks.task_or_refuse(session, office.organisation_id, task)
        return tasks.facts_of_task(session, row).shares[ShareKey(task, occurrence, unit)]


def test_the_coordinator_confirms_an_answer_that_came_by_mail(office: Office, open_page: OpenPage) -> None:
    number = office.keep_answer(
        ONE, "TT", "gu@example.vn", "done", "Đã xong.", document="45/BC-TT", issued="2022-10-17"
    )
    page = open_page(office.url)
    page.get_by_role("link", name="Thư trả lời").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thư trả lời")
    row = page.get_by_role("row").filter(has_text="45/BC-TT")
    expect(row).to_contain_text("Đã xong.")
    row.get_by_role("button", name=re.compile("^Xác nhận")).click()
    expect(page.get_by_role("status")).to_be_visible()
    expect(page.get_by_text("Không có thư trả lời nào chờ xác nhận.")).to_be_visible()
    report = share(office, ONE, "TT", "2022-09-30").report
    assert report is not None
    assert report.by == "gu"
    with read(office.engine) as session:
        assert answers.answer_or_refuse(session, office.organisation_id, number).answer.state == "confirmed"
    page.reload()
    expect(page.get_by_text("Không có thư trả lời nào chờ xác nhận.")).to_be_visible()


def test_an_officer_opens_a_letter_s_link_and_reports(office: Office, open_page: OpenPage) -> None:
    path = office.letter_link(Purpose.REPORT, "gu", ONE)
    page = open_page(office.url + path, width=TELEPHONE)
    expect(page.get_by_text("Rà soát văn bản")).to_be_visible()
    page.get_by_label("Ngày của văn bản").fill("2022-10-14")
    page.get_by_label("Kết quả").fill("Đã rà soát 12 văn bản")
    page.get_by_role("button", name="Báo cáo hoàn thành").click()
    expect(page.get_by_role("alert")).to_contain_text("Có ngày 14/10/2022 mà chưa có số văn bản")
    expect(page.get_by_label("Kết quả")).to_have_value("Đã rà soát 12 văn bản")
    page.get_by_label("Số, ký hiệu văn bản").fill("45/BC-TT")
    page.get_by_role("button", name="Báo cáo hoàn thành").click()
    expect(page.get_by_role("status")).to_contain_text("Đã ghi nhận ngày 18/10/2022")
    expect(page.get_by_role("button")).to_have_count(0)
    report = share(office, ONE, "TT", "2022-09-30").report
    assert report is not None
    assert (report.by, report.note) == ("gu", "Đã rà soát 12 văn bản")
    assert [(proof.text, proof.issued) for proof in report.evidence] == [("45/BC-TT", date(2022, 10, 14))]


def test_an_officer_asks_for_more_time_and_must_say_why(office: Office, open_page: OpenPage) -> None:
    page = open_page(office.url + office.letter_link(Purpose.EXTEND, "gu", ONE))
    send = page.get_by_role("button")
    page.locator("input[type=date]").fill("2022-11-30")
    send.click()  # the browser itself holds back a form that lacks what is required
    assert page.locator("textarea:invalid").count() == 1
    assert share(office, ONE, "TT", "2022-09-30").request is None
    page.locator("textarea").fill("Chờ ý kiến Sở Tư pháp")
    send.click()
    expect(page.get_by_role("status")).to_contain_text("30/11/2022")
    request = share(office, ONE, "TT", "2022-09-30").request
    assert request is not None
    assert (request.to, request.reason) == (date(2022, 11, 30), "Chờ ý kiến Sở Tư pháp")


def test_of_a_period_sheet_goes_what_is_ticked(office: Office, open_page: OpenPage) -> None:
    page = open_page(office.url, go=False)
    page.goto(office.url + office.letter_link(Purpose.SHEET, "dau", SHEET))
    send = page.get_by_role("button", name="Gửi các dòng đã đánh dấu")
    expect(page.get_by_role("checkbox")).not_to_be_checked()  # that it is done is for the unit to say
    send.click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_role("checkbox").check()
    send.click()
    said = "Đã ghi nhận 1 dòng của phiếu; cả phiếu đã báo cáo đủ."
    expect(page.get_by_role("status")).to_have_text(said)
    report = share(office, SHEET, "QLTM", "2022-09-14").report
    assert report is not None
    assert report.by == "dau"


def test_a_figure_leads_to_the_tasks_it_counts(office: Office, open_page: OpenPage) -> None:
    page = open_page(office.url)
    figure = page.locator(".standings a", has_text="Quá hạn chưa hoàn thành")
    counted = int(figure.locator("b").inner_text())
    figure.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Quá hạn chưa hoàn thành")
    assert page.locator("tbody tr").count() == counted
    page.locator("tbody a").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(NUMBER)
    page.get_by_label("Vị trí của trang").get_by_role("link").last.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"Kế hoạch {NUMBER}")
