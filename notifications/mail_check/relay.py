"""A talk with the relay up to the point where a letter would begin: nothing is sent.

It goes the way a letter goes and notes each step: name, connection, greeting, TLS and certificate,
login, sender, recipient. Each answer is waited for as long as ``timeout`` says; the first silence
ends the talk. Only the look-up of the relay's name waits as long as the system's resolver does.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Iterator
from contextlib import suppress

from aiosmtplib import SMTP, SMTPAuthenticationError, SMTPException, SMTPResponseException

from notifications.mail_check.certificate import judge_accepted
from notifications.mail_check.connecting import (
    Talk,
    certificate_faults,
    certificate_of,
    client_on,
    dialled,
    greeted,
    let_go,
    start_tls,
    trusted,
)
from notifications.mail_check.finding import EndsHere, Finding, found
from notifications.mime import MAX_ATTACHED_BYTES

LONGEST_TALK = 3
"""How many times the wait for one answer the whole talk may take."""
NEEDED_BYTES = MAX_ATTACHED_BYTES * 4 // 3 * 78 // 76 + 2**20
"""A message with all that attachments may hold: in base64, with its line ends, and the letter itself."""
LEAST_BYTES = 2**20
"""A digest at its longest with a draft letter of urging."""
EXTENSIONS = ("8bitmime", "smtputf8", "dsn", "pipelining")
_LOGIN_NEEDED = 530
_FOR_NOW = range(400, 500)


async def check_relay(talk: Talk) -> list[Finding]:
    """Return what was found, in the order it was looked at; a talk that broke off ends with why."""
    told: list[Finding] = []
    try:
        async with asyncio.timeout(talk.settings.timeout * LONGEST_TALK):
            async for one in _steps(talk):
                told.append(one)
    except EndsHere as end:
        told.append(end.finding)
    except TimeoutError:
        told.append(found("dialogue_silent", seconds=f"{talk.settings.timeout:g}"))
    except (SMTPException, OSError) as reason:
        told.append(found("dialogue_broken", reason=talk.words(reason)))
    return told


async def _steps(talk: Talk) -> AsyncIterator[Finding]:
    settings = talk.settings
    context = trusted(settings)
    connected, named = await dialled(talk)
    if named is not None:
        yield named
    yield found("connected", host=settings.host, port=settings.relay_port)
    client = client_on(talk, connected, context)
    held: asyncio.BaseTransport | None = None
    try:
        try:
            yield await greeted(talk, client)
            if settings.security == "starttls":
                await start_tls(talk, client)
        except ssl.SSLCertVerificationError as refusal:
            async for fault in certificate_faults(talk, refusal):
                yield fault
            return
        held = client.transport
        for one in _protection(talk, client):
            yield one
        yield await _logged_in(talk, client)
        async for one in _envelope(talk, client):
            yield one
        for one in _offers(client):
            yield one
        with suppress(SMTPException, OSError):  # all is said; a rude goodbye changes nothing
            await client.execute_command(b"QUIT")
    finally:
        await let_go(client, connected, held)


def _protection(talk: Talk, client: SMTP) -> Iterator[Finding]:
    settings = talk.settings
    if settings.security == "none":
        yield found("tls_off_loopback" if settings.is_local else "tls_off", host=settings.host)
        return
    talking: ssl.SSLObject = client.get_transport_info("ssl_object")
    yield found("tls_agreed", version=talking.version() or "-")
    yield judge_accepted(certificate_of(client), talk.now)


async def _logged_in(talk: Talk, client: SMTP) -> Finding:
    settings = talk.settings
    offered = ", ".join(method.upper() for method in client.server_auth_methods)
    if not settings.username:
        return found("login_not_used", methods=offered) if offered else found("login_none")
    if not offered:
        raise EndsHere(found("login_not_offered", username=settings.username))
    try:
        await client.login(settings.username, settings.password)
    except SMTPAuthenticationError as refused:
        code = "login_failed" if refused.code in _FOR_NOW else "login_refused"
        told = {"username": settings.username, "answer": talk.words(refused)}
        raise EndsHere(found(code, **told)) from refused
    except SMTPException as reason:  # no method both sides know
        if isinstance(reason, OSError):
            raise
        told = {"username": settings.username, "answer": talk.words(reason)}
        raise EndsHere(found("login_failed", **told)) from reason
    return found("login_accepted", username=settings.username, methods=offered)


async def _envelope(talk: Talk, client: SMTP) -> AsyncIterator[Finding]:
    """Tell sender and recipient as a letter would, take both back, and try the way bounces would come."""
    address = talk.settings.sender_address
    refused = await _refusal(client.mail(address))
    if refused is not None:
        raise EndsHere(_of_sender(talk, refused))
    yield found("sender_accepted", address=address)
    if not talk.recipient:
        yield found("recipient_none")
        refused = None
    else:
        refused = await _refusal(client.rcpt(talk.recipient))
        yield _of_recipient(talk, refused)
    await client.rset()
    if refused is not None:
        return
    refused = await _refusal(client.mail(talk.probe))
    if refused is None and talk.recipient:  # many relays judge the sender when they hear of a recipient
        refused = await _refusal(client.rcpt(talk.recipient))
    await client.rset()
    if refused is None:
        yield found("return_path_accepted", address=talk.probe)
    else:
        yield found("return_path_refused", address=talk.probe, answer=talk.words(refused))


async def _refusal(asked: Awaitable[object]) -> SMTPResponseException | None:
    try:
        await asked
    except SMTPResponseException as refused:
        return refused
    return None


def _of_sender(talk: Talk, refused: SMTPResponseException) -> Finding:
    told = {"address": talk.settings.sender_address, "answer": talk.words(refused)}
    if refused.code == _LOGIN_NEEDED:
        return found("sender_needs_login", **told)
    return found("sender_put_off" if refused.code in _FOR_NOW else "sender_refused", **told)


def _of_recipient(talk: Talk, refused: SMTPResponseException | None) -> Finding:
    if refused is None:
        return found("recipient_accepted", address=talk.recipient)
    code = "recipient_put_off" if refused.code in _FOR_NOW else "recipient_refused"
    return found(code, address=talk.recipient, answer=talk.words(refused))


def _offers(client: SMTP) -> Iterator[Finding]:
    yield size_finding(client.esmtp_extensions.get("size"))
    for name in EXTENSIONS:
        yield found(f"{name}_{'offered' if client.supports_extension(name) else 'missing'}")


def size_finding(told: str | None) -> Finding:
    """Judge the relay's word on size (RFC 1870): absent, 0 for no limit, or bytes."""
    limit = int(told) if told and told.strip().isdigit() else 0
    if not limit:
        return found("size_untold")
    sizes = {"limit": _megabytes(limit), "needed": _megabytes(NEEDED_BYTES)}
    if limit >= NEEDED_BYTES:
        return found("size_enough", **sizes)
    return found("size_tiny" if limit < LEAST_BYTES else "size_small", **sizes)


def _megabytes(size: int) -> str:
    return f"{size / 2**20:.1f}".removesuffix(".0")
