"""A revision put into force: the tables and the journal tell the same, and a second time changes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

import pytest
from sqlalchemy import Engine, func, select

from storage import journal, tasks
from storage.desk import Desk
from storage.directives import LineRefused, hand_out
from storage.engine import read, write
from storage.plan_import import PlanExists
from storage.revising import Revised, compared, revise
from storage.rolling import drafted, roll
from storage.schema import Event, PlanRow, TaskRow
from storage.starting import Answer, open_plan, settle
from tasks_catalog.calendar import WorkCalendar, vietnam
from tasks_catalog.deadline import doubt_of, read_deadline
from tasks_catalog.decisions import Correct
from tasks_catalog.facts import ClosingKind, Document, EpochCause
from tasks_catalog.intake import take_in
from tasks_catalog.problem import Refused
from tasks_catalog.task import PlanRead, Task, UnitsWritten
from tests.storage.cast import DIRECTORY, NUMBER, READ, SETTINGS, at, import_cast, set_up

CALENDAR: WorkCalendar = vietnam(range(2022, 2025))
STARTED, DAY = date(2022, 2, 7), date(2022, 7, 1)
PAPER = Document(number="500/QĐ-SCT", issued=DAY)
KEY = f"{NUMBER}/1@2022-11-15#tm"


def row(
    row: int, text: str, deadline: str, *, lead: str = "Phòng QLTM", product: str = "", section: str = ""
) -> Task:
    reading = read_deadline(deadline, year=2022)
    doubt = doubt_of(reading)
    return Task(
        row=row,
        stt=str(row),
        section=section or "Cải cách thể chế",
        text=text,
        product=product,
        lead=UnitsWritten(text=lead, units=(lead,)),
        deadline=reading,
        problems=(doubt,) if doubt else (),
        place=READ.tasks[0].place,
    )


FIRST, SECOND, THIRD = (
    replace(READ.tasks[0], extra={}),
    replace(READ.tasks[1], place=READ.tasks[0].place),
    replace(READ.tasks[2], place=READ.tasks[0].place),
)
MOVED = replace(FIRST, deadline=read_deadline("Trước 15/12/2022", year=2022), product="Kế hoạch được duyệt")
NEW = row(2, "Khảo sát ý kiến doanh nghiệp ngành công thương", "Trước 30/9/2022", lead="VP Sở")


@dataclass(frozen=True)
class Department:
    """The cast's plan, tracked since February."""

    engine: Engine
    id: int

    def revise(self, *found: Task, on: date = DAY, same: Mapping[int, int] | None = None) -> Revised:
        rows = tuple(replace(task, row=n) for n, task in enumerate(found, start=1))
        with write(self.engine) as session:
            plan = tasks.plan_or_refuse(session, self.id, NUMBER)
            intake = take_in(replace(READ, tasks=rows), DIRECTORY, SETTINGS, CALENDAR)
            return revise(session, plan, intake, document=PAPER, by="lan", at=at(on), same=same)

    def facts(self) -> dict[int, tasks.TaskFacts]:
        with read(self.engine) as session:
            plan = tasks.plan_or_refuse(session, self.id, NUMBER)
            now = tasks.facts_of_plan(session, plan)
            assert tasks.facts_as_of(session, plan, date(2023, 12, 31)) == now
        return {task.row: task for task in now}

    def events(self) -> int:
        with read(self.engine) as session:
            return session.scalar(select(func.count()).select_from(Event)) or 0


@pytest.fixture
def office(engine: Engine) -> Department:
    with write(engine) as session:
        office = set_up(session)
        plan = import_cast(session, office)
        session.execute(TaskRow.__table__.update().values(place={"table": 2, "row": 12}))
        tasks.activate(session, plan, on=STARTED, by="lan", at=at(STARTED))
        open_plan(session, plan, directory=DIRECTORY, at=at(STARTED), on=STARTED)
    return Department(engine, office)


def test_the_same_document_again_writes_nothing(office: Department) -> None:
    before = office.events()
    done = office.revise(FIRST, SECOND, THIRD)
    assert done.changes.is_nothing
    assert len(done.changes.same) == 3
    assert office.events() == before


def test_a_revision_is_put_into_force_once_and_the_journal_replays_it(office: Department) -> None:
    done = office.revise(THIRD, NEW, MOVED)
    assert [(m.known, [c.field for c in m.fields]) for m in done.changes.altered] == [
        (1, ["product", "deadline"])
    ]
    assert (done.changes.new, done.changes.dropped, done.rows) == ((2,), (2,), {2: f"{NUMBER}/4"})
    facts = office.facts()
    (moved,) = (share for share in facts[1].shares.values() if share.key.unit == "tm")
    assert (moved.due, moved.epoch, moved.epoch_cause) == (date(2022, 12, 15), 2, EpochCause.REVISED)
    assert (moved.extensions[0].before, moved.extensions[0].document) == (date(2022, 11, 15), PAPER)
    assert facts[1].product == "Kế hoạch được duyệt"
    closing = facts[2].closing
    assert closing is not None
    assert (closing.kind, closing.document) == (ClosingKind.STOPPED, PAPER)
    assert [(str(key), share.epoch_began) for key, share in facts[4].shares.items()] == [
        (f"{NUMBER}/4@2022-09-30#vp", DAY)
    ]
    events = office.events()
    assert office.revise(THIRD, NEW, MOVED).changes.is_nothing
    assert office.events() == events


