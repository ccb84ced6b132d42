"""What a talk with a relay finds, up to the point where a letter would begin."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

import pytest

from notifications.deliver import MailSettings
from notifications.mail_check.connecting import Talk
from notifications.mail_check.finding import Finding
from notifications.mail_check.relay import NEEDED_BYTES, check_relay, size_finding
from notifications.mime import MAX_ATTACHED_BYTES, Attachment, Mailbox, message_bytes
from tests.notifications.mail_check.cast import (
    NOW,
    PASSWORD,
    READER,
    SENDER,
    Issued,
    Relay,
    free_port,
    issue,
    listening,
    login,
    scripted,
    settings,
)

YEAR_2021 = datetime(2021, 1, 1, tzinfo=UTC)
YEAR_2100 = datetime(2100, 1, 1, tzinfo=UTC)


def look(how: MailSettings, recipient: str = READER, now: datetime = NOW) -> list[Finding]:
    return asyncio.run(check_relay(Talk(settings=how, recipient=recipient, now=now)))


def codes(findings: list[Finding]) -> list[str]:
    return [one.code for one in findings]


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Issued:
    return issue(tmp_path_factory.mktemp("tls"), "relay.example.vn")


def test_a_relay_that_is_well_is_looked_at_step_by_step_and_gets_no_letter(certificate: Issued) -> None:
    relay = Relay(offers=("DSN", "PIPELINING"))
    how = {"security": "starttls", "ca_file": certificate.file, "username": "dondoc", "password": PASSWORD}
    with listening(
        relay,
        tls_context=certificate.server_side(),
        require_starttls=True,
        authenticator=login,
        auth_required=True,
        data_size_limit=NEEDED_BYTES,
        enable_SMTPUTF8=False,
    ) as port:
        found = look(settings(port, **how))
    assert codes(found) == [
        "connected",
        "greeted",
        "tls_agreed",
        "certificate_good",
        "login_accepted",
        "sender_accepted",
        "recipient_accepted",
        "return_path_accepted",
        "size_enough",
        "8bitmime_offered",
        "smtputf8_missing",
        "dsn_offered",
        "pipelining_offered",
    ]
    assert not any(one.hinders for one in found)
    assert relay.told == [
        f"MAIL {SENDER}",
        f"RCPT {READER}",
        "RSET",
        "MAIL probe@sct.example.vn",
        f"RCPT {READER}",
        "RSET",
    ]
    assert relay.taken == []


def test_implicit_tls_is_looked_at_the_same_way(certificate: Issued) -> None:
    with listening(Relay(), ssl_context=certificate.server_side()) as port:
        found = look(settings(port, security="tls", ca_file=certificate.file))
    assert codes(found)[:5] == ["connected", "greeted", "tls_agreed", "certificate_good", "login_none"]
    assert str(found[2].params["version"]).startswith("TLSv1.")


@pytest.mark.parametrize(
    ("mail", "rcpt", "code", "hinders"),
    [
        pytest.param({"dondoc": "550 5.7.1 not yours"}, {}, "sender_refused", True, id="our sender refused"),
        pytest.param({"dondoc": "530 5.7.0 log in"}, {}, "sender_needs_login", True, id="a login is wanted"),
        pytest.param({"dondoc": "451 4.7.1 greylisted"}, {}, "sender_put_off", False, id="sender greylisted"),
        pytest.param({}, {"chi": "550 5.1.1 nobody"}, "recipient_refused", True, id="recipient unknown"),
        pytest.param({}, {"chi": "450 4.2.1 busy"}, "recipient_put_off", False, id="recipient put off"),
        pytest.param(
            {"probe": "553 5.7.1 not owned"}, {}, "return_path_refused", False, id="only our one address may"
        ),
    ],
)
def test_what_the_relay_refuses_is_quoted(
    mail: dict[str, str], rcpt: dict[str, str], code: str, hinders: bool
) -> None:
    relay = Relay(mail=mail, rcpt=rcpt)
    with listening(relay) as port:
        found = look(settings(port))
    (one,) = (one for one in found if one.code == code)
    assert one.hinders is hinders
    assert one.params["answer"] == next(iter((mail | rcpt).values()))
    assert relay.taken == []


def test_without_anybody_to_ask_about_the_recipient_is_left_out() -> None:
    relay = Relay()
    with listening(relay) as port:
        found = look(settings(port), recipient="")
    assert "recipient_none" in codes(found)
    assert not any(one.startswith("RCPT") for one in relay.told)
    assert "return_path_accepted" in codes(found)


def test_a_refused_login_quotes_the_user_and_never_the_password(certificate: Issued) -> None:
    how = {"security": "starttls", "ca_file": certificate.file, "username": "dondoc", "password": "sai-roi"}
    relay = Relay()
    with listening(
        relay, tls_context=certificate.server_side(), authenticator=login, auth_required=True
    ) as port:
        found = look(settings(port, **how))
    assert (found[-1].code, found[-1].hinders) == ("login_refused", True)
    assert found[-1].params == {"username": "dondoc", "answer": "535 5.7.8 no: dondoc/…"}
    assert relay.told == []


def test_a_login_nobody_offers_and_one_nobody_uses(certificate: Issued) -> None:
    with listening(Relay(), auth_exclude_mechanism=("LOGIN", "PLAIN")) as port:
        found = look(settings(port, username="dondoc", password=PASSWORD))
    assert (found[-1].code, found[-1].params["username"]) == ("login_not_offered", "dondoc")
    with listening(Relay(), authenticator=login, auth_require_tls=False) as port:
        found = look(settings(port))
    (one,) = (one for one in found if one.looked_at == "login")
    assert one.code == "login_not_used"
    assert "PLAIN" in str(one.params["methods"])


@pytest.mark.parametrize("security", ["starttls", "tls"])
@pytest.mark.parametrize(
    ("how", "faults"),
    [
        pytest.param({}, ["certificate_self_signed"], id="signed by itself"),
        pytest.param({"until": YEAR_2021}, ["certificate_expired"], id="expired, its issuer known"),
        pytest.param({"since": YEAR_2100}, ["certificate_early"], id="not valid yet, its issuer known"),
        pytest.param({"names": ["mail.example.vn"]}, ["certificate_other_name"], id="for another name"),
        pytest.param({"by": "stranger"}, ["certificate_stranger"], id="by an issuer nobody knows"),
        pytest.param(
            {"names": ["mail.example.vn"], "until": YEAR_2021, "by": "itself"},
            ["certificate_self_signed", "certificate_expired", "certificate_other_name"],
            id="all three at once",
        ),
    ],
)
def test_faults_of_a_certificate_are_told_apart(
    security: str, how: dict[str, object], faults: list[str], tmp_path: Path
) -> None:
    root = issue(tmp_path, "Example Root")
    signed_by = None if not how or how.get("by") == "itself" else root
    dates_and_names = {key: value for key, value in how.items() if key != "by"}
    shown = issue(
        tmp_path,
        "relay.example.vn",
        by=signed_by,
        **({"since": datetime(2020, 1, 1, tzinfo=UTC)} | dates_and_names),  # type: ignore[arg-type]
    )
    known = {"ca_file": root.file} if signed_by and how.get("by") != "stranger" else {}
    at_once, later = (shown.server_side(), None) if security == "tls" else (None, shown.server_side())
    relay = Relay()
    with listening(relay, ssl_context=at_once, tls_context=later) as port:
        found = look(settings(port, security=security, **known))
    assert [one.code for one in found if one.looked_at == "certificate"] == faults
    assert all(one.hinders for one in found if one.looked_at == "certificate")
    assert relay.told == []


def test_a_certificate_about_to_expire_says_the_day(certificate: Issued) -> None:
    with listening(Relay(), ssl_context=certificate.server_side()) as port:
        found = look(
            settings(port, security="tls", ca_file=certificate.file),
            now=datetime(2120, 12, 12, tzinfo=UTC),
        )
    (one,) = (one for one in found if one.looked_at == "certificate")
    assert (one.code, one.hinders) == ("certificate_soon", False)
    assert (str(one.params["until"]), one.params["days"]) == ("2121-01-01", 20)


def test_the_way_of_encrypting_that_is_set_is_not_the_relays(certificate: Issued) -> None:
    with listening(Relay()) as port:
        assert look(settings(port, security="starttls"))[-1].code == "tls_missing"
        assert look(settings(port, security="tls"))[-1].code == "tls_not_spoken"
    with listening(Relay(), ssl_context=certificate.server_side()) as port:
        assert look(settings(port, security="starttls", timeout=1.0))[-1].code == "greeting_silent"


@pytest.mark.parametrize("content", [None, "not a certificate"], ids=["not there", "no certificates in it"])
def test_a_ca_file_that_cannot_be_used_is_named(content: str | None, tmp_path: Path) -> None:
    file = tmp_path / "ca.pem"
    if content is not None:
        file.write_text(content)
    (one,) = look(settings(free_port(), security="tls", ca_file=file))
    assert (one.code, one.hinders, one.params["file"]) == ("ca_file_unreadable", True, file)


def test_letters_in_the_open_are_warned_of_but_on_this_machine() -> None:
    with listening(Relay()) as port:
        (one,) = (one for one in look(settings(port)) if one.looked_at == "tls")
    assert one.code == "tls_off_loopback"


@pytest.fixture
def full() -> Iterator[int]:
    """A port that takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_port_that_says_nothing_is_left_after_the_time_out(full: int) -> None:
    began = monotonic()
    found = look(settings(full, timeout=1.0))
    assert codes(found) == ["connected", "greeting_silent"]
    assert found[-1].params == {"host": "127.0.0.1", "port": full, "seconds": "1"}
    assert monotonic() - began < 3


