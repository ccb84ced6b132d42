"""Who reads what is about to leave: its person, or who stands in for him that day; and what he does without.

Asked when letters are made of notices, and again inside the claim before one leaves.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from storage import ledger
from storage.ledger import LedgerEntry
from storage.outbox import ACCOUNT, LEASE_EXPIRED, PASSWORD
from storage.people import load_directory
from storage.schema import LetterRow
from tasks_catalog.duty import is_unwanted
from tasks_catalog.ladder import NoticeState
from tasks_catalog.people import Directory, Person
from tasks_catalog.substitutes import Receiver, reader_instead, receiver_of

DIGEST = "digest"


def letter_reader(row: LetterRow, person: Person, directory: Directory, today: date) -> Receiver:
    """Return who reads the letter: of a digest each line was given its reader already.

    One that lets its reader set a password, or tells what was done to their account, is read by nobody
    else. Any other is kept for the person whose
    duty it is, and goes to who stands in on the day it leaves.
    """
    if row.kind in (DIGEST, PASSWORD, ACCOUNT):
        return Receiver(person, "")
    return reader_instead(person, directory, today, unit=row.payload.get("unit"))


def is_declined(entry: LedgerEntry, directory: Directory) -> bool:
    """Say whether a notice is one its person does without."""
    notice = entry.notice
    return is_unwanted(notice.audience, notice.route, notice.key.person, directory)


def reader_of(entry: LedgerEntry, directory: Directory, day: date) -> str:
    """Return the code of who reads a notice on a day: its person, or whoever stands in."""
    receiver = receiver_of(entry.line, directory, day)
    return receiver.person.code if receiver else entry.notice.key.person


def lines_to_tell(
    session: Session,
    row: LetterRow,
    directory: Directory,
    moment: datetime,
    *,
    over: Collection[int] = (),
) -> Sequence[LedgerEntry]:
    """Return the letter's lines, after those for another reader or day were let go and unwanted ones dropped.

    ``over`` are plans whose hours of the day are over: their lines are for another day. A letter that may
    have left already keeps its lines: they must not be told a second time.
    """
    entries = ledger.of_letter(session, row.id)
    today = moment.date()
    if row.answer == LEASE_EXPIRED:
        return entries
    waiting = [entry for entry in entries if entry.notice.state is NoticeState.WAITING]
    if any(reader_of(entry, directory, today) != row.person for entry in waiting):
        directory = load_directory(session, row.organisation_id)  # the one given may be older than the letter
    away = {
        entry.id
        for entry in waiting
        if entry.is_snoozed(today)
        or entry.plan_id in over
        or reader_of(entry, directory, today) != row.person
    }
    unwanted = [entry for entry in waiting if entry.id not in away and is_declined(entry, directory)]
    ledger.release(session, away)
    ledger.decline(session, unwanted, at=moment)
    gone = away | {entry.id for entry in unwanted}
    return [entry for entry in entries if entry.id not in gone]
