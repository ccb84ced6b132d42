"""Files handed in as proof: told by their content, never by their name, and refused where they could harm.

Kept are the kinds an office hands in: PDF, Word, Excel and PowerPoint of today (.docx, .xlsx, .pptx),
OpenDocument, pictures. Refused are programs, pages, drawings that hold script, documents that carry
macros, and packages that would unpack to more than a reader's machine holds.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

import filetype

from tasks_catalog.problem import Refused
from tasks_catalog.text import clean

MOST_BYTES = 20 * 1024 * 1024
"""One file; a scanned decision of fifty pages is under half of it."""
_MOST_UNPACKED = 300 * 1024 * 1024
_MOST_PARTS = 10_000
_LONGEST_NAME = 150
_OFFICE = {
    "word/document.xml": ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "xl/workbook.xml": ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "ppt/presentation.xml": (
        "pptx",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ),
}
_OPEN_DOCUMENT: Mapping[bytes, str] = {
    b"application/vnd.oasis.opendocument.text": "odt",
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
    b"application/vnd.oasis.opendocument.presentation": "odp",
}
_PLAIN = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg"}
_SAME = {"jpeg": "jpg"}
KINDS = ("pdf", "docx", "xlsx", "pptx", "odt", "ods", "odp", "png", "jpg")


class UploadRefused(Refused):
    """A file that is not kept."""


@dataclass(frozen=True, kw_only=True)
class FileKind:
    """What a file is by its content."""

    extension: str
    media_type: str


def file_name(name: str) -> str:
    """Return a name safe to show and to keep: the last part of a path, in NFC, of reasonable length."""
    last = clean(name.replace("\\", "/")).rpartition("/")[2].replace('"', "'")
    last = "".join(c for c in last if c.isprintable()).strip(". ")
    stem, suffix = PurePosixPath(last).stem, PurePosixPath(last).suffix
    return f"{stem[: _LONGEST_NAME - len(suffix)]}{suffix}" if last else ""


def kind_of(name: str, data: bytes) -> FileKind:
    """Return what the file is. ``name`` is as ``file_name`` gives it.

    Raises UploadRefused: upload_empty, upload_too_large, upload_kind (with the kinds taken), upload_macros,
    upload_swollen, upload_misnamed (the ending says another kind than the content).
    """
    if not data:
        raise UploadRefused("upload_empty", name=name)
    if len(data) > MOST_BYTES:
        raise UploadRefused("upload_too_large", name=name, most=MOST_BYTES // 1024**2)
    kind = _packed(name, data) if data.startswith(b"PK\x03\x04") else _plain(data)
    if kind is None:
        raise UploadRefused("upload_kind", name=name, kinds=", ".join(f".{k}" for k in KINDS))
    said = PurePosixPath(name).suffix.lstrip(".").casefold()
    if _SAME.get(said, said) != kind.extension:
        raise UploadRefused("upload_misnamed", name=name, kind=kind.extension)
    return kind


def _plain(data: bytes) -> FileKind | None:
    found = filetype.guess_mime(data[:8192])
    return FileKind(extension=_PLAIN[found], media_type=found) if found in _PLAIN else None


def _packed(name: str, data: bytes) -> FileKind | None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = package.infolist()
            if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _MOST_UNPACKED:
                raise UploadRefused("upload_swollen", name=name)
            names = {part.filename for part in parts}
            if any("vbaproject" in part.casefold() or part.casefold().startswith("basic/") for part in names):
                raise UploadRefused("upload_macros", name=name)
            for part, (extension, media_type) in _OFFICE.items():
                if part in names and "[Content_Types].xml" in names:
                    return FileKind(extension=extension, media_type=media_type)
            if "mimetype" in names and package.getinfo("mimetype").file_size < 100:
                kind = package.read("mimetype").strip()
                if kind in _OPEN_DOCUMENT:
                    return FileKind(extension=_OPEN_DOCUMENT[kind], media_type=kind.decode("ascii"))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise UploadRefused("upload_broken", name=name) from error
    return None