def test_a_closed_port_quotes_host_and_port() -> None:
    port = free_port()
    (one,) = look(settings(port))
    assert (one.code, one.hinders) == ("connect_refused", True)
    assert one.params == {"host": "127.0.0.1", "port": port}


def test_a_host_that_cannot_be_a_name_is_said_to_be_none() -> None:
    (one,) = look(settings(25, host="x" * 64 + ".example.vn"))
    assert (one.code, one.hinders) == ("name_unknown", True)


EHLO = b"250-relay.example.vn\r\n250 SIZE 0\r\n"


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        pytest.param([b"554 5.7.1 go away\r\n"], "greeting_refused", id="turned away at the door"),
        pytest.param([b"SSH-2.0-OpenSSH\r\n"], "greeting_broken", id="not a mail server"),
        pytest.param([b""], "greeting_broken", id="hangs up at once"),
        pytest.param([b"220 hi\r\n", b"501 bad name\r\n", b"501 no\r\n"], "ehlo_refused", id="name refused"),
        pytest.param([b"220 hi\r\n", EHLO], "dialogue_silent", id="silent at the sender"),
        pytest.param([b"220 hi\r\n", EHLO, b""], "dialogue_broken", id="hangs up at the sender"),
    ],
)
def test_a_talk_that_breaks_off_ends_with_why(answers: list[bytes], code: str) -> None:
    began = monotonic()
    with scripted(*answers) as port:
        found = look(settings(port, timeout=1.0))
    assert (found[-1].code, found[-1].hinders) == (code, True)
    assert monotonic() - began < 4


