"""What still holds: the last look, inside the claim, at whether a letter's notices still speak the truth."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from storage.outbox import LetterState
from storage.schema import LetterRow, NoticeRow, ShareRow, TaskRow
from tasks_catalog.ladder import NoticeState


def holding(session: Session, letter_id: int) -> frozenset[int]:
    """Return the ids of the letter's notices whose share is owed as it was when they were made.

    A share reported, waiting, in a new epoch, given to another officer or of a task closed meanwhile
    is not: its line must not leave (DESIGN.md, rule 2).
    """
    query = (
        select(NoticeRow.id)
        .join(ShareRow, ShareRow.id == NoticeRow.share_id)
        .join(TaskRow, TaskRow.id == ShareRow.task_id)
        .where(
            NoticeRow.letter_id == letter_id,
            NoticeRow.state == str(NoticeState.WAITING),
            ShareRow.is_live,
            ShareRow.epoch == NoticeRow.epoch,
            ShareRow.waiting.is_(None),
            TaskRow.closing.is_(None),
            or_(NoticeRow.route != "officer", ShareRow.officer == NoticeRow.person),
        )
    )
    return frozenset(session.scalars(query))


def anything_to_compose(session: Session, organisation_id: int) -> bool:
    """Say whether a notice waits that no letter carries yet."""
    free = exists().where(
        NoticeRow.organisation_id == organisation_id,
        NoticeRow.state == str(NoticeState.WAITING),
        NoticeRow.letter_id.is_(None),
    )
    return bool(session.scalar(select(free)))


def anything_to_send(session: Session, organisation_id: int, now: datetime) -> bool:
    """Say whether a letter may be claimed now."""
    ready = exists().where(
        LetterRow.organisation_id == organisation_id,
        LetterRow.state.in_((LetterState.WAITING.value, LetterState.DEFERRED.value)),
        or_(LetterRow.next_attempt_at.is_(None), LetterRow.next_attempt_at <= now),
    )
    return bool(session.scalar(select(ready)))
