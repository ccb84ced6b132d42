"""Offices with a board that a browser can open: a small one for stories, and the department in November 2022.

``Office`` is a board served on a port of loopback. ``small_office`` is that of tests/board (18/10/2022: Trúc
coordinates, Gụ answers for the inspectorate, Dầu heads trade); ``department_2022`` walked the
demonstration's script up to the morning of 21/11/2022, with the plan's 57 rows, every letter sent and a few
things that wait for the coordinator.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from threading import Thread
from typing import TypeVar

import uvicorn
from fastapi import FastAPI
from sqlalchemy import Engine, select

from board.app import create_board
from cli.demo.story import YEAR_2022
from cli.demo.walk import Walked, begin, walk
from flows.open_occurrences import open_occurrences_work
from flows.post import post_work
from flows.remind import remind_work
from notifications.signing import LinkScope, Purpose, read_link, sign_link
from storage import answers, tasks
from storage.answers import Found
from storage.engine import write
from storage.inbox import Arrival, keep
from storage.schema import LetterRow
from tests.board.cast import CALENDAR, NOW
from tests.board.test_acts import Acts
from tests.flows.cast import open_department

KEYS = ("mot-khoa-bi-mat-du-dai-de-ky-cac-lien-ket-va-nut-bam",)
NUMBER_2022 = YEAR_2022.number
LOOKED_ON = date(2022, 11, 21)
_T = TypeVar("_T")


def apart(work: Callable[[], _T]) -> _T:
    """Do work in a thread of its own: Playwright keeps an event loop running in the test's, and flows start one."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(work).result()


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """Serve an application on a free port of loopback while entered; yields its address."""
    with socket.create_server(("127.0.0.1", 0)) as listening:  # who comes before the server is up waits
        server = uvicorn.Server(uvicorn.Config(app, log_config=None))
        thread = Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(timeout=20)
            assert not thread.is_alive()


@dataclass(kw_only=True)
class Office:
    """A served board, and what stands behind it. ``links`` are those of the letters, by what they are for."""

    url: str
    engine: Engine
    organisation_id: int
    app: FastAPI
    now: datetime
    keys: Sequence[str]
    links: dict[Purpose, str] = field(default_factory=dict)

    def letter_link(self, purpose: Purpose, person: str, task: str = "") -> str:
        """Return the path of a link of the small office, as in a letter to the reader of a line."""
        scope = read_link(
            Acts(self.engine, self.organisation_id, self.app).link(purpose, person, task).removeprefix("/a/"),
            ACTS_KEYS,
            today=self.now.date(),
        )
        return f"/a/{sign_link(scope, self.keys)}"

    def keep_answer(self, task: str, unit: str, sender: str, kind: str, text: str, **fields: str) -> int:
        """Keep a person's answer by mail, received an hour ago, as reading the mailbox does; return its number."""
        came = self.now.replace(hour=self.now.hour - 1)
        with write(self.engine) as session:
            key = f"<{kind}.{task}.{unit}@example.vn>"
            number = keep(
                session,
                self.organisation_id,
                Arrival(key=key, sha256="a" * 64, size=1, received_at=came, taken_at=came, kind="answer"),
            )
            assert number is not None
            found = Found(task=tasks.task_or_refuse(session, self.organisation_id, task), unit=unit)
            nothing: dict[str, str | None] = {"document": None, "issued": None, "day": None}
            answers.keep(
                session,
                self.organisation_id,
                number,
                found,
                received_at=came,
                sender=sender,
                kind=kind,
                fields=nothing | fields,
                subject="Re: [CCHC] Nhắc việc",
                text=text,
                files=[],
            )
            lines = answers.list_answers(session, self.organisation_id, states=("open",))
            return max(line.answer.id for line in lines)


@contextmanager
def small_office(engine: Engine, organisation_id: int, *, language: str = "vi") -> Iterator[Office]:
    app = create_board(
        engine,
        organisation_id,
        clock=lambda: NOW,
        base_url="http://127.0.0.1",
        calendar=CALENDAR,
        language=language,
        flow_ui="/flows",
        keys=KEYS,
    )
    with served(app) as url:
        yield Office(url=url, engine=engine, organisation_id=organisation_id, app=app, now=NOW, keys=KEYS)


@contextmanager
def department_2022(engine: Engine, home: Path, *, language: str = "vi") -> Iterator[Office]:
    """Walk the demonstration's year to a Friday in November, then open the board on Monday morning."""
    department = open_department(engine, home)
    office = department.office
    script = replace(YEAR_2022, until=date(2022, 11, 18))
    begin(office, script)
    for _ in walk(office, script, Walked()):
        pass
    open_occurrences_work(office, LOOKED_ON)
    remind_work(office, LOOKED_ON)
    now = office.moment_of(datetime(2022, 11, 21, 9, 5), None)
    post_work(office, now)
