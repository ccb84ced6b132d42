"""Offices with a board that a browser can open: a small one for stories, and the department of 2022.

``Office`` is a board served on a port of loopback. ``small_office`` is that of tests/board (18/10/2022: Trúc
coordinates, Gụ answers for the inspectorate, Dầu heads trade); ``department_2022`` walked the
demonstration's script up to the morning of 30/11/2022, with the plan's 57 rows, every letter sent, the
sheets of the year just gone out and a few things that wait for the coordinator: reports, a request, what
was said of a condition, answers by mail, a plan not yet started, documents handed in and not imported.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from threading import Thread
from typing import TypeVar

import uvicorn
from fastapi import FastAPI
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from board.app import create_board
from cli.demo.story import YEAR_2022
from cli.demo.walk import Walked, begin, walk
from flows.import_plan import import_plan
from notifications.signing import Purpose, read_link
from storage import answers, outbox, tasks, webhooks
from storage.absences import enter
from storage.answers import Found
from storage.engine import read, write
from storage.files import FileStore, Handed, keep_proofs
from storage.inbox import Arrival, keep
from storage.links import bearer_of
from storage.office_journal import Made
from storage.schema import ShareRow, WebhookDelivery
from storage.webhook_events import tell_test
from tasks_catalog.absence import Absence
from tasks_catalog.facts import Document, Evidence
from tasks_catalog.problem import Refused
from tasks_catalog.task import PlanSettings
from tasks_catalog.webhooks import SUBSCRIBED
from tests.board.cast import CALENDAR, NOW
from tests.board.clerk import PLANS, Clerk
from tests.board.links import KEYS, Acts
from tests.browser.signing import keep_accounts, looks, sign_in_of
from tests.flows.cast import PLAN, Department, example_directory, open_department
from tests.story.amended import amended_plan

NUMBER_2022, NUMBER_NEXT = YEAR_2022.number, "418/KH-SCT"
"""The plan that runs, and one that is imported and not started."""
LATE = f"{NUMBER_2022}/2"
"""Never reported: the ladder has run up to the director."""
LOOKED_ON = date(2022, 11, 30)
WAITING, HANDED_IN, CONDITION = f"{NUMBER_2022}/55", f"{NUMBER_2022}/4", f"{NUMBER_2022}/20"
"""Submitted to a higher authority; reported with a file; waits for the province's guidance."""
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
FILE_NAME = "Báo cáo rà soát thủ tục hành chính quý IV.pdf"
_AN_ANSWER = (LATE, "QLTM", "huong@example.vn", "done", "Phòng đã hoàn thành, xin gửi báo cáo số 45/BC-QLTM.")
_A_MESSAGE = (
    f"{NUMBER_2022}/48",
    "KHTCTH",
    "tau@example.vn",
    "message",
    "Nội dung này đang chờ hướng dẫn của Sở Tài chính, phòng sẽ báo cáo sau.",
)
_TOKEN = re.compile(r"/a/([A-Za-z0-9._-]+)")
_T = TypeVar("_T")


def apart(work: Callable[[], _T]) -> _T:
    """Do work in a thread of its own: Playwright keeps a loop running in the test's, and flows start one."""
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
    links: Mapping[Purpose, str] = field(default_factory=dict)
    mine: Mapping[str, str] = field(default_factory=dict)
    """Those to their own work, by reader."""
    uploads: Mapping[str, int] = field(default_factory=dict)
    """The numbers of documents handed in, by what they are."""
    one_time_link: str = ""
    """The path of a link by which Gụ may set a password."""

    def share(self, task: str, unit: str) -> int:
        """Return the number of the unit's open share of a task, else that of its latest."""
        with read(self.engine) as session:
            row = tasks.task_or_refuse(session, self.organisation_id, task)
            asked = select(ShareRow.id).where(ShareRow.task_id == row.id, ShareRow.unit == unit)
            found = session.scalars(asked.order_by(ShareRow.is_live.desc(), ShareRow.due.desc())).first()
            assert found is not None, (task, unit)
            return found

    def letter_link(self, purpose: Purpose, person: str, task: str = "") -> str:
        """Return the path of a link of the small office, as in a letter to the reader of a line."""
        return Acts(self.engine, self.organisation_id, self.app).link(purpose, person, task)

    def keep_answer(self, task: str, unit: str, sender: str, kind: str, text: str, **fields: str) -> int:
        """Keep a person's answer by mail, received an hour ago; return its number."""
        return keep_answer(
            self.engine, self.organisation_id, self.now, task, unit, sender, kind, text, **fields
        )


