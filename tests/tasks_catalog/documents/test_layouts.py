"""Tables as clerks lay them out: two-row headings, nested sections, cells merged or empty, pages."""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path

import docx
import openpyxl
import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from tasks_catalog.documents import read_plan
from tasks_catalog.problem import Problem
from tasks_catalog.task import PlanRead

MakeDocx = Callable[..., Path]
MakePdf = Callable[..., Path]

HEADING = ["TT", "Nhiệm vụ", "Chủ trì", "Thời hạn"]


def _csv(path: Path, rows: Sequence[Sequence[str]], *, delimiter: str = ",", encoding: str = "utf-8") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)
    return path


def _codes(problems: Sequence[Problem]) -> list[str]:
    return [problem.code for problem in problems]


def _accounted(read: PlanRead) -> bool:
    rows = asdict(read.rows)
    return bool(rows.pop("total") == sum(rows.values()))


def test_a_two_row_heading_is_read_from_its_lowest_cells(make_docx: MakeDocx) -> None:
    rows = [
        ["STT", "Thời gian", "Đơn vị thực hiện", "", "Nội dung công việc", "Ghi chú"],
        ["", "", "Chủ trì", "Phối hợp", "", ""],
        ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)"],
        ["1", "Quý I/2023", "Văn phòng", "Thanh tra", "Lập kế hoạch", "Gấp"],
    ]
    merge = [(0, 2, 0, 3), (0, 0, 1, 0), (0, 1, 1, 1), (0, 4, 1, 4), (0, 5, 1, 5)]
    read = read_plan(make_docx(rows, merge=merge), year=2023)
    (task,) = read.tasks
    assert (task.text, task.lead.text, task.cooperating.text) == ("Lập kế hoạch", "Văn phòng", "Thanh tra")
    assert task.deadline.text == "Quý I/2023"
    assert task.extra == {"Ghi chú": "Gấp"}
    assert (read.rows.headers, read.rows.total) == (3, 4)


def test_the_same_number_twice_is_two_tasks(make_docx: MakeDocx) -> None:
    rows = [HEADING, ["1", "Việc A", "Văn phòng", "Quý I"], ["1", "Việc B", "Văn phòng", "Quý II"]]
    read = read_plan(make_docx(rows), year=2023)
    assert [(task.row, task.stt, task.text) for task in read.tasks] == [
        (1, "1", "Việc A"),
        (2, "1", "Việc B"),
    ]


def test_sections_nest_by_the_way_they_are_numbered(make_docx: MakeDocx) -> None:
    rows = [
        HEADING,
        ["A", "NHIỆM VỤ CHUNG", "", ""],
        ["I", "Thể chế", "", ""],
        ["1", "Việc A", "Văn phòng", "Quý I"],
        ["II", "Thủ tục", "", ""],
        ["1", "Việc B", "Văn phòng", "Quý I"],
        ["B", "NHIỆM VỤ RIÊNG", "", ""],
        ["I", "Tài chính", "", ""],
        ["1", "Việc C", "Văn phòng", "Quý I"],
    ]
    merge = [(row, 1, row, 3) for row in (1, 2, 4, 6, 7)]
    read = read_plan(make_docx(rows, merge=merge), year=2023)
    assert [(task.section, task.group) for task in read.tasks] == [
        ("A. NHIỆM VỤ CHUNG", "I. Thể chế"),
        ("A. NHIỆM VỤ CHUNG", "II. Thủ tục"),
        ("B. NHIỆM VỤ RIÊNG", "I. Tài chính"),
    ]
    assert (read.rows.sections, read.rows.groups) == (2, 3)


