"""Files made to harm: each is read by a process of its own, which must end soon and stay small."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path

import docx
import openpyxl
import pytest
from openpyxl.styles import Font

from tasks_catalog.documents import read_plan, refusals

HEADING = ["TT", "Nhiệm vụ", "Chủ trì", "Thời hạn"]
ROW = ["1", "Việc A", "Văn phòng", "15/11/2023"]
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
FONT = b"/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>"
SECONDS = 20
MEGABYTES = 600
READ = """
import re, resource, sys, time
from pathlib import Path
from tasks_catalog.documents import read_plan
from tasks_catalog.problem import Refused
begun = time.process_time()
try:
    said = str(len(read_plan(Path(sys.argv[1]), year=2023).tasks))
except Refused as refused:
    said = refused.code
own = Path("/proc/self/status")  # rusage would count what the process that started this one used
peak = re.search(r"VmHWM:\\s+(\\d+)", own.read_text()) if own.exists() else None
kilobytes = int(peak[1]) if peak else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(said, time.process_time() - begun, kilobytes // 1024)
"""
Write = Callable[[Path], None]


def package(path: Path, parts: dict[str, bytes]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as held:
        for name, content in parts.items():
            held.writestr(name, content)


def body(content: str) -> dict[str, bytes]:
    return {"word/document.xml": f"<w:document {W}><w:body>{content}</w:body></w:document>".encode()}


def table(rows: Sequence[Sequence[str]], inside: str = "") -> str:
    printed = (
        "<w:tr>"
        + "".join(f"<w:tc><w:p><w:r><w:t>{words}</w:t></w:r></w:p>{inside}</w:tc>" for words in row)
        + "</w:tr>"
        for row in rows
    )
    return f"<w:tbl>{''.join(printed)}</w:tbl>"


def nested_tables(path: Path) -> None:
    inside = ""
    for _ in range(60):
        inside = f"<w:tbl><w:tr><w:tc>{inside}<w:p><w:r><w:t>a</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
    first = f"<w:tr><w:tc>{inside}</w:tc></w:tr>"
    package(path, body(table([HEADING, ROW]).replace("</w:tbl>", f"{first}</w:tbl>")))


def deep_elements(path: Path) -> None:
    package(path, body("<w:sdt>" * 50_000 + "</w:sdt>" * 50_000))


def wide_spans(path: Path) -> None:
    spans = '<w:tcPr><w:gridSpan w:val="2000000000"/></w:tcPr>'
    before = '<w:trPr><w:gridBefore w:val="2000000000"/></w:trPr>'
    rows = table([HEADING, ROW]).replace("<w:tr>", f"<w:tr>{before}").replace("<w:tc>", f"<w:tc>{spans}")
    package(path, body(rows))


def one_wide_row(path: Path) -> None:
    package(path, body(table([HEADING, *[ROW] * 2_000, ["x"] * 100_000])))


def many_elements(path: Path) -> None:
    package(path, body("<w:p/>" * (refusals.MAX_TAGS + 1)))


def forged_size(path: Path) -> None:
    """A part of 64 MB that says it has 100 bytes."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as held:
        held.writestr("word/document.xml", b" " * (64 << 20))
    declared = (64 << 20).to_bytes(4, "little")
    path.write_bytes(content.getvalue().replace(declared, (100).to_bytes(4, "little")))


def laughs(root: str, end: str) -> bytes:
    entities = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 12))
    return f'<!DOCTYPE l [<!ENTITY l0 "ha">{entities}]>{root}&l11;{end}'.encode()


def laughing_docx(path: Path) -> None:
    package(path, {"word/document.xml": laughs(f"<w:document {W}>", "</w:document>")})


def file_reading_docx(path: Path) -> None:
    doctype = b'<!DOCTYPE d [<!ENTITY f SYSTEM "file:///etc/hostname">]>'
    package(
        path,
        {"word/document.xml": doctype + body("<w:p><w:r><w:t>&f;</w:t></w:r></w:p>")["word/document.xml"]},
    )


def laughing_xlsx(path: Path) -> None:
    book(path, [HEADING, ROW])
    with zipfile.ZipFile(path) as held:
        parts = {name: held.read(name) for name in held.namelist()}
    root = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">'
    )
    parts["xl/worksheets/sheet1.xml"] = laughs(
        f'{root}<c r="A1" t="inlineStr"><is><t>', "</t></is></c></row></sheetData></worksheet>"
    )
    package(path, parts)


