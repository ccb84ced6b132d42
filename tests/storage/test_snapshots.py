"""What was frozen stays frozen, to the byte."""

from __future__ import annotations

import hashlib
from datetime import date

import pytest
from sqlalchemy import Engine

from storage import snapshots
from storage.engine import read, write
from storage.schema import PlanRow
from tests.storage.cast import at, import_cast, set_up

CUT_OFF = date(2022, 3, 14)
CONTENT = {"done": 52, "total": 54, "percent": 96.3, "by_section": [{"section": "Cải cách thể chế"}]}


@pytest.fixture
def plan(engine: Engine) -> PlanRow:
    with write(engine) as session:
        return import_cast(session, set_up(session))


def test_a_snapshot_comes_back_to_the_byte(engine: Engine, plan: PlanRow) -> None:
    with write(engine) as session:
        taken = snapshots.freeze(session, plan, "2022-Q1", CUT_OFF, CONTENT, at=at(CUT_OFF))
    with read(engine) as session:
        found = snapshots.latest(session, plan, "2022-Q1")
    assert found is not None
    assert found.id == taken.id
    assert hashlib.sha256(snapshots.canonical(found.content)).hexdigest() == found.sha256
    assert found.content == CONTENT


def test_the_first_snapshot_of_a_period_stands(engine: Engine, plan: PlanRow) -> None:
    with write(engine) as session:
        first = snapshots.freeze(session, plan, "2022-Q1", CUT_OFF, CONTENT, at=at(CUT_OFF))
        again = snapshots.freeze(session, plan, "2022-Q1", CUT_OFF, {"done": 53}, at=at(CUT_OFF))
        assert again.id == first.id
        assert again.content["done"] == 52


def test_the_latest_is_that_of_the_latest_day(engine: Engine, plan: PlanRow) -> None:
    with write(engine) as session:
        assert snapshots.latest(session, plan, "2022-Q1") is None
        for day in (15, 14):
            snapshots.freeze(session, plan, "2022-Q1", date(2022, 3, day), {"day": day}, at=at(CUT_OFF))
        snapshots.freeze(session, plan, "2022-H1", CUT_OFF, {}, at=at(CUT_OFF))
        found = snapshots.latest(session, plan, "2022-Q1")
        assert found is not None
        assert found.as_of == date(2022, 3, 15)
        assert snapshots.periods_frozen(session, plan) == ("2022-H1", "2022-Q1")


def test_the_order_of_keys_does_not_matter() -> None:
    assert snapshots.canonical({"b": 1, "a": "ữ"}) == '{"a":"ữ","b":1}'.encode()
