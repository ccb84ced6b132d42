"""Erasing a person's data once they have left, without touching what was decided.

The person's code stays as a pseudonym in every decision, share and letter; names, addresses and words that
are theirs are emptied where they stand. The journal, snapshots and tallies hold codes and are left byte for
byte as they were; so are remarks of append-only rows, which hold no address since this was written.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, CursorResult, delete, exists, func, or_, select, update
from sqlalchemy.orm import Session

from storage.holding import alone_at
from storage.people import email_key
from storage.personal_data import about_person
from storage.schema import (
    AbsenceRow,
    AccountRow,
    AnswerRow,
    ApiToken,
    BounceRow,
    DeadAddress,
    Event,
    FeedRow,
    FileRow,
    IncomingRow,
    LetterRow,
    NoticeRow,
    OfficeChange,
    OfficeChangeValues,
    OneTimeLinkRow,
    PersonalErasure,
    PersonRow,
    PreferenceRow,
    PublishedEvent,
    SessionRow,
    ShareRow,
    SignInAttempt,
    UnitRow,
)
from tasks_catalog.people import CLOSED, MERGED, SPLIT
from tasks_catalog.problem import Refused

_GONE = (CLOSED, MERGED, SPLIT)


class ErasureRefused(Refused):
    """A person's data cannot be erased yet; the refusal says what to do first."""


def erase(
    session: Session,
    organisation_id: int,
    code: str,
    *,
    by: str,
    document: str,
    at: datetime,
    shown_as: str,
) -> Mapping[str, int]:
    """Erase a person's data and return how many rows of what were emptied.

    ``shown_as`` stands in the name's place from now on. May be repeated, as after a restore. Raises
    Refused (person_unknown) and ErasureRefused: erase_active, erase_holds_work, erase_answers_for,
    erase_stands_in, erase_letters_wait, erase_answers_wait.
    """
    alone_at(session, organisation_id)
    mine = PersonRow.organisation_id == organisation_id, PersonRow.code == code
    person = session.scalars(select(PersonRow).where(*mine).with_for_update()).one_or_none()
    if person is None:
        raise Refused("person_unknown", person=code)
    for bar in bars(session, organisation_id, person, at):
        raise bar
    addresses = _addresses(session, organisation_id, person)
    counts = dict(_emptied(session, organisation_id, code, addresses, at))
    counts["person"] = 1
    person.name, person.title, person.email, person.email_key = shown_as, "", "", None
    session.add(
        PersonalErasure(
            organisation_id=organisation_id, person=code, by=by, at=at, document=document, counts=counts
        )
    )
    session.flush()
    session.expire_all()
    return counts


def erased(session: Session, organisation_id: int) -> tuple[PersonalErasure, ...]:
    """Return what was erased, the oldest first."""
    query = select(PersonalErasure).where(PersonalErasure.organisation_id == organisation_id)
    return tuple(session.scalars(query.order_by(PersonalErasure.id)))


def bars(session: Session, organisation_id: int, person: PersonRow, at: datetime) -> Iterator[ErasureRefused]:
    """Yield all that stands against erasing: what is still owed by, sent to or read for the person."""
    code, name = person.code, {"name": person.name, "person": person.code}
    if person.active:
        yield ErasureRefused("erase_active", **name)
    held = _count(session, ShareRow, organisation_id, ShareRow.officer == code, ShareRow.is_live)
    if held:
        yield ErasureRefused("erase_holds_work", shares=held, **name)
    answers_for = or_(UnitRow.focal_point == code, UnitRow.deputy == code)
    if _count(session, UnitRow, organisation_id, answers_for, UnitRow.kind.not_in(_GONE)):
        yield ErasureRefused("erase_answers_for", **name)
    now = AbsenceRow.last >= at.date(), AbsenceRow.back_on.is_(None)
    if _count(session, AbsenceRow, organisation_id, AbsenceRow.substitute == code, *now):
        yield ErasureRefused("erase_stands_in", **name)
    going = LetterRow.state.in_(("waiting", "posting", "deferred", "unknown"))
    if letters := _count(session, LetterRow, organisation_id, LetterRow.person == code, going):
        yield ErasureRefused("erase_letters_wait", letters=letters, **name)
    waits = AnswerRow.person == code, AnswerRow.state == "open"
    if answers := _count(session, AnswerRow, organisation_id, *waits):
        yield ErasureRefused("erase_answers_wait", answers=answers, **name)