def keep_answer(
    engine: Engine,
    organisation_id: int,
    now: datetime,
    task: str,
    unit: str,
    sender: str,
    kind: str,
    text: str,
    **fields: str,
) -> int:
    """Keep an answer as reading the mailbox does."""
    came = now - timedelta(hours=1)
    with write(engine) as session:
        arrival = Arrival(
            key=f"<{kind}.{task}.{unit}@example.vn>",
            sha256="a" * 64,
            size=1,
            received_at=came,
            taken_at=came,
            kind="answer",
        )
        number = keep(session, organisation_id, arrival)
        assert number is not None
        nothing: dict[str, str | None] = {"document": None, "issued": None, "day": None}
        return answers.keep(
            session,
            organisation_id,
            number,
            Found(task=tasks.task_or_refuse(session, organisation_id, task), unit=unit),
            received_at=came,
            sender=sender,
            kind=kind,
            fields=nothing | fields,
            subject="Re: [CCHC] Nhắc việc",
            text=text,
            files=[],
        ).id


@contextmanager
def small_office(
    engine: Engine, organisation_id: int, *, language: str = "vi", files: Path | None = None
) -> Iterator[Office]:
    """Serve the board of tests/board's office; ``files`` is where what is handed in is kept."""
    app = create_board(
        engine,
        organisation_id,
        clock=lambda: NOW,
        base_url="http://127.0.0.1",
        calendar=CALENDAR,
        language=language,
        flow_ui="/flows",
        keys=KEYS,
        files=files,
    )
    with served(app) as url:
        yield Office(url=url, engine=engine, organisation_id=organisation_id, app=app, now=NOW, keys=KEYS)


@dataclass(frozen=True, kw_only=True)
class Department2022:
    """The department as its demonstration left it the evening before, and the letters of that morning."""

    department: Department
    now: datetime
    links: Mapping[Purpose, str]
    mine: Mapping[str, str]
    uploads: Mapping[str, int]
    one_time_link: str = ""

    @contextmanager
    def board(self, language: str = "vi") -> Iterator[Office]:
        office, app = self.department.office, self.app(language)
        with served(app) as url:
            yield Office(
                url=url,
                engine=office.engine,
                organisation_id=office.organisation_id,
                app=app,
                now=self.now,
                keys=office.keys,
                links=self.links,
                mine=self.mine,
                uploads=self.uploads,
                one_time_link=self.one_time_link,
            )

    def app(self, language: str = "vi") -> FastAPI:
        office = self.department.office
        return create_board(
            office.engine,
            office.organisation_id,
            clock=lambda: self.now,
            base_url="http://127.0.0.1",
            calendar=office.calendar,
            language=language,
            flow_ui="/flows",
            keys=office.keys,
            files=office.settings.home / "files",
            viewer=partial(looks, example_directory()),
            sign_in=sign_in_of(office, self.now),
        )


def department_2022(engine: Engine, home: Path) -> Department2022:
    """Walk the demonstration's year up to that morning, and leave the coordinator a few things to decide."""
    department = open_department(engine, home)
    office = department.office
    script = replace(YEAR_2022, until=LOOKED_ON - timedelta(days=1))
    begin(office, script)
    for _ in walk(office, script, Walked()):
        pass
    department.morning(LOOKED_ON)
    now = office.moment_of(datetime.combine(LOOKED_ON, time(9, 5)), time(9))
    with department.desk(LOOKED_ON, "huong", hour=9, note="Chờ ý kiến của Sở Tư pháp") as desk:
        desk.ask_extension(LATE, "QLTM", to=date(2022, 12, 15))
    _connect(department, now)
    _plan_leave(department, now)
    _hand_in(department, home, now)
    submitted = Document(number="96/TTr-VP", issued=date(2022, 11, 28))
    with department.desk(LOOKED_ON, "tram", hour=9, document=submitted) as desk:
        desk.wait(WAITING, "VP")
    with department.desk(
        LOOKED_ON, "gu", hour=9, note="UBND tỉnh đã ban hành hướng dẫn chuyển giao."
    ) as desk:
        desk.say_arisen(CONDITION, "TT", arose=date(2022, 11, 28))
    with write(engine) as session:
        _lose_a_letter(session, office.organisation_id, now)
    _import_the_next(department, home)
    keep_answer(engine, office.organisation_id, now, *_AN_ANSWER, document="45/BC-QLTM", issued="2022-11-29")
    keep_answer(engine, office.organisation_id, now, *_A_MESSAGE)
    with write(engine) as session:
        link = keep_accounts(session, office.organisation_id, example_directory(), now, office.keys)
    links, mine = _links(department)
    found = Department2022(
        department=department, now=now, links=links, mine=mine, uploads={}, one_time_link=link
    )
    return replace(found, uploads=_documents(found, home))


