"""Real relays on loopback: what each of their answers, and each way of breaking off, means for a letter."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword, Session
from aiosmtpd.smtp import Envelope as Received
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from notifications.deliver import Envelope, MailSettings, Outcome
from notifications.smtp import SmtpMailer
from tests.mail_server import listening

DATA = b"Subject: x\r\n\r\nKinh gui\r\n.\r\n..hai cham\r\n"


class Relay:
    """A relay that keeps what it takes and answers as it is told."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, str, bytes]] = []
        self.sessions: list[Session] = []
        self.servers: list[SMTP] = []
        self.rcpt = "250 OK"
        self.data = "250 OK taken as 42"
        self.mail = "250 OK"
        self.breaks_off_after_data = False
        self.silent_after_data = False
        self.on_connect: Callable[[], None] = lambda: None

    async def handle_EHLO(  # noqa: N802 (aiosmtpd's name)
        self, server: SMTP, session: Session, envelope: Received, hostname: str, answers: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self.sessions.append(session)
        self.servers.append(server)
        self.on_connect()
        return answers

    async def handle_MAIL(  # noqa: N802 (aiosmtpd's name)
        self, server: SMTP, session: Session, envelope: Received, address: str, options: list[str]
    ) -> str:
        if self.mail.startswith("250"):
            envelope.mail_from = address
        return self.mail

    async def handle_RCPT(  # noqa: N802 (aiosmtpd's name)
        self, server: SMTP, session: Session, envelope: Received, address: str, options: list[str]
    ) -> str:
        answer = "550 5.1.1 no such user" if address.startswith("poison") else self.rcpt
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Received) -> str:  # noqa: N802 (aiosmtpd's name)
        content = envelope.content
        assert isinstance(content, bytes)
        if self.data.startswith("250"):
            self.taken.append((envelope.mail_from or "", envelope.rcpt_tos[0], content))
        if self.breaks_off_after_data:
            cut_off(server)
        if self.silent_after_data:
            await asyncio.Event().wait()
        return self.data


def cut_off(server: SMTP) -> None:
    """Break the connection as a fallen relay does: no goodbye, nothing flushed."""
    assert isinstance(server.transport, asyncio.Transport)
    server.transport.abort()


@pytest.fixture
def relay() -> Relay:
    return Relay()


def settings(port: int, **more: object) -> MailSettings:
    told: dict[str, object] = {
        "kind": "smtp",
        "sender_address": "dondoc@sct.example.vn",
        "host": "127.0.0.1",
        "port": port,
        "security": "none",
        "timeout": 5.0,
    }
    return MailSettings(**(told | more))  # type: ignore[arg-type]


def letter(recipient: str = "an@example.vn", data: bytes = DATA) -> Envelope:
    return Envelope(
        message_id="<1@sct.example.vn>", sender="dondoc@sct.example.vn", recipient=recipient, data=data
    )


def send(
    how: MailSettings, *letters: Envelope, between: Callable[[int], None] = lambda n: None
) -> list[Outcome]:
    async def run() -> list[Outcome]:
        outcomes = []
        async with SmtpMailer(how) as mailer:
            for n, envelope in enumerate(letters):
                outcomes.append(await mailer.deliver(envelope))
                await asyncio.to_thread(between, n)
        return outcomes

    return asyncio.run(run())


def test_an_accepted_letter_is_sent_with_the_relays_words(relay: Relay) -> None:
    with listening(relay) as port:
        (outcome,) = send(settings(port), letter())
    assert outcome == Outcome(state="sent", answer="250 OK taken as 42")
    assert relay.taken == [("dondoc@sct.example.vn", "an@example.vn", DATA)]


def test_many_letters_go_over_one_connection(relay: Relay) -> None:
    with listening(relay) as port:
        outcomes = send(settings(port), *(letter(f"p{n}@example.vn") for n in range(20)))
    assert {outcome.state for outcome in outcomes} == {"sent"}
    assert len(relay.sessions) == 1
    assert relay.sessions[0].host_name == "sct.example.vn"


