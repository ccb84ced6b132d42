"""What is refused: files that are no plan, locked, broken, oversized or secret."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import openpyxl
import pytest

from tasks_catalog.documents import read_plan, refusals
from tasks_catalog.problem import Refused

MakeDocx = Callable[..., Path]
MakePdf = Callable[..., Path]

HEADING = ["TT", "Nhiệm vụ", "Chủ trì", "Thời hạn"]
ROW = ["1", "Việc A", "Văn phòng", "15/11/2023"]
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def _code(path: Path) -> str:
    with pytest.raises(Refused) as refused:
        read_plan(path)
    return refused.value.code


def _package(parts: dict[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return held.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        pytest.param("plan.docx", b"", "file_empty", id="an empty file"),
        pytest.param("plan.docx", b"%PDF-1.4 rest", "file_type_mismatch", id="a PDF named .docx"),
        pytest.param(
            "plan.xlsx", b"<html><table></table>", "file_type_mismatch", id="a web page named .xlsx"
        ),
        pytest.param("plan.png", b"\x89PNG\x00", "file_type_unsupported", id="a picture"),
        pytest.param("plan.csv", b"\x89PNG\x00", "file_type_unsupported", id="a picture named .csv"),
        pytest.param(
            "plan.doc", OLE + b"\x00" * 600, "file_type_unsupported", id="an old container of nothing known"
        ),
        pytest.param(
            "plan.docx",
            OLE + "EncryptedPackage".encode("utf-16-le"),
            "password_protected",
            id="a locked .docx",
        ),
        pytest.param("plan.xlsx", b"PK\x03\x04 cut off", "file_damaged", id="half a package"),
        pytest.param(
            "plan.docx", _package({"word/document.xml": b"<w:document"}), "file_damaged", id="XML cut off"
        ),
        pytest.param(
            "plan.docx",
            _package({"word/document.xml": b'<!DOCTYPE d [<!ENTITY a "b">]><d>&a;</d>'}),
            "file_damaged",
            id="entities to expand",
        ),
        pytest.param(
            "plan.xlsx", _package({"xl/workbook.xml": b"<x/>"}), "file_damaged", id="an empty workbook"
        ),
        pytest.param("plan.zip", _package({"a.txt": b"a"}), "file_type_unsupported", id="another package"),
        pytest.param("plan.pdf", b"%PDF-1.4\nnothing more", "file_damaged", id="a PDF cut off"),
        pytest.param(
            "plan.csv", "Nhiệm vụ".encode() + b"\xff\xfe\xfa", "csv_encoding", id="another encoding"
        ),
        pytest.param("plan.csv", b"a,b\n1,2\n", "no_task_table", id="a table of something else"),
    ],
)
def test_a_file_that_cannot_be_a_plan_is_refused(
    tmp_path: Path, name: str, content: bytes, code: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert _code(path) == code


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    assert _code(tmp_path / "none.docx") == "file_missing"
    assert _code(tmp_path) == "not_a_file"


def test_a_locked_pdf_is_refused(make_pdf: MakePdf) -> None:
    assert _code(make_pdf([[[["STT"], ["Nhiem vu"]]]], encrypted=True)) == "password_protected"


def test_a_pdf_without_words_is_refused_as_a_scan(make_pdf: MakePdf) -> None:
    assert _code(make_pdf([[[[], []]]])) == "pdf_has_no_text"


def test_a_document_without_table_is_refused(make_docx: MakeDocx) -> None:
    assert _code(make_docx([], above=["Kế hoạch năm 2023"])) == "no_table"


def test_a_table_without_deadline_column_is_refused_with_the_headings_found(make_docx: MakeDocx) -> None:
    path = make_docx([["TT", "Nhiệm vụ", "Chủ trì", "Ghi chú"], ["1", "Việc A", "Văn phòng", ""]])
    with pytest.raises(refusals.NotAPlan) as refused:
        read_plan(path)
    assert refused.value.code == "no_deadline_column"
    assert refused.value.params["headings"] == "“TT”; “Nhiệm vụ”; “Chủ trì”; “Ghi chú”"


def test_a_heading_without_rows_is_an_empty_plan(make_docx: MakeDocx) -> None:
    assert _code(make_docx([HEADING])) == "plan_empty"


def test_a_plan_that_names_no_year_is_refused_unless_the_year_is_given(make_docx: MakeDocx) -> None:
    path = make_docx([HEADING, ["1", "Việc A", "Văn phòng", "Thường xuyên"]])
    assert _code(path) == "year_unknown"
    assert read_plan(path, year=2023).head.year == 2023


def test_a_year_taken_from_the_deadlines_is_noted(make_docx: MakeDocx) -> None:
    read = read_plan(make_docx([HEADING, ROW]))
    assert read.head.year == 2023
    assert [problem.code for problem in read.problems] == ["year_assumed"]


@pytest.mark.parametrize("mark", ["MẬT", "TỐI MẬT", "Tuyệt mật", "[ MẬT ]", "Độ mật: Mật"])
def test_a_secret_document_is_refused(make_docx: MakeDocx, mark: str) -> None:
    assert _code(make_docx([HEADING, ROW], above=["UBND TỈNH", mark])) == "secret_document"


def test_a_stamp_in_the_page_header_or_a_sheet_is_seen(tmp_path: Path, make_docx: MakeDocx) -> None:
    document = docx.Document(str(make_docx([HEADING, ROW])))
    document.sections[0].header.paragraphs[0].text = "TỐI MẬT"
    document.save(str(tmp_path / "stamped.docx"))
    assert _code(tmp_path / "stamped.docx") == "secret_document"
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["Mật"], HEADING, ROW):
        sheet.append(row)
    book.save(tmp_path / "stamped.xlsx")
    assert _code(tmp_path / "stamped.xlsx") == "secret_document"


def test_words_about_secrecy_are_no_stamp(make_docx: MakeDocx) -> None:
    row = ["1", "Tập huấn bảo vệ bí mật nhà nước", "Văn phòng", "15/11/2023"]
    assert len(read_plan(make_docx([HEADING, row])).tasks) == 1


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(["BẢO ĐẢM AN TOÀN, BẢO", "MẬT"], id="a title in capitals broken before its last word"),
        pytest.param(["Tập huấn bảo vệ bí", "mật"], id="a sentence broken before its last word"),
        pytest.param(["Mật độ"], id="density"),
        pytest.param(["mật"], id="honey, or the end of a word"),
    ],
)
def test_a_word_broken_over_lines_is_no_stamp(make_docx: MakeDocx, lines: list[str]) -> None:
    assert len(read_plan(make_docx([HEADING, ROW], above=lines)).tasks) == 1


def test_sizes_have_limits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make_docx: MakeDocx) -> None:
    path = make_docx([HEADING, ROW])
    for limit, value, code in (
        ("MAX_BYTES", 100, "file_too_large"),
        ("MAX_UNPACKED_BYTES", 100, "file_unpacks_too_large"),
        ("MAX_PARTS", 2, "file_too_many_parts"),
        ("MAX_ROWS", 1, "too_many_rows"),
    ):
        with monkeypatch.context() as patched:
            patched.setattr(refusals, limit, value)
            assert _code(path) == code


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    zeros = b"\x00" * (refusals.MAX_UNPACKED_BYTES // 8)
    path = tmp_path / "bomb.docx"
    path.write_bytes(_package({f"word/media/{i}": zeros for i in range(9)} | {"word/document.xml": b"<w/>"}))
    assert path.stat().st_size < 1_000_000
    assert _code(path) == "file_unpacks_too_large"


def test_a_merged_range_over_a_whole_sheet_is_refused(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(HEADING)
    sheet.merge_cells("A2:B3")
    book.save(tmp_path / "small.xlsx")
    path = tmp_path / "vast.xlsx"
    with zipfile.ZipFile(tmp_path / "small.xlsx") as small, zipfile.ZipFile(path, "w") as vast:
        for name in small.namelist():
            vast.writestr(name, small.read(name).replace(b'"A2:B3"', b'"A2:XFD1048576"'))
    assert _code(path) == "too_many_merged_cells"


def test_macros_are_never_looked_at(tmp_path: Path, make_docx: MakeDocx) -> None:
    plain = make_docx([HEADING, ROW]).read_bytes()
    path = tmp_path / "plan.docm"
    path.write_bytes(plain)
    with zipfile.ZipFile(path, "a") as package:
        package.writestr("word/vbaProject.bin", OLE)
    assert len(read_plan(path).tasks) == 1
