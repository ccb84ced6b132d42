"""Posting: in sending hours of working days, one letter a person; keeps first, then sends."""

from __future__ import annotations

import asyncio
import os
import re
import socket
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from secrets import token_hex

from aiolimiter import AsyncLimiter
from prefect import flow
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from flows.account_news import accounts_to_tell_of, keep_account_letters
from flows.mailing import MailDesk, compose, open_desk
from flows.office import OpenOffice, open_office
from flows.rendering import NOTHING_LEFT, Ready, Unsaid, render
from flows.steps import Run, named, plainly, run_name, through_prefect
from notifications.deliver import RETRY_MINUTES, DeliveryState, Mailer, Outcome, next_attempt
from notifications.wording import problem_sentence
from storage import ledger, outbox, published
from storage.engine import read, write
from storage.holding import anything_to_compose
from storage.outbox import LEASE_EXPIRED, LetterState
from storage.plan_hours import hours_in_force
from storage.published import Method
from storage.schema import LetterRow
from tasks_catalog.ladder import NoticeState
from tasks_catalog.problem import Refused
from tasks_catalog.sending_hours import plans_over

HOUR = time(8)
_NOT_BEGUN = "the process ended before the letter began to leave"
_LAST_WAIT = timedelta(minutes=RETRY_MINUTES[-1])


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
    run(tell_of_accounts, office, moment)
    return Posted(composed=composed, outcomes=run(send_letters, office, moment))


def is_sending_time(office: OpenOffice, moment: datetime) -> bool:
    """Say whether letters may leave: on a working day, within the sending hours."""
    hours = office.settings.sending_from <= moment.time() < office.settings.sending_to
    return hours and office.calendar.is_working(moment.date())


def has_work(office: OpenOffice) -> bool:
    """Say whether a run now would find anything to compose, to send or to settle."""
    moment = office.now()
    if not is_sending_time(office, moment):
        return False
    with read(office.engine) as session:
        organisation = office.organisation_id
        return (
            _anything_to_compose(session, office, moment)
            or bool(accounts_to_tell_of(session, office, moment))
            or _any_ready(session, office, moment)
            or bool(outbox.expired(session, organisation, moment))
        )


def _anything_to_compose(session: Session, office: OpenOffice, moment: datetime) -> bool:
    over = plans_over(hours_in_force(session, office.organisation_id, office.sending), moment.time())
    return anything_to_compose(session, office.organisation_id, moment.date(), over=over)


def _any_ready(session: Session, office: OpenOffice, moment: datetime) -> bool:
    by_plan = bool(hours_in_force(session, office.organisation_id, office.sending))
    organisation, sending = office.organisation_id, office.sending
    return outbox.any_ready(session, organisation, moment, hours=sending, by_plan=by_plan)


def sending_day(office: OpenOffice, moment: datetime) -> date:
    """Return the working day on which a letter kept at ``moment`` may leave first."""
    over = moment.time() >= office.settings.sending_to
    return office.calendar.next_working(moment.date() + timedelta(days=over))


@named("Xử lý thư đang gửi dở")
def settle_expired(office: OpenOffice, moment: datetime) -> int:
    """Settle letters whose process died while it posted them.

    One whose content had not begun to leave goes again. So does one for a maildir, which holds a letter
    once however often it is delivered. Any other a relay may or may not have taken: that is for a person
    to say, never to be sent again unasked.
    """
    with write(office.engine) as session:
        expired = outbox.expired(session, office.organisation_id, moment)
        for letter in expired:
            if letter.handed_at is None:
                outbox.deferred(session, letter.id, at=moment, next_attempt_at=moment, answer=_NOT_BEGUN)
            elif office.settings.mail.get("kind") == "maildir":
                outbox.deferred(session, letter.id, at=moment, next_attempt_at=moment, answer=LEASE_EXPIRED)
            else:
                outbox.unknown(session, letter.id, at=moment, answer=LEASE_EXPIRED)
        return len(expired)


@named("Soạn thư: mỗi người một thư")
def compose_letters(office: OpenOffice, moment: datetime) -> int:
    with read(office.engine) as session:
        if not _anything_to_compose(session, office, moment):
            return 0
    with write(office.engine) as session:
        return compose(session, office, moment)


@named("Báo việc đã làm với tài khoản")
def tell_of_accounts(office: OpenOffice, moment: datetime) -> int:
    with read(office.engine) as session:
        if not accounts_to_tell_of(session, office, moment):
            return 0
    with write(office.engine) as session:
        return keep_account_letters(session, office, moment)