def test_the_past_is_as_it_was_and_the_first_words_stay(office: Department) -> None:
    with read(office.engine) as session:
        plan = tasks.plan_or_refuse(session, office.id, NUMBER)
        before = tasks.facts_as_of(session, plan, date(2022, 6, 30))
    office.revise(MOVED, THIRD, NEW)
    with read(office.engine) as session:
        plan = tasks.plan_or_refuse(session, office.id, NUMBER)
        assert tasks.facts_as_of(session, plan, date(2022, 6, 30)) == before
        kept = tasks.task_or_refuse(session, office.id, f"{NUMBER}/1")
        *_, last = journal.history(session, kept)
    assert (kept.deadline_text, kept.product) == ("Trước ngày 15/11/2022", "Kế hoạch")
    assert (kept.current_product, last.kind, last.document) == ("Kế hoạch được duyệt", "revise", PAPER)
    assert last.payload["words"] == {"product": "Kế hoạch được duyệt", "deadline": "Trước 15/12/2022"}


def test_dropped_rows_never_come_back_under_their_number(office: Department) -> None:
    office.revise(FIRST, THIRD)
    done = office.revise(FIRST, THIRD, NEW, on=date(2022, 8, 1))
    assert done.rows == {3: f"{NUMBER}/4"}
    again = office.revise(FIRST, SECOND, THIRD, NEW, on=date(2022, 9, 1))
    assert again.changes.is_nothing
    assert [match.known for match in again.changes.closed] == [2]


def test_a_word_put_right_stays_when_the_row_is_altered_elsewhere(office: Department) -> None:
    with write(office.engine) as session:
        task = tasks.task_or_refuse(session, office.id, f"{NUMBER}/1")
        journal.record(
            session, task, Correct(field="text", value="Ban hành Kế hoạch CCHC"), by="lan", at=at(DAY), on=DAY
        )
    office.revise(MOVED, SECOND, THIRD)
    assert office.facts()[1].text == "Ban hành Kế hoạch CCHC"


def test_a_doubtful_date_of_a_task_at_work_is_asked_and_then_moves(office: Department) -> None:
    done = office.revise(
        replace(FIRST, deadline=read_deadline("Quý V", year=2022), problems=(READ.tasks[2].problems)),
        SECOND,
        THIRD,
    )
    assert [row for row, _ in done.doubts] == [1]
    assert {share.due for share in office.facts()[1].shares.values()} == {date(2022, 11, 15)}
    with write(office.engine) as session:
        plan = tasks.plan_or_refuse(session, office.id, NUMBER)
        assert [asked.row for asked in tasks.questions_of(session, plan)] == [1, 3, 3]
        left = settle(
            session, plan, 1, Answer(deadline="Quý IV/2022"), calendar=CALENDAR, by="lan", at=at(DAY)
        )
        assert left == ()
        assert {asked.row for asked in tasks.questions_of(session, plan)} == {3}
    assert {share.due for share in office.facts()[1].shares.values()} == {date(2022, 12, 31)}


def test_a_clear_row_answers_the_question_it_was_imported_with(office: Department) -> None:
    clear = replace(
        THIRD,
        deadline=read_deadline("Quý IV/2022", year=2022),
        lead=UnitsWritten(text="Văn phòng Sở", units=("Văn phòng Sở",)),
        problems=(),
    )
    done = office.revise(FIRST, SECOND, clear)
    facts = office.facts()[3]
    assert (facts.active, [str(key) for key in facts.shares]) == (True, [f"{NUMBER}/3@2022-12-31#vp"])
    assert done.opened.shares == 1


def test_new_rows_owe_nothing_for_the_time_before_and_what_is_past_has_no_ladder(office: Department) -> None:
    past = row(4, "Kiểm tra việc niêm yết thủ tục tại các chợ", "Trước 01/6/2022")
    steady = row(5, "Duy trì trang thông tin điện tử của Sở", "Thường xuyên")
    office.revise(FIRST, SECOND, THIRD, past, steady)
    facts = office.facts()
    assert [share.before_tracking for share in facts[4].shares.values()] == [True]
    assert [occurrence.key for occurrence in facts[5].planned] == ["2022-09-14", "2022-12-14"]
    assert [key.occurrence for key in facts[5].shares] == ["2022-09-14"]


