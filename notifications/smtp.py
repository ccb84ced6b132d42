"""Letters through the organisation's relay: one connection kept, honest about what became of each letter."""

from __future__ import annotations

import asyncio
import ssl
from contextlib import suppress
from types import TracebackType
from typing import Self

from aiosmtplib import SMTP, SMTPException, SMTPResponseException, SMTPSenderRefused

from notifications.deliver import (
    TAKEN_OVER,
    Begin,
    DeliveryState,
    Envelope,
    MailSettings,
    Outcome,
    at_once,
)
from notifications.mime import is_address, one_line

_FOR_GOOD = range(500, 600)
_CLOSING, _TOO_LARGE = 421, 552


class SmtpMailer:
    """One connection to a relay: plain, STARTTLS or TLS, with or without a login.

    It connects at the first letter and again when the relay hung up in between. One letter at a
    time goes over it; open several mailers to send side by side.
    """

    def __init__(self, settings: MailSettings) -> None:
        self._settings = settings
        self._client: SMTP | None = None
        self._turn = asyncio.Lock()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        client, self._client = self._client, None
        if client is None:
            return
        transport = client.transport
        with suppress(SMTPException, OSError):  # the letters are judged already; a rude goodbye changes none
            if client.is_connected:
                await client.quit()
        client.close()
        if isinstance(transport, asyncio.Transport):
            transport.abort()  # a farewell over TLS would outlive this run, and be reported as a leak
            await asyncio.sleep(0)

    async def deliver(self, envelope: Envelope, begin: Begin = at_once) -> Outcome:
        """Hand one message to the relay; see ``Outcome`` for what each answer means.

        ``begin`` is asked between RCPT and DATA: up to there nothing has left, after it the letter may
        have been taken even where no answer comes back.
        """
        for address in (envelope.sender, envelope.recipient):
            if not is_address(address):
                return Outcome(state="dead", answer=f"address not usable: {one_line(address)[:200]}")
        async with self._turn:
            try:
                return await self._delivered(envelope, begin)
            except BaseException:
                self._hang_up()  # half a dialogue must not be the start of the next letter
                raise

    async def _delivered(self, envelope: Envelope, begin: Begin) -> Outcome:
        kept = self._client is not None and self._client.is_connected
        try:
            client = await self._connected()
        except (SMTPException, OSError) as reason:
            self._hang_up()
            return _not_taken(reason, of_relay=True)
        try:
            await _say_envelope(client, envelope)
        except (SMTPException, OSError) as reason:
            if kept and _code(reason) in (None, _CLOSING):
                self._hang_up()  # the relay ended an idle connection: nothing was handed over yet
                return await self._delivered(envelope, begin)
            await self._start_over()
            return _not_taken(reason, of_relay=_is_of_relay(reason))
        if not begin():
            await self._start_over()
            return Outcome(state="deferred", answer=TAKEN_OVER)
        return await self._hand_over(client, envelope)

    async def _hand_over(self, client: SMTP, envelope: Envelope) -> Outcome:
        try:
            answer = await client.data(envelope.data)
        except SMTPResponseException as refused:
            await self._start_over()
            return _not_taken(refused)
        except (SMTPException, OSError) as reason:  # broken off or silent: it may have been taken
            self._hang_up()
            return Outcome(state="unknown", answer=_words(reason))
        return Outcome(state="sent", answer=one_line(f"{answer.code} {answer.message}"))

    async def _connected(self) -> SMTP:
        if self._client is not None and self._client.is_connected:
            return self._client
        self._client = client = _client_for(self._settings)
        await client.connect()
        return client

    async def _start_over(self) -> None:
        """Clear the relay's half-told envelope, or drop the connection if it does not listen."""
        client = self._client
        if client is None or not client.is_connected:
            return self._hang_up()
        try:
            await client.rset()
        except (SMTPException, OSError):  # the letter is judged already; the next one connects anew
            self._hang_up()

    def _hang_up(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            client.close()


def _client_for(settings: MailSettings) -> SMTP:
    return SMTP(
        hostname=settings.host,
        port=settings.relay_port,
        username=settings.username or None,
        password=settings.password or None,
        local_hostname=settings.domain,
        timeout=settings.timeout,
        use_tls=settings.security == "tls",
        start_tls=settings.security == "starttls",
        tls_context=trust_of(settings) if settings.security != "none" else None,
    )


def trust_of(settings: MailSettings) -> ssl.SSLContext:
    """Return whom the mailer trusts: the system's certificates and the office's own, TLS 1.2 and later."""
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if settings.ca_file is not None:
        context.load_verify_locations(cafile=settings.ca_file)
    return context


async def _say_envelope(client: SMTP, envelope: Envelope) -> None:
    """Tell sender and recipient; ask for failure notices by RFC 3461 where the relay offers them."""
    told = client.supports_extension
    options = [f"SIZE={len(envelope.data)}"] if told("size") else []
    if told("dsn"):
        await client.mail(envelope.sender, options=[*options, "RET=HDRS"])
        await client.rcpt(envelope.recipient, options=["NOTIFY=FAILURE,DELAY"])
    else:
        await client.mail(envelope.sender, options=options)
        await client.rcpt(envelope.recipient)


def _not_taken(reason: Exception, *, of_relay: bool = False) -> Outcome:
    """Judge what failed before the relay took the content over: 5xx is for good, all else is not."""
    state: DeliveryState = "dead" if _code(reason) in _FOR_GOOD else "deferred"
    return Outcome(state=state, answer=_words(reason), of_relay=of_relay)


def _code(reason: Exception) -> int | None:
    """Return the relay's code. ``rcpt`` itself tells it; ``sendmail`` would hide it among recipients."""
    return reason.code if isinstance(reason, SMTPResponseException) else None


def _is_of_relay(reason: Exception) -> bool:
    """Say whether every letter would fare so: no answer, or our sender refused but for the letter's size."""
    code = _code(reason)
    return code is None or (isinstance(reason, SMTPSenderRefused) and code != _TOO_LARGE)


def _words(reason: Exception) -> str:
    if isinstance(reason, SMTPResponseException):
        return one_line(f"{reason.code} {reason.message}")[:500]
    return one_line(f"{type(reason).__name__}: {reason}")[:500]
