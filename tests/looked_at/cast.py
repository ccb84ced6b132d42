"""The department with its own plan of 2022, 57 rows of Word, in the first quarter of that year.

The plan's number and day of issue are assumed. On the morning of 28/02 row 54 (due in January) is old
enough for the director, and the sheets of the first quarter are ten working days off. On 02/03 the office
(VP) reports row 54 as the first of the plan's units; on 15/03, the day after the cut-off, everything
of the quarter that was not reported is late.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import Engine

from flows.activate import activate_plan
from flows.import_plan import import_plan
from tasks_catalog.task import PlanSettings
from tests.flows.cast import Department, open_department

NUMBER = "57/KH-SCT"
ISSUED, STARTED = date(2022, 1, 14), date(2022, 1, 17)
FEBRUARY_28, MARCH_15 = date(2022, 2, 28), date(2022, 3, 15)
PLAN = Path(__file__).parents[1] / "data" / "plans" / "cchc-2022.docx"
SENTENCE = (
    "Đến nay, Sở Công Thương đã hoàn thành 01/57 nhiệm vụ theo "
    "Kế hoạch cải cách hành chính số 57/KH-SCT (số giả định)."
)


def department_of_2022(engine: Engine, home: Path, *, mail: Mapping[str, object] | None = None) -> Department:
    """Import the plan and start tracking it, without letters of welcome."""
    department = open_department(engine, home, mail=mail)
    imported = import_plan(
        department.office,
        PLAN,
        number=NUMBER,
        issued=ISSUED,
        settings=PlanSettings(year=2022),
        by="truc",
        label="số giả định",
        as_of=ISSUED,
    )
    assert imported.tasks == 57
    activate_plan(department.office, NUMBER, by="truc", as_of=STARTED, welcome=False)
    return department


def report_row_54(department: Department) -> None:
    for day, unit in ((2, "VP"), (3, "TT"), (4, "KHTCTH")):
        with department.desk(date(2022, 3, day), "officer") as desk:
            desk.report(f"{NUMBER}/54", unit)


def clock(department: Department) -> datetime:
    """Return the moment at which the board is looked at: nine o'clock on 15 March."""
    return datetime(2022, 3, 15, 9, tzinfo=department.office.settings.timezone)
