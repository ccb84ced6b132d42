"""One task of a plan, from its first reminder to its end: who hears what, on which day."""

from __future__ import annotations

from datetime import date
from email.message import EmailMessage
from io import BytesIO

import docx

from tasks_catalog.facts import ClosingKind
from tests.flows.cast import ISSUED, NUMBER, PAPER, PLAN, Department, Mail, subjects

MARKETS = "\n".join(PLAN.splitlines()[:2])
"""The plan's first task alone: trade owes its rules for markets by 27/01/2023, the inspectorate helps."""
WHEN = "\n".join([PLAN.splitlines()[0], PLAN.splitlines()[4]])
TASK = f"{NUMBER}/1"
FIRST_LETTERS = {
    date(2023, 1, 6): {"huong": "[CCHC] 1 sắp đến hạn từ ngày 27/01/2023 – Kế hoạch 25/KH-SCT"},
    date(2023, 1, 13): {"huong": "[CCHC] 1 sắp đến hạn từ ngày 27/01/2023 – Kế hoạch 25/KH-SCT"},
}


def by_day(found: dict[date, dict[str, Mail]]) -> dict[date, dict[str, str]]:
    return {day: subjects(letters) for day, letters in found.items()}


def heard(found: dict[date, dict[str, Mail]]) -> list[tuple[date, str]]:
    return [(day, reader) for day, letters in found.items() for reader in sorted(letters)]


def words_of(attached: EmailMessage) -> str:
    (part,) = attached.iter_attachments()
    content = part.get_content()
    assert isinstance(content, bytes)
    paper = docx.Document(BytesIO(content))
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    return " ".join(" ".join([*(p.text for p in paper.paragraphs), *cells]).split())


def test_what_nobody_reports_climbs_to_the_director_and_no_rest_day_counts(
    any_department: Department,
) -> None:
    any_department.start(MARKETS)
    found = any_department.mornings(ISSUED, date(2023, 3, 15), rest_days=True)
    urged = "[CCHC] 1 cần đôn đốc, hạn sớm nhất ngày 27/01/2023 – Kế hoạch 25/KH-SCT"
    summary = "[CCHC] Tổng hợp quý I năm 2023: hoàn thành 0/1, số liệu đến hết ngày 14/03/2023"
    assert by_day(found) == FIRST_LETTERS | {
        date(2023, 1, 18): {  # two working days before: 20/01 to 26/01 are Tết
            "gu": "[CCHC] 1 việc phối hợp, hạn từ ngày 27/01/2023 – Kế hoạch 25/KH-SCT",
            "huong": "[CCHC] 1 sắp đến hạn từ ngày 27/01/2023 – Kế hoạch 25/KH-SCT",
        },
        date(2023, 1, 27): {
            "huong": "[CCHC] 1 đến hạn ngày 27/01/2023 – Kế hoạch 25/KH-SCT",
            "sao": urged,
        },
        date(2023, 1, 30): {  # 28 and 29 are a weekend
            "huong": "[CCHC] 1 quá hạn, sớm nhất từ ngày 27/01/2023 – Kế hoạch 25/KH-SCT",
            "sao": urged,
        },
        date(2023, 2, 1): {"truc": urged},
        date(2023, 2, 3): {"tung": urged},
        date(2023, 2, 10): {"bach": urged},
        date(2023, 3, 15): dict.fromkeys(("bach", "truc", "tung"), f"{summary} – Kế hoạch 25/KH-SCT"),
    }
    assert all(audit.is_clean for audit in any_department.audits)


def test_every_letter_says_why_it_came_and_what_follows(department: Department) -> None:
    department.start(MARKETS)
    found = department.mornings(ISSUED, date(2023, 2, 10))

    first = found[date(2023, 1, 6)]["huong"].text
    assert "Kính gửi: Chuyên viên Phan Văn Hương Thử" in first
    assert "25/KH-SCT/1 – Quy định đấu thầu chợ Sản phẩm: Quyết định" in first
    assert "Thời hạn: 27/01/2023 – còn 10 ngày làm việc" in first
    assert "vì là đầu mối của Phòng Quản lý thương mại, đơn vị chủ trì." in first
    assert "Nếu chưa báo cáo, ngày 13/01/2023 anh/chị sẽ được nhắc lại." in first

    helper = found[date(2023, 1, 18)]["gu"].text
    assert "vì là đầu mối của Thanh tra Sở, đơn vị phối hợp." in helper
    assert "Phần phối hợp chỉ nhắc một lần và không tính quá hạn." in helper

    due = found[date(2023, 1, 27)]
    assert "đến hạn, báo cáo hết ngày 27/01/2023 là đúng hạn" in due["huong"].text
    assert "vì đứng đầu Phòng Quản lý thương mại, đơn vị chủ trì." in due["sao"].text
    assert "ngày 30/01/2023 sẽ nhắc lại Phan Văn Hương Thử." in due["sao"].text

    late = found[date(2023, 1, 30)]["huong"].text
    assert "quá hạn 1 ngày làm việc" in late
    assert "ngày 01/02/2023 sẽ báo cáo Chuyên viên, điều phối cải cách hành chính Phạm Thị Trúc Thử." in late

    coordinator = found[date(2023, 2, 1)]["truc"].text
    assert "ngày 03/02/2023 sẽ báo cáo Phó Giám đốc Trần Thị Tùng Thử." in coordinator
    deputy = found[date(2023, 2, 3)]["tung"].text
    assert "vì là Phó Giám đốc phụ trách cải cách hành chính" in deputy
    assert "ngày 10/02/2023 sẽ báo cáo Giám đốc Nguyễn Văn Bách Thử." in deputy

    last = found[date(2023, 2, 10)]["bach"]
    assert "quá hạn 10 ngày làm việc" in last.text
    assert "Đây là lần nhắc cuối" in last.text
    assert last.files == ("du-thao-cong-van-don-doc-1-QLTM.docx",)
    draft = words_of(last.raw)
    assert "Quy định đấu thầu chợ" in draft
    assert "Phòng Quản lý thương mại" in draft
    assert "27/01/2023" in draft


