"""Bad input: exit code 2, a sentence in each language that quotes what was wrong, and nothing written."""

from __future__ import annotations

import io
import sqlite3
from collections.abc import Callable
from pathlib import Path

import docx
import pypdf
import pytest

from tests.cli.conftest import NUMBER, PLANS, Dondoc

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
IMPORT = ("--number", "12/KH-SCT", "--issued", "2022-02-01", "--as-of", "2022-02-10")


def _locked_pdf() -> bytes:
    writer, held = pypdf.PdfWriter(), io.BytesIO()
    writer.add_blank_page(200, 200)
    writer.encrypt("bí mật")
    writer.write(held)
    return held.getvalue()


def _docx(*rows: list[str]) -> bytes:
    document, held = docx.Document(), io.BytesIO()
    table = document.add_table(rows=0, cols=len(rows[0]))
    for row in rows:
        for cell, words in zip(table.add_row().cells, row, strict=True):
            cell.text = words
    document.save(held)
    return held.getvalue()


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize(
    ("name", "content", "quoted"),
    [
        pytest.param("anh.png", lambda: b"\x89PNG\x00", "anh.png", id="a picture"),
        pytest.param("thu.csv", lambda: b"a,b\n1,2\n", "“a”; “b”", id="a table of something else"),
        pytest.param("khoa.pdf", _locked_pdf, "khoa.pdf", id="a PDF with a password"),
        pytest.param(
            "khoa.docx",
            lambda: OLE + "EncryptedPackage".encode("utf-16-le"),
            "khoa.docx",
            id="a Word file with a password",
        ),
        pytest.param(
            "hong.docx",
            lambda: (PLANS / "cchc-2022.docx").read_bytes()[:9000],
            "hong.docx",
            id="a Word file cut off",
        ),
        pytest.param(
            "bang.docx",
            lambda: _docx(["TT", "Nhiệm vụ", "Chủ trì", "Ghi chú"], ["1", "Việc A", "Văn phòng", ""]),
            "“TT”; “Nhiệm vụ”; “Chủ trì”; “Ghi chú”",
            id="a table without a deadline column",
        ),
    ],
)
def test_a_document_that_is_no_plan(
    tracked: Dondoc, tmp_path: Path, name: str, content: Callable[[], bytes], quoted: str, lang: str
) -> None:
    file = tmp_path / name
    file.write_bytes(content())
    before = tracked.bytes()
    for typed in (["plan", "read", file], ["plan", "import", file, *IMPORT]):
        said = tracked(*typed, lang=lang)
        assert (said.code, said.out) == (2, "")
        assert said.err.startswith("Not done:" if lang == "en" else "Không thực hiện được:")
        assert quoted in said.err
    assert tracked.bytes() == before


DIRECTORY = """
[organisation]
code = "sct"
name = "Sở Công Thương"
[[units]]
code = "VP"
name = "Văn phòng Sở"
[[people]]
code = "an"
name = "Lê An"
email = "{first}"
unit = "VP"
post = "coordinator"
[[people]]
code = "binh"
name = "Vũ Bình"
email = "{second}"
unit = "VP"
post = "head"
"""


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize(
    ("first", "second", "quoted"),
    [
        pytest.param("an(at)sct", "binh@example.vn", ["an(at)sct"], id="an address that is none"),
        pytest.param(
            "an@example.vn", "AN@example.vn", ["Lê An", "Vũ Bình"], id="an address used by two people"
        ),
    ],
)
def test_a_directory_with_a_wrong_address(
    tracked: Dondoc, tmp_path: Path, first: str, second: str, quoted: list[str], lang: str
) -> None:
    file = tmp_path / "danh-ba.toml"
    file.write_text(DIRECTORY.format(first=first, second=second), encoding="utf-8")
    before = tracked.bytes()
    said = tracked("units", "import", file, lang=lang)
    assert said.code == 2
    assert all(words in said.err for words in quoted)
    assert tracked.bytes() == before


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_database_from_a_newer_version(tracked: Dondoc, lang: str) -> None:
    database = sqlite3.connect(tracked.home / "dondoc.db")
    database.execute("UPDATE alembic_version SET version_num = '2099_01_01'")
    database.commit()
    database.close()
    before = tracked.bytes()
    said = tracked("plan", "list", lang=lang)
    assert said.code == 2
    assert "2099_01_01" in said.err
    assert tracked.bytes() == before


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_plan_imported_under_a_number_that_exists(tracked: Dondoc, lang: str) -> None:
    before = tracked.bytes()
    again = ("--number", " 383 / kh-sct", "--issued", "2022-01-30")
    for more in ((), ("--dry-run",)):
        said = tracked("plan", "import", PLANS / "cchc-2022.docx", *again, *more, lang=lang)
        assert said.code == 2
        assert NUMBER in said.err
    assert tracked.bytes() == before


