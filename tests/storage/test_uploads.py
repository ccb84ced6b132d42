"""Uploads on record: answers of two people both stay, what is decided stays decided, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine

from storage import tasks, uploads
from storage.engine import read, write
from storage.files import FileStore, Handed
from storage.importing import import_draft
from storage.organisations import create_organisation
from tasks_catalog.calendar import vietnam
from tasks_catalog.documents.beside import Beside, read_beside
from tasks_catalog.drafting import Draft, NameAnswer, review_of
from tasks_catalog.people import Unit
from tasks_catalog.problem import Refused
from tasks_catalog.settling import Answer
from tests.storage.cast import DIRECTORY, at

NAME = "ke-hoach.csv"
DATA = """STT,Nhiệm vụ,Sản phẩm,Cơ quan chủ trì,Cơ quan phối hợp,Thời hạn
1,Rà soát,Báo cáo,Phòng lạ,Văn phòng Sở,15/11/2022
2,Kiểm tra,Báo cáo,Phòng lạ; Phòng Quản lý công nghiệp,,Tháng 15/11/2022
3,Tập huấn,Báo cáo,Tổ mới,,Thường xuyên
4,Tổng kết,Báo cáo,Các phòng,,Quý IV/2022
""".encode()
ON = date(2022, 2, 8)
CALENDAR = vietnam(range(2021, 2024))


@pytest.fixture(scope="module")
def found() -> Beside:
    return read_beside(DATA, NAME, issued=ON)


@pytest.fixture
def office(engine: Engine) -> int:
    with write(engine) as session:
        return create_organisation(session, DIRECTORY, simulated=True, at=at(ON)).id


def keep(engine: Engine, office: int, folder: Path, found: Beside) -> int:
    with write(engine) as session:
        row = uploads.keep_upload(
            session,
            office,
            FileStore(folder),
            Handed(name=NAME, data=DATA),
            found,
            Draft(number="12/KH-SCT", issued=ON),
            by="lan",
            at=at(ON),
        )
        return row.id


def test_answers_to_two_rows_both_stay_and_come_back_as_given(
    engine: Engine, office: int, tmp_path: Path, found: Beside
) -> None:
    number = keep(engine, office, tmp_path, found)
    given = Answer(deadline="15/11/2022", owners=("tm",))
    for row in (2, 1):
        with write(engine) as session:
            uploads.answer(session, office, number, lambda draft, row=row: draft.with_row(row, given))
    named = NameAnswer(name="Tổ mới", unit="cn", learn=False)
    with write(engine) as session:
        uploads.answer(session, office, number, lambda draft: draft.with_name("Tổ mới", named))
    with read(engine) as session:
        draft = uploads.draft_of(uploads.upload_or_refuse(session, office, number))
    assert draft == Draft(number="12/KH-SCT", issued=ON, rows={1: given, 2: given}, names=(named,))
    assert list(draft.rows) == [1, 2]


def test_what_was_decided_takes_no_more_answers(
    engine: Engine, office: int, tmp_path: Path, found: Beside
) -> None:
    number = keep(engine, office, tmp_path, found)
    with write(engine) as session:
        row = uploads.open_draft(session, office, number)
        uploads.decide(row, uploads.SET_ASIDE, None, by="lan", at=at(ON))
    with write(engine) as session, pytest.raises(uploads.UploadGone, match="import_over"):
        uploads.answer(session, office, number, lambda draft: draft.with_row(1, None))
    with read(engine) as session, pytest.raises(uploads.UploadGone, match="import_unknown"):
        uploads.upload_or_refuse(session, office + 1, number)


DRAFTS = {
    "no answer": Draft(),
    "a deadline as proposed": Draft(rows={2: Answer(accept_proposal=True)}),
    "units of a row alone": Draft(rows={1: Answer(owners=("vp",), co_owners=("cn", "tm"))}),
    "a deadline and units": Draft(rows={2: Answer(deadline="Quý III/2022", owners=("vp",))}),
    "a name for good": Draft(names=(NameAnswer(name="Phòng lạ", unit="tm"),)),
    "a name here only": Draft(names=(NameAnswer(name="Phòng lạ", unit="all", learn=False),)),
    "two names": Draft(names=(NameAnswer(name="Tổ mới", unit="vp"), NameAnswer(name="Phòng lạ", unit="tm"))),
    "a row, and a name no other row asks": Draft(
        rows={3: Answer(owners=("vp",))}, names=(NameAnswer(name="Tổ mới", unit="cn"),)
    ),
    "a new unit": Draft(units=(Unit(code="tomoi", name="Tổ mới"),)),
    "everything": Draft(
        rows={1: Answer(owners=("cn",)), 2: Answer(accept_proposal=True)},
        names=(NameAnswer(name="Phòng lạ", unit="tm"),),
        units=(Unit(code="tomoi", name="Tổ công tác mới", aliases=("Tổ mới",)),),
    ),
}


@pytest.mark.parametrize("which", DRAFTS)
def test_what_a_review_promises_is_what_the_import_keeps(
    sqlite_engine: Engine, found: Beside, which: str
) -> None:
    draft = replace(DRAFTS[which], number="12/KH-SCT", issued=ON)
    with write(sqlite_engine) as session:
        office = create_organisation(session, DIRECTORY, simulated=True, at=at(ON)).id
        review = review_of(found.read, draft, DIRECTORY, CALENDAR)
        promised = [review.row(row) for row in review.tasks]
        plan = import_draft(session, office, found.read, draft, CALENDAR, by="lan", at=at(ON))
        facts = tasks.facts_of_plan(session, plan)
        open_ = {asked.row for asked in tasks.questions_of(session, plan)}
    assert [task.deadline for task in facts] == [row.deadline for row in promised]
    assert [task.owners for task in facts] == [row.owners for row in promised]
    assert [task.planned for task in facts] == [row.planned for row in promised]
    assert [task.active for task in facts] == [not row.left for row in promised]
    assert open_ == set(review.open_rows)


def test_an_answer_that_no_longer_fits_stops_the_import(sqlite_engine: Engine, found: Beside) -> None:
    draft = Draft(number="12/KH-SCT", issued=ON, names=(NameAnswer(name="Tổ mới", unit="gone"),))
    with write(sqlite_engine) as session:
        office = create_organisation(session, DIRECTORY, simulated=True, at=at(ON)).id
        with pytest.raises(Refused, match="unit_not_known"):
            import_draft(session, office, found.read, draft, CALENDAR, by="lan", at=at(ON))
        assert tasks.list_plans(session, office) == ()
