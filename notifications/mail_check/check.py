"""All that is looked at before mail is trusted, in the order a letter meets it; and one test letter."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from notifications.deliver import DeliveryState, Envelope, MailSettings
from notifications.letter_lines import Addressee
from notifications.links import Links
from notifications.mail_check.connecting import Talk
from notifications.mail_check.domain import check_domain
from notifications.mail_check.finding import Finding, found
from notifications.mail_check.folder import check_folder
from notifications.mail_check.relay import check_relay
from notifications.mail_settings import mailer_from
from notifications.mime import Mailbox, is_address, message_bytes, new_message_id
from notifications.occasions import TrialFacts, compose_test
from tasks_catalog.people import Person

_CODES: dict[DeliveryState, str] = {
    "sent": "letter_sent",
    "deferred": "letter_deferred",
    "dead": "letter_dead",
    "unknown": "letter_unknown",
}


@dataclass(frozen=True, kw_only=True)
class TrialLetter:
    """One letter to see the whole way by. ``at`` is local time."""

    addressee: Addressee
    at: datetime
    links: Links


async def check_mail(
    settings: MailSettings, people: Sequence[Person], *, recipient: str, now: datetime
) -> list[Finding]:
    """Look at everything the settings name; nothing is sent and nothing is left behind.

    ``recipient`` is whom the relay is asked about, "" for nobody. The relay and the name server are
    asked side by side, and each is waited for only so long.
    """
    if settings.kind == "maildir":
        return [check_folder(settings.folder or Path()), addresses_finding(people)]
    talk = Talk(settings=settings, recipient=recipient, now=now)
    relay, domain = await asyncio.gather(
        check_relay(talk), check_domain(settings.domain, settings.dkim_selector, settings.name_server)
    )
    return [*relay, addresses_finding(people), *domain]


def addresses_finding(people: Iterable[Person]) -> Finding:
    """Return whose address no letter can be sent to; such are refused when a directory is imported."""
    active = [person for person in people if person.active]
    beyond = [person for person in active if not is_address(person.email)]
    if not beyond:
        return found("addresses_plain", count=len(active))
    return found("addresses_beyond_ascii", people="; ".join(f"{one.name} ({one.email})" for one in beyond))


async def send_test(settings: MailSettings, letter: TrialLetter) -> Finding:
    """Send the one test letter through the office's own mailer, and return what became of it.

    It is owed to nobody and asked for by whoever reads the answer, so it is kept in no outbox and
    waits for no sending hours.
    """
    envelope = _envelope(settings, letter)
    async with mailer_from(settings) as mailer:
        outcome = await mailer.deliver(envelope)
    return found(
        _CODES[outcome.state],
        address=envelope.recipient,
        message_id=envelope.message_id,
        answer=outcome.answer,
    )


def _envelope(settings: MailSettings, letter: TrialLetter) -> Envelope:
    person, directory = letter.addressee.person, letter.addressee.directory
    coordinator = directory.coordinator()
    message_id = new_message_id(("test", person.email, letter.at.isoformat()), settings.domain)
    facts = TrialFacts(
        at=letter.at,
        way=f"{settings.host}:{settings.relay_port}" if settings.kind == "smtp" else str(settings.folder),
        sender=settings.sender_address,
        message_id=message_id,
    )
    page = compose_test(letter.addressee, facts, links=letter.links)
    data = message_bytes(
        sender=Mailbox(settings.sender_name or directory.name, settings.sender_address),
        recipient=Mailbox(person.name, person.email),
        subject=page.subject,
        text=page.text,
        html=page.html,
        date=letter.at,
        message_id=message_id,
        reply_to=Mailbox(coordinator.name, coordinator.email) if coordinator else None,
        language=person.language,
    )
    return Envelope(message_id=message_id, sender=settings.sender_address, recipient=person.email, data=data)
