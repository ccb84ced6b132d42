"""Messages that came back by mail: each taken once, whatever it was, and the files answers brought along."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.inbox_rows import IncomingRow
from storage.schema import LetterRow
from storage.upsert import insert_new

FILES = "inbox"
"""The folder of the office's home in which attached files are kept, named by their digest."""
_ONCE = ("organisation_id", "key")


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """A message as it is recorded: what it is, and a code or a fault that says why."""

    key: str
    sha256: str
    message_id: str = ""
    sender: str = ""
    subject: str = ""
    size: int
    received_at: datetime
    taken_at: datetime
    kind: str
    why: str = ""
    letter_id: int | None = None


def keep(session: Session, organisation_id: int, arrival: Arrival) -> int | None:
    """Keep a message and return its number; None when it was taken before, or by a twin just now."""
    query = insert_new(session, IncomingRow, _ONCE).values(organisation_id=organisation_id, **asdict(arrival))
    return session.scalars(query.returning(IncomingRow.id)).one_or_none()


def is_known(session: Session, organisation_id: int, key: str) -> bool:
    """Say whether a message was taken before: a look that spares taking it apart again."""
    query = select(IncomingRow.id).where(
        IncomingRow.organisation_id == organisation_id, IncomingRow.key == key
    )
    return session.scalar(query) is not None


def list_incoming(
    session: Session, organisation_id: int, *, kinds: Sequence[str] | None = None
) -> tuple[IncomingRow, ...]:
    """Return the messages taken, in their order."""
    query = select(IncomingRow).where(IncomingRow.organisation_id == organisation_id)
    if kinds is not None:
        query = query.where(IncomingRow.kind.in_(kinds))
    return tuple(session.scalars(query.order_by(IncomingRow.id)))


def letter_of_id(session: Session, organisation_id: int, letter_id: int | None) -> LetterRow | None:
    """Return the letter a signed path names, if it is this office's."""
    found = session.get(LetterRow, letter_id) if letter_id is not None else None
    return found if found is not None and found.organisation_id == organisation_id else None


def letter_answered(session: Session, organisation_id: int, message_ids: Iterable[str]) -> LetterRow | None:
    """Return the letter that bears the first of these Message-IDs that one of ours bears."""
    wanted = list(message_ids)
    query = select(LetterRow).where(
        LetterRow.organisation_id == organisation_id, LetterRow.message_id.in_(wanted)
    )
    found = {letter.message_id: letter for letter in session.scalars(query)}
    return next((found[each] for each in wanted if each in found), None)


def keep_file(home: Path, data: bytes, sha256: str, extension: str) -> None:
    """Write an attached file under its digest, for its owner to read only; it is never opened or run."""
    folder = home / FILES
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = folder / file_name(sha256, extension)
    if file.exists():
        return
    draft = folder / f".{secrets.token_hex(8)}"
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as new:
        new.write(data)
    draft.replace(file)


def file_name(sha256: str, extension: str) -> str:
    return f"{sha256}.{extension}" if extension else sha256
