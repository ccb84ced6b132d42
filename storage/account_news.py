"""What was done to people's accounts that they were not told yet: by somebody else, or to their password.

Asked of the record of accounts and of the tokens, so that no way of doing such a thing, by page or by
command, can forget to tell. What was told stands in the letters themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from storage.accounts import Done
from storage.outbox import ACCOUNT
from storage.schema import AccountEvent, ApiToken, LetterRow

TOLD_WITHIN = timedelta(days=14)
"""What is older is told no more: it was before these letters, or of one who could not be written to."""
BY_OTHERS = (Done.LINK_MADE, Done.LOCKED, Done.UNLOCKED, Done.SIGNED_OUT, Done.RELEASED)
"""Told where somebody else did it. An invitation and a reset bring a letter of their own."""


@dataclass(frozen=True, kw_only=True)
class Happened:
    """One thing done to a person's account; of a token its name and last day too."""

    what: str
    by: str
    at: datetime
    name: str = ""
    until: date | None = None


@dataclass(frozen=True, kw_only=True)
class Untold:
    """What one person was not told yet: numbers of the record's lines, and of tokens."""

    events: tuple[int, ...] = ()
    tokens: tuple[int, ...] = ()


def untold(session: Session, organisation_id: int, now: datetime) -> Mapping[str, Untold]:
    """Return what is to be told by person; nobody who has such a letter of today already."""
    letters = session.scalars(
        select(LetterRow).where(
            LetterRow.organisation_id == organisation_id,
            LetterRow.kind == ACCOUNT,
            LetterRow.day >= (now - 2 * TOLD_WITHIN).date(),
        )
    ).all()
    today = {letter.person for letter in letters if letter.day == now.date()}
    told = {number for letter in letters for number in letter.payload.get("events", ())}
    known = {number for letter in letters for number in letter.payload.get("tokens", ())}
    events = _by_person(session.execute(_events(organisation_id, now)).tuples(), told)
    tokens = _by_person(session.execute(_tokens(organisation_id, now)).tuples(), known)
    return {
        person: Untold(events=events.get(person, ()), tokens=tokens.get(person, ()))
        for person in sorted({*events, *tokens} - today)
    }


def _events(organisation_id: int, now: datetime) -> Select[tuple[str, int]]:
    by_another = AccountEvent.kind.in_([str(what) for what in BY_OTHERS]) & (
        AccountEvent.by != AccountEvent.person
    )
    return (
        select(AccountEvent.person, AccountEvent.id)
        .where(
            AccountEvent.organisation_id == organisation_id,
            AccountEvent.at > now - TOLD_WITHIN,
            by_another | (AccountEvent.kind == str(Done.PASSWORD_SET)),
        )
        .order_by(AccountEvent.id)
    )


def _tokens(organisation_id: int, now: datetime) -> Select[tuple[str, int]]:
    return (
        select(ApiToken.person, ApiToken.id)
        .where(
            ApiToken.organisation_id == organisation_id,
            ApiToken.made_at > now - TOLD_WITHIN,
            ApiToken.made_by != ApiToken.person,
        )
        .order_by(ApiToken.id)
    )


def _by_person(found: Iterable[tuple[str, int]], told: set[int]) -> dict[str, tuple[int, ...]]:
    lists: dict[str, tuple[int, ...]] = {}
    for person, number in found:
        if number not in told:
            lists[person] = (*lists.get(person, ()), number)
    return lists


def happened(session: Session, letter: LetterRow) -> tuple[Happened, ...]:
    """Return what a letter tells its person, in the order it was done."""

    def mine(table: type[AccountEvent] | type[ApiToken], numbers: Iterable[int]) -> ColumnElement[bool]:
        return (
            (table.organisation_id == letter.organisation_id)
            & (table.person == letter.person)
            & table.id.in_(tuple(numbers))
        )

    events = select(AccountEvent).where(mine(AccountEvent, letter.payload.get("events", ())))
    tokens = select(ApiToken).where(mine(ApiToken, letter.payload.get("tokens", ())))
    found = [Happened(what=row.kind, by=row.by, at=row.at) for row in session.scalars(events)]
    found += [
        Happened(what="token", by=row.made_by, at=row.made_at, name=row.name, until=row.until)
        for row in session.scalars(tokens)
    ]
    return tuple(sorted(found, key=lambda each: each.at))