def test_numbers_that_start_afresh_stay_in_their_section(make_docx: MakeDocx) -> None:
    rows = [
        HEADING,
        ["1", "Thể chế", "", ""],
        ["1", "Việc A", "Văn phòng", "Quý I"],
        ["2", "Việc B", "Văn phòng", "Quý I"],
        ["2", "Thủ tục", "", ""],
        ["1", "Việc C", "Văn phòng", "Quý I"],
        ["2", "Việc D", "Văn phòng", "Quý I"],
        ["3", "Việc E", "Văn phòng", "Quý I"],
    ]
    read = read_plan(make_docx(rows, merge=[(1, 1, 1, 3), (4, 1, 4, 3)]), year=2023)
    assert [task.section for task in read.tasks] == ["1. Thể chế"] * 2 + ["2. Thủ tục"] * 3


def test_a_heading_in_one_cell_over_the_whole_row_gives_up_its_number(make_docx: MakeDocx) -> None:
    rows = [HEADING, ["II. CẢI CÁCH THỦ TỤC", "", "", ""], ["1", "Việc A", "Văn phòng", "Quý I"]]
    read = read_plan(make_docx(rows, merge=[(1, 0, 1, 3)]), year=2023)
    assert read.tasks[0].section == "II. CẢI CÁCH THỦ TỤC"


def test_one_task_with_two_deadlines_is_two_tasks_and_with_two_products_is_one(make_docx: MakeDocx) -> None:
    heading = ["TT", "Nhiệm vụ", "Sản phẩm", "Chủ trì", "Thời hạn"]
    rows = [
        heading,
        ["1", "Việc A", "Kế hoạch", "Văn phòng", "Quý I"],
        ["", "", "Báo cáo", "", "Quý IV"],
        ["2", "Việc B", "Quyết định", "Thanh tra", "Quý II"],
        ["", "", "Tờ trình", "", ""],
    ]
    merge = [(1, 0, 2, 0), (1, 1, 2, 1), (1, 3, 2, 3), (3, 0, 4, 0), (3, 1, 4, 1), (3, 3, 4, 3), (3, 4, 4, 4)]
    read = read_plan(make_docx(rows, merge=merge), year=2023)
    assert [(task.text, task.product, task.deadline.text) for task in read.tasks] == [
        ("Việc A", "Kế hoạch", "Quý I"),
        ("Việc A", "Báo cáo", "Quý IV"),
        ("Việc B", "Quyết định Tờ trình", "Quý II"),
    ]
    assert read.rows.continuations == 1


def test_rows_without_number_owner_and_deadline_join_the_task_above_with_a_note(make_docx: MakeDocx) -> None:
    rows = [HEADING, ["1", "Việc A:", "Văn phòng", "Quý I"], ["", "- phần thứ nhất", "", ""]]
    (task,) = read_plan(make_docx(rows), year=2023).tasks
    assert task.text == "Việc A: - phần thứ nhất"
    assert _codes(task.problems) == ["row_joined"]


def test_a_row_that_is_nothing_known_is_counted_and_shown(make_docx: MakeDocx) -> None:
    rows = [HEADING, ["1", "Việc A", "Văn phòng", "Quý I"], ["2", "", "Thanh tra", "Quý II"]]
    read = read_plan(make_docx(rows), year=2023)
    assert read.rows.problems == 1
    assert _codes(read.problems) == ["row_not_read"]
    assert read.problems[0].where is not None
    assert read.problems[0].where.row == 3
    assert _accounted(read)


def test_the_notes_under_a_table_are_no_section(make_docx: MakeDocx) -> None:
    rows = [HEADING, ["1", "Việc A", "Văn phòng", "Quý I"], ["Tổng cộng: 01 nhiệm vụ", "", "", ""]]
    read = read_plan(make_docx(rows, merge=[(2, 0, 2, 3)]), year=2023)
    assert (read.rows.tasks, read.rows.sections, read.rows.problems) == (1, 0, 1)