@named("Gửi thư đã soạn")
def send_letters(office: OpenOffice, moment: datetime) -> Mapping[str, int]:
    with read(office.engine) as session:
        if not _any_ready(session, office, moment):
            return {}
        desk = open_desk(session, office, moment.date(), keys=office.keys)
    return asyncio.run(_Sending(desk=desk, moment=moment).send_all())


@dataclass(frozen=True, kw_only=True)
class _Claimed:
    """A letter taken to be posted: ready, with nothing left to say, or with a fault that parks it."""

    letter: LetterRow
    ready: Ready | None = None
    unsaid: Unsaid = NOTHING_LEFT
    fault: _Fault | None = None


@dataclass(frozen=True, kw_only=True)
class _Fault:
    """Why a letter could not be made. A fault of its own is final; one of the program may pass."""

    words: str
    is_final: bool


@dataclass(frozen=True, kw_only=True)
class _Done:
    """A letter that was handed over, or was not, and is still to be recorded."""

    claimed: _Claimed
    outcome: Outcome | None


@dataclass(kw_only=True)
class _Sending:
    """One run: lanes that claim, render, hand over and record, each over a connection of its own.

    While one lane waits for the relay another composes. A transaction stands each side of the
    hand-over, none across it; the later one also takes the lane's next letter. Each letter is judged by
    its own moment: a slow relay must not carry the run past the sending hours, nor a letter claimed late
    in it past its lease.
    """

    desk: MailDesk
    moment: datetime
    by: str = field(default_factory=lambda: f"{socket.gethostname()}:{os.getpid()}:{token_hex(4)}")
    outcomes: Counter[str] = field(default_factory=Counter)
    relay_away: bool = False

    @property
    def office(self) -> OpenOffice:
        return self.desk.office

    async def send_all(self) -> Mapping[str, int]:
        rate = self.desk.mail.rate_per_minute
        pace = AsyncLimiter(rate, 60) if rate else None
        lanes = self.desk.mail.connections if self.desk.mail.kind == "smtp" else 1
        ended = await asyncio.gather(*(self._lane(pace) for _ in range(lanes)), return_exceptions=True)
        for fault in ended:
            if isinstance(fault, BaseException):  # the other lanes have ended their letters by now
                raise fault
        return dict(self.outcomes)

    async def _lane(self, pace: AsyncLimiter | None) -> None:
        async with self.office.mailer() as mailer:
            done: _Done | None = None
            while True:
                if pace is not None and done is None:
                    await pace.acquire()
                claimed = self._turn(done)
                if claimed is None:
                    return
                done = _Done(claimed=claimed, outcome=await self._hand_over(mailer, claimed))
                if pace is not None:
                    self._turn(done, go_on=False)
                    done = None

    async def _hand_over(self, mailer: Mailer, claimed: _Claimed) -> Outcome | None:
        if claimed.ready is None:
            return None
        outcome = await mailer.deliver(claimed.ready.envelope, lambda: self._begin(claimed.letter))
        if outcome.of_relay:
            self.relay_away = True  # the next letter would fare the same, in every lane
        return outcome

    def _begin(self, letter: LetterRow) -> bool:
        now = self.office.later(self.moment)
        with write(self.office.engine) as session:
            until = now + self.office.settings.lease
            return outbox.begin(session, letter.id, at=now, lease_until=until, by=self.by)

    def _turn(self, done: _Done | None, *, go_on: bool = True) -> _Claimed | None:
        """Record the lane's last letter and take its next one, in one transaction.

        What came of the last one is kept even where taking the next fails.
        """
        now = self.office.later(self.moment)
        go_on = go_on and not self.relay_away and is_sending_time(self.office, now)
        if done is None and not go_on:
            return None
        with write(self.office.engine) as session:
            if done is not None:
                self.outcomes[_record(session, done, now, self.by)] += 1
            if not go_on:
                return None
            fault: Exception | None = None
            try:
                with session.begin_nested():
                    claimed = _claim(session, self.desk, now, self.by)
            except Exception as error:  # noqa: BLE001  # raised below, once what was sent is on record
                fault = error
        if fault is not None:
            raise fault
        return claimed


def _claim(session: Session, desk: MailDesk, moment: datetime, by: str) -> _Claimed | None:
    """Take one letter and render it with the lines that still hold."""
    office = desk.office
    letter = outbox.claim(
        session,
        office.organisation_id,
        now=moment,
        lease_until=moment + office.settings.lease,
        by=by,
        hours=office.sending,
        by_plan=bool(desk.hours),
    )
    if letter is None:
        return None
    found = _rendered(session, desk, letter, moment)
    if isinstance(found, Ready):
        letter.subject, letter.body_text = found.letter.subject, found.letter.text
        letter.address = found.envelope.recipient
    session.flush()
    session.expunge(letter)
    match found:
        case Ready():
            return _Claimed(letter=letter, ready=found)
        case Unsaid():
            return _Claimed(letter=letter, unsaid=found)
        case _Fault():
            return _Claimed(letter=letter, fault=found)