def book(path: Path, rows: Sequence[Sequence[object]], *, cell: str = "") -> None:
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    if cell:
        sheet[cell].font = Font(bold=True)
    made.save(path)


def long_sheet(path: Path) -> None:
    row = "<row>" + '<c t="inlineStr"><is><t>Việc</t></is></c>' * 4 + "</row>"
    book(path, [HEADING])
    with zipfile.ZipFile(path) as held:
        parts = {name: held.read(name) for name in held.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"]
    parts["xl/worksheets/sheet1.xml"] = sheet.replace(
        b"</sheetData>", (row * 100_000).encode() + b"</sheetData>"
    )
    package(path, parts)


def long_csv(path: Path) -> None:
    path.write_text(
        ",".join(HEADING) + "\n" + ",".join(ROW) + "\n" + "2,Việc,Sở,Quý I\n" * 1_000_000, encoding="utf-8"
    )


def pdf(path: Path, pages: int, content: bytes = b"", head: bytes = b"") -> None:
    kids = " ".join(f"{i} 0 R" for i in range(4, 4 + pages))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {pages} >>".encode(),
        b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(content), head, content),
        *[b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 900 900] /Contents 3 0 R %s >>" % FONT] * pages,
    ]
    out, offsets = b"%PDF-1.4\n", []
    for number, words in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, words)
    table_at = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    path.write_bytes(
        out + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table_at)
    )


def packed(size: int) -> bytes:
    packer = zlib.compressobj(9)
    return b"".join(packer.compress(b" " * (1 << 20)) for _ in range(size >> 20)) + packer.flush()


def pdf_bomb(path: Path) -> None:
    pdf(path, 1, packed(1 << 30), b"/Filter /FlateDecode")


def pdf_bomb_in_a_bomb(path: Path) -> None:
    pdf(path, 1, zlib.compress(packed(1 << 28), 9), b"/Filter [/FlateDecode /FlateDecode]")


