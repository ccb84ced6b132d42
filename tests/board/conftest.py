"""A small office on a real database, in the middle of its year, and its board."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine

from board.app import create_board
from storage import ledger, outbox, tasks
from storage.desk import Desk
from storage.engine import open_engine, write
from storage.organisations import create_organisation
from storage.plan_import import import_plan
from storage.starting import open_plan
from tasks_catalog.facts import Evidence
from tasks_catalog.intake import take_in
from tasks_catalog.ladder import Office, due_notices
from tasks_catalog.task import PlanHead, PlanRead, RowCount
from tests.board import acting_cast
from tests.board.acting_cast import at_its_board, open_office
from tests.board.cast import CALENDAR, DIRECTORY, NOW, NUMBER, SETTINGS, TASKS, Reader, at
from tests.board.links import HOST, KEYS, Acts
from tests.board.signing_cast import SignedOffice, open_signed


@pytest.fixture(scope="session")
def _signed(
    _migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[SignedOffice, Path, Path]]:
    """The acting office with its accounts and its board, made once; and its database as it was then."""
    folder = tmp_path_factory.mktemp("signed")
    path, as_made = folder / "office.db", folder / "as-made.db"
    shutil.copyfile(_migrated_sqlite, path)
    engine = open_engine(f"sqlite:///{path}")
    found = open_signed(engine, folder / "files")
    engine.dispose()
    shutil.copyfile(path, as_made)
    yield found, path, as_made
    engine.dispose()


@pytest.fixture
def signed(_signed: tuple[SignedOffice, Path, Path]) -> SignedOffice:
    """An office with sign-in, at which the coordinator, an officer and the administrator have passwords."""
    found, path, as_made = _signed
    found.office.engine.dispose()
    shutil.copyfile(as_made, path)
    del found.times[1:]
    return found


FIGURES = {"VP": ["127/127"], "TT": ["95,5"]}


@pytest.fixture
def organisation_id(sqlite_engine: Engine) -> int:
    """Import and start the plan, report what was reported, remind once, keep two letters."""
    started, reminded = date(2022, 1, 20), date(2022, 10, 17)
    read = PlanRead(
        head=PlanHead(title="Kế hoạch cải cách hành chính năm 2022"), tasks=TASKS, rows=RowCount()
    )
    taken = take_in(read, DIRECTORY, SETTINGS, CALENDAR)
    with write(sqlite_engine) as session:
        office = create_organisation(session, DIRECTORY, simulated=True, at=at(started))
        plan = import_plan(
            session,
            office.id,
            read,
            number=NUMBER,
            issued=date(2022, 1, 15),
            settings=SETTINGS,
            owners=taken.owners,
            planned=taken.planned,
            problems=taken.problems,
            by="truc",
            at=at(started),
            label="bản dựng lại",
        )
        tasks.activate(session, plan, on=started, by="truc", at=at(started))
        for day in (started, date(2022, 3, 15), date(2022, 6, 15), date(2022, 9, 15)):
            open_plan(session, plan, directory=DIRECTORY, at=at(day), on=day)
        _report(Desk(session=session, organisation_id=office.id, calendar=CALENDAR, at=at(reminded), by="gu"))
        facts = tasks.facts_of_task(session, tasks.task_or_refuse(session, office.id, f"{NUMBER}/1"))
        known = Office(directory=DIRECTORY, calendar=CALENDAR)
        for share in facts.current_shares:
            notices = due_notices(facts, share, known, as_of=reminded)
            ledger.add(session, office.id, notices, at=at(reminded))
        for person in ("gu", "dau"):
            outbox.open_letter(
                session,
                office.id,
                kind="digest",
                person=person,
                day=reminded,
                message_id=f"<{person}@example.vn>",
                at=at(reminded),
            )
        letter = outbox.claim(session, office.id, now=at(reminded), lease_until=NOW, by="post-1")
        assert letter is not None
        outbox.unknown(session, letter.id, at=letter.created_at, answer="421 <b>đứt kết nối</b>")
        return office.id


def _report(desk: Desk) -> None:
    desk.report(f"{NUMBER}/6", "VP", evidence=[Evidence(text="123/SCT-VP")])
    for period in ("2022-03-14", "2022-06-14", "2022-09-14"):
        for unit in ("VP", "TT", "QLTM"):
            if (unit, period) != ("QLTM", "2022-09-14"):
                proof = Evidence(text=f"{unit} đã công khai")
                figures = FIGURES.get(unit, ()) if period == "2022-09-14" else ()
                desk.report(f"{NUMBER}/3", unit, occurrence=period, evidence=[proof], figures=figures)


@pytest.fixture(scope="session")
def _opened_office(_migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int]:
    """An office with everybody who may act, that tests copy, so that opening it is paid for once."""
    path = tmp_path_factory.mktemp("opened") / "opened.db"
    shutil.copyfile(_migrated_sqlite, path)
    engine = open_engine(f"sqlite:///{path}")
    office = open_office(engine, path.parent / "files")
    engine.dispose()
    return path, office.id


@pytest.fixture
def acting_office(_opened_office: tuple[Path, int], tmp_path: Path) -> Iterator[acting_cast.Office]:
    """The office of ``tests.board.acting_cast``, at its first day."""
    kept, office_id = _opened_office
    shutil.copyfile(kept, tmp_path / "dondoc.db")
    engine = open_engine(f"sqlite:///{tmp_path / 'dondoc.db'}")
    yield at_its_board(engine, office_id, tmp_path / "files")
    engine.dispose()


@pytest.fixture
def board(sqlite_engine: Engine, organisation_id: int) -> Reader:
    return Reader(
        create_board(
            sqlite_engine,
            organisation_id,
            clock=lambda: NOW,
            base_url="http://127.0.0.1:4200",
            calendar=CALENDAR,
            flow_ui="/flows",
        )
    )


@pytest.fixture
def acts(sqlite_engine: Engine, organisation_id: int, tmp_path: Path) -> Acts:
    app = create_board(
        sqlite_engine,
        organisation_id,
        clock=lambda: NOW,
        base_url=HOST,
        calendar=CALENDAR,
        keys=KEYS,
        files=tmp_path / "files",
    )
    return Acts(sqlite_engine, organisation_id, app)
