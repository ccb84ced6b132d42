"""Previewing: the exact letters a day would send, by the same code that sends them, and nothing kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy.orm import Session

from flows import escalate, post, remind
from flows.account_news import keep_account_letters
from flows.mailing import compose, open_desk
from flows.office import OpenOffice
from flows.rendering import Ready, render
from flows.summarise import due_of, freeze
from notifications.announce import announce
from storage import ledger, outbox, tasks
from storage.engine import rehearse
from storage.people import load_directory
from storage.plan_hours import plans_in_letters
from storage.speaking import known_of
from storage.starting import open_plan
from tasks_catalog.sending_hours import leaves_at


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What a day would send, or why it would send nothing."""

    letters: tuple[Ready, ...] = ()
    skipped: str | None = None


def preview_work(office: OpenOffice, day: date) -> Preview:
    """Run the morning of ``day`` in a transaction that is thrown away."""
    calendar = office.calendar
    if not calendar.is_working(day):
        return Preview(skipped="not_a_working_day")
    zone = office.settings.timezone
    morning = datetime.combine(day, max(remind.HOUR, escalate.HOUR), tzinfo=zone)
    posting = datetime.combine(day, max(post.HOUR, office.settings.sending_from, time()), tzinfo=zone)
    with rehearse(office.engine) as session:
        directory = load_directory(session, office.organisation_id)
        for plan in tasks.list_plans(session, office.organisation_id, active_only=True):
            open_plan(session, plan, directory=directory, at=morning, on=day)
            known = known_of(session, plan, directory, calendar, day)
            notices = announce(known.tasks, known.office, as_of=day, known=known.keys)
            ledger.add(session, office.organisation_id, notices, at=morning)
        for due in due_of(session, office, day):
            freeze(session, office, due, morning)
        compose(session, office, posting)
        keep_account_letters(session, office, posting)
        letters = dict(_letters(session, office, posting))
        if compose(session, office, posting):  # what a letter kept earlier let go for another reader
            letters |= dict(_letters(session, office, posting))
    return Preview(letters=tuple(letters.values()))


def _letters(session: Session, office: OpenOffice, posting: datetime) -> Iterator[tuple[int, Ready]]:
    """Yield the letters as they would leave, each at its reader's own hour, by their numbers."""
    desk = open_desk(session, office, posting.date())
    dead = {person.code for person in desk.directory.people if not person.reachable}
    rows = outbox.list_letters(session, office.organisation_id, states=("waiting", "deferred"))
    carried = plans_in_letters(session, [row.id for row in rows]) if desk.hours else {}
    for row in rows:
        if row.person in dead:
            continue
        windows = [desk.hours[plan] for plan in carried.get(row.id, ()) if plan in desk.hours]
        hour = leaves_at(windows, desk.directory.preference_of(row.person).hour, office.sending)
        at = datetime.combine(posting.date(), max(hour, posting.time()), tzinfo=posting.tzinfo)
        found = render(session, desk, row, at)
        if isinstance(found, Ready):
            yield row.id, found
