"""A relay that takes everything and keeps a file a mail: Postfix's ``smtp-sink``, or a small one of our own.

Run as a program it is the small one: ``python sink.py PORT FOLDER``. Both tell on their output how many
sessions ended and how many mails came, and keep each mail with its recipient in the head.
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email import message_from_bytes
from pathlib import Path
from tempfile import TemporaryDirectory

_PATH = os.pathsep.join((os.environ.get("PATH", os.defpath), "/usr/sbin"))  # where Debian puts smtp-sink
_TOLD = re.compile(rb"sess=(\d+) quit=\d+ mesg=(\d+)")
_START_SECONDS = 20


@dataclass(frozen=True, kw_only=True)
class Mail:
    """One mail as it was taken: who it was handed over for, and its two bodies."""

    recipient: str
    text: str
    html: str


@dataclass(frozen=True, kw_only=True)
class Sink:
    """A relay that listens on loopback."""

    port: int
    folder: Path

    def count(self) -> tuple[int, int]:
        """Return how many sessions ended and how many mails came so far."""
        told = _TOLD.findall((self.folder / "told").read_bytes())
        sessions, mails = map(int, told[-1]) if told else (1, 0)
        return sessions - 1, mails  # the first was ours, to see whether it listens

    def taken(self) -> Iterator[Mail]:
        """Read every mail that was taken."""
        for file in sorted(self.folder.glob("mail.*")):
            yield _read(file.read_bytes())


def name() -> str:
    """Return what the sink is, for the head of a table."""
    return "smtp-sink" if _postfix() else "a sink in Python"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        return port


@contextmanager
def sink(port: int | None = None) -> Iterator[Sink]:
    """Start a relay on ``port``, or on a free one, and stop it at the end."""
    at = port or free_port()
    with TemporaryDirectory(prefix="dondoc-sink-") as home:
        folder = Path(home)
        folder.chmod(0o777)  # a sink that root starts turns into another user
        with (folder / "told").open("wb") as told, subprocess.Popen(_command(at, folder), stdout=told) as run:  # noqa: S603  # a program of this machine, no shell
            try:
                _wait_until_it_listens(run, at)
                yield Sink(port=at, folder=folder)
            finally:
                run.terminate()


def _command(port: int, folder: Path) -> list[str]:
    postfix = _postfix()
    if postfix is None:
        return [sys.executable, __file__, str(port), str(folder)]
    user = ["-u", "nobody"] if os.geteuid() == 0 else []
    return [postfix, *user, "-c", "-d", f"{folder}/mail.", f"127.0.0.1:{port}", "1000"]


def _postfix() -> str | None:
    return shutil.which("smtp-sink", path=_PATH)


def _wait_until_it_listens(run: subprocess.Popen[bytes], port: int) -> None:
    ends = time.monotonic() + _START_SECONDS
    while time.monotonic() < ends and run.poll() is None:
        with suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.02)
    raise RuntimeError("the sink did not start")


def _read(data: bytes) -> Mail:
    message = message_from_bytes(data)
    parts = {part.get_content_type(): part.get_payload(decode=True) for part in message.walk()}
    text, html = (parts.get(f"text/{kind}") or b"" for kind in ("plain", "html"))
    return Mail(
        recipient=str(message["X-Rcpt-Args"]).split()[0].strip("<>"),  # what follows are options
        text=bytes(text).decode("utf-8"),
        html=bytes(html).decode("utf-8"),
    )


class _Small:
    """The sink for machines without Postfix: enough of RFC 5321 for clients that behave."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._sessions = self._mails = 0

    async def serve(self, port: int) -> None:
        server = await asyncio.start_server(self._session, "127.0.0.1", port)
        async with server:
            await server.serve_forever()

    async def _session(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        recipient = b""
        writer.write(b"220 sink\r\n")
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            while line := await reader.readline():
                verb = line[:4].upper()
                if verb == b"RCPT":
                    recipient = line[line.index(b":") + 1 :].split()[0]
                if verb == b"DATA":
                    writer.write(b"354 go on\r\n")
                    self._keep(recipient, await reader.readuntil(b"\r\n.\r\n"))
                writer.write(b"221 bye\r\n" if verb == b"QUIT" else b"250 ok\r\n")
                await writer.drain()
                if verb == b"QUIT":
                    break
        self._sessions += 1
        self._tell()
        writer.close()

    def _keep(self, recipient: bytes, data: bytes) -> None:
        plain = data[:-3].replace(b"\r\n..", b"\r\n.").replace(b"\r\n", b"\n")
        (self._folder / f"mail.{self._mails}").write_bytes(b"X-Rcpt-Args: " + recipient + b"\n" + plain)
        self._mails += 1
        self._tell()

    def _tell(self) -> None:
        print(f"sess={self._sessions} quit=0 mesg={self._mails}", end="\r", flush=True)


if __name__ == "__main__":
    asyncio.run(_Small(Path(sys.argv[2])).serve(int(sys.argv[1])))
