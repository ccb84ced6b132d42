"""Links of letters in tests: a board, and tokens signed as those of a letter to its reader."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from html import unescape
from urllib.parse import urlencode

import httpx
from sqlalchemy import Engine, inspect, select, text

from notifications.signing import LinkScope, Purpose, sign_link
from storage import journal, ledger, outbox, tasks
from storage.desk import Desk
from storage.engine import read, write
from storage.schema import LetterRow, LinkUse
from tasks_catalog.facts import Share
from tasks_catalog.ladder import Office, due_notices
from tasks_catalog.occurrence import ShareKey
from tests.board.cast import CALENDAR, DIRECTORY, NOW, NUMBER, at

KEYS = ("mot-khoa-bi-mat-du-dai-de-ky-cac-lien-ket",)
TODAY = NOW.date()
HOST = "http://127.0.0.1:4200"
ONE = f"{NUMBER}/1"
SHEET_TASK = f"{NUMBER}/3"
File = tuple[str, tuple[str, bytes, str]]


@dataclass(frozen=True)
class Acts:
    """The board, and links signed as those of a letter to the reader of a line."""

    engine: Engine
    organisation_id: int
    app: object

    def link(self, purpose: Purpose, person: str, task: str = "", **other: object) -> str:
        """Return the path of a link in the person's letter, for the line of the task."""
        with write(self.engine) as session:
            letter = self._letter(session, person)
            notice = 0
            if task:
                notice = self._line(session, person, task)
                session.execute(
                    text("UPDATE notice SET letter_id = :letter WHERE id = :id"),
                    {"letter": letter.id, "id": notice},
                )
        told: dict[str, object] = {"purpose": purpose, "letter": letter.id, "notice": notice}
        scope = LinkScope(**(told | {"until": TODAY + timedelta(days=30)} | other))  # type: ignore[arg-type]
        return f"/a/{sign_link(scope, KEYS)}"

    def _letter(self, session, person):  # type: ignore[no-untyped-def]
        kept = outbox.open_letter(
            session,
            self.organisation_id,
            kind="digest",
            person=person,
            day=TODAY,
            about="links",
            message_id=f"<links.{person}@example.vn>",
            at=NOW,
        )
        return (
            kept
            or session.scalars(
                select(LetterRow).where(LetterRow.person == person, LetterRow.about == "links")
            ).one()
        )

    def _line(self, session, person, task):  # type: ignore[no-untyped-def]
        """Tell the person what the ladder owes of the task by today; return the latest notice's number."""
        row = tasks.task_or_refuse(session, self.organisation_id, task)
        facts = tasks.facts_of_task(session, row)
        office = Office(directory=DIRECTORY, calendar=CALENDAR)
        for share in facts.current_shares:
            known = ledger.of_task(session, row)
            notices = due_notices(
                facts, share, office, as_of=TODAY, known=[entry.notice.key for entry in known]
            )
            ledger.add(session, self.organisation_id, notices, at=NOW)
        entries = ledger.of_task(session, row)
        mine = [e for e in entries if e.notice.key.person == person]
        return max(mine, key=lambda e: (e.notice.key.share.occurrence, e.notice.key.epoch, e.id)).id

    def head(self, path: str) -> httpx.Response:
        return self._ask("HEAD", path, None)

    def get(self, path: str) -> httpx.Response:
        return self._ask("GET", path, None)

    def post(self, path: str, **form: str) -> httpx.Response:
        return self._ask("POST", path, urlencode(form).encode())

    def send(self, page: str, files: Sequence[File] = (), **form: str) -> httpx.Response:
        """Post the form of a page as a browser would: to its address, with its ticket and hidden fields."""
        drawn = self.get(page)
        assert drawn.status_code == 200, said(drawn)
        action = unescape(re.search(r'<form method="post" action="([^"]*)"', drawn.text)[1])  # type: ignore[index]
        hidden = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', drawn.text)
        data = {name: unescape(value) for name, value in hidden} | form
        return self._ask("POST", action, None, data=data, files=files)

    def raw(self, path: str, body: bytes) -> httpx.Response:
        return self._ask("POST", path, body)

    def _ask(
        self,
        method: str,
        path: str,
        body: bytes | None,
        *,
        data: Mapping[str, str] | None = None,
        files: Sequence[File] = (),
    ) -> httpx.Response:
        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(app=self.app)  # type: ignore[arg-type]
            async with httpx.AsyncClient(transport=transport, base_url=HOST) as client:
                kind = {"Content-Type": "application/x-www-form-urlencoded"} if body is not None else {}
                if data is None:
                    return await client.request(method, path, content=body, headers=kind)
                parts = [*files, *((name, (None, value)) for name, value in data.items())]
                return await client.request(method, path, files=parts)

        return asyncio.run(ask())

    def share(self, task: str, unit: str, occurrence: str) -> Share:
        with read(self.engine) as session:
            row = tasks.task_or_refuse(session, self.organisation_id, task)
            return tasks.facts_of_task(session, row).shares[ShareKey(task, occurrence, unit)]

    def remarks(self, task: str) -> list[tuple[str, str, str]]:
        with read(self.engine) as session:
            row = tasks.task_or_refuse(session, self.organisation_id, task)
            return [(line.kind, line.by, line.note) for line in journal.history(session, row)]

    def uses(self) -> list[tuple[str, str]]:
        with read(self.engine) as session:
            return [
                (use.purpose, use.outcome) for use in session.scalars(select(LinkUse).order_by(LinkUse.id))
            ]

    def everything(self) -> dict[str, list[tuple[object, ...]]]:
        """Every row of every table."""
        with read(self.engine) as session:
            names = inspect(self.engine).get_table_names()
            return {
                name: [tuple(r) for r in session.execute(text(f"SELECT * FROM {name}"))] for name in names
            }

    def desk(self, session, **more: object) -> Desk:  # type: ignore[no-untyped-def]
        told: dict[str, object] = {"by": "truc", "at": at(TODAY)}
        return Desk(
            session=session,
            organisation_id=self.organisation_id,
            calendar=CALENDAR,
            **(told | more),  # type: ignore[arg-type]
        )


def said(answer: httpx.Response) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())
