"""A machine reads the API's description and asks accordingly: every answer is as described.

Few examples here, so that it takes seconds; ``benchmarks/api_schema.py`` asks for minutes.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from sqlalchemy import Engine

from board.api.app import the_api
from tests.board.acting_cast import Office
from tests.board.api_client import token_of
from tests.board.api_probe import Found, Served, ask_all, busy_office, of_office, only, unbounded

COVERED = ("tasks", "tally", "share_report", "task_close")
"""Operations asked for every limit of their description and every other method: one of each kind."""


@pytest.fixture
def office(sqlite_engine: Engine, tmp_path: Path) -> Office:
    return busy_office(sqlite_engine, tmp_path / "files")


def judge(found: Found) -> None:
    assert not found.errors, found.errors[:3]
    assert not found.failures, "\n".join(found.failures[:3])
    assert not [status for status in found.answers if status >= 500]


def test_no_answer_is_other_than_described(office: Office) -> None:
    served = Served(unbounded(office), the_api().openapi(), token=token_of(office, "truc"))
    found = ask_all(served, examples=1, phases=("examples", "fuzzing"))
    judge(found)
    assert len(found.done) == sum(map(len, the_api().openapi()["paths"].values()))


def test_acts_that_fit_the_office_are_done(office: Office, tmp_path: Path) -> None:
    token = token_of(office, "truc")
    office.engine.dispose()
    kept = tmp_path / "kept.db"
    shutil.copyfile(tmp_path / "dondoc.db", kept)
    schema = of_office(the_api().openapi())
    served = Served(unbounded(office), schema, token=token, engine=office.engine, kept=kept)
    found = ask_all(served, examples=3, phases=("examples", "fuzzing"))
    judge(found)
    assert sum(times > 0 for times in found.done.values()) > 25, found.done


def test_the_limits_described_are_those_that_hold(office: Office) -> None:
    served = Served(unbounded(office), only(the_api().openapi(), COVERED), token=token_of(office, "truc"))
    found = ask_all(served, examples=1, phases=("coverage",))
    judge(found)
    assert found.answers[405] > 0