def busy_pdf(path: Path) -> None:
    pdf(path, 1, b"".join(b"%d %d 5 5 re S\n" % (i % 800, i // 800) for i in range(refusals.MAX_RULES + 1)))


def many_runs(path: Path) -> None:
    row = f"<w:tr><w:tc><w:p>{'<w:r/>' * 1_000_000}</w:p></w:tc></w:tr></w:tbl>"
    package(path, body(table([HEADING, ROW]).replace("</w:tbl>", row)))


def framed_tables(path: Path) -> None:
    frame, end = "<w:tbl><w:tr><w:tc>", "</w:tc></w:tr></w:tbl>"
    package(path, body(frame * 3_000 + table([HEADING, ROW]) + end * 3_000))


def long_cell(path: Path) -> None:
    package(path, body(table([HEADING, ["1", "a " * 20_000_000, "Văn phòng", "12/" * 3_000_000]])))


def long_labels(path: Path) -> None:
    listed = '<w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr>'
    rows = table([HEADING, *[ROW] * 3_000]).replace("<w:p>", f"<w:p>{listed}")
    level = f'<w:lvl w:ilvl="0"><w:numFmt w:val="decimal"/><w:lvlText w:val="{"%1" * 50_000}"/></w:lvl>'
    lists = (
        f'<w:numbering {W}><w:abstractNum w:abstractNumId="0">{level}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
    )
    package(path, body(rows) | {"word/numbering.xml": lists.encode()})


def with_parts(path: Path, change: Callable[[dict[str, bytes]], None]) -> None:
    book(path, [HEADING, ROW])
    with zipfile.ZipFile(path) as held:
        parts = {name: held.read(name) for name in held.namelist()}
    change(parts)
    package(path, parts)


def with_strings(path: Path, strings: bytes, rows: bytes = b"") -> None:
    """Write a book whose cells of ``rows`` are kept in a list of strings of its own."""

    def change(parts: dict[str, bytes]) -> None:
        main, office = (
            f"http://schemas.openxmlformats.org/{it}" for it in ("spreadsheetml", "officeDocument")
        )
        parts["xl/sharedStrings.xml"] = b'<sst xmlns="%s/2006/main">%s</sst>' % (main.encode(), strings)
        kind = f'Type="{office}/2006/relationships/sharedStrings" Target="sharedStrings.xml"/>'
        links = f'<Relationship Id="rId99" {kind}</Relationships>'.encode()
        name = "xl/_rels/workbook.xml.rels"
        parts[name] = parts[name].replace(b"</Relationships>", links)
        part = 'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"'
        types = f'<Override PartName="/xl/sharedStrings.xml" {part}/></Types>'.encode()
        parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(b"</Types>", types)
        sheet = parts["xl/worksheets/sheet1.xml"]
        parts["xl/worksheets/sheet1.xml"] = sheet.replace(b"</sheetData>", rows + b"</sheetData>")

    with_parts(path, change)


def many_shared_strings(path: Path) -> None:
    with_strings(path, b"<si><t>a</t></si>" * 3_000_000)


def one_long_shared_string(path: Path) -> None:
    row = b"<row>" + b'<c t="s"><v>0</v></c>' * 4 + b"</row>"
    with_strings(path, b"<si><t>" + b"a " * 500_000 + b"</t></si>", row * 10_000)


def many_merged_ranges(path: Path) -> None:
    def change(parts: dict[str, bytes]) -> None:
        merged = b"".join(b'<mergeCell ref="A%d:B%d"/>' % (n, n) for n in range(3, 500_000))
        sheet = parts["xl/worksheets/sheet1.xml"]
        parts["xl/worksheets/sheet1.xml"] = sheet.replace(
            b"</sheetData>", b"</sheetData><mergeCells>" + merged + b"</mergeCells>"
        )

    with_parts(path, change)


def one_long_line(path: Path) -> None:
    path.write_bytes(",".join(HEADING).encode() + b"\n" + b"," * (40 << 20) + b"\n")


def old_code_page_of_noise(path: Path) -> None:
    path.write_bytes(b"STT,a\xd2\n" + b"\xd2\xec" * (15 << 20))


def drawn(path: Path, content: bytes) -> None:
    pdf(path, 1, zlib.compress(content, 9), b"/Filter /FlateDecode")


def lattice(path: Path) -> None:
    level = b"".join(b"0 %d m 900 %d l S " % (at, at) for at in range(0, 900, 4))
    drawn(path, level + b"".join(b"%d 0 m %d 900 l S " % (at, at) for at in range(0, 900, 4)))


@pytest.mark.parametrize(
    ("name", "write", "said"),
    [
        pytest.param("plan.docx", nested_tables, "1", id="tables in tables, sixty deep"),
        pytest.param("plan.docx", deep_elements, "file_damaged", id="elements fifty thousand deep"),
        pytest.param("plan.docx", wide_spans, "no_task_table", id="cells as wide as two thousand million"),
        pytest.param("plan.docx", one_wide_row, "2001", id="a row of a hundred thousand cells"),
        pytest.param("plan.docx", many_elements, "file_too_many_parts", id="four million empty paragraphs"),
        pytest.param("plan.docx", forged_size, "file_damaged", id="a part larger than it says"),
        pytest.param("plan.docx", laughing_docx, "file_damaged", id="entities that multiply, in Word"),
        pytest.param("plan.docx", file_reading_docx, "file_damaged", id="an entity that reads a file"),
        pytest.param("plan.xlsx", laughing_xlsx, "file_damaged", id="entities that multiply, in Excel"),
        pytest.param("plan.xlsx", long_sheet, "too_many_rows", id="a sheet of a hundred thousand rows"),
        pytest.param("plan.csv", long_csv, "too_many_rows", id="a million lines"),
        pytest.param("plan.pdf", lambda path: pdf(path, 5_000), "too_many_pages", id="a PDF of 5,000 pages"),
        pytest.param("plan.pdf", pdf_bomb, "file_unpacks_too_large", id="a stream that unpacks to 1 GB"),
        pytest.param("plan.pdf", pdf_bomb_in_a_bomb, "file_unpacks_too_large", id="a stream packed twice"),
        pytest.param("plan.docx", many_runs, "1", id="a million empty runs"),
        pytest.param("plan.docx", framed_tables, "file_damaged", id="three thousand frames around a table"),
        pytest.param("plan.docx", long_cell, "cell_too_long", id="a cell of forty million letters"),
        pytest.param("plan.docx", long_labels, "3000", id="list numbers of a hundred thousand letters"),
        pytest.param("plan.xlsx", many_shared_strings, "file_too_many_parts", id="three million strings"),
        pytest.param("plan.xlsx", one_long_shared_string, "cell_too_long", id="a long string in each cell"),
        pytest.param("plan.xlsx", many_merged_ranges, "too_many_merged_cells", id="half a million merges"),
        pytest.param("plan.csv", one_long_line, "cell_too_long", id="a line of forty million commas"),
        pytest.param("plan.csv", old_code_page_of_noise, "csv_encoding", id="tones that stand on nothing"),
        pytest.param("plan.pdf", lattice, "page_too_full", id="a lattice of fifty thousand cells"),
        pytest.param(
            *("plan.pdf", lambda path: drawn(path, b"q " * 500_000), "page_too_full"),
            id="half a million drawing states put aside",
        ),
        pytest.param(
            *(
                "plan.pdf",
                lambda path: drawn(path, b"BT /F1 9 Tf (" + b"a" * 60_000 + b") Tj ET"),
                "page_too_full",
            ),
            id="sixty thousand letters on a page",
        ),
        pytest.param("plan.pdf", busy_pdf, "page_too_full", id="a page of twenty thousand boxes"),
    ],
)
def test_a_hostile_file_is_answered_soon_and_in_little_memory(
    tmp_path: Path, name: str, write: Write, said: str
) -> None:
    write(tmp_path / name)
    command = [sys.executable, "-c", READ, str(tmp_path / name)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    answer, seconds, megabytes = done.stdout.split()
    assert answer == said
    assert float(seconds) < SECONDS
    assert int(megabytes) < MEGABYTES


def test_a_sheet_formatted_to_its_last_row_is_read(tmp_path: Path) -> None:
    book(tmp_path / "plan.xlsx", [HEADING, ROW], cell="C1048576")
    assert len(read_plan(tmp_path / "plan.xlsx").tasks) == 1


@pytest.mark.parametrize("name", ["plan.docm", "plan.xlsm"])
def test_macros_are_left_out_with_a_note(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    if name == "plan.docm":
        document = docx.Document()
        grid = document.add_table(rows=2, cols=4)
        for column, (head, words) in enumerate(zip(HEADING, ROW, strict=True)):
            grid.cell(0, column).text, grid.cell(1, column).text = head, words
        document.save(str(path))
    else:
        book(path, [HEADING, ROW])
    with zipfile.ZipFile(path, "a") as held:
        held.writestr(
            "word/vbaProject.bin" if name == "plan.docm" else "xl/vbaProject.bin", b"\xd0\xcf\x11\xe0"
        )
    read = read_plan(path)
    assert [task.text for task in read.tasks] == ["Việc A"]
    assert "macros_left_out" in [problem.code for problem in read.problems]


def test_a_formula_shows_its_saved_value_and_else_its_words(tmp_path: Path) -> None:
    row = ["1", '="Việc "&"A"', "Văn phòng", "15/11/2023"]
    book(tmp_path / "unsaved.xlsx", [HEADING, row])
    assert read_plan(tmp_path / "unsaved.xlsx").tasks[0].text == '="Việc "&"A"'
    with zipfile.ZipFile(tmp_path / "unsaved.xlsx") as held:
        parts = {name: held.read(name) for name in held.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"]
    saved = sheet.replace(b'<c r="B2">', b'<c r="B2" t="str">').replace(b"<v></v>", "<v>Việc A</v>".encode())
    assert saved.replace(b"<v />", "<v>Việc A</v>".encode()) != sheet
    parts["xl/worksheets/sheet1.xml"] = saved.replace(b"<v />", "<v>Việc A</v>".encode())
    package(tmp_path / "saved.xlsx", parts)
    assert read_plan(tmp_path / "saved.xlsx").tasks[0].text == "Việc A"


def test_html_in_a_cell_is_text(tmp_path: Path) -> None:
    words = '<script>alert("1")</script><b>Việc</b> &amp; việc'
    book(tmp_path / "plan.xlsx", [HEADING, ["1", words, "Văn phòng", "15/11/2023"]])
    assert read_plan(tmp_path / "plan.xlsx").tasks[0].text == words