@pytest.mark.parametrize(
    ("step", "answer", "state", "of_relay"),
    [
        pytest.param("rcpt", "550 5.1.1 no such user", "dead", False, id="an unknown recipient is dead"),
        pytest.param("rcpt", "450 4.2.1 mailbox busy", "deferred", False, id="a busy mailbox is tried again"),
        pytest.param(
            "rcpt", "452 4.5.3 too many", "deferred", False, id="too many recipients is tried again"
        ),
        pytest.param("data", "554 5.7.1 refused as spam", "dead", False, id="a refused content is dead"),
        pytest.param("data", "451 4.3.0 try later", "deferred", False, id="a content put off is tried again"),
        pytest.param(
            "mail",
            "550 5.7.1 sender unknown",
            "dead",
            True,
            id="our sender refused is the relay's word on all",
        ),
        pytest.param("mail", "552 5.3.4 too large", "dead", False, id="a letter too large is dead alone"),
        pytest.param(
            "mail", "451 4.7.1 greylisted", "deferred", True, id="a greylisted sender is tried again"
        ),
    ],
)
def test_a_coded_answer_is_known_not_to_be_accepted(
    relay: Relay, step: str, answer: str, state: str, of_relay: bool
) -> None:
    setattr(relay, step, answer)
    with listening(relay) as port:
        (outcome,) = send(settings(port), letter())
    assert (outcome.state, outcome.answer, outcome.of_relay) == (state, answer, of_relay)
    assert relay.taken == []


@pytest.mark.parametrize("at", [0, 1, 2], ids=["first", "in the middle", "last"])
def test_one_bad_recipient_stops_nobody_else(relay: Relay, at: int) -> None:
    letters = [letter("an@example.vn"), letter("binh@example.vn")]
    letters.insert(at, letter("poison@example.vn"))
    with listening(relay) as port:
        outcomes = send(settings(port), *letters)
    assert outcomes[at].state == "dead"
    assert [recipient for _, recipient, _ in relay.taken] == ["an@example.vn", "binh@example.vn"]
    assert len(relay.sessions) == 1


def test_broken_off_after_the_content_nobody_knows(relay: Relay) -> None:
    relay.breaks_off_after_data = True
    with listening(relay) as port:
        (outcome,) = send(settings(port), letter())
    assert outcome.state == "unknown"
    assert len(relay.taken) == 1


def test_silence_after_the_content_nobody_knows(relay: Relay) -> None:
    relay.silent_after_data = True
    with listening(relay) as port:
        (outcome,) = send(settings(port, timeout=1.0), letter())
    assert outcome.state == "unknown"
    assert len(relay.taken) == 1


def test_after_an_unknown_the_next_letter_goes_over_a_new_connection(relay: Relay) -> None:
    relay.breaks_off_after_data = True

    def mend(n: int) -> None:
        relay.breaks_off_after_data = False

    with listening(relay) as port:
        outcomes = send(settings(port), letter(), letter("binh@example.vn"), between=mend)
    assert [outcome.state for outcome in outcomes] == ["unknown", "sent"]
    assert [recipient for _, recipient, _ in relay.taken] == ["an@example.vn", "binh@example.vn"]


def test_no_relay_defers_the_letter_and_says_it_is_the_relay() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        (outcome,) = send(settings(unused.getsockname()[1], timeout=2.0), letter())
    assert outcome.state == "deferred"
    assert outcome.of_relay


def test_a_relay_that_hung_up_in_between_is_called_again(relay: Relay) -> None:
    def hang_up(n: int) -> None:
        server = relay.servers[-1]
        server.loop.call_soon_threadsafe(cut_off, server)

    with listening(relay) as port:
        outcomes = send(settings(port), letter(), letter("binh@example.vn"), between=hang_up)
    assert [outcome.state for outcome in outcomes] == ["sent", "sent"]
    assert [recipient for _, recipient, _ in relay.taken] == ["an@example.vn", "binh@example.vn"]


def test_a_relay_that_says_it_is_closing_is_called_again(relay: Relay) -> None:
    def close(n: int) -> None:
        relay.mail = "421 4.4.2 closing idle connection"

    def answers() -> None:
        relay.mail = "250 OK"

    relay.on_connect = answers
    with listening(relay) as port:
        outcomes = send(settings(port), letter(), letter("binh@example.vn"), between=close)
    assert [outcome.state for outcome in outcomes] == ["sent", "sent"]
    assert len(relay.sessions) == 2


