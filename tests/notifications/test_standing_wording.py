"""Every standing, rung, route and decision has its words, and each reason quotes what the core hands over."""

from __future__ import annotations

from datetime import date
from typing import get_args

import pytest

from notifications.wording import catalogue, sentence
from tasks_catalog.decisions import Decision
from tasks_catalog.facts import ClosingKind, EpochCause
from tasks_catalog.ladder import DEFAULT_LADDER, Audience, NoticeState
from tasks_catalog.standing import StandingKind
from tests.tasks_catalog.cast import a_task, by, d, notices, opened, owed, standing

POSTS = ("head", "coordinator", "deputy_director", "director")
ROUTES = ("officer", "focal_point", *POSTS, "one_up", "fallback")
CODES = (
    *(f"standing_{kind}" for kind in StandingKind),
    *(f"why_closed_{kind}" for kind in ClosingKind if kind is not ClosingKind.SUSPENDED),
    *(f"audience_{audience}" for audience in Audience),
    *(f"route_{route}" for route in ROUTES),
    *(f"closing_{kind}" for kind in ClosingKind),
    *(f"epoch_{cause}" for cause in EpochCause),
    *(f"decision_{kind.kind}" for kind in get_args(Decision)),
)


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("code", CODES)
def test_there_are_words_for(code: str, lang: str) -> None:
    assert sentence(code, lang)


@pytest.mark.parametrize("rung", sorted({r.why for r in (*DEFAULT_LADDER.dated, *DEFAULT_LADDER.sheet)}))
def test_a_rungs_reason_names_its_day(rung: str) -> None:
    assert "{due}" in catalogue()[f"rung_why_{rung}"]["vi"]


def test_a_notice_can_say_its_reason_from_what_it_carries() -> None:
    waiting = [n for n in notices(owed(d(30, 9)), d(5, 10)) if n.state is NoticeState.WAITING]
    told = {n.key.person: sentence(f"rung_why_{n.why}", **n.params) for n in waiting}
    assert told["coordinator"] == "nhiệm vụ đã quá hạn ngày 30/09/2022 mà chưa có báo cáo"


@pytest.mark.parametrize(
    ("day", "words"),
    [
        pytest.param(d(29, 6), "Chưa đến hạn.", id="before its day"),
        pytest.param(
            d(30, 6),
            "1 phần việc đã đến hạn mà chưa có báo cáo; cũ nhất là của TM, hạn 30/06/2022.",
            id="once it is overdue",
        ),
    ],
)
def test_a_standing_says_why(day: date, words: str) -> None:
    found = standing(opened(a_task(by(d(30, 6)))), day)
    assert sentence(f"why_{found.why}", **found.params) == words


def test_what_was_never_opened_says_so() -> None:
    found = standing(a_task(by(d(30, 6))), d(30, 6))
    assert "30/06/2022" in sentence(f"why_{found.why}", **found.params)
