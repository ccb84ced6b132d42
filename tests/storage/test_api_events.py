"""The journal read on from a line: a line that is written late is not passed over."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from storage.api_events import lines_since
from storage.engine import read, write
from storage.organisations import create_organisation
from storage.schema import Event, PlanRow
from tests.board.acting_cast import DIRECTORY
from tests.board.cast import NOW, at


def opened(engine: Engine) -> tuple[int, int]:
    with write(engine) as session:
        office = create_organisation(session, DIRECTORY, simulated=True, at=NOW)
        plan = PlanRow(
            organisation_id=office.id,
            number="1/KH",
            issued=date(2022, 1, 1),
            title="",
            issuer="",
            year=2022,
            settings={},
            state="imported",
            label="",
            source_name="",
            source_sha256="",
            imported_at=NOW,
        )
        session.add(plan)
        session.flush()
        return office.id, plan.id


def say(session: Session, office: int, plan: int, note: str) -> None:
    line = Event(organisation_id=office, plan_id=plan, kind="activate", payload={}, note=note)
    line.by, line.at, line.on = "truc", NOW, NOW.date()
    session.add(line)
    session.flush()


def told(engine: Engine, office: int, after: int = 0) -> list[str]:
    with read(engine) as session:
        return [line.event.note for line in lines_since(session, office, after, most=10, now=NOW)]


def test_lines_are_told_in_their_order_from_any_of_them(engine: Engine) -> None:
    office, plan = opened(engine)
    with write(engine) as session:
        for note in ("một", "hai", "ba"):
            say(session, office, plan, note)
    assert told(engine, office) == ["một", "hai", "ba"]
    with read(engine) as session:
        first = lines_since(session, office, 0, most=1, now=NOW)[0].event.id
    assert told(engine, office, first) == ["hai", "ba"]
    assert told(engine, office + 1) == []


def test_a_line_waits_for_what_began_before_it(postgres_engine: Engine) -> None:
    """The later transaction is done first; whoever read its line at once would never read the other's."""
    office, plan = opened(postgres_engine)
    with write(postgres_engine) as slow:
        say(slow, office, plan, "bắt đầu trước")
        with write(postgres_engine) as quick:
            say(quick, office, plan, "xong trước")
        assert told(postgres_engine, office) == []
    assert told(postgres_engine, office) == ["bắt đầu trước", "xong trước"]


def test_lines_of_days_ago_do_not_wait(postgres_engine: Engine) -> None:
    office, plan = opened(postgres_engine)
    with write(postgres_engine) as session:
        say(session, office, plan, "hôm nay")
        session.flush()
    with write(postgres_engine) as slow:
        say(slow, office, plan, "đang ghi")
        with read(postgres_engine) as session:
            now = at(date(2022, 10, 25))
            lines = lines_since(session, office, 0, most=10, now=now)
            assert [line.event.note for line in lines] == ["hôm nay"]
