"""What a summary says: numbers, lists, changes and notes, and that its frozen form loses nothing."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from tasks_catalog.deadline import Deadline, Kind
from tasks_catalog.digest import (
    MoveKind,
    Summary,
    SummaryHead,
    as_json,
    plan_name_of,
    summary_from_json,
    summary_of,
)
from tasks_catalog.digest.model import Move
from tasks_catalog.facts import (
    Closing,
    ClosingKind,
    Document,
    Measured,
    ReportFact,
    Share,
    TaskFacts,
    Waiting,
)
from tasks_catalog.figures import Figure
from tasks_catalog.judging import Verdict
from tasks_catalog.occurrence import Occurrence, Origin, Role, ShareKey
from tasks_catalog.period import period_by_key
from tasks_catalog.problem import Refused
from tasks_catalog.progress import Tally, tally_of
from tasks_catalog.standing import StandingKind
from tasks_catalog.targets import targets_of
from tasks_catalog.task import AnsweredBy, Continuous, NotArisen, PlanSettings

PLAN = "383/KH-SCT"
DUE = date(2022, 10, 15)
CUT_OFF = date(2022, 12, 14)
SETTINGS = PlanSettings(year=2022)
YEAR = period_by_key("cchc", "2022-Y")
HEAD = SummaryHead(
    organisation="Sở Công Thương",
    plan_number=PLAN,
    plan_name="Kế hoạch cải cách hành chính",
    plan_issued=date(2022, 1, 30),
    unit_names={"VP": "Văn phòng Sở", "TT": "Thanh tra Sở", "QLTM": "Phòng Quản lý thương mại"},
)


def share(row: int, unit: str = "VP", **known: object) -> Share:
    due = known.pop("due", DUE)
    assert isinstance(due, date)
    fresh = Share(
        key=ShareKey(f"{PLAN}/{row}", due.isoformat(), unit),
        role=Role.OWNER,
        due=due,
        lapses=due,
        first_due=due,
        epoch_began=date(2022, 1, 30),
    )
    return replace(fresh, **known)  # type: ignore[arg-type]


def task(row: int, *shares: Share, closing: Closing | None = None, section: str = "I. Thể chế") -> TaskFacts:
    opened = {
        one.key.occurrence: Occurrence(
            key=one.key.occurrence, due=one.due, lapses=one.lapses, origin=Origin.PRINTED
        )
        for one in shares
    }
    return TaskFacts(
        id=f"{PLAN}/{row}",
        row=row,
        text=f"Nhiệm vụ thứ {row}",
        section=section,
        deadline=Deadline(text="Trước 15/10/2022", kind=Kind.BY),
        planned=tuple(opened.values()),
        opened=opened,
        shares={one.key: one for one in shares},
        closing=closing,
    )


def reported(on: date = DUE) -> ReportFact:
    return ReportFact(on=on, by="tram")


def tally(*tasks: TaskFacts, as_of: date = CUT_OFF, settings: PlanSettings = SETTINGS) -> Tally:
    return tally_of(PLAN, tasks, settings, as_of)


def summary(
    *tasks: TaskFacts,
    previous: Tally | None = None,
    settings: PlanSettings = SETTINGS,
    head: SummaryHead = HEAD,
) -> Summary:
    return summary_of(tally(*tasks, settings=settings), previous=previous, period=YEAR, head=head)


STOPPED = Closing(
    kind=ClosingKind.STOPPED, on=DUE, document=Document(number="12/TB-SCT", issued=date(2022, 10, 1))
)
MIXED = (
    task(1, share(1, report=reported(), accepted_on=DUE)),
    task(2, share(2, report=reported(DUE + timedelta(days=3))), section="II. Thủ tục"),
    task(3, share(3, "TT"), share(3, "QLTM", due=date(2022, 11, 1), first_due=DUE), section="II. Thủ tục"),
    task(4, share(4), closing=STOPPED),
    task(5, share(5, due=date(2022, 12, 31))),
    task(6),
    task(7, share(7, waiting=Waiting(since=DUE))),
    task(8, share(8, due=CUT_OFF)),
)


def test_the_numbers_are_those_of_the_tally() -> None:
    found = summary(*MIXED)
    assert (found.done, found.total, found.tasks) == (3, 8, 8)
    assert list(found.counts.values()) == [1, 1, 1, 2, 2, 1]
    assert found.unconfirmed == 1
    assert found.in_progress == {"none_due_yet": 1, "waiting_for_authority": 1}


def test_overdue_tasks_come_longest_overdue_first_with_their_late_units() -> None:
    overdue = summary(*MIXED).overdue
    assert [(one.row, one.units, one.days, one.due) for one in overdue] == [
        (3, ("QLTM", "TT"), 60, DUE),
        (8, ("VP",), 0, CUT_OFF),
    ]
    assert overdue[0].deadline == "Trước 15/10/2022"


def test_what_fell_due_and_was_never_opened_is_listed_since_its_date() -> None:
    unopened = replace(task(1, share(1)), opened={}, shares={})
    now = tally(unopened, as_of=DUE + timedelta(days=3))
    (late,) = summary_of(now, previous=None, period=YEAR, head=HEAD).overdue
    assert (late.units, late.due, late.since, late.days) == ((), DUE, DUE, 3)


def test_units_come_in_the_directorys_order() -> None:
    assert [line.key for line in summary(*MIXED).by_unit] == ["VP", "TT", "QLTM"]


def test_a_closed_task_is_shown_apart_with_its_document() -> None:
    (decided,) = summary(*MIXED).decided
    assert (decided.row, decided.kind, decided.document) == (4, ClosingKind.STOPPED, "12/TB-SCT")
    assert decided.document_issued == date(2022, 10, 1)


def aimed(one: TaskFacts, objective: str, figures: dict[str, str] | None = None) -> TaskFacts:
    """The task with targets, and a figure of the first one from each unit named."""
    shares = {
        key: replace(
            held,
            measures=(
                Measured(
                    figure=Figure(target=1, amount=Decimal((figures or {})[key.unit])), on=DUE, by="tram"
                ),
            ),
        )
        if key.unit in (figures or {})
        else held
        for key, held in one.shares.items()
    }
    return replace(one, targets=targets_of(objective), shares=shares)


AIMED = (
    aimed(MIXED[0], "Tỷ lệ hồ sơ đúng hạn đạt tối thiểu 96%", {"VP": "97.5"}),
    aimed(MIXED[2], "100% TTHC công khai; ít nhất 2 mô hình", {"TT": "90"}),
    aimed(MIXED[3], "tối thiểu 5 văn bản", {"VP": "1"}),
)


def test_targets_are_listed_with_their_figures_but_for_those_of_closed_tasks() -> None:
    found = summary(*AIMED)
    assert [(line.row, line.target, line.verdict) for line in found.targets] == [
        (1, "Tỷ lệ hồ sơ đúng hạn đạt tối thiểu 96%", Verdict.MET),
        (3, "100% TTHC công khai", Verdict.NOT_MET),
        (3, "ít nhất 2 mô hình", Verdict.NOT_REPORTED),
    ]
    assert [(unit.unit, unit.value) for unit in found.targets[1].units] == [("QLTM", None), ("TT", 90)]
    assert "count_targets" in [note.code for note in found.notes]


def test_a_plan_without_targets_says_nothing_of_them() -> None:
    found = summary(*MIXED)
    assert found.targets == ()
    assert "count_targets" not in [note.code for note in found.notes]


def test_a_snapshot_of_before_targets_comes_back_with_the_same_bytes() -> None:
    """Frozen by the version before: its digest stands in databases and must be arrived at again."""
    kept = (Path(__file__).parents[1] / "data" / "snapshot-before-targets.json").read_bytes()
    read = summary_from_json(json.loads(kept))
    again = json.dumps(as_json(read), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    assert again == kept
    assert (
        hashlib.sha256(again).hexdigest()
        == "4523acca421d26cad617feace8b1aefa4f5e48f3477f8c71f087c7bf83b03e32"
    )
    assert read.targets == ()


def test_changes_name_every_task_that_moved_and_no_other() -> None:
    previous = tally(*(one for one in MIXED if one.row != 5), task(9), as_of=date(2022, 10, 16))
    changes = summary(*MIXED, previous=previous).changes
    assert changes is not None
    assert {
        kind: [move.row for move in changes.of_kind(kind)] for kind in MoveKind if changes.of_kind(kind)
    } == {
        MoveKind.FELL_OVERDUE: [8],
        MoveKind.ADDED: [5],
        MoveKind.DROPPED: [9],
    }
    assert (changes.as_of, changes.done, changes.total) == (date(2022, 10, 16), 3, 8)


K = StandingKind


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        pytest.param(K.IN_PROGRESS, K.DONE_ON_TIME, MoveKind.FINISHED, id="work that was done"),
        pytest.param(K.OVERDUE, K.DONE_LATE, MoveKind.FINISHED, id="overdue work that was done"),
        pytest.param(K.DONE_ON_TIME, K.OVERDUE, MoveKind.FELL_OVERDUE, id="a period's sheet left out"),
        pytest.param(K.OVERDUE, K.IN_PROGRESS, MoveKind.EASED, id="an extension"),
        pytest.param(K.DONE_LATE, K.IN_PROGRESS, MoveKind.REOPENED, id="a report returned"),
        pytest.param(K.NOT_ARISEN, K.IN_PROGRESS, MoveKind.ARISEN, id="a condition that arose"),
        pytest.param(K.DONE_ON_TIME, K.DONE_LATE, MoveKind.RECLASSED, id="a product date taken back"),
        pytest.param(None, K.IN_PROGRESS, MoveKind.ADDED, id="a row added to the plan"),
        pytest.param(K.IN_PROGRESS, None, MoveKind.DROPPED, id="a row dropped from the plan"),
    ],
)
def test_a_move_is_told_as(before: K | None, after: K | None, kind: MoveKind) -> None:
    assert Move(row=1, text="", before=before, after=after).kind is kind


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        pytest.param({}, "count_continuous_to_date", id="continuous tasks count to date by default"),
        pytest.param({"continuous": Continuous.YEAR_END}, "count_continuous_year_end", id="or at year end"),
        pytest.param({}, "count_not_arisen_in_total", id="tasks not arisen are in the total by default"),
        pytest.param({"not_arisen": NotArisen.EXCLUDED}, "count_not_arisen_excluded", id="or left out"),
        pytest.param({"printed_dates_slide": True}, "count_printed_dates_slide", id="printed dates slide"),
        pytest.param({"derived_dates_slide": False}, "count_derived_dates_stand", id="derived dates stand"),
    ],
)
def test_each_setting_in_force_is_a_note(changed: dict[str, object], code: str) -> None:
    settings = replace(SETTINGS, **changed)  # type: ignore[arg-type]
    assert code in [note.code for note in summary(*MIXED, settings=settings).notes]


def test_a_focal_unit_is_named_in_its_note() -> None:
    settings = replace(SETTINGS, answered_by=AnsweredBy.FOCAL_UNIT, focal_unit="VP")
    notes = {note.code: note.params for note in summary(settings=settings).notes}
    assert notes["count_answered_by_focal_unit"] == {"unit": "Văn phòng Sở"}


def test_a_change_in_counting_since_the_last_report_is_noted() -> None:
    before = tally(*MIXED, as_of=DUE, settings=replace(SETTINGS, continuous=Continuous.YEAR_END))
    assert "count_changed" in [note.code for note in summary(*MIXED, previous=before).notes]
    same = tally(*MIXED, as_of=DUE)
    assert "count_changed" not in [note.code for note in summary(*MIXED, previous=same).notes]


@pytest.mark.parametrize(
    ("as_of", "window_end"),
    [
        pytest.param(date(2022, 11, 8), date(2022, 11, 8), id="a report asked for early ends with its data"),
        pytest.param(CUT_OFF, CUT_OFF, id="a report at the cut-off ends there"),
        pytest.param(date(2023, 1, 12), CUT_OFF, id="a closing reckoning still reports on its period"),
    ],
)
def test_the_window(as_of: date, window_end: date) -> None:
    found = summary_of(tally(as_of=as_of), previous=None, period=YEAR, head=HEAD)
    assert found.window == (date(2021, 12, 15), window_end)


@pytest.mark.parametrize(
    "one",
    [
        pytest.param(summary(*MIXED, previous=tally(*MIXED[:5], as_of=DUE)), id="with all there can be"),
        pytest.param(summary(*AIMED), id="with targets"),
        pytest.param(summary(), id="of an empty plan"),
        pytest.param(summary(*MIXED, head=SummaryHead(organisation="", plan_number="")), id="without a head"),
    ],
)
def test_the_frozen_form_comes_back_whole(one: Summary) -> None:
    stored = json.dumps(as_json(one), sort_keys=True, ensure_ascii=False)
    assert summary_from_json(json.loads(stored)) == one
    assert (
        json.dumps(as_json(summary_from_json(json.loads(stored))), sort_keys=True, ensure_ascii=False)
        == stored
    )


def test_names_and_texts_are_kept_in_nfc() -> None:
    decomposed = replace(MIXED[2], text=unicodedata.normalize("NFD", "Rà soát\u00a0 thủ tục"))
    head = replace(HEAD, organisation=unicodedata.normalize("NFD", HEAD.organisation))
    found = summary(decomposed, head=head)
    assert (found.head.organisation, found.overdue[0].text) == ("Sở Công Thương", "Rà soát thủ tục")


FROZEN = as_json(summary(*MIXED))


@pytest.mark.parametrize(
    ("content", "code"),
    [
        pytest.param({**FROZEN, "format": 2}, "summary_format", id="a snapshot of a later format"),
        pytest.param({}, "summary_format", id="something else altogether"),
        pytest.param({**FROZEN, "as_of": "14/12/2022"}, "summary_damaged", id="a date that is none"),
        pytest.param({**FROZEN, "overdue": [{}]}, "summary_damaged", id="a task without its fields"),
        pytest.param({**FROZEN, "targets": [{}]}, "summary_damaged", id="a target without its fields"),
        pytest.param({**FROZEN, "standings": None}, "summary_damaged", id="a part that is missing"),
    ],
)
def test_a_snapshot_is_refused_rather_than_half_read(content: dict[str, object], code: str) -> None:
    with pytest.raises(Refused) as refusal:
        summary_from_json(content)
    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("now", "before", "code"),
    [
        pytest.param(
            tally(as_of=date(2021, 12, 14)), None, "summary_before_period", id="data before the period"
        ),
        pytest.param(
            tally(), replace(tally(as_of=DUE), plan="1/KH"), "summary_previous_plan", id="another plan"
        ),
        pytest.param(tally(), tally(), "summary_previous_later", id="the same day twice"),
    ],
)
def test_what_cannot_be_summed_up_is_refused(now: Tally, before: Tally | None, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        summary_of(now, previous=before, period=YEAR, head=HEAD)
    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Kế hoạch cải cách hành chính năm 2022 của Sở Công Thương", "Kế hoạch cải cách hành chính"),
        ("KẾ HOẠCH CẢI CÁCH HÀNH CHÍNH NĂM 2022", "Kế hoạch cải cách hành chính"),
        ("NHIỆM VỤ CẢI CÁCH HÀNH CHÍNH NĂM 2022", "Kế hoạch cải cách hành chính"),
        ("Kế hoạch chuyển đổi số giai đoạn 2021-2025", "Kế hoạch chuyển đổi số"),
        ("Phân công nhiệm vụ", ""),
        ("", ""),
    ],
)
def test_what_a_plan_is_called(title: str, name: str) -> None:
    assert plan_name_of(title) == name


@pytest.mark.parametrize(
    ("number", "abbreviation"),
    [
        ("383/KH-SCT", "SCT"),
        ("552/KH-UBND", "UBND"),
        ("6225/BVHTTDL-VP", "BVHTTDL"),
        ("03/NQ-CP", "CP"),
        ("383", ""),
    ],
)
def test_the_organisations_abbreviation_is_read_from_the_plans_number(number: str, abbreviation: str) -> None:
    assert replace(HEAD, plan_number=number).abbreviation == abbreviation
