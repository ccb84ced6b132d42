"""Handing one letter over: what may come of it, and when to try again."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from types import TracebackType
from typing import Literal, Protocol, Self

from notifications.mime import is_address
from tasks_catalog.problem import Refused

RETRY_MINUTES = (2, 5, 15, 30, 60, 120, 240)
"""How long to wait after the 1st, 2nd ... failed attempt: about eight hours in all.

After that the letter is dead and shown: a late reminder is a wrong reminder, so it is composed anew
rather than sent stale.
"""

DeliveryState = Literal["sent", "deferred", "dead", "unknown"]
DEFAULT_PORTS = {"none": 25, "starttls": 587, "tls": 465}
TAKEN_OVER = "another process took the letter over"
_TIMEOUT_SECONDS = (1, 600)
_CONNECTIONS = (1, 32)
_RETURN_NAME = 64 - len("+1y2p0ij32e8e7-abcdefghij234567")
_SELECTOR = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?(?:\.[A-Za-z0-9_-]{1,63})*\Z")


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """One message on its way: ready bytes, and the addresses the relay is told."""

    message_id: str
    sender: str
    recipient: str
    data: bytes


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of one attempt, with the relay's own words.

    ``sent``: taken over. ``deferred``: not taken, worth another attempt. ``dead``: refused for good.
    ``unknown``: the connection broke after the content had left, so it may have been taken; only a
    person decides whether it goes out again (RFC 1047; RFC 5321, 6.1).
    """

    state: DeliveryState
    answer: str
    of_relay: bool = False
    """The relay could not be used at all, whatever the letter: the next one would fare the same."""


Begin = Callable[[], bool]
"""Asked once, before the content leaves: keeps that it is about to, and says whether it still may."""


def at_once() -> bool:
    """Nothing is kept: for a letter that no outbox holds, such as a test letter."""
    return True


class Mailer(Protocol):
    """A way letters leave; its connection is kept between ``async with`` and its end."""

    async def deliver(self, envelope: Envelope, begin: Begin = at_once) -> Outcome:
        """Hand one message over. Whatever the relay does comes back as an Outcome.

        What ``begin`` raises is raised, and nothing was sent then.
        """
        ...

    async def __aenter__(self) -> Self: ...

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class MailSettingsRefused(Refused):
    """Settings no letter could leave by, or that would give a password away."""