@pytest.mark.parametrize(
    ("told", "code"),
    [
        pytest.param(None, "size_untold", id="no SIZE"),
        pytest.param("0", "size_untold", id="no limit"),
        pytest.param("lots", "size_untold", id="not a number"),
        pytest.param("1048575", "size_tiny", id="less than a digest with its draft"),
        pytest.param("10485760", "size_small", id="10 MB"),
        pytest.param(str(NEEDED_BYTES - 1), "size_small", id="a byte too little"),
        pytest.param(str(NEEDED_BYTES), "size_enough", id="just enough"),
    ],
)
def test_the_size_limit_is_held_against_what_attachments_may_take(told: str | None, code: str) -> None:
    assert size_finding(told).code == code


def test_a_small_relay_says_so() -> None:
    with listening(Relay(), data_size_limit=10 * 2**20) as port:
        (one,) = (one for one in look(settings(port)) if one.looked_at == "size")
    assert (one.code, one.params) == ("size_small", {"limit": "10", "needed": "28.4"})


def test_what_a_letter_with_all_attachments_takes_is_reckoned_right() -> None:
    attached = Attachment(
        name="a.docx", content_type="application/octet-stream", data=bytes(MAX_ATTACHED_BYTES)
    )
    data = message_bytes(
        sender=Mailbox("", SENDER),
        recipient=Mailbox("", READER),
        subject="x",
        text="x",
        html="x" * 100_000,
        date=NOW,
        message_id="<1@sct.example.vn>",
        attachments=[attached],
    )
    assert NEEDED_BYTES - 2**20 < len(data) < NEEDED_BYTES
