"""What a ladder must be to be set, and that whatever is accepted tells each rung once."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks_catalog.audience import Audience
from tasks_catalog.ladder import (
    DEFAULT_LADDER,
    Ladder,
    Notice,
    NoticeKey,
    NoticeState,
    Office,
    due_notices,
    fire_day,
    notices_ahead,
)
from tasks_catalog.ladder_rules import (
    FARTHEST,
    MOST_RUNGS,
    LadderRefused,
    List,
    RungWritten,
    ladder_of,
    sound_or_refuse,
    written,
)
from tests.tasks_catalog.cast import CALENDAR, DIRECTORY, owed, share

A = Audience
SHEET = written(DEFAULT_LADDER.sheet)
DATED = written(DEFAULT_LADDER.dated)


def rung(offset: int, *audience: Audience, draft: bool = False) -> RungWritten:
    return RungWritten(offset=offset, audience=audience or (A.OWNER,), draft=draft)


def test_the_default_ladder_is_what_its_own_rows_make() -> None:
    assert ladder_of(reversed(DATED), SHEET) == DEFAULT_LADDER
    assert sound_or_refuse(DEFAULT_LADDER) is DEFAULT_LADDER


REFUSED = [
    pytest.param([rung(-61), rung(0)], "ladder_too_far", {"rung": "-61"}, id="too far before"),
    pytest.param([rung(-1), rung(61)], "ladder_too_far", {"rung": "+61"}, id="too far after"),
    pytest.param(
        [RungWritten(offset=-3, audience=()), rung(0)], "ladder_nobody", {"rung": "-3"}, id="to nobody"
    ),
    pytest.param(
        [rung(-3, A.HEAD, A.HEAD), rung(0)], "ladder_audience_twice", {"audience": "head"}, id="twice a head"
    ),
    pytest.param([rung(-3), rung(-3), rung(0)], "ladder_offset_twice", {"rung": "-3"}, id="two of one day"),
    pytest.param([rung(0), rung(3)], "ladder_none_before", {}, id="none before"),
    pytest.param([], "ladder_none_before", {}, id="none at all"),
    pytest.param([rung(-5), rung(-2)], "ladder_none_from_due", {"rung": "-2"}, id="none from the due day on"),
    pytest.param(
        [rung(-3), rung(2, A.CO_OWNER)], "ladder_co_owner_late", {"rung": "+2"}, id="co-owners are never late"
    ),
    pytest.param(
        [rung(-3, A.CO_OWNER), rung(-1, A.CO_OWNER), rung(0)],
        "ladder_co_owner_twice",
        {"rungs": "-3, -1"},
        id="co-owners once",
    ),
    pytest.param(
        [rung(-3, draft=True), rung(0)], "ladder_draft_early", {"rung": "-3"}, id="a draft before the date"
    ),
    pytest.param(
        [rung(n) for n in range(-1, MOST_RUNGS)], "ladder_too_long", {"count": "21"}, id="twenty-one rungs"
    ),
]


@pytest.mark.parametrize(("rungs", "code", "params"), REFUSED)
def test_an_unsound_ladder_is_refused_with_the_row_at_fault(
    rungs: list[RungWritten], code: str, params: dict[str, str]
) -> None:
    with pytest.raises(LadderRefused) as refused:
        ladder_of(rungs, SHEET)
    assert (refused.value.code, refused.value.list) == (code, List.DATED)
    assert params.items() <= refused.value.params.items()


def test_a_sheet_goes_no_further_than_the_coordinator() -> None:
    with pytest.raises(LadderRefused) as refused:
        ladder_of(DATED, [rung(-3), rung(5, A.DIRECTOR)])
    assert (refused.value.code, refused.value.list) == ("ladder_sheet_too_high", List.SHEET)


@pytest.mark.parametrize(
    "spoilt",
    [
        pytest.param(DEFAULT_LADDER.dated[:-1], id="no rung for a report returned"),
        pytest.param(tuple(reversed(DEFAULT_LADDER.dated)), id="out of order"),
        pytest.param(
            (replace(DEFAULT_LADDER.dated[0], key="-9"), *DEFAULT_LADDER.dated[1:]), id="a key that lies"
        ),
        pytest.param(
            (replace(DEFAULT_LADDER.dated[0], why="overdue"), *DEFAULT_LADDER.dated[1:]), id="another reason"
        ),
    ],
)
def test_a_ladder_not_made_here_is_not_believed(spoilt: tuple[object, ...]) -> None:
    with pytest.raises(LadderRefused) as refused:
        sound_or_refuse(replace(DEFAULT_LADDER, dated=spoilt))  # type: ignore[arg-type]  # rungs all of them
    assert refused.value.code == "ladder_not_as_made"


@st.composite
def ladders(draw: st.DrawFn) -> Ladder:
    """Any ladder that is accepted."""
    before = draw(st.sets(st.integers(-FARTHEST, -1), min_size=1, max_size=6))
    after = draw(st.sets(st.integers(0, FARTHEST), min_size=1, max_size=6))
    helped = draw(st.none() | st.sampled_from(sorted(before)))
    own = st.sets(st.sampled_from([each for each in A if each is not A.CO_OWNER]), min_size=1)
    rungs = [
        rung(offset, *draw(own), *((A.CO_OWNER,) if offset == helped else ()), draft=offset > 5)
        for offset in before | after
    ]
    return ladder_of(rungs, SHEET)


START = date(2022, 1, 3)
DUE = date(2022, 6, 15)
TASK = owed(DUE, START)


@settings(max_examples=40, deadline=None)
@given(ladder=ladders(), gaps=st.lists(st.integers(1, 40), min_size=1, max_size=12))
def test_each_rung_is_told_once_a_person_however_the_days_are_missed(ladder: Ladder, gaps: list[int]) -> None:
    task = TASK
    office = Office(directory=DIRECTORY, calendar=CALENDAR, ladders=((START, ladder),))
    known: set[NoticeKey] = set()
    told: list[NoticeKey] = []
    day = START
    for gap in [*gaps, 400]:
        day = min(day + timedelta(days=gap), date(2022, 12, 30))
        owed = due_notices(task, share(task), office, as_of=day, known=known)
        told += [notice.key for notice in owed]
        known.update(notice.key for notice in owed)
        waiting = [notice.key.person for notice in owed if notice.state is NoticeState.WAITING]
        assert len(waiting) == len(set(waiting)), "the latest rung alone, for each person"
    assert max(Counter(told).values()) == 1
    spoken = {rung.key for rung in ladder.dated if rung.cause is None}
    assert {key.rung for key in told} <= spoken


@settings(max_examples=40, deadline=None)
@given(
    ladder=ladders(),
    first=st.dates(START, date(2022, 8, 1)),
    held=st.lists(st.dates(date(2022, 5, 20), date(2022, 7, 20)), max_size=3),
    snoozed=st.none() | st.dates(date(2022, 5, 20), date(2022, 7, 20)),
)
def test_what_is_foreseen_is_what_every_day_would_say(
    ladder: Ladder, first: date, held: list[date], snoozed: date | None
) -> None:
    quiet = replace(share(TASK), holds=tuple(sorted(held)), snoozed_until=snoozed)
    task = replace(TASK, shares={quiet.key: quiet})
    office = Office(directory=DIRECTORY, calendar=CALENDAR, ladders=((START, ladder),))
    first = CALENDAR.next_working(first)
    last = CALENDAR.add_working_days(first, 29)
    known: set[NoticeKey] = set()
    daily = []
    day = first
    while day <= last:
        for notice in due_notices(task, quiet, office, as_of=day, known=known):
            known.add(notice.key)
            if notice.state is NoticeState.WAITING:
                daily.append((day, notice))
        day = CALENDAR.add_working_days(day, 1)
    ahead = list(notices_ahead(task, quiet, office, first=first, last=last))
    assert sorted(ahead, key=_placed) == sorted(daily, key=_placed)


def _placed(told: tuple[date, Notice]) -> tuple[date, NoticeKey]:
    return told[0], told[1].key


def test_rungs_before_and_after_fire_on_working_days_only() -> None:
    for each in DEFAULT_LADDER.dated:
        assert CALENDAR.is_working(fire_day(each, share(TASK), CALENDAR))
