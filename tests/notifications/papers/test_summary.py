"""The report of a period, read back from its file: layout, content, and the same bytes each time."""

from __future__ import annotations

import json
import time
import unicodedata
import zipfile
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from docx.document import Document
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from notifications.papers.summary import write_summary
from notifications.wording import catalogue
from tasks_catalog.digest import Summary, TargetLine, UnitFigure, as_json, summary_from_json
from tasks_catalog.facts import ClosingKind
from tasks_catalog.judging import Verdict
from tasks_catalog.standing import StandingKind

from .conftest import Written, counts, lines_of, overdue, table_under


@pytest.fixture
def paper(written: Written, summary: Summary) -> Document:
    return written(summary)


def test_the_page_is_a4_with_the_margins_of_decree_30(paper: Document) -> None:
    (section,) = paper.sections
    page = (section.page_width, section.page_height)
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(length.mm) for length in (*page, *margins) if length] == [210, 297, 20, 20, 30, 15]


def test_the_type_is_times_new_roman_for_every_script(paper: Document) -> None:
    styles = paper.styles.element
    fonts = list(styles.iter(qn("w:rFonts")))
    assert fonts
    assert {value for font in fonts for value in font.attrib.values()} == {"Times New Roman"}
    assert paper.styles["Normal"].font.size == Pt(14)


def test_the_page_number_stands_on_top_but_not_on_the_first_page(paper: Document) -> None:
    (section,) = paper.sections
    assert "PAGE" in section.header.paragraphs[0]._p.xml
    assert section.different_first_page_header_footer
    assert not section.first_page_header.paragraphs[0].text


def test_the_head_leaves_number_and_day_to_fill_in(paper: Document) -> None:
    (office, state), (number, day) = ([cell.text for cell in row.cells] for row in paper.tables[0].rows)
    assert office.split("\n")[:2] == ["UBND TỈNH ĐỒNG NAI", "SỞ CÔNG THƯƠNG"]
    assert state.split("\n")[:2] == ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"]
    assert (" ".join(number.split()), " ".join(day.split())) == (
        "Số: /BC-SCT",
        "Đồng Nai, ngày tháng 12 năm 2022",
    )


def test_the_line_under_the_motto_is_as_long_as_its_text(paper: Document) -> None:
    line = paper.tables[0].rows[0].cells[1].paragraphs[2]
    indent = line.paragraph_format.left_indent
    assert line._p.pPr.find(qn("w:pBdr")) is not None
    assert indent is not None
    assert 100 - 2 * indent.mm == pytest.approx(60.4, abs=2)


@pytest.mark.parametrize(
    ("as_of", "month"),
    [
        pytest.param(date(2022, 12, 31), "tháng 01 năm 2023", id="data to New Year's Eve: January, padded"),
        pytest.param(date(2022, 12, 14), "tháng 12 năm 2022", id="data to the 14th: the same month"),
    ],
)
def test_the_paper_is_dated_after_its_data(
    as_of: date, month: str, written: Written, summary: Summary
) -> None:
    assert written(replace(summary, as_of=as_of)).tables[0].rows[1].cells[1].text.endswith(month)


def test_the_body_says_the_sentence_then_the_window(paper: Document) -> None:
    lines = lines_of(paper)
    assert lines[:4] == [
        "BÁO CÁO",
        "Kết quả thực hiện Kế hoạch cải cách hành chính số 383/KH-SCT",
        "năm 2022",
        "Thực hiện Kế hoạch cải cách hành chính số 383/KH-SCT ngày 30/01/2022, Sở Công Thương báo cáo "
        "kết quả năm 2022 như sau:",
    ]
    assert lines[5] == (
        "Đến nay, Sở Công Thương đã hoàn thành 05/07 nhiệm vụ theo "
        "Kế hoạch cải cách hành chính số 383/KH-SCT."
    )
    assert lines[6] == (
        "Kỳ báo cáo: năm 2022, từ ngày 15/12/2021 đến hết ngày 14/12/2022. "
        "Số liệu tính đến hết ngày 14/12/2022."
    )
    assert "Tỷ lệ hoàn thành: 71,4% (05/07 nhiệm vụ)." in lines


