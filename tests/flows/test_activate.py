"""Activating: tracking starts on a day; what was due before it is settled apart and urged by no ladder."""

from __future__ import annotations

from datetime import date

import pytest

from flows.activate import activate_plan
from flows.open_occurrences import open_occurrences_work
from storage.starting import Opened
from tasks_catalog.problem import Refused
from tests.flows.cast import ISSUED, NUMBER, Department


def test_it_opens_what_is_owed_and_a_second_time_is_refused(any_department: Department) -> None:
    department = any_department
    department.read_plan()
    activated = activate_plan(department.office, NUMBER, by="truc", as_of=ISSUED)
    # A date, a quarter, another date and two continuous tasks; the conditional one waits to arise.
    assert (activated.opened.occurrences, activated.opened.shares) == (5, 1 + 1 + 1 + 8 + 2 + 1)
    assert activated.welcomed == 8
    before = department.dump()
    with pytest.raises(Refused) as refused:
        activate_plan(department.office, NUMBER, by="truc", as_of=ISSUED)
    assert refused.value.code == "plan_started"
    assert open_occurrences_work(department.office, ISSUED) == Opened()
    assert department.dump() == before


def test_what_was_due_before_is_urged_by_nobody_until_it_is_settled(department: Department) -> None:
    department.read_plan()
    activated = activate_plan(department.office, NUMBER, by="truc", as_of=date(2023, 4, 3), welcome=False)
    assert activated.opened.before_tracking == 4  # 27/01, 31/03 and the sheets of the first quarter
    found = department.mornings(date(2023, 4, 3), date(2023, 4, 21))
    assert [(day.isoformat(), list(letters)) for day, letters in found.items()] == [
        ("2023-04-14", ["tau"]),
        ("2023-04-21", ["tau"]),
    ]


def test_the_next_period_opens_when_the_one_before_has_fallen_due(department: Department) -> None:
    department.start()
    assert open_occurrences_work(department.office, date(2023, 3, 13)) == Opened()
    assert open_occurrences_work(department.office, date(2023, 3, 14)) == Opened(occurrences=2, shares=9)
    assert open_occurrences_work(department.office, date(2023, 3, 15)) == Opened()


def test_periods_missed_are_opened_together_after_downtime(department: Department) -> None:
    department.start()
    assert open_occurrences_work(department.office, date(2023, 9, 20)) == Opened(occurrences=6, shares=27)
