"""An is away over Tết and Bình stands in: who hears what, and that every line is heard once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine

from storage import tasks
from storage.engine import read
from storage.people import load_directory
from tasks_catalog.ladder import Office, next_step
from tasks_catalog.people import Directory, Person
from tests.flows.cast import ISSUED, NUMBER, PLAN, Department, example_directory, moment, open_department

MARKETS = "\n".join(PLAN.splitlines()[:2]).replace("Thanh tra Sở", "")
"""Trade owes its rules for markets by 27/01/2023. An answers for trade, Sao is the head."""
TASK = f"{NUMBER}/1"
AWAY, BACK = date(2023, 1, 16), date(2023, 2, 1)
"""From a Monday before Tết (20/01 to 26/01) until the Tuesday after it; the Wednesday An is back."""
LAST = date(2023, 1, 31)


def with_an_and_binh() -> Directory:
    """Return the department of the example, with An as trade's focal point and Bình beside her."""
    office = example_directory()
    huong = office.person("huong")
    assert huong is not None
    an = replace(huong, code="an", name="Nguyễn Thị An", email="an@example.vn")
    binh = Person(
        code="binh", name="Trần Văn Bình", email="binh@example.vn", unit="QLTM", title="Chuyên viên"
    )
    others = tuple(person for person in office.people if person.code != "huong")
    return replace(office, people=(*others, an, binh), focal_points={**office.focal_points, "QLTM": "an"})


@pytest.fixture
def department(engine: Engine, tmp_path: Path) -> Department:
    department = open_department(engine, tmp_path, directory=with_an_and_binh())
    department.start(MARKETS)
    return department


def heard(department: Department, first: date, last: date) -> list[tuple[date, str]]:
    found = department.mornings(first, last, rest_days=True)
    return [(day, reader) for day, letters in found.items() for reader in sorted(letters)]


def next_reader(department: Department, after: date) -> tuple[date, str]:
    """Return whom the next rung reaches, as ``dondoc explain`` and the letters say it."""
    with read(department.office.engine) as session:
        directory = load_directory(session, department.office.organisation_id)
        row = tasks.task_or_refuse(session, department.office.organisation_id, TASK)
        facts = tasks.facts_of_task(session, row)
    (share,) = facts.current_shares
    office = Office(directory=directory, calendar=department.office.calendar)
    step = next_step(facts, share, office, after=after)
    assert step is not None
    return step.on, step.person


def test_an_is_away_over_tet_and_every_line_is_heard_once(department: Department) -> None:
    # Ten and five working days ahead An is at her desk, and is reminded.
    assert heard(department, ISSUED, date(2023, 1, 13)) == [
        (date(2023, 1, 6), "an"),
        (date(2023, 1, 13), "an"),
    ]

    # On the Friday she enters her leave. The next step, two working days ahead, names Bình from then on;
    # the one after her return would name her again.
    department.absent("an", AWAY, LAST, "binh", on=moment(date(2023, 1, 13), 16))
    assert next_reader(department, date(2023, 1, 13)) == (date(2023, 1, 18), "binh")

    # While she is away Bình hears what she would have heard, and for whom.
    (letter,) = department.mornings(date(2023, 1, 16), date(2023, 1, 19))[date(2023, 1, 18)].values()
    assert letter.to == "binh"
    assert "Kính gửi: Chuyên viên Trần Văn Bình" in letter.text
    assert (
        "Anh/chị nhận thay Nguyễn Thị An, vắng từ 16/01/2023 đến 31/01/2023, "
        "đầu mối của Phòng Quản lý thương mại, đơn vị chủ trì. "
        "Nếu chưa báo cáo, ngày 27/01/2023 anh/chị sẽ được nhắc lại." in letter.text
    )

    # Tết burns no step. After it Bình hears the due day and the first day late; her head hears his own.
    assert heard(department, date(2023, 1, 20), LAST) == [
        (date(2023, 1, 27), "binh"),
        (date(2023, 1, 27), "sao"),
        (date(2023, 1, 30), "binh"),
        (date(2023, 1, 30), "sao"),
    ]

    # She is back. What Bình heard is not told again; only what comes later is, up the chain.
    assert heard(department, BACK, date(2023, 2, 10)) == [
        (date(2023, 2, 1), "truc"),
        (date(2023, 2, 3), "tung"),
        (date(2023, 2, 10), "bach"),
    ]

    # The ledger holds every step once, for the one whose duty it is; and no audit found anything missing.
    assert [line[:3] for line in department.told(1)] == [
        ("-10", "an", "sent"),
        ("-5", "an", "sent"),
        ("-2", "an", "sent"),
        ("0", "an", "sent"),
        ("0", "sao", "sent"),
        ("+1", "an", "sent"),
        ("+1", "sao", "sent"),
        ("+3", "truc", "sent"),
        ("+5", "tung", "sent"),
        ("+10", "bach", "sent"),
    ]
    assert all(audit.is_clean for audit in department.audits)


def test_binh_falls_ill_too_and_his_own_substitute_takes_over(department: Department) -> None:
    department.mornings(ISSUED, date(2023, 1, 13))
    department.absent("an", AWAY, LAST, "binh", on=moment(date(2023, 1, 13)))
    department.absent("binh", date(2023, 1, 27), LAST, "dau", on=moment(date(2023, 1, 27), 7))
    assert heard(department, AWAY, LAST) == [
        (date(2023, 1, 18), "binh"),
        (date(2023, 1, 27), "dau"),
        (date(2023, 1, 27), "sao"),
        (date(2023, 1, 30), "dau"),
        (date(2023, 1, 30), "sao"),
    ]


def test_an_comes_back_early_and_hears_from_that_day_on(department: Department) -> None:
    department.mornings(ISSUED, date(2023, 1, 13))
    department.absent("an", AWAY, LAST, "binh", on=moment(date(2023, 1, 13)))
    assert heard(department, AWAY, date(2023, 1, 27))[-2:] == [
        (date(2023, 1, 27), "binh"),
        (date(2023, 1, 27), "sao"),
    ]
    department.back("an", on=moment(date(2023, 1, 30), 7))
    assert heard(department, date(2023, 1, 30), LAST) == [
        (date(2023, 1, 30), "an"),
        (date(2023, 1, 30), "sao"),
    ]


def test_without_the_program_over_the_whole_absence_she_gets_one_letter_on_her_return(
    department: Department,
) -> None:
    department.mornings(ISSUED, date(2023, 1, 13))
    department.absent("an", AWAY, LAST, "binh", on=moment(date(2023, 1, 13)))
    found = department.mornings(BACK, date(2023, 2, 2))
    assert sorted(found) == [BACK]
    assert sorted(found[BACK]) == ["an", "sao", "truc"]
    assert found[BACK]["an"].subject.startswith("[CCHC] 1 quá hạn, sớm nhất từ ngày 27/01/2023")