def test_numbers_that_word_counts_by_itself_are_read(tmp_path: Path) -> None:
    document = docx.Document()
    table = document.add_table(rows=3, cols=4)
    for column, words in enumerate(HEADING):
        table.cell(0, column).text = words
    for row, task in enumerate(("Việc A", "Việc B"), start=1):
        for column, words in enumerate(("", task, "Văn phòng", "Quý I")):
            table.cell(row, column).text = words
        table.cell(row, 0).paragraphs[0].style = document.styles["List Number"]
    document.save(str(tmp_path / "plan.docx"))
    assert [task.stt for task in read_plan(tmp_path / "plan.docx", year=2023).tasks] == ["1.", "2."]


def test_deleted_words_are_not_read_and_inserted_ones_are(make_docx: MakeDocx, tmp_path: Path) -> None:
    document = docx.Document(str(make_docx([HEADING, ["1", "Việc A", "Văn phòng", "Quý I"]])))
    run = document.tables[0].cell(1, 3).paragraphs[0].runs[0]._r
    deleted = OxmlElement("w:del")
    run.addprevious(deleted)
    deleted.append(run)
    run.find(qn("w:t")).tag = qn("w:delText")
    inserted = OxmlElement("w:ins")
    deleted.addnext(inserted)
    inserted.append(OxmlElement("w:r"))
    words = OxmlElement("w:t")
    words.text = "Quý II"
    inserted[0].append(words)
    document.save(str(tmp_path / "tracked.docx"))
    assert read_plan(tmp_path / "tracked.docx", year=2023).tasks[0].deadline.text == "Quý II"


def test_two_tables_take_their_sections_from_the_paragraphs_above_them(tmp_path: Path) -> None:
    document = docx.Document()
    for title, task in (("I. NHIỆM VỤ CHUNG", "Việc A"), ("II. NHIỆM VỤ RIÊNG", "Việc B")):
        document.add_paragraph(title)
        table = document.add_table(rows=2, cols=4)
        for column, (head, words) in enumerate(zip(HEADING, ("1", task, "Văn phòng", "Quý I"), strict=True)):
            table.cell(0, column).text, table.cell(1, column).text = head, words
    document.save(str(tmp_path / "plan.docx"))
    read = read_plan(tmp_path / "plan.docx", year=2023)
    assert [(task.section, task.place.table if task.place else 0) for task in read.tasks] == [
        ("I. NHIỆM VỤ CHUNG", 1),
        ("II. NHIỆM VỤ RIÊNG", 2),
    ]


def test_a_row_split_over_pages_is_one_task(make_pdf: MakePdf) -> None:
    heading = [["STT"], ["Nhiem vu"], ["San pham"], ["Chu tri"], ["Thoi han"]]
    first = [heading, [["1"], ["Ra soat cac", "quy trinh"], ["Bao cao"], ["Van phong"], ["Quy I"]]]
    last = [["2"], ["Xay dung ke", "hoach kiem"], ["Ke hoach"], ["Thanh tra", "So va cac"], ["Quy II"]]
    rest = [[], ["tra nam"], [], ["phong"], []]
    next_page = [heading, rest, [["3"], ["Tong ket"], ["Bao cao"], ["Van phong"], ["Quy IV"]]]
    read = read_plan(make_pdf([[*first, last], next_page]), year=2023)
    assert [task.text for task in read.tasks] == [
        "Ra soat cac quy trinh",
        "Xay dung ke hoach kiem tra nam",
        "Tong ket",
    ]
    assert read.tasks[1].lead.text == "Thanh tra So va cac phong"
    assert (read.rows.headers, read.rows.continuations, read.rows.total) == (2, 1, 6)
    assert read.tasks[2].place is not None
    assert read.tasks[2].place.page == 2


def test_a_new_row_at_the_top_of_a_page_is_a_task_of_its_own(make_pdf: MakePdf) -> None:
    heading = [["STT"], ["Nhiem vu"], ["Chu tri"], ["Thoi han"]]
    first = [heading, [["1"], ["Ra soat cac", "quy trinh"], ["Van phong"], ["Quy I"]]]
    second = [[[], ["Cong khai", "quy trinh"], ["Thanh tra"], ["Quy II"]]]
    read = read_plan(make_pdf([first, second]), year=2023)
    assert [(task.stt, task.text) for task in read.tasks] == [
        ("1", "Ra soat cac quy trinh"),
        ("1", "Cong khai quy trinh"),
    ]