def test_the_standings_stand_beside_those_of_the_last_report(paper: Document) -> None:
    assert table_under(paper, "Tình trạng") == [
        ["Tình trạng", "Số nhiệm vụ", "Kỳ trước", "Tăng, giảm"],
        ["Hoàn thành đúng hạn", "3", "2", "+1"],
        ["Hoàn thành quá hạn", "1", "1", "0"],
        ["Kết thúc theo quyết định", "1", "0", "+1"],
        ["Đang thực hiện", "1", "4", "-3"],
        ["Quá hạn chưa hoàn thành", "1", "0", "+1"],
        ["Chưa phát sinh", "0", "0", "0"],
        ["Tổng cộng", "7", "7", "0"],
    ]


def test_sections_and_units_sum_up(paper: Document) -> None:
    sections = table_under(paper, "Nội dung")
    assert [row[:2] for row in sections[1:]] == [
        ["I. Cải cách thể chế", "03/04"],
        ["(Không ghi nội dung)", "02/03"],
        ["Tổng cộng", "05/07"],
    ]
    assert sections[-1][2:] == ["3", "1", "1", "1", "1", "0"]
    assert table_under(paper, "Đơn vị chủ trì")[1][:2] == ["Văn phòng Sở", "04/06"]


def test_an_overdue_task_names_its_units_deadline_and_age(paper: Document) -> None:
    row = ["3", "Rà soát văn bản lần 3", "Thanh tra Sở; Văn phòng Sở", "Quý III/2022", "30/9/2022", "75"]
    assert table_under(paper, "Dòng")[1] == row


def test_an_extended_deadline_shows_the_first_one_too(written: Written, summary: Summary) -> None:
    late = overdue(3, first_due=date(2022, 8, 31))
    row = table_under(written(replace(summary, overdue=(late,))), "Dòng")[1]
    assert row[4] == "30/9/2022 (gia hạn từ 31/8/2022)"


@pytest.mark.parametrize("kind", ClosingKind)
def test_a_decided_task_stands_apart_with_its_document(
    kind: ClosingKind, written: Written, summary: Summary
) -> None:
    decided = replace(summary, overdue=(), decided=(replace(summary.decided[0], kind=kind),))
    row = table_under(written(decided), "Dòng")[1]
    assert (row[0], row[3]) == ("4", "12/TB-SCT ngày 30/5/2022")
    assert row[2] == catalogue()[f"paper_closing_{kind}"]["vi"]


def test_changes_are_told_with_the_rows_that_moved(paper: Document) -> None:
    lines = lines_of(paper)
    assert "- Hoàn thành thêm: 02 nhiệm vụ (dòng 4, 5 của kế hoạch)." in lines
    assert "- Chuyển sang quá hạn chưa hoàn thành: 01 nhiệm vụ (dòng 3 của kế hoạch)." in lines


def test_what_waits_for_others_is_told(paper: Document) -> None:
    text = "\n".join(lines_of(paper))
    assert "có 02 nhiệm vụ đã báo cáo nhưng còn chờ xác nhận" in text
    assert "có 01 nhiệm vụ đã trình, đang chờ cấp có thẩm quyền" in text


def a_target(*units: UnitFigure, verdict: Verdict) -> TargetLine:
    return TargetLine(
        id="383/KH-SCT/21",
        row=21,
        text="Giải quyết hồ sơ",
        target="Tỷ lệ giải quyết hồ sơ đúng hạn đạt tối thiểu 96%",
        comparison=">=",
        aim=Decimal(96),
        measure="%",
        verdict=verdict,
        units=units,
    )


MET = UnitFigure(
    unit="VP",
    verdict=Verdict.MET,
    value=100 * Decimal(24635) / Decimal(24641),
    part=Decimal(24635),
    whole=Decimal(24641),
    reported_on=date(2022, 12, 10),
)
MISSED = UnitFigure(
    unit="TT", verdict=Verdict.NOT_MET, value=Decimal("95.999"), reported_on=date(2022, 12, 9)
)
SILENT = UnitFigure(unit="QLTM", verdict=Verdict.NOT_REPORTED)


