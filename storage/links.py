"""Links in letters: whether one still holds, what was done through it, and how a leaked one is stopped."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, or_, select
from sqlalchemy.orm import Session

from storage.ledger import LedgerEntry, of_letter
from storage.outbox import letter_or_refuse
from storage.people import load_directory
from storage.schema import LetterRow, LinkRevocation, LinkUse
from tasks_catalog.people import Directory, Person
from tasks_catalog.problem import Refused

DONE = "done"


class LinkNotHeld(Refused):
    """A genuine link that was revoked, or whose reader has left."""


@dataclass(frozen=True, kw_only=True)
class Bearer:
    """Whom a link speaks for: the letter's reader, and the ledger's line it stands in, if it has one."""

    letter: LetterRow
    person: Person
    entry: LedgerEntry | None = None


def bearer_of(
    session: Session,
    organisation_id: int,
    letter_id: int,
    notice_id: int = 0,
    *,
    directory: Directory | None = None,
) -> Bearer:
    """Return whom a genuine link speaks for. A ``directory`` already loaded is not read again.

    Raises LinkNotHeld: link_letter_cancelled; link_revoked; link_reader_gone when its reader has left;
    link_line_gone when the letter has no such line.
    """
    letter = letter_or_refuse(session, organisation_id, letter_id)
    if letter.state == "cancelled":
        raise LinkNotHeld("link_letter_cancelled")
    if _is_revoked(session, letter):
        raise LinkNotHeld("link_revoked")
    known = directory or load_directory(session, organisation_id)
    person = known.person(letter.person)
    if person is None or not person.active:
        raise LinkNotHeld("link_reader_gone")
    if not notice_id:
        return Bearer(letter=letter, person=person)
    entry = next((entry for entry in of_letter(session, letter.id) if entry.id == notice_id), None)
    if entry is None:
        raise LinkNotHeld("link_line_gone")
    return Bearer(letter=letter, person=person, entry=entry)


def _is_revoked(session: Session, letter: LetterRow) -> bool:
    """Say whether the letter's links were stopped, its reader's of that time, or all of that time."""
    kept_before = LinkRevocation.at >= letter.created_at
    everybodys = LinkRevocation.letter_id.is_(None) & LinkRevocation.person.is_(None)
    query = select(LinkRevocation.id).where(
        LinkRevocation.organisation_id == letter.organisation_id,
        or_(
            LinkRevocation.letter_id == letter.id,
            (LinkRevocation.person == letter.person) & kept_before,
            everybodys & kept_before,
        ),
    )
    return session.scalar(query.limit(1)) is not None


def revoke(
    session: Session,
    organisation_id: int,
    *,
    letter_id: int | None = None,
    person: str | None = None,
    by: str,
    note: str = "",
    at: datetime,
) -> None:
    """Stop the links of one letter, of one person's letters so far, or of all letters so far."""
    if letter_id is not None:
        letter_or_refuse(session, organisation_id, letter_id)
    if person is not None and load_directory(session, organisation_id).person(person) is None:
        raise Refused("person_unknown", person=person)
    row = LinkRevocation(
        organisation_id=organisation_id, letter_id=letter_id, person=person, at=at, by=by, note=note
    )
    session.add(row)
    session.flush()


def note_use(session: Session, bearer: Bearer, purpose: str, *, at: datetime, outcome: str = DONE) -> None:
    """Keep that something was done through a link, or the code of why it was refused."""
    session.execute(
        insert(LinkUse).values(
            organisation_id=bearer.letter.organisation_id,
            letter_id=bearer.letter.id,
            notice_id=bearer.entry.id if bearer.entry else None,
            purpose=purpose,
            at=at,
            outcome=outcome,
        )
    )


def uses_of(session: Session, letter_id: int) -> tuple[LinkUse, ...]:
    """Return what was done through a letter's links, the first first."""
    return tuple(session.scalars(select(LinkUse).where(LinkUse.letter_id == letter_id).order_by(LinkUse.id)))
