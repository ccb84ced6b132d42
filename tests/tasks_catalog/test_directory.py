"""Reading a directory from TOML and from sheets; every refusal quotes its line."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from notifications.wording import problem_sentence
from tasks_catalog.directory_check import check_directory
from tasks_catalog.documents import directory_sheet
from tasks_catalog.documents.directory import read_directory
from tasks_catalog.documents.directory_sheet import DirectoryUnreadable
from tasks_catalog.people import Directory, Post

EXAMPLE = Path(__file__).parent.parent.parent / "tasks_catalog" / "examples" / "so-cong-thuong.toml"

Rows = Sequence[Sequence[object]]

HEADINGS = [
    "STT", "Đơn vị", "Mã đơn vị", "Tên gọi khác", "Loại", "Gồm các đơn vị",
    "Họ và tên", "Mã", "Chức vụ", "Thư điện tử", "Vai trò", "Đầu mối",
]  # fmt: skip
SHEET: Rows = [
    ["DANH BẠ"],
    ["Cơ quan", "Sở Thử"],
    ["Mã cơ quan", "so-thu"],
    ["Địa danh", "Biên Hòa"],
    [],
    HEADINGS,
    [1, "Ban Giám đốc", "BGD", "", "Ban Giám đốc", "", "Trần A", "a", "Giám đốc", "a@example.vn", "Giám đốc"],
    [2, "", "", "", "", "", "Trần B", "b", "Phó Giám đốc", "b@example.vn", "Phó Giám đốc phụ trách", "x"],
    [3, "Văn phòng Sở", "VP", "Văn phòng\nVPS", "", "", "Lê C", "c", "Chánh Văn phòng", "c@example.vn"],
    [4, "", "", "", "", "", "Lê D", "d", "Chuyên viên", "d@example.vn", "Điều phối; đầu mối", ""],
    [5, "Thanh tra Sở", "TT", "", "", "", "Vũ E", "", "Thanh tra viên", "e@example.vn", "Cán bộ", "có"],
    [6, "Các phòng, đơn vị thuộc Sở", "ALL", "Các phòng", "", "*", "", "", "", "", "", ""],
    [7, "Hai nơi", "", "", "", "Văn phòng; tt", "", "", "", "", "", ""],
]  # fmt: skip


def xlsx(folder: Path, rows: Rows) -> Path:
    book = Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(list(row))
    file = folder / "danh-ba.xlsx"
    book.save(file)
    return file


def csv_file(folder: Path, rows: Rows, delimiter: str = ",", encoding: str = "utf-8-sig") -> Path:
    file = folder / "danh-ba.csv"
    lines = (delimiter.join(f'"{cell}"' for cell in row) for row in rows)
    file.write_text("\r\n".join(lines), encoding=encoding)
    return file


def refusal(file: Path) -> tuple[str, str]:
    with pytest.raises(DirectoryUnreadable) as refused:
        read_directory(file)
    assert problem_sentence(refused.value, "en")
    return refused.value.code, problem_sentence(refused.value)


def test_the_example_is_a_full_directory_without_faults_or_gaps() -> None:
    example = read_directory(EXAMPLE)
    assert check_directory(example) == ()
    assert (example.name, example.place) == ("Sở Công Thương", "Đồng Nai")
    assert [unit.kind for unit in example.units] == ["board"] + ["room"] * 6 + ["centre"] * 2
    assert len(example.focal_points) == 9
    assert all(person.email.endswith("@example.vn") for person in example.people)


def test_the_examples_coordinator_sits_in_the_office_and_is_not_its_head() -> None:
    example = read_directory(EXAMPLE)
    coordinator = example.coordinator()
    assert coordinator is not None
    assert coordinator.unit == "VP"
    assert coordinator != example.head_of("VP")


@pytest.mark.parametrize(
    "write",
    [
        pytest.param(lambda folder: xlsx(folder, SHEET), id="an Excel sheet"),
        pytest.param(lambda folder: csv_file(folder, SHEET), id="csv with commas"),
        pytest.param(lambda folder: csv_file(folder, SHEET, ";"), id="csv with semicolons"),
        pytest.param(lambda folder: csv_file(folder, SHEET, "\t", "utf-16"), id="Excel's Unicode text"),
    ],
)
def test_a_sheet_is_read_line_by_line(tmp_path: Path, write: Callable[[Path], Path]) -> None:
    read: Directory = read_directory(write(tmp_path))
    assert (read.organisation, read.name, read.place) == ("so-thu", "Sở Thử", "Biên Hòa")
    assert [(u.code, u.name, u.kind) for u in read.units] == [
        ("BGD", "Ban Giám đốc", "board"),
        ("VP", "Văn phòng Sở", "room"),
        ("TT", "Thanh tra Sở", "room"),
    ]
    assert read.units[1].aliases == ("Văn phòng", "VPS")
    assert [(p.code, p.unit, p.post, p.in_charge) for p in read.people] == [
        ("a", "BGD", Post.DIRECTOR, False),
        ("b", "BGD", Post.DEPUTY_DIRECTOR, True),
        ("c", "VP", Post.HEAD, False),
        ("d", "VP", Post.COORDINATOR, False),
        ("vu-e", "TT", Post.OFFICER, False),
    ]
    assert read.focal_points == {"BGD": "b", "VP": "d", "TT": "vu-e"}
    assert [(g.code, g.members) for g in read.groups] == [("ALL", ("VP", "TT")), ("hai-noi", ("VP", "TT"))]
    assert {p.code for p in check_directory(read)} == {"unit_without_head"}


def line_of(
    unit: str,
    unit_code: str = "",
    members: str = "",
    name: str = "",
    code: str = "",
    email: str = "",
    role: str = "",
    focal: str = "",
) -> list[object]:
    """One line under HEADINGS."""
    return ["", unit, unit_code, "", "", members, name, code, "", email, role, focal]


@pytest.mark.parametrize(
    ("lines", "code", "quoted"),
    [
        pytest.param(
            [line_of("VP", "", "", "Lê C", "", "c@example.vn", "Sếp")],
            "directory_role_unknown",
            "Dòng 2: vai trò “Sếp”",
            id="a role nobody knows",
        ),
        pytest.param(
            [line_of("VP", "", "", "Lê C", "", "c@example.vn", "Giám đốc; Cán bộ")],
            "directory_role_unknown",
            "“Giám đốc; Cán bộ”",
            id="two posts at once",
        ),
        pytest.param(
            [line_of("VP", "", "", "Lê C", "", "c@example.vn", "", "có lẽ")],
            "directory_yes_no",
            "cột “Đầu mối”: “có lẽ”",
            id="neither yes nor no",
        ),
        pytest.param(
            [line_of("", "", "", "Lê C", "", "c@example.vn")],
            "directory_unit_missing",
            "Dòng 2 (“Lê C; c@example.vn”)",
            id="a person before any unit",
        ),
        pytest.param(
            [line_of("VP", "", "", "", "", "c@example.vn")],
            "directory_unit_missing",
            "c@example.vn",
            id="an address without a name",
        ),
        pytest.param(
            [
                line_of("VP", "", "", "Lê C", "", "c@example.vn"),
                line_of("", "", "", "Lê C", "", "d@example.vn"),
            ],
            "directory_code_twice",
            "Dòng 3: mã “le-c”",
            id="two people of one name and no code",
        ),
        pytest.param(
            [line_of("Văn phòng", "VP"), line_of("Thanh tra", "VP")],
            "directory_code_twice",
            "Văn phòng; Thanh tra",
            id="one code for two units",
        ),
        pytest.param(
            [line_of("Văn phòng", "VP"), line_of("Các phòng", "", "Văn phòng; Thanh tra")],
            "directory_member_unknown",
            "“Thanh tra”",
            id="a group with a stranger",
        ),
    ],
)
def test_a_wrong_line_is_refused_and_quoted(
    tmp_path: Path, lines: list[list[object]], code: str, quoted: str
) -> None:
    found, told = refusal(csv_file(tmp_path, [HEADINGS, *lines]))
    assert found == code
    assert quoted in told


def test_the_directory_may_stand_on_a_later_sheet(tmp_path: Path) -> None:
    file = xlsx(tmp_path, SHEET)
    book = load_workbook(file)
    book.create_sheet("Ghi chú", 0).append(["Cập nhật", "01/11/2026"])
    book.save(file)
    assert len(read_directory(file).people) == 5


def test_a_sheet_without_the_headings_says_which_it_found(tmp_path: Path) -> None:
    code, told = refusal(xlsx(tmp_path, [["STT", "Nhiệm vụ", "Thời hạn"], [1, "Việc", "Quý I"]]))
    assert code == "directory_headings"
    assert "Đơn vị, Họ và tên, Thư điện tử" in told
    assert "STT, Nhiệm vụ, Thời hạn" in told


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        pytest.param("a.xlsx", b"PK\x03\x04 not a workbook", "directory_damaged", id="a broken workbook"),
        pytest.param(
            "a.csv", "Đơn vị,Họ và tên".encode("utf-16-be"), "directory_encoding", id="no byte mark"
        ),
        pytest.param("a.csv", b"\xd0\xf1\xff", "directory_encoding", id="an old code page"),
        pytest.param("a.docx", b"PK", "directory_type", id="a Word file"),
        pytest.param("a.toml", b'[organisation]\ncode = "x', "directory_damaged", id="an unclosed quote"),
        pytest.param("a.toml", b"\xff\xfe", "directory_damaged", id="TOML that is not UTF-8"),
    ],
)
def test_files_that_cannot_be_read_are_refused(tmp_path: Path, name: str, data: bytes, code: str) -> None:
    (tmp_path / name).write_bytes(data)
    found, told = refusal(tmp_path / name)
    assert found == code
    assert name in told


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path / "khong-co.toml")[0] == "directory_missing"


def test_files_beyond_the_limits_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(directory_sheet, "MAX_ROWS", 5)
    assert refusal(csv_file(tmp_path, SHEET))[0] == "directory_too_large"
    monkeypatch.setattr(directory_sheet, "MAX_UNPACKED", 10)
    assert refusal(xlsx(tmp_path, SHEET))[0] == "directory_too_large"


HEAD = '[organisation]\ncode = "x"\nname = "X"\n\n[[units]]\ncode = "VP"\nname = "Văn phòng"\n\n'


@pytest.mark.parametrize(
    ("entry", "code", "quoted"),
    [
        pytest.param(
            '[[people]]\nname = "A"',
            "directory_key_missing",
            "Dòng 9: [people] thiếu mục “code”",
            id="a key left out",
        ),
        pytest.param(
            '[[unit]]\ncode = "A"',
            "directory_key_unknown",
            "Dòng 9: không có mục “unit”",
            id="a table misspelt",
        ),
        pytest.param(
            '[[people]]\ncode="a"\nname="A"\nemail="a@example.vn"\nunit="VP"\npots="head"',
            "directory_key_unknown",
            "“pots”",
            id="a key misspelt",
        ),
        pytest.param(
            '[[people]]\ncode="a"\nname="A"\nemail="a@example.vn"\nunit="VP"\npost="boss"',
            "directory_value_wrong",
            "“post” ghi “boss”; giá trị đúng là: officer, head",
            id="a post nobody knows",
        ),
        pytest.param(
            '[[people]]\ncode="a"\nname="A"\nemail="a@example.vn"\nunit="VP"\nactive="no"',
            "directory_value_wrong",
            "true, false",
            id="a yes or no in quotes",
        ),
        pytest.param(
            '[[groups]]\ncode="g"\nname="G"\nmembers=["VP", 3]',
            "directory_value_wrong",
            "Dòng 9",
            id="a number for a unit",
        ),
        pytest.param(
            'people = "A"', "directory_key_unknown", "“people”", id="a value where a table should stand"
        ),
    ],
)
def test_a_wrong_toml_entry_is_refused_by_its_line(
    tmp_path: Path, entry: str, code: str, quoted: str
) -> None:
    file = tmp_path / "so.toml"
    file.write_text(HEAD + entry, encoding="utf-8")
    found, told = refusal(file)
    assert found == code
    assert quoted in told


def test_a_toml_without_an_organisation_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "so.toml"
    file.write_text('[[units]]\ncode = "VP"\nname = "Văn phòng"\n', encoding="utf-8")
    assert refusal(file)[0] == "directory_key_missing"


def test_decomposed_letters_are_composed_when_read(tmp_path: Path) -> None:

    file = tmp_path / "so.toml"
    file.write_text(unicodedata.normalize("NFD", EXAMPLE.read_text(encoding="utf-8")), encoding="utf-8")
    assert read_directory(file) == read_directory(EXAMPLE)
