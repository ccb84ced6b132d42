"""After days without the program: one letter a person, of the latest step; what it overtook is on record."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from flows.post import compose_letters
from tasks_catalog.ladder import NoticeState
from tests.flows.cast import ISSUED, Department, days, moment

LAST_DAY = date(2023, 1, 17)
"""A Tuesday; two days on, Tết begins."""


LATE = "[CCHC] 1 cần đôn đốc, hạn sớm nhất ngày 27/01/2023"


@pytest.mark.parametrize(
    ("away", "first", "letters"),
    [
        pytest.param(
            1,
            date(2023, 1, 19),
            {
                "gu": "[CCHC] 1 việc phối hợp, hạn từ ngày 27/01/2023",
                "huong": "[CCHC] 1 sắp đến hạn từ ngày 27/01/2023",
            },
            id="a day missed: its letters come the day after",
        ),
        pytest.param(
            3,
            date(2023, 1, 27),
            {
                "gu": "[CCHC] 1 việc phối hợp, hạn từ ngày 27/01/2023",
                "huong": "[CCHC] 1 đến hạn ngày 27/01/2023",
                "sao": LATE,
                "truc": "[CCHC] Cần kiểm tra: 2 điểm lệch khi soát ngày 27/01/2023",
            },
            id="back in Tết: nothing leaves until it is over, and the coordinator is told of the gap",
        ),
        pytest.param(
            10,
            date(2023, 1, 30),
            {
                "gu": "[CCHC] 1 việc phối hợp, hạn từ ngày 27/01/2023",
                "huong": "[CCHC] 1 quá hạn, sớm nhất từ ngày 27/01/2023",
                "sao": LATE,
                "truc": "[CCHC] Cần kiểm tra: 4 điểm lệch khi soát ngày 30/01/2023",
            },
            id="back on a Saturday: one letter each on Monday, of the last step",
        ),
        pytest.param(
            40,
            date(2023, 2, 27),
            {
                "bach": LATE,
                "huong": "[CCHC] 1 quá hạn, sớm nhất từ ngày 27/01/2023",
                "sao": LATE,
                "truc": LATE,
                "tung": LATE,
            },
            id="forty days missed: one letter each, up to the director",
        ),
    ],
)
def test_the_first_days_back(
    any_department: Department, away: int, first: date, letters: dict[str, str]
) -> None:
    department = any_department
    department.start()
    department.mornings(date(2023, 1, 6), LAST_DAY)
    found = {day: department.morning(day) for day in days(LAST_DAY + timedelta(days=away + 1), first)}
    assert {day: list(sent) for day, sent in found.items() if day < first and sent} == {}
    assert {reader: mail.subject.partition(" – ")[0] for reader, mail in found[first].items()} == letters
    assert department.audits[-1].is_clean
    assert department.morning(first) == {}


def test_after_forty_days_the_ledger_holds_every_step_and_each_person_the_last_one(
    department: Department,
) -> None:
    department.start()
    department.mornings(date(2023, 1, 6), LAST_DAY)
    department.morning(date(2023, 2, 27))
    assert [(rung, person, state) for rung, person, state, _ in department.told(1)] == [
        ("-10", "huong", "sent"),
        ("-5", "huong", "sent"),
        ("-2", "huong", "superseded"),
        ("0", "huong", "superseded"),
        ("0", "sao", "superseded"),
        ("+1", "huong", "sent"),
        ("+1", "sao", "sent"),
        ("+3", "truc", "sent"),
        ("+5", "tung", "sent"),
        ("+10", "bach", "sent"),
    ]
    counts = department.counts()
    assert counts[NoticeState.WAITING] == 0
    assert sum(counts.values()) == department.sizes()["notice"]


def test_reminded_for_ten_days_while_nothing_could_be_posted_is_one_letter_too(
    any_department: Department,
) -> None:
    """The mornings run; the post does not. The letter kept on the first day goes with what came since."""
    department = any_department
    department.start()
    department.notices(date(2023, 1, 18))
    compose_letters(department.office, department.office.moment_of(date(2023, 1, 18), moment(ISSUED).time()))
    (kept,) = (letter for letter in department.letters("waiting") if letter.person == "huong")
    for day in days(date(2023, 1, 19), date(2023, 1, 30)):
        department.notices(day)
    sent = department.post(date(2023, 1, 30))
    assert sorted(sent) == ["gu", "huong", "sao"]
    assert sent["huong"].message_id == kept.message_id
    assert sent["huong"].subject.startswith("[CCHC] 1 quá hạn, sớm nhất từ ngày 27/01/2023")
    assert department.post(date(2023, 1, 30)) == {}
    assert [(rung, state) for rung, person, state, _ in department.told(1) if person == "huong"] == [
        ("-10", "superseded"),
        ("-5", "superseded"),
        ("-2", "superseded"),
        ("0", "superseded"),
        ("+1", "sent"),
    ]
    assert {letter.state for letter in department.letters()} == {"sent"}