def test_dates_and_numbers_of_a_sheet_are_read_as_shown(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["KẾ HOẠCH NĂM 2023"])
    sheet.append(HEADING)
    sheet.append([1.0, "Việc A", "Văn phòng", date(2023, 11, 15)])
    sheet.append([1.1, "Việc B", "Văn phòng", date(2023, 6, 1)])
    sheet["D3"].number_format = "dd/mm/yyyy"
    sheet["D4"].number_format = "mm/yyyy"
    sheet.merge_cells("A1:D1")
    book.save(tmp_path / "plan.xlsx")
    read = read_plan(tmp_path / "plan.xlsx")
    assert [(task.stt, task.deadline.text) for task in read.tasks] == [
        ("1", "15/11/2023"),
        ("1.1", "06/2023"),
    ]
    assert (read.rows.total, read.head.year) == (3, 2023)
    assert read.tasks[0].place is not None
    assert read.tasks[0].place.row == 3


def test_hidden_sheets_are_left_out_and_named(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for title in ("Nháp", "Phụ lục"):
        sheet = book.create_sheet(title)
        sheet.append(HEADING)
        sheet.append(["1", f"Việc trong {title}", "Văn phòng", "Quý I"])
    del book["Sheet"]
    book["Nháp"].sheet_state = "hidden"
    book.active = 1
    book.save(tmp_path / "plan.xlsx")
    read = read_plan(tmp_path / "plan.xlsx", year=2023)
    assert [task.text for task in read.tasks] == ["Việc trong Phụ lục"]
    assert [(problem.code, problem.params["sheet"]) for problem in read.problems] == [
        ("sheet_hidden", "Nháp")
    ]


def test_a_timetable_of_crosses_is_a_deadline_column(make_docx: MakeDocx) -> None:
    rows = [
        ["TT", "Nhiệm vụ", "Chủ trì", "Thời gian thực hiện", ""],
        ["", "", "", "Quý I", "Quý II"],
        ["1", "Việc A", "Văn phòng", "", "x"],
    ]
    merge = [(0, 3, 0, 4), (0, 0, 1, 0), (0, 1, 1, 1), (0, 2, 1, 2)]
    (task,) = read_plan(make_docx(rows, merge=merge), year=2023).tasks
    assert task.deadline.text == "Quý II"
    assert task.deadline.dates[0].to == date(2023, 6, 30)


@pytest.mark.parametrize(
    ("delimiter", "encoding"),
    [
        pytest.param(",", "utf-8", id="commas in UTF-8"),
        pytest.param(";", "utf-8-sig", id="semicolons in UTF-8 with a mark, as Excel writes"),
        pytest.param("\t", "utf-16", id="tabs in UTF-16, as Excel's Unicode text"),
    ],
)
def test_a_csv_is_read_whatever_its_delimiter_and_encoding(
    tmp_path: Path, delimiter: str, encoding: str
) -> None:
    rows = [HEADING, ["1", "Việc A, phần 1; phần 2", "Văn phòng; Thanh tra", "15/11/2023"]]
    read = read_plan(_csv(tmp_path / "plan.csv", rows, delimiter=delimiter, encoding=encoding))
    assert read.tasks[0].text == "Việc A, phần 1; phần 2"
    assert read.tasks[0].lead.units == ("Văn phòng", "Thanh tra")
    assert read.head.year == 2023


def test_a_csv_with_empty_cells_where_a_sheet_had_merged_ones_carries_the_number_down(tmp_path: Path) -> None:
    rows = [HEADING, ["I", "Thể chế", "", ""], ["1", "Việc A", "Sở", "Quý I"], ["", "Việc B", "Sở", "Quý II"]]
    read = read_plan(_csv(tmp_path / "plan.csv", rows), year=2023)
    assert [(task.section, task.stt) for task in read.tasks] == [("I. Thể chế", "1"), ("I. Thể chế", "1")]


def test_a_flat_csv_parts_nested_sections(tmp_path: Path) -> None:
    rows = [
        ["section", "stt", "task", "lead", "deadline"],
        ["A. Chung > I. Thể chế", "1", "Việc", "Sở", "2023"],
    ]
    (task,) = read_plan(_csv(tmp_path / "plan.csv", rows)).tasks
    assert (task.section, task.group) == ("A. Chung", "I. Thể chế")


def test_what_looks_like_a_formula_is_text(tmp_path: Path) -> None:
    rows = [HEADING, ["1", "=HYPERLINK(1)", "Văn phòng", "15/11/2023"]]
    assert read_plan(_csv(tmp_path / "plan.csv", rows)).tasks[0].text == "=HYPERLINK(1)"


def test_decomposed_letters_and_odd_spaces_are_read_as_plain_ones(tmp_path: Path) -> None:
    rows = [HEADING, ["1", "Rà\u00a0soát  thủ\u00ad tục", "Văn phòng", "Thường xuyên"]]
    decomposed = [[unicodedata.normalize("NFD", words) for words in row] for row in rows]
    (task,) = read_plan(_csv(tmp_path / "plan.csv", decomposed), year=2023).tasks
    assert (task.text, task.lead.units) == ("Rà soát thủ tục", ("Văn phòng",))
    assert task.deadline.kind == "continuous"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        pytest.param("", "deadline_missing", id="an empty cell"),
        pytest.param("Tháng 15/11/2022", "deadline_unclear_proposed", id="a month that is a day"),
        pytest.param("sau này tính", "deadline_unclear", id="words that are no deadline"),
        pytest.param("15/11/2012", "deadline_before_plan", id="a date long before the plan"),
        pytest.param("05/01/2022", "deadline_before_plan", id="a date before the plan was issued"),
        pytest.param("15/11/2042", "deadline_far", id="a date twenty years too late"),
    ],
)
def test_a_doubtful_deadline_is_a_question_in_its_column(make_docx: MakeDocx, words: str, code: str) -> None:
    above = ["Số: 12/KH-SCT", "Đồng Nai, ngày 15 tháng 01 năm 2022", "KẾ HOẠCH NĂM 2022"]
    path = make_docx([HEADING, ["1", "Việc A", "Văn phòng", words]], above=above)
    (problem,) = read_plan(path).tasks[0].problems
    assert (problem.code, problem.weight) == (code, "question")
    assert problem.where is not None
    assert (problem.where.table, problem.where.row, problem.where.column) == (1, 2, "Thời hạn")


def test_a_cell_for_owner_and_co_owners_is_parted_by_its_own_words(make_docx: MakeDocx) -> None:
    heading = ["TT", "Nhiệm vụ", "Đơn vị chủ trì, phối hợp", "Thời hạn"]
    rows = [heading, ["1", "Việc A", "Chủ trì: Văn phòng\nPhối hợp: Thanh tra; Phòng A", "Quý I"]]
    (task,) = read_plan(make_docx(rows), year=2023).tasks
    assert task.lead.units == ("Văn phòng",)
    assert task.cooperating.units == ("Thanh tra", "Phòng A")


def test_a_column_nobody_names_a_task_is_taken_with_a_note(make_docx: MakeDocx) -> None:
    rows = [["TT", "Chuyên đề", "Chủ trì", "Thời hạn"], ["1", "Tập huấn", "Văn phòng", "Quý I"]]
    read = read_plan(make_docx(rows), year=2023)
    assert read.tasks[0].text == "Tập huấn"
    assert _codes(read.problems) == ["task_column_guessed"]
