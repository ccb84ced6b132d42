"""One click of the coordinator's on an answer: recorded as read, or set aside; pressed from nowhere else."""

from __future__ import annotations

import asyncio
import re
from datetime import date
from html import unescape
from urllib.parse import urlencode

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import Engine

from board.app import create_board
from board.tickets import ticket_for
from storage import answers, journal, tasks
from storage.answers import Found
from storage.engine import read, write
from storage.inbox import Arrival, keep
from tests.board.cast import CALENDAR, NOW, NUMBER

KEYS = ("mot-khoa-bi-mat-du-dai-de-ky-cac-nut-bam-cua-bang",)
HOST = "http://127.0.0.1:4200"
ONE = f"{NUMBER}/1"


@pytest.fixture
def app(sqlite_engine: Engine, organisation_id: int) -> FastAPI:
    return create_board(
        sqlite_engine, organisation_id, clock=lambda: NOW, base_url=HOST, calendar=CALENDAR, keys=KEYS
    )


def ask(app: FastAPI, method: str, path: str, **form: str) -> httpx.Response:
    async def asked() -> httpx.Response:
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url=HOST) as client:
            kind = {"Content-Type": "application/x-www-form-urlencoded"}
            return await client.request(method, path, content=urlencode(form), headers=kind)

    return asyncio.run(asked())


def answer_of_gu(engine: Engine, organisation_id: int, kind: str, **fields: str | None) -> int:
    """Keep an answer of Gụ's about row 1, received this morning, and return its number."""
    morning = NOW.replace(hour=8)
    with write(engine) as session:
        arrival = Arrival(
            key=f"<{kind}@x>", sha256="a" * 64, size=1, received_at=morning, taken_at=morning, kind="answer"
        )
        number = keep(session, organisation_id, arrival)
        assert number is not None
        answers.keep(
            session,
            organisation_id,
            number,
            Found(task=tasks.task_or_refuse(session, organisation_id, ONE), unit="TT"),
            received_at=morning,
            sender="gu@example.vn",
            kind=kind,
            fields={"document": None, "issued": None, "day": None, **fields},
            subject="Re: nhắc việc",
            text="Nội dung trả lời.",
            files=[],
        )
        (line, *_) = answers.list_answers(session, organisation_id, states=("open",))
        return line.answer.id


def state_of(engine: Engine, organisation_id: int, number: int) -> str:
    with read(engine) as session:
        return answers.answer_or_refuse(session, organisation_id, number).answer.state


def history(engine: Engine, organisation_id: int) -> list[tuple[str, str, str]]:
    with read(engine) as session:
        row = tasks.task_or_refuse(session, organisation_id, ONE)
        return [(line.kind, line.by, line.note) for line in journal.history(session, row)]


def button(page: str, number: int, what: str) -> tuple[str, str]:
    found = re.search(
        rf'action="([^"]*/{number}/{what})"><input type="hidden" name="ticket" value="([^"]+)"', page
    )
    assert found is not None
    return unescape(found[1]), unescape(found[2])


@pytest.mark.parametrize(
    ("kind", "fields", "decision"),
    [
        ("done", {"document": "45/BC-TT", "issued": "2022-10-17"}, "report"),
        ("more_time", {"day": "2022-11-30"}, "ask_extension"),
        ("acknowledged", {"day": "2022-10-25"}, "acknowledge"),
    ],
)
def test_one_click_records_what_was_read_as_its_writers(
    app: FastAPI,
    sqlite_engine: Engine,
    organisation_id: int,
    kind: str,
    fields: dict[str, str],
    decision: str,
) -> None:
    number = answer_of_gu(sqlite_engine, organisation_id, kind, **fields)
    path, ticket = button(ask(app, "GET", "/answers").text, number, "confirm")
    done = ask(app, "POST", path, ticket=ticket)
    assert done.status_code == 303
    assert f"số {number}" in ask(app, "GET", done.headers["location"]).text
    assert state_of(sqlite_engine, organisation_id, number) == "confirmed"
    recorded, by, note = history(sqlite_engine, organisation_id)[-1]
    assert (recorded, by) == (decision, "gu")
    assert note.startswith("theo thư trả lời ngày 18/10/2022, do truc xác nhận")
    again = ask(app, "POST", path, ticket=ticket)
    assert again.status_code == 400
    assert [line[0] for line in history(sqlite_engine, organisation_id)].count(decision) == 1