@pytest.mark.parametrize(
    ("units", "verdict", "reported", "result"),
    [
        pytest.param((MET,), Verdict.MET, "99,98% (24.635/24.641)", "Đạt", id="one unit that has met it"),
        pytest.param((MISSED,), Verdict.NOT_MET, "95,999%", "Chưa đạt", id="one that missed it by a hair"),
        pytest.param((SILENT,), Verdict.NOT_REPORTED, "–", "Chưa có số liệu", id="one that has not said"),
        pytest.param((), Verdict.NOT_REPORTED, "–", "Chưa có số liệu", id="nobody owes it yet"),
        pytest.param(
            (MET, MISSED, SILENT),
            Verdict.NOT_MET,
            "1/3 đơn vị đạt. Chưa đạt: Thanh tra Sở (95,999%). Chưa có số liệu: QLTM.",
            "Chưa đạt",
            id="several units: those that have not met it by name",
        ),
        pytest.param(
            (SILENT, SILENT), Verdict.NOT_REPORTED, "–", "Chưa có số liệu", id="several, all silent"
        ),
    ],
)
def test_a_target_stands_with_its_figure_and_result(
    units: tuple[UnitFigure, ...],
    verdict: Verdict,
    reported: str,
    result: str,
    written: Written,
    summary: Summary,
) -> None:
    paper = written(replace(summary, overdue=(), decided=(), targets=(a_target(*units, verdict=verdict),)))
    assert table_under(paper, "Dòng") == [
        ["Dòng", "Nhiệm vụ", "Chỉ tiêu theo kế hoạch", "Số liệu đã báo cáo", "Kết quả"],
        [
            *("21", "Giải quyết hồ sơ", "Tỷ lệ giải quyết hồ sơ đúng hạn đạt tối thiểu 96%"),
            *(reported, result),
        ],
    ]


def test_chapters_are_numbered_on_with_every_one_there_can_be(written: Written, summary: Summary) -> None:
    told = lines_of(written(replace(summary, targets=(a_target(MET, verdict=Verdict.MET),))))
    assert [line.split(".")[0] for line in told if line.isupper() and "." in line] == [
        *("I", "II", "III", "IV", "V", "VI", "VII")
    ]
    assert "IV. KẾT QUẢ THỰC HIỆN CHỈ TIÊU" in told
    assert (
        "Trong 01 chỉ tiêu có số liệu cụ thể của kế hoạch: 01 chỉ tiêu đạt, 00 chỉ tiêu chưa đạt, "
        "00 chỉ tiêu chưa có số liệu."
    ) in told


def test_without_targets_there_is_no_chapter_on_them(paper: Document) -> None:
    assert not any("CHỈ TIÊU" in line for line in lines_of(paper))


def test_how_it_was_counted_is_printed(paper: Document) -> None:
    (note,) = [line for line in lines_of(paper) if line.startswith("(1)")]
    assert "kỳ báo cáo cải cách hành chính" in note


def test_the_foot_leaves_the_signature_blank(paper: Document) -> None:
    recipients, signature = (cell.text for cell in paper.tables[-1].rows[0].cells)
    assert recipients.split("\n") == [
        "Nơi nhận:",
        "- Sở Nội vụ (b/c);",
        "- Các phòng, đơn vị thuộc Sở;",
        "- Lưu: VT, VP.",
    ]
    assert signature.strip() == "GIÁM ĐỐC"


def test_table_headings_come_again_on_every_page_and_rows_are_not_split(paper: Document) -> None:
    for table in paper.tables[1:-1]:
        heading = table.rows[0]._tr.trPr
        assert heading is not None
        assert heading.find(qn("w:tblHeader")) is not None
        assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)


def test_tables_are_as_wide_as_the_text(paper: Document) -> None:
    for table in paper.tables:
        assert sum(Mm(column.width.mm).mm for column in table.columns) == pytest.approx(165, abs=0.5)