def test_a_plan_not_started_is_revised_without_opening(engine: Engine) -> None:
    with write(engine) as session:
        plan = import_cast(session, office := set_up(session))
        intake = take_in(replace(READ, tasks=(replace(MOVED, row=1),)), DIRECTORY, SETTINGS, CALENDAR)
        done = revise(session, plan, intake, document=PAPER, by="lan", at=at(DAY))
        facts = tasks.facts_of_plan(session, plan)
    assert office
    assert (done.opened.shares, [o.key for o in facts[0].planned]) == (0, ["2022-12-15"])


def test_a_plan_that_has_ended_is_not_revised(office: Department) -> None:
    with write(office.engine) as session:
        tasks.end(session, tasks.plan_or_refuse(session, office.id, NUMBER), on=DAY, by="lan", at=at(DAY))
    with pytest.raises(Refused, match="plan_has_ended"):
        office.revise(MOVED)


# Next year's draft, and directives


def drafted_plan(office: Department) -> tuple[PlanRow, PlanRead]:
    end = date(2022, 12, 20)
    with write(office.engine) as session:
        plan = tasks.plan_or_refuse(session, office.id, NUMBER)
        rows = drafted(session, plan, year=2023, as_of=end)
        draft = roll(
            session, plan, rows, number="9/KH-SCT", year=2023, issued=end, label="bản nháp",
            calendar=CALENDAR, by="lan", at=at(end),
        )  # fmt: skip
        assert compared(session, draft, rows).is_nothing
    return draft, replace(READ, tasks=rows)


def test_a_draft_waits_for_review_row_by_row(office: Department) -> None:
    draft, found = drafted_plan(office)
    assert (draft.state, draft.label, draft.year) == ("imported", "bản nháp", 2023)
    assert [task.deadline.text for task in found.tasks] == [
        "Trước ngày 15/11/2023",
        "Thường xuyên; khi có hướng dẫn",
        "Quý 5",
    ]
    with write(office.engine) as session:
        plan = tasks.plan_or_refuse(session, office.id, "9/KH-SCT")
        assert {a.row for a in tasks.questions_of(session, plan) if a.problem.code == "rolled_review"} == {
            1,
            2,
            3,
        }
        accepted = Answer(accept_proposal=True)
        assert settle(session, plan, 2, accepted, calendar=CALENDAR, by="lan", at=at(DAY)) == ()
        left = settle(session, plan, 1, Answer(deadline="Quý I"), calendar=CALENDAR, by="lan", at=at(DAY))
        facts = tasks.facts_of_plan(session, plan)
    assert left == ()
    assert [task.active for task in facts] == [True, True, False]
    assert [o.key for o in facts[0].planned] == ["2023-03-31"]


def test_a_draft_needs_a_later_year_and_a_number_of_its_own(office: Department) -> None:
    with write(office.engine) as session:
        plan = tasks.plan_or_refuse(session, office.id, NUMBER)
        with pytest.raises(Refused, match="roll_year"):
            drafted(session, plan, year=2022, as_of=DAY)
        rows = drafted(session, plan, year=2023, as_of=DAY)
        with pytest.raises(PlanExists):
            roll(
                session, plan, rows, number=NUMBER, year=2023, issued=DAY, label="",
                calendar=CALENDAR, by="lan", at=at(DAY),
            )  # fmt: skip


def test_a_directive_hands_out_its_tasks_in_a_plan_of_its_own(office: Department) -> None:
    paper = Document(number="45/UBND-KT", issued=DAY)
    one = tasks.NewTask(text="Báo cáo tình hình xăng dầu", deadline="Trước 15/7/2022", owners=("Phòng QLTM",))
    two = replace(one, text="Kiểm tra cây xăng", deadline="Quý V")
    with write(office.engine) as session:
        desk = Desk(session=session, organisation_id=office.id, calendar=CALENDAR, at=at(DAY), by="lan")
        done = hand_out(desk, [(2, one)], document=paper, label="văn bản giao việc")
        plan = tasks.plan_or_refuse(session, office.id, "45/UBND-KT")
        assert (plan.state, plan.activated_on, plan.label) == ("active", DAY, "văn bản giao việc")
        assert tasks.facts_as_of(session, plan, DAY) == tasks.facts_of_plan(session, plan)
        more = hand_out(desk, [(2, replace(one, text="Việc khác"))], document=paper, label="")
        with pytest.raises(LineRefused, match="line 3") as refused:
            hand_out(desk, [(2, one), (3, two)], document=paper, label="")
    assert (done.tasks, done.opened.shares, more.tasks) == (("45/UBND-KT/1",), 1, ("45/UBND-KT/2",))
    assert refused.value.why.code == "answer_deadline_unclear"