def test_a_report_ends_it_and_its_helper_is_not_asked_any_more(department: Department) -> None:
    department.start(MARKETS)
    before = department.mornings(ISSUED, date(2023, 1, 13))
    assert by_day(before) == FIRST_LETTERS
    department.report(1, "QLTM", date(2023, 1, 16))
    assert department.mornings(date(2023, 1, 17), date(2023, 2, 10)) == {}


def test_more_time_starts_the_ladder_anew_and_the_old_date_stays_in_sight(department: Department) -> None:
    department.start(MARKETS.replace("Thanh tra Sở", ""))
    department.mornings(date(2023, 1, 13), date(2023, 1, 16))
    with department.desk(date(2023, 1, 16), "huong", note="Chờ ý kiến Sở Tư pháp") as desk:
        desk.ask_extension(TASK, "QLTM", to=date(2023, 2, 24))
    with department.desk(date(2023, 1, 17), "truc", document=PAPER) as desk:
        desk.grant_extension(TASK, "QLTM")
    assert department.morning(date(2023, 1, 18)) == {}
    found = department.mornings(date(2023, 2, 9), date(2023, 3, 1))
    assert heard(found) == [
        (date(2023, 2, 10), "huong"),
        (date(2023, 2, 17), "huong"),
        (date(2023, 2, 22), "huong"),
        (date(2023, 2, 24), "huong"),
        (date(2023, 2, 24), "sao"),
        (date(2023, 2, 27), "huong"),
        (date(2023, 2, 27), "sao"),
        (date(2023, 3, 1), "truc"),
    ]
    for day in (date(2023, 2, 10), date(2023, 2, 24)):
        assert "Thời hạn: 24/02/2023" in found[day]["huong"].text
        assert "Thời hạn ban đầu: 27/01/2023." in found[day]["huong"].text


def test_a_request_nobody_decides_urges_the_one_who_must(department: Department) -> None:
    department.start(MARKETS.replace("Thanh tra Sở", ""))
    department.mornings(date(2023, 1, 27), date(2023, 1, 30))
    with department.desk(date(2023, 1, 30), "huong", note="Chờ ý kiến Sở Tư pháp") as desk:
        desk.ask_extension(TASK, "QLTM", to=date(2023, 2, 24))
    found = department.mornings(date(2023, 1, 31), date(2023, 2, 3))
    # Held from 31/01 to 02/02; then who decides is asked to, and the step after that has come as well.
    assert heard(found) == [(date(2023, 2, 3), "truc"), (date(2023, 2, 3), "tung")]
    assert "chờ quyết định" in found[date(2023, 2, 3)]["truc"].subject
    assert "Đơn vị đề nghị gia hạn đến ngày 24/02/2023, chưa có quyết định." in (
        found[date(2023, 2, 3)]["truc"].text
    )


def test_who_says_he_is_on_it_is_given_three_working_days_before_it_goes_up(department: Department) -> None:
    department.start(MARKETS)
    department.mornings(date(2023, 1, 27), date(2023, 1, 31))
    with department.desk(date(2023, 1, 31), "huong") as desk:
        desk.acknowledge(TASK, "QLTM", expected=date(2023, 2, 8))
    found = department.mornings(date(2023, 2, 1), date(2023, 2, 10))
    assert heard(found) == [  # +3 would have been on 01/02, +5 on 03/02
        (date(2023, 2, 6), "truc"),
        (date(2023, 2, 6), "tung"),
        (date(2023, 2, 10), "bach"),
    ]


