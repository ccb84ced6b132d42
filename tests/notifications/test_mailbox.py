"""Where messages are taken from: a folder of files, and a real IMAP server on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from notifications.incoming import MOST_BYTES
from notifications.mailbox import (
    FolderMailbox,
    InboxSettings,
    InboxSettingsRefused,
    MailboxAway,
    Taken,
    inbox_settings_from,
    mailbox_from,
)
from tests.imap_server import PASSWORD, USER, ImapServer, serving, tls_before

IMAP = {"kind": "imap", "host": "127.0.0.1", "security": "none", "username": USER, "password": PASSWORD}


@pytest.mark.parametrize(
    ("table", "code"),
    [
        pytest.param({"kind": "pop3"}, "inbox_kind_unknown", id="a kind there is none of"),
        pytest.param({"khoa": 1}, "inbox_key_unknown", id="an unknown key"),
        pytest.param({"address": "không phải"}, "inbox_address_wrong", id="no address"),
        pytest.param({"kind": "folder"}, "inbox_folder_needed", id="a folder without its place"),
        pytest.param({**IMAP, "host": ""}, "inbox_host_wrong", id="no server"),
        pytest.param({**IMAP, "security": "ssl"}, "inbox_security_unknown", id="an unknown protection"),
        pytest.param(
            {**IMAP, "host": "imap.example.vn"}, "inbox_unprotected", id="a password over an open line"
        ),
        pytest.param({**IMAP, "password": ""}, "inbox_login_missing", id="no password"),
        pytest.param({**IMAP, "port": "x"}, "inbox_value_wrong", id="a port that is no number"),
        pytest.param({**IMAP, "port": 70000}, "inbox_value_wrong", id="a port there is none of"),
        pytest.param({**IMAP, "timeout": 0}, "inbox_value_wrong", id="no time to answer"),
    ],
)
def test_settings_that_could_not_work_are_refused(table: dict[str, object], code: str) -> None:
    with pytest.raises(InboxSettingsRefused) as refused:
        inbox_settings_from(table)
    assert refused.value.code == code


def test_a_password_stands_in_no_text() -> None:
    assert PASSWORD not in repr(inbox_settings_from(IMAP))


def test_without_settings_there_is_no_mailbox(tmp_path: Path) -> None:
    assert mailbox_from(inbox_settings_from({}), tmp_path) is None


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, data in (("b.eml", b"Subject: b\n\nx"), ("a.eml", b"Subject: a\n\nx"), ("ghi-chu.txt", b"x")):
        (tmp_path / name).write_bytes(data)
    return tmp_path


def names(box: FolderMailbox) -> list[str]:
    return [taken.name for taken in box.waiting()]


def test_files_are_taken_in_order_and_moved_when_done_never_deleted(folder: Path) -> None:
    box = FolderMailbox(folder)
    first, second = box.waiting()
    assert (first.name, first.data, second.name) == ("a.eml", b"Subject: a\n\nx", "b.eml")
    box.done(first)
    assert names(box) == ["b.eml"]
    assert (folder / "read" / "a.eml").read_bytes() == b"Subject: a\n\nx"


def test_a_name_taken_before_does_not_write_over_the_older_file(folder: Path) -> None:
    box = FolderMailbox(folder)
    box.done(next(box.waiting()))
    (folder / "a.eml").write_bytes(b"Subject: other\n\nx")
    box.done(next(box.waiting()))
    kept = {path.read_bytes() for path in (folder / "read").iterdir()}
    assert kept == {b"Subject: other\n\nx", b"Subject: a\n\nx"}


def test_a_twin_that_was_quicker_is_no_fault(folder: Path) -> None:
    box = FolderMailbox(folder)
    taken = next(box.waiting())
    (folder / taken.name).unlink()
    box.done(taken)
    assert names(box) == ["b.eml"]


def test_a_file_too_large_is_not_read_and_a_link_is_not_followed(folder: Path) -> None:
    with (folder / "c.eml").open("wb") as large:
        large.truncate(MOST_BYTES + 1)
    (folder / "d.eml").symlink_to(folder / "ghi-chu.txt")
    found = {taken.name: taken.data is None for taken in FolderMailbox(folder).waiting()}
    assert found == {"a.eml": False, "b.eml": False, "c.eml": True}


def test_a_folder_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(MailboxAway) as away:
        names(FolderMailbox(tmp_path / "khong-co"))
    assert away.value.code == "inbox_folder_missing"


@pytest.fixture
def server() -> Iterator[ImapServer]:
    with serving() as running:
        yield running


def take(settings: InboxSettings, *, done: bool = True) -> list[Taken]:
    mailbox = mailbox_from(settings, Path())
    assert mailbox is not None
    with mailbox:
        found = list(mailbox.waiting())
        for taken in found if done else ():
            mailbox.done(taken)
    return found


def test_unseen_messages_are_taken_whole_and_marked_only_when_done(server: ImapServer) -> None:
    server.deliver(b"Subject: a\n\nx", b"Subject: \xff\x00b\n\ny")
    settings = inbox_settings_from({**IMAP, "port": server.port})
    first, second = take(settings, done=False)
    assert (first.data, second.data) == (b"Subject: a\r\n\r\nx", b"Subject: \xff\x00b\r\n\r\ny")
    assert first.size == len(first.data or b"")
    assert first.received is not None
    assert abs(first.received - datetime.now(UTC)) < timedelta(minutes=5)
    assert server.seen() == [False, False]
    assert len(take(settings)) == 2
    assert server.seen() == [True, True]
    assert take(settings) == []


def test_what_was_taken_is_moved_where_the_settings_say(server: ImapServer) -> None:
    server.make_folder("Da nhan")
    server.deliver(b"Subject: a\n\nx")
    settings = inbox_settings_from({**IMAP, "port": server.port, "move_to": "Da nhan"})
    assert len(take(settings)) == 1
    assert server.seen() == []
    assert server.seen("Da nhan") == [True]


def test_another_folder_is_read_where_the_settings_say(server: ImapServer) -> None:
    server.make_folder("CCHC")
    server.deliver(b"Subject: b\n\nx", folder="CCHC")
    server.deliver(b"Subject: a\n\nx")
    (taken,) = take(inbox_settings_from({**IMAP, "port": server.port, "folder": "CCHC"}))
    assert taken.data == b"Subject: b\r\n\r\nx"


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"password": "sai"}, id="a wrong password"),
        pytest.param({"folder": "Khong co"}, id="no such folder"),
        pytest.param({"security": "starttls"}, id="a server that offers no TLS"),
    ],
)
def test_a_mailbox_that_cannot_be_opened_is_away(server: ImapServer, wrong: dict[str, str]) -> None:
    with pytest.raises(MailboxAway) as away:
        take(inbox_settings_from({**IMAP, "port": server.port, **wrong}))
    assert away.value.params["host"] == "127.0.0.1"
    assert PASSWORD not in str(away.value)


def test_a_server_that_is_not_there_is_away() -> None:
    with pytest.raises(MailboxAway):
        take(inbox_settings_from({**IMAP, "port": 1, "timeout": 2}))


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    """A certificate of our own for loopback, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    cert_file, key_file = tmp_path / "cert.pem", tmp_path / "key.pem"
    cert_file.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return cert_file, key_file


def test_starttls_protects_the_password_by_a_certificate_that_is_trusted_and_no_other(
    certificate: tuple[Path, Path],
) -> None:
    cert, key = certificate
    with serving(cert=cert, key=key) as server:
        secured = {**IMAP, "port": server.port, "security": "starttls"}
        assert take(inbox_settings_from({**secured, "ca_file": cert})) == []
        with pytest.raises(MailboxAway, match="certificate"):
            take(inbox_settings_from(secured))


def test_tls_from_the_first_byte_takes_messages_and_trusts_no_stranger(
    server: ImapServer, certificate: tuple[Path, Path]
) -> None:
    cert, key = certificate
    server.deliver(b"Subject: a\n\nx")
    with tls_before(server, cert=cert, key=key) as port:
        secured = {**IMAP, "port": port, "security": "tls"}
        with pytest.raises(MailboxAway, match="certificate"):
            take(inbox_settings_from(secured))
        assert len(take(inbox_settings_from({**secured, "ca_file": cert}))) == 1
