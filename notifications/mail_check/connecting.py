"""Getting through to the relay: its name, a connection, the greeting, and encryption with its certificate."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address

from aiosmtplib import (
    SMTP,
    SMTPConnectError,
    SMTPConnectResponseError,
    SMTPException,
    SMTPHeloError,
    SMTPResponseException,
)

from notifications.deliver import MailSettings
from notifications.mail_check.certificate import judge_refused
from notifications.mail_check.finding import EndsHere, Finding, found
from notifications.mime import one_line
from notifications.smtp import trust_of

_NOT_TLS = ("WRONG_VERSION_NUMBER", "PACKET_LENGTH_TOO_LONG", "RECORD_LAYER_FAILURE")


@dataclass(frozen=True, kw_only=True)
class Talk:
    """What is asked of the relay; ``recipient`` is "" where there is nobody to ask for."""

    settings: MailSettings
    recipient: str
    now: datetime

    @property
    def probe(self) -> str:
        """Another address of the sender's domain, such as bounces would come back to."""
        local, _, domain = self.settings.return_address.rpartition("@")
        return f"{local}+0-{'a' * 16}@{domain}" if local else f"probe@{self.settings.domain}"

    def words(self, reason: BaseException) -> str:
        """Return what the relay said; should it repeat the password, that is taken out."""
        if isinstance(reason, SMTPResponseException):
            said = f"{reason.code} {reason.message}"
        else:
            said = str(reason) or type(reason).__name__
        password = self.settings.password
        return one_line(said.replace(password, "…") if password else said)[:300]


def trusted(settings: MailSettings) -> ssl.SSLContext | None:
    if settings.security == "none":
        return None
    try:
        return trust_of(settings)
    except OSError as reason:  # not there, not to be read, or no certificates in it
        told = {"file": settings.ca_file, "reason": reason.strerror or str(reason)}
        raise EndsHere(found("ca_file_unreadable", **told)) from reason


async def dialled(talk: Talk) -> tuple[socket.socket, Finding | None]:
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


def client_on(talk: Talk, connected: socket.socket, context: ssl.SSLContext | None) -> SMTP:
    return SMTP(
        hostname=talk.settings.host,
        sock=connected,
        local_hostname=talk.settings.domain,
        timeout=talk.settings.timeout,
        use_tls=talk.settings.security == "tls",
        start_tls=False,
        tls_context=context,
    )


async def let_go(client: SMTP, connected: socket.socket, held: asyncio.BaseTransport | None) -> None:
    """Drop the connection at once: encryption would wait for the relay's goodbye.

    ``held`` is the transport as it was, which a client that hung up by itself has forgotten.
    """
    transport = client.transport or held
    client.close()
    if isinstance(transport, asyncio.Transport):
        transport.abort()
    await asyncio.sleep(0)  # the loop lets go of the socket before it is closed here
    connected.close()


async def greeted(talk: Talk, client: SMTP) -> Finding:
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


async def start_tls(talk: Talk, client: SMTP) -> None:
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


async def certificate_faults(talk: Talk, refusal: ssl.SSLCertVerificationError) -> AsyncIterator[Finding]:
    """Ask for the certificate once more, trusting nobody and saying nothing, and judge it by itself."""
    connected, _ = await dialled(talk)
    blind = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    blind.check_hostname = False
    blind.verify_mode = ssl.CERT_NONE
    client = client_on(talk, connected, blind)
    try:
        await greeted(talk, client)
        if talk.settings.security == "starttls":
            await start_tls(talk, client)
        for fault in judge_refused(certificate_of(client), refusal, talk.settings.host, talk.now):
            yield fault
    finally:
        await let_go(client, connected, client.transport)


def certificate_of(client: SMTP) -> bytes:
    talking: ssl.SSLObject = client.get_transport_info("ssl_object")
    return talking.getpeercert(binary_form=True) or b""
