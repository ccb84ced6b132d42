"""The counted standings are the tally's, whatever was decided and whichever day it is."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, delete, func, select, update
from sqlalchemy.orm import Session

from storage import counted, journal, tasks
from storage.counted_rows import PlanCount, PlanCounted, PlanDay, TaskStanding
from storage.day_turn import advance, behind, count_on, forget
from storage.engine import read, write
from storage.merging import merge_units
from storage.miscounted import miscounted
from storage.people import load_directory, save_directory
from storage.reckoning import tally_at
from storage.schema import PlanRow
from tasks_catalog.counting import figures_of
from tasks_catalog.decisions import Report, Return
from tasks_catalog.facts import Document
from tasks_catalog.progress import tally_of
from tests.storage.cast import DIRECTORY, ISSUED, NUMBER, PLANNED, at, import_cast, opening, set_up, share
from tests.storage.deciding import STEPS, attempt, started

DUE = date(2022, 11, 15)
_numbers = count(1)


def holds(session: Session, plan: PlanRow, day: date) -> None:
    """The plan is counted to ``day``, and every number is the tally's."""
    found = counted.counts_of(session, plan)
    assert found is not None
    assert found.as_of == day
    tally = tally_of(plan.number, tasks.facts_of_plan(session, plan), tasks.settings_of(plan), day)
    assert found == figures_of(tally)
    assert [late.row for late in counted.worst(session, plan, most=2)] == [
        entry.task.row for entry in tally.worst(2)
    ]
    assert not miscounted(session, plan)


@given(steps=STEPS, chunk=st.integers(1, 3), turns=st.lists(st.integers(-2, 40), min_size=25, max_size=25))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_decided_on_whatever_day_the_count_is_the_tallys(
    engine: Engine, steps: list[tuple[int, int, int]], chunk: int, turns: list[int]
) -> None:
    with write(engine) as session:
        plan = started(session, f"{next(_numbers)}/KH-DEM")
        rows = tasks.list_tasks(session, plan)[:2]
        day, counted_to = ISSUED, ISSUED - timedelta(days=1)
        holds(session, plan, counted_to)
        for (which, pick, wait), turn in zip(steps, turns, strict=False):
            day += timedelta(days=wait)
            attempt(session, rows[pick % 2], which, pick, day)
            goal = counted_to + timedelta(days=turn)
            more = advance(session, plan, goal, most=chunk)
            if more:  # a move is under way: what is decided now must count once, and rightly
                attempt(session, rows[which % 2], which, pick, day)
            while more:
                more = advance(session, plan, goal, most=chunk)
            counted_to = max(goal, counted_to)
            holds(session, plan, counted_to)


@pytest.fixture
def office(engine: Engine) -> int:
    with write(engine) as session:
        office = set_up(session)
        plan = import_cast(session, office)
        entries = [(f"{NUMBER}/1", opening(PLANNED[1][0], "tm", "vp"))]
        journal.record_many(session, plan, entries, at=at(ISSUED))
    return office


def the_plan(session: Session, office: int) -> PlanRow:
    return tasks.plan_or_refuse(session, office, NUMBER)


def test_a_plan_of_an_older_database_is_counted_at_its_first_use(engine: Engine, office: int) -> None:
    with write(engine) as session:
        for table in (PlanCounted, TaskStanding, PlanCount):
            session.execute(delete(table))
    with read(engine) as session:
        assert counted.counts_of(session, the_plan(session, office)) is None
        assert len(behind(session, office, DUE)) == 1
    count_on(engine, office, DUE)
    with read(engine) as session:
        holds(session, the_plan(session, office), DUE)
        assert behind(session, office, DUE) == ()


def test_while_a_plan_is_counted_from_the_start_decisions_count_once(engine: Engine, office: int) -> None:
    with write(engine) as session:
        plan = the_plan(session, office)
        forget(session, plan)
        assert advance(session, plan, DUE, most=1)
        assert counted.counts_of(session, plan) is None
        first, _, _ = tasks.list_tasks(session, plan)
        journal.record(session, first, Report(share=share(1, DUE, "tm")), by="lan", at=at(DUE), on=DUE)
        opened = [(f"{NUMBER}/2", opening(PLANNED[2][0], "cn"))]
        journal.record_many(session, plan, opened, at=at(DUE))
        while advance(session, plan, DUE, most=1):
            pass
        holds(session, plan, DUE)


def test_a_page_waits_for_few_tasks_only(engine: Engine, office: int) -> None:
    count_on(engine, office, DUE, at_most=1)
    with read(engine) as session:
        found = counted.counts_of(session, the_plan(session, office))
        assert found is not None
        assert found.as_of == ISSUED - timedelta(days=1)
    count_on(engine, office, DUE, at_most=2)
    with read(engine) as session:
        holds(session, the_plan(session, office), DUE)