def test_what_lies_with_a_higher_authority_is_not_urged_and_its_date_moves(department: Department) -> None:
    department.start(MARKETS.replace("Thanh tra Sở", ""))
    department.mornings(date(2023, 1, 13), date(2023, 1, 16))
    with department.desk(date(2023, 1, 16), "huong", document=PAPER) as desk:
        desk.wait(TASK, "QLTM")
    for day in (date(2023, 1, 27), date(2023, 1, 30), date(2023, 2, 13)):
        assert department.morning(day) == {}
    with department.desk(date(2023, 2, 13), "huong") as desk:
        facts = desk.resume(TASK, "QLTM")
    (share,) = facts.current_shares
    assert share.due == date(2023, 2, 17)  # 15 working days waited, Tết not among them
    found = department.mornings(date(2023, 2, 14), date(2023, 2, 20))
    assert heard(found) == [
        (date(2023, 2, 15), "huong"),
        (date(2023, 2, 17), "huong"),
        (date(2023, 2, 17), "sao"),
        (date(2023, 2, 20), "huong"),
        (date(2023, 2, 20), "sao"),
    ]


def test_a_returned_report_is_urged_again_step_by_step_from_the_day_it_came_back(
    department: Department,
) -> None:
    department.start(MARKETS.replace("Thanh tra Sở", ""))
    department.mornings(date(2023, 1, 13), date(2023, 1, 16))
    department.report(1, "QLTM", date(2023, 1, 16))
    department.mornings(date(2023, 2, 3), date(2023, 2, 6))
    with department.desk(date(2023, 2, 6), "truc", hour=7, note="Thiếu dự thảo tờ trình") as desk:
        desk.return_(TASK, "QLTM")
    found = department.mornings(date(2023, 2, 7), date(2023, 2, 20))
    assert heard(found) == [
        (date(2023, 2, 7), "huong"),
        (date(2023, 2, 7), "sao"),
        (date(2023, 2, 9), "truc"),
        (date(2023, 2, 13), "tung"),
        (date(2023, 2, 20), "bach"),
    ]


def test_a_report_returned_before_office_hours_is_back_with_its_owner_the_same_morning(
    department: Department,
) -> None:
    department.start(MARKETS.replace("Thanh tra Sở", ""))
    department.report(1, "QLTM", date(2023, 1, 5))
    with department.desk(date(2023, 1, 10), "truc", hour=7, note="Thiếu dự thảo tờ trình") as desk:
        desk.return_(TASK, "QLTM")
    letters = department.morning(date(2023, 1, 10))
    assert list(letters) == ["huong"]
    assert "Báo cáo trước đã được trả lại để bổ sung." in letters["huong"].text
    assert department.told(1)[-1] == ("returned", "huong", "sent", "2023-01-10")


def test_a_task_that_waits_for_a_condition_is_quiet_until_it_arises(department: Department) -> None:
    department.start(WHEN)
    assert department.mornings(date(2023, 2, 3), date(2023, 2, 6)) == {}
    with department.desk(date(2023, 2, 6), "truc", document=PAPER) as desk:
        desk.trigger(TASK, due=date(2023, 2, 28))
    found = department.mornings(date(2023, 2, 7), date(2023, 3, 1))
    assert heard(found) == [
        (date(2023, 2, 7), "tram"),
        (date(2023, 2, 14), "tram"),
        (date(2023, 2, 21), "tram"),
        (date(2023, 2, 24), "tram"),
        (date(2023, 2, 28), "sen"),
        (date(2023, 2, 28), "tram"),
        (date(2023, 3, 1), "sen"),
        (date(2023, 3, 1), "tram"),
    ]
    assert "Điều kiện đã phát sinh; việc có thời hạn 28/02/2023." in found[date(2023, 2, 7)]["tram"].text


def test_a_task_closed_by_decision_is_not_spoken_of_again(department: Department) -> None:
    department.start(MARKETS)
    department.mornings(date(2023, 1, 13), date(2023, 1, 16))
    with department.desk(date(2023, 1, 16), "truc", document=PAPER) as desk:
        desk.close(TASK, ClosingKind.STOPPED)
    assert department.mornings(date(2023, 1, 17), date(2023, 2, 10)) == {}


def test_another_officer_is_told_from_the_next_morning_and_the_first_one_no_more(
    department: Department,
) -> None:
    department.start(MARKETS.replace("Thanh tra Sở", ""))
    department.mornings(date(2023, 1, 13), date(2023, 1, 16))
    with department.desk(date(2023, 1, 16), "sao") as desk:
        desk.reassign(TASK, from_unit="QLTM", to_unit="QLTM", officer="sao")
    found = department.mornings(date(2023, 1, 17), date(2023, 1, 27))
    assert {reader for _, reader in heard(found)} <= {"sao", "truc"}
    assert "vì được giao phụ trách việc này của Phòng Quản lý thương mại." in (
        found[date(2023, 1, 17)]["sao"].text
    )
