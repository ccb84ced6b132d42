"""The outbox: letters kept before they are sent, in states that only conditional updates change.

waiting -> posting -> sent | deferred | dead | unknown | cancelled; a deferred letter whose time has
come is claimed again. ``begin`` says, before DATA, that the content is about to leave: a letter whose
process dies before that is let go again, one whose process dies after it is ``unknown`` and waits for a
person to resolve. Every attempt is kept with the relay's words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, exists, insert, or_, select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.util import identity_key
from sqlalchemy.sql.dml import ReturningUpdate

from storage import ledger
from storage.schema import (
    LetterAttempt,
    LetterRow,
    NoticeRow,
    PlanHours,
    PreferenceRow,
    ShareRow,
)
from storage.upsert import insert_new
from tasks_catalog.ladder import NoticeState
from tasks_catalog.problem import Refused
from tasks_catalog.sending_hours import Hours

ALL_DAY = Hours(first=time.min, until=time.max)
_ONCE = ("organisation_id", "kind", "person", "day", "about")


class LetterState(StrEnum):
    """Where a letter is."""

    WAITING = "waiting"
    POSTING = "posting"
    SENT = "sent"
    DEFERRED = "deferred"
    DEAD = "dead"
    UNKNOWN = "unknown"
    CANCELLED = "cancelled"


PASSWORD = "password"  # noqa: S105  # the name of a kind of letter
"""The kind of letters by which a password is set: nobody's own hour delays them."""
ACCOUNT = "account"
"""The kind of letters that tell what was done to an account."""
LEASE_EXPIRED = "lease expired"
"""The answer kept with a letter whose process did not come back: it may have left already."""
_UNSENT = (str(LetterState.WAITING), str(LetterState.DEFERRED))


class LetterRefused(Refused):
    """What was asked does not fit the state a letter is in, or there is no such letter."""


def open_letter(
    session: Session,
    organisation_id: int,
    *,
    kind: str,
    person: str,
    day: date,
    about: str = "",
    message_id: str,
    payload: dict[str, Any] | None = None,
    at: datetime,
) -> LetterRow | None:
    """Keep a new letter and return it; None when that person has that letter of that day already."""
    fresh = _fresh(organisation_id, kind, person, day, about, message_id, payload or {}, at)
    query = insert_new(session, LetterRow, _ONCE).values(**fresh)
    return session.scalars(query.returning(LetterRow)).one_or_none()


def open_letters(
    session: Session,
    organisation_id: int,
    *,
    kind: str,
    day: date,
    message_ids: Mapping[str, str],
    at: datetime,
) -> Mapping[str, int]:
    """Keep a new letter for each person, given with its Message-ID; return the numbers of the new ones."""
    rows = [
        _fresh(organisation_id, kind, person, day, "", message_id, {}, at)
        for person, message_id in message_ids.items()
    ]
    if not rows:
        return {}
    query = insert_new(session, LetterRow, _ONCE).returning(LetterRow.person, LetterRow.id)
    return dict(session.execute(query, rows).tuples().all())


def _fresh(
    organisation_id: int,
    kind: str,
    person: str,
    day: date,
    about: str,
    message_id: str,
    payload: dict[str, Any],
    at: datetime,
) -> dict[str, Any]:
    return {
        "organisation_id": organisation_id,
        "kind": kind,
        "person": person,
        "day": day,
        "about": about,
        "message_id": message_id,
        "state": str(LetterState.WAITING),
        "attempts": 0,
        "subject": "",
        "body_text": "",
        "answer": "",
        "payload": payload,
        "address": "",
        "created_at": at,
    }


def find_open(session: Session, organisation_id: int, kind: str, person: str, day: date) -> LetterRow | None:
    """Return a person's letter of a day that has not left, held against other processes; else None.

    One that another process is posting, or that may have left (``LEASE_EXPIRED``), takes no more lines.
    """
    query = select(LetterRow).where(
        LetterRow.organisation_id == organisation_id,
        LetterRow.kind == kind,
        LetterRow.person == person,
        LetterRow.day == day,
        never_left(LetterRow),
    )
    return session.scalars(query.with_for_update(skip_locked=True)).one_or_none()


def never_left(letter: type[LetterRow]) -> ColumnElement[bool]:
    return letter.state.in_(_UNSENT) & (letter.answer != LEASE_EXPIRED)


