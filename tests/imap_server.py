"""A real IMAP server on loopback, in a process of its own, with one mailbox in memory."""

from __future__ import annotations

import socket
import socketserver
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from imap_tools import MailBoxUnencrypted

from tests.flows.relay import free_port

_MAIN = "from pymap.main import main; main()"
USER, PASSWORD = "tra-loi@example.vn", "mat khau"


@dataclass(frozen=True)
class ImapServer:
    """Where it listens, and the mailbox as its owner sees it."""

    port: int

    def deliver(self, *messages: bytes, folder: str = "INBOX") -> None:
        with self.open() as box:
            for message in messages:
                box.append(message.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"), folder)

    def make_folder(self, name: str) -> None:
        with self.open() as box:
            box.folder.create(name)

    def seen(self, folder: str = "INBOX") -> list[bool]:
        """Say of each message of a folder, in order, whether it is marked as read."""
        with self.open() as box:
            box.folder.set(folder)
            return ["\\Seen" in each.flags for each in box.fetch(mark_seen=False, headers_only=True)]

    @contextmanager
    def open(self) -> Iterator[MailBoxUnencrypted]:
        with MailBoxUnencrypted("127.0.0.1", self.port, timeout=10).login(USER, PASSWORD) as box:
            assert isinstance(box, MailBoxUnencrypted)
            yield box


@contextmanager
def serving(*, cert: Path | None = None, key: Path | None = None) -> Iterator[ImapServer]:
    """Run the server until the end of ``with``; with a certificate it offers STARTTLS."""
    port = free_port()
    tls = ["--cert", str(cert), "--key", str(key)] if cert and key else ["--no-tls"]
    command = [sys.executable, "-c", _MAIN, "--host", "127.0.0.1", "--port", str(port), *tls]
    user = ["dict", "--demo-user", USER, "--demo-password", PASSWORD]
    with subprocess.Popen([*command, *user], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            _wait_for(port, process)
            yield ImapServer(port)
        finally:
            process.terminate()
            process.wait(timeout=20)


@contextmanager
def tls_before(server: ImapServer, *, cert: Path, key: Path) -> Iterator[int]:
    """Speak TLS on a port of its own and hand every byte on to the server; yields the port."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)

    class Front(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with (
                suppress(OSError),
                context.wrap_socket(self.request, server_side=True) as outer,
                socket.create_connection(("127.0.0.1", server.port)) as inner,
            ):
                answers = threading.Thread(target=_pass_on, args=(inner, outer))
                answers.start()
                _pass_on(outer, inner)
                answers.join()

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Front) as front:
        thread = threading.Thread(target=front.serve_forever)
        thread.start()
        try:
            yield int(front.server_address[1])
        finally:
            front.shutdown()
            thread.join()


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    """Wait until it accepts a connection, half a minute at most; a server that ends is noticed at once."""
    for _ in range(600):
        with socket.socket() as probe:
            probe.settimeout(1)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        with suppress(subprocess.TimeoutExpired):
            raise AssertionError(f"the IMAP server ended with {process.wait(timeout=0.05)}")
    raise AssertionError("the IMAP server does not listen")
