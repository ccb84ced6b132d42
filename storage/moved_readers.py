"""Lines that wait for somebody no longer meant, since the directory changed: dropped before they leave.

The next morning's notices find who is meant now and tell him the latest rung of each share, as after a
hand-over (``storage.handing_over``). A letter being posted this moment keeps its lines.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cache

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from storage import ledger
from storage.outbox import never_left
from storage.schema import LetterRow, NoticeRow, ShareRow
from tasks_catalog.audience import Audience, readers_for
from tasks_catalog.ladder import NoticeState
from tasks_catalog.people import Directory


def drop_moved(
    session: Session, organisation_id: int, before: Directory, after: Directory, *, at: datetime
) -> int:
    """Cancel what waits for people who were meant before and are not after; return how many lines."""
    query = (
        select(NoticeRow.id, NoticeRow.person, NoticeRow.audience, ShareRow.unit, ShareRow.officer)
        .join(ShareRow, ShareRow.id == NoticeRow.share_id)
        .outerjoin(LetterRow, LetterRow.id == NoticeRow.letter_id)
        .where(
            NoticeRow.organisation_id == organisation_id,
            NoticeRow.state == str(NoticeState.WAITING),
            or_(LetterRow.id.is_(None), never_left(LetterRow)),
        )
    )
    then, now = _meant(before), _meant(after)
    gone = [
        number
        for number, person, audience, unit, officer in session.execute(query).tuples()
        if person in then(audience, unit, officer) and person not in now(audience, unit, officer)
    ]
    return ledger.settle(session, gone, NoticeState.CANCELLED, at=at)


def _meant(directory: Directory) -> Callable[[str, str, str | None], frozenset[str]]:
    @cache
    def meant(audience: str, unit: str, officer: str | None) -> frozenset[str]:
        found = readers_for(Audience(audience), unit, officer, directory)
        return frozenset(reader.person.code for reader in found)

    return meant
