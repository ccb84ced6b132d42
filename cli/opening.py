"""``dondoc plan opening``: the opening sheet of a plan that was tracked from mid-year."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.context import day_of, moment_of, say, signer, the_office, words
from cli.options import AsOf, By, PlanNumber, both
from cli.plan import plan as plan_commands
from tasks_catalog.problem import Refused

if TYPE_CHECKING:
    from storage.opening import Done

COLUMNS = ("task", "unit", "due", "done_on", "evidence", "text")


def register(app: typer.Typer) -> None:
    """Add the command to the group of plans."""
    plan_commands.command(
        "opening",
        help=both("Phiếu mở đầu: việc đến hạn trước khi theo dõi", "what fell due before tracking"),
    )(opening)


def opening(
    number: PlanNumber,
    write: Annotated[
        Path | None, typer.Option("--write", help=both("Ghi phiếu ra tệp .csv để điền", "write the sheet"))
    ] = None,
    from_file: Annotated[
        Path | None,
        typer.Option("--from", help=both("Nhập phiếu đã điền cột done_on", "take it back, filled in")),
    ] = None,
    by: By = None,
    as_of: AsOf = None,
) -> None:
    from datetime import time

    from storage import tasks
    from storage.engine import write as writing
    from storage.opening import opening_sheet, settle_opening

    with the_office() as office, writing(office.engine) as session:
        plan = tasks.plan_or_refuse(session, office.organisation_id, number)
        if from_file is not None:
            at = office.moment_of(moment_of(as_of), time(9))
            settled = settle_opening(session, plan, _filled(from_file), by=signer(office, by), at=at)
            say("opening_settled", number=plan.number, settled=settled)
        sheet = opening_sheet(session, plan)
    if write is not None:
        rows = [(task.id, share.key.unit, share.key.occurrence, "", "", task.text) for task, share in sheet]
        _write(write, rows)
        say("opening_written", file=write, shares=len(rows))
        return
    for task, share in sheet:
        print(words("opening_line", task=task.id, unit=share.key.unit, due=share.due, text=task.text))
    say("opening_left" if sheet else "opening_empty", number=number, shares=len(sheet))


def _write(path: Path, rows: Iterable[tuple[str, ...]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        sheet = csv.writer(file)
        sheet.writerow(COLUMNS)
        sheet.writerows(rows)


def _filled(path: Path) -> Iterator[Done]:
    """Yield the lines whose ``done_on`` is filled in."""
    from storage.opening import Done
    from tasks_catalog.facts import Evidence
    from tasks_catalog.occurrence import ShareKey

    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as fault:
        raise Refused("report_file_not_text" if path.is_file() else "file_missing", file=path.name) from fault
    sheet = csv.DictReader(text.splitlines())
    if not {"task", "unit", "due", "done_on"} <= set(sheet.fieldnames or ()):
        raise Refused("opening_file_columns", file=path.name, columns=", ".join(COLUMNS))
    for row in sheet:
        if (row["done_on"] or "").strip():
            key = ShareKey(row["task"].strip(), row["due"].strip(), row["unit"].strip())
            proof = (row.get("evidence") or "").strip()
            evidence = (Evidence(text=proof),) if proof else ()
            yield Done(share=key, on=day_of(row["done_on"]), evidence=evidence)
