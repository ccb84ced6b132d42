"""The calendar files of a letter: its reader's own deadlines, and what stands in his calendar for nothing.

Works inside the claim, like the rest of rendering; what was said is kept once the letter was handed over.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from flows.mailing import MailDesk
from notifications import calendar_feed
from notifications.calendar_events import Event, Teller, events_of, uid_of
from notifications.letter_lines import Item
from notifications.mime import Attachment, Mailbox
from storage import published
from storage.published import Method, Of, Published
from tasks_catalog.audience import Audience
from tasks_catalog.occurrence import Role
from tasks_catalog.owed import Owed, by_event
from tasks_catalog.people import Person

MOST_CANCELLED = 10
"""Events one letter takes out at most, each a file of its own; the rest go with the next letter."""


@dataclass(frozen=True, kw_only=True)
class CalendarFiles:
    """What travels with a letter, and what its reader's calendar holds once he has opened it."""

    attachments: tuple[Attachment, ...] = ()
    events: tuple[Published, ...] = ()


def calendar_files(
    session: Session,
    desk: MailDesk,
    person: Person,
    items: Sequence[Item],
    moment: datetime,
) -> CalendarFiles:
    """Return the files of a letter with these lines: one for what comes due, one for each event gone.

    What is overdue is no date to plan by: it stays in the calendar as it was put there.
    """
    if not desk.directory.preference_of(person.code).calendar:
        return CalendarFiles()
    organisation = desk.office.organisation_id
    organizer = Mailbox(desk.mail.sender_name or desk.directory.name, desk.mail.sender_address)
    teller = Teller(directory=desk.directory, domain=desk.mail.domain, links=desk.links, lang=person.language)
    own = [_owed(item) for item in items if _is_own(item) and item.share.due >= moment.date()]
    subjects = {uid_of(owed, teller): _of(desk, owed) for owed in own}
    events = events_of(by_event(own), teller)
    heard = published.heard(session, organisation, person.code, subjects)
    told = [_raised(event, heard.get(event.uid)) for event in events]
    unsaid = [each for uid, each in heard.items() if each.method is Method.PUBLISH and uid not in subjects]
    gone = published.gone(session, organisation, person.code, desk.directory, unsaid)[:MOST_CANCELLED]
    off = [_called_off(each, moment) for each in gone]
    return CalendarFiles(
        attachments=(
            *([calendar_feed.published(told, organizer, moment)] if told else []),
            *(calendar_feed.cancelled(event, organizer, moment, n) for n, event in enumerate(off, 1)),
        ),
        events=(
            *(_kept(now, facts, subjects) for now, facts in zip(told, events, strict=True)),
            *(replace(each, method=Method.CANCEL, sequence=each.sequence + 1) for each in gone),
        ),
    )


def _is_own(item: Item) -> bool:
    """A line about the reader's own work: no urging of others, nothing only helped with or stood in for."""
    notice = item.notice
    if item.receiver is not None and item.receiver.absence is not None:
        return False
    own = notice.audience is Audience.OWNER and notice.route != "fallback"
    return own and item.share.role is Role.OWNER and notice.why != "request_undecided"


def _owed(item: Item) -> Owed:
    task = item.task
    return Owed(
        plan=item.plan.number,
        row=task.row,
        text=task.text,
        product=task.product,
        closing=task.closing,
        share=item.share,
    )


def _of(desk: MailDesk, owed: Owed) -> Of:
    share = owed.share
    plan_id = desk.by_number[owed.plan].plan.id
    if owed.is_dated:
        return Of(plan_id, share.key.unit, row=owed.row, occurrence=share.key.occurrence)
    return Of(plan_id, share.key.unit, period=share.period)


def _raised(event: Event, heard: Published | None) -> Event:
    """Return the event with a sequence above what its reader's calendar knows, where something changed.

    A share that was called off and came back in the same epoch would otherwise be older than its end.
    """
    if heard is None:
        return event
    changed = heard.method is Method.CANCEL or event.sequence > heard.base
    return replace(event, sequence=max(event.sequence, heard.sequence + changed))


def _called_off(gone: Published, moment: datetime) -> Event:
    return Event(
        uid=gone.uid,
        sequence=gone.sequence + 1,
        due=gone.due,
        summary=gone.summary,
        changed_on=moment.date(),
        is_cancelled=True,
    )


def _kept(now: Event, facts: Event, subjects: Mapping[str, Of]) -> Published:
    return Published(
        uid=now.uid,
        of=subjects[now.uid],
        method=Method.PUBLISH,
        sequence=now.sequence,
        base=facts.sequence,
        due=now.due,
        summary=now.summary,
    )
