"""Calling out: every minute, day and night, webhooks are sent what was kept for them.

Sending hours and working days (rule 5 of the design) spare people; a machine that waits to hear that a
report came in on a Sunday is not spared by hearing it on Monday. Each message is claimed, sent and
recorded for itself, a transaction on each side of the call and none across it.
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from secrets import token_hex

import httpx
from prefect import flow

from flows.office import OpenOffice, open_office
from flows.steps import Run, named, plainly, run_name, through_prefect
from notifications.webhook_calls import WHOLE_CALL_SECONDS, CallOutcome, call, caller
from notifications.webhook_signing import SecretScope, headers_of
from storage import webhook_outbox, webhooks
from storage.engine import read, write
from storage.office_journal import Made
from storage.schema import WebhookDelivery, WebhookRow
from storage.webhook_outbox import DeliveryState
from tasks_catalog.webhooks import RETRY_MINUTES, next_attempt

HOUR = time(8)
AT_ONCE = 8
CALL_SECONDS = WHOLE_CALL_SECONDS
LEASE = timedelta(minutes=2)
"""Longer than any call lasts: after it the worker is not coming back."""
_NEVER_FINISHED = "given up: no attempt ever came to an end"
RUN_SECONDS = 50.0
"""No message is begun after so long: the next minute's run looks at every webhook anew."""


@dataclass(frozen=True, kw_only=True)
class CalledOut:
    """How many messages of one run came to which state."""

    outcomes: Mapping[str, int] = field(default_factory=dict)

    @property
    def sent(self) -> int:
        return self.outcomes.get("sent", 0)


def call_out_work(
    office: OpenOffice, as_of: date | datetime | None = None, *, run: Run = plainly
) -> CalledOut:
    """Send what waits for webhooks and may go now."""
    moment = office.moment_of(as_of, HOUR)
    return CalledOut(outcomes=run(call_webhooks, office, moment))


def has_calls(office: OpenOffice) -> bool:
    """Say whether a run now would find anything to send."""
    with read(office.engine) as session:
        return bool(webhook_outbox.hooks_with_work(session, office.organisation_id, office.now()))


@named("Báo cho các hệ thống kết nối")
def call_webhooks(office: OpenOffice, moment: datetime) -> Mapping[str, int]:
    with read(office.engine) as session:
        hooks = webhook_outbox.hooks_with_work(session, office.organisation_id, moment)
    return asyncio.run(_Calling(office=office, moment=moment).call_all(hooks)) if hooks else {}


@dataclass(kw_only=True)
class _Calling:
    """One run: a lane for each webhook, so that none waits for another's receiver.

    A lane sends its messages one after the other, in the order they were kept. At most ``AT_ONCE`` calls
    are under way at once, and a lane ends with its first failure: the next message would fare the same.
    """

    office: OpenOffice
    moment: datetime
    by: str = field(default_factory=lambda: f"{socket.gethostname()}:{os.getpid()}:{token_hex(4)}")
    outcomes: Counter[str] = field(default_factory=Counter)

    async def call_all(self, hooks: tuple[int, ...]) -> Mapping[str, int]:
        until = asyncio.get_running_loop().time() + RUN_SECONDS
        turns = asyncio.Semaphore(AT_ONCE)
        async with caller() as client:
            lanes = (self._lane(client, hook, turns, until) for hook in hooks)
            ended = await asyncio.gather(*lanes, return_exceptions=True)
        for fault in ended:
            if isinstance(fault, BaseException):  # the other lanes have ended their messages by now
                raise fault
        return dict(self.outcomes)

    async def _lane(
        self, client: httpx.AsyncClient, hook: int, turns: asyncio.Semaphore, until: float
    ) -> None:
        going_on = True
        while going_on:
            async with turns:
                going_on = asyncio.get_running_loop().time() < until and await self._one(client, hook)

    async def _one(self, client: httpx.AsyncClient, hook: int) -> bool:
        """Send a webhook's next message; say whether another may follow.

        The database is asked in a thread: while it waits for another writer, calls under way go on.
        """
        now = self.office.later(self.moment)
        claimed = await asyncio.to_thread(self._claim, hook, now)
        if claimed is None:
            return False
        delivery, row = claimed
        outcome = await self._send(client, delivery, row, now)
        self.outcomes[await asyncio.to_thread(self._record, delivery, row, outcome)] += 1
        return outcome.state == "taken"

    def _claim(self, hook: int, now: datetime) -> tuple[WebhookDelivery, WebhookRow] | None:
        with write(self.office.engine) as session:
            return webhook_outbox.claim(
                session, self.office.organisation_id, hook, now=now, lease_until=now + LEASE, by=self.by
            )

    async def _send(
        self, client: httpx.AsyncClient, delivery: WebhookDelivery, row: WebhookRow, now: datetime
    ) -> CallOutcome:
        if delivery.attempts > len(RETRY_MINUTES) + 1:
            return CallOutcome(state="failed", answer=_NEVER_FINISHED)
        try:
            body = json.dumps(delivery.payload, ensure_ascii=False, separators=(",", ":")).encode()
            return await call(
                client,
                row.url,
                body,
                headers_of(delivery.event_id, body, SecretScope.of(row), self.office.keys, now=now),
                internal=row.internal,
                language=self.office.settings.language,
                seconds=CALL_SECONDS,
            )
        except Exception as fault:  # noqa: BLE001  # kept with the message and shown: it stops nobody else
            return CallOutcome(state="failed", answer=f"{type(fault).__name__}: {fault}")

    def _record(self, delivery: WebhookDelivery, row: WebhookRow, outcome: CallOutcome) -> str:
        """Record what came of a call and return it; where another worker took it over, its word stands."""
        now = self.office.later(self.moment)
        state, again = _state_of(outcome, delivery.attempts, now)
        with write(self.office.engine) as session:
            mine = webhook_outbox.settle(
                session,
                delivery.id,
                state,
                by=self.by,
                at=now,
                status=outcome.status,
                answer=outcome.answer,
                next_attempt_at=again,
            )
            if mine and outcome.state == "gone":
                webhooks.switch_off_gone(session, row.organisation_id, row.code, Made(by="office", at=now))
        return str(state)


def _state_of(outcome: CallOutcome, attempts: int, now: datetime) -> tuple[DeliveryState, datetime | None]:
    if outcome.state == "taken":
        return DeliveryState.SENT, None
    again = next_attempt(attempts, now, outcome.wait) if outcome.state == "failed" else None
    return (DeliveryState.DEAD if again is None else DeliveryState.DEFERRED), again


@flow(name="Báo hệ thống khác", flow_run_name=run_name("Báo hệ thống khác"))
def call_out(as_of: date | datetime | None = None) -> None:
    """Send what waits for webhooks."""
    with open_office() as office:
        call_out_work(office, as_of, run=through_prefect)
