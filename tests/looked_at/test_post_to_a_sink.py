"""A morning's letters handed to Postfix's own test relay, and what it took down of them."""

from __future__ import annotations

import os
import re
import socket
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from sqlalchemy import Engine

from flows.post import post_work
from tests.looked_at.cast import FEBRUARY_28, department_of_2022
from tests.looked_at.programs import program


@dataclass(frozen=True, kw_only=True)
class Sink:
    """A relay that keeps one file a letter in ``folder``."""

    port: int
    folder: Path


@pytest.fixture
def sink() -> Iterator[Sink]:
    # Not in pytest's own folder, which is closed to the user a relay started by root turns into.
    with TemporaryDirectory(prefix="dondoc-sink-") as home:
        Path(home).chmod(0o777)
        port = free_port()
        by = ["-u", "nobody"] if os.geteuid() == 0 else []
        command = [program("smtp-sink"), *by, "-d", f"{home}/letter.", f"127.0.0.1:{port}", "100"]
        with subprocess.Popen(command, stderr=subprocess.PIPE) as process:
            try:
                wait_until_it_listens(process, port)
                yield Sink(port=port, folder=Path(home))
            finally:
                process.terminate()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        return port


def wait_until_it_listens(process: subprocess.Popen[bytes], port: int) -> None:
    for _ in range(200):
        with suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port)):
            return
        with suppress(subprocess.TimeoutExpired):
            process.wait(0.05)
            break
    process.terminate()
    _, said = process.communicate()
    pytest.fail(f"smtp-sink did not start: {said.decode()}")


def test_a_relay_takes_every_letter_of_a_morning_once(
    sink: Sink, sqlite_engine: Engine, tmp_path: Path
) -> None:
    mail = {"kind": "smtp", "host": "127.0.0.1", "port": sink.port, "security": "none"}
    department = department_of_2022(sqlite_engine, tmp_path, mail=mail)
    department.notices(FEBRUARY_28)
    posted = post_work(department.office, FEBRUARY_28)
    sent = department.letters("sent")
    assert len(sent) == len(department.letters()) == posted.sent == 14
    taken = [path.read_bytes() for path in sink.folder.iterdir()]
    told = [re.findall(rb"^X-Rcpt-Args: <([^>]+)>", data, re.MULTILINE) for data in taken]
    assert Counter(to.decode() for (to,) in told) == Counter(str(letter.address) for letter in sent)
    assert len({letter.person for letter in sent}) == len(sent)
    messages = [message_from_bytes(data, policy=default) for data in taken]
    assert {str(message["Message-ID"]) for message in messages} == {letter.message_id for letter in sent}
    again = post_work(department.office, FEBRUARY_28)
    assert (again.sent, len(list(sink.folder.iterdir()))) == (0, 14)
