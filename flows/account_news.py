"""Telling people what was done to their accounts: one letter a person and day, in sending hours."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime

from sqlalchemy.orm import Session

from flows.mailing import letter_id
from flows.office import OpenOffice
from storage import outbox
from storage.account_news import Untold, untold
from storage.outbox import ACCOUNT
from storage.people import load_directory


def accounts_to_tell_of(
    session: Session, office: OpenOffice, moment: datetime
) -> Iterable[tuple[str, Untold]]:
    """Return what is to be told to whom of those a letter can reach."""
    found = untold(session, office.organisation_id, moment)
    if not found:
        return ()
    directory = load_directory(session, office.organisation_id)
    people = {person.code: person for person in directory.people}
    return tuple(
        (code, news)
        for code, news in found.items()
        if code in people and people[code].active and people[code].email and people[code].reachable
    )


def keep_account_letters(session: Session, office: OpenOffice, moment: datetime) -> int:
    """Keep a letter for each person with something to be told, and return how many."""
    kept = [
        outbox.open_letter(
            session,
            office.organisation_id,
            kind=ACCOUNT,
            person=code,
            day=moment.date(),
            message_id=letter_id(office, ACCOUNT, code, moment.date()),
            payload={name: list(numbers) for name, numbers in asdict(news).items()},
            at=moment,
        )
        for code, news in accounts_to_tell_of(session, office, moment)
    ]
    return sum(letter is not None for letter in kept)
