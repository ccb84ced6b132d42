"""Files handed in: told by content; what could harm is refused, and the refusal quotes the name."""

from __future__ import annotations

import io
import zipfile

import pytest

from tasks_catalog import uploads
from tasks_catalog.uploads import FileKind, UploadRefused, file_name, kind_of

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64
PDF = b"%PDF-1.7\n%\xe2\xe3\n1 0 obj\n"


def package(**parts: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        for name, data in parts.items():
            packed.writestr(name.replace("__", "/").replace("_dot_", "."), data)
    return made.getvalue()


DOCX = package(**{"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>"})
MACROS = package(
    **{"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>", "word/vbaProject.bin": b"x"}
)


@pytest.mark.parametrize(
    ("name", "data", "extension"),
    [
        ("Quyết định 12.pdf", PDF, "pdf"),
        ("ảnh.png", PNG, "png"),
        ("ảnh.JPEG", b"\xff\xd8\xff\xe0" + b"\0" * 64, "jpg"),
        ("báo cáo.docx", DOCX, "docx"),
        ("bảng.xlsx", package(**{"[Content_Types].xml": b"", "xl/workbook.xml": b""}), "xlsx"),
        ("văn bản.odt", package(mimetype=b"application/vnd.oasis.opendocument.text"), "odt"),
    ],
)
def test_is_told_by_its_content(name: str, data: bytes, extension: str) -> None:
    assert kind_of(name, data).extension == extension


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.pdf", b"", "upload_empty"),
        ("a.pdf", b"MZ\x90\0", "upload_kind"),
        ("a.html", b"<html><script>alert(1)</script>", "upload_kind"),
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "upload_kind"),
        ("a.zip", package(a=b"x"), "upload_kind"),
        ("a.docx", PDF, "upload_misnamed"),
        ("a.exe", PDF, "upload_misnamed"),
        ("a", PDF, "upload_misnamed"),
        ("a.docx", MACROS, "upload_macros"),
        ("a.docx", DOCX[:-30], "upload_broken"),
    ],
)
def test_is_refused_with_its_name(name: str, data: bytes, code: str) -> None:
    with pytest.raises(UploadRefused) as refused:
        kind_of(name, data)
    assert (refused.value.code, refused.value.params["name"]) == (code, name)


def test_a_package_that_would_swell_is_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "_MOST_UNPACKED", 1000)
    swollen = package(**{"[Content_Types].xml": b"", "word/document.xml": b"0" * 1001})
    with pytest.raises(UploadRefused, match="upload_swollen"):
        kind_of("a.docx", swollen)


def test_a_file_larger_than_what_is_taken_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MOST_BYTES", len(PDF) - 1)
    with pytest.raises(UploadRefused, match="upload_too_large"):
        kind_of("a.pdf", PDF)


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("..\\..\\etc\\Báo cáo.docx", "Báo cáo.docx"),
        ("/home/a.pdf", "a.pdf"),
        ("Bi\u0301.pdf", "Bí.pdf"),
        ('a"b\r\n.pdf', "a'b .pdf"),
        ("\u202efdp.exe", "fdp.exe"),
        ("..", ""),
        (f"{'dài' * 100}.pdf", f"{('dài' * 100)[:146]}.pdf"),
    ],
)
def test_a_name_is_safe_to_show_and_to_keep(told: str, kept: str) -> None:
    assert file_name(told) == kept


def test_the_media_type_is_that_of_the_content() -> None:
    assert kind_of("a.pdf", PDF) == FileKind(extension="pdf", media_type="application/pdf")