def has_letter(session: Session, organisation_id: int, letter: LetterRow, person: str) -> bool:
    """Say whether a person has the same letter in his own name: of that kind, day and matter."""
    same = exists().where(
        LetterRow.organisation_id == organisation_id,
        LetterRow.kind == letter.kind,
        LetterRow.day == letter.day,
        LetterRow.about == letter.about,
        LetterRow.person == person,
    )
    return session.scalar(select(same)) is True


def any_ready(
    session: Session, organisation_id: int, now: datetime, *, hours: Hours = ALL_DAY, by_plan: bool = False
) -> bool:
    """Say whether ``claim`` would find a letter; a look that takes no writer's lock."""
    asked = _asked(organisation_id, now, hours)
    return session.scalar(select(_ready(by_plan).exists()), asked) is True


def _asked(organisation_id: int, now: datetime, hours: Hours) -> dict[str, Any]:
    told = {"organisation": organisation_id, "now": now, "clock": now.time()}
    return told | {"opening": hours.first, "closing": hours.until}


def _ready(by_plan: bool) -> Select[tuple[int]]:
    """The letters that may go out at ``now``; ``clock`` is the office's local time of it."""
    ready = select(LetterRow.id).where(
        LetterRow.organisation_id == bindparam("organisation"),
        LetterRow.state.in_(_UNSENT),
        or_(LetterRow.next_attempt_at.is_(None), LetterRow.next_attempt_at <= bindparam("now")),
        ~_before_its_hour(by_plan),
    )
    return ready.where(~_before_its_plans()) if by_plan else ready


def _before_its_hour(by_plan: bool) -> ColumnElement[bool]:
    """The reader's own hour is still to come.

    One past the closing of a window made shorter is void, and so is one at which a plan's hours are over:
    its line would never leave.
    """
    own = exists().where(
        PreferenceRow.organisation_id == LetterRow.organisation_id,
        PreferenceRow.person == LetterRow.person,
        PreferenceRow.hour > bindparam("clock"),
        PreferenceRow.hour < bindparam("closing"),
        LetterRow.kind != PASSWORD,
    )
    return own.where(~_line(PlanHours.until <= PreferenceRow.hour)) if by_plan else own


def _before_its_plans() -> ColumnElement[bool]:
    """The hours of a plan it speaks of are still to come, or over for all that it says."""
    over = _line(PlanHours.until <= bindparam("clock"))
    return or_(_line(PlanHours.first > bindparam("clock")), over & ~_tellable())