def _rendered(
    session: Session, desk: MailDesk, letter: LetterRow, moment: datetime
) -> Ready | Unsaid | _Fault:
    """Return the letter, or why it cannot be made: that one letter is parked, the others go.

    What the letter itself is refused for (an unusable address) kills it. Any other fault, such as a
    template half-way through an upgrade, would kill a whole morning's mail: it is tried again.
    """
    try:
        with session.begin_nested():
            return render(session, desk, letter, moment)
    except DBAPIError:  # the database's fault, not the letter's
        raise
    except Refused as reason:
        return _Fault(words=problem_sentence(reason, desk.office.settings.language), is_final=True)
    except Exception as reason:  # noqa: BLE001  # kept with the letter and shown: one poison letter stops nobody
        return _Fault(words=f"{type(reason).__name__}: {reason}", is_final=False)


def _record(session: Session, done: _Done, moment: datetime, by: str) -> str:
    """Record what came of it and return it; if another process took the letter over, its word stands."""
    claimed, outcome = done.claimed, done.outcome
    letter = claimed.letter
    if outcome is None:
        return _record_unsent(session, claimed, moment, by)
    state, answer = _state_of(outcome, letter.attempts), _without_address(outcome.answer, claimed)
    match state:
        case "sent":
            mine = outbox.sent(session, letter.id, at=moment, answer=answer, by=by)
        case "unknown":
            if outbox.unknown(session, letter.id, at=moment, answer=answer, by=by):
                _keep_events(session, claimed, moment, sure=False)
            return state
        case "deferred":
            again = next_attempt(letter.attempts, moment) or moment + _LAST_WAIT
            outbox.deferred(session, letter.id, at=moment, next_attempt_at=again, answer=answer, by=by)
            return state
        case _:
            mine = outbox.dead(session, letter.id, at=moment, answer=answer, by=by)
    if mine and claimed.ready is not None:
        ledger.settle_letter(session, letter.id, NoticeState(state), at=moment)
        if state == "sent":
            _keep_events(session, claimed, moment)
    return state


def _keep_events(session: Session, claimed: _Claimed, moment: datetime, *, sure: bool = True) -> None:
    """Keep what the letter put into its reader's calendar, and took out of it.

    Of a letter that may not have arrived only what it put in: it is taken out in vain, or again.
    """
    if claimed.ready is None:
        return
    letter = claimed.letter
    events = [event for event in claimed.ready.events if sure or event.method is Method.PUBLISH]
    published.keep(session, letter.organisation_id, letter.person, letter.id, events, at=moment)


def _record_unsent(session: Session, claimed: _Claimed, moment: datetime, by: str) -> str:
    """Record a letter that had nothing left to say, or that could not be made."""
    letter, fault = claimed.letter, claimed.fault
    again = next_attempt(letter.attempts, moment)
    if fault is None:
        state = NoticeState.CANCELLED
        mine = outbox.cancelled(session, letter.id, at=moment, answer=claimed.unsaid.why, by=by)
    elif again is not None and not fault.is_final:
        outbox.deferred(session, letter.id, at=moment, next_attempt_at=again, answer=fault.words, by=by)
        return str(LetterState.DEFERRED)
    else:
        state = NoticeState.DEAD
        mine = outbox.dead(session, letter.id, at=moment, answer=fault.words, by=by)
    if mine:
        ledger.settle_letter(session, letter.id, state, at=moment)
    return str(state)


def _without_address(answer: str, claimed: _Claimed) -> str:
    """Return the relay's words without the reader's address: every attempt is kept for good."""
    if claimed.ready is None:
        return answer
    return re.sub(re.escape(claimed.ready.envelope.recipient), "…", answer, flags=re.IGNORECASE)


def _state_of(outcome: Outcome, attempts: int) -> DeliveryState:
    """Return the state to record; what is the relay's fault kills no letter, however often it fails.

    A relay that is away or takes no letter at all (a wrong password) must not kill one letter a
    minute. A letter it keeps putting off dies after the last attempt.
    """
    if outcome.of_relay and outcome.state == "dead":
        return "deferred"
    if outcome.state == "deferred" and not outcome.of_relay and attempts > len(RETRY_MINUTES):
        return "dead"
    return outcome.state


@flow(name="Gửi thư", flow_run_name=run_name("Gửi thư"))
def post(as_of: date | datetime | None = None) -> None:
    """One letter a person; empties the outbox."""
    with open_office() as office:
        post_work(office, as_of, run=through_prefect)
