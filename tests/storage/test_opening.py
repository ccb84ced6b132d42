"""The opening sheet: what fell due before tracking is settled at once, by the day its product was done."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import Engine

from storage import tasks
from storage.engine import read, write
from storage.opening import Done, opening_sheet, settle_opening
from storage.starting import open_plan
from tasks_catalog.decisions import DecisionRefused
from tasks_catalog.occurrence import ShareKey
from tests.storage.cast import DIRECTORY, NUMBER, at, import_cast, set_up

STARTED = date(2022, 4, 1)
QUARTER_I = "2022-03-14"


@pytest.fixture
def office(engine: Engine) -> int:
    """An office that starts to track its plan on 1 April: the sheet of 14 March is behind it."""
    with write(engine) as session:
        office = set_up(session)
        plan = import_cast(session, office)
        tasks.activate(session, plan, on=STARTED, by="lan", at=at(STARTED))
        open_plan(session, plan, directory=DIRECTORY, at=at(STARTED), on=STARTED)
    return office


def key(unit: str, due: str = QUARTER_I) -> ShareKey:
    return ShareKey(f"{NUMBER}/2", due, unit)


def on_sheet(engine: Engine, office: int) -> list[ShareKey]:
    with read(engine) as session:
        plan = tasks.plan_or_refuse(session, office, NUMBER)
        return [share.key for _, share in opening_sheet(session, plan)]


def settle(engine: Engine, office: int, *lines: Done) -> int:
    with write(engine) as session:
        plan = tasks.plan_or_refuse(session, office, NUMBER)
        return settle_opening(session, plan, lines, by="lan", at=at(STARTED))


def test_only_what_fell_due_before_tracking_is_on_the_sheet(engine: Engine, office: int) -> None:
    assert on_sheet(engine, office) == [key("cn"), key("tm"), key("vp")]


def test_a_line_settled_leaves_the_sheet_and_counts_by_its_products_day(engine: Engine, office: int) -> None:
    lines = (Done(share=key("tm"), on=date(2022, 3, 10)), Done(share=key("vp"), on=date(2022, 3, 16)))
    assert settle(engine, office, *lines) == 2
    assert on_sheet(engine, office) == [key("cn")]
    with read(engine) as session:
        plan = tasks.plan_or_refuse(session, office, NUMBER)
        shares = tasks.facts_of_plan(session, plan)[1].shares
    assert not shares[key("tm")].is_late  # done on 10 March, though recorded on 1 April
    assert shares[key("vp")].is_late


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(Done(share=key("cn", "2022-06-14"), on=STARTED), id="a share that falls due later"),
        pytest.param(Done(share=key("cn"), on=date(2022, 4, 2)), id="a day to come"),
    ],
)
def test_a_line_that_does_not_fit_refuses_the_whole_sheet(engine: Engine, office: int, line: Done) -> None:
    with pytest.raises(DecisionRefused):
        settle(engine, office, Done(share=key("tm"), on=STARTED), line)
    assert len(on_sheet(engine, office)) == 3