def test_a_summary_of_nothing_says_so(written: Written, summary: Summary) -> None:
    empty = replace(
        summary,
        done=0,
        total=0,
        counts=dict.fromkeys(StandingKind, 0),
        unconfirmed=0,
        in_progress={},
        by_section=(),
        by_unit=(),
        overdue=(),
        decided=(),
        changes=None,
        head=replace(summary.head, recipients=(), superior="", place=""),
    )
    paper = written(empty)
    text = "\n".join(lines_of(paper))
    assert "Kế hoạch chưa có nhiệm vụ nào." in text
    assert "Không có nhiệm vụ quá hạn chưa hoàn thành." in text
    assert "Không có số liệu kỳ trước để so sánh." in text
    assert "%" not in text
    assert "QUYẾT ĐỊNH" not in text
    assert table_under(paper, "Tình trạng")[-1] == ["Tổng cộng", "0"]


def test_two_hundred_overdue_tasks_are_all_listed_quickly(written: Written, summary: Summary) -> None:
    late = tuple(overdue(row) for row in range(1, 201))
    began = time.perf_counter()
    paper = written(replace(summary, overdue=late, counts=counts(0, 0, 0, 0, 200, 0)))
    took = time.perf_counter() - began
    assert [row[0] for row in table_under(paper, "Dòng")[1:]] == [str(row) for row in range(1, 201)]
    assert took < 5


def test_texts_that_xml_cannot_hold_are_written_without_what_it_cannot(
    written: Written, summary: Summary
) -> None:
    hostile = overdue(3, text="Rà\x00 so\x0bát <b>&amp;</b>\ud800\ufffe văn bản")
    head = replace(summary.head, organisation="Sở\x01 Công Thương")
    paper = written(replace(summary, overdue=(hostile,), head=head))
    assert table_under(paper, "Dòng")[1][1] == "Rà soát <b>&amp;</b> văn bản"
    assert paper.core_properties.author == "Sở Công Thương"


def test_names_in_nfd_are_printed_in_nfc(written: Written, summary: Summary) -> None:
    head = replace(summary.head, unit_names={"VP": unicodedata.normalize("NFD", "Văn phòng Sở")})
    assert table_under(written(replace(summary, head=head)), "Đơn vị chủ trì")[1][0] == "Văn phòng Sở"


def test_the_same_summary_is_the_same_bytes_also_from_its_snapshot(tmp_path: Path, summary: Summary) -> None:
    stored = json.loads(json.dumps(as_json(summary), sort_keys=True))
    for name, one in (("a", summary), ("b", summary), ("c", summary_from_json(stored))):
        write_summary(one, tmp_path / f"{name}.docx")
    first, *others = ((tmp_path / f"{name}.docx").read_bytes() for name in "abc")
    assert others == [first, first]


def test_the_file_carries_no_clock_and_nothing_of_a_template(tmp_path: Path, summary: Summary) -> None:
    write_summary(summary, tmp_path / "a.docx")
    with zipfile.ZipFile(tmp_path / "a.docx") as paper:
        assert {entry.date_time for entry in paper.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"python-docx" not in paper.read("docProps/core.xml")
        assert b"2022-12-14T00:00:00Z" in paper.read("docProps/core.xml")
        assert not [name for name in paper.namelist() if "thumbnail" in name or "app.xml" in name]


def test_writing_again_replaces_the_file_and_leaves_nothing_behind(tmp_path: Path, summary: Summary) -> None:
    path = tmp_path / "bao-cao.docx"
    path.write_text("something else")
    write_summary(summary, path)
    assert [file.name for file in tmp_path.iterdir()] == ["bao-cao.docx"]
    assert zipfile.is_zipfile(path)


def test_the_label_stands_under_the_title(written: Written, summary: Summary) -> None:
    head = replace(summary.head, label="bản dựng lại để thử nghiệm")
    assert lines_of(written(replace(summary, head=head)))[3] == "(bản dựng lại để thử nghiệm)"


def test_the_english_paper_says_the_same(written: Written, summary: Summary) -> None:
    paper = written(summary, "en")
    assert lines_of(paper)[0] == "REPORT"
    assert table_under(paper, "Row")[1][3:] == ["Quý III/2022", "30 Sep 2022", "75"]
    vietnamese = {entry["vi"] for code, entry in catalogue().items() if code.startswith("paper_column_")}
    headings = {cell.text for table in paper.tables[1:-1] for cell in table.rows[0].cells}
    assert not headings & vietnamese
