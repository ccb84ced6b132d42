"""Layouts that broke when plans never read before were laid out anew: each small, drawn or written here."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

import docx
import openpyxl
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from tasks_catalog.documents import read_plan
from tasks_catalog.documents.grid import Cell
from tasks_catalog.documents.head import read_head
from tasks_catalog.documents.xlsx import as_shown
from tasks_catalog.task import PlanRead, Task

Rows = Sequence[Sequence[str]]
MakeDocx = Callable[..., Path]
MakePdf = Callable[..., Path]
DrawPdf = Callable[..., Path]

HEADING = ["STT", "Nhiệm vụ", "Cơ quan chủ trì", "Cơ quan phối hợp", "Thời hạn"]
PDF_HEADING = [["TT"], ["Nhiem vu"], ["Chu tri"], ["Phoi hop"], ["Thoi han"]]


def read_whole(path: Path) -> PlanRead:
    """Read the plan of 2025 and see that each of its rows is accounted for."""
    read = read_plan(path, year=2025)
    rows = asdict(read.rows)
    assert rows.pop("total") == sum(rows.values())
    return read


def fields(task: Task) -> tuple[str, str, str, str, str]:
    return task.stt, task.text, task.lead.text, task.cooperating.text, task.deadline.text


def codes(read: PlanRead) -> list[str]:
    return [problem.code for problem in read.problems]


# --- headings --------------------------------------------------------------------------------------------


def test_a_title_above_a_heading_of_two_rows_is_no_part_of_it(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    rows = [
        ["", "PHÂN CÔNG NHIỆM VỤ NĂM 2025"],
        [],
        ["", "Số TT", "Nhiệm vụ", "Phân công thực hiện", "", "Thời hạn"],
        ["", "", "", "Chủ trì", "Phối hợp", ""],
        ["", "1", "Rà soát văn bản", "Sở Tư pháp", "Văn phòng", "Quý I/2025"],
    ]
    for row in rows:
        page.append(row)
    for area in ("B3:B4", "C3:C4", "D3:E3", "F3:F4"):
        page.merge_cells(area)
    book.save(tmp_path / "plan.xlsx")
    (task,) = read_whole(tmp_path / "plan.xlsx").tasks
    assert fields(task) == ("1", "Rà soát văn bản", "Sở Tư pháp", "Văn phòng", "Quý I/2025")


def test_a_heading_printed_over_its_numbers_on_a_new_page_is_a_heading(make_pdf: MakePdf) -> None:
    numbers = [["(1)"], ["(2)"], ["(3)"], ["(4)"], ["(5)"]]
    path = make_pdf(
        [
            [
                [*PDF_HEADING[:4], ["Thoi han", "hoan thanh"]],
                numbers,
                [["1"], ["Ra soat"], ["So Tu phap"], ["Van phong"], ["Quy I/2025"]],
            ],
            [
                [*PDF_HEADING[:4], ["Thoi han"]],
                [*numbers[:4], ["h\\(5o\\)an"]],
                [["2"], ["Cong khai"], ["So Tu phap"], ["Van phong"], ["Quy II/2025"]],
            ],
        ]
    )
    read = read_whole(path)
    assert [task.text for task in read.tasks] == ["Ra soat", "Cong khai"]
    assert read.rows.headers == 4


def test_a_heading_too_narrow_for_its_three_letters_is_still_the_number(make_pdf: MakePdf) -> None:
    rows = [
        [["ST", "T"], *PDF_HEADING[1:]],
        [["1"], ["Ra soat"], ["So Tu phap"], ["Van phong"], ["Quy I/2025"]],
    ]
    (task,) = read_whole(make_pdf([rows])).tasks
    assert (task.stt, task.extra) == ("1", {})


UNNAMED = ["#", "Việc phải làm", "Nơi đảm nhiệm", "Nơi tham gia", "Khi nào xong"]
WORK = [
    ["1", "Rà soát văn bản quy phạm pháp luật", "Sở Tư pháp", "Văn phòng", "Quý I/2025"],
    ["2", "Công khai thủ tục hành chính", "Văn phòng UBND", "Các sở, ngành", "30/6/2025"],
    ["3", "Báo cáo kết quả cả năm", "Sở Nội vụ", "", "Tháng 12/2025"],
]


def test_columns_with_unforeseen_headings_are_told_by_what_stands_in_them(make_docx: MakeDocx) -> None:
    read = read_whole(make_docx([UNNAMED, *WORK]))
    assert [fields(task) for task in read.tasks] == [tuple(row) for row in WORK]
    assert codes(read) == [f"{it}_column_guessed" for it in ("deadline", "lead", "cooperating", "task")]
    assert [problem.where and problem.where.column for problem in read.problems] == [
        *("Khi nào xong", "Nơi đảm nhiệm", "Nơi tham gia", "Việc phải làm")
    ]


def test_owners_under_an_unforeseen_heading_are_told_by_the_names_of_offices(make_docx: MakeDocx) -> None:
    heading = ["TT", "Nội dung đề nghị", "Nơi nhận việc", "Thời hạn trả lời"]
    read = read_whole(make_docx([heading, *([*row[:3], row[4]] for row in WORK)]))
    assert [task.lead.text for task in read.tasks] == ["Sở Tư pháp", "Văn phòng UBND", "Sở Nội vụ"]
    assert codes(read) == ["lead_column_guessed"]


def test_an_office_that_gave_the_task_is_not_taken_for_its_owner(make_docx: MakeDocx) -> None:
    heading = ["TT", "Nhiệm vụ", "Cơ quan giao", "Thời hạn"]
    read = read_whole(make_docx([heading, *([*row[:3], row[4]] for row in WORK)]))
    assert {task.lead.text for task in read.tasks} == {""}
    assert codes(read) == ["no_lead_column"]


@pytest.mark.parametrize(
    "heading",
    [
        pytest.param("Bộ phận hỗ trợ", id="who helps"),
        pytest.param("Đơn vị tham gia", id="who takes part"),
        pytest.param("Cơ quan, đơn vị liên quan", id="whom it concerns"),
    ],
)
def test_co_owners_by_other_names(make_docx: MakeDocx, heading: str) -> None:
    read = read_whole(make_docx([[*HEADING[:3], heading, HEADING[4]], *WORK]))
    assert read.tasks[0].cooperating.text == "Văn phòng"


# --- sections --------------------------------------------------------------------------------------------


def test_a_numbered_title_among_tasks_that_count_on_is_a_heading(make_docx: MakeDocx) -> None:
    rows = [
        HEADING,
        ["I", "Hợp tác quốc tế", "", "", ""],
        ["45", "Ký kết thỏa thuận", "Sở Ngoại vụ", "", "Quý I/2025"],
        ["1", "Song phương", "", "", ""],
        ["46", "Trao đổi đoàn", "Sở Ngoại vụ", "", "Quý II/2025"],
        ["2", "Đa phương", "", "", ""],
        ["47", "Tham gia diễn đàn", "Sở Ngoại vụ", "", "Quý III/2025"],
    ]
    assert [(task.stt, task.group) for task in read_whole(make_docx(rows)).tasks] == [
        ("45", ""),
        ("46", "1. Song phương"),
        ("47", "2. Đa phương"),
    ]


@pytest.mark.parametrize(
    ("first_number", "section"),
    [
        pytest.param("3", "I. Thể chế", id="counting on"),
        pytest.param("1", "", id="beginning anew"),
    ],
)
def test_sections_run_on_into_a_table_that_counts_on(tmp_path: Path, first_number: str, section: str) -> None:
    document = docx.Document()
    parts = [["I", "Thể chế", "", "", ""], *WORK[:2]], [[first_number, *WORK[2][1:]]]
    for part in parts:
        table = document.add_table(rows=1 + len(part), cols=5)
        for row, cells in zip(table.rows, [HEADING, *part], strict=True):
            for cell, text in zip(row.cells, cells, strict=True):
                cell.text = text
        document.add_paragraph("Trang sau")
    document.save(str(tmp_path / "plan.docx"))
    tasks = read_whole(tmp_path / "plan.docx").tasks
    assert [task.section for task in tasks] == ["I. Thể chế", "I. Thể chế", section]


def test_results_expected_are_a_product_and_results_reached_are_not(make_docx: MakeDocx) -> None:
    heading = ["TT", "Nhiệm vụ", "Kết quả thực hiện dự kiến", "Chủ trì", "Kết quả thực hiện", "Thời hạn"]
    row = ["1", "Rà soát", "Báo cáo", "Sở Y tế", "Đang làm", "Quý I/2025"]
    (task,) = read_whole(make_docx([heading, row])).tasks
    assert (task.product, task.extra) == ("Báo cáo", {"Kết quả thực hiện": "Đang làm"})


# --- Word ------------------------------------------------------------------------------------------------


def test_a_row_deleted_by_a_tracked_change_and_hidden_words_are_left_out(make_docx: MakeDocx) -> None:
    path = make_docx([HEADING, *WORK])
    document = docx.Document(str(path))
    (table,) = document.tables
    deleted = parse_xml(f'<w:del {nsdecls("w")} w:id="1" w:author="A"/>')
    table.rows[2]._tr.get_or_add_trPr().append(deleted)
    table.cell(1, 1).paragraphs[0].add_run(" (nội bộ)").font.hidden = True
    document.save(str(path))
    assert [task.text for task in read_whole(path).tasks] == [WORK[0][1], WORK[2][1]]


def test_a_table_inside_a_frame_of_one_cell_is_read(make_docx: MakeDocx) -> None:
    path = make_docx([HEADING, *WORK])
    document = docx.Document(str(path))
    inner = document.tables[0]._tbl
    frame = document.add_table(rows=1, cols=1).cell(0, 0)
    frame._tc.insert(1, inner)
    document.save(str(path))
    assert [fields(task) for task in read_whole(path).tasks] == [tuple(row) for row in WORK]


def test_a_small_table_inside_a_cell_belongs_to_the_cell(make_docx: MakeDocx) -> None:
    path = make_docx([HEADING, *WORK])
    document = docx.Document(str(path))
    cell = document.tables[0].cell(1, 3)
    inner = cell.add_table(rows=1, cols=2)
    inner.cell(0, 0).text, inner.cell(0, 1).text = "Sở Y tế", "Sở Xây dựng"
    document.save(str(path))
    assert read_whole(path).tasks[0].cooperating.text == "Văn phòng Sở Y tế Sở Xây dựng"
    assert len(document.element.body.findall(qn("w:tbl"))) == 1


# --- PDF -------------------------------------------------------------------------------------------------


def words(x: int, y: int, text: str) -> str:
    return f"BT /F1 9 Tf {x} {y} Td ({text}) Tj ET"


def rule(x0: int, y0: int, x1: int, y1: int) -> str:
    return f"{x0} {y0} m {x1} {y1} l S"


LEFTS = (30, 70, 300, 450, 600)
SIDES = (*LEFTS, 720)
PRINTED = [
    ("TT", "Nhiem vu", "Chu tri", "Phoi hop", "Thoi han"),
    ("1", "Ra soat van ban quy pham", "So Tu phap", "Van phong", "Quy I/2025"),
    ("2", "Cong khai thu tuc", "Van phong", "Cac so", "Quy II/2025"),
    ("3", "Bao cao ket qua ca nam", "So Noi vu", "", "31/12/2025"),
]
READ = [tuple(row) for row in PRINTED[1:]]


def cells_of(rows: Sequence[Sequence[str]], top: int = 700, height: int = 24) -> list[str]:
    return [
        words(left + 4, top - height * r - 14, text)
        for r, row in enumerate(rows)
        for left, text in zip(LEFTS, row, strict=True)
        if text
    ]


def level(rows: Sequence[int], top: int = 700, height: int = 24) -> list[str]:
    return [rule(LEFTS[0], top - height * r, SIDES[-1], top - height * r) for r in rows]


def upright(xs: Sequence[int], top: int = 700, bottom: int = 700 - 24 * 4) -> list[str]:
    return [rule(x, bottom, x, top) for x in xs]


@pytest.mark.parametrize(
    ("rules", "note"),
    [
        pytest.param([*level(range(5)), *upright(SIDES)], [], id="all rules"),
        pytest.param(
            [*level([0, 1, 4]), *upright(SIDES)], ["rows_without_rules"], id="no rules between the tasks"
        ),
        pytest.param(
            [*level([0, 4]), *upright(SIDES)], ["rows_without_rules"], id="no rule under the heading either"
        ),
        pytest.param(level(range(5)), ["columns_without_rules"], id="level rules only"),
        pytest.param([*level(range(5)), *upright(SIDES[1:-1])], [], id="no rules at the sides"),
        pytest.param([*level(range(4)), *upright(SIDES)], [], id="no rule at the foot"),
    ],
)
def test_a_table_lacking_rules_is_read_and_what_was_made_out_is_said(
    draw_pdf: DrawPdf, rules: list[str], note: list[str]
) -> None:
    read = read_whole(draw_pdf("\n".join([*rules, *cells_of(PRINTED)])))
    assert [fields(task) for task in read.tasks] == READ
    assert codes(read) == note


def test_rows_without_rules_whose_numbers_stand_in_the_middle(draw_pdf: DrawPdf) -> None:
    drawn = [*level([0, 1, 8]), *upright(SIDES, bottom=700 - 24 * 8), *cells_of(PRINTED[:1])]
    for number, top in ((1, 660), (2, 600), (3, 540)):
        drawn += [words(75, top - 12 * line, f"dong {line + 1} viec {number}") for line in range(3)]
        drawn += [
            words(x, top - 12, text) for x, text in ((34, str(number)), (304, "So Y te"), (604, "Quy I"))
        ]
    read = read_whole(draw_pdf("\n".join(drawn)))
    assert [(task.stt, task.text) for task in read.tasks] == [
        (str(n), f"dong 1 viec {n} dong 2 viec {n} dong 3 viec {n}") for n in (1, 2, 3)
    ]


def test_a_row_without_rules_cut_by_the_page_goes_on_under_the_heading(draw_pdf: DrawPdf) -> None:
    first = [*cells_of(PRINTED[:1]), *level([0, 1, 5]), *upright(SIDES, bottom=580)]
    for number, top in ((1, 660), (2, 620)):
        first += [words(75, top - 12 * line, f"dong {line + 1} viec {number}") for line in range(2)]
        first += [words(34, top, str(number)), words(304, top, "So Y te"), words(604, top, "Quy I")]
    second = [*cells_of(PRINTED[:1]), *level([0, 5]), *upright(SIDES, bottom=580)]
    second += [words(75, 660, "dong 3 viec 2"), words(75, 648, "dong 4 viec 2")]
    for number, top in ((3, 620), (4, 600)):
        second += [words(34, top, str(number)), words(75, top, f"viec {number}")]
        second += [words(304, top, "So Y te"), words(604, top, "Quy I")]
    read = read_whole(draw_pdf("\n".join(first), "\n".join(second)))
    assert [(task.stt, task.text) for task in read.tasks] == [
        ("1", "dong 1 viec 1 dong 2 viec 1"),
        ("2", "dong 1 viec 2 dong 2 viec 2 dong 3 viec 2 dong 4 viec 2"),
        ("3", "viec 3"),
        ("4", "viec 4"),
    ]


@pytest.mark.parametrize(
    "turn",
    [
        pytest.param("0 1 -1 0 {height} 0 cm", id="turned to the left"),
        pytest.param("0 -1 1 0 0 {width} cm", id="turned to the right"),
    ],
)
def test_a_page_on_its_side_is_turned_upright(draw_pdf: DrawPdf, turn: str) -> None:
    drawn = [*level(range(5)), *upright(SIDES), *cells_of(PRINTED)]
    path = draw_pdf("\n".join([turn.format(width=900, height=800), *drawn]), sides=(800, 900))
    assert [fields(task) for task in read_whole(path).tasks] == READ


def test_an_owner_merged_over_two_pages_holds_for_the_numbered_rows_of_both(draw_pdf: DrawPdf) -> None:
    first = [*cells_of(PRINTED[:3]), *level([0, 1, 3]), *upright(SIDES, bottom=628)]
    first += [rule(30, 652, 300, 652), rule(450, 652, 720, 652)]
    first = [line for line in first if "(Van phong) Tj" not in line or " 304 " not in line]
    more = [("3", "Bao cao quy", "", "", "31/3/2025"), ("4", "Bao cao nam", "", "", "31/12/2025")]
    second = [*cells_of(more), *level([0, 2]), *upright(SIDES, bottom=652)]
    second += [rule(30, 676, 300, 676), rule(450, 676, 720, 676)]
    read = read_whole(draw_pdf("\n".join(first), "\n".join(second)))
    assert [(task.stt, task.lead.text) for task in read.tasks] == [(n, "So Tu phap") for n in "1234"]


def test_a_date_cut_in_two_by_the_page_joins_its_row(make_pdf: MakePdf) -> None:
    first = [PDF_HEADING, [["9"], ["Can cu Nghi dinh so"], ["So Y te"], [], ["30/09/20"]]]
    second = [
        [[], ["180/2025/ND-CP, trien khai"], [], [], ["25"]],
        [["10"], ["Bao cao"], ["So Y te"], [], ["2025"]],
    ]
    read = read_whole(make_pdf([first, second]))
    assert [(task.stt, task.deadline.text) for task in read.tasks] == [("9", "30/09/2025"), ("10", "2025")]
    assert read.rows.continuations == 1


@pytest.mark.parametrize(
    ("lines", "whole"),
    [
        pytest.param(("Trước ngày 15/12/202", "5"), "Trước ngày 15/12/2025", id="the last digit of a year"),
        pytest.param(("12/20", "25"), "12/2025", id="half a year"),
        pytest.param(("Tháng 11/", "2025"), "Tháng 11/2025", id="a whole year"),
        pytest.param(("Quyết định 12/QĐ-", "TTg"), "Quyết định 12/QĐ-TTg", id="a document's symbol"),
        pytest.param(("Trước 15/12", "5 nhiệm vụ"), "Trước 15/12 5 nhiệm vụ", id="a day and a count"),
    ],
)
def test_a_date_that_a_narrow_column_cut_is_put_together(lines: tuple[str, ...], whole: str) -> None:
    assert Cell(key=1, lines=lines, wrapped=True).text == whole


# --- sheets and text files -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        pytest.param(0.8, "80%", id="whole"),
        pytest.param(0.155, "15,5%", id="with a decimal comma, as Vietnamese sheets print it"),
        pytest.param(0.07, "7%", id="without the noise of binary fractions"),
    ],
)
def test_percentages(value: float, shown: str) -> None:
    assert as_shown(value, "0.0%") == shown


def text_file(path: Path, data: bytes) -> Path:
    (path / "plan.csv").write_bytes(data)
    return path / "plan.csv"


def in_old_code_page(text: str) -> bytes:
    """Write Vietnamese as Windows did before Unicode: a vowel, then the mark of its tone."""
    tones = "\u0300\u0301\u0303\u0309\u0323"
    written = ""
    for letter in text:
        parts = unicodedata.normalize("NFD", letter)
        vowel = "".join(part for part in parts if part not in tones)
        written += unicodedata.normalize("NFC", vowel) + "".join(part for part in parts if part in tones)
    return written.encode("cp1258")


@pytest.mark.parametrize(
    ("encode", "note"),
    [
        pytest.param(in_old_code_page, ["encoding_guessed"], id="windows-1258"),
        pytest.param(lambda text: text.encode("utf-16-le"), [], id="UTF-16 without its mark"),
        pytest.param(lambda text: text.encode("utf-16-be"), [], id="UTF-16 the other way round"),
    ],
)
def test_text_files_that_do_not_name_their_encoding(
    tmp_path: Path, encode: Callable[[str], bytes], note: list[str]
) -> None:
    text = "\r\n".join(";".join(row) for row in [HEADING, *WORK])
    read = read_whole(text_file(tmp_path, encode(text)))
    assert [fields(task) for task in read.tasks] == [tuple(row) for row in WORK]
    assert codes(read) == note


# --- the head --------------------------------------------------------------------------------------------


def test_the_office_above_the_title_is_no_part_of_it() -> None:
    head = read_head(["UBND TỈNH BÌNH PHƯỚC", "KẾ HOẠCH CẢI CÁCH HÀNH CHÍNH NĂM 2025"])
    assert (head.issuer, head.title) == ("UBND TỈNH BÌNH PHƯỚC", "KẾ HOẠCH CẢI CÁCH HÀNH CHÍNH NĂM 2025")


def test_a_title_in_capitals_is_no_office() -> None:
    assert read_head(["PHỤ LỤC NHIỆM VỤ QUÁ HẠN NĂM 2025"]).issuer is None


def test_the_name_of_the_plan_may_be_broken_over_lines() -> None:
    head = read_head(
        [
            "DANH MỤC NHIỆM VỤ",
            "(Kèm theo Thông báo số 624/TB-VPCP ngày 16 tháng 11 năm 2025 của Văn phòng Chính",
            "phủ)",
        ]
    )
    assert (head.number, head.issuer) == ("624/TB-VPCP", "Văn phòng Chính phủ")
