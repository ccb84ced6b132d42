"""A mail relay on loopback that keeps what it takes and answers each reader as it is told."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.flows.cast import Mail, mail_of
from tests.mail_server import free_port, listening

__all__ = ["TAKEN", "Relay", "free_port", "listening", "relay_settings"]

TAKEN = "250 OK"


@dataclass
class Relay:
    """``rcpt`` and ``data`` are answers by reader ("huong"); without one the letter is taken."""

    taken: list[Mail] = field(default_factory=list)
    rcpt: dict[str, str] = field(default_factory=dict)
    data: dict[str, str] = field(default_factory=dict)
    senders: list[str] = field(default_factory=list)
    """The return paths of what was taken."""
    breaks_off_for: set[str] = field(default_factory=set)
    """Readers whose letter is taken, and the connection cut before the answer."""

    async def handle_RCPT(  # noqa: N802  # aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.rcpt.get(address.partition("@")[0], TAKEN)
        if answer == TAKEN:
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        mail = mail_of(envelope.content)
        answer = self.data.get(mail.to, TAKEN)
        if answer == TAKEN:
            self.taken.append(mail)
            self.senders.append(str(envelope.mail_from))
        if mail.to in self.breaks_off_for:
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
        return answer

    def readers(self) -> list[str]:
        return sorted(mail.to for mail in self.taken)


def relay_settings(port: int) -> Mapping[str, object]:
    return {
        "kind": "smtp",
        "sender_address": "dondoc@example.vn",
        "host": "127.0.0.1",
        "port": port,
        "security": "none",
        "timeout": 5.0,
    }
