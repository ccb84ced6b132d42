"""Tallies: what is counted as done, of how many, by section and by unit."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks_catalog.decisions import Close, Wait
from tasks_catalog.facts import ClosingKind, TaskFacts
from tasks_catalog.progress import Tally, as_json, tally_of
from tasks_catalog.standing import StandingKind
from tasks_catalog.task import Continuous, NotArisen, PlanSettings
from tests.tasks_catalog.cast import (
    CONTINUOUS,
    PAPER,
    SETTINGS,
    WHEN,
    a_task,
    after,
    by,
    d,
    key,
    opened,
    reported,
)

DONE, LATE, CLOSED, GOING, OVERDUE, NOT_ARISEN = StandingKind
PLAN = "01/KH-ST"
DUE = d(30, 6)


def numbered(task: TaskFacts, row: int, section: str) -> TaskFacts:
    return replace(task, row=row, section=section)


def one_off(row: int, section: str, reported_on: date | None = None, *owners: str) -> TaskFacts:
    task = opened(a_task(by(DUE), row=row, section=section), owners=owners or ("TM",))
    return reported(task, reported_on, unit=(owners or ("TM",))[0]) if reported_on else task


def closed(task: TaskFacts, kind: ClosingKind) -> TaskFacts:
    return after(task, d(1, 6), Close(closing=kind), PAPER)


def waiting(task: TaskFacts) -> TaskFacts:
    return after(task, d(1, 6), Wait(share=key(task)), PAPER)


TASKS = (
    one_off(1, "I. Thể chế", d(29, 6)),
    one_off(2, "I. Thể chế", d(4, 7)),
    one_off(3, "II. Thủ tục", None),
    closed(one_off(4, "II. Thủ tục"), ClosingKind.POSTPONED),
    closed(one_off(5, "II. Thủ tục"), ClosingKind.SUSPENDED),
    waiting(one_off(6, "II. Thủ tục")),
    a_task(WHEN, row=7, section="III. Bộ máy"),
    one_off(8, "III. Bộ máy", d(20, 6), "CN", "VP"),
    reported(opened(a_task(CONTINUOUS, row=9, section="III. Bộ máy")), d(10, 3), due=d(14, 3)),
)
JULY = d(15, 7)
EXCLUDED = PlanSettings(year=2022, not_arisen=NotArisen.EXCLUDED)
YEAR_END = PlanSettings(year=2022, continuous=Continuous.YEAR_END)


def counts(tally: Tally) -> dict[str, int]:
    return {str(kind): number for kind, number in tally.counts.items() if number}


def test_the_six_standings_of_a_plan() -> None:
    tally = tally_of(PLAN, TASKS, SETTINGS, JULY)
    assert counts(tally) == {
        "done_on_time": 1,
        "done_late": 1,
        "closed": 1,
        "in_progress": 2,
        "overdue": 3,
        "not_arisen": 1,
    }
    assert (tally.done, tally.total, tally.percent) == (3, 9, 33.3)
    assert [entry.task.row for entry in tally.of_kind(OVERDUE)] == [3, 8, 9]


@pytest.mark.parametrize(
    ("chosen", "day", "done", "total"),
    [
        pytest.param(SETTINGS, d(15, 4), 3, 9, id="in April what was continuous counts as done to date"),
        pytest.param(YEAR_END, d(15, 4), 2, 9, id="or not before the year's end"),
        pytest.param(EXCLUDED, d(15, 4), 3, 8, id="what never arose may be left out of the total"),
    ],
)
def test_the_plans_settings_decide(chosen: PlanSettings, day: date, done: int, total: int) -> None:
    april = [t for t in TASKS if t.row in (4, 9)]
    april += [one_off(row, "I") for row in (1, 2, 3, 5, 6)]
    april += [one_off(8, "III", d(1, 4)), a_task(WHEN, row=7)]
    tally = tally_of(PLAN, april, chosen, day)
    assert (tally.done, tally.total) == (done, total)


def test_an_empty_plan_has_no_percentage() -> None:
    tally = tally_of(PLAN, (), SETTINGS, JULY)
    assert (tally.done, tally.total, tally.percent, tally.tasks) == (0, 0, 0.0, ())


def test_the_figure_of_the_annual_report() -> None:
    tasks = [one_off(row, "I", d(29, 6)) for row in range(1, 53)] + [one_off(row, "I") for row in (53, 54)]
    tally = tally_of(PLAN, tasks, SETTINGS, JULY)
    assert (tally.done, tally.total, tally.percent) == (52, 54, 96.3)


def test_sections_stand_in_the_plans_order_and_count_tasks() -> None:
    tally = tally_of(PLAN, reversed(TASKS), SETTINGS, JULY)
    assert [(line.key, line.done, line.total) for line in tally.by_section] == [
        ("I. Thể chế", 2, 2),
        ("II. Thủ tục", 1, 4),
        ("III. Bộ máy", 0, 3),
    ]


def test_units_count_the_shares_they_own() -> None:
    """CN reported its share of row 8, VP did not; TM has all others, the continuous one four times."""
    tally = tally_of(PLAN, TASKS, SETTINGS, JULY)
    lines = {line.key: line for line in tally.by_unit}
    assert [(key_, line.done, line.total) for key_, line in lines.items()] == [
        ("CN", 1, 1),
        ("TM", 4, 10),
        ("VP", 0, 1),
    ]
    assert lines["VP"].counts[OVERDUE] == 1


def test_a_co_owners_voluntary_share_is_not_counted() -> None:
    task = opened(a_task(by(DUE)), co_owners=("CN",))
    assert [line.key for line in tally_of(PLAN, [task], SETTINGS, JULY).by_unit] == ["TM"]


def test_the_worst_are_those_longest_past_their_date() -> None:
    tally = tally_of(PLAN, TASKS, SETTINGS, JULY)
    assert [(e.task.row, e.standing.since) for e in tally.worst(2)] == [(9, d(14, 6)), (3, DUE)]


def test_as_json_names_the_six_standings_and_the_settings_in_force() -> None:
    printed = as_json(tally_of(PLAN, TASKS, SETTINGS, JULY))
    assert list(printed) == [
        "plan",
        "as_of",
        "done",
        "total",
        "settings",
        "standings",
        "by_section",
        "by_unit",
        "targets",
    ]
    assert printed["settings"] == {
        "continuous": "to_date",
        "not_arisen": "in_total",
        "regime": "cchc",
        "derived_dates_slide": True,
        "printed_dates_slide": False,
    }
    assert printed["standings"] == {
        "done_on_time": 1,
        "done_late": 1,
        "closed": 1,
        "in_progress": 2,
        "overdue": 3,
        "not_arisen": 1,
    }
    assert json.loads(json.dumps(printed))["by_unit"][0]["unit"] == "CN"


_TASK = st.sampled_from(range(len(TASKS)))
_PLANS = st.lists(_TASK, max_size=20).map(
    lambda chosen: [replace(TASKS[index], row=row) for row, index in enumerate(chosen, start=1)]
)
_DAYS = st.dates(d(4, 1), d(31, 12))
_SETTINGS = st.builds(
    PlanSettings,
    year=st.just(2022),
    continuous=st.sampled_from(Continuous),
    not_arisen=st.sampled_from(NotArisen),
)


@given(plan=_PLANS, day=_DAYS, chosen=_SETTINGS)
@settings(deadline=None, max_examples=80)
def test_standings_are_exclusive_and_sum_to_the_total(
    plan: list[TaskFacts], day: date, chosen: PlanSettings
) -> None:
    tally = tally_of(PLAN, plan, chosen, day)
    left_out = tally.counts[NOT_ARISEN] if chosen.not_arisen is NotArisen.EXCLUDED else 0
    assert sum(tally.counts.values()) == len(plan) == tally.total + left_out
    assert tally.done == sum(tally.counts[kind] for kind in (DONE, LATE, CLOSED))
    assert sum(len(tally.of_kind(kind)) for kind in StandingKind) == len(plan)
    assert sum(line.total for line in tally.by_section) == tally.total
    assert sum(line.done for line in tally.by_section) == tally.done
    for line in (*tally.by_section, *tally.by_unit):
        assert line.done <= line.total


@given(plan=_PLANS, day=_DAYS, order=st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=40)
def test_the_same_facts_give_the_same_bytes_in_whatever_order(
    plan: list[TaskFacts], day: date, order: object
) -> None:
    shuffled = list(plan)
    order.shuffle(shuffled)  # type: ignore[attr-defined]  # a random.Random, which hypothesis replays
    tallies = (as_json(tally_of(PLAN, tasks, SETTINGS, day)) for tasks in (plan, shuffled))
    assert len({json.dumps(tally, ensure_ascii=False) for tally in tallies}) == 1
