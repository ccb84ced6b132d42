"""Uploads: plans handed in through the board, the answers given about each, and what became of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.codec import from_json, to_json
from storage.file_rows import FileRow
from storage.files import FileStore, Handed
from storage.schema import PlanRow
from storage.upload_rows import UploadRow
from tasks_catalog.documents.beside import Beside
from tasks_catalog.drafting import Draft
from tasks_catalog.problem import Refused
from tasks_catalog.task import RowCount
from tasks_catalog.uploads import file_name

READ, IMPORTED, REVISED, SET_ASIDE = "read", "imported", "revised", "set_aside"
MEDIA_TYPE = "application/octet-stream"
"""Plans come in a dozen kinds; they are given out as downloads only."""


class UploadGone(Refused):
    """There is no such upload in this office, or it is a draft no more."""


def keep_upload(
    session: Session,
    organisation_id: int,
    store: FileStore,
    handed: Handed,
    found: Beside,
    draft: Draft,
    *,
    by: str,
    at: datetime,
) -> UploadRow:
    """Keep a document that was read, with what was said of it so far. What cannot be read is not kept."""
    digest = store.put(handed.data)
    known = select(FileRow.id).where(FileRow.organisation_id == organisation_id, FileRow.sha256 == digest)
    name = file_name(handed.name)
    if session.scalar(known) is None:
        file = FileRow(
            organisation_id=organisation_id,
            sha256=digest,
            name=name,
            media_type=MEDIA_TYPE,
            size=len(handed.data),
            kept_at=at,
            by=by,
        )
        session.add(file)
    row = UploadRow(
        organisation_id=organisation_id,
        sha256=digest,
        name=name,
        size=len(handed.data),
        at=at,
        by=by,
        state=READ,
        answers=to_json(Draft, draft),
        counted=to_json(RowCount, found.read.rows),
    )
    session.add(row)
    session.flush()
    return row


def list_uploads(session: Session, organisation_id: int, *, most: int = 200) -> tuple[UploadRow, ...]:
    """Return the uploads, the latest first."""
    query = select(UploadRow).where(UploadRow.organisation_id == organisation_id)
    return tuple(session.scalars(query.order_by(UploadRow.id.desc()).limit(most)))


def upload_or_refuse(
    session: Session, organisation_id: int, number: int, *, locked: bool = False
) -> UploadRow:
    """Return an upload of the office; ``locked``, so that of two who act at once the second waits.

    Raises UploadGone (import_unknown).
    """
    query = select(UploadRow).where(UploadRow.organisation_id == organisation_id, UploadRow.id == number)
    row = session.scalars(query.with_for_update() if locked else query).one_or_none()
    if row is None:
        raise UploadGone("import_unknown", number=number)
    return row


def draft_of(row: UploadRow) -> Draft:
    return from_json(Draft, row.answers)


def counted_of(row: UploadRow) -> RowCount:
    return from_json(RowCount, row.counted)


def open_draft(session: Session, organisation_id: int, number: int) -> UploadRow:
    """Return an upload, locked, that is still a draft. Raises UploadGone (import_unknown, import_over)."""
    row = upload_or_refuse(session, organisation_id, number, locked=True)
    if row.state != READ:
        raise UploadGone("import_over", number=number)
    return row


def answer(
    session: Session, organisation_id: int, number: int, change: Callable[[Draft], Draft]
) -> UploadRow:
    """Change what was said of a draft. Two people's answers to two rows both stay."""
    row = open_draft(session, organisation_id, number)
    row.answers = to_json(Draft, change(draft_of(row)))
    session.flush()
    return row


def decide(row: UploadRow, state: str, plan: PlanRow | None, *, by: str, at: datetime) -> None:
    """Say what became of an upload."""
    row.state, row.plan_id = state, plan.id if plan else None
    row.decided_by, row.decided_at = by, at


def source_of(session: Session, plan: PlanRow) -> FileRow | None:
    """Return the file a plan was read from, where it was handed in through the board."""
    query = select(FileRow).where(
        FileRow.organisation_id == plan.organisation_id, FileRow.sha256 == plan.source_sha256
    )
    return session.scalars(query).one_or_none()
