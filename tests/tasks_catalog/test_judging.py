"""Targets judged: by the newest figure asked for, unit by unit, and the task by all of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks_catalog.decisions import (
    Close,
    Correct,
    Measure,
    Reassign,
    Report,
    Return,
    Revise,
)
from tasks_catalog.facts import ClosingKind, TaskFacts
from tasks_catalog.figures import Figure
from tasks_catalog.judging import Verdict, counted, is_met, judged, overall
from tasks_catalog.targets import Target, targets_of
from tests.tasks_catalog.cast import PAPER, a_task, after, an_occurrence, d, key, opened, share

Q1, Q2 = d(14, 3), d(14, 6)
TARGETS = targets_of("Tỷ lệ hồ sơ đúng hạn đạt tối thiểu 96%")
V = Verdict


def a_year(*, owners: Iterable[str] = ("TM",), co_owners: Iterable[str] = ()) -> TaskFacts:
    """A task that owes its product at two cut-offs, and the figure with it."""
    planned = (an_occurrence(Q1, period="2022-Q1"), an_occurrence(Q2, period="2022-H1"))
    return opened(replace(a_task(), planned=planned, targets=TARGETS), owners=owners, co_owners=co_owners)


def amount(value: str, target: int = 1) -> Figure:
    return Figure(target=target, amount=Decimal(value))


def measured(task: TaskFacts, day: date, value: str, *, due: date = Q1, unit: str = "TM") -> TaskFacts:
    return after(task, day, Measure(share=key(task, unit, due), figures=(amount(value),)))


def verdict(task: TaskFacts, day: date) -> Verdict:
    (one,) = judged(task, day)
    return one.verdict


@pytest.mark.parametrize(
    ("objective", "value", "met"),
    [
        pytest.param("tối thiểu 96%", "96", True, id="a floor reached exactly"),
        pytest.param("tối thiểu 96%", "95.99", False, id="just under a floor"),
        pytest.param("trên 96%", "96", False, id="above is not at"),
        pytest.param("không quá 3%", "3", True, id="a ceiling reached exactly"),
        pytest.param("không quá 3%", "3.01", False, id="over a ceiling"),
        pytest.param("dưới 3%", "3", False, id="below is not at"),
        pytest.param("bằng 100%", "99.9", False, id="exactly is exactly"),
    ],
)
def test_a_figure_meets_its_target_or_not(objective: str, value: str, met: bool) -> None:
    (target,) = targets_of(objective)
    assert is_met(target, Decimal(value)) is met


def test_two_counts_are_judged_unrounded() -> None:
    task = replace(a_year(), targets=targets_of("100% hồ sơ đúng hạn"))
    figure = Figure(target=1, part=Decimal(24640), whole=Decimal(24641))
    task = after(task, d(1, 3), Measure(share=key(task, "TM", Q1), figures=(figure,)))
    assert verdict(task, d(1, 3)) is V.NOT_MET


def test_a_task_without_targets_is_not_judged() -> None:
    assert judged(replace(a_year(), targets=()), Q2) == ()


def test_a_target_nobody_owes_yet_has_no_figure() -> None:
    (one,) = judged(replace(a_task(), targets=TARGETS), Q2)
    assert (one.verdict, one.units) == (V.NOT_REPORTED, ())


def test_a_figure_holds_until_the_next_period_asks_anew() -> None:
    task = measured(a_year(), d(10, 3), "97.5")
    assert [verdict(task, day) for day in (d(9, 3), d(10, 3), d(13, 6), Q2)] == [
        *(V.NOT_REPORTED, V.MET, V.MET, V.NOT_REPORTED)
    ]
    ((unit,),) = (one.units for one in judged(task, Q2))
    assert unit.last is not None
    assert (unit.last.figure.value, unit.occurrence) == (Decimal("97.5"), Q1.isoformat())
    assert verdict(measured(task, d(10, 6), "90", due=Q2), Q2) is V.NOT_MET


def test_a_report_without_its_figure_leaves_the_target_open() -> None:
    task = after(a_year(), d(1, 3), Report(share=key(a_year(), "TM", Q1)))
    assert verdict(task, d(1, 3)) is V.NOT_REPORTED


def test_a_better_figure_later_is_the_one_that_holds_and_the_first_one_stays_known() -> None:
    task = a_year()
    task = after(task, d(1, 3), Report(share=key(task, "TM", Q1), figures=(amount("90"),)))
    task = measured(task, d(3, 3), "97")
    assert [verdict(task, day) for day in (d(1, 3), d(2, 3), d(3, 3))] == [V.NOT_MET, V.NOT_MET, V.MET]
    assert [one.figure.value for one in share(task, "TM", Q1).measures] == [90, 97]


def test_a_correction_of_an_earlier_period_does_not_speak_for_the_later_one() -> None:
    task = measured(measured(a_year(), d(10, 6), "90", due=Q2), d(12, 6), "99", due=Q1)
    assert verdict(task, Q2) is V.NOT_MET


@pytest.mark.parametrize(
    ("figures", "expected"),
    [
        pytest.param({}, V.NOT_REPORTED, id="nobody has said"),
        pytest.param({"TM": "97"}, V.NOT_REPORTED, id="one of two has met it"),
        pytest.param({"TM": "97", "VP": "96"}, V.MET, id="both have"),
        pytest.param({"TM": "97", "VP": "90"}, V.NOT_MET, id="one has missed it"),
        pytest.param({"TM": "90"}, V.NOT_MET, id="one has missed it, the other may say what it will"),
    ],
)
def test_a_target_of_several_units_is_met_when_each_has_met_it(
    figures: dict[str, str], expected: Verdict
) -> None:
    task = a_year(owners=("TM", "VP"), co_owners=("CN",))
    for unit, value in figures.items():
        task = measured(task, d(1, 3), value, unit=unit)
    (one,) = judged(task, Q1)
    assert one.verdict is expected
    assert [unit.unit for unit in one.units] == ["TM", "VP"]


def test_what_was_sent_back_is_not_counted() -> None:
    task = a_year()
    task = after(task, d(1, 3), Report(share=key(task, "TM", Q1), figures=(amount("97"),)))
    task = after(task, d(2, 3), Return(share=key(task, "TM", Q1), reason="số chưa đúng"))
    assert verdict(task, d(2, 3)) is V.NOT_REPORTED


def test_another_unit_says_its_own_figure_but_one_merged_brings_it_along() -> None:
    task = measured(a_year(), d(1, 3), "97")
    moved = after(task, d(2, 3), Reassign(from_unit="TM", to_unit="VP"))
    merged = after(task, d(2, 3), Reassign(from_unit="TM", to_unit="VP", merging=True))
    assert [verdict(one, d(2, 3)) for one in (moved, merged)] == [V.NOT_REPORTED, V.MET]


def test_figures_follow_what_they_measure_when_the_targets_change() -> None:
    task = measured(a_year(), d(1, 3), "97")
    raised = targets_of("Ít nhất 2 mô hình; Tỷ lệ hồ sơ đúng hạn đạt tối thiểu 98%")
    for decision in (Revise(targets=raised), Correct(field="targets", value="…", targets=raised)):
        first, second = judged(after(task, d(2, 3), decision, PAPER), d(2, 3))
        assert (first.verdict, second.verdict) == (V.NOT_REPORTED, V.NOT_MET)
    gone = after(task, d(2, 3), Correct(field="targets", value=""))
    assert (gone.targets, share(gone, "TM", Q1).measures) == ((), ())
    assert after(task, d(2, 3), Revise()).targets == TARGETS


def test_targets_are_counted_but_for_those_of_tasks_closed_by_decision() -> None:
    met = measured(a_year(), d(1, 3), "97")
    stopped = after(met, d(2, 3), Close(closing=ClosingKind.STOPPED), PAPER)
    suspended = after(met, d(2, 3), Close(closing=ClosingKind.SUSPENDED), PAPER)
    assert counted((met, stopped, suspended, a_year()), d(2, 3)) == {
        V.MET: 2,
        V.NOT_MET: 0,
        V.NOT_REPORTED: 1,
    }


# Properties

_FIGURES = st.lists(
    st.tuples(
        st.sampled_from(["TM", "VP"]), st.sampled_from([Q1, Q2]), st.integers(0, 200), st.integers(0, 9)
    ),
    max_size=12,
)


@given(told=_FIGURES)
def test_the_verdict_of_a_day_rests_on_what_was_recorded_by_then(
    told: list[tuple[str, date, int, int]],
) -> None:
    """However figures come in, later ones never change how a day before them is judged."""
    task, day, by_day = a_year(owners=("TM", "VP")), d(5, 1), {}
    for unit, due, halves, wait in told:
        day += timedelta(days=wait)
        task = measured(task, day, str(Decimal(halves) / 2), due=due, unit=unit)
        by_day[day] = judged(task, day)
    for past, before in by_day.items():
        assert judged(task, past) == before
    for (one,) in by_day.values():
        assert one.verdict is overall(unit.verdict for unit in one.units)
        for unit in one.units:
            if unit.verdict is not V.NOT_REPORTED:
                assert unit.last is not None
                assert (unit.verdict is V.MET) is (unit.last.figure.value >= 96)


@given(st.lists(st.sampled_from(V)))
def test_a_target_is_met_only_when_every_unit_has_met_it(verdicts: list[Verdict]) -> None:
    assert (overall(verdicts) is V.MET) is (bool(verdicts) and set(verdicts) == {V.MET})
    assert (overall(verdicts) is V.NOT_MET) is (V.NOT_MET in verdicts)


def test_the_comparisons_are_those_a_target_can_have() -> None:
    for sign in (">=", ">", "<=", "<", "="):
        target = Target(comparison=sign, value=Decimal(3), unit="%", of="", text="")
        assert is_met(target, Decimal(3)) is ("=" in sign)