def test_moving_the_day_judges_only_what_turns(engine: Engine, office: int) -> None:
    """A day on which nothing lapses costs no task; the count still says that day."""
    with write(engine) as session:
        plan = the_plan(session, office)
        assert not advance(session, plan, date(2022, 3, 13), most=1)
        turning = session.scalars(
            select(TaskStanding.turns_on).where(TaskStanding.turns_on.is_not(None)).order_by(TaskStanding.row)
        )
        assert list(turning) == [DUE, date(2022, 3, 14)]
        holds(session, plan, date(2022, 3, 13))


def test_each_days_counts_are_kept_as_they_were_at_its_close(engine: Engine, office: int) -> None:
    with write(engine) as session:
        plan = the_plan(session, office)
        for day in (date(2022, 3, 13), date(2022, 3, 14)):
            while advance(session, plan, day):
                pass
        first = tasks.list_tasks(session, plan)[0]
        on = date(2022, 3, 16)
        journal.record(session, first, Report(share=share(1, DUE, "tm")), by="lan", at=at(on), on=on)
        while advance(session, plan, date(2022, 3, 15)):  # counted late: the 16th has begun
            pass
        for day, late in ((13, False), (14, False), (15, True)):
            kept = session.scalars(select(PlanDay).where(PlanDay.day == date(2022, 3, day))).one()
            assert kept.late is late
            told = counted.counts_on(session, plan, date(2022, 3, day))
            assert told == tally_at(session, plan, date(2022, 3, day)).counts
        never = counted.counts_on(session, plan, date(2022, 2, 1))  # a day nobody counted to: replayed
        assert never == tally_at(session, plan, date(2022, 2, 1)).counts


def test_many_lines_of_one_sum_are_folded_into_one(engine: Engine, office: int) -> None:
    with write(engine) as session:
        plan = the_plan(session, office)
        lines = select(func.count()).select_from(PlanCount)
        first = tasks.list_tasks(session, plan)[0]
        for decision in (
            Report(share=share(1, DUE, "tm")),
            Return(share=share(1, DUE, "tm"), reason="thiếu"),
        ):
            journal.record(session, first, decision, by="lan", at=at(ISSUED), on=ISSUED)
        before = session.scalar(lines) or 0
        assert not advance(session, plan, ISSUED)
        keys = session.execute(select(PlanCount.what, PlanCount.key, PlanCount.kind)).tuples().all()
        assert len(keys) == len(set(keys)) < before


def test_units_that_merge_take_their_counts_with_them(engine: Engine, office: int) -> None:
    with write(engine) as session:
        merge_units(
            session,
            office,
            "tm",
            "cn",
            by="lan",
            at=at(DUE),
            document=Document(number="1/QĐ"),
            mark="đã sáp nhập",
        )
        plan = the_plan(session, office)
        holds(session, plan, ISSUED - timedelta(days=1))
        found = counted.counts_of(session, plan)
        assert found is not None
        assert [line.key for line in found.by_unit] == ["cn", "vp"]


def test_a_count_that_is_not_the_facts_is_found_and_made_anew(engine: Engine, office: int) -> None:
    with write(engine) as session:
        plan = the_plan(session, office)
        session.execute(update(TaskStanding).where(TaskStanding.row == 2).values(kind="closed"))
        found = miscounted(session, plan)
        assert found.tasks == (2,)
        assert ("plan", "", "closed") in found.sums
        assert not miscounted(session, plan, every=2, offset=1).tasks
        forget(session, plan)
        while advance(session, plan, ISSUED):
            pass
        holds(session, plan, ISSUED)


def test_a_renamed_unit_is_sorted_and_found_by_its_new_name(engine: Engine, office: int) -> None:
    units = tuple(replace(u, name="Ban Thương nghiệp") if u.code == "tm" else u for u in DIRECTORY.units)
    with write(engine) as session:
        before = session.scalar(select(TaskStanding.unit_key).where(TaskStanding.row == 1)) or ""
        save_directory(session, office, replace(load_directory(session, office), units=units))
        after = session.scalar(select(TaskStanding.unit_key).where(TaskStanding.row == 1)) or ""
    assert before.startswith("pho")
    assert after.startswith("ban")


def test_decisions_and_a_day_that_turns_at_once_end_right(engine: Engine, office: int) -> None:
    """Eight at once on both databases: nobody waits for ever, nothing counts twice."""

    def decide(n: int) -> None:
        with write(engine) as session:
            plan = the_plan(session, office)
            entries = [(f"{NUMBER}/2", opening(PLANNED[2][n % 2], "tm", "cn", on=ISSUED))]
            journal.record_many(session, plan, entries, at=at(ISSUED))

    def turn(n: int) -> None:
        count_on(engine, office, date(2022, 3, 10) + timedelta(days=2 * n))

    with ThreadPoolExecutor(8) as pool:
        for future in [pool.submit(work, n) for n in range(4) for work in (decide, turn)]:
            future.result()
    with read(engine) as session:
        holds(session, the_plan(session, office), date(2022, 3, 16))
