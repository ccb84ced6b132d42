"""What still holds: whether a notice still speaks the truth, and which letters have not left yet.

One rule for all: asked when a letter is made, and again inside the claim before it leaves.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from functools import cache

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, or_, select, update
from sqlalchemy.orm import Session, aliased

from storage.bounces import is_dead
from storage.outbox import never_left
from storage.schema import LetterRow, NoticeRow, Organisation, PersonRow, PlanRow, ShareRow, TaskRow
from tasks_catalog.audience import Audience
from tasks_catalog.ladder import NoticeState
from tasks_catalog.occurrence import Role

_OWN = (str(Audience.OWNER), str(Audience.CO_OWNER))


def holding(session: Session, letter_id: int) -> frozenset[int]:
    """Return the ids of the letter's notices whose share is owed as it was when they were made.

    A share reported, waiting, in a new epoch, given to another officer or of a task closed meanwhile
    is not: its line must not leave (docs/decisions/0007).
    """
    return frozenset(session.scalars(_true_in_letter(), {"letter": letter_id}))


def holding_free(session: Session, organisation_id: int) -> frozenset[int]:
    """Return the ids of the notices that hold and that no letter carries yet."""
    free = and_(NoticeRow.organisation_id == organisation_id, NoticeRow.letter_id.is_(None))
    return frozenset(session.scalars(_still_true(free)))


@cache
def _true_in_letter() -> Select[tuple[int]]:
    """Kept, since it is asked for every letter, and putting it together takes longer than running it."""
    return _still_true(NoticeRow.letter_id == bindparam("letter"))


def _still_true(chosen: ColumnElement[bool]) -> Select[tuple[int]]:
    return (
        select(NoticeRow.id)
        .join(ShareRow, ShareRow.id == NoticeRow.share_id)
        .join(TaskRow, TaskRow.id == ShareRow.task_id)
        .join(PlanRow, PlanRow.id == ShareRow.plan_id)
        .where(
            chosen,
            NoticeRow.state == str(NoticeState.WAITING),
            ShareRow.is_live,
            ShareRow.epoch == NoticeRow.epoch,
            ShareRow.waiting.is_(None),
            TaskRow.closing.is_(None),
            PlanRow.state == "active",
            or_(NoticeRow.why != "request_undecided", ShareRow.request.is_not(None)),
            or_(ShareRow.role == str(Role.OWNER), _owner_at_work()),
            _meant_for_its_reader(),
        )
    )


def _owner_at_work() -> ColumnElement[bool]:
    """A co-owner has nothing to help with once every owner has reported."""
    owner = aliased(ShareRow)
    return exists().where(
        owner.occurrence_id == ShareRow.occurrence_id, owner.role == str(Role.OWNER), owner.is_live
    )


def _meant_for_its_reader() -> ColumnElement[bool]:
    """The unit's line is its officer's while one is at work and reached; else whoever stands in has it."""
    officer_at_work = exists().where(
        PersonRow.organisation_id == ShareRow.organisation_id,
        PersonRow.code == ShareRow.officer,
        PersonRow.active,
        ~is_dead(PersonRow.organisation_id, PersonRow.email_key),
    )
    return or_(
        NoticeRow.audience.not_in(_OWN),
        ShareRow.officer == NoticeRow.person,
        and_(NoticeRow.route != "officer", ~officer_at_work),
    )


def alone_at(session: Session, organisation_id: int) -> None:
    """Wait until no other process makes the organisation's letters; hold them off until this one commits.

    What one reads in several statements, the other would change between them. On SQLite the writer is
    alone anyway.
    """
    mine = select(Organisation.id).where(Organisation.id == organisation_id)
    session.execute(mine.with_for_update(key_share=True))


def carry_over(session: Session, organisation_id: int, kind: str, day: date) -> Mapping[str, int]:
    """Make letters of earlier days that never left those of ``day``; return them by person.

    Their notices are free again, to be met with what came since: after days without mail each person
    gets one letter, not one for every day, and it keeps its Message-ID. A letter that may have left
    (``LEASE_EXPIRED``) stays as it is, and so does one whose reader has a letter of ``day`` already.
    """
    other = aliased(LetterRow)
    newer_or_todays = exists().where(
        other.organisation_id == LetterRow.organisation_id,
        other.kind == LetterRow.kind,
        other.person == LetterRow.person,
        or_(other.day == day, and_(never_left(other), other.day < day, other.id > LetterRow.id)),
    )
    query = (
        update(LetterRow)
        .where(
            LetterRow.organisation_id == organisation_id,
            LetterRow.kind == kind,
            LetterRow.day < day,
            never_left(LetterRow),
            ~newer_or_todays,
        )
        .values(day=day, attempts=0, next_attempt_at=None)
        .returning(LetterRow.person, LetterRow.id)
        .execution_options(synchronize_session=False)
    )
    carried = dict(session.execute(query).tuples().all())
    if carried:
        free = update(NoticeRow).where(
            NoticeRow.letter_id.in_(carried.values()), NoticeRow.state == str(NoticeState.WAITING)
        )
        session.execute(free.values(letter_id=None).execution_options(synchronize_session=False))
    return carried


def let_go(session: Session, organisation_id: int, person: str) -> int:
    """Free the lines meant for a person, or in a letter to him, that have not left: an absence changed.

    The next letters made find their readers anew. A letter being posted keeps its lines.
    """
    unsent = select(LetterRow.id, LetterRow.person).where(
        LetterRow.organisation_id == organisation_id, never_left(LetterRow)
    )
    letters = session.execute(unsent.with_for_update(skip_locked=True)).tuples().all()
    his = [letter for letter, reader in letters if reader == person]
    query = (
        update(NoticeRow)
        .where(
            NoticeRow.state == str(NoticeState.WAITING),
            NoticeRow.letter_id.in_([letter for letter, _ in letters]),
            or_(NoticeRow.person == person, NoticeRow.letter_id.in_(his)),
        )
        .values(letter_id=None)
        .returning(NoticeRow.id)
        .execution_options(synchronize_session=False)
    )
    return len(session.scalars(query).all()) if letters else 0


def anything_to_compose(
    session: Session, organisation_id: int, day: date, *, over: Collection[int] = ()
) -> bool:
    """Say whether a notice waits that no letter carries yet, and that no snooze keeps beyond ``day``.

    ``over`` are plans whose hours of the day are over: what waits of them waits for another day.
    """
    snoozed = exists().where(
        ShareRow.id == NoticeRow.share_id, ShareRow.snoozed_until > day, NoticeRow.audience.in_(_OWN)
    )
    free = exists().where(
        NoticeRow.organisation_id == organisation_id,
        NoticeRow.state == str(NoticeState.WAITING),
        NoticeRow.letter_id.is_(None),
        or_(~snoozed, NoticeRow.rung.not_like("-%") & (NoticeRow.rung != "0")),
    )
    if over:
        free = free.where(~exists().where(ShareRow.id == NoticeRow.share_id, ShareRow.plan_id.in_(over)))
    return bool(session.scalar(select(free)))
