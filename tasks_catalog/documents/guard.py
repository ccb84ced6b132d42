"""What a file really is, judged by its content, and what is refused before a parser sees it."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

from tasks_catalog.documents import refusals
from tasks_catalog.documents.csv_file import utf16_without_mark
from tasks_catalog.documents.grid import Document, Table
from tasks_catalog.text import clean

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_OLE_STREAMS = {"doc": ("WordDocument",), "xls": ("Workbook", "Book")}
_OPEN_DOCUMENTS = {
    b"application/vnd.oasis.opendocument.text": "odt",
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
}
_LOCKED_PART = re.compile(rb"<(?:\w+:)?encryption-data\b")
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_SUFFIXES = {
    ".docx": "docx",
    ".docm": "docx",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
    ".pdf": "pdf",
    ".doc": "doc",
    ".odt": "odt",
    ".rtf": "rtf",
    ".xls": "xls",
    ".ods": "ods",
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
}
_SECRET = re.compile(r"(?:độ mật\s*:?\s*)?(?:tuyệt mật|tối mật|mật)", re.IGNORECASE)
_ENDS_IN_HALF_A_WORD = re.compile(r"\b(?:bảo|bí|cơ)$", re.IGNORECASE)
_STAMP_FRAME = " .:;()[]*-–_|"


def file_bytes(path: Path) -> bytes:
    """Return the file's content; raises FileNotThere, NotSupported (a folder, empty) or TooLarge."""
    if not path.exists():
        raise refusals.FileNotThere("file_missing", file=path.name)
    if not path.is_file():
        raise refusals.NotSupported("not_a_file", file=path.name)
    refuse_size(path.stat().st_size, path)
    return path.read_bytes()


def refuse_size(size: int, path: Path) -> None:
    """Raise TooLarge or, for nothing at all, NotSupported."""
    if size > refusals.MAX_BYTES:
        raise refusals.TooLarge(
            "file_too_large", file=path.name, size=_mb(size), limit=_mb(refusals.MAX_BYTES)
        )
    if size == 0:
        raise refusals.NotSupported("file_empty", file=path.name)


def kind_of(data: bytes, path: Path) -> str:
    """Return what a reader is named for, or a key of ``converted.BECOMES``.

    The content decides and must agree with the name.
    """
    named = _SUFFIXES.get(path.suffix.lower())
    found = _content_kind(data, path)
    if named is None or found is None:
        raise refusals.NotSupported("file_type_unsupported", file=path.name)
    if named != found:
        raise refusals.NotSupported("file_type_mismatch", file=path.name, named=named, found=found)
    return found


def _content_kind(data: bytes, path: Path) -> str | None:
    if data.startswith(_OLE):
        return _ole_kind(data, path)
    if data.startswith(b"{\\rtf"):
        return "rtf"
    if data.startswith(b"PK\x03\x04"):
        return _package_kind(data, path)
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith(_UTF16_MARKS) or b"\x00" not in data or utf16_without_mark(data):
        return "csv"
    return None


def _ole_kind(data: bytes, path: Path) -> str:
    """Tell an old Word document from an old Excel one by the streams its container names."""
    if _ENCRYPTED_PACKAGE in data:
        raise refusals.PasswordProtected("password_protected", file=path.name)
    for kind, streams in _OLE_STREAMS.items():
        if any(f"{stream}\0".encode("utf-16-le") in data for stream in streams):
            return kind
    raise refusals.NotSupported("file_type_unsupported", file=path.name)


def _package_kind(data: bytes, path: Path) -> str | None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            _refuse_bomb(package.infolist(), path)
            names = set(package.namelist())
            open_document = _open_document_kind(package, names, path)
    except (*refusals.PACKAGE_FAULTS, ValueError) as fault:
        raise refusals.Damaged("file_damaged", file=path.name) from fault
    if open_document:
        return open_document
    if "word/document.xml" in names:
        return "docx"
    return "xlsx" if "xl/workbook.xml" in names else None


def _open_document_kind(package: zipfile.ZipFile, names: set[str], path: Path) -> str | None:
    if "mimetype" not in names or package.getinfo("mimetype").file_size > 100:
        return None
    kind = _OPEN_DOCUMENTS.get(package.read("mimetype").strip())
    manifest = "META-INF/manifest.xml"
    if kind and manifest in names and _LOCKED_PART.search(package.read(manifest)):
        raise refusals.PasswordProtected("password_protected", file=path.name)
    return kind


def refuse_bomb(data: bytes, path: Path) -> None:
    """Raise TooLarge when the package would unpack beyond the limits, Damaged when it is none."""
    _package_kind(data, path)


def _refuse_bomb(entries: list[zipfile.ZipInfo], path: Path) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > refusals.MAX_UNPACKED_BYTES:
        limit = _mb(refusals.MAX_UNPACKED_BYTES)
        raise refusals.TooLarge("file_unpacks_too_large", file=path.name, size=_mb(unpacked), limit=limit)
    if len(entries) > refusals.MAX_PARTS:
        raise refusals.TooLarge(
            "file_too_many_parts", file=path.name, count=len(entries), limit=refusals.MAX_PARTS
        )


def refuse_long(document: Document, path: Path) -> None:
    """Raise TooLarge when the tables hold more rows, or a cell more words, than anybody plans."""
    rows = sum(len(table.rows) for table in document.tables)
    if rows > refusals.MAX_ROWS:
        raise refusals.TooLarge("too_many_rows", file=path.name, count=rows, limit=refusals.MAX_ROWS)
    cells = (cell for table in document.tables for row in table.rows for cell in row.cells)
    longest = max((sum(map(len, cell.lines)) for cell in cells), default=0)
    if longest > refusals.MAX_CELL:
        raise refusals.TooLarge("cell_too_long", file=path.name, count=longest, limit=refusals.MAX_CELL)


def refuse_secret(document: Document, path: Path) -> None:
    """Raise SecretDocument when a stamp such as "TỐI MẬT" stands by itself anywhere in the document."""
    before = ""
    for words in _standing_alone(document):
        stamp = clean(words).strip(_STAMP_FRAME)
        if _SECRET.fullmatch(stamp) and not _is_half_a_word(stamp, before):
            raise refusals.SecretDocument("secret_document", file=path.name, mark=stamp)
        before = clean(words)


def _is_half_a_word(stamp: str, before: str) -> bool:
    """Tell "bảo mật", broken before its second half at a line's end, from a stamp."""
    return stamp.lower() == "mật" and (stamp.islower() or _ENDS_IN_HALF_A_WORD.search(before) is not None)


def _standing_alone(document: Document) -> list[str]:
    lines = list(document.margins)
    for block in document.blocks:
        if isinstance(block, Table):
            cells = {cell.key: cell for row in block.rows for cell in row.cells if cell.lines}
            for cell in cells.values():  # a line that the page's layout broke off stands for nothing
                lines.extend([cell.text] if cell.wrapped else cell.lines)
        else:
            lines.append(block)
    return lines


def _mb(size: int) -> str:
    return f"{size / (1024 * 1024):.0f} MB"
