"""Letters that let their reader set a password: kept in the outbox as every letter, without the link.

The link's token is made when the letter is posted (rule 11); from then on it holds. The letter is never
read by a substitute, and waits for nobody's own sending hour: its reader stands before a closed door.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy.orm import Session

from notifications.account_tokens import LinkToken, sign_account_link
from notifications.letter import Letter, letter_head
from notifications.letter_lines import Addressee
from notifications.links import Links
from notifications.mime import letter_id
from notifications.render import rendered
from notifications.wording import date_text
from storage import accounts, one_time_links, outbox
from storage.accounts import AccountRefused, By, Done
from storage.holding import alone_at
from storage.one_time_links import Cause
from storage.outbox import PASSWORD
from storage.people import load_directory
from storage.schema import OneTimeLinkRow
from tasks_catalog.problem import Refused

OFFICE = "office"
"""Who signs what is done from the command line; the journal's name for the office itself."""


@dataclass(frozen=True, kw_only=True)
class Posting:
    """What a letter needs to be kept: the day it may leave first, and the domain of its Message-ID."""

    day: date
    domain: str


@dataclass(frozen=True, kw_only=True)
class PasswordFacts:
    """What the letter says: who asked for it and when, and until when its link holds. Local times."""

    cause: Cause
    by: str
    """The name of who invites; "" where its reader asked for it."""
    asked: datetime
    until: datetime


def invite(
    session: Session, organisation_id: int, person: str, *, by: By, posting: Posting
) -> OneTimeLinkRow:
    """Let a person of the directory sign in, or set a new password, by a link that a letter brings them.

    Raises AccountRefused: account_person_left, account_no_address, account_locked; Refused (person_unknown).
    """
    directory = load_directory(session, organisation_id)
    found = accounts.active_or_refuse(person, directory)
    if not found.email or not found.reachable:
        raise AccountRefused("account_no_address", name=found.name, person=person)
    account = accounts.admit(session, organisation_id, person, by=by)
    if account.locked_at is not None:
        raise AccountRefused("account_locked")
    known = account.password_hash is not None
    accounts.note(session, organisation_id, person, Done.RESET_ASKED if known else Done.INVITED, by=by)
    cause = Cause.RESET if known else Cause.INVITED
    return _kept(session, organisation_id, person, cause, by=by, posting=posting)


def ask_for_reset(
    session: Session, organisation_id: int, typed: str, *, at: datetime, most: int, posting: Posting
) -> bool:
    """Keep a letter for whoever is meant by what was typed; False where nobody may have one, unsaid why.

    ``at`` is local to the office; ``most`` letters a person and day.
    """
    person = accounts.person_named(session, organisation_id, typed)
    if person is None or not person.active or not person.email:
        return False
    account = accounts.find_account(session, organisation_id, person.code)
    if account is None or account.locked_at is not None:
        return False
    alone_at(session, organisation_id)
    today = datetime.combine(at.date(), time(), tzinfo=at.tzinfo)
    made = one_time_links.made_since(session, organisation_id, person.code, Cause.RESET, today)
    if made >= most:
        return False
    by = By(code=person.code, at=at)
    accounts.note(session, organisation_id, person.code, Done.RESET_ASKED, by=by)
    _kept(session, organisation_id, person.code, Cause.RESET, by=by, posting=posting)
    return True


def hand_over(session: Session, organisation_id: int, person: str, *, by: By, cause: Cause) -> OneTimeLinkRow:
    """Make a link to be handed over by hand. It is shown once, and holds from now on.

    Raises AccountRefused: account_person_left, account_locked; Refused (person_unknown).
    """
    accounts.active_or_refuse(person, load_directory(session, organisation_id))
    if accounts.admit(session, organisation_id, person, by=by).locked_at is not None:
        raise AccountRefused("account_locked")
    accounts.note(session, organisation_id, person, Done.LINK_MADE, by=by)
    return one_time_links.make(
        session, organisation_id, person, cause, by=by.code, at=by.at, until=by.at + one_time_links.HOLDS
    )


def first_link(session: Session, organisation_id: int, *, at: datetime) -> OneTimeLinkRow | None:
    """Make the link by which the first administrator comes in; None where somebody can sign in already.

    Those made before it are void: of several starts the last one's holds. Raises AccountRefused
    (account_no_administrator).
    """
    alone_at(session, organisation_id)
    if not accounts.nobody_has_one(session, organisation_id):
        return None
    person, by = accounts.first_administrator(session, organisation_id), By(code=OFFICE, at=at)
    one_time_links.void(session, organisation_id, person.code, at=at)
    return hand_over(session, organisation_id, person.code, by=by, cause=Cause.FIRST)


def link_address(base_url: str, row: OneTimeLinkRow, keys: Sequence[str]) -> str:
    """Return the whole address of a link that is handed over; it is shown once, and kept nowhere."""
    token = sign_account_link(LinkToken(row.id, one_time_links.stamp(row.made_at)), keys)
    return f"{base_url.rstrip('/')}/sign-in/link/{token}"


def _kept(
    session: Session, organisation_id: int, person: str, cause: Cause, *, by: By, posting: Posting
) -> OneTimeLinkRow:
    row = one_time_links.make(session, organisation_id, person, cause, by=by.code, at=by.at, until=None)
    about = str(row.id)
    letter = outbox.open_letter(
        session,
        organisation_id,
        kind=PASSWORD,
        person=person,
        day=posting.day,
        about=about,
        message_id=letter_id(organisation_id, posting.domain, PASSWORD, person, posting.day, about),
        payload={"link": row.id},
        at=by.at,
    )
    if letter is None:
        raise Refused("letter_unknown", letter=about)
    one_time_links.carry(session, row, letter.id)
    return row


def compose_password(addressee: Addressee, facts: PasswordFacts, *, links: Links) -> Letter:
    """Return the letter: what it is for, its one link, until when, and what to do if one did not ask."""
    person, office = addressee.person, addressee.directory.name
    say, lang = addressee.say, person.language
    asked = {"day": date_text(facts.asked.date(), lang), "time": f"{facts.asked:%H:%M}"}
    until = {"day": date_text(facts.until.date(), lang), "time": f"{facts.until:%H:%M}"}
    told = {"office": office, "by": facts.by, **asked}
    which = "reset" if facts.cause is Cause.RESET else "invited"
    context = letter_head(addressee, links) | {
        "subject": say(f"subject_password_{which}", office=office),
        "opening": say(f"password_opening_{which}", **told),
        "first": say("password_first", **until),
        "link": links.password(),
        "link_label": say("password_link"),
        "name": say("password_name", name=person.email or person.code),
        "why": say(f"password_why_{which}", **told),
        "not_asked": say(f"password_not_asked_{which}"),
        "preferences": "",
        "closing": say("password_closing", office=office),
    }
    page = rendered("password", context)
    return Letter(subject=page.subject, text=page.text, html=page.html)
