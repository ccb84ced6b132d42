"""What people may decide: what each decision changes, which epoch it begins, and when it is refused."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notifications.wording import problem_sentence
from tasks_catalog.decisions import (
    Accept,
    Acknowledge,
    AskExtension,
    Close,
    Correct,
    DecideExtension,
    Decision,
    DecisionRefused,
    Measure,
    Open,
    OpenedShare,
    Reassign,
    Recorded,
    Reopen,
    Report,
    Resume,
    Return,
    Settle,
    Snooze,
    Trigger,
    Wait,
    apply,
    facts_after,
)
from tasks_catalog.facts import ClosingKind, Document, EpochCause, Evidence, OwnerRef, TaskFacts
from tasks_catalog.figures import Figure
from tasks_catalog.occurrence import Origin, Role, ShareKey
from tasks_catalog.targets import targets_of
from tests.tasks_catalog.cast import (
    CONTINUOUS,
    PAPER,
    a_task,
    after,
    an_occurrence,
    by,
    d,
    key,
    opened,
    owed,
    reported,
    share,
)

DUE = d(30, 9)
TARGETS = targets_of("Tỷ lệ hồ sơ đúng hạn đạt tối thiểu 96%")
TASK = replace(owed(DUE, co_owners=("CN",)), targets=TARGETS)
FIGURES = (Figure(target=1, amount=Decimal("97.5")),)
KEY = key(TASK)
REPORTED = reported(TASK, d(29, 9))
ASKED = after(TASK, d(26, 9), AskExtension(share=KEY, to=d(31, 10), reason="chờ số liệu"))
WAITING = after(TASK, d(26, 9), Wait(share=KEY), PAPER)
STOPPED = after(TASK, d(26, 9), Close(closing=ClosingKind.STOPPED), PAPER)
SUSPENDED = after(TASK, d(26, 9), Close(closing=ClosingKind.SUSPENDED), PAPER)
TRIGGER = Trigger(
    occurrence=an_occurrence(d(28, 10), origin=Origin.TRIGGER),
    shares=(OpenedShare(unit="TM", role=Role.OWNER),),
)


@pytest.mark.parametrize(
    ("task", "decision", "epoch", "cause", "due"),
    [
        pytest.param(TASK, None, 1, EpochCause.OPENED, DUE, id="an opened share is in its first epoch"),
        pytest.param(
            TASK,
            DecideExtension(share=KEY, granted=True, to=d(31, 10)),
            2,
            EpochCause.EXTENDED,
            d(31, 10),
            id="an extension begins a new epoch",
        ),
        pytest.param(
            ASKED,
            DecideExtension(share=KEY, granted=True),
            2,
            EpochCause.EXTENDED,
            d(31, 10),
            id="granted as asked, the date is the one asked for",
        ),
        pytest.param(
            ASKED,
            DecideExtension(share=KEY, granted=False, reason="không có lý do"),
            1,
            EpochCause.OPENED,
            DUE,
            id="an extension refused changes neither date nor epoch",
        ),
        pytest.param(
            REPORTED,
            Return(share=KEY, reason="thiếu số liệu"),
            2,
            EpochCause.RETURNED,
            DUE,
            id="a return begins a new epoch, due as before",
        ),
        pytest.param(
            REPORTED,
            Return(share=KEY, reason="thiếu số liệu", due=d(10, 10), lapses=d(10, 10)),
            2,
            EpochCause.RETURNED,
            d(10, 10),
            id="or on a date given with it",
        ),
        pytest.param(
            WAITING,
            Resume(share=KEY, due=d(14, 10), lapses=d(14, 10)),
            2,
            EpochCause.RESUMED,
            d(14, 10),
            id="the end of a wait begins a new epoch",
        ),
        pytest.param(
            SUSPENDED, Reopen(), 2, EpochCause.REOPENED, DUE, id="a suspended task that goes on too"
        ),
        pytest.param(STOPPED, Reopen(), 2, EpochCause.REOPENED, DUE, id="and a closed one that is reopened"),
        pytest.param(
            TASK,
            Reassign(from_unit="TM", to_unit="TM", officer="tm_focal"),
            1,
            EpochCause.OPENED,
            DUE,
            id="another officer changes no epoch",
        ),
        pytest.param(
            TASK,
            Acknowledge(share=KEY, expected=d(5, 10)),
            1,
            EpochCause.OPENED,
            DUE,
            id="nor an acknowledgement",
        ),
        pytest.param(TASK, Snooze(share=KEY, until=d(28, 9)), 1, EpochCause.OPENED, DUE, id="nor a snooze"),
    ],
)
def test_epochs(task: TaskFacts, decision: Decision | None, epoch: int, cause: EpochCause, due: date) -> None:
    if decision is not None:
        task = after(task, d(30, 9), decision, PAPER)
    found = share(task)
    assert (found.epoch, found.epoch_cause, found.due) == (epoch, cause, due)
    assert found.first_due == DUE, "the first due date stays on record"


def test_a_reassigned_share_stays_in_its_epoch_at_the_new_unit() -> None:
    moved = after(ASKED, d(28, 9), DecideExtension(share=KEY, granted=True))
    moved = after(moved, d(3, 10), Snooze(share=KEY, until=d(20, 10)))
    moved = after(moved, d(4, 10), Acknowledge(share=KEY, expected=d(20, 10)))
    moved = after(moved, d(5, 10), Reassign(from_unit="TM", to_unit="VP"))
    there = share(moved, "VP")
    assert (there.epoch, there.due, there.epoch_began) == (2, d(31, 10), d(28, 9))
    assert (there.officer, there.holds, there.expected, there.snoozed_until) == (None, (), None, None)
    assert share(moved).withdrawn_on == d(5, 10)
    assert moved.owners == (OwnerRef(code="VP", role=Role.OWNER),)
    assert {s.key.unit for s in moved.current_shares} == {"VP", "CN"}


def test_work_moved_to_a_co_owner_makes_it_the_owner() -> None:
    task = replace(TASK, owners=(*TASK.owners, OwnerRef(code="CN", role=Role.CO_OWNER)))
    moved = after(task, d(26, 9), Reassign(from_unit="TM", to_unit="CN"))
    assert [(s.key.unit, s.role) for s in moved.current_shares] == [("CN", Role.OWNER)]
    assert moved.owners == (OwnerRef(code="CN", role=Role.OWNER),)


def test_a_co_owners_work_moved_to_the_owner_leaves_the_owner_as_it_was() -> None:
    moved = after(TASK, d(26, 9), Reassign(from_unit="CN", to_unit="TM"))
    assert moved.current_shares == (share(TASK),)


def test_what_was_reported_stays_with_the_unit_that_reported_it() -> None:
    task = opened(a_task(CONTINUOUS))
    task = reported(task, d(10, 3), due=d(14, 3))
    moved = after(task, d(20, 3), Reassign(from_unit="TM", to_unit="VP"))
    assert {(s.key.unit, s.due) for s in moved.current_shares if s.due <= d(14, 6)} == {
        ("TM", d(14, 3)),
        ("VP", d(14, 6)),
    }


def test_a_task_not_yet_opened_can_be_given_to_another_unit() -> None:
    moved = after(a_task(by(DUE)), d(4, 1), Reassign(from_unit="TM", to_unit="VP"))
    assert moved.owners == (OwnerRef(code="VP", role=Role.OWNER),)


def test_a_unit_opened_in_both_roles_owns() -> None:
    shares = tuple(OpenedShare(unit="TM", role=role) for role in (Role.OWNER, Role.CO_OWNER))
    task = after(a_task(by(DUE)), d(4, 1), Open(occurrence=an_occurrence(DUE), shares=shares))
    assert [s.role for s in task.current_shares] == [Role.OWNER]


def test_what_the_office_opens_late_is_owed_from_its_own_day() -> None:
    opening = Open(
        occurrence=an_occurrence(DUE), shares=(OpenedShare(unit="TM", role=Role.OWNER),), began=d(14, 6)
    )
    assert share(after(a_task(), d(20, 6), opening)).epoch_began == d(14, 6)


def test_a_condition_that_arose_opens_what_is_owed() -> None:
    task = after(a_task(), d(20, 10), TRIGGER, PAPER)
    assert (share(task).epoch_cause, share(task).due) == (EpochCause.TRIGGERED, d(28, 10))
    assert task.opened["2022-10-28"].origin is Origin.TRIGGER


def test_a_return_takes_back_the_report_and_its_acceptance() -> None:
    task = after(REPORTED, d(30, 9), Accept(share=KEY, product_date_counts=True))
    assert share(task).accepted_on == d(30, 9)
    back = share(after(task, d(3, 10), Return(share=KEY, reason="thiếu số liệu")))
    assert (back.report, back.accepted_on, back.product_date_counts) == (None, None, False)


def test_a_new_epoch_starts_its_holds_and_snooze_anew() -> None:
    task = after(ASKED, d(27, 9), Acknowledge(share=KEY, expected=d(5, 10)))
    task = after(task, d(27, 9), Snooze(share=KEY, until=d(30, 9)))
    assert share(task).holds == (d(26, 9), d(27, 9))
    moved = share(after(task, d(28, 9), DecideExtension(share=KEY, granted=True)))
    assert (moved.holds, moved.expected, moved.request, moved.snoozed_until) == ((), None, None, None)


def test_an_extension_is_kept_with_its_document_beside_the_first_date() -> None:
    task = after(TASK, d(26, 9), DecideExtension(share=KEY, granted=True, to=d(31, 10)), PAPER)
    task = after(task, d(28, 10), DecideExtension(share=KEY, granted=True, to=d(30, 11)))
    assert [(e.before, e.after, e.document) for e in share(task).extensions] == [
        (DUE, d(31, 10), PAPER),
        (d(31, 10), d(30, 11), None),
    ]


def test_a_report_ends_a_wait_and_a_request() -> None:
    for task in (WAITING, ASKED):
        found = share(reported(task, d(28, 9)))
        assert (found.waiting, found.request) == (None, None)


def test_a_report_keeps_its_evidence_and_who_made_it() -> None:
    evidence = (Evidence(text="45/BC-ST", issued=d(28, 9)), Evidence(text="phụ lục.xlsx", sha256="ab" * 32))
    task = after(
        TASK, d(29, 9), Report(share=KEY, product_date=d(28, 9), evidence=evidence, note="kèm phụ lục")
    )
    report = share(task).report
    assert report is not None
    assert (report.on, report.by, report.evidence, report.note) == (
        d(29, 9),
        "tm_officer",
        evidence,
        "kèm phụ lục",
    )


def test_reopening_leaves_reported_shares_alone() -> None:
    task = after(REPORTED, d(3, 10), Close(closing=ClosingKind.POSTPONED), PAPER)
    again = after(task, d(10, 10), Reopen())
    assert again.closing is None
    assert share(again) == share(REPORTED)
    assert share(again, "CN").epoch == 2


def test_a_suspended_task_can_be_closed_for_good() -> None:
    closing = after(SUSPENDED, d(3, 10), Close(closing=ClosingKind.STOPPED), PAPER).closing
    assert closing is not None
    assert (closing.kind, closing.document) == (ClosingKind.STOPPED, PAPER)


def test_a_settled_row_starts_when_no_question_is_left() -> None:
    row = replace(a_task(), active=False, planned=())
    answer = Settle(deadline=by(DUE), planned=(an_occurrence(DUE),), still_open=("unit_unknown",))
    row = after(row, d(4, 1), answer)
    assert (row.active, row.deadline.text) == (False, "Trước ngày 30/09/2022")
    row = after(row, d(5, 1), Settle(owners=(OwnerRef(code="VP", role=Role.OWNER),)))
    assert (row.active, row.owners[0].code, len(row.planned)) == (True, "VP", 1)


@pytest.mark.parametrize("field", ["text", "product", "section", "group"])
def test_a_clerical_error_is_corrected_in(field: str) -> None:
    corrected = after(TASK, d(4, 2), Correct(field=field, value="đã sửa"))  # type: ignore[arg-type]  # each in turn
    assert getattr(corrected, field) == "đã sửa"
    assert replace(corrected, **{field: getattr(TASK, field)}) == TASK


def refusal(task: TaskFacts, decision: Decision, document: Document | None = None) -> DecisionRefused:
    with pytest.raises(DecisionRefused) as caught:
        after(task, d(30, 9), decision, document)
    return caught.value


NOBODYS = KEY._replace(unit="XT")


@pytest.mark.parametrize(
    ("task", "decision", "document", "code"),
    [
        pytest.param(
            TASK, Report(share=NOBODYS), None, "share_unknown", id="a unit that owes nothing reports"
        ),
        pytest.param(
            after(TASK, d(26, 9), Reassign(from_unit="TM", to_unit="VP")),
            Report(share=KEY),
            None,
            "share_unknown",
            id="a unit reports what was moved away from it",
        ),
        pytest.param(REPORTED, Report(share=KEY), None, "share_already_reported", id="a second report"),
        pytest.param(
            REPORTED,
            Acknowledge(share=KEY, expected=d(5, 10)),
            None,
            "share_already_reported",
            id="done work promised",
        ),
        pytest.param(
            TASK,
            Report(share=KEY, product_date=d(1, 10)),
            None,
            "product_date_in_future",
            id="a product of tomorrow",
        ),
        pytest.param(TASK, Accept(share=KEY), None, "share_not_reported", id="nothing to accept"),
        pytest.param(TASK, Return(share=KEY, reason="…"), None, "share_not_reported", id="nothing to return"),
        pytest.param(
            after(REPORTED, d(29, 9), Accept(share=KEY)),
            Accept(share=KEY),
            None,
            "report_already_accepted",
            id="accepted twice",
        ),
        pytest.param(
            ASKED,
            AskExtension(share=KEY, to=d(1, 12), reason="…"),
            None,
            "extension_already_asked",
            id="asked twice",
        ),
        pytest.param(
            TASK,
            AskExtension(share=KEY, to=DUE, reason="…"),
            None,
            "extension_not_later",
            id="asked for no later date",
        ),
        pytest.param(
            TASK,
            DecideExtension(share=KEY, granted=True),
            None,
            "extension_date_needed",
            id="granted without a date",
        ),
        pytest.param(
            TASK, DecideExtension(share=KEY, granted=False), None, "extension_not_asked", id="refused unasked"
        ),
        pytest.param(WAITING, Wait(share=KEY), PAPER, "share_already_waiting", id="waiting twice"),
        pytest.param(TASK, Wait(share=KEY), None, "document_needed", id="waiting without a document"),
        pytest.param(
            TASK, Resume(share=KEY, due=DUE, lapses=DUE), None, "share_not_waiting", id="no wait to end"
        ),
        pytest.param(
            STOPPED, Close(closing=ClosingKind.STOPPED), PAPER, "task_already_closed", id="closed twice"
        ),
        pytest.param(
            TASK, Close(closing=ClosingKind.STOPPED), None, "document_needed", id="closed without a document"
        ),
        pytest.param(TASK, Reopen(), None, "task_not_closed", id="reopened though open"),
        pytest.param(
            after(a_task(), d(4, 1), TRIGGER),
            TRIGGER,
            PAPER,
            "occurrence_already_open",
            id="triggered twice for one date",
        ),
        pytest.param(
            TASK, Reassign(from_unit="XT", to_unit="VP"), None, "unit_owes_nothing", id="moved from nobody"
        ),
        pytest.param(
            TASK,
            Reassign(from_unit="XT", to_unit="XT", officer="x"),
            None,
            "unit_owes_nothing",
            id="an officer for nothing",
        ),
        pytest.param(
            owed(DUE, owners=("TM", "VP")),
            Reassign(from_unit="TM", to_unit="VP"),
            None,
            "unit_has_share",
            id="moved to a joint owner, who owes it already",
        ),
        pytest.param(
            TASK, Measure(share=NOBODYS, figures=FIGURES), None, "share_unknown", id="nobody's figure"
        ),
        pytest.param(
            TASK,
            Measure(share=KEY._replace(unit="CN"), figures=FIGURES),
            None,
            "figure_of_co_owner",
            id="a co-owner's figure",
        ),
        pytest.param(
            STOPPED,
            Report(share=KEY, figures=FIGURES),
            None,
            "task_already_closed",
            id="a figure of a task that was stopped",
        ),
        pytest.param(
            TASK,
            Measure(share=KEY, figures=(replace(FIGURES[0], target=2),)),
            None,
            "target_unknown",
            id="a figure of a target there is not",
        ),
        pytest.param(
            replace(TASK, targets=()),
            Measure(share=KEY, figures=FIGURES),
            None,
            "targets_none",
            id="a figure of a task that sets none",
        ),
        pytest.param(
            TASK,
            Report(share=KEY, figures=(Figure(target=1, amount=Decimal(101)),)),
            None,
            "figure_over_100",
            id="a report with a figure that cannot be",
        ),
        pytest.param(
            TASK,
            Settle(deadline=by(DUE)),
            None,
            "task_already_started",
            id="a deadline settled after the start",
        ),
    ],
)
def test_refused(task: TaskFacts, decision: Decision, document: Document | None, code: str) -> None:
    refused = refusal(task, decision, document)
    assert refused.code == code
    for language in ("vi", "en"):
        assert "{" not in problem_sentence(refused, language)


# Properties

_CHOICES: Mapping[str, Decision] = {
    "report": Report(share=KEY, figures=FIGURES),
    "measure": Measure(share=KEY, figures=FIGURES),
    "targets": Correct(field="targets", value="", targets=()),
    "accept": Accept(share=KEY),
    "return": Return(share=KEY, reason="…"),
    "acknowledge": Acknowledge(share=KEY, expected=d(5, 10)),
    "ask": AskExtension(share=KEY, to=d(31, 12), reason="…"),
    "grant": DecideExtension(share=KEY, granted=True, to=d(31, 12)),
    "refuse": DecideExtension(share=KEY, granted=False),
    "wait": Wait(share=KEY),
    "resume": Resume(share=KEY, due=d(14, 10), lapses=d(14, 10)),
    "suspend": Close(closing=ClosingKind.SUSPENDED),
    "stop": Close(closing=ClosingKind.STOPPED),
    "reopen": Reopen(),
    "away": Reassign(from_unit="TM", to_unit="VP"),
    "back": Reassign(from_unit="VP", to_unit="TM"),
    "snooze": Snooze(share=KEY, until=d(30, 9)),
    "correct": Correct(field="text", value="đã sửa"),
    "trigger": TRIGGER,
}
_LISTS = st.lists(st.sampled_from(sorted(_CHOICES)), max_size=14)


def fitting(names: list[str]) -> list[Recorded]:
    """The decisions of these names, one a day, without those that are refused where they stand."""
    task, kept = TASK, []
    for number, name in enumerate(names, start=1):
        entry = Recorded(decision=_CHOICES[name], on=d(number, 9), by="ai đó", document=PAPER)
        try:
            task = apply(task, entry)
        except DecisionRefused:
            continue
        kept.append(entry)
    return kept


@given(names=_LISTS, cut=st.integers(0, 14))
@settings(deadline=None)
def test_decisions_replayed_in_two_parts_give_the_same_facts(names: list[str], cut: int) -> None:
    entries = fitting(names)
    whole = facts_after(TASK, entries)
    assert facts_after(facts_after(TASK, entries[:cut]), entries[cut:]) == whole
    assert facts_after(TASK, entries) == whole


@given(names=_LISTS)
@settings(deadline=None)
def test_deciding_leaves_the_facts_it_started_from_unchanged(names: list[str]) -> None:
    before = copy.deepcopy(TASK)
    facts_after(TASK, fitting(names))
    assert before == TASK


@given(names=_LISTS)
@settings(deadline=None)
def test_epochs_only_grow_and_the_first_due_date_stays(names: list[str]) -> None:
    task = TASK
    for entry in fitting(names):
        later = apply(task, entry)
        for known, held in task.shares.items():
            assert later.shares[known].first_due == held.first_due
            assert later.shares[known].epoch >= held.epoch or held.withdrawn_on is not None
        task = later
    assert all(isinstance(known, ShareKey) and known == held.key for known, held in task.shares.items())
    owners = [
        s.key.unit for s in task.current_shares if s.key.occurrence == KEY.occurrence and s.role is Role.OWNER
    ]
    assert len(owners) == 1
