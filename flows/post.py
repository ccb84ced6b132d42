"""Posting: in sending hours of working days, one letter a person; keeps first, then sends."""

from __future__ import annotations

import asyncio
import os
import socket
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time

from prefect import flow

from flows.mailing import MailDesk, compose, open_desk
from flows.office import OpenOffice, open_office
from flows.rendering import Ready, render
from flows.steps import Run, named, plainly, run_name, through_prefect
from notifications.deliver import Mailer, Outcome, next_attempt
from storage import ledger, outbox
from storage.engine import read, write
from storage.holding import anything_to_compose, anything_to_send
from storage.schema import LetterRow
from tasks_catalog.ladder import NoticeState

HOUR = time(8)
_NOTHING_LEFT = "nothing left to say"


@dataclass(frozen=True, kw_only=True)
class Posted:
    """What one run did, or why it did nothing."""

    composed: int = 0
    outcomes: Mapping[str, int] = field(default_factory=dict)
    skipped: str | None = None

    @property
    def sent(self) -> int:
        return self.outcomes.get("sent", 0)


def post_work(office: OpenOffice, as_of: date | datetime | None = None, *, run: Run = plainly) -> Posted:
    """Compose the letters due and empty the outbox; outside sending time nothing is touched."""
    moment = office.moment_of(as_of, HOUR)
    if not is_sending_time(office, moment):
        return Posted(skipped="not_sending_time")
    run(settle_expired, office, moment)
    composed = run(compose_letters, office, moment)
    return Posted(composed=composed, outcomes=run(send_letters, office, moment))


def is_sending_time(office: OpenOffice, moment: datetime) -> bool:
    """Say whether letters may leave: on a working day, within the sending hours."""
    hours = office.settings.sending_from <= moment.time() < office.settings.sending_to
    return hours and office.calendar.is_working(moment.date())


@named("Xử lý thư đang gửi dở")
def settle_expired(office: OpenOffice, moment: datetime) -> int:
    """Settle letters whose process died while it posted them.

    A maildir holds a letter once however often it is delivered, so it may go again. A relay may or
    may not have taken it: that is for a person to say, never to be sent again unasked.
    """
    with write(office.engine) as session:
        expired = outbox.expired(session, office.organisation_id, moment)
        for letter in expired:
            if office.settings.mail.get("kind") == "maildir":
                outbox.deferred(session, letter.id, next_attempt_at=moment, answer="lease expired")
            else:
                outbox.unknown(session, letter.id, answer="lease expired")
        return len(expired)


@named("Soạn thư: mỗi người một thư")
def compose_letters(office: OpenOffice, moment: datetime) -> int:
    with read(office.engine) as session:
        if not anything_to_compose(session, office.organisation_id):
            return 0
    with write(office.engine) as session:
        return compose(session, open_desk(session, office, moment.date()), moment)


@named("Gửi thư đã soạn")
def send_letters(office: OpenOffice, moment: datetime) -> Mapping[str, int]:
    return asyncio.run(_send_all(office, moment))


async def _send_all(office: OpenOffice, moment: datetime) -> Mapping[str, int]:
    """Claim, render, hand over, record: a transaction each side of the hand-over, none across it."""
    with read(office.engine) as session:
        if not anything_to_send(session, office.organisation_id, moment):
            return {}
        desk = open_desk(session, office, moment.date())
    by = f"{socket.gethostname()}:{os.getpid()}"
    outcomes: Counter[str] = Counter()
    async with office.mailer() as mailer:
        while (claimed := _claim(desk, moment, by)) is not None:
            letter, ready = claimed
            outcome = await _hand_over(mailer, ready)
            _record(office, letter, ready, outcome, moment, by)
            outcomes[outcome.state if outcome else "cancelled"] += 1
            if outcome is not None and outcome.of_relay:
                break  # the next letter would fare the same
    return dict(outcomes)


def _claim(desk: MailDesk, moment: datetime, by: str) -> tuple[LetterRow, Ready | None] | None:
    """Take one letter and render it with the lines that still hold, in one transaction."""
    office = desk.office
    with write(office.engine) as session:
        letter = outbox.claim(
            session,
            office.organisation_id,
            now=moment,
            lease_until=moment + office.settings.lease,
            by=by,
        )
        if letter is None:
            return None
        ready = render(session, desk, letter, moment)
        if ready is not None:
            letter.subject, letter.body_text = ready.letter.subject, ready.letter.text
            letter.address = ready.envelope.recipient
        session.flush()
        session.expunge(letter)
        return letter, ready


async def _hand_over(mailer: Mailer, ready: Ready | None) -> Outcome | None:
    return await mailer.deliver(ready.envelope) if ready is not None else None


def _record(
    office: OpenOffice,
    letter: LetterRow,
    ready: Ready | None,
    outcome: Outcome | None,
    moment: datetime,
    by: str,
) -> None:
    """Record what came of it; if another process took the letter over meanwhile, its word stands."""
    with write(office.engine) as session:
        if ready is None or outcome is None:
            outbox.cancelled(session, letter.id, answer=_NOTHING_LEFT, by=by)
            return
        again = next_attempt(letter.attempts, moment)
        match outcome.state:
            case "sent":
                if outbox.sent(session, letter.id, at=moment, answer=outcome.answer, by=by):
                    ledger.settle(session, ready.notices, NoticeState.SENT, at=moment)
            case "unknown":
                outbox.unknown(session, letter.id, answer=outcome.answer, by=by)
            case "deferred" if again is not None:
                outbox.deferred(session, letter.id, next_attempt_at=again, answer=outcome.answer, by=by)
            case _:
                if outbox.dead(session, letter.id, answer=outcome.answer, by=by):
                    ledger.settle(session, ready.notices, NoticeState.DEAD, at=moment)


@flow(name="Gửi thư", flow_run_name=run_name("Gửi thư"))
def post(as_of: date | datetime | None = None) -> None:
    """One letter a person; empties the outbox."""
    with open_office() as office:
        post_work(office, as_of, run=through_prefect)
