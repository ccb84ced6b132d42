"""Promise P9: a plan's tally is the same bytes in whichever order the plans came in and were worked on."""

from __future__ import annotations

import json
from datetime import date
from itertools import permutations
from pathlib import Path

from sqlalchemy import Engine

from flows.activate import activate_plan
from storage import tasks
from storage.engine import read
from storage.reckoning import tally_at
from tasks_catalog.progress import as_json
from tests.faults.ground import copies_of, reopened
from tests.flows.cast import ISSUED, PLAN, Department, open_department

LINES = PLAN.splitlines()
PLANS = {
    "26/KH-SCT": PLAN,
    "27/KH-SCT": "\n".join((LINES[0], *LINES[1:4])),
    "28/KH-SCT": "\n".join((LINES[0], LINES[5])),
}
DAYS = (date(2023, 1, 30), date(2023, 3, 15), date(2023, 12, 31))


def tallies(department: Department) -> dict[tuple[str, date], bytes]:
    organisation = department.office.organisation_id
    with read(department.office.engine) as session:
        return {
            (number, day): json.dumps(as_json(tally_at(session, plan, day)), ensure_ascii=False).encode()
            for number in PLANS
            for plan in (tasks.plan_or_refuse(session, organisation, number),)
            for day in DAYS
        }


def test_the_order_of_import_changes_no_byte_of_a_tally(engine: Engine, tmp_path: Path) -> None:
    open_department(engine, tmp_path)
    found, mail = [], {"kind": "maildir", "folder": str(tmp_path / "mail")}
    with copies_of(engine, tmp_path) as copy:
        for order in permutations(PLANS):
            department = reopened(copy(), tmp_path, mail=mail)
            for number in order:
                department.read_plan(PLANS[number], number=number)
            for number in reversed(order):
                activate_plan(department.office, number, by="truc", as_of=ISSUED)
            with department.desk(date(2023, 2, 1), "officer") as desk:
                desk.report("26/KH-SCT/2", "QLCN")
            found.append(tallies(department))
    assert all(one == found[0] for one in found)
    assert len(set(found[0].values())) > len(PLANS)
