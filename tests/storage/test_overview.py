"""What the overview reads from the tables: the same as the facts say, bounded, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial

import pytest
from sqlalchemy import Engine, update
from sqlalchemy.orm import Session

from storage import burn_counts, changes_of_week, desk_list, due_list, journal, outbox, tasks, timeline_rows
from storage.desk_list import Wait
from storage.engine import read, write
from storage.schema import PlanRow
from tasks_catalog.burn import burn_of
from tasks_catalog.decisions import AskExtension, OpenedShare, Report, Return, Trigger
from tasks_catalog.due import DayOf, Span, due_tasks
from tasks_catalog.occurrence import Origin, Role
from tests.storage.cast import (
    DIRECTORY,
    NUMBER,
    SETTINGS,
    at,
    import_cast,
    occurrence,
    opening,
    set_up,
    share,
)

ONE, TWO = f"{NUMBER}/1", f"{NUMBER}/2"
MARCH, JUNE, NOVEMBER = date(2022, 3, 14), date(2022, 6, 14), date(2022, 11, 15)
ZONE = at(MARCH).tzinfo
YEAR = Span(first=date(2022, 1, 1), last=date(2022, 12, 31))


@pytest.fixture
def office(engine: Engine) -> int:
    """Task 2 owes by three units in March and by none yet in June; task 1 by one in November."""
    with write(engine) as session:
        office = set_up(session)
        plan = import_cast(session, office)
        tasks.activate(session, plan, on=date(2022, 1, 4), by="lan", at=at(date(2022, 1, 4)))
        first = occurrence(MARCH, origin=Origin.CUT_OFF)
        journal.record_many(
            session,
            plan,
            [(TWO, opening(first, "vp", "tm", "cn")), (ONE, opening(occurrence(NOVEMBER), "tm"))],
            at=at(date(2022, 1, 4)),
        )
        tell = partial(_tell, session, office)
        tell(TWO, date(2022, 3, 10), Report(share=share(2, MARCH, "vp")))
        tell(TWO, date(2022, 3, 11), Report(share=share(2, MARCH, "tm")))
        tell(TWO, date(2022, 3, 12), Return(share=share(2, MARCH, "tm"), reason="thiếu số liệu"))
        tell(
            ONE,
            date(2022, 3, 15),
            AskExtension(share=share(1, NOVEMBER, "tm"), to=date(2022, 12, 15), reason="chờ"),
        )
    return office


def _tell(session: Session, office: int, task: str, on: date, decision: object) -> None:
    row = tasks.task_or_refuse(session, office, task)
    journal.record(session, row, decision, by="hung", at=at(on), on=on)  # type: ignore[arg-type]  # any decision


@pytest.fixture
def looking(engine: Engine, office: int) -> Iterator[tuple[Session, PlanRow]]:
    with read(engine) as session:
        yield session, tasks.plan_or_refuse(session, office, NUMBER)


@pytest.mark.parametrize(
    "span",
    [
        pytest.param(YEAR, id="due"),
        pytest.param(Span(first=MARCH, last=MARCH, by=DayOf.FIRST_DUE), id="first due"),
        pytest.param(Span(first=date(2022, 3, 1), last=date(2022, 3, 31), by=DayOf.DONE), id="done"),
        pytest.param(Span(first=MARCH, last=NOVEMBER, open_only=True), id="open only"),
        pytest.param(Span(first=MARCH, last=MARCH, by=DayOf.LAPSED, overdue_only=True), id="fallen overdue"),
    ],
)
def test_the_tables_count_days_as_the_facts_do(looking: tuple[Session, PlanRow], span: Span) -> None:
    session, plan = looking
    told = due_tasks(plan.number, tasks.facts_of_plan(session, plan), span)
    assert told
    days = due_list.days(session, [plan], span, most=5)
    assert tuple(line for day in days for line in day.lines) == told
    page = due_list.page(session, [plan], span, most=5)
    assert tuple(line for line, _ in page.lines) == told
    assert page.shares == sum(line.shares for line in told) == due_list.number(session, [plan], span)


def test_a_day_shows_a_few_lines_and_counts_the_rest(looking: tuple[Session, PlanRow]) -> None:
    session, plan = looking
    days = due_list.days(session, [plan], YEAR, most=0)
    assert not days
    (march, november) = due_list.days(session, [plan], YEAR, most=1)
    assert (march.day, march.tasks, november.tasks) == (MARCH, 1, 1)


def test_a_list_goes_on_where_its_page_ended(looking: tuple[Session, PlanRow]) -> None:
    session, plan = looking
    first = due_list.page(session, [plan], YEAR, most=1)
    assert first.mark is not None
    second = due_list.page(session, [plan], YEAR, most=1, after=first.mark)
    assert [line.row for page in (first, second) for line, _ in page.lines] == [2, 1]
    assert second.mark is None


def test_a_days_units_are_told_apart_by_whether_they_reported(looking: tuple[Session, PlanRow]) -> None:
    session, plan = looking
    task = tasks.task_or_refuse(session, plan.organisation_id, TWO)
    units = due_list.units_of(session, YEAR, [task.id])
    assert units == {(task.id, MARCH): (("cn", False), ("tm", False), ("vp", True))}


def test_a_burn_up_counts_the_tables_as_it_counts_the_facts(looking: tuple[Session, PlanRow]) -> None:
    session, plan = looking
    burn = burn_counts.burn_now(session, plan, DIRECTORY)
    told = burn_of(tasks.facts_of_plan(session, plan), DIRECTORY, SETTINGS)
    assert (burn.planned, burn.done, burn.to_open) == (told.planned, told.done, told.to_open)
    assert burn.to_open == {JUNE: 3}


def test_the_week_is_counted_by_kind_and_listed_latest_first(looking: tuple[Session, PlanRow]) -> None:
    session, plan = looking
    week = (date(2022, 3, 10), date(2022, 3, 16))
    assert changes_of_week.counts(session, [plan], *week) == {"report": 2, "return": 1, "ask_extension": 1}
    latest, earlier = changes_of_week.page(session, [plan], "report", *week, most=5)
    assert [(each.on.day, each.unit, each.row) for each in (latest, earlier)] == [
        (11, "tm", 2),
        (10, "vp", 2),
    ]
    assert changes_of_week.page(session, [plan], "report", *week, most=5, before=latest.id) == (earlier,)


def test_what_waits_is_counted_with_its_oldest_day(looking: tuple[Session, PlanRow]) -> None:
    session, plan = looking
    found = {each.kind: each for each in desk_list.waits(session, plan.organisation_id, [plan], ZONE)}
    assert (found[Wait.ACCEPT].number, found[Wait.ACCEPT].oldest) == (1, date(2022, 3, 10))
    assert (found[Wait.EXTENSION].number, found[Wait.EXTENSION].oldest) == (1, date(2022, 3, 15))
    assert (found[Wait.QUESTION].number, found[Wait.QUESTION].oldest) == (2, date(2022, 1, 4))
    assert [found[kind].number for kind in (Wait.ANSWER, Wait.CONDITION, Wait.LETTER, Wait.ADDRESS)] == [
        0
    ] * 4
    (asked,) = desk_list.waiting(session, Wait.EXTENSION, plan.organisation_id, [plan], ZONE, most=9)
    assert (asked.row, asked.about, asked.params["reason"]) == (1, "tm", "chờ")


def test_counting_stops_at_its_bound(
    looking: tuple[Session, PlanRow], monkeypatch: pytest.MonkeyPatch
) -> None:
    session, plan = looking
    monkeypatch.setattr(desk_list, "MOST_COUNTED", 1)
    found = {each.kind: each for each in desk_list.waits(session, plan.organisation_id, [plan], ZONE)}
    questions = found[Wait.QUESTION]
    assert (questions.number, questions.more, questions.oldest) == (1, True, None)
    assert not found[Wait.ACCEPT].more


def test_a_letter_nobody_knows_the_fate_of_waits_for_the_office(engine: Engine, office: int) -> None:
    with write(engine) as session:
        letter = outbox.open_letter(
            session,
            office,
            kind="digest",
            person="hung",
            day=MARCH,
            message_id="<1@example.vn>",
            at=at(MARCH),
        )
        assert letter is not None
        session.execute(update(type(letter)).values(state="unknown"))
        (found,) = desk_list.waiting(session, Wait.LETTER, office, [], ZONE, most=9)
    assert (found.id, found.text, found.about, found.since) == (letter.id, "hung", "unknown", MARCH)


def test_a_task_that_waits_for_an_event_is_asked_about_until_it_arises(engine: Engine, office: int) -> None:
    with write(engine) as session:
        plan = tasks.plan_or_refuse(session, office, NUMBER)
        row = tasks.task_or_refuse(session, office, f"{NUMBER}/3")
        row.active, row.planned = True, []
        session.flush()
        (found,) = desk_list.waiting(session, Wait.CONDITION, office, [plan], ZONE, most=9)
        assert (found.row, found.about, found.since) == (3, "Quý 5", date(2022, 1, 4))
        arisen = Trigger(
            occurrence=occurrence(JUNE, origin=Origin.TRIGGER),
            shares=(OpenedShare(unit="tm", role=Role.OWNER),),
        )
        _tell(session, office, f"{NUMBER}/3", MARCH, arisen)
        assert not desk_list.waiting(session, Wait.CONDITION, office, [plan], ZONE, most=9)


def test_a_timeline_page_holds_what_does_not_recur(looking: tuple[Session, PlanRow]) -> None:
    session, plan = looking
    assert timeline_rows.number_with_dates(session, plan) == 1
    (task,) = timeline_rows.tasks_with_dates(session, plan, most=60, skip=0)
    assert (task.row, [each.key.unit for each in task.shares.values()]) == (1, ["tm"])
    assert timeline_rows.tasks_with_dates(session, plan, most=60, skip=1) == ()
