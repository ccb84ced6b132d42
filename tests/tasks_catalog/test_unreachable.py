"""Whose address is dead is passed over by reminders, and stays at work in everything else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tasks_catalog.audience import Audience, readers_of
from tasks_catalog.facts import Share
from tasks_catalog.occurrence import Role, ShareKey
from tasks_catalog.people import Directory
from tests.tasks_catalog.cast import DIRECTORY, TASK, d


def without(*codes: str) -> Directory:
    people = tuple(replace(p, reachable=p.code not in codes) for p in DIRECTORY.people)
    return replace(DIRECTORY, people=people)


SHARE = Share(
    key=ShareKey(TASK, "2022-11-15", "TM"),
    role=Role.OWNER,
    due=d(15, 11),
    lapses=d(15, 11),
    first_due=d(15, 11),
    epoch_began=d(1, 3),
    officer="tm_officer",
)


@pytest.mark.parametrize(
    ("audience", "dead", "told"),
    [
        pytest.param("owner", (), ("tm_officer", "officer"), id="the officer, while he can be reached"),
        pytest.param("owner", ("tm_officer",), ("tm_focal", "focal_point"), id="then the focal point"),
        pytest.param("owner", ("tm_officer", "tm_focal"), ("tm_head", "head"), id="then the head"),
        pytest.param(
            "owner",
            ("tm_officer", "tm_focal", "tm_head"),
            ("coordinator", "fallback"),
            id="then the coordinator, with an alert",
        ),
        pytest.param(
            "owner",
            ("tm_officer", "tm_focal", "tm_head", "coordinator"),
            ("tm_officer", "officer"),
            id="where nobody can be reached the letter dies in sight rather than in silence",
        ),
        pytest.param("head", ("tm_head",), ("coordinator", "one_up"), id="a head out of reach goes one up"),
        pytest.param("deputy_director", ("deputy",), ("director", "one_up"), id="so does a deputy director"),
    ],
)
def test_who_is_told_instead(audience: str, dead: tuple[str, ...], told: tuple[str, str]) -> None:
    (reader,) = readers_of(Audience(audience), SHARE, without(*dead))
    assert (reader.person.code, reader.route) == told


def test_everything_else_knows_the_person_still() -> None:
    directory = without("tm_head", "coordinator")
    head, coordinator = directory.head_of("TM"), directory.coordinator()
    assert head is not None
    assert coordinator is not None
    assert (head.code, coordinator.code) == ("tm_head", "coordinator")
