"""The ladder: who hears what on which day, and that every rung speaks once however the days fall."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks_catalog.calendar import SwappedDay, vietnam
from tasks_catalog.decisions import (
    Acknowledge,
    AskExtension,
    Close,
    DecideExtension,
    Open,
    OpenedShare,
    Reassign,
    Reopen,
    Resume,
    Return,
    Snooze,
    Trigger,
    Wait,
)
from tasks_catalog.facts import ClosingKind, TaskFacts
from tasks_catalog.ladder import (
    DEFAULT_LADDER,
    Audience,
    Ladder,
    NoticeKey,
    NoticeState,
    Office,
    Rung,
    due_notices,
    fire_day,
    next_step,
    rungs_of,
)
from tasks_catalog.occurrence import Origin, Role
from tasks_catalog.people import Directory
from tests.tasks_catalog.cast import (
    CALENDAR,
    DIRECTORY,
    OFFICE,
    PAPER,
    a_task,
    after,
    an_occurrence,
    d,
    diary,
    heard,
    key,
    notices,
    owed,
    reported,
    share,
    working_days,
)

DUE = d(30, 9)  # a Friday
TASK = owed(DUE)
OFFSETS = ("-10", "-5", "-2", "0", "+1", "+3", "+5", "+10")


def without(*people: str) -> Office:
    """The office after these people have left."""
    staff = tuple(replace(p, active=p.code not in people) for p in DIRECTORY.people)
    return replace(OFFICE, directory=replace(DIRECTORY, people=staff))


def with_in_office(directory: Directory) -> Office:
    return replace(OFFICE, directory=directory)


def test_the_default_ladder_climbs_from_the_officer_to_the_director() -> None:
    assert diary(TASK, d(1, 9), d(31, 10)) == {
        d(16, 9): {"tm_officer": "-10"},
        d(23, 9): {"tm_officer": "-5"},
        d(28, 9): {"tm_officer": "-2"},
        d(30, 9): {"tm_officer": "0", "tm_head": "0"},
        d(3, 10): {"tm_officer": "+1", "tm_head": "+1"},
        d(5, 10): {"coordinator": "+3"},
        d(7, 10): {"deputy": "+5"},
        d(14, 10): {"director": "+10"},
    }


def test_a_period_sheet_goes_no_further_than_the_coordinator() -> None:
    sheet = owed(d(14, 3), officer=None, period="2022-Q1")
    assert diary(sheet, d(4, 1), d(29, 4)) == {
        d(28, 2): {"tm_focal": "-10"},
        d(10, 3): {"tm_focal": "-2"},
        d(15, 3): {"tm_focal": "+1"},
        d(17, 3): {"coordinator": "+3"},
    }


def test_only_the_director_gets_the_draft_of_a_letter_of_urging() -> None:
    drafts = [rung for rung in (*DEFAULT_LADDER.dated, *DEFAULT_LADDER.sheet) if rung.draft]
    assert [(rung.key, rung.audience) for rung in drafts] == [("+10", (Audience.DIRECTOR,))]


@pytest.mark.parametrize(
    ("due", "lapses", "days"),
    [
        pytest.param(
            d(28, 1),
            None,
            (d(14, 1), d(21, 1), d(26, 1), d(28, 1), d(7, 2), d(9, 2), d(11, 2), d(18, 2)),
            id="due on the last day before Tết, the days after it wait for the office to open",
        ),
        pytest.param(
            d(31, 1),
            None,
            (d(14, 1), d(21, 1), d(26, 1), d(28, 1), d(7, 2), d(9, 2), d(11, 2), d(18, 2)),
            id="due on Tết eve, rung 0 goes out the working day before",
        ),
        pytest.param(
            d(31, 1),
            d(7, 2),
            (d(14, 1), d(21, 1), d(26, 1), d(28, 1), d(8, 2), d(10, 2), d(14, 2), d(21, 2)),
            id="a derived date that slid over Tết is urged from its last on-time day",
        ),
        pytest.param(
            d(8, 2),
            None,
            (d(18, 1), d(25, 1), d(28, 1), d(8, 2), d(9, 2), d(11, 2), d(15, 2), d(22, 2)),
            id="due the week after Tết, the reminders step over it backwards",
        ),
        pytest.param(
            d(12, 3),
            None,
            (d(25, 2), d(4, 3), d(9, 3), d(11, 3), d(14, 3), d(16, 3), d(18, 3), d(25, 3)),
            id="due on a Saturday, rung 0 is Friday and rung +1 Monday",
        ),
    ],
)
def test_rungs_count_working_days(due: date, lapses: date | None, days: tuple[date, ...]) -> None:
    owed_share = share(owed(due, lapses=lapses))
    numbered = [rung for rung in DEFAULT_LADDER.dated if rung.offset is not None]
    assert tuple(rung.key for rung in numbered) == OFFSETS
    assert tuple(fire_day(rung, owed_share, CALENDAR) for rung in numbered) == days


@pytest.mark.parametrize(
    ("unit", "officer", "office", "day", "people"),
    [
        pytest.param(
            "TM", "tm_officer", OFFICE, d(28, 9), {"tm_officer": "officer"}, id="the share's officer"
        ),
        pytest.param(
            "TM", None, OFFICE, d(28, 9), {"tm_focal": "focal_point"}, id="no officer: the focal point"
        ),
        pytest.param(
            "TM",
            "tm_officer",
            without("tm_officer"),
            d(28, 9),
            {"tm_focal": "focal_point"},
            id="the officer left: the focal point",
        ),
        pytest.param("CN", None, OFFICE, d(28, 9), {"cn_head": "head"}, id="no focal point: the head"),
        pytest.param("XT", None, OFFICE, d(28, 9), {"coordinator": "fallback"}, id="nobody: the coordinator"),
        pytest.param(
            "XT",
            None,
            OFFICE,
            d(30, 9),
            {"coordinator": "fallback"},
            id="nobody in the unit: the due day is the coordinator's, not the deputy director's",
        ),
        pytest.param(
            "XT", None, OFFICE, d(5, 10), {"coordinator": "coordinator"}, id="nobody: +3 is told as ever"
        ),
        pytest.param(
            "CN",
            None,
            OFFICE,
            d(30, 9),
            {"cn_head": "head", "coordinator": "one_up"},
            id="the head owns it himself: the head's rung goes to the coordinator",
        ),
        pytest.param(
            "VP",
            "coordinator",
            OFFICE,
            d(5, 10),
            {"coordinator": "officer", "vp_head": "head", "deputy": "one_up"},
            id="the coordinator owns it himself: the coordinator's rung goes to the deputy director",
        ),
        pytest.param(
            "TM",
            "tm_officer",
            without("deputy"),
            d(7, 10),
            {"director": "one_up"},
            id="no deputy director in charge: the director",
        ),
        pytest.param(
            "TM",
            "tm_officer",
            without("tm_head"),
            d(30, 9),
            {"coordinator": "one_up"},
            id="a unit without a head: the coordinator",
        ),
    ],
)
def test_who_is_written_to(
    unit: str, officer: str | None, office: Office, day: date, people: dict[str, str]
) -> None:
    found = notices(owed(DUE, owners=(unit,), officer=officer), day, unit=unit, office=office)
    routes = {n.key.person: n.route for n in found if n.state is NoticeState.WAITING}
    assert routes.items() >= people.items()
    assert not (set(routes) - set(people)) & {"deputy", "director"}


def test_what_goes_one_level_up_names_the_post_it_went_to() -> None:
    found = notices(owed(DUE, owners=("CN",), officer=None), DUE, unit="CN")
    assert {(n.key.person, n.audience) for n in found if n.key.rung == "0"} == {
        ("cn_head", Audience.OWNER),
        ("coordinator", Audience.COORDINATOR),
    }


def test_the_ladder_of_the_board_of_directors_ends_with_the_due_day() -> None:
    board = owed(DUE, owners=("BGD",), officer=None)
    assert diary(board, d(1, 9), d(31, 10), unit="BGD") == {
        d(16, 9): {"director": "-10"},
        d(23, 9): {"director": "-5"},
        d(28, 9): {"director": "-2"},
        d(30, 9): {"director": "0"},
    }
    assert next_step(board, share(board, "BGD"), OFFICE, after=DUE) is None


def test_an_office_without_anybody_to_write_to_owes_no_notice() -> None:
    empty = with_in_office(replace(DIRECTORY, people=(), focal_points={}))
    assert notices(TASK, d(31, 10), office=empty) == ()


def test_a_co_owner_is_told_once_and_never_urged() -> None:
    task = owed(DUE, co_owners=("CN",))
    assert diary(task, d(1, 9), d(31, 10), unit="CN") == {d(28, 9): {"cn_head": "-2"}}
    assert {n.audience for n in notices(task, d(31, 10), unit="CN")} == {Audience.CO_OWNER}


@pytest.mark.parametrize(
    ("days_down", "waiting"),
    [
        pytest.param(1, {"tm_officer": "+1", "tm_head": "+1"}, id="a day down"),
        pytest.param(3, {"tm_officer": "+1", "tm_head": "+1", "coordinator": "+3"}, id="three days down"),
        pytest.param(
            10,
            {
                "tm_officer": "+1",
                "tm_head": "+1",
                "coordinator": "+3",
                "deputy": "+5",
                "director": "+10",
            },
            id="ten days down",
        ),
        pytest.param(
            40,
            {
                "tm_officer": "+1",
                "tm_head": "+1",
                "coordinator": "+3",
                "deputy": "+5",
                "director": "+10",
            },
            id="forty days down",
        ),
    ],
)
def test_after_downtime_each_person_hears_the_latest_rung_only(
    days_down: int, waiting: dict[str, str]
) -> None:
    """Down from the -10 rung until so many working days after the due day."""
    day = CALENDAR.add_working_days(DUE, days_down)
    found = notices(TASK, day)
    assert heard(TASK, day) == waiting
    overtaken = {(n.key.person, n.key.rung) for n in found if n.state is NoticeState.SUPERSEDED}
    assert overtaken == {("tm_officer", "-10"), ("tm_officer", "-5"), ("tm_officer", "-2")} | {
        ("tm_officer", "0"),
        ("tm_head", "0"),
    }


def test_a_second_run_of_the_day_says_nothing_new() -> None:
    first = notices(TASK, d(14, 10))
    assert first
    assert notices(TASK, d(14, 10), known=[n.key for n in first]) == ()


def test_rungs_whose_day_had_passed_at_activation_are_superseded() -> None:
    found = notices(owed(DUE, d(27, 9)), d(27, 9))
    assert {n.key.rung: n.state for n in found} == {
        "-10": NoticeState.SUPERSEDED,
        "-5": NoticeState.SUPERSEDED,
    }


def test_a_rung_of_the_very_day_of_activation_speaks() -> None:
    assert heard(owed(DUE, d(28, 9)), d(28, 9)) == {"tm_officer": "-2"}


@pytest.mark.parametrize(
    "task",
    [
        pytest.param(owed(DUE, d(4, 10), before_tracking=True), id="due before tracking began"),
        pytest.param(reported(TASK, d(29, 9)), id="reported"),
        pytest.param(after(TASK, d(29, 9), Wait(share=key(TASK)), PAPER), id="waiting for the authority"),
        pytest.param(
            after(TASK, d(29, 9), Close(closing=ClosingKind.STOPPED), PAPER), id="the task is stopped"
        ),
        pytest.param(
            after(TASK, d(29, 9), Close(closing=ClosingKind.SUSPENDED), PAPER), id="the task is suspended"
        ),
        pytest.param(
            after(TASK, d(29, 9), Reassign(from_unit="TM", to_unit="CN")), id="moved to another unit"
        ),
    ],
)
def test_nothing_is_said_about(task: TaskFacts) -> None:
    assert notices(task, d(31, 10)) == ()
    assert next_step(task, share(task), OFFICE, after=d(4, 1)) is None


def acknowledged(task: TaskFacts, *days: date) -> TaskFacts:
    for day in days:
        task = after(task, day, Acknowledge(share=key(task), expected=d(31, 10)))
    return task


@pytest.mark.parametrize(
    ("days", "coordinator", "deputy"),
    [
        pytest.param((), d(5, 10), d(7, 10), id="nobody acknowledged"),
        pytest.param((d(3, 10),), d(7, 10), d(7, 10), id="one acknowledgement holds three working days"),
        pytest.param((d(3, 10), d(6, 10)), d(12, 10), d(12, 10), id="a second one holds three more"),
        pytest.param((d(3, 10), d(6, 10), d(11, 10)), d(12, 10), d(12, 10), id="a third holds nothing"),
    ],
)
def test_an_acknowledgement_holds_the_rungs_above_the_head(
    days: tuple[date, ...], coordinator: date, deputy: date
) -> None:
    said = diary(acknowledged(TASK, *days), d(3, 10), d(31, 10))
    assert said[coordinator]["coordinator"] == "+3"
    assert said[deputy]["deputy"] == "+5"
    assert said[d(3, 10)] == {"tm_officer": "+1", "tm_head": "+1"}


def test_a_hold_also_keeps_what_went_one_level_up_from_the_head() -> None:
    task = owed(DUE, owners=("CN",), officer=None)
    task = after(task, d(29, 9), Acknowledge(share=key(task, "CN"), expected=d(10, 10)))
    assert heard(task, DUE, unit="CN") == {"cn_head": "0"}
    assert heard(task, d(5, 10), unit="CN")["coordinator"] == "+3"


def asked(task: TaskFacts, day: date) -> TaskFacts:
    return after(task, day, AskExtension(share=key(task), to=d(31, 10), reason="chờ số liệu"))


def test_an_undecided_request_urges_the_one_who_must_decide() -> None:
    said = diary(asked(TASK, d(29, 9)), d(29, 9), d(6, 10))
    assert said == {
        d(29, 9): {"tm_officer": "-2"},
        d(30, 9): {"tm_officer": "0", "tm_head": "0"},
        d(3, 10): {"tm_officer": "+1", "tm_head": "+1"},
        d(5, 10): {"coordinator": "decide-2022-09-29"},
    }


def test_an_acknowledgement_does_not_silence_the_request_to_be_decided() -> None:
    task = acknowledged(asked(TASK, d(29, 9)), d(4, 10))
    assert heard(task, d(5, 10))["coordinator"] == "decide-2022-09-29"


@pytest.mark.parametrize("granted", [pytest.param(True, id="granted"), pytest.param(False, id="refused")])
def test_a_decided_request_urges_nobody(granted: bool) -> None:
    task = asked(TASK, d(29, 9))
    task = after(task, d(30, 9), DecideExtension(share=key(task), granted=granted))
    assert [r.key for r in rungs_of(share(task), OFFICE) if r.why == "request_undecided"] == []


def test_a_granted_extension_arms_the_ladder_again_from_the_new_date() -> None:
    task = after(TASK, d(5, 10), DecideExtension(share=key(TASK), granted=True, to=d(31, 10)))
    assert diary(task, d(5, 10), d(3, 11)) == {
        d(17, 10): {"tm_officer": "-10"},
        d(24, 10): {"tm_officer": "-5"},
        d(27, 10): {"tm_officer": "-2"},
        d(31, 10): {"tm_officer": "0", "tm_head": "0"},
        d(1, 11): {"tm_officer": "+1", "tm_head": "+1"},
        d(3, 11): {"coordinator": "+3"},
    }


def test_a_report_returned_long_after_its_date_is_urged_again_step_by_step() -> None:
    task = reported(TASK, d(29, 9))
    task = after(task, d(20, 10), Return(share=key(task), reason="thiếu số liệu"))
    assert diary(task, d(20, 10), d(4, 11)) == {
        d(20, 10): {"tm_officer": "returned"},
        d(21, 10): {"tm_officer": "+1", "tm_head": "+1"},
        d(25, 10): {"coordinator": "+3"},
        d(27, 10): {"deputy": "+5"},
        d(3, 11): {"director": "+10"},
    }


def test_a_suspended_task_that_goes_on_is_urged_again() -> None:
    task = after(TASK, d(28, 9), Close(closing=ClosingKind.SUSPENDED), PAPER)
    task = after(task, d(17, 10), Reopen())
    assert diary(task, d(17, 10), d(20, 10)) == {
        d(18, 10): {"tm_officer": "+1", "tm_head": "+1"},
        d(20, 10): {"coordinator": "+3"},
    }


def test_a_wait_that_is_over_goes_on_with_the_moved_date() -> None:
    task = after(TASK, d(26, 9), Wait(share=key(TASK)), PAPER)
    task = after(task, d(10, 10), Resume(share=key(task), due=d(14, 10), lapses=d(14, 10)))
    assert diary(task, d(10, 10), d(17, 10)) == {
        d(12, 10): {"tm_officer": "-2"},
        d(14, 10): {"tm_officer": "0", "tm_head": "0"},
        d(17, 10): {"tm_officer": "+1", "tm_head": "+1"},
    }


def test_an_owner_hears_at_once_that_a_condition_arose() -> None:
    occurrence = an_occurrence(d(28, 10), origin=Origin.TRIGGER)
    shares = (OpenedShare(unit="TM", role=Role.OWNER),)
    task = after(a_task(), d(20, 10), Trigger(occurrence=occurrence, shares=shares))
    assert diary(task, d(20, 10), d(26, 10)) == {
        d(20, 10): {"tm_focal": "triggered"},
        d(21, 10): {"tm_focal": "-5"},
        d(26, 10): {"tm_focal": "-2"},
    }


def test_an_ordinary_opening_is_silent() -> None:
    assert heard(owed(DUE, d(1, 9)), d(1, 9)) == {}


def test_a_snooze_keeps_reminders_from_the_owner_alone() -> None:
    task = after(TASK, d(16, 9), Snooze(share=key(TASK), until=d(4, 10)))
    assert diary(task, d(19, 9), d(5, 10)) == {
        d(30, 9): {"tm_head": "0"},
        d(3, 10): {"tm_officer": "+1", "tm_head": "+1"},
        d(5, 10): {"coordinator": "+3"},
    }


def test_after_a_snooze_only_the_latest_reminder_speaks() -> None:
    task = after(TASK, d(16, 9), Snooze(share=key(TASK), until=d(29, 9)))
    assert diary(task, d(16, 9), d(29, 9)) == {d(29, 9): {"tm_officer": "-2"}}


def test_a_new_officer_hears_the_latest_rung_of_the_same_epoch() -> None:
    told = notices(TASK, d(3, 10))
    task = after(TASK, d(4, 10), Reassign(from_unit="TM", to_unit="TM", officer="tm_focal"))
    assert share(task).epoch == 1
    assert heard(task, d(4, 10), known=[n.key for n in told]) == {"tm_focal": "+1"}


def only(offset: int) -> Ladder:
    rung = Rung(key=f"{offset:+}", offset=offset, audience=(Audience.OWNER,), why="due_soon")
    return Ladder(dated=(rung,), sheet=(rung,))


@pytest.mark.parametrize(
    ("since", "rungs"),
    [
        pytest.param(d(3, 1), ("-3",), id="the ladder edited before the epoch began holds"),
        pytest.param(d(5, 1), OFFSETS, id="one edited afterwards does not"),
    ],
)
def test_a_ladder_is_frozen_when_the_epoch_begins(since: date, rungs: tuple[str, ...]) -> None:
    office = replace(OFFICE, ladders=((since, only(-3)),))
    assert tuple(r.key for r in rungs_of(share(TASK), office) if r.offset is not None) == rungs


def test_an_edited_ladder_holds_for_the_next_epoch() -> None:
    office = replace(OFFICE, ladders=((d(3, 1), only(-3)), (d(1, 8), only(-4))))
    again = after(TASK, d(1, 9), DecideExtension(share=key(TASK), granted=True, to=d(31, 10)))
    assert [r.key for r in rungs_of(share(TASK), office)] == ["-3"]
    assert [r.key for r in rungs_of(share(again), office)] == ["-4"]


@pytest.mark.parametrize(
    ("task", "today", "step"),
    [
        pytest.param(TASK, d(3, 10), (d(5, 10), "+3", "coordinator"), id="the coordinator in two days"),
        pytest.param(TASK, d(5, 10), (d(7, 10), "+5", "deputy"), id="then the deputy director"),
        pytest.param(
            acknowledged(TASK, d(4, 10)),
            d(5, 10),
            (d(10, 10), "+3", "coordinator"),
            id="what a hold keeps back is told for the day it ends",
        ),
        pytest.param(
            asked(TASK, d(29, 9)),
            d(3, 10),
            (d(5, 10), "+3", "coordinator"),
            id="with a request open, the coordinator on the day it must be decided",
        ),
    ],
)
def test_a_letter_can_say_what_happens_next(
    task: TaskFacts, today: date, step: tuple[date, str, str]
) -> None:
    found = next_step(task, share(task), OFFICE, after=today)
    assert found is not None
    assert (found.on, found.rung, found.person) == step


def test_after_the_last_rung_nothing_happens_next() -> None:
    assert next_step(TASK, share(TASK), OFFICE, after=d(14, 10)) is None


# Properties

_DUE_DAYS = st.dates(d(1, 3), d(30, 10))
_HOLIDAYS = st.lists(st.dates(d(1, 1), d(30, 12)), max_size=12)
_RUNGS = st.sampled_from([rung for rung in DEFAULT_LADDER.dated if rung.offset is not None])


@given(due=_DUE_DAYS, slide=st.integers(0, 6), rung=_RUNGS, holidays=_HOLIDAYS)
@settings(deadline=None, max_examples=80)
def test_a_new_holiday_never_brings_a_rung_after_the_due_day_forward(
    due: date, slide: int, rung: Rung, holidays: list[date]
) -> None:
    """Those before it may only come earlier: they leave the same number of working days."""
    more = vietnam((2022,), [SwappedDay(day=day, worked=False) for day in holidays])
    owed_share = share(owed(due, lapses=due + timedelta(days=slide)))
    before, now = fire_day(rung, owed_share, CALENDAR), fire_day(rung, owed_share, more)
    assert more.is_working(now)
    if rung.offset is not None and rung.offset > 0:
        assert now >= before
    else:
        assert now <= before


_STEPS = st.sampled_from(["nothing", "acknowledge", "ask", "refuse", "snooze", "extend", "return", "officer"])


def happened(task: TaskFacts, step: str, day: date) -> TaskFacts:
    """The task after a step, or as it was where the step does not fit."""
    here = share(task)
    match step:
        case "acknowledge":
            return acknowledged(task, day)
        case "ask" if here.request is None:
            return after(task, day, AskExtension(share=here.key, to=d(1, 12), reason="…"))
        case "refuse" if here.request is not None:
            return after(task, day, DecideExtension(share=here.key, granted=False))
        case "snooze":
            return after(task, day, Snooze(share=here.key, until=day + timedelta(days=5)))
        case "extend":
            return after(
                task, day, DecideExtension(share=here.key, granted=True, to=here.due + timedelta(days=14))
            )
        case "return":
            return after(reported(task, day), day, Return(share=here.key, reason="…"))
        case "officer":
            return after(task, day, Reassign(from_unit="TM", to_unit="TM", officer="tm_focal"))
        case _:
            return task


@given(
    began=st.dates(d(4, 1), d(30, 9)),
    due=_DUE_DAYS,
    steps=st.lists(st.tuples(st.integers(1, 12), _STEPS, st.booleans()), max_size=8),
)
@settings(deadline=None, max_examples=80)
def test_every_rung_is_accounted_for_once_whichever_days_are_run(
    began: date, due: date, steps: list[tuple[int, str, bool]]
) -> None:
    """Working days pass, something happens, and the morning is run or missed; the last one is run."""
    task = opened_on(began, due)
    day = CALENDAR.next_working(began)
    ledger: dict[NoticeKey, NoticeState] = {}
    for working_days_later, step, is_run in steps:
        day = CALENDAR.add_working_days(day, working_days_later)
        task = happened(task, step, day)
        if is_run:
            run(task, day, ledger)
    run(task, day, ledger)
    assert notices(task, day, known=ledger) == ()
    unheld = replace(share(task), holds=(), snoozed_until=None)
    owed_by_now = due_notices(task, unheld, OFFICE, as_of=day)
    missing = {n.key for n in owed_by_now} - set(ledger)
    assert all(kept_back(task, key_, day) for key_ in missing)


def opened_on(began: date, due: date) -> TaskFacts:
    shares = (OpenedShare(unit="TM", role=Role.OWNER, officer="tm_officer"),)
    opening = Open(occurrence=an_occurrence(due), shares=shares)
    return after(a_task(), began, opening)


def run(task: TaskFacts, day: date, ledger: dict[NoticeKey, NoticeState]) -> None:
    """One morning: add what is owed; what came waiting is sent the same day."""
    found = notices(task, day, known=ledger)
    keys = [n.key for n in found]
    waiting = [n.key.person for n in found if n.state is NoticeState.WAITING]
    assert len(waiting) == len(set(waiting)), "one line at most for each person and share"
    assert len(keys) == len(set(keys))
    assert not set(keys) & set(ledger)
    assert all(n.fire_on <= day for n in found)
    ledger.update({n.key: n.state for n in found})


def kept_back(task: TaskFacts, missing: NoticeKey, day: date) -> bool:
    """Whether a hold or a snooze in force explains why a rung has not spoken."""
    here = share(task)
    above_head = missing.person in ("coordinator", "deputy", "director")
    snoozed = here.snoozed_until is not None and day < here.snoozed_until
    return bool(here.holds) if above_head else snoozed


@given(due=_DUE_DAYS, skipped=st.sets(st.integers(0, 60)))
@settings(deadline=None, max_examples=60)
def test_skipping_days_changes_who_hears_late_but_not_what_is_accounted_for(
    due: date, skipped: set[int]
) -> None:
    task = opened_on(d(4, 1), due)
    first, last = CALENDAR.add_working_days(due, -20), CALENDAR.add_working_days(due, 30)
    every_day: dict[NoticeKey, NoticeState] = {}
    some_days: dict[NoticeKey, NoticeState] = {}
    for number, day in enumerate(working_days(CALENDAR, first, last)):
        run(task, day, every_day)
        if number not in skipped:
            run(task, day, some_days)
    run(task, last, some_days)
    assert set(some_days) == set(every_day)
    assert {k.rung for k in every_day} == set(OFFSETS)
    assert set(every_day.values()) == {NoticeState.WAITING}


def test_a_snooze_that_ends_on_a_rest_day_goes_on_with_the_next_working_day() -> None:
    saturday, monday = d(24, 9), d(26, 9)
    task = after(TASK, d(16, 9), Snooze(share=key(TASK), until=saturday))
    step = next_step(task, share(task), OFFICE, after=d(21, 9))
    assert step is not None
    assert (step.on, step.person) == (monday, "tm_officer")
