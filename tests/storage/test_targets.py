"""Targets kept beside their task: as read at the import, as changed by decisions, and in plans of before."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Engine, text

from storage import journal, tasks
from storage.desk import Desk
from storage.engine import _config, migrate, open_engine, read, write
from storage.reckoning import tally_at
from tasks_catalog.calendar import vietnam
from tasks_catalog.decisions import DecisionRefused
from tasks_catalog.facts import Document
from tasks_catalog.judging import Verdict, judged
from tasks_catalog.problem import Refused
from tests.storage.cast import ISSUED, NUMBER, PLANNED, at, import_cast, opening, set_up

TASK = f"{NUMBER}/1"
MARCH, APRIL = date(2022, 3, 2), date(2022, 4, 1)
PAPER = Document(number="12/BC-SCT", issued=MARCH)


@pytest.fixture
def office(engine: Engine) -> int:
    with write(engine) as session:
        found = set_up(session)
        plan = import_cast(session, found)
        journal.record_many(
            session, plan, [(TASK, opening(PLANNED[1][0], "tm", "cn")), *_periods()], at=at(ISSUED)
        )
    return found


def _periods() -> list[tuple[str, object]]:
    return [(f"{NUMBER}/2", opening(due, "tm")) for due in PLANNED[2]]  # type: ignore[return-value]


def desk(session: object, office: int, on: date = MARCH, note: str = "") -> Desk:
    return Desk(
        session=session,  # type: ignore[arg-type]
        organisation_id=office,
        calendar=vietnam((2022,)),
        at=at(on),
        by="hung",
        document=PAPER,
        note=note,
    )


def test_an_imported_task_keeps_what_its_objective_sets(engine: Engine, office: int) -> None:
    with read(engine) as session:
        first, second, _ = tasks.facts_of_plan(session, tasks.plan_or_refuse(session, office, NUMBER))
    assert [one.in_short for one in first.targets] == [">= 100%", ">= 90%"]
    assert second.targets == ()


def test_figures_are_kept_with_who_when_and_on_what_paper(engine: Engine, office: int) -> None:
    with write(engine) as session:
        desk(session, office).measure(TASK, "tm", figures=["1=97,5", "2=24.635/24.641"])
    with read(engine) as session:
        row = tasks.task_or_refuse(session, office, TASK)
        (first, second) = judged(tasks.facts_of_task(session, row), MARCH)
        *_, line = journal.history(session, row)
    last = next(unit.last for unit in first.units if unit.unit == "tm")
    assert last is not None
    assert (last.figure.value, last.by, last.on, last.document) == (Decimal("97.5"), "hung", MARCH, PAPER)
    assert [unit.verdict for unit in second.units] == [Verdict.NOT_REPORTED, Verdict.MET]
    assert (line.kind, line.document) == ("measure", PAPER)


def test_a_correction_leaves_the_figure_before_it_in_the_journal(engine: Engine, office: int) -> None:
    with write(engine) as session:
        desk(session, office).report(TASK, "tm", figures=["1=90", "2=95"])
        desk(session, office, APRIL).measure(TASK, "tm", figures=["1=100"])
    with read(engine) as session:
        plan = tasks.plan_or_refuse(session, office, NUMBER)
        history = journal.history(session, tasks.task_or_refuse(session, office, TASK))
        assert [one["amount"] for line in history[2:] for one in line.payload["figures"]] == [
            "90",
            "95",
            "100",
        ]
        assert [tally_at(session, plan, day).targets for day in (MARCH, APRIL)] == [
            {Verdict.MET: 0, Verdict.NOT_MET: 1, Verdict.NOT_REPORTED: 1},
            {Verdict.MET: 0, Verdict.NOT_MET: 0, Verdict.NOT_REPORTED: 2},
        ]
        assert tasks.facts_as_of(session, plan, APRIL) == tasks.facts_of_plan(session, plan)


def test_a_figure_goes_to_the_oldest_open_share_else_to_the_latest_reported(
    engine: Engine, office: int
) -> None:
    with write(engine) as session:
        at_work, task = desk(session, office), f"{NUMBER}/2"
        at_work.correct(task, "targets", "tối thiểu 80% thủ tục")
        at_work.measure(task, "tm", figures=["81"])
        for _ in PLANNED[2]:
            at_work.report(task, "tm")
        at_work.measure(task, "tm", figures=["82"])
        facts = at_work.measure(task, "tm", figures=["83"], occurrence="2022-03-14")
    told = {key.occurrence: [one.figure.value for one in held.measures] for key, held in facts.shares.items()}
    assert told == {"2022-03-14": [81, 83], "2022-06-14": [82]}


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        pytest.param([], "figure_needed", id="no figure"),
        pytest.param(["97"], "figure_of_which", id="of which target"),
        pytest.param(["1=97", "3=97"], "target_unknown", id="one right, one unknown"),
    ],
)
def test_nothing_is_kept_of_a_figure_refused(
    engine: Engine, office: int, typed: list[str], code: str
) -> None:
    with pytest.raises(Refused) as refused, write(engine) as session:
        desk(session, office).measure(TASK, "tm", figures=typed)
    assert refused.value.code == code
    with read(engine) as session:
        told = journal.history(session, tasks.task_or_refuse(session, office, TASK))
    assert [line.kind for line in told] == ["import", "open"]


def test_a_wording_without_a_figure_sets_no_target(engine: Engine, office: int) -> None:
    with pytest.raises(DecisionRefused, match="targets_unreadable"), write(engine) as session:
        desk(session, office).correct(TASK, "targets", "càng nhiều càng tốt")
    with write(engine) as session:
        assert desk(session, office).correct(TASK, "targets", "").targets == ()


def test_a_plan_of_before_gets_its_targets_once_and_replays_with_them(tmp_path: Path) -> None:
    """The tables as they were, a plan in them whose events say nothing of targets; then the migration."""
    engine = open_engine(f"sqlite:///{tmp_path / 'before.db'}")
    migrate(engine)
    with write(engine) as session:
        office = set_up(session)
        import_cast(session, office)
    with engine.begin() as connection:
        _as_before(connection)
        config = _config()
        config.attributes["connection"] = connection
        command.stamp(config, "2026_11_25_mail")
        command.upgrade(config, "2026_11_25_targets")
        command.stamp(config, "head")
    with read(engine) as session:
        plan = tasks.plan_or_refuse(session, office, NUMBER)
        first, *_ = tasks.facts_of_plan(session, plan)
        assert [one.in_short for one in first.targets] == [">= 100%", ">= 90%"]
        assert tasks.facts_as_of(session, plan, ISSUED) == tasks.facts_of_plan(session, plan)
    engine.dispose()


def _as_before(connection: object) -> None:
    run = connection.execute  # type: ignore[attr-defined]
    for table, column in (("task", "targets"), ("task", "current_targets"), ("share", "measures")):
        run(text(f"ALTER TABLE {table} DROP COLUMN {column}"))
    run(text("DROP TRIGGER event_no_update"))
    run(text("UPDATE event SET payload = json_remove(payload, '$.targets') WHERE task_id IS NOT NULL"))
