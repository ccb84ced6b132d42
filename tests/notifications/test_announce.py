from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from notifications.announce import announce, escalations, reminders
from tasks_catalog.facts import Share, TaskFacts
from tasks_catalog.ladder import NoticeState, Office

D = date(2022, 11, 30)


def test_the_morning_of_30_november(november: tuple[TaskFacts, ...], office: Office) -> None:
    notices = announce(november, office, as_of=D, known=())
    waiting = {
        (n.key.share.task.rpartition("/")[2], n.key.rung, n.key.person)
        for n in notices
        if n.state is NoticeState.WAITING
    }
    assert waiting == {
        ("1", "+1", "an"),
        ("1", "+1", "binh"),
        ("1", "+3", "chi"),
        ("2", "0", "an"),
        ("2", "0", "binh"),
        ("3", "-10", "an"),
        ("4", "-2", "an"),
        ("4", "-2", "khanh"),
        *((str(row), "-10", "an") for row in (5, 6, 7)),
    }


def test_what_the_ledger_knows_is_not_said_again(november: tuple[TaskFacts, ...], office: Office) -> None:
    first = announce(november, office, as_of=D, known=())
    assert announce(november, office, as_of=D, known={n.key for n in first}) == ()
    rest = announce(november, office, as_of=D, known={n.key for n in first[1:]})
    assert [n.key for n in rest] == [first[0].key]


def test_reminders_and_escalations_part_the_notices(november: tuple[TaskFacts, ...], office: Office) -> None:
    notices = announce(november, office, as_of=D, known=())
    up_to_due, after = reminders(notices), escalations(notices)
    parts = sorted(n.key for n in (*up_to_due, *after))
    assert parts == sorted(n.key for n in notices)
    assert len(set(parts)) == len(parts)
    assert {n.key.rung for n in after} == {"+1", "+3"}


@pytest.mark.parametrize(
    "days",
    [
        pytest.param(1, id="a day missed"),
        pytest.param(3, id="three days missed"),
        pytest.param(40, id="forty days missed, over a holiday"),
    ],
)
def test_after_an_outage_each_person_hears_of_a_share_once(
    november: tuple[TaskFacts, ...], office: Office, days: int
) -> None:
    before = {n.key for n in announce(november, office, as_of=D, known=())}
    later = announce(november, office, as_of=D + timedelta(days=days), known=before)
    waiting = [(n.key.share, n.key.person) for n in later if n.state is NoticeState.WAITING]
    assert len(waiting) == len(set(waiting))


def test_a_withdrawn_share_says_nothing(
    task: Callable[..., TaskFacts], share: Callable[..., Share], office: Office
) -> None:
    moved = task(1, "Việc", "", share("383/KH-SCT/1", "QLTM", D, withdrawn_on=date(2022, 11, 1)))
    assert announce((moved,), office, as_of=D, known=()) == ()
