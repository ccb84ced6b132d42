"""What a revision makes of one task: its dates, its units, its questions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import pytest

from tasks_catalog.calendar import WorkCalendar, vietnam
from tasks_catalog.changes import FieldChange
from tasks_catalog.deadline import read_deadline
from tasks_catalog.decisions import DecideExtension, Open, Recorded, Report, Revise, Trigger, apply
from tasks_catalog.facts import Document, EpochCause, OwnerRef, TaskFacts
from tasks_catalog.intake import shares_owed
from tasks_catalog.occurrence import Occurrence, Origin, Role, ShareKey, planned_occurrences
from tasks_catalog.people import Directory, Unit
from tasks_catalog.problem import Problem
from tasks_catalog.revising import RowRead, rescheduled, revision, still_ahead
from tasks_catalog.task import PlanSettings

SETTINGS = PlanSettings(year=2022)
CALENDAR: WorkCalendar = vietnam(range(2022, 2024))
DAY = date(2022, 7, 1)
PAPER = Document(number="500/QĐ-SCT", issued=DAY)
DIRECTORY = Directory(
    organisation="sct", name="Sở", units=tuple(Unit(code=code, name=code) for code in ("tm", "vp", "cn"))
)
TM, VP = OwnerRef(code="tm", role=Role.OWNER), OwnerRef(code="vp", role=Role.OWNER)
UNCLEAR = Problem(code="deadline_unclear")


def due(words: str) -> tuple[Occurrence, ...]:
    return planned_occurrences(read_deadline(words, year=2022), SETTINGS, CALENDAR)


def task(words: str, *, until: date | None = DAY, owners: tuple[OwnerRef, ...] = (TM,)) -> TaskFacts:
    """Return a task with every occurrence opened whose day of opening has come; None opens none."""
    facts = TaskFacts(
        id="1/KH/1",
        row=1,
        text="Rà soát",
        deadline=read_deadline(words, year=2022),
        owners=owners,
        planned=due(words),
    )
    for occurrence in due(words) if until else ():
        if occurrence.opens is None or (until and occurrence.opens <= until):
            opening = Open(occurrence=occurrence, shares=shares_owed(owners, DIRECTORY, SETTINGS))
            facts = apply(facts, Recorded(decision=opening, on=date(2022, 1, 10), by="office"))
    return facts


def reported(facts: TaskFacts, occurrence: str, unit: str = "tm") -> TaskFacts:
    report = Report(share=ShareKey("1/KH/1", occurrence, unit))
    return apply(facts, Recorded(decision=report, on=date(2022, 6, 1), by="hung"))


def revised(
    facts: TaskFacts,
    *,
    deadline: str | None = None,
    owners: tuple[OwnerRef, ...] | None = None,
    problems: Iterable[Problem] = (),
    asked: Iterable[str] = (),
) -> tuple[Revise, TaskFacts]:
    fields = [FieldChange(field="deadline", before="x", after=deadline)] if deadline is not None else []
    fields += [FieldChange(field="lead", before="x", after="y")] if owners is not None else []
    words = deadline if deadline is not None else facts.deadline.text
    read = RowRead(
        deadline=read_deadline(words, year=2022),
        planned=due(words),
        owners=owners or (),
        problems=tuple(problems),
    )
    decision, _ = revision(facts, fields, read, asked=asked, directory=DIRECTORY, settings=SETTINGS, on=DAY)
    return decision, apply(facts, Recorded(decision=decision, on=DAY, by="lan", document=PAPER))


@pytest.mark.parametrize(
    ("before", "done", "after", "moved", "gone", "planned"),
    [
        pytest.param(
            "Trước 15/11/2022", (), "Trước 15/12/2022", {"2022-11-15": "2022-12-15"}, (), ["2022-12-15"],
            id="an open date moves and keeps its key",
        ),
        pytest.param(
            "Trước 15/11/2022", (), "Trước ngày 15/11/2022", {}, (), ["2022-11-15"],
            id="other words for the same date move nothing",
        ),
        pytest.param(
            "Quý II; Quý IV", (), "Quý III; Quý IV", {"2022-06-30": "2022-09-30"}, (),
            ["2022-09-30", "2022-12-31"], id="of two dates the one that changed moves",
        ),
        pytest.param(
            "Trước 15/11/2022", (), "Khi có hướng dẫn", {}, ("2022-11-15",), [],
            id="a condition instead of a date withdraws it",
        ),
        pytest.param(
            "Trước 15/11/2022", (), "Thường xuyên", {}, ("2022-11-15",), ["2022-09-14", "2022-12-14"],
            id="made continuous it owes nothing for the time before",
        ),
        pytest.param(
            "Thường xuyên", ("2022-03-14", "2022-06-14"), "Trước 30/9/2022", {}, ("2022-09-14",),
            ["2022-09-30"], id="no longer continuous: what was reported stays, the open period goes",
        ),
        pytest.param(
            "Ngày 20 hằng tháng", ("2022-01-20",), "Ngày 25 hằng tháng",
            {"2022-01-20": "2022-01-25", "2022-07-20": "2022-07-25"}, (),
            None, id="a recurrence moves what is open to the nearest date",
        ),
    ],
)  # fmt: skip
def test_where_the_dates_go(
    before: str,
    done: tuple[str, ...],
    after: str,
    moved: dict[str, str],
    gone: tuple[str, ...],
    planned: list[str] | None,
) -> None:
    facts = task(before)
    for occurrence in done:
        facts = reported(facts, occurrence)
    decision, after_it = revised(facts, deadline=after)
    told = {move.occurrence: move.due.isoformat() for move in decision.moved}
    assert {key: told.get(key) for key in moved} == moved
    assert set(decision.gone) == set(gone)
    if planned is not None:
        assert [occurrence.due.isoformat() for occurrence in decision.planned] == planned
    for share in after_it.shares.values():
        if share.key.occurrence in told and not share.is_done:
            assert (share.due.isoformat(), share.epoch) == (told[share.key.occurrence], 2)
            assert share.epoch_cause is EpochCause.REVISED
            (change,) = share.extensions
            assert (change.before, change.document) == (share.first_due, PAPER)
        elif share.key.occurrence in gone:
            assert share.withdrawn_on == DAY
        else:
            assert share.epoch == 1


def test_what_is_reported_is_not_asked_again_at_the_new_date() -> None:
    facts = reported(task("Trước 15/11/2022"), "2022-11-15")
    decision, after = revised(facts, deadline="Trước 15/12/2022")
    assert [occurrence.key for occurrence in decision.planned] == ["2022-11-15"]
    (share,) = after.shares.values()
    assert share.is_done
    assert share.epoch == 1


def test_a_date_moved_twice_keeps_its_first_key_and_both_old_dates() -> None:
    _, once = revised(task("Trước 15/11/2022"), deadline="Trước 15/12/2022")
    _, twice = revised(once, deadline="Trước 20/12/2022")
    (share,) = twice.shares.values()
    assert (share.key.occurrence, share.due, share.epoch) == ("2022-11-15", date(2022, 12, 20), 3)
    assert [change.before for change in share.extensions] == [date(2022, 11, 15), date(2022, 12, 15)]


def test_a_date_granted_to_one_unit_holds_while_the_plan_stays_silent() -> None:
    key = ShareKey("1/KH/1", "2022-11-15", "tm")
    extended = DecideExtension(share=key, granted=True, to=date(2022, 11, 30), lapses=date(2022, 11, 30))
    facts = apply(task("Trước 15/11/2022"), Recorded(decision=extended, on=DAY, by="lan", document=PAPER))
    _, after = revised(facts, deadline="Trước ngày 15/11/2022")
    assert after.shares[key].due == date(2022, 11, 30)


def test_what_was_triggered_stays() -> None:
    occurrence = Occurrence(
        key="2022-08-01", due=date(2022, 8, 1), lapses=date(2022, 8, 1), origin=Origin.TRIGGER
    )
    trigger = Trigger(occurrence=occurrence, shares=shares_owed((TM,), DIRECTORY, SETTINGS))
    facts = apply(task("Khi có hướng dẫn"), Recorded(decision=trigger, on=DAY, by="lan", document=PAPER))
    decision, after = revised(facts, deadline="Trước 15/12/2022")
    assert (decision.moved, decision.gone) == ((), ())
    assert [share.is_live for share in after.shares.values()] == [True]


def test_a_new_date_never_takes_the_key_of_one_that_moved_away() -> None:
    _, moved = revised(task("Trước 15/11/2022"), deadline="Trước 15/12/2022")
    schedule = rescheduled(moved, due("Trước 15/11/2022 và trước 15/12/2022"), DAY)
    assert {o.key: o.due.isoformat() for o in schedule.planned} == {
        "2022-11-15.2": "2022-11-15",
        "2022-11-15": "2022-12-15",
    }


def test_units_come_and_go_and_what_one_reported_stays_its_own() -> None:
    facts = task("Quý III; Quý IV", owners=(TM, OwnerRef(code="cn", role=Role.CO_OWNER)))
    facts = reported(facts, "2022-09-30")
    _, after = revised(facts, owners=(VP, OwnerRef(code="cn", role=Role.OWNER)))
    third, fourth = (
        {k.unit: s for k, s in after.shares.items() if k.occurrence == key}
        for key in ("2022-09-30", "2022-12-31")
    )
    assert {unit: share.is_live for unit, share in third.items()} == {"tm": False, "cn": True}
    assert fourth["tm"].withdrawn_on == DAY
    assert (fourth["cn"].role, fourth["cn"].epoch) == (Role.OWNER, 1)
    assert (fourth["vp"].due, fourth["vp"].epoch_began) == (date(2022, 12, 31), DAY)
    assert after.owners[0] == VP


def test_a_unit_that_comes_back_starts_a_new_epoch() -> None:
    _, gone = revised(task("Quý IV"), owners=(VP,))
    _, back = revised(gone, owners=(TM,))
    share = back.shares[ShareKey("1/KH/1", "2022-12-31", "tm")]
    assert (share.epoch, share.is_live) == (2, True)


def test_nothing_doubtful_comes_into_force_on_a_task_at_work() -> None:
    decision, after = revised(task("Quý IV"), deadline="Quý V", owners=(VP,), problems=[UNCLEAR])
    assert (decision.deadline, decision.raised, decision.words["deadline"]) == (
        None,
        ("deadline_unclear",),
        "Quý V",
    )
    assert (after.active, after.deadline.text, after.owners) == (True, "Quý IV", (VP,))


def test_a_row_that_has_not_started_waits_for_its_new_question() -> None:
    _, after = revised(task("Quý IV", until=None), deadline="Quý V", problems=[UNCLEAR])
    assert (after.active, after.planned, after.deadline.text) == (False, (), "Quý V")


def test_a_clear_deadline_answers_the_old_question_and_no_other() -> None:
    waiting = task("Quý V", until=None)
    decision, after = revised(waiting, deadline="Quý IV", asked=["deadline_unclear", "unit_unknown"])
    assert decision.still_open == ("unit_unknown",)
    assert not after.active
    assert revised(waiting, deadline="Quý IV", asked=["deadline_unclear"])[1].active


def test_doubts_of_fields_that_did_not_change_are_not_raised_again() -> None:
    decision, _ = revised(task("Quý IV"), owners=(VP,), problems=[UNCLEAR])
    assert decision.raised == ()


def test_a_recurring_task_owes_nothing_for_the_time_before_it_was_handed_out() -> None:
    assert [o.key for o in still_ahead(due("Thường xuyên"), DAY)] == ["2022-09-14", "2022-12-14"]
    assert len(still_ahead(due("Trước 01/02/2022"), DAY)) == 1
