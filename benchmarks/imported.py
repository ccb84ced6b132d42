"""Does the loader leave what the program itself would have written? One workload both ways, compared."""

from __future__ import annotations

import csv
from datetime import datetime, time
from pathlib import Path

from benchmarks.loader import load
from benchmarks.workload import (
    COORDINATOR,
    DAY,
    ISSUED,
    LADDER,
    STARTED,
    YEAR,
    Workload,
    directory_of,
    plans_of,
    unit_name,
)
from flows.activate import activate_plan
from flows.import_plan import import_plan
from flows.office import open_office
from storage import tasks
from storage.engine import migrate, open_engine, read, write
from storage.organisations import create_organisation
from storage.people import load_directory
from storage.settings import load_settings


def loads_as_imported(folder: Path, workload: Workload) -> bool:
    """Say whether the loader leaves what importing and activating the same plans leaves.

    Compared are the directory and, of every plan, its ladder and its facts: as they stand, and as
    replaying the journal gives them.
    """
    load(folder / "loaded", workload)
    _import(folder / "imported", workload)
    return _known(folder / "loaded") == _known(folder / "imported")


def _import(home: Path, workload: Workload) -> None:
    home.mkdir(parents=True)
    engine = open_engine(load_settings(home).database_url)
    migrate(engine)
    at = datetime.combine(STARTED, time(9), load_settings(home).timezone)
    with write(engine) as session:
        create_organisation(session, directory_of(workload), simulated=True, at=at)
    engine.dispose()
    with open_office(home) as office:
        for number, written in plans_of(workload):
            path = home / "plan.csv"
            with path.open("w", encoding="utf-8", newline="") as file:
                lines = csv.writer(file)
                lines.writerow(("task", "product", "lead", "deadline"))
                lines.writerows((t.text, t.product, unit_name(t.person), t.deadline) for t in written)
            import_plan(
                office, path, number=number, issued=ISSUED, settings=YEAR, by=COORDINATOR.code, as_of=STARTED
            )
            activate_plan(office, number, by=COORDINATOR.code, as_of=STARTED, welcome=False)
            with write(office.engine) as session:
                plan = tasks.plan_or_refuse(session, office.organisation_id, number)
                tasks.save_ladder(session, plan, LADDER, since=STARTED, by=COORDINATOR.code, at=at)


def _known(home: Path) -> tuple[object, ...]:
    with open_office(home) as office, read(office.engine) as session:
        plans = tasks.list_plans(session, office.organisation_id, active_only=True)
        return (
            load_directory(session, office.organisation_id),
            *(tasks.ladders_of(session, plan) for plan in plans),
            *(tasks.facts_of_plan(session, plan) for plan in plans),
            *(tasks.facts_as_of(session, plan, DAY) for plan in plans),
        )
