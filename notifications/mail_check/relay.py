"""A talk with the relay up to the point where a letter would begin: nothing is sent.

It goes the way a letter goes and notes each step: name, connection, greeting, TLS and certificate,
login, sender, recipient. Each answer is waited for as long as ``timeout`` says; the first silence
ends the talk. Only the look-up of the relay's name waits as long as the system's resolver does.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address

from aiosmtplib import (
    SMTP,
    SMTPAuthenticationError,
    SMTPConnectError,
    SMTPConnectResponseError,
    SMTPException,
    SMTPHeloError,
    SMTPResponseException,
)

from notifications.deliver import MailSettings
from notifications.mail_check.certificate import judge_accepted, judge_refused
from notifications.mail_check.finding import EndsHere, Finding, found
from notifications.mime import MAX_ATTACHED_BYTES, one_line
from notifications.smtp import trust_of

LONGEST_TALK = 3
"""How many times the wait for one answer the whole talk may take."""
NEEDED_BYTES = MAX_ATTACHED_BYTES * 4 // 3 * 78 // 76 + 2**20
"""A message with all that attachments may hold: in base64, with its line ends, and the letter itself."""
LEAST_BYTES = 2**20
"""A digest at its longest with a draft letter of urging."""
EXTENSIONS = ("8bitmime", "smtputf8", "dsn", "pipelining")
_NOT_TLS = ("WRONG_VERSION_NUMBER", "PACKET_LENGTH_TOO_LONG", "RECORD_LAYER_FAILURE")
_LOGIN_NEEDED = 530
_FOR_NOW = range(400, 500)


@dataclass(frozen=True, kw_only=True)
class Talk:
    """What is asked of the relay; ``recipient`` is "" where there is nobody to ask for."""

    settings: MailSettings
    recipient: str
    now: datetime

    @property
    def probe(self) -> str:
        """Another address of the sender's domain, such as bounces would come back to."""
        return f"probe@{self.settings.domain}"

    def words(self, reason: BaseException) -> str:
        """Return what the relay said; should it repeat the password, that is taken out."""
        if isinstance(reason, SMTPResponseException):
            said = f"{reason.code} {reason.message}"
        else:
            said = str(reason) or type(reason).__name__
        password = self.settings.password
        return one_line(said.replace(password, "…") if password else said)[:300]


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
    context = _trust(settings)
    connected, named = await _dialled(talk)
    if named is not None:
        yield named
    yield found("connected", host=settings.host, port=settings.relay_port)
    client = _client(talk, connected, context)
    held: asyncio.BaseTransport | None = None
    try:
        try:
            yield await _greeted(talk, client)
            if settings.security == "starttls":
                await _starttls(talk, client)
        except ssl.SSLCertVerificationError as refusal:
            async for fault in _certificate_faults(talk, refusal):
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
        await _let_go(client, connected, held)


def _trust(settings: MailSettings) -> ssl.SSLContext | None:
    if settings.security == "none":
        return None
    try:
        return trust_of(settings)
    except OSError as reason:  # not there, not to be read, or no certificates in it
        told = {"file": settings.ca_file, "reason": reason.strerror or str(reason)}
        raise EndsHere(found("ca_file_unreadable", **told)) from reason


async def _dialled(talk: Talk) -> tuple[socket.socket, Finding | None]:
    """Return a connection, and which addresses the relay's name stands for."""
    settings, loop = talk.settings, asyncio.get_running_loop()
    host, port = settings.host, settings.relay_port
    try:
        places = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as reason:  # UnicodeError: a label too long to be a name
        raise EndsHere(found("name_unknown", host=host, reason=talk.words(reason))) from reason
    named = found("name_found", host=host, addresses=", ".join(dict.fromkeys(str(p[4][0]) for p in places)))
    failed: OSError = OSError("-")
    for family, kind, protocol, _, address in places:
        connection = socket.socket(family, kind, protocol)
        connection.setblocking(False)
        try:
            async with asyncio.timeout(settings.timeout):
                await loop.sock_connect(connection, address)
        except OSError as reason:  # a time-out is one
            connection.close()
            failed = reason
        except asyncio.CancelledError:
            connection.close()
            raise
        else:
            return connection, None if _is_number(host) else named
    raise EndsHere(_not_connected(talk, failed))


def _not_connected(talk: Talk, reason: OSError) -> Finding:
    told = {"host": talk.settings.host, "port": talk.settings.relay_port}
    if isinstance(reason, ConnectionRefusedError):
        return found("connect_refused", **told)
    if isinstance(reason, TimeoutError):
        return found("connect_timeout", seconds=f"{talk.settings.timeout:g}", **told)
    return found("connect_failed", reason=talk.words(reason), **told)