@pytest.mark.parametrize(
    ("typed", "quoted"),
    [
        pytest.param(["plan", "activate", "1/KH"], "1/KH", id="a plan there is not"),
        pytest.param(["plan", "activate", NUMBER], NUMBER, id="a plan started before"),
        pytest.param(["plan", "settle", NUMBER, "--row", "55"], "55", id="an answer that says nothing"),
        pytest.param(
            ["plan", "settle", NUMBER, "--row", "55", "--deadline", "sớm"], "sớm", id="a deadline unclear"
        ),
        pytest.param(["task", "show", "383"], "383", id="no task's name"),
        pytest.param(["task", "show", f"{NUMBER}/99"], "1 đến 57", id="a row the plan has not"),
        pytest.param(["task", "accept", f"{NUMBER}/1"], "QLTM", id="accepting what nobody reported"),
        pytest.param(["task", "report", f"{NUMBER}/1", "--unit", "XYZ"], "XYZ", id="a unit unknown"),
        pytest.param(["task", "report", f"{NUMBER}/1", "--by", "ai-do"], "ai-do", id="a person unknown"),
        pytest.param(["task", "snooze", f"{NUMBER}/1", "--until", "30/2/2022"], "30/2/2022", id="no day"),
        pytest.param(["task", "close", f"{NUMBER}/1", "--kind", "xong"], "xong", id="no way to close"),
        pytest.param(["task", "reassign", f"{NUMBER}/1", "--from", "TT"], "--to", id="a move to nobody"),
        pytest.param(["task", "list", "--plan", NUMBER, "--standing", "trễ"], "trễ", id="no standing"),
        pytest.param(["remind", "--as-of", "2022-03-01 8h"], "2022-03-01 8h", id="no time of day"),
        pytest.param(["outbox", "show", "99"], "99", id="a letter there is not"),
        pytest.param(["outbox", "list", "--state", "mất"], "mất", id="no state of letters"),
        pytest.param(
            ["units", "merge", "VP", "VP", "--document", "1/QĐ"], "Văn phòng Sở", id="a merger of one"
        ),
        pytest.param(["plan", "import"], "FILE", id="an argument left out"),
        pytest.param(["plan", "nhap"], "nhap", id="a command there is not"),
        pytest.param(["tally", "--plna", "x"], "--plna", id="an option there is not"),
        pytest.param(["deadline", "Quý I", "--year", "hai"], "hai", id="a year that is no number"),
    ],
)
def test_a_command_that_cannot_be_done_says_so(tracked: Dondoc, typed: list[str], quoted: str) -> None:
    before = tracked.bytes()
    said = tracked(*typed)
    assert said.code == 2
    assert quoted in said.err
    assert "Traceback" not in said.err
    assert tracked.bytes() == before


def test_faults_of_single_rows_are_questions_and_the_other_rows_are_imported(
    tracked: Dondoc, tmp_path: Path
) -> None:
    file = tmp_path / "ke-hoach.docx"
    file.write_bytes(
        _docx(
            ["TT", "Nhiệm vụ", "Đơn vị chủ trì", "Thời hạn hoàn thành"],
            ["1", "Việc A", "Văn phòng Sở", "Trước 15/11/2022"],
            ["2", "Việc B", "Phòng Nuôi ong", "Quý III/2022"],
            ["3", "Việc C", "Văn phòng Sở", "sớm nhất có thể"],
            ["4", "Việc D", "Văn phòng Sở", "Trước 15/01/2019"],
        )
    )
    done = tracked.done("plan", "import", file, *IMPORT, "--json").json
    assert (done["tasks"], done["number"]) == (4, "12/KH-SCT")
    asked = tracked.done("plan", "questions", "12/KH-SCT", "--json").json
    assert [question["row"] for question in asked] == [2, 3, 4]
    assert asked[0]["where"] == "bảng 1, dòng 3, cột Đơn vị chủ trì"
    quoted = zip(asked, ("Phòng Nuôi ong", "sớm nhất có thể", "Trước 15/01/2019"), strict=True)
    assert all(words in question["message"] for question, words in quoted)
    started = tracked.done("plan", "activate", "12/KH-SCT", "--as-of", "2022-02-10", "--json").json
    assert started["occurrences"] == 1


@pytest.mark.parametrize(
    ("content", "quoted"),
    [
        pytest.param(f"task,unit\n{NUMBER}/1,QLTM\n\n{NUMBER}/99,QLTM\n", "dòng 4", id="a task unknown"),
        pytest.param(f"task,unit,product_date\n{NUMBER}/1,QLTM,32/1/2022\n", "32/1/2022", id="no day"),
        pytest.param("nhiem vu,don vi\nx,y\n", "nhiem vu, don vi", id="other headings"),
        pytest.param("task,unit\n", "task, unit", id="no rows"),
    ],
)
def test_reports_from_a_file_are_all_or_nothing(
    tracked: Dondoc, tmp_path: Path, content: str, quoted: str
) -> None:
    file = tmp_path / "bao-cao.csv"
    file.write_text(content, encoding="utf-8")
    before = tracked.bytes()
    said = tracked("task", "report", "--from", file, "--as-of", "2022-05-05")
    assert said.code == 2
    assert "bao-cao.csv" in said.err
    assert quoted in said.err
    assert tracked.bytes() == before


def test_a_live_office_acts_on_no_other_day(empty: Dondoc) -> None:
    empty.done("init")
    before = empty.bytes()
    said = empty("remind", "--as-of", "2022-03-01")
    assert said.code == 2
    assert "01/03/2022" in said.err
    assert empty.bytes() == before


def test_no_office_in_the_folder_and_a_second_one(empty: Dondoc) -> None:
    said = empty("doctor")
    assert (said.code, str(empty.home) in said.err) == (2, True)
    assert not empty.home.exists()
    empty.done("init", "--simulated")
    before = empty.bytes()
    assert empty("init").code == 2
    assert empty.bytes() == before
