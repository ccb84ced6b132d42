"""The draft letter of urging, read back from its file."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import date
from pathlib import Path

import docx
import pytest
from docx.document import Document

from notifications.papers.urging import UrgedTask, UrgingDraft, urged_task, write_urging
from notifications.wording import catalogue
from tasks_catalog.deadline import Deadline, Kind
from tasks_catalog.digest import SummaryHead
from tasks_catalog.facts import Share, TaskFacts
from tasks_catalog.occurrence import Role, ShareKey
from tasks_catalog.problem import Refused

from .conftest import lines_of, table_under

TASK = UrgedTask(
    row=3,
    text="Rà soát văn bản.",
    deadline="Quý III/2022",
    due=date(2022, 9, 30),
    days_late=17,
    product="Báo cáo",
)


@pytest.fixture
def draft(head: SummaryHead) -> UrgingDraft:
    return UrgingDraft(
        head=head,
        unit="Phòng Quản lý thương mại",
        tasks=(TASK,),
        as_of=date(2022, 10, 17),
        answer_by=date(2022, 10, 24),
        focal="Văn phòng Sở",
        recipients=("Ban Giám đốc Sở",),
    )


def read_back(draft: UrgingDraft, folder: Path, lang: str = "vi") -> Document:
    write_urging(draft, folder / "cong-van.docx", lang=lang)
    return docx.Document(str(folder / "cong-van.docx"))


def test_the_head_is_that_of_a_cong_van(draft: UrgingDraft, tmp_path: Path) -> None:
    number, day = (cell.text for cell in read_back(draft, tmp_path).tables[0].rows[1].cells)
    first, about = number.split("\n")
    assert "".join(first.split()) == "Số:/SCT-VP"
    assert about == ("V/v đôn đốc thực hiện nhiệm vụ theo Kế hoạch cải cách hành chính số 383/KH-SCT")
    assert day.endswith("tháng 10 năm 2022")


def test_the_body_names_task_plan_deadline_and_when_to_answer(draft: UrgingDraft, tmp_path: Path) -> None:
    assert lines_of(read_back(draft, tmp_path)) == [
        "Kính gửi: Phòng Quản lý thương mại.",
        "Theo Kế hoạch cải cách hành chính số 383/KH-SCT ngày 30/01/2022, Phòng Quản lý thương mại được giao "
        "chủ trì thực hiện nhiệm vụ: “Rà soát văn bản” (sản phẩm: Báo cáo); thời hạn: Quý III/2022, "
        "đến hạn ngày 30/9/2022.",
        "Tính đến hết ngày 17/10/2022, nhiệm vụ nêu trên đã quá hạn 17 ngày, Sở Công Thương chưa nhận được "
        "báo cáo kết quả thực hiện.",
        "Sở Công Thương yêu cầu Phòng Quản lý thương mại khẩn trương thực hiện, hoàn thành nhiệm vụ được "
        "giao và báo cáo kết quả bằng văn bản (gửi về Văn phòng Sở để tổng hợp) trước ngày 24/10/2022. "
        "Trường hợp chưa hoàn thành, nêu rõ nguyên nhân, khó khăn, "
        "vướng mắc và thời gian dự kiến hoàn thành.",
        "Yêu cầu Phòng Quản lý thương mại nghiêm túc triển khai thực hiện./.",
    ]


def test_several_tasks_stand_in_a_table_the_latest_first(draft: UrgingDraft, tmp_path: Path) -> None:
    several = replace(draft, tasks=(TASK, replace(TASK, row=9, days_late=40)))
    rows = table_under(read_back(several, tmp_path), "Dòng")
    assert [(row[0], row[4]) for row in rows[1:]] == [("9", "40"), ("3", "17")]


def test_the_foot_names_the_recipients_and_leaves_the_signature_blank(
    draft: UrgingDraft, tmp_path: Path
) -> None:
    recipients, signature = (cell.text for cell in read_back(draft, tmp_path).tables[-1].rows[0].cells)
    assert recipients.split("\n")[1:] == ["- Như trên;", "- Ban Giám đốc Sở;", "- Lưu: VT, VP."]
    assert signature.strip() == "GIÁM ĐỐC"


def test_no_wording_of_the_letter_reproves() -> None:
    texts = [entry for code, entry in catalogue().items() if code.startswith(("paper_", "urging_"))]
    assert texts
    assert not [
        text for text in texts if "phê bình" in text["vi"].lower() or "reprimand" in text["en"].lower()
    ]


def test_a_deadline_without_words_is_its_day(draft: UrgingDraft, tmp_path: Path) -> None:
    bare = replace(draft, tasks=(replace(TASK, deadline="", product=""),), focal="")
    lines = lines_of(read_back(bare, tmp_path))
    assert lines[1].endswith("nhiệm vụ: “Rà soát văn bản”; thời hạn: ngày 30/9/2022.")
    assert "gửi về" not in lines[3]


def test_the_same_draft_is_the_same_bytes(draft: UrgingDraft, tmp_path: Path) -> None:
    write_urging(draft, tmp_path / "a.docx")
    write_urging(draft, tmp_path / "b.docx")
    assert (tmp_path / "a.docx").read_bytes() == (tmp_path / "b.docx").read_bytes()


def test_hostile_and_decomposed_texts_are_set_straight(draft: UrgingDraft, tmp_path: Path) -> None:
    decomposed = unicodedata.normalize("NFD", "Phòng Quản lý thương mại")
    odd = replace(draft, unit=decomposed, tasks=(replace(TASK, text="Rà soát\x00 văn bản\x1f."),))
    lines = lines_of(read_back(odd, tmp_path))
    assert lines[0] == "Kính gửi: Phòng Quản lý thương mại."
    assert "“Rà soát văn bản”" in lines[1]


def test_it_speaks_english(draft: UrgingDraft, tmp_path: Path) -> None:
    lines = lines_of(read_back(draft, tmp_path, "en"))
    assert lines[0] == "To: Phòng Quản lý thương mại."
    assert "17 days overdue" in lines[2]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        pytest.param({"tasks": ()}, "urging_without_tasks", id="a letter about nothing"),
        pytest.param(
            {"answer_by": date(2022, 10, 17)}, "urging_answer_too_early", id="no day left to answer"
        ),
    ],
)
def test_a_letter_that_makes_no_sense_is_refused(
    changed: dict[str, object], code: str, draft: UrgingDraft, tmp_path: Path
) -> None:
    with pytest.raises(Refused) as refusal:
        write_urging(replace(draft, **changed), tmp_path / "a.docx")  # type: ignore[arg-type]
    assert refusal.value.code == code
    assert not list(tmp_path.iterdir())


def test_days_late_count_from_the_last_day_on_time() -> None:
    share = Share(
        key=ShareKey("383/KH-SCT/3", "2022-10-30", "QLTM"),
        role=Role.OWNER,
        due=date(2022, 10, 30),
        lapses=date(2022, 10, 31),
        first_due=date(2022, 10, 30),
        epoch_began=date(2022, 1, 30),
    )
    task = TaskFacts(
        id="383/KH-SCT/3",
        row=3,
        text="Rà soát",
        deadline=Deadline(text="Tháng 10", kind=Kind.WITHIN),
        shares={share.key: share},
    )
    late = urged_task(task, share, as_of=date(2022, 11, 14))
    assert (late.due, late.days_late, late.deadline) == (date(2022, 10, 30), 14, "Tháng 10")