def _is_number(host: str) -> bool:
    try:
        return bool(ip_address(host))
    except ValueError:
        return False


def _client(talk: Talk, connected: socket.socket, context: ssl.SSLContext | None) -> SMTP:
    return SMTP(
        hostname=talk.settings.host,
        sock=connected,
        local_hostname=talk.settings.domain,
        timeout=talk.settings.timeout,
        use_tls=talk.settings.security == "tls",
        start_tls=False,
        tls_context=context,
    )


async def _let_go(client: SMTP, connected: socket.socket, held: asyncio.BaseTransport | None) -> None:
    """Drop the connection at once: encryption would wait for the relay's goodbye.

    ``held`` is the transport as it was, which a client that hung up by itself has forgotten.
    """
    transport = client.transport or held
    client.close()
    if isinstance(transport, asyncio.Transport):
        transport.abort()
    await asyncio.sleep(0)  # the loop lets go of the socket before it is closed here
    connected.close()


async def _greeted(talk: Talk, client: SMTP) -> Finding:
    """Wait for the greeting (after the handshake, with implicit TLS), then introduce ourselves."""
    settings = talk.settings
    place = {"host": settings.host, "port": settings.relay_port}
    try:
        greeting = await client.connect()
        await client.ehlo()
    except SMTPConnectResponseError as refused:
        raise EndsHere(found("greeting_refused", answer=talk.words(refused))) from refused
    except SMTPHeloError as refused:
        raise EndsHere(found("ehlo_refused", name=settings.domain, answer=talk.words(refused))) from refused
    except SMTPResponseException as reason:  # no code where one should stand
        raise EndsHere(found("greeting_broken", reason=talk.words(reason), **place)) from reason
    except TimeoutError as silence:
        seconds = f"{settings.timeout:g}"
        raise EndsHere(found("greeting_silent", seconds=seconds, **place)) from silence
    except (SMTPConnectError, OSError) as reason:
        _raise_tls(talk, reason)
        raise EndsHere(found("greeting_broken", reason=talk.words(reason), **place)) from reason
    return found("greeted", answer=one_line(f"{greeting.code} {greeting.message}")[:300])


async def _starttls(talk: Talk, client: SMTP) -> None:
    settings = talk.settings
    if not client.supports_extension("starttls"):
        raise EndsHere(found("tls_missing", host=settings.host, port=settings.relay_port))
    try:
        await client.starttls()
        await client.ehlo()
    except SMTPResponseException as refused:  # 454: offered, and not to be had just now
        raise EndsHere(found("tls_refused", reason=talk.words(refused))) from refused
    except (SMTPException, OSError) as reason:
        _raise_tls(talk, reason)
        raise


def _raise_tls(talk: Talk, reason: BaseException) -> None:
    """Raise what a handshake failed by: a certificate to be judged, or a finding; return if it was no TLS."""
    cause: BaseException | None = reason
    while cause is not None and not isinstance(cause, ssl.SSLError):
        cause = cause.__cause__
    if cause is None:
        return
    if isinstance(cause, ssl.SSLCertVerificationError):
        raise cause
    if cause.reason in _NOT_TLS:
        place = {"host": talk.settings.host, "port": talk.settings.relay_port}
        raise EndsHere(found("tls_not_spoken", **place)) from reason
    raise EndsHere(found("tls_refused", reason=talk.words(cause))) from reason


async def _certificate_faults(talk: Talk, refusal: ssl.SSLCertVerificationError) -> AsyncIterator[Finding]:
    """Ask for the certificate once more, trusting nobody and saying nothing, and judge it by itself."""
    connected, _ = await _dialled(talk)
    blind = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    blind.check_hostname = False
    blind.verify_mode = ssl.CERT_NONE
    client = _client(talk, connected, blind)
    try:
        await _greeted(talk, client)
        if talk.settings.security == "starttls":
            await _starttls(talk, client)
        for fault in judge_refused(_shown(client), refusal, talk.settings.host, talk.now):
            yield fault
    finally:
        await _let_go(client, connected, client.transport)


def _shown(client: SMTP) -> bytes:
    talking: ssl.SSLObject = client.get_transport_info("ssl_object")
    return talking.getpeercert(binary_form=True) or b""


def _protection(talk: Talk, client: SMTP) -> Iterator[Finding]:
    settings = talk.settings
    if settings.security == "none":
        yield found("tls_off_loopback" if settings.is_local else "tls_off", host=settings.host)
        return
    talking: ssl.SSLObject = client.get_transport_info("ssl_object")
    yield found("tls_agreed", version=talking.version() or "-")
    yield judge_accepted(_shown(client), talk.now)


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
