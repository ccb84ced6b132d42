"""Real servers on loopback: relays that answer as told, certificates of every kind, a name server."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from notifications.deliver import MailSettings

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
PASSWORD = "bi-mat"
SENDER = "dondoc@sct.example.vn"
READER = "chi@sct.example.vn"


@dataclass
class Relay:
    """A relay that notes what it is told and answers by the start of the address."""

    mail: dict[str, str] = field(default_factory=dict)
    rcpt: dict[str, str] = field(default_factory=dict)
    offers: tuple[str, ...] = ()
    told: list[str] = field(default_factory=list)
    taken: list[bytes] = field(default_factory=list)

    async def handle_EHLO(  # noqa: N802 (aiosmtpd's name)
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, answers: list[str]
    ) -> list[str]:
        session.host_name = hostname
        return [*answers[:-1], *(f"250-{offer}" for offer in self.offers), answers[-1]]

    async def handle_MAIL(  # noqa: N802 (aiosmtpd's name)
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = _answer(self.mail, address)
        self.told.append(f"MAIL {address}")
        if answer.startswith("250"):
            envelope.mail_from = address
        return answer

    async def handle_RCPT(  # noqa: N802 (aiosmtpd's name)
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = _answer(self.rcpt, address)
        self.told.append(f"RCPT {address}")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_RSET(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 (aiosmtpd's name)
        self.told.append("RSET")
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 (aiosmtpd's name)
        assert isinstance(envelope.content, bytes)
        self.taken.append(envelope.content)
        return "250 2.0.0 taken as 42"


def _answer(answers: Mapping[str, str], address: str) -> str:
    return next((said for start, said in answers.items() if address.startswith(start)), "250 OK")


def login(server: SMTP, session: Session, envelope: Envelope, mechanism: str, given: object) -> AuthResult:
    """Know one user; to anybody else repeat the password, as a careless relay does."""
    assert isinstance(given, LoginPassword)
    right = (given.login, given.password) == (b"dondoc", PASSWORD.encode())
    said = f"535 5.7.8 no: {given.login.decode()}/{given.password.decode()}"
    return AuthResult(success=right, handled=False, message=None if right else said)


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def listening(relay: Relay, **how: Any) -> Iterator[int]:
    controller = Controller(relay, hostname="127.0.0.1", port=free_port(), **how)
    controller.start()
    try:
        yield controller.port
    finally:
        asyncio.run_coroutine_threadsafe(_notice_who_left(), controller.loop).result()
        controller.stop(no_assert=True)


async def _notice_who_left() -> None:
    """Let the relay's loop turn, so that connections its clients dropped are closed before it stops."""
    for _ in range(20):
        await asyncio.sleep(0)


@contextmanager
def scripted(*answers: bytes) -> Iterator[int]:
    """Serve connections that say the first answer, then one for each line heard; then hold their tongue.

    An empty answer hangs up.
    """
    server = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=_play, args=(server, answers), daemon=True).start()
    try:
        yield server.getsockname()[1]
    finally:
        server.shutdown(socket.SHUT_RDWR)
        server.close()


def _play(server: socket.socket, answers: Sequence[bytes]) -> None:
    while True:
        try:
            connection, _ = server.accept()
        except OSError:  # the test is over
            return
        with connection, connection.makefile("rb") as heard:
            for n, answer in enumerate(answers):
                if (n and not heard.readline()) or not answer:
                    break
                connection.sendall(answer)
            else:
                while heard.readline():
                    pass


def settings(port: int, **more: object) -> MailSettings:
    told: dict[str, object] = {
        "kind": "smtp",
        "sender_address": SENDER,
        "host": "127.0.0.1",
        "port": port,
        "security": "none",
        "timeout": 5.0,
    }
    return MailSettings(**(told | more))  # type: ignore[arg-type]


@dataclass(frozen=True, kw_only=True)
class Issued:
    """A certificate with its key; ``file`` holds both, the certificate first."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey
    file: Path

    def server_side(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.file)
        return context


def issue(
    folder: Path,
    name: str,
    *,
    names: Sequence[str] = ("127.0.0.1",),
    since: datetime = datetime(2022, 1, 1, tzinfo=UTC),
    until: datetime = datetime(2121, 1, 1, tzinfo=UTC),
    by: Issued | None = None,
) -> Issued:
    """Issue a certificate for ``names``, signed by its own key unless ``by`` another."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = _named(name)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by.certificate.subject if by else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(since)
        .not_valid_after(until)
        .add_extension(x509.SubjectAlternativeName([_general(each) for each in names]), critical=False)
        .add_extension(x509.BasicConstraints(ca=by is None, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key((by.key if by else key).public_key()),
            critical=False,
        )
        .sign(by.key if by else key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file = folder / f"{made.serial_number}.pem"
    file.write_bytes(made.public_bytes(pem) + private)
    return Issued(certificate=made, key=key, file=file)


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)


Zone = Mapping[tuple[str, str], Sequence[str]]
"""Answers by name and kind of record, as a zone file writes them; TXT records as their plain text."""


@contextmanager
def name_server(zone: Zone, refuses: bool = False) -> Iterator[str]:
    """Answer over UDP from ``zone``: names not in it do not exist. Yields "address:port"."""
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind(("127.0.0.1", 0))
    address, port = server.getsockname()
    thread = threading.Thread(target=_serve, args=(server, zone, refuses), daemon=True)
    thread.start()
    try:
        yield f"{address}:{port}"
    finally:
        server.sendto(b"", (address, port))  # an empty question ends the service
        thread.join()
        server.close()


def _serve(server: socket.socket, zone: Zone, refuses: bool) -> None:
    while True:
        wire, asker = server.recvfrom(4096)
        if not wire:
            return
        query = dns.message.from_wire(wire)
        answer = dns.message.make_response(query)
        answer.flags |= dns.flags.RA
        question = query.question[0]
        name, kind = question.name.to_text(omit_final_dot=True), dns.rdatatype.to_text(question.rdtype)
        if refuses:
            answer.set_rcode(dns.rcode.REFUSED)
        elif records := zone.get((name, kind)):
            texts = [quoted(each) if kind == "TXT" else each for each in records]
            answer.answer.append(dns.rrset.from_text_list(question.name, 60, "IN", kind, texts))
        elif not any(known == name for known, _ in zone):
            answer.set_rcode(dns.rcode.NXDOMAIN)
        server.sendto(answer.to_wire(max_size=65535), asker)


def quoted(text: str) -> str:
    """Return a text as strings of at most 255 bytes, each byte written so that no zone file mistakes it."""
    data = text.encode()
    pieces = [data[at : at + 255] for at in range(0, len(data), 255)] or [b""]
    return " ".join('"' + "".join(f"\\{byte:03}" for byte in piece) + '"' for piece in pieces)