def test_a_report_confirmed_names_its_document(
    app: FastAPI, sqlite_engine: Engine, organisation_id: int
) -> None:
    fields = {"document": "45/BC-TT", "issued": "2022-10-17"}
    number = answer_of_gu(sqlite_engine, organisation_id, "done", **fields)
    path, ticket = button(ask(app, "GET", "/answers").text, number, "confirm")
    ask(app, "POST", path, ticket=ticket)
    with read(sqlite_engine) as session:
        row = tasks.task_or_refuse(session, organisation_id, ONE)
        (report,) = [s.report for s in tasks.facts_of_task(session, row).shares.values() if s.report]
    assert ("45/BC-TT", date(2022, 10, 17)) in [(proof.text, proof.issued) for proof in report.evidence]


def test_set_aside_it_records_nothing(app: FastAPI, sqlite_engine: Engine, organisation_id: int) -> None:
    number = answer_of_gu(sqlite_engine, organisation_id, "done")
    before = history(sqlite_engine, organisation_id)
    path, ticket = button(ask(app, "GET", "/answers").text, number, "ignore")
    assert ask(app, "POST", path, ticket=ticket).status_code == 303
    assert state_of(sqlite_engine, organisation_id, number) == "ignored"
    assert history(sqlite_engine, organisation_id) == before


@pytest.mark.parametrize("kind", ["message", "more_time"], ids=["a mere message", "more time without a day"])
def test_what_one_click_cannot_say_has_no_button_but_the_command(
    app: FastAPI, sqlite_engine: Engine, organisation_id: int, kind: str
) -> None:
    number = answer_of_gu(sqlite_engine, organisation_id, kind)
    page = ask(app, "GET", "/answers").text
    assert f"/{number}/confirm" not in page
    assert f"dondoc answers confirm {number}" in page
    assert f"/{number}/ignore" in page


@pytest.mark.parametrize(
    "ticket",
    [
        pytest.param("", id="none"),
        pytest.param("confirm.1", id="unsigned"),
        pytest.param(ticket_for("/answers/2/confirm", KEYS), id="of another answer"),
        pytest.param(ticket_for("/answers/1/ignore", KEYS), id="of the other button"),
        pytest.param(
            ticket_for("/answers/1/confirm", ("khoa-khac-cung-du-dai-de-ky-mot-nut-bam-nao-do",)),
            id="of another office",
        ),
    ],
)
def test_a_button_that_this_board_did_not_draw_presses_nothing(
    app: FastAPI, sqlite_engine: Engine, organisation_id: int, ticket: str
) -> None:
    number = answer_of_gu(sqlite_engine, organisation_id, "done")
    assert number == 1
    answer = ask(app, "POST", f"/answers/{number}/confirm", ticket=ticket)
    assert answer.status_code == 400
    assert "Biểu mẫu này không còn dùng được" in answer.text
    assert state_of(sqlite_engine, organisation_id, number) == "open"


def test_without_a_secret_there_is_no_button(sqlite_engine: Engine, organisation_id: int) -> None:
    plain = create_board(sqlite_engine, organisation_id, clock=lambda: NOW, base_url=HOST, calendar=CALENDAR)
    number = answer_of_gu(sqlite_engine, organisation_id, "done")
    assert "<form" not in ask(plain, "GET", "/answers").text
    assert ask(plain, "POST", f"/answers/{number}/confirm").status_code in (404, 405)
