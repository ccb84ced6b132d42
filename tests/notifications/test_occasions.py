"""Welcome, summary and alarm: the letters that are not the daily digest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest

from notifications.letter import Addressee, PlanRef
from notifications.links import Links
from notifications.occasions import OwnTask, SummaryFigures, compose_alarm, compose_summary, compose_welcome
from tasks_catalog.deadline import Deadline, Kind
from tasks_catalog.facts import TaskFacts
from tasks_catalog.occurrence import Occurrence, Origin, Role

if TYPE_CHECKING:
    from tests.notifications.conftest import Golden

To = Callable[..., Addressee]
LINKS = Links("https://dondoc.example.vn", mark="dau")
PLAN = PlanRef(number="383/KH-SCT", title="cải cách hành chính năm 2022")
FEBRUARY_15 = date(2022, 2, 15)


def planned(
    row: int, text: str, *due: date, period: str | None = None, words: str = "", **more: object
) -> TaskFacts:
    origin = Origin.CUT_OFF if period else Origin.PRINTED
    return TaskFacts(
        id=f"383/KH-SCT/{row}",
        row=row,
        text=text,
        product="Báo cáo",
        deadline=Deadline(text=words, kind=Kind.CONTINUOUS if period else Kind.BY),
        planned=tuple(
            Occurrence(key=day.isoformat(), due=day, lapses=day, origin=origin, period=period) for day in due
        ),
        **more,  # type: ignore[arg-type]
    )


OWN = (
    OwnTask(task=planned(1, "Quy định đấu thầu quản lý chợ", date(2022, 11, 15)), role=Role.OWNER),
    OwnTask(task=planned(9, "Rà soát văn bản", date(2022, 6, 1)), role=Role.CO_OWNER),
    OwnTask(task=planned(3, "Niêm yết thủ tục", date(2022, 3, 14), period="2022-Q1"), role=Role.OWNER),
    OwnTask(task=planned(4, "Công khai thủ tục", date(2022, 3, 14), period="2022-Q1"), role=Role.OWNER),
    OwnTask(task=planned(5, "Sửa đổi quy chế", words="Khi có văn bản của cấp trên"), role=Role.OWNER),
    OwnTask(task=planned(6, "Việc <không> có thời hạn"), role=Role.OWNER),
)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_welcome_tells_a_unit_what_it_owes_and_when(language: str, addressee: To, golden: Golden) -> None:
    letter = compose_welcome(
        addressee("an", language), OWN, plan=PLAN, unit="QLTM", as_of=FEBRUARY_15, links=LINKS
    )
    golden.check(f"welcome.{language}.txt", f"Subject: {letter.subject}\n\n{letter.text}")
    golden.check(f"welcome.{language}.html", letter.html)


def test_the_welcome_counts_and_names_the_first_date(addressee: To) -> None:
    letter = compose_welcome(addressee("an"), OWN, plan=PLAN, unit="QLTM", as_of=FEBRUARY_15, links=LINKS)
    assert letter.subject == (
        "[CCHC] Phòng Quản lý thương mại: 5 việc chủ trì, 1 việc phối hợp, hạn gần nhất ngày 14/03/2022"
        " – Kế hoạch 383/KH-SCT"
    )
    assert "Phiếu kỳ quý I năm 2022: 2 nội dung" in letter.text
    assert "như kế hoạch ghi: Khi có văn bản của cấp trên" in letter.text
    assert "kế hoạch không ghi thời hạn" in letter.text
    assert "trước hạn 10 ngày làm việc: cán bộ phụ trách của đơn vị chủ trì" in letter.text
    assert "&lt;không&gt;" in letter.html


def test_dates_gone_by_are_not_announced(addressee: To) -> None:
    letter = compose_welcome(
        addressee("an"), OWN, plan=PLAN, unit="QLTM", as_of=date(2022, 12, 20), links=LINKS
    )
    assert "hạn gần nhất" not in letter.subject
    before = letter.text.partition("VIỆC CHỦ TRÌ ĐÃ ĐẾN HẠN TRƯỚC NGÀY THEO DÕI")[2]
    assert "Quy định đấu thầu quản lý chợ" in before
    assert "Thời hạn: 15/11/2022" in before
    assert "Phiếu kỳ" not in letter.text


def test_a_unit_with_hundreds_of_tasks_gets_a_letter_that_is_not_clipped(addressee: To) -> None:
    many = tuple(
        OwnTask(
            task=planned(row, "Rà soát, chuẩn hóa hệ thống thủ tục; " * 9, date(2022, 11, 15)),
            role=Role.OWNER,
        )
        for row in range(1, 401)
    )
    letter = compose_welcome(addressee("an"), many, plan=PLAN, unit="QLTM", as_of=FEBRUARY_15, links=LINKS)
    assert len(letter.html.encode()) < 100_000
    assert "và 320 việc khác" in letter.text


FIGURES = SummaryFigures(
    plan=PLAN,
    period="2022-Y",
    as_of=date(2022, 12, 14),
    sentence="Đến nay, Sở Công Thương đã hoàn thành 52/54 nhiệm vụ theo Kế hoạch số 383/KH-SCT.",
    done=52,
    total=54,
    counts={"Hoàn thành đúng hạn": 50, "Hoàn thành quá hạn": 2, "Quá hạn": 2},
    worst=((planned(1, "Quy định đấu thầu quản lý chợ"), date(2022, 11, 15)),),
    files=("bao-cao-2022.docx",),
)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_summary_leads_with_the_sentence(language: str, addressee: To, golden: Golden) -> None:
    letter = compose_summary(addressee("giang", language), FIGURES, links=LINKS)
    golden.check(f"summary.{language}.txt", f"Subject: {letter.subject}\n\n{letter.text}")
    golden.check(f"summary.{language}.html", letter.html)
    assert "52/54" in letter.subject
    assert letter.text.index("52/54") < letter.text.index("Hoàn thành đúng hạn")


def test_a_summary_without_anything_overdue_or_attached_says_nothing_of_it(addressee: To) -> None:
    letter = compose_summary(addressee("giang"), replace(FIGURES, worst=(), files=()), links=Links())
    assert "Quá hạn lâu nhất" not in letter.text + letter.html
    assert "Tệp kèm theo" not in letter.text + letter.html
    assert "http" not in letter.text


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_alarm_lists_the_gaps_and_the_way_out(language: str, addressee: To, golden: Golden) -> None:
    at = datetime(2022, 11, 30, 9, 5, tzinfo=timezone(timedelta(hours=7)))
    gaps = ("383/KH-SCT/1, bậc +1: chưa có thông báo cho Nguyễn Thị An.", "Thư của <Bình> kẹt từ 08:00.")
    letter = compose_alarm(addressee("chi", language), gaps, at=at, links=LINKS)
    golden.check(f"alarm.{language}.txt", f"Subject: {letter.subject}\n\n{letter.text}")
    golden.check(f"alarm.{language}.html", letter.html)
    assert "09:05" in letter.text
    assert all(gap in letter.text.replace("\n  ", " ") for gap in gaps)