@dataclass(frozen=True, kw_only=True)
class MailSettings:
    """How the office's letters leave. Raises MailSettingsRefused for what could not work."""

    kind: Literal["maildir", "smtp"]
    sender_address: str
    sender_name: str = ""
    folder: Path | None = None
    host: str = ""
    port: int | None = None
    """None is the usual port of ``security``: 25, 587, 465."""
    security: Literal["none", "starttls", "tls"] = "starttls"
    username: str = ""
    password: str = field(default="", repr=False)
    ca_file: Path | None = None
    """Certificates trusted besides the system's, for a relay of the organisation's own."""
    timeout: float = 30.0
    """Seconds to wait for each answer of the relay."""
    connections: int = 4
    """How many letters go to the relay side by side, each over a connection that is kept."""
    rate_per_minute: int = 0
    """Letters a minute at most, for a relay that takes no more; 0 is no limit."""
    return_address: str = ""
    """Where bounces come back to, told apart by "+" and a signature; "": to ``sender_address``, unsigned."""
    dkim_selector: str = ""
    """The selector the relay signs with, where ``doctor mail`` is to look its key up."""
    resolver: str = ""
    """The name server ``doctor mail`` asks, as an address and perhaps a port; "" is the system's."""

    def __post_init__(self) -> None:
        if not is_address(self.sender_address):
            raise MailSettingsRefused("mail_sender_wrong", address=self.sender_address or "-")
        if self.return_address and not is_return_address(self.return_address):
            raise MailSettingsRefused("mail_return_wrong", address=self.return_address)
        if self.kind == "maildir":
            if self.folder is None:
                raise MailSettingsRefused("mail_folder_missing")
        elif self.kind == "smtp":
            self._check_relay()
        else:
            raise MailSettingsRefused("mail_kind_unknown", kind=self.kind, known="maildir, smtp")
        if self.dkim_selector and not _SELECTOR.match(self.dkim_selector):
            raise MailSettingsRefused("mail_selector_wrong", selector=self.dkim_selector)
        if self.resolver and self.name_server is None:
            raise MailSettingsRefused("mail_resolver_wrong", resolver=self.resolver)

    def _check_relay(self) -> None:
        shortest, longest = _TIMEOUT_SECONDS
        if not self.host or any(c.isspace() or not c.isprintable() for c in self.host):
            raise MailSettingsRefused("mail_host_wrong", host=self.host or "-")
        if self.security not in DEFAULT_PORTS:
            known = ", ".join(DEFAULT_PORTS)
            raise MailSettingsRefused("mail_security_unknown", security=self.security, known=known)
        if self.port is not None and not 0 < self.port < 65536:
            raise MailSettingsRefused("mail_port_wrong", port=self.port)
        if not shortest <= self.timeout <= longest:
            raise MailSettingsRefused(
                "mail_timeout_wrong", timeout=self.timeout, least=shortest, most=longest
            )
        if not _CONNECTIONS[0] <= self.connections <= _CONNECTIONS[1]:
            least, most = _CONNECTIONS
            raise MailSettingsRefused(
                "mail_connections_wrong", connections=self.connections, least=least, most=most
            )
        if self.rate_per_minute < 0:
            raise MailSettingsRefused("mail_rate_wrong", rate=self.rate_per_minute)
        if bool(self.username) != bool(self.password):
            raise MailSettingsRefused("mail_login_half")
        if self.password and self.security == "none" and not self.is_local:
            raise MailSettingsRefused("mail_password_unprotected", host=self.host)

    @property
    def relay_port(self) -> int:
        return self.port or DEFAULT_PORTS[self.security]

    @property
    def is_local(self) -> bool:
        """Say whether the relay stands on this machine."""
        return is_loopback(self.host)

    @property
    def name_server(self) -> tuple[str, int] | None:
        """Return address and port of ``resolver``; None for the system's, or for what names none."""
        address, bracketed, port = self.resolver.removeprefix("[").partition("]")
        if not bracketed and address.count(":") == 1:
            address, _, port = address.partition(":")
        port = port.removeprefix(":") or "53"
        try:
            ip_address(address)
        except ValueError:  # a name: who would look it up?
            return None
        return (address, int(port)) if port.isdecimal() and 0 < int(port) < 65536 else None

    @property
    def domain(self) -> str:
        """The domain of Message-IDs and of the greeting: configured, never asked of the machine."""
        return self.sender_address.rpartition("@")[2]


def is_return_address(address: str) -> bool:
    """Say whether a signature fits behind the name: 64 octets in all (RFC 5321, 4.5.3.1.1), no "+" yet."""
    local = address.partition("@")[0]
    return is_address(address) and "+" not in local and len(local) <= _RETURN_NAME


def attempts_to_come(attempts: int, last: datetime) -> tuple[datetime, ...]:
    """Return when a letter would be tried after ``attempts`` attempts, should each fail at once."""
    times: list[datetime] = []
    while (again := next_attempt(attempts + len(times), times[-1] if times else last)) is not None:
        times.append(again)
    return tuple(times)


def next_attempt(attempts: int, now: datetime) -> datetime | None:
    """Return when to try again after ``attempts`` attempts (from 1), or None: give up and show it."""
    if attempts > len(RETRY_MINUTES):
        return None
    return now + timedelta(minutes=RETRY_MINUTES[max(attempts, 1) - 1])


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:  # a name, and not that of this machine
        return False
