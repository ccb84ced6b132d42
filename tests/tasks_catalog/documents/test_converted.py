"""Documents of other word processors, saved by LibreOffice from the plan of 2022, field by field."""

from __future__ import annotations

import csv
import hashlib
import re
import subprocess
import zipfile
from pathlib import Path

import pytest

from tasks_catalog.documents import converted, read_plan, refusals
from tasks_catalog.documents.doc_ending import with_last_paragraph
from tasks_catalog.problem import Refused
from tasks_catalog.text import clean

PLANS = Path(__file__).parents[2] / "data" / "plans"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
needs_converter = pytest.mark.skipif(
    converted.find_converter() is None, reason="LibreOffice (soffice) is not installed"
)


@pytest.fixture(scope="module")
def profile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("profile")


def saved_as(kind: str, folder: Path, profile: Path) -> Path:
    """Save the plan of 2022 as ``kind`` with LibreOffice, as an office would."""
    source = PLANS / f"cchc-2022.{'xlsx' if kind in ('ods', 'xls') else 'docx'}"
    command = (
        *(str(converted.find_converter()), f"-env:UserInstallation={profile.as_uri()}", "--headless"),
        *("--norestore", "--convert-to", kind, "--outdir", str(folder), str(source)),
    )
    subprocess.run(command, check=True, capture_output=True, timeout=200)
    return folder / f"cchc-2022.{kind}"


def folded(words: str) -> str:
    return re.sub(r"[\s;]+", " ", clean(words)).strip(" .;").casefold()


def truth() -> list[dict[str, str]]:
    with (PLANS / "cchc-2022.csv").open(encoding="utf-8") as file:
        return [{name: folded(words) for name, words in row.items()} for row in csv.DictReader(file)]


@needs_converter
@pytest.mark.parametrize("kind", ["odt", "doc", "rtf", "ods", "xls"])
def test_every_row_and_field_is_read_as_in_the_original(kind: str, tmp_path: Path, profile: Path) -> None:
    path = saved_as(kind, tmp_path, profile)
    read = read_plan(path)
    rows = [
        {
            "section": folded(task.section),
            "group": folded(task.group),
            "stt": folded(task.stt),
            "objective": folded(task.objective),
            "task": folded(task.text),
            "product": folded(task.product),
            "lead": folded(task.lead.text),
            "cooperating": folded(task.cooperating.text),
            "deadline": folded(task.deadline.text),
        }
        for task in read.tasks
    ]
    assert len(rows) == 57
    assert rows == truth()
    assert read.head.year == 2022
    assert read.source_name == f"cchc-2022.{kind}"
    assert read.source_sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def code_of(path: Path) -> str:
    with pytest.raises(Refused) as refused:
        read_plan(path)
    return refused.value.code


def old_document(path: Path) -> Path:
    path.write_bytes(OLE + b"\x00" * 600 + "WordDocument\0".encode("utf-16-le") + b"\x00" * 600)
    return path


def test_without_libreoffice_the_formats_read_without_it_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(converted, "find_converter", lambda: None)
    assert code_of(old_document(tmp_path / "plan.doc")) == "converter_missing"


@needs_converter
def test_a_document_libreoffice_cannot_open_is_refused(tmp_path: Path) -> None:
    assert code_of(old_document(tmp_path / "plan.doc")) == "not_converted"


@needs_converter
def test_a_converter_that_takes_too_long_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(converted, "MAX_CONVERSION_SECONDS", 0.01)
    (tmp_path / "plan.rtf").write_bytes(rb"{\rtf1 plan}")
    assert code_of(tmp_path / "plan.rtf") == "conversion_took_too_long"


def test_a_name_that_belies_an_old_document_is_refused(tmp_path: Path) -> None:
    assert code_of(old_document(tmp_path / "plan.xls")) == "file_type_mismatch"


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(OLE + b"\x00" * 600, id="a container of nothing"),
        pytest.param(OLE + b"\xff" * 3000, id="sectors beyond the end"),
        pytest.param(OLE + bytes(range(256)) * 20, id="noise"),
    ],
)
def test_a_document_laid_out_otherwise_is_handed_on_as_it_is(content: bytes) -> None:
    assert with_last_paragraph(content) == content


def open_document(path: Path, *, locked: bool = False, filling: int = 0) -> Path:
    lock = "<manifest:encryption-data/>" if locked else ""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        package.writestr("META-INF/manifest.xml", f"<manifest:manifest>{lock}</manifest:manifest>")
        package.writestr("content.xml", b" " * filling)
    return path


def test_a_locked_open_document_is_refused(tmp_path: Path) -> None:
    assert code_of(open_document(tmp_path / "plan.odt", locked=True)) == "password_protected"


def test_an_open_document_that_is_a_bomb_never_reaches_the_converter(tmp_path: Path) -> None:
    path = open_document(tmp_path / "plan.odt", filling=refusals.MAX_UNPACKED_BYTES + 1)
    assert code_of(path) == "file_unpacks_too_large"
