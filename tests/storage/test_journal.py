"""The journal and the tables tell the same story, on every day of it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from typing import get_args

import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from storage import journal, tasks
from storage.codec import decision_from_json, decision_to_json
from storage.engine import read, write
from storage.schema import Event, PlanRow, ShareRow
from tasks_catalog.decisions import (
    Accept,
    Acknowledge,
    AskExtension,
    Close,
    Correct,
    DecideExtension,
    Decision,
    DecisionRefused,
    Measure,
    MovedDate,
    Open,
    OpenedShare,
    Reassign,
    Reopen,
    Report,
    Resume,
    Return,
    Revise,
    SayArisen,
    SetAside,
    Settle,
    Snooze,
    Trigger,
    Wait,
)
from tasks_catalog.facts import ClosingKind, Document, Evidence, TaskFacts
from tasks_catalog.figures import Figure
from tasks_catalog.occurrence import Role
from tasks_catalog.targets import targets_of
from tests.storage.cast import (
    BOTH,
    ISSUED,
    NUMBER,
    OWNERS,
    PLANNED,
    READ,
    at,
    import_cast,
    occurrence,
    opening,
    set_up,
    share,
)
from tests.storage.deciding import STEPS, attempt, started

PAPER = Document(number="123/SCT-VP", issued=date(2022, 5, 4), title="V/v gia hạn")
DUE = date(2022, 11, 15)
KEY = share(1, DUE, "tm")
FIGURES = (
    Figure(target=1, amount=Decimal("97.5")),
    Figure(target=2, part=Decimal(24635), whole=Decimal(24641)),
)

DECISIONS: tuple[Decision, ...] = (
    Open(
        occurrence=occurrence(DUE),
        shares=(OpenedShare(unit="tm", role=Role.OWNER, officer="hung"),),
        before_tracking=True,
        began=ISSUED,
    ),
    Trigger(occurrence=occurrence(DUE), shares=()),
    SayArisen(unit="tm", arose=DUE, words="Tỉnh đã có hướng dẫn"),
    SetAside(reason="Mới là dự thảo", unit="tm"),
    Report(
        share=KEY,
        product_date=DUE,
        evidence=(Evidence(text="12/BC-SCT", issued=DUE, sha256="ab"),),
        note="đã xong",
        figures=FIGURES,
    ),
    Measure(share=KEY, figures=FIGURES),
    Accept(share=KEY, product_date_counts=True),
    Return(share=KEY, reason="thiếu", due=DUE, lapses=DUE),
    Acknowledge(share=KEY, expected=DUE),
    AskExtension(share=KEY, to=DUE, reason="chờ số liệu"),
    DecideExtension(share=KEY, granted=True, to=DUE, lapses=DUE, reason="đồng ý"),
    Wait(share=KEY),
    Resume(share=KEY, due=DUE, lapses=DUE),
    Close(closing=ClosingKind.POSTPONED),
    Reopen(reason="làm tiếp"),
    Reassign(from_unit="tm", to_unit="cn", officer="binh"),
    Snooze(share=KEY, until=DUE),
    Settle(deadline=BOTH, planned=PLANNED[2], owners=OWNERS[1], still_open=("owner_missing",)),
    Correct(field="targets", value="tối thiểu 95% văn bản", targets=targets_of("tối thiểu 95% văn bản")),
    Revise(
        words={"text": "Ban hành Kế hoạch", "deadline": BOTH.text},
        deadline=BOTH,
        planned=PLANNED[2],
        moved=(MovedDate(occurrence="2022-11-15", due=DUE, lapses=DUE),),
        gone=("2022-03-14",),
        owners=OWNERS[1],
        owed_by=(OpenedShare(unit="tm", role=Role.OWNER),),
        still_open=("owner_missing",),
        raised=("deadline_unclear",),
        targets=targets_of("100% văn bản; ít nhất 3 mô hình"),
    ),
)


@pytest.mark.parametrize("decision", DECISIONS, ids=lambda decision: decision.kind)
def test_every_decision_is_read_back_as_it_was_kept(decision: Decision) -> None:
    assert decision_from_json(decision_to_json(decision)) == decision


def test_no_decision_is_left_out_of_these_tests() -> None:
    assert {type(decision) for decision in DECISIONS} == set(get_args(Decision))


@dataclass(frozen=True)
class Desk:
    """A plan at work."""

    engine: Engine
    office: int

    def plan(self, session: Session) -> PlanRow:
        return tasks.plan_or_refuse(session, self.office, NUMBER)

    def record(self, decision: Decision, on: date, document: Document | None = None) -> TaskFacts:
        with write(self.engine) as session:
            row = tasks.task_or_refuse(session, self.office, f"{NUMBER}/1")
            return journal.record(
                session, row, decision, by="lan", at=at(on), on=on, document=document, note="ghi chú"
            )


@pytest.fixture
def desk(engine: Engine) -> Desk:
    with write(engine) as session:
        office = set_up(session)
        plan = import_cast(session, office)
        entries = [(f"{NUMBER}/1", opening(PLANNED[1][0], "tm", "vp"))]
        journal.record_many(session, plan, entries, at=at(ISSUED))
    return Desk(engine, office)


def test_a_decision_changes_the_facts_and_stands_in_the_history(desk: Desk) -> None:
    facts = desk.record(Report(share=KEY), date(2022, 5, 4), PAPER)
    assert facts.shares[KEY].is_done
    with read(desk.engine) as session:
        row = tasks.task_or_refuse(session, desk.office, f"{NUMBER}/1")
        assert tasks.facts_of_task(session, row) == facts
        *_, last = journal.history(session, row)
        assert [line.kind for line in journal.history(session, row)] == ["import", "open", "report"]
    assert (last.by, last.on, last.at, last.document, last.note) == (
        "lan",
        date(2022, 5, 4),
        at(date(2022, 5, 4)),
        PAPER,
        "ghi chú",
    )


def test_the_event_names_the_share_it_is_about(desk: Desk) -> None:
    desk.record(Report(share=KEY), date(2022, 5, 4))
    with read(desk.engine) as session:
        told = session.scalars(select(Event).where(Event.kind == "report")).one()
    assert (told.occurrence, told.unit) == ("2022-11-15", "tm")


def test_a_decision_that_does_not_fit_leaves_no_trace(desk: Desk) -> None:
    with read(desk.engine) as session:
        before = session.scalar(select(func.count()).select_from(Event))
    with pytest.raises(DecisionRefused):
        desk.record(Accept(share=KEY), date(2022, 5, 4))
    with read(desk.engine) as session:
        assert session.scalar(select(func.count()).select_from(Event)) == before


def test_a_correction_leaves_the_words_of_the_document(desk: Desk) -> None:
    desk.record(Correct(field="text", value="Ban hành Kế hoạch CCHC"), date(2022, 5, 4))
    with read(desk.engine) as session:
        row = tasks.task_or_refuse(session, desk.office, f"{NUMBER}/1")
        assert tasks.facts_of_task(session, row).text == "Ban hành Kế hoạch CCHC"
    assert (row.text, row.current_text) == ("Ban hành kế hoạch", "Ban hành Kế hoạch CCHC")


def test_the_past_stays_what_it_was(desk: Desk) -> None:
    desk.record(Report(share=KEY), date(2022, 5, 4))
    desk.record(Return(share=KEY, reason="thiếu"), date(2022, 5, 6))
    with read(desk.engine) as session:
        plan = desk.plan(session)
        by_day = {
            day: tasks.facts_as_of(session, plan, date(2022, 5, day))[0].shares[KEY] for day in (3, 4, 5, 6)
        }
    assert [by_day[day].is_done for day in (3, 4, 5, 6)] == [False, True, True, False]
    assert [by_day[day].epoch for day in (3, 6)] == [1, 2]


def test_before_the_import_the_tasks_are_as_first_read(desk: Desk) -> None:
    with read(desk.engine) as session:
        first = tasks.facts_as_of(session, desk.plan(session), date(2021, 12, 31))
    assert [(task.text, dict(task.shares)) for task in first] == [(task.text, {}) for task in READ.tasks]


def test_a_clock_put_back_does_not_tear_the_story_apart(desk: Desk) -> None:
    desk.record(Report(share=KEY), date(2022, 5, 10))
    desk.record(Return(share=KEY, reason="thiếu"), date(2022, 5, 3))  # builds on what stands under 10 May
    with read(desk.engine) as session:
        plan = desk.plan(session)
        assert not tasks.facts_as_of(session, plan, date(2022, 5, 4))[0].shares[KEY].is_done
        assert tasks.facts_as_of(session, plan, date(2022, 5, 10)) == tasks.facts_of_plan(session, plan)


def test_only_open_shares_are_loaded_for_the_morning(desk: Desk) -> None:
    desk.record(Report(share=KEY), date(2022, 5, 4))
    with read(desk.engine) as session:
        first, *others = tasks.facts_of_plan(session, desk.plan(session), live_only=True)
    assert set(first.shares) == {share(1, DUE, "vp")}
    assert set(first.opened) == {"2022-11-15"}
    assert len(others) == 2


def test_opening_twice_opens_once(desk: Desk) -> None:
    entries = [(f"{NUMBER}/2", opening(due, "tm", "cn", "vp")) for due in PLANNED[2]]
    with write(desk.engine) as session:
        assert journal.record_many(session, desk.plan(session), entries, at=at(ISSUED)).shares == 6
    with write(desk.engine) as session:
        again = journal.record_many(session, desk.plan(session), entries, at=at(ISSUED))
    assert again == journal.Written(entries=0, shares=0)


def _at_once(work: Callable[[], None]) -> None:
    """Run ``work`` in two threads that begin together; what one of them raises is raised here."""
    together = threading.Barrier(2)

    def begin() -> None:
        together.wait()
        work()

    with ThreadPoolExecutor(2) as pool:
        for future in [pool.submit(begin) for _ in range(2)]:
            future.result()


def test_two_runs_at_once_open_everything_once(desk: Desk) -> None:
    entries = [(f"{NUMBER}/2", opening(due, "tm", "cn", "vp")) for due in PLANNED[2]]
    opened: list[int] = []

    def work() -> None:
        with write(desk.engine) as session:
            opened.append(journal.record_many(session, desk.plan(session), entries, at=at(ISSUED)).shares)

    _at_once(work)
    assert sorted(opened) == [0, 6]


def test_of_two_reports_at_once_the_second_is_refused(desk: Desk) -> None:
    outcomes: list[str] = []

    def work() -> None:
        try:
            desk.record(Report(share=KEY), date(2022, 5, 4))
        except DecisionRefused as refused:
            outcomes.append(refused.code)
        else:
            outcomes.append("reported")

    _at_once(work)
    assert sorted(outcomes) == ["reported", "share_already_reported"]


def test_a_thousand_shares_are_opened_at_once(engine: Engine) -> None:
    with write(engine) as session:
        plan = import_cast(session, set_up(session))
        units = tuple(f"unit{n}" for n in range(350))
        entries = [(f"{NUMBER}/{row}", opening(due, *units)) for row in (1, 2) for due in PLANNED[row]]
        written = journal.record_many(session, plan, entries, at=at(ISSUED))
        assert written == journal.Written(entries=3, shares=1050)
        assert session.scalar(select(func.count()).select_from(ShareRow)) == 1050
        assert tasks.facts_as_of(session, plan, ISSUED) == tasks.facts_of_plan(session, plan)


# However people decide, day by day, the tables hold what the journal tells. ----------------------

_numbers = count(1)


@given(steps=STEPS)
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],  # each example imports a plan of its own
)
def test_on_every_day_the_tables_hold_what_the_journal_tells(
    engine: Engine, steps: list[tuple[int, int, int]]
) -> None:
    number = f"{next(_numbers)}/KH-SCT"
    with write(engine) as session:
        plan = started(session, number)
        rows = tasks.list_tasks(session, plan)[:2]
        told: dict[date, tuple[TaskFacts, ...]] = {}
        day = ISSUED
        for which, pick, wait in steps:
            day += timedelta(days=wait)
            attempt(session, rows[pick % 2], which, pick, day)
            told[day] = tasks.facts_of_plan(session, plan)
        for past, facts in told.items():
            assert tasks.facts_as_of(session, plan, past) == facts