def stays_of(session: Session, organisation_id: int, code: str) -> Mapping[str, int]:
    """Return how many rows of what keep the person's code when they are erased."""
    counted: Mapping[str, tuple[Any, Any]] = {
        "decisions": (Event, Event.by),
        "shares": (ShareRow, ShareRow.officer),
        "notices": (NoticeRow, NoticeRow.person),
        "files": (FileRow, FileRow.by),
        "changes": (OfficeChange, OfficeChange.by),
    }
    return {
        what: _count(session, table, organisation_id, mine == code) for what, (table, mine) in counted.items()
    }


def _count(session: Session, table: Any, organisation_id: int, *chosen: Any) -> int:
    query = select(func.count()).select_from(table).where(table.organisation_id == organisation_id, *chosen)
    return session.scalar(query) or 0


def _addresses(session: Session, organisation_id: int, person: PersonRow) -> frozenset[str]:
    """Return every address the person was written to at, as it is compared."""
    letters = select(LetterRow.address).where(
        LetterRow.organisation_id == organisation_id, LetterRow.person == person.code
    )
    found = {person.email, *session.scalars(letters.distinct())}
    return frozenset(key for address in found if (key := email_key(address)) is not None)


def _emptied(
    session: Session, organisation_id: int, code: str, addresses: frozenset[str], at: datetime
) -> Iterator[tuple[str, int]]:
    """Empty what is the person's, and yield how many rows of what."""

    def emptied(table: Any, *chosen: ColumnElement[bool], **values: Any) -> int:
        query = update(table).where(table.organisation_id == organisation_id, *chosen).values(**values)
        return _rows(session.execute(query.execution_options(synchronize_session=False)))

    def gone(table: Any, *chosen: ColumnElement[bool]) -> int:
        query = delete(table).where(table.organisation_id == organisation_id, *chosen)
        return _rows(session.execute(query.execution_options(synchronize_session=False)))

    to_them = select(LetterRow.id).where(
        LetterRow.organisation_id == organisation_id, LetterRow.person == code
    )
    theirs = or_(AnswerRow.person == code, func.lower(AnswerRow.sender).in_(addresses))
    came_by = exists().where(AnswerRow.incoming_id == IncomingRow.id, theirs)
    yield (
        "incoming",
        emptied(
            IncomingRow, or_(func.lower(IncomingRow.sender).in_(addresses), came_by), sender="", subject=""
        ),
    )
    yield "answers", emptied(AnswerRow, theirs, sender="", subject="", text="")
    at_them = or_(func.lower(BounceRow.address).in_(addresses), BounceRow.letter_id.in_(to_them))
    yield "bounces", emptied(BounceRow, at_them, address="", diagnostic="")
    dead = DeadAddress.email_key.in_(addresses)
    yield "dead_addresses", emptied(DeadAddress, dead, email_key=f"#{code}", cleared_at=at)
    yield (
        "letters",
        emptied(
            LetterRow, LetterRow.person == code, address="", subject="", body_text="", answer="", payload={}
        ),
    )
    yield "absences", emptied(AbsenceRow, AbsenceRow.person == code, note="")
    yield "preferences", gone(PreferenceRow, PreferenceRow.person == code)
    yield "calendar", gone(PublishedEvent, PublishedEvent.person == code)
    feeds = FeedRow.kind == "person", FeedRow.code == code, FeedRow.revoked_at.is_(None)
    yield "feeds", emptied(FeedRow, *feeds, revoked_at=at, serial=FeedRow.serial + 1)
    yield "sessions", gone(SessionRow, SessionRow.person == code)
    yield "sign_ins", gone(SignInAttempt, SignInAttempt.person == code)
    yield "links", gone(OneTimeLinkRow, OneTimeLinkRow.person == code)
    tokens = ApiToken.person == code, ApiToken.revoked_at.is_(None)
    yield "tokens", emptied(ApiToken, *tokens, revoked_at=at)
    yield "accounts", gone(AccountRow, AccountRow.person == code)
    yield "changes", _emptied_changes(session, organisation_id, code)


def _emptied_changes(session: Session, organisation_id: int, code: str) -> int:
    """Take the values out of the record of changes; which fields were changed stays, and by whom."""
    of_them = select(OfficeChange.id).where(OfficeChange.organisation_id == organisation_id)
    query = select(OfficeChangeValues).where(
        OfficeChangeValues.change_id.in_(of_them.where(about_person(code))), ~OfficeChangeValues.erased
    )
    found = list(session.scalars(query))
    for row in found:
        row.before = dict.fromkeys(row.before) if row.before is not None else None
        row.after = dict.fromkeys(row.after) if row.after is not None else None
        row.erased = True
    session.flush()
    return len(found)


def _rows(result: Any) -> int:
    assert isinstance(result, CursorResult)  # noqa: S101  # what UPDATE and DELETE return
    return int(result.rowcount)