def _line(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """A waiting line is of a plan with hours that hold, of which ``condition`` is so."""
    return exists().where(
        NoticeRow.letter_id == LetterRow.id,
        NoticeRow.state == str(NoticeState.WAITING),
        ShareRow.id == NoticeRow.share_id,
        PlanHours.plan_id == ShareRow.plan_id,
        PlanHours.first < bindparam("closing"),
        PlanHours.until > bindparam("opening"),
        condition,
    )


def _tellable() -> ColumnElement[bool]:
    """A waiting line is of a plan whose hours of the day are not over."""
    over = exists().where(
        PlanHours.plan_id == ShareRow.plan_id,
        PlanHours.first < bindparam("closing"),
        PlanHours.until > bindparam("opening"),
        PlanHours.until <= bindparam("clock"),
    )
    return exists().where(
        NoticeRow.letter_id == LetterRow.id,
        NoticeRow.state == str(NoticeState.WAITING),
        ShareRow.id == NoticeRow.share_id,
        ~over,
    )


def claim(
    session: Session,
    organisation_id: int,
    *,
    now: datetime,
    lease_until: datetime,
    by: str,
    hours: Hours = ALL_DAY,
    by_plan: bool = False,
) -> LetterRow | None:
    """Take one letter that may go out now, for ``by`` alone until the lease runs out; None when none may.

    One statement: of several workers at once each letter goes to one. ``now`` is local to the office,
    for a reader's own hour; ``hours`` are the office's. ``by_plan`` says that plans have hours of their
    own, which costs a look at the letter's lines.
    """
    told = _asked(organisation_id, now, hours) | {"lease": lease_until, "me": by}
    return session.scalars(_claiming(by_plan), told).one_or_none()


@cache
def _claiming(by_plan: bool) -> ReturningUpdate[tuple[LetterRow]]:
    """Kept, as those below: run for every letter, a statement takes longer to put together than to run."""
    ready = (
        _ready(by_plan).order_by(LetterRow.id).limit(1).with_for_update(skip_locked=True).scalar_subquery()
    )
    return (
        update(LetterRow)
        .where(LetterRow.id == ready)
        .values(
            state=str(LetterState.POSTING),
            lease_until=bindparam("lease"),
            claimed_by=bindparam("me"),
            handed_at=None,
            attempts=LetterRow.attempts + 1,
        )
        .returning(LetterRow)
        .execution_options(synchronize_session=False, populate_existing=True)
    )


def begin(session: Session, letter_id: int, *, at: datetime, lease_until: datetime, by: str) -> bool:
    """Say that the letter's content is about to leave; False when it is no longer ``by``'s to send.

    Committed before DATA: from here on nobody but a person may let it go out again.
    """
    told = {"letter": letter_id, "handed": at, "until": lease_until, "me": by}
    return session.scalar(_beginning(), told) is not None


@cache
def _beginning() -> ReturningUpdate[tuple[int]]:
    return (
        update(LetterRow)
        .where(
            LetterRow.id == bindparam("letter"),
            LetterRow.state == str(LetterState.POSTING),
            LetterRow.claimed_by == bindparam("me"),
            LetterRow.handed_at.is_(None),
        )
        .values(handed_at=bindparam("handed"), lease_until=bindparam("until"))
        .returning(LetterRow.id)
        .execution_options(synchronize_session=False)
    )


def sent(session: Session, letter_id: int, *, at: datetime, answer: str = "", by: str | None = None) -> bool:
    """Say the relay took the letter. False when it was not being posted (by ``by``, if given)."""
    return _leave(session, letter_id, LetterState.SENT, by, at=at, answer=answer, sent_at=at)


def deferred(
    session: Session,
    letter_id: int,
    *,
    at: datetime,
    next_attempt_at: datetime,
    answer: str = "",
    by: str | None = None,
) -> bool:
    """Say it was not accepted this time; it may be claimed again from ``next_attempt_at``."""
    again = {"next_attempt_at": next_attempt_at, "handed_at": None}
    return _leave(session, letter_id, LetterState.DEFERRED, by, at=at, answer=answer, **again)


def dead(session: Session, letter_id: int, *, at: datetime, answer: str = "", by: str | None = None) -> bool:
    """Say it was refused for good."""
    return _leave(session, letter_id, LetterState.DEAD, by, at=at, answer=answer)


def unknown(
    session: Session, letter_id: int, *, at: datetime, answer: str = "", by: str | None = None
) -> bool:
    """Say nobody can tell whether it was accepted; it is never sent again without a person."""
    return _leave(session, letter_id, LetterState.UNKNOWN, by, at=at, answer=answer)


def cancelled(
    session: Session, letter_id: int, *, at: datetime, answer: str = "", by: str | None = None
) -> bool:
    """Say it need not go out any more, such as when nothing is left to say in it."""
    return _leave(session, letter_id, LetterState.CANCELLED, by, at=at, answer=answer)


def _leave(
    session: Session,
    letter_id: int,
    state: LetterState,
    by: str | None,
    *,
    at: datetime,
    answer: str,
    **values: Any,
) -> bool:
    told = {"letter": letter_id, "me": by, "to": str(state), "words": answer}
    query = _leaving(frozenset(values), by is not None)
    new = {f"new_{name}": value for name, value in values.items()}
    moved = session.execute(query, told | new).one_or_none()
    if moved is None:
        return False
    organisation_id, attempts = moved
    attempt = {
        "organisation_id": organisation_id,
        "letter_id": letter_id,
        "number": attempts,
        "at": at,
        "state": str(state),
        "answer": answer,
    }
    session.execute(insert(LetterAttempt), [attempt])
    if (held := session.identity_map.get(identity_key(LetterRow, letter_id))) is not None:
        session.expire(held)
    return True


@cache
def _leaving(changed: frozenset[str], mine: bool) -> ReturningUpdate[tuple[int, int]]:
    """A letter that is being posted (by ``me``, if ``mine``) comes to a state, with some columns new."""
    query = update(LetterRow).where(
        LetterRow.id == bindparam("letter"), LetterRow.state == str(LetterState.POSTING)
    )
    if mine:
        query = query.where(LetterRow.claimed_by == bindparam("me"))
    return (
        query.values(
            state=bindparam("to"),
            answer=bindparam("words"),
            lease_until=None,
            claimed_by=None,
            **{name: bindparam(f"new_{name}") for name in changed},
        )
        .returning(LetterRow.organisation_id, LetterRow.attempts)
        .execution_options(synchronize_session=False)
    )


def attempts_of(session: Session, letter_id: int) -> tuple[LetterAttempt, ...]:
    """Return what came of each attempt to post a letter, the first one first."""
    query = select(LetterAttempt).where(LetterAttempt.letter_id == letter_id)
    return tuple(session.scalars(query.order_by(LetterAttempt.id)))


def _move(
    session: Session,
    letter_id: int,
    from_states: Iterable[LetterState],
    state: LetterState,
    *conditions: Any,
    **values: Any,
) -> LetterRow | None:
    query = (
        update(LetterRow)
        .where(LetterRow.id == letter_id, LetterRow.state.in_([str(s) for s in from_states]), *conditions)
        .values(state=str(state), lease_until=None, claimed_by=None, **values)
        .returning(LetterRow)
        .execution_options(synchronize_session=False, populate_existing=True)
    )
    return session.scalars(query).one_or_none()


def expired(session: Session, organisation_id: int, now: datetime) -> tuple[LetterRow, ...]:
    """Return the letters whose worker has not come back before its lease ran out."""
    query = select(LetterRow).where(
        LetterRow.organisation_id == organisation_id,
        LetterRow.state == str(LetterState.POSTING),
        LetterRow.lease_until < now,
    )
    return tuple(session.scalars(query.order_by(LetterRow.id)))


def retry(session: Session, organisation_id: int, letter_id: int, *, at: datetime) -> LetterRow:
    """A person lets a deferred, dead or unknown letter go out again from ``at``, with its notices."""
    allowed = (LetterState.DEFERRED, LetterState.DEAD, LetterState.UNKNOWN)
    again = {"next_attempt_at": at, "handed_at": None}
    letter = _by_person(session, organisation_id, letter_id, allowed, LetterState.WAITING, **again)
    ledger.revive(session, letter.id)
    return letter


def cancel(session: Session, organisation_id: int, letter_id: int, *, at: datetime) -> LetterRow:
    """A person stops a letter that has not gone out, and its notices."""
    allowed = (LetterState.WAITING, LetterState.DEFERRED, LetterState.DEAD, LetterState.UNKNOWN)
    letter = _by_person(session, organisation_id, letter_id, allowed, LetterState.CANCELLED)
    ledger.settle_letter(session, letter.id, NoticeState.CANCELLED, at=at)
    return letter


def resolve(
    session: Session, organisation_id: int, letter_id: int, *, arrived: bool, at: datetime
) -> LetterRow:
    """A person says whether an unknown letter arrived: it and its notices are sent, or dead."""
    state = LetterState.SENT if arrived else LetterState.DEAD
    values = {"sent_at": at} if arrived else {}
    unsure = (LetterState.UNKNOWN,)
    letter = _by_person(session, organisation_id, letter_id, unsure, state, **values)
    ledger.settle_letter(session, letter.id, NoticeState.SENT if arrived else NoticeState.DEAD, at=at)
    return letter


def _by_person(
    session: Session,
    organisation_id: int,
    letter_id: int,
    allowed: tuple[LetterState, ...],
    state: LetterState,
    **values: Any,
) -> LetterRow:
    mine = LetterRow.organisation_id == organisation_id
    moved = _move(session, letter_id, allowed, state, mine, **values)
    if moved is not None:
        return moved
    there = letter_or_refuse(session, organisation_id, letter_id)
    raise LetterRefused(f"letter_is_{there.state}", letter=letter_id)


def letter_or_refuse(session: Session, organisation_id: int, letter_id: int) -> LetterRow:
    """Return a letter by its number; raises LetterRefused (letter_unknown) when there is none."""
    query = select(LetterRow).where(LetterRow.id == letter_id, LetterRow.organisation_id == organisation_id)
    letter = session.scalars(query).one_or_none()
    if letter is None:
        raise LetterRefused("letter_unknown", letter=letter_id)
    return letter


def list_letters(
    session: Session,
    organisation_id: int,
    *,
    states: Iterable[str] | None = None,
    day: date | None = None,
) -> tuple[LetterRow, ...]:
    """Return the letters in the order they were kept."""
    query = select(LetterRow).where(LetterRow.organisation_id == organisation_id)
    if states is not None:
        query = query.where(LetterRow.state.in_([str(state) for state in states]))
    if day is not None:
        query = query.where(LetterRow.day == day)
    return tuple(session.scalars(query.order_by(LetterRow.id)))
