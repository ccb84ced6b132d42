"""Appendices laid out as offices lay them out, each read row by row and field by field as a clerk would."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

import docx
import openpyxl
import pytest
from docx.oxml import parse_xml
from openpyxl.worksheet.worksheet import Worksheet

from tasks_catalog.documents import read_plan
from tasks_catalog.task import PlanRead, Task

Rows = Sequence[Sequence[str]]
Spans = Sequence[tuple[int, int, int, int]]
"""Merged cells: top row, left column, bottom row, right column, from 0."""


@dataclass(frozen=True)
class Ruled:
    """A table of a Word document."""

    rows: Rows
    merged: Spans = ()


def word(path: Path, *blocks: str | Ruled) -> Path:
    """Write paragraphs and tables in order."""
    document = docx.Document()
    for block in blocks:
        if isinstance(block, str):
            document.add_paragraph(block)
            continue
        table = document.add_table(rows=len(block.rows), cols=len(block.rows[0]))
        for r, row in enumerate(block.rows):
            for c, words in enumerate(row):
                if words:
                    table.cell(r, c).text = words
        for top, left, bottom, right in block.merged:
            words = table.cell(top, left).text
            table.cell(top, left).merge(table.cell(bottom, right)).text = words
    document.save(str(path / "plan.docx"))
    return path / "plan.docx"


def sheet(
    path: Path, rows: Sequence[Sequence[object]], fit: Callable[[Worksheet], None] | None = None
) -> Path:
    """Write one sheet; ``fit`` merges, hides and names."""
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    for row in rows:
        page.append(list(row))
    if fit:
        fit(page)
    book.save(path / "plan.xlsx")
    return path / "plan.xlsx"


def fields(task: Task) -> tuple[str, ...]:
    return (
        task.section,
        task.group,
        task.stt,
        task.text,
        task.product,
        task.lead.text,
        task.cooperating.text,
        task.deadline.text,
    )


def read_whole(path: Path) -> PlanRead:
    """Read the plan of 2025 and see that each of its rows is accounted for."""
    read = read_plan(path, year=2025)
    rows = asdict(read.rows)
    assert rows.pop("total") == sum(rows.values())
    return read


def rows_of(path: Path) -> list[tuple[str, ...]]:
    return [fields(task) for task in read_whole(path).tasks]


def codes(read: PlanRead) -> list[str]:
    return [problem.code for problem in read.problems]


WIDE = ["TT", "Tên nhiệm vụ, giải pháp", "Đơn vị thực hiện", "", "Kết quả đầu ra", "Tiến độ"]
WIDE_BELOW = ["", "", "Chủ trì", "Phối hợp", "", ""]
WIDE_MERGED = ((0, 0, 1, 0), (0, 1, 1, 1), (0, 2, 0, 3), (0, 4, 1, 4), (0, 5, 1, 5))
ORDINALS = ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)"]
PLAIN = ["STT", "Nội dung nhiệm vụ", "Cơ quan chủ trì", "Cơ quan phối hợp", "Sản phẩm", "Thời hạn hoàn thành"]


def test_a_heading_of_two_rows_with_numbered_columns_parts_and_chapters(tmp_path: Path) -> None:
    rows = [
        WIDE,
        WIDE_BELOW,
        ORDINALS,
        ["A. NHIỆM VỤ CHUNG", "", "", "", "", ""],
        ["I", "Cải cách thể chế", "", "", "", ""],
        ["1", "Rà soát văn bản", "Thanh tra Sở", "Các phòng", "Báo cáo", "Quý II/2025"],
        ["2", "Tự kiểm tra văn bản", "Văn phòng Sở", "", "Báo cáo", "Tháng 11"],
        ["II", "Cải cách thủ tục hành chính", "", "", "", ""],
        ["1", "Công khai thủ tục", "Văn phòng Sở", "Các phòng", "Quyết định", "Thường xuyên"],
        ["B. NHIỆM VỤ TRỌNG TÂM", "", "", "", "", ""],
        ["1", "Số hóa hồ sơ", "Phòng Công nghệ thông tin", "", "Kho dữ liệu", "31/12/2025"],
    ]
    wide = [(3, 0, 3, 5), (9, 0, 9, 5), (4, 1, 4, 5), (7, 1, 7, 5)]
    path = word(tmp_path, "PHỤ LỤC", Ruled(rows, [*WIDE_MERGED, *wide]))
    first, second = "A. NHIỆM VỤ CHUNG", "B. NHIỆM VỤ TRỌNG TÂM"
    one, two = "I. Cải cách thể chế", "II. Cải cách thủ tục hành chính"
    assert rows_of(path) == [
        (first, one, "1", "Rà soát văn bản", "Báo cáo", "Thanh tra Sở", "Các phòng", "Quý II/2025"),
        (first, one, "2", "Tự kiểm tra văn bản", "Báo cáo", "Văn phòng Sở", "", "Tháng 11"),
        (first, two, "1", "Công khai thủ tục", "Quyết định", "Văn phòng Sở", "Các phòng", "Thường xuyên"),
        (second, "", "1", "Số hóa hồ sơ", "Kho dữ liệu", "Phòng Công nghệ thông tin", "", "31/12/2025"),
    ]


def test_letters_under_a_number_are_tasks_of_their_own(tmp_path: Path) -> None:
    rows = [
        PLAIN,
        ["I", "CẢI CÁCH TỔ CHỨC BỘ MÁY", "", "", "", ""],
        ["1", "Sắp xếp tổ chức bộ máy", "", "", "", ""],
        ["a)", "Xây dựng đề án", "Văn phòng Sở", "Các phòng", "Đề án", "Quý I/2025"],
        ["b)", "Trình phê duyệt", "Văn phòng Sở", "", "Tờ trình", "Quý II/2025"],
        ["2", "Rà soát vị trí việc làm", "Văn phòng Sở", "Các phòng", "Báo cáo", "Quý III/2025"],
    ]
    path = word(tmp_path, Ruled(rows))
    part, chapter = "I. CẢI CÁCH TỔ CHỨC BỘ MÁY", "1. Sắp xếp tổ chức bộ máy"
    assert rows_of(path) == [
        (part, chapter, "a)", "Xây dựng đề án", "Đề án", "Văn phòng Sở", "Các phòng", "Quý I/2025"),
        (part, chapter, "b)", "Trình phê duyệt", "Tờ trình", "Văn phòng Sở", "", "Quý II/2025"),
        (part, "", "2", "Rà soát vị trí việc làm", "Báo cáo", "Văn phòng Sở", "Các phòng", "Quý III/2025"),
    ]


def test_dashes_inside_a_cell_stay_one_task_and_dashes_on_rows_are_tasks(tmp_path: Path) -> None:
    rows = [
        PLAIN,
        [
            "1",
            "Tuyên truyền cải cách hành chính:\n- Viết tin bài\n- Phát tờ rơi",
            "Văn phòng Sở",
            "",
            "Tin bài",
            "Thường xuyên",
        ],
        ["2", "Kiểm tra công tác cải cách hành chính", "", "", "", ""],
        ["", "- Xây dựng kế hoạch kiểm tra", "Thanh tra Sở", "", "Kế hoạch", "Quý I/2025"],
        ["", "- Báo cáo kết quả kiểm tra", "Thanh tra Sở", "Các phòng", "Báo cáo", "Quý IV/2025"],
    ]
    whole = "Tuyên truyền cải cách hành chính: - Viết tin bài - Phát tờ rơi"
    part = "2. Kiểm tra công tác cải cách hành chính"
    assert rows_of(word(tmp_path, Ruled(rows))) == [
        ("", "", "1", whole, "Tin bài", "Văn phòng Sở", "", "Thường xuyên"),
        (part, "", "", "- Xây dựng kế hoạch kiểm tra", "Kế hoạch", "Thanh tra Sở", "", "Quý I/2025"),
        (part, "", "", "- Báo cáo kết quả kiểm tra", "Báo cáo", "Thanh tra Sở", "Các phòng", "Quý IV/2025"),
    ]


def test_a_number_and_an_owner_merged_down_hold_for_each_task_beside_them(tmp_path: Path) -> None:
    rows = [
        ["STT", "Mục tiêu", "Nhiệm vụ", "Chủ trì", "Phối hợp", "Hoàn thành"],
        ["1", "100% hồ sơ đúng hạn", "Rà soát quy trình", "Văn phòng Sở", "Các phòng", "Quý I/2025"],
        ["", "", "Cập nhật quy trình điện tử", "", "Trung tâm Hành chính công", "Quý II/2025"],
        ["", "", "Báo cáo kết quả", "", "", "Tháng 12/2025"],
        ["2", "90% hài lòng", "Khảo sát người dân", "Thanh tra Sở", "", "Quý IV/2025"],
    ]
    path = word(tmp_path, Ruled(rows, [(1, 0, 3, 0), (1, 1, 3, 1), (1, 3, 3, 3)]))
    tasks = read_whole(path).tasks
    assert [
        (t.stt, t.objective, t.text, t.lead.text, t.cooperating.text, t.deadline.text) for t in tasks
    ] == [
        ("1", "100% hồ sơ đúng hạn", "Rà soát quy trình", "Văn phòng Sở", "Các phòng", "Quý I/2025"),
        (
            *("1", "100% hồ sơ đúng hạn", "Cập nhật quy trình điện tử", "Văn phòng Sở"),
            *("Trung tâm Hành chính công", "Quý II/2025"),
        ),
        ("1", "100% hồ sơ đúng hạn", "Báo cáo kết quả", "Văn phòng Sở", "", "Tháng 12/2025"),
        ("2", "90% hài lòng", "Khảo sát người dân", "Thanh tra Sở", "", "Quý IV/2025"),
    ]


def test_two_appendices_with_columns_of_their_own_and_a_signature_after_them(tmp_path: Path) -> None:
    first = Ruled(
        [
            ["TT", "Nhiệm vụ", "Cơ quan chủ trì", "Thời gian hoàn thành"],
            ["1", "Ban hành kế hoạch", "Văn phòng Sở", "Tháng 01/2025"],
            ["2", "Báo cáo năm", "Văn phòng Sở", "10/12/2025"],
        ]
    )
    second = Ruled(
        [
            ["TT", "Tên văn bản", "Cơ quan phối hợp", "Cơ quan chủ trì soạn thảo", "Thời gian trình"],
            ["1", "Nghị quyết về phí", "Sở Tài chính", "Thanh tra Sở", "Quý III/2025"],
        ]
    )
    signature = Ruled([["Nơi nhận:\n- Như trên;\n- Lưu: VT.", "KT. GIÁM ĐỐC\nPHÓ GIÁM ĐỐC"]])
    path = word(
        tmp_path,
        *("PHỤ LỤC I", "DANH MỤC NHIỆM VỤ", first),
        *("PHỤ LỤC II", "DANH MỤC VĂN BẢN", second, "", signature),
    )
    assert rows_of(path) == [
        ("", "", "1", "Ban hành kế hoạch", "", "Văn phòng Sở", "", "Tháng 01/2025"),
        ("", "", "2", "Báo cáo năm", "", "Văn phòng Sở", "", "10/12/2025"),
        ("", "", "1", "Nghị quyết về phí", "", "Thanh tra Sở", "Sở Tài chính", "Quý III/2025"),
    ]


def test_a_table_cut_by_a_paragraph_goes_on_under_the_same_heading(tmp_path: Path) -> None:
    first = Ruled([PLAIN, ["1", "Rà soát văn bản", "Thanh tra Sở", "", "Báo cáo", "Quý II/2025"]])
    rest = Ruled(
        [
            ["2", "Kiểm soát thủ tục", "Văn phòng Sở", "", "Báo cáo", "Quý III/2025"],
            ["3", "Đánh giá mức độ hài lòng", "Văn phòng Sở", "Các phòng", "Báo cáo", "Quý IV/2025"],
        ]
    )
    path = word(tmp_path, first, "(Tiếp theo trang trước)", rest)
    assert rows_of(path) == [
        ("", "", "1", "Rà soát văn bản", "Báo cáo", "Thanh tra Sở", "", "Quý II/2025"),
        ("", "", "2", "Kiểm soát thủ tục", "Báo cáo", "Văn phòng Sở", "", "Quý III/2025"),
        ("", "", "3", "Đánh giá mức độ hài lòng", "Báo cáo", "Văn phòng Sở", "Các phòng", "Quý IV/2025"),
    ]


@pytest.mark.parametrize(
    ("closing", "merged"),
    [
        pytest.param(["Tổng cộng: 02 nhiệm vụ", "", "", "", "", ""], True, id="a total over the whole row"),
        pytest.param(["", "Tổng cộng: 02 nhiệm vụ", "", "", "", ""], False, id="a total in the task column"),
        pytest.param(["Tổng cộng", "02 nhiệm vụ", "", "", "", ""], False, id="a total in two cells"),
        pytest.param(["", "Tổng số nhiệm vụ: 02", "", "", "", ""], False, id="a count of tasks"),
        pytest.param(["", "Cộng", "02", "", "", ""], False, id="a sum"),
        pytest.param(["Ghi chú: Thời hạn tính theo ngày làm việc.", "", "", "", "", ""], True, id="a note"),
        pytest.param(["", "* Ghi chú: Văn phòng theo dõi.", "", "", "", ""], False, id="a starred note"),
        pytest.param(["", "(*) Theo Kế hoạch số 12/KH-UBND.", "", "", "", ""], False, id="a footnote"),
        pytest.param(["(1) Thực hiện khi có hướng dẫn.", "", "", "", "", ""], True, id="a numbered footnote"),
        pytest.param(["", "NGƯỜI LẬP BIỂU", "", "THỦ TRƯỞNG ĐƠN VỊ", "", ""], False, id="a signature"),
        pytest.param(["Nơi nhận:", "", "", "KT. GIÁM ĐỐC", "", ""], False, id="a list of recipients"),
    ],
)
def test_notes_totals_and_signatures_are_no_tasks(tmp_path: Path, closing: list[str], merged: bool) -> None:
    rows = [
        PLAIN,
        ["I", "THỂ CHẾ", "", "", "", ""],
        ["1", "Rà soát văn bản", "Thanh tra Sở", "", "Báo cáo", "Quý II/2025"],
        ["2", "Báo cáo năm", "Văn phòng Sở", "", "Báo cáo", "10/12/2025"],
        closing,
    ]
    read = read_whole(word(tmp_path, Ruled(rows, [(4, 0, 4, 5)] if merged else [])))
    assert [(task.section, task.text) for task in read.tasks] == [
        ("I. THỂ CHẾ", "Rà soát văn bản"),
        ("I. THỂ CHẾ", "Báo cáo năm"),
    ]
    assert (read.rows.problems, codes(read)) == (1, ["row_not_read"])
    assert read.tasks[1].problems == ()


def test_a_sum_after_each_part_opens_no_part(tmp_path: Path) -> None:
    rows = [
        PLAIN,
        ["I", "THỂ CHẾ", "", "", "", ""],
        ["1", "Rà soát văn bản", "Thanh tra Sở", "", "Báo cáo", "Quý II/2025"],
        ["Cộng: 01 nhiệm vụ", "", "", "", "", ""],
        ["II", "THỦ TỤC", "", "", "", ""],
        ["1", "Công khai thủ tục", "Văn phòng Sở", "", "Quyết định", "Quý III/2025"],
        ["Cộng: 01 nhiệm vụ", "", "", "", "", ""],
    ]
    merged = [(row, 0, row, 5) for row in (3, 6)] + [(row, 1, row, 5) for row in (1, 4)]
    read = read_whole(word(tmp_path, Ruled(rows, merged)))
    assert [(task.section, task.group) for task in read.tasks] == [("I. THỂ CHẾ", ""), ("II. THỦ TỤC", "")]
    assert (read.rows.sections, read.rows.problems) == (2, 2)


def test_a_landscape_sheet_with_a_letterhead_a_merged_heading_and_a_signature(tmp_path: Path) -> None:
    def fit(page: Worksheet) -> None:
        for area in (
            "A1:C1",
            "D1:G1",
            "A3:G3",
            "A5:A6",
            "B5:B6",
            "C5:D5",
            "E5:E6",
            "F5:F6",
            "G5:G6",
            "B7:G7",
        ):
            page.merge_cells(area)
        page.page_setup.orientation = "landscape"
        page["F9"].number_format = "dd/mm/yyyy"

    rows: list[list[object]] = [
        ["UBND TỈNH X", "", "", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"],
        [],
        ["KẾ HOẠCH CẢI CÁCH HÀNH CHÍNH NĂM 2025"],
        [],
        [
            "STT",
            "Nội dung công việc",
            "Phân công",
            "",
            "Dự kiến sản phẩm",
            "Thời hạn",
            "Kinh phí (triệu đồng)",
        ],
        ["", "", "Đơn vị chủ trì", "Đơn vị phối hợp", "", "", ""],
        ["I", "Công tác chỉ đạo"],
        [1, "Ban hành kế hoạch", "Văn phòng", "Các phòng", "Kế hoạch", "Tháng 01/2025", 10],
        [2, "Kiểm tra cải cách hành chính", "Thanh tra", None, "Báo cáo", date(2025, 9, 30), None],
        [],
        ["", "Người lập biểu", "", "", "Thủ trưởng đơn vị"],
        ["", "Nguyễn Văn A", "", "", "Trần Thị B"],
    ]
    read = read_whole(sheet(tmp_path, rows, fit))
    part = "I. Công tác chỉ đạo"
    assert [fields(task) for task in read.tasks] == [
        (part, "", "1", "Ban hành kế hoạch", "Kế hoạch", "Văn phòng", "Các phòng", "Tháng 01/2025"),
        (part, "", "2", "Kiểm tra cải cách hành chính", "Báo cáo", "Thanh tra", "", "30/09/2025"),
    ]
    assert read.tasks[0].extra == {"Kinh phí (triệu đồng)": "10"}
    assert codes(read) == ["row_not_read", "row_not_read"]


def test_hidden_rows_and_columns_of_a_sheet_are_read_and_named(tmp_path: Path) -> None:
    def fit(page: Worksheet) -> None:
        page.row_dimensions[3].hidden = True
        page.column_dimensions["D"].hidden = True

    rows = [
        ["STT", "Nhiệm vụ", "Chủ trì", "Thời hạn", "Thời hạn hoàn thành (điều chỉnh)"],
        ["1", "Việc A", "Văn phòng", "Quý I/2025", "Quý II/2025"],
        ["2", "Việc B", "Thanh tra", "Quý I/2025", "Quý III/2025"],
    ]
    read = read_whole(sheet(tmp_path, rows, fit))
    assert [(task.text, task.deadline.text) for task in read.tasks] == [
        ("Việc A", "Quý II/2025"),
        ("Việc B", "Quý III/2025"),
    ]
    assert read.tasks[0].extra == {"Thời hạn": "Quý I/2025"}
    assert [(problem.code, dict(problem.params)) for problem in read.problems] == [
        ("columns_hidden", {"which": "D"}),
        ("rows_hidden", {"which": "3"}),
    ]


def test_the_head_in_a_text_box_is_read(tmp_path: Path) -> None:
    path = word(tmp_path, "", Ruled([PLAIN, ["1", "Rà soát", "Thanh tra Sở", "", "", "Quý II"]]))
    document = docx.Document(str(path))
    box = (
        '<w:r xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
        'xmlns:v="urn:schemas-microsoft-com:vml"><w:pict><v:shape><v:textbox><w:txbxContent>'
        "<w:p><w:r><w:t>Số: 12/KH-SCT</w:t></w:r></w:p>"
        "<w:p><w:r><w:t>KẾ HOẠCH CẢI CÁCH HÀNH CHÍNH NĂM 2024</w:t></w:r></w:p>"
        "</w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
    )
    document.paragraphs[0]._p.append(parse_xml(box))
    document.save(str(path))
    head = read_plan(path).head
    assert (head.number, head.year, head.title) == (
        "12/KH-SCT",
        2024,
        "KẾ HOẠCH CẢI CÁCH HÀNH CHÍNH NĂM 2024",
    )


def test_a_beginning_and_an_end_under_one_heading(tmp_path: Path) -> None:
    rows = [
        ["TT", "Nội dung", "Người phụ trách", "Thời gian thực hiện", "", "Ghi chú"],
        ["", "", "", "Bắt đầu", "Kết thúc", ""],
        ["1", "Nâng cấp cổng dịch vụ", "Phòng Công nghệ", "01/03/2025", "30/06/2025", "Đang đấu thầu"],
    ]
    merged = [(0, 0, 1, 0), (0, 1, 1, 1), (0, 2, 1, 2), (0, 3, 0, 4), (0, 5, 1, 5)]
    (task,) = read_whole(word(tmp_path, Ruled(rows, merged))).tasks
    assert (task.text, task.lead.text, task.deadline.text) == (
        "Nâng cấp cổng dịch vụ",
        "Phòng Công nghệ",
        "30/06/2025",
    )
    assert task.extra == {"Bắt đầu": "01/03/2025", "Ghi chú": "Đang đấu thầu"}


@pytest.mark.parametrize(
    ("over", "leaves", "marks", "words", "ends"),
    [
        pytest.param(
            *("Thời gian thực hiện (tháng)", ["1", "2", "3", "4"], ["", "x", "", ""]),
            *("Tháng 2", ["2025-02-28"]),
            id="a timetable of months",
        ),
        pytest.param(
            *("Thời gian hoàn thành (quý)", ["I", "II", "III", "IV"], ["", "", "", "x"]),
            *("Quý IV", ["2025-12-31"]),
            id="a timetable of quarters",
        ),
        pytest.param(
            *("Tiến độ", ["Năm 2025", "Năm 2026"], ["", "x"], "Năm 2026", ["2026-12-31"]),
            id="a timetable of years",
        ),
        pytest.param(
            *("Thời gian", ["2025", "2026"], ["X", ""], "Năm 2025", ["2025-12-31"]),
            id="a timetable of bare years",
        ),
    ],
)
def test_crosses_in_a_timetable_name_the_period(
    tmp_path: Path, over: str, leaves: list[str], marks: list[str], words: str, ends: list[str]
) -> None:
    width = len(leaves)
    rows = [
        ["STT", "Nhiệm vụ", "Chủ trì", over, *[""] * (width - 1)],
        ["", "", "", *leaves],
        ["1", "Việc A", "Văn phòng", *marks],
    ]
    merged = [(0, 0, 1, 0), (0, 1, 1, 1), (0, 2, 1, 2), (0, 3, 0, 2 + width)]
    (task,) = read_whole(word(tmp_path, Ruled(rows, merged))).tasks
    assert task.deadline.text == words
    assert [str(span.to) for span in task.deadline.dates] == ends


def test_indicators_are_tasks_with_their_figures_beside_them(tmp_path: Path) -> None:
    rows = [
        [
            "TT",
            "Chỉ tiêu",
            "Đơn vị tính",
            "Kế hoạch năm 2025",
            "Cơ quan chủ trì",
            "Cơ quan theo dõi",
            "Thời gian hoàn thành",
        ],
        ["1", "Tỷ lệ hồ sơ trực tuyến", "%", "80", "Văn phòng Sở", "Sở Nội vụ", "Tháng 12/2025"],
    ]
    (task,) = read_whole(word(tmp_path, Ruled(rows))).tasks
    assert (task.text, task.lead.text, task.deadline.text) == (
        "Tỷ lệ hồ sơ trực tuyến",
        "Văn phòng Sở",
        "Tháng 12/2025",
    )
    assert task.extra == {"Đơn vị tính": "%", "Kế hoạch năm 2025": "80", "Cơ quan theo dõi": "Sở Nội vụ"}


def test_columns_in_an_unusual_order_without_numbers(tmp_path: Path) -> None:
    rows = [
        ["Thời điểm hoàn thành", "Căn cứ", "Lãnh đạo phụ trách", "Đầu mối tham mưu", "Nội dung thực hiện"],
        ["Trước 15/6/2025", "Nghị quyết 76/NQ-CP", "Phó Giám đốc A", "Văn phòng Sở", "Sơ kết 6 tháng"],
        ["Trước 15/12/2025", "Nghị quyết 76/NQ-CP", "Giám đốc", "Văn phòng Sở", "Tổng kết năm"],
    ]
    assert rows_of(word(tmp_path, Ruled(rows))) == [
        ("", "", "", "Sơ kết 6 tháng", "", "Văn phòng Sở", "", "Trước 15/6/2025"),
        ("", "", "", "Tổng kết năm", "", "Văn phòng Sở", "", "Trước 15/12/2025"),
    ]


def test_sheets_one_per_appendix_are_read_in_order(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for title, task in (("PL I", "Việc A"), ("PL II", "Việc B")):
        page = book.create_sheet(title)
        page.append([f"{title}. DANH MỤC"])
        page.append(PLAIN)
        page.append(["1", task, "Văn phòng Sở", "", "Báo cáo", "Quý II/2025"])
    del book["Sheet"]
    book.save(tmp_path / "plan.xlsx")
    read = read_whole(tmp_path / "plan.xlsx")
    assert [(t.text, t.place.sheet if t.place else "") for t in read.tasks] == [
        ("Việc A", "PL I"),
        ("Việc B", "PL II"),
    ]


def test_total_rows_with_figures_in_other_columns_of_a_sheet_are_no_tasks(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["STT", "Nhiệm vụ", "Chủ trì", "Thời hạn", "Kinh phí"],
        [1, "Việc A", "Văn phòng", "Quý I/2025", 100],
        [2, "Tổng hợp, báo cáo kết quả", "Thanh tra", "Quý IV/2025", 50],
        ["", "TỔNG CỘNG", "", "", 150],
    ]
    read = read_whole(sheet(tmp_path, rows))
    assert [task.text for task in read.tasks] == ["Việc A", "Tổng hợp, báo cáo kết quả"]
    assert codes(read) == ["row_not_read"]


def test_a_section_with_a_remark_beside_its_title_is_a_section(tmp_path: Path) -> None:
    rows = [
        [
            "STT",
            "Nhiệm vụ/Công việc",
            "Cơ quan, đơn vị, địa phương thực hiện",
            "Thời gian hoàn thành",
            "Ghi chú",
        ],
        ["I", "CẢI CÁCH THỂ CHẾ", "", "", "01 nhiệm vụ"],
        ["1", "Rà soát văn bản", "Sở Tư pháp", "Quý I/2025", ""],
        ["II", "Tài chính công", "", "", "01 nhiệm vụ"],
        ["1", "Quyết toán", "Sở Tài chính", "Quý II/2025", ""],
    ]
    assert rows_of(word(tmp_path, Ruled(rows))) == [
        ("I. CẢI CÁCH THỂ CHẾ", "", "1", "Rà soát văn bản", "", "Sở Tư pháp", "", "Quý I/2025"),
        ("II. Tài chính công", "", "1", "Quyết toán", "", "Sở Tài chính", "", "Quý II/2025"),
    ]


def test_remarks_of_several_rows_under_the_last_task_are_not_joined_to_it(tmp_path: Path) -> None:
    rows = [
        PLAIN,
        ["1", "Rà soát văn bản", "Thanh tra Sở", "", "Báo cáo", "Quý II/2025"],
        ["", "Ghi chú", "", "", "", ""],
        ["", "- Văn phòng Sở tổng hợp chung", "", "", "", ""],
    ]
    read = read_whole(word(tmp_path, Ruled(rows)))
    assert [task.text for task in read.tasks] == ["Rà soát văn bản"]
    assert (read.rows.problems, codes(read)) == (2, ["row_not_read", "row_not_read"])


def test_from_and_to_under_one_heading_of_time(tmp_path: Path) -> None:
    rows = [
        ["TT", "Nội dung", "Thời gian thực hiện", "", "Đơn vị thực hiện"],
        ["", "", "Từ ngày", "Đến ngày", ""],
        ["1", "Rà soát", "01/02/2025", "30/04/2025", "Thanh tra Sở"],
    ]
    merged = [(0, 0, 1, 0), (0, 1, 1, 1), (0, 2, 0, 3), (0, 4, 1, 4)]
    (task,) = read_whole(word(tmp_path, Ruled(rows, merged))).tasks
    assert (task.deadline.text, task.lead.text) == ("30/04/2025", "Thanh tra Sở")
    assert task.extra == {"Từ ngày": "01/02/2025"}


def test_tasks_inside_tasks_each_with_an_owner_and_a_deadline_are_all_tasks(tmp_path: Path) -> None:
    rows = [
        PLAIN,
        ["1.", "Xây dựng cơ sở dữ liệu", "Văn phòng Sở", "", "", "Quý IV/2025"],
        ["1.1.", "Khảo sát", "Phòng Công nghệ", "", "Báo cáo", "Quý I/2025"],
        ["1.2.", "Triển khai", "Phòng Công nghệ", "", "Phần mềm", "Quý III/2025"],
        ["2.", "Tập huấn", "Văn phòng Sở", "", "", "Quý IV/2025"],
    ]
    read = read_whole(word(tmp_path, Ruled(rows)))
    assert [(task.stt, task.section) for task in read.tasks] == [
        (n, "") for n in ("1.", "1.1.", "1.2.", "2.")
    ]
