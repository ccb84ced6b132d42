"""Files handed in: kept once by their SHA-256 in a folder beside the database, found again and checked.

The folder is no part of any page's address: a file is read by its digest and answered as a download.
The bytes are written before the row that names them: after a crash a file may lie unnamed, which hurts
nobody, but no row names a file that is not there.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Text, cast, select
from sqlalchemy.orm import Session

from storage.file_rows import FileRow
from storage.schema import ShareRow
from tasks_catalog.facts import Evidence
from tasks_catalog.problem import Refused
from tasks_catalog.uploads import file_name, kind_of

FOLDER = "files"


class FileMissing(Refused):
    """A file the record does not know, or whose bytes are gone or changed."""


@dataclass(frozen=True, kw_only=True)
class Handed:
    """A file as it came with a form."""

    name: str
    data: bytes


@dataclass(frozen=True)
class FileStore:
    """The folder of the files."""

    folder: Path

    def put(self, data: bytes) -> str:
        """Keep the bytes and return their SHA-256; the same bytes twice are one file."""
        digest = hashlib.sha256(data).hexdigest()
        place = self._place(digest)
        if place.exists():
            return digest
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = place.with_name(f"{digest}.{secrets.token_hex(4)}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as new:
            new.write(data)
            new.flush()
            os.fsync(new.fileno())
        draft.replace(place)
        return digest

    def get(self, digest: str) -> bytes:
        """Return the bytes kept under a digest; raises FileMissing (file_gone, file_changed)."""
        try:
            data = self._place(digest).read_bytes()
        except OSError as error:
            raise FileMissing("file_gone", sha256=digest[:12]) from error
        if hashlib.sha256(data).hexdigest() != digest:
            raise FileMissing("file_changed", sha256=digest[:12])
        return data

    def _place(self, digest: str) -> Path:
        if len(digest) != 64 or not set(digest) <= set("0123456789abcdef"):
            raise FileMissing("file_gone", sha256=digest[:12])
        return self.folder / digest[:2] / digest


def keep_file(
    session: Session, organisation_id: int, store: FileStore, handed: Handed, *, by: str, at: datetime
) -> FileRow:
    """Keep a file that its content allows; one kept before keeps its first name.

    Raises UploadRefused (``tasks_catalog.uploads``) for one that is not taken.
    """
    name = file_name(handed.name)
    kind = kind_of(name, handed.data)
    digest = store.put(handed.data)
    there = _find(session, organisation_id, digest)
    if there is not None:
        return there
    row = FileRow(
        organisation_id=organisation_id,
        sha256=digest,
        name=name,
        media_type=kind.media_type,
        size=len(handed.data),
        kept_at=at,
        by=by,
    )
    session.add(row)
    session.flush()
    return row


def keep_proofs(
    session: Session,
    organisation_id: int,
    store: FileStore,
    handed: Iterable[Handed],
    *,
    by: str,
    at: datetime,
) -> tuple[Evidence, ...]:
    """Keep the files of a report and return them as its proofs, in their order."""
    return tuple(
        Evidence(
            text=file_name(one.name),
            sha256=keep_file(session, organisation_id, store, one, by=by, at=at).sha256,
        )
        for one in handed
    )


def file_or_refuse(session: Session, organisation_id: int, digest: str) -> FileRow:
    """Return the file of the organisation; raises FileMissing (file_gone)."""
    row = _find(session, organisation_id, digest)
    if row is None:
        raise FileMissing("file_gone", sha256=digest[:12])
    return row


def kept_files(session: Session, organisation_id: int, digests: Iterable[str]) -> dict[str, FileRow]:
    """Return those of the files that are kept, by digest; of others a report says only the name."""
    wanted = sorted(set(digests))
    if not wanted:
        return {}
    query = select(FileRow).where(FileRow.organisation_id == organisation_id, FileRow.sha256.in_(wanted))
    return {row.sha256: row for row in session.scalars(query)}


def proves_of_unit(session: Session, organisation_id: int, unit: str, digest: str) -> bool:
    """Say whether a file stands in what a unit reported of a share that is still its own."""
    query = select(ShareRow.id).where(
        ShareRow.organisation_id == organisation_id,
        ShareRow.unit == unit,
        ShareRow.report.is_not(None),
        cast(ShareRow.report, Text).contains(digest, autoescape=True),
    )
    return session.scalar(query.limit(1)) is not None


def _find(session: Session, organisation_id: int, digest: str) -> FileRow | None:
    query = select(FileRow).where(FileRow.organisation_id == organisation_id, FileRow.sha256 == digest)
    return session.scalars(query).one_or_none()
