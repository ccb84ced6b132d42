"""One unit's work, on both databases: what is due when, what is asked, which sheets, whose it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import Engine, select

from storage import tasks, unit_work
from storage.desk import Desk
from storage.engine import read, write
from storage.organisations import create_organisation
from storage.plan_import import import_plan
from storage.schema import ShareRow
from storage.sheets import LineReport, report_sheet
from storage.starting import open_plan
from storage.unit_work import NOBODY, OfficerLoad, Whose, Work
from tasks_catalog.facts import ClosingKind, Document, Evidence
from tasks_catalog.intake import take_in
from tasks_catalog.problem import Refused
from tasks_catalog.task import PlanHead, PlanRead, RowCount, UnitsWritten
from tests.board.cast import CALENDAR, DIRECTORY, NUMBER, SETTINGS, a_task, at

STARTED, TODAY = date(2022, 1, 20), date(2022, 10, 18)
PAPER = Document(number="12/TTr-TT", issued=date(2022, 10, 3))
TASKS = (
    a_task(1, "Rà soát văn bản", "Thanh tra Sở", "30/9/2022"),
    a_task(2, "Kiểm tra", "Thanh tra Sở", "25/10/2022"),
    a_task(3, "Công khai", "Thanh tra Sở", "Thường xuyên"),
    a_task(4, "Cập nhật", "Thanh tra Sở", "Thường xuyên"),
    a_task(5, "Tổng kết", "Thanh tra Sở", "15/12/2022"),
    a_task(6, "Của đơn vị khác", "Văn phòng Sở", "30/9/2022"),
    replace(
        a_task(7, "Phối hợp", "Văn phòng Sở", "25/10/2022"),
        cooperating=UnitsWritten(text="Thanh tra Sở", units=("Thanh tra Sở",)),
    ),
)


@pytest.fixture
def office(engine: Engine) -> int:
    plan_read = PlanRead(head=PlanHead(title="Kế hoạch"), tasks=TASKS, rows=RowCount())
    taken = take_in(plan_read, DIRECTORY, SETTINGS, CALENDAR)
    with write(engine) as session:
        found = create_organisation(session, DIRECTORY, simulated=True, at=at(STARTED))
        plan = import_plan(
            session,
            found.id,
            plan_read,
            number=NUMBER,
            issued=STARTED,
            settings=SETTINGS,
            owners=taken.owners,
            planned=taken.planned,
            problems=taken.problems,
            by="truc",
            at=at(STARTED),
        )
        tasks.activate(session, plan, on=STARTED, by="truc", at=at(STARTED))
        for day in (STARTED, date(2022, 6, 20)):
            open_plan(session, plan, directory=DIRECTORY, at=at(day), on=day)
        return found.id


def at_desk(session, office: int, **more: object) -> Desk:  # type: ignore[no-untyped-def]
    told: dict[str, object] = {"by": "gu", "at": at(date(2022, 10, 4)), "calendar": CALENDAR} | more
    return Desk(session=session, organisation_id=office, **told)  # type: ignore[arg-type]


def whose(office: int, **more: str) -> Whose:
    return Whose(organisation_id=office, unit="TT", **more)


def rows(found: tuple[Work, ...]) -> list[int]:
    return [work.task.row for work in found]


def test_a_units_shares_by_when_they_are_due(engine: Engine, office: int) -> None:
    with read(engine) as session:
        mine, soon = whose(office), date(2022, 11, 1)
        late = unit_work.due_between(session, mine, after=None, until=TODAY, most=9)
        due = unit_work.due_between(session, mine, after=TODAY, until=soon, most=9)
        coming = unit_work.due_between(session, mine, after=soon, until=None, most=9)
        assert [rows(found) for found in (late, due, coming)] == [[1], [2], [5]]
        assert rows(unit_work.due_between(session, mine, after=None, until=None, most=2)) == [1, 2]
        assert rows(unit_work.helped_with(session, mine, after=TODAY, most=9)) == [7]
        assert unit_work.helped_with(session, mine, after=date(2022, 10, 25), most=9) == ()


def test_what_waits_or_asks_stands_apart_and_what_is_done_comes_last_first(
    engine: Engine, office: int
) -> None:
    with write(engine) as session:
        at_desk(session, office, document=PAPER).wait(f"{NUMBER}/1", "TT")
        at_desk(session, office, note="Chờ").ask_extension(f"{NUMBER}/2", "TT", to=date(2022, 11, 30))
        at_desk(session, office, note="Xong").report(f"{NUMBER}/5", "TT")
    with read(engine) as session:
        mine = whose(office)
        assert rows(unit_work.asked(session, mine, most=9)) == [1, 2]
        assert unit_work.due_between(session, mine, after=None, until=None, most=9) == ()
        assert rows(unit_work.done_since(session, mine, date(2022, 10, 4), most=9)) == [5]
        assert unit_work.done_since(session, mine, date(2022, 10, 5), most=9) == ()


def test_a_member_sees_his_own_and_nobodys_and_a_head_chooses(engine: Engine, office: int) -> None:
    with write(engine) as session:
        for row, officer in ((1, "gu"), (2, "dau")):
            at_desk(session, office).reassign(
                f"{NUMBER}/{row}", from_unit="TT", to_unit="TT", officer=officer
            )
    with read(engine) as session:
        found = {
            who: rows(unit_work.due_between(session, one, after=None, until=None, most=9))
            for who, one in {
                "gu": whose(office, member="gu"),
                "dau alone": whose(office, officer="dau"),
                "nobody's": whose(office, officer=NOBODY),
                "all": whose(office),
            }.items()
        }
        assert found == {"gu": [1, 5], "dau alone": [2], "nobody's": [5], "all": [1, 2, 5]}
        sheets = unit_work.open_sheets(session, whose(office), most=9)
        open_lines = sum(sheet.open for sheet in sheets)
        late = sum(sheet.open for sheet in sheets if sheet.lapses < TODAY)
        assert unit_work.loads(session, whose(office), TODAY) == (
            OfficerLoad(officer=None, open=1 + open_lines, late=late),
            OfficerLoad(officer="dau", open=1, late=0),
            OfficerLoad(officer="gu", open=1, late=1),
        )


def test_a_closed_task_and_another_units_share_are_not_found(engine: Engine, office: int) -> None:
    with write(engine) as session:
        at_desk(session, office, document=PAPER).close(f"{NUMBER}/1", ClosingKind.SUSPENDED)
    with read(engine) as session:
        assert rows(unit_work.due_between(session, whose(office), after=None, until=None, most=9)) == [2, 5]
        ids = dict(session.execute(select(ShareRow.id, ShareRow.unit)).tuples().all())
        for share, unit in ids.items():
            assert (unit_work.find_work(session, whose(office), share) is not None) == (unit == "TT")


def test_a_sheet_is_sent_in_one_go_or_not_at_all_and_remembers_the_time_before(
    engine: Engine, office: int
) -> None:
    with write(engine) as session:
        plan = tasks.plan_or_refuse(session, office, NUMBER)
        proof = Evidence(text="7/BC-TT")
        for row in (3, 4):
            at_desk(session, office, note="Kỳ sáu tháng").report(
                f"{NUMBER}/{row}", "TT", occurrence="2022-06-14", evidence=[proof]
            )
        lines = unit_work.sheet_of(session, whose(office), plan, "2022-Q3")
        assert [(line.task.row, line.before and line.before.note) for line in lines] == [
            (3, "Kỳ sáu tháng"),
            (4, "Kỳ sáu tháng"),
        ]
        desk = at_desk(session, office, via="qua liên kết")
        with pytest.raises(Refused, match="targets_none"):
            report_sheet(
                desk, plan, [LineReport(line=lines[0]), LineReport(line=lines[1], figures=("1=97",))]
            )
        assert all(line.share.is_live for line in unit_work.sheet_of(session, whose(office), plan, "2022-Q3"))
        said = [LineReport(line=line, note="Đã làm") for line in lines]
        assert report_sheet(desk, plan, said, evidence=(proof,)) == 2
    with read(engine) as session:
        plan = tasks.plan_or_refuse(session, office, NUMBER)
        after = unit_work.sheet_of(session, whose(office), plan, "2022-Q3")
        assert [line.share.report and line.share.report.note for line in after] == ["Đã làm", "Đã làm"]
        assert "2022-Q3" not in [s.period for s in unit_work.open_sheets(session, whose(office), most=9)]
        assert tasks.facts_as_of(session, plan, TODAY) == tasks.facts_of_plan(session, plan)