def test_a_relay_that_went_away_defers_and_is_called_again_when_it_is_back(relay: Relay) -> None:
    with asyncio.Runner() as runner:
        with listening(relay) as port:
            mailer = SmtpMailer(settings(port, timeout=2.0))
            outcomes = [runner.run(mailer.deliver(letter()))]
        outcomes.append(runner.run(mailer.deliver(letter("binh@example.vn"))))
        with listening(relay, port):
            outcomes.append(runner.run(mailer.deliver(letter("binh@example.vn"))))
            runner.run(mailer.__aexit__(None, None, None))
    assert [outcome.state for outcome in outcomes] == ["sent", "deferred", "sent"]
    assert [recipient for _, recipient, _ in relay.taken] == ["an@example.vn", "binh@example.vn"]


@pytest.mark.parametrize(
    "recipient",
    [
        pytest.param("ân@example.vn", id="beyond ASCII"),
        pytest.param("an@example.vn>\r\nRCPT TO:<all@example.vn", id="with a command in it"),
        pytest.param("", id="empty"),
    ],
)
def test_an_address_that_cannot_be_told_is_dead_before_anything_is_said(relay: Relay, recipient: str) -> None:
    with listening(relay) as port:
        outcomes = send(settings(port), letter(recipient), letter())
    assert [outcome.state for outcome in outcomes] == ["dead", "sent"]
    assert [to for _, to, _ in relay.taken] == ["an@example.vn"]


def test_letters_given_at_once_take_turns(relay: Relay) -> None:
    async def run(how: MailSettings) -> list[str]:
        async with SmtpMailer(how) as mailer:
            outcomes = await asyncio.gather(*(mailer.deliver(letter(f"p{n}@example.vn")) for n in range(8)))
        return [outcome.state for outcome in outcomes]

    with listening(relay) as port:
        assert asyncio.run(run(settings(port))) == ["sent"] * 8
    assert len(relay.sessions) == 1


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and a certificate for 127.0.0.1 signed by itself, in one PEM file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "relay.example.vn")])
    today = datetime(2022, 1, 1, tzinfo=UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(today)
        .not_valid_after(today + timedelta(days=36500))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "relay.pem"
    plain = serialization.NoEncryption()
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return file


@pytest.fixture
def tls(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def allow(server: SMTP, session: Session, envelope: Received, mechanism: str, given: object) -> AuthResult:
    right = isinstance(given, LoginPassword) and (given.login, given.password) == (b"dondoc", b"bi-mat")
    return AuthResult(success=right, handled=False)


def test_starttls_with_a_login(relay: Relay, tls: ssl.SSLContext, certificate: Path) -> None:
    with listening(
        relay, tls_context=tls, require_starttls=True, authenticator=allow, auth_required=True
    ) as port:
        known = {"security": "starttls", "ca_file": certificate, "username": "dondoc"}
        (outcome,) = send(settings(port, password="bi-mat", **known), letter())
        (refused,) = send(settings(port, password="sai", **known), letter())
    assert outcome.state == "sent"
    assert relay.sessions[-1].ssl is not None
    assert (refused.state, refused.of_relay, refused.answer[:3]) == ("dead", True, "535")
    assert len(relay.taken) == 1


def test_implicit_tls(relay: Relay, tls: ssl.SSLContext, certificate: Path) -> None:
    with listening(relay, ssl_context=tls) as port:
        (outcome,) = send(settings(port, security="tls", ca_file=certificate), letter())
    assert outcome.state == "sent"


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_certificate_nobody_vouches_for_gets_no_letter(
    relay: Relay, tls: ssl.SSLContext, security: str
) -> None:
    at_once, later = (tls, None) if security == "tls" else (None, tls)
    with listening(relay, ssl_context=at_once, tls_context=later) as port:
        (outcome,) = send(settings(port, security=security), letter())
    assert (outcome.state, outcome.of_relay) == ("deferred", True)
    assert "certificate" in outcome.answer.lower()
    assert relay.taken == []


def test_a_relay_without_starttls_gets_no_letter_in_the_open(relay: Relay) -> None:
    with listening(relay) as port:
        (outcome,) = send(settings(port, security="starttls"), letter())
    assert (outcome.state, outcome.of_relay) == ("deferred", True)
    assert relay.taken == []
