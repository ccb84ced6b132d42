"""Files on record: kept once by their digest, given out only as they were handed in."""

from __future__ import annotations

import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from storage.engine import read, write
from storage.files import FileMissing, FileStore, Handed, file_or_refuse, keep_file, keep_proofs
from storage.organisations import create_organisation
from tasks_catalog.people import Directory
from tasks_catalog.uploads import UploadRefused

AT = datetime(2022, 10, 18, 2, 5, tzinfo=UTC)
PDF = Handed(name="Quyết định 12.pdf", data=b"%PDF-1.7\nmot quyet dinh")


@pytest.fixture
def office(sqlite_engine: Engine) -> int:
    with write(sqlite_engine) as session:
        return create_organisation(
            session, Directory(organisation="sct", name="Sở", units=()), simulated=True, at=AT
        ).id


def test_the_same_bytes_are_kept_once(sqlite_engine: Engine, office: int, tmp_path: Path) -> None:
    store = FileStore(tmp_path / "files")
    with write(sqlite_engine) as session:
        twice = Handed(name="bản sao.pdf", data=PDF.data)
        first, second = keep_proofs(session, office, store, [PDF, twice], by="gu", at=AT)
    assert first.sha256 == second.sha256
    assert [first.text, second.text] == ["Quyết định 12.pdf", "bản sao.pdf"], "each as it was handed in"
    assert [path.name for path in store.folder.rglob("*") if path.is_file()] == [first.sha256]
    with read(sqlite_engine) as session:
        row = file_or_refuse(session, office, first.sha256 or "")
        assert (row.name, row.media_type, row.size, row.by) == (
            PDF.name,
            "application/pdf",
            len(PDF.data),
            "gu",
        )
    assert store.get(row.sha256) == PDF.data


def test_others_on_the_machine_cannot_read_it(tmp_path: Path) -> None:
    store = FileStore(tmp_path / "files")
    digest = store.put(PDF.data)
    assert stat.S_IMODE((store.folder / digest[:2] / digest).stat().st_mode) == 0o600


def test_a_file_changed_behind_our_back_is_not_given_out(tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    digest = store.put(PDF.data)
    (tmp_path / digest[:2] / digest).write_bytes(b"%PDF-1.7\nmot quyet dinh khac")
    with pytest.raises(FileMissing, match="file_changed"):
        store.get(digest)


@pytest.mark.parametrize("digest", ["", "../../etc/passwd", "A" * 64, "a" * 64])
def test_only_a_digest_names_a_file(tmp_path: Path, digest: str) -> None:
    with pytest.raises(FileMissing, match="file_gone"):
        FileStore(tmp_path).get(digest)


def test_another_organisation_has_no_such_file(sqlite_engine: Engine, office: int, tmp_path: Path) -> None:
    with write(sqlite_engine) as session:
        kept = keep_file(session, office, FileStore(tmp_path), PDF, by="gu", at=AT)
        with pytest.raises(FileMissing, match="file_gone"):
            file_or_refuse(session, office + 1, kept.sha256)


def test_what_is_refused_leaves_nothing(sqlite_engine: Engine, office: int, tmp_path: Path) -> None:
    store = FileStore(tmp_path / "files")
    with write(sqlite_engine) as session, pytest.raises(UploadRefused):
        keep_file(session, office, store, Handed(name="a.exe", data=b"MZ"), by="gu", at=AT)
    assert not store.folder.exists()
