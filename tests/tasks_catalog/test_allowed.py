"""Who may do what: the whole table of posts and states written out, and what holds whatever the share."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks_catalog.allowed import (
    LEADERS,
    Act,
    Actor,
    NotAllowed,
    acts_on_share,
    acts_on_task,
    may_arise,
    needs_leaders_paper,
    require,
    speaks_for,
)
from tasks_catalog.deadline import Deadline, Kind
from tasks_catalog.facts import Closing, ClosingKind, OwnerRef, ReportFact, Request, Share, TaskFacts, Waiting
from tasks_catalog.occurrence import Role, ShareKey
from tasks_catalog.people import Post
from tasks_catalog.targets import targets_of
from tasks_catalog.task import AcceptedBy, PlanSettings

DUE, TODAY = date(2022, 9, 30), date(2022, 10, 18)
OPEN = Share(
    key=ShareKey("383/KH-SCT/1", "2022-09-30", "TT"),
    role=Role.OWNER,
    due=DUE,
    lapses=DUE,
    first_due=DUE,
    epoch_began=DUE,
)
REPORT = ReportFact(on=TODAY, by="gu")
STATES = {
    "open": OPEN,
    "given": replace(OPEN, officer="gu"),
    "asked": replace(OPEN, request=Request(on=TODAY, by="gu", to=date(2022, 11, 30), reason="chờ")),
    "waits": replace(OPEN, waiting=Waiting(since=TODAY)),
    "reported": replace(OPEN, report=REPORT),
    "accepted": replace(OPEN, report=REPORT, accepted_on=TODAY),
    "withdrawn": replace(OPEN, withdrawn_on=TODAY),
    "co-owned": replace(OPEN, role=Role.CO_OWNER),
}
TASK = TaskFacts(
    id="383/KH-SCT/1",
    row=1,
    text="Rà soát",
    deadline=Deadline(text="30/9/2022", kind=Kind.BY),
    owners=(OwnerRef(code="TT", role=Role.OWNER),),
    targets=targets_of("100% văn bản đúng hạn"),
)
WHO = {
    "gu": Actor(code="gu", unit="TT", post=Post.OFFICER),
    "lim": Actor(code="lim", unit="TT", post=Post.OFFICER),
    "head": Actor(code="sao", unit="TT", post=Post.HEAD),
    "other head": Actor(code="dau", unit="TM", post=Post.HEAD),
    "coordinator": Actor(code="truc", unit="VP", post=Post.COORDINATOR),
    "deputy": Actor(code="cam", unit="BGD", post=Post.DEPUTY_DIRECTOR),
    "director": Actor(code="nghien", unit="BGD", post=Post.DIRECTOR),
    "administrator": Actor(code="quan", unit="TT", post=Post.ADMINISTRATOR),
}
NOBODY: tuple[str, ...] = ("gu", "lim", "head", "other head", "deputy", "director", "administrator")
# What stands for one's own unit while the share is open; the administrator of TT is of the unit too.
WORK = "report progress measure extend wait"
ASKED = "report progress measure wait"
TABLE: dict[str, dict[str, str]] = {
    "open": {
        "gu": WORK,
        "lim": WORK,
        "head": f"{WORK} hand_over",
        "other head": "",
        "coordinator": f"{WORK} hand_over decide_extension snooze",
        "deputy": "decide_extension",
        "director": "decide_extension",
        "administrator": WORK,
    },
    "given": {
        "gu": WORK,
        "lim": "",
        "head": f"{WORK} hand_over",
        "other head": "",
        "coordinator": f"{WORK} hand_over decide_extension snooze",
        "deputy": "decide_extension",
        "director": "decide_extension",
        "administrator": "",
    },
    "asked": {
        "gu": ASKED,
        "lim": ASKED,
        "head": f"{ASKED} hand_over",
        "other head": "",
        "coordinator": f"{ASKED} hand_over decide_extension snooze",
        "deputy": "decide_extension",
        "director": "decide_extension",
        "administrator": ASKED,
    },
    "waits": {
        "gu": "report measure resume",
        "lim": "report measure resume",
        "head": "report measure resume",
        "other head": "",
        "coordinator": "report measure resume",
        "deputy": "",
        "director": "",
        "administrator": "report measure resume",
    },
    "reported": {
        "gu": "measure",
        "lim": "measure",
        "head": "measure",
        "other head": "",
        "coordinator": "measure accept return",
        "deputy": "accept return",
        "director": "accept return",
        "administrator": "measure",
    },
    "accepted": {
        "gu": "measure",
        "lim": "measure",
        "head": "measure",
        "other head": "",
        "coordinator": "measure return",
        "deputy": "return",
        "director": "return",
        "administrator": "measure",
    },
    "withdrawn": dict.fromkeys(WHO, ""),
    "co-owned": {
        "gu": "report progress extend wait",
        "lim": "report progress extend wait",
        "head": "report progress extend wait hand_over",
        "other head": "",
        "coordinator": "report progress extend wait hand_over decide_extension snooze",
        "deputy": "decide_extension",
        "director": "decide_extension",
        "administrator": "report progress extend wait",
    },
}


def test_the_table_says_everything() -> None:
    assert set(TABLE) == set(STATES)
    assert all(set(line) == set(WHO) for line in TABLE.values())


@pytest.mark.parametrize(
    ("state", "who", "acts"),
    [
        pytest.param(state, who, acts, id=f"{who}, {state}: {acts or 'nothing'}")
        for state, line in TABLE.items()
        for who, acts in line.items()
    ],
)
def test_who_may_do_what_to_a_share(state: str, who: str, acts: str) -> None:
    assert acts_on_share(WHO[who], TASK, STATES[state]) == {Act(act) for act in acts.split()}


def test_without_a_target_there_is_nothing_to_measure() -> None:
    task = replace(TASK, targets=())
    for share in STATES.values():
        assert Act.MEASURE not in acts_on_share(WHO["coordinator"], task, share)


@pytest.mark.parametrize("kind", ClosingKind)
def test_a_task_closed_or_suspended_can_only_be_reopened_and_by_the_coordinator(kind: ClosingKind) -> None:
    task = replace(TASK, closing=Closing(kind=kind, on=TODAY))
    for who, actor in WHO.items():
        assert acts_on_task(actor, task, asks=True) == ({Act.REOPEN} if who == "coordinator" else set())
        for share in STATES.values():
            assert acts_on_share(actor, task, share) == frozenset()


WHEN = Deadline(text="khi có hướng dẫn", kind=Kind.WHEN, condition="có hướng dẫn")
BOTH = Deadline(
    text="thường xuyên; khi có", kind=Kind.COMPOUND, parts=(Deadline(text="", kind=Kind.CONTINUOUS), WHEN)
)


@pytest.mark.parametrize(
    ("who", "task", "asks", "acts"),
    [
        pytest.param("coordinator", TASK, False, "correct reassign close", id="coordinator"),
        pytest.param("coordinator", TASK, True, "correct reassign close settle", id="coordinator, it asks"),
        pytest.param(
            "coordinator",
            replace(TASK, deadline=WHEN),
            False,
            "correct reassign close trigger",
            id="coordinator, on a condition",
        ),
        pytest.param(
            "coordinator",
            replace(TASK, deadline=BOTH),
            False,
            "correct reassign close trigger",
            id="coordinator, in part on a condition",
        ),
        pytest.param(
            "coordinator",
            replace(TASK, deadline=WHEN, active=False),
            True,
            "correct reassign close settle",
            id="coordinator, not started: nothing can have arisen",
        ),
        pytest.param("gu", replace(TASK, deadline=WHEN), False, "arisen", id="owner's officer says it arose"),
        pytest.param("head", replace(TASK, deadline=WHEN), True, "arisen", id="owner's head says it arose"),
        pytest.param("other head", replace(TASK, deadline=WHEN), True, "", id="not another unit's head"),
        pytest.param("director", replace(TASK, deadline=WHEN), True, "", id="not the director"),
        *(pytest.param(who, TASK, True, "", id=f"{who}: nothing of the whole task") for who in NOBODY),
    ],
)
def test_who_may_do_what_to_a_task(who: str, task: TaskFacts, asks: bool, acts: str) -> None:
    assert acts_on_task(WHO[who], task, asks=asks) == {Act(act) for act in acts.split()}


@pytest.mark.parametrize("kind", Kind)
def test_what_may_arise_waits_for_something(kind: Kind) -> None:
    assert may_arise(Deadline(text="", kind=kind)) == (kind in (Kind.WHEN, Kind.EXTERNAL))


# What holds whatever the share

units = st.sampled_from(("TT", "TM", "VP", "BGD"))
codes = st.sampled_from(("gu", "lim", "sao", "truc", "cam"))
actors = st.builds(Actor, code=codes, unit=units, post=st.sampled_from(Post))
shares = st.builds(
    lambda share, unit, officer: replace(share, key=share.key._replace(unit=unit), officer=officer),
    st.sampled_from(list(STATES.values())),
    units,
    st.none() | codes,
)
closings = st.none() | st.builds(Closing, kind=st.sampled_from(ClosingKind), on=st.just(TODAY))
tasks = st.builds(
    lambda closing, targets: replace(TASK, closing=closing, targets=targets),
    closings,
    st.sampled_from(((), TASK.targets)),
)


@given(actors, tasks, shares)
def test_only_coordinator_and_own_unit_ever_report(actor: Actor, task: TaskFacts, share: Share) -> None:
    acts = acts_on_share(actor, task, share)
    if acts & {Act.REPORT, Act.PROGRESS, Act.MEASURE, Act.EXTEND, Act.WAIT, Act.RESUME}:
        assert actor.coordinates or speaks_for(actor, share)


@given(actors, tasks, shares)
def test_only_coordinator_and_leaders_ever_decide(actor: Actor, task: TaskFacts, share: Share) -> None:
    if acts_on_share(actor, task, share) & {Act.ACCEPT, Act.RETURN, Act.DECIDE_EXTENSION}:
        assert actor.coordinates or actor.post in LEADERS


@given(actors, tasks, shares)
def test_after_acceptance_a_unit_may_only_measure(actor: Actor, task: TaskFacts, share: Share) -> None:
    accepted = replace(share, report=REPORT, accepted_on=TODAY)
    if not (actor.coordinates or actor.leads):
        assert acts_on_share(actor, task, accepted) <= {Act.MEASURE}


@given(actors, tasks, shares)
def test_nobody_may_more_than_the_coordinator(actor: Actor, task: TaskFacts, share: Share) -> None:
    assert acts_on_share(actor, task, share) <= acts_on_share(WHO["coordinator"], task, share)


@given(actors, tasks, shares)
def test_a_share_handed_over_is_no_other_officer_s(actor: Actor, task: TaskFacts, share: Share) -> None:
    given_away = replace(share, officer="somebody else")
    if actor.post in (Post.OFFICER, Post.ADMINISTRATOR):
        assert acts_on_share(actor, task, given_away) == frozenset()


@given(actors, tasks, shares)
def test_what_is_withdrawn_or_closed_is_nobody_s(actor: Actor, task: TaskFacts, share: Share) -> None:
    if share.withdrawn_on or task.closing:
        assert acts_on_share(actor, task, share) == frozenset()


# Being refused, and whose word accepts


def test_an_act_that_is_not_open_is_refused_by_name() -> None:
    require(Act.REPORT, {Act.REPORT})
    with pytest.raises(NotAllowed) as raised:
        require(Act.ACCEPT, {Act.REPORT})
    assert (raised.value.code, raised.value.params) == ("act_not_allowed", {"act": "accept"})


@pytest.mark.parametrize(
    ("accepted_by", "needing"),
    [
        pytest.param(AcceptedBy.COORDINATOR, set(), id="the coordinator's word: nobody needs a paper"),
        pytest.param(AcceptedBy.LEADER, set(Post) - set(LEADERS), id="a leader's word: all but leaders do"),
    ],
)
def test_whose_word_accepts(accepted_by: AcceptedBy, needing: set[Post]) -> None:
    settings = PlanSettings(year=2022, accepted_by=accepted_by)
    assert {post for post in Post if needs_leaders_paper(settings, post)} == needing