def _plan_leave(department: Department, now: datetime) -> None:
    """An officer will be away, with a substitute: her page and the record of changes show it."""
    away = Absence(person="sao", first=date(2022, 12, 12), last=date(2022, 12, 16), substitute="huong")
    with write(department.office.engine) as session:
        enter(session, department.office.organisation_id, away, by="truc", at=now)


def _hand_in(department: Department, home: Path, now: datetime) -> None:
    """The office reports with a document and a file."""
    with department.desk(LOOKED_ON, "tram", hour=9, note="Đã rà soát xong các thủ tục của quý IV.") as desk:
        handed = [Handed(name=FILE_NAME, data=PDF)]
        store, organisation_id = FileStore(home / "files"), desk.organisation_id
        kept = keep_proofs(desk.session, organisation_id, store, handed, by="tram", at=now)
        proofs = (Evidence(text="215/BC-VP", issued=LOOKED_ON), *kept)
        desk.report(HANDED_IN, "VP", evidence=proofs)


def _connect(department: Department, now: datetime) -> None:
    """Have another system told: one message it did not take, one to be tried again, one that waits."""
    with write(department.office.engine) as session:
        made = Made(by="truc", at=now)
        url = "https://dieu-hanh.tinh.example.vn/dondoc/nhan"
        hook = webhooks.make(
            session, department.office.organisation_id, url=url, events=SUBSCRIBED, internal=False, made=made
        )
        for state, status, answer in (
            ("dead", 500, "lỗi máy chủ nội bộ"),
            ("deferred", None, "ConnectTimeout"),
        ):
            number = tell_test(session, hook, now)
            tried = {
                "state": state,
                "status": status,
                "answer": answer,
                "attempts": 3,
                "next_attempt_at": now,
            }
            session.execute(update(WebhookDelivery).where(WebhookDelivery.id == number).values(**tried))


def _import_the_next(department: Department, home: Path) -> None:
    """Import a small plan of the year to come, which nobody has started."""
    path = home / "ke-hoach-2023.csv"
    path.write_text(PLAN, encoding="utf-8")
    import_plan(
        department.office,
        path,
        number=NUMBER_NEXT,
        issued=date(2022, 11, 25),
        settings=PlanSettings(year=2023),
        title="Kế hoạch cải cách hành chính năm 2023 của Sở Công Thương",
        by="truc",
        as_of=date(2022, 11, 28),
    )


def _documents(found: Department2022, home: Path) -> dict[str, int]:
    """Hand documents in: one with doubtful rows, one of units nobody knows, one that amends the plan."""
    clerk = Clerk(app=found.app(), department=found.department)
    handed = {
        "doubtful": (PLANS / "cchc-2022.xlsx", "21/KH-SCT", "2022-01-28"),
        "names": (PLANS / "dongthap-552-kh-ubnd-2025.docx", "552/KH-UBND", "2025-12-15"),
        "amended": (amended_plan(home), NUMBER_2022, YEAR_2022.issued.isoformat()),
    }
    return {
        what: int(clerk.handed_in(path, number=number, issued=issued).rpartition("/")[2])
        for what, (path, number, issued) in handed.items()
    }


def _lose_a_letter(session: Session, organisation_id: int, now: datetime) -> None:
    """Let the connection break after a letter's text: nobody can tell whether it arrived."""
    outbox.open_letter(
        session,
        organisation_id,
        kind="digest",
        person="gu",
        day=now.date(),
        about="again",
        message_id="<again.gu@example.vn>",
        at=now,
    )
    letter = outbox.claim(session, organisation_id, now=now, lease_until=now, by="post-1")
    assert letter is not None
    outbox.unknown(session, letter.id, at=now, answer="kết nối đứt sau khi gửi nội dung (DATA)")


def _links(department: Department) -> tuple[dict[Purpose, str], dict[str, str]]:
    """Return the paths of links that letters really carried and that still hold: the sheet's and row 2's;
    and those to their readers' own work, by reader."""
    office, found, mine = department.office, dict[Purpose, str](), dict[str, str]()
    with read(office.engine) as session:
        for mail in department.files().values():
            for token in _TOKEN.findall(mail.text):
                with suppress(Refused):
                    scope = read_link(token, office.keys, today=LOOKED_ON)
                    entry = bearer_of(session, office.organisation_id, scope.letter, scope.notice).entry
                    sheet = scope.purpose is Purpose.SHEET and mail.to == "gu"
                    if scope.purpose is Purpose.MINE:
                        mine[mail.to] = f"/a/{token}"
                    elif entry is None or entry.task_id == LATE or sheet:
                        found[scope.purpose] = f"/a/{token}"
    return found, mine
