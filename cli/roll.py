"""``dondoc plan roll``: next year's draft from what goes on of a plan."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from datetime import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.context import moment_of, optional_day, print_json, say, signer, the_office, words
from cli.options import AsOf, By, Json, PlanNumber, both
from cli.plan import plan as plan_commands
from tasks_catalog.problem import Refused

if TYPE_CHECKING:
    from tasks_catalog.task import Task


def register(app: typer.Typer) -> None:
    """Add the command to the group of plans."""
    plan_commands.command(
        "roll",
        help=both(
            "Bản nháp kế hoạch năm sau từ những việc còn tiếp tục", "next year's draft from what goes on"
        ),
    )(roll)


def roll(
    number: PlanNumber,
    to: Annotated[str, typer.Option("--to", help=both("Số của kế hoạch mới", "the new plan's number"))],
    year: Annotated[
        int, typer.Option("--year", min=1990, max=2100, help=both("Năm của kế hoạch mới", "the new year"))
    ],
    issued: Annotated[
        str | None, typer.Option("--issued", help=both("Ngày ban hành, nếu đã biết", "the day it is issued"))
    ] = None,
    write: Annotated[
        Path | None, typer.Option("--write", help=both("Ghi thêm ra tệp .csv để sửa", "write it as .csv too"))
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help=both("Chỉ xem hoặc ghi tệp, không lưu", "keep nothing"))
    ] = False,
    by: By = None,
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    from storage import rolling, tasks
    from storage.engine import rehearse
    from storage.engine import write as writing

    if not to.strip():
        raise Refused("plan_number_needed")
    day = optional_day(issued)
    with the_office() as office:
        moment = office.moment_of(moment_of(as_of), time(9))
        signed = signer(office, by)
        with (rehearse if dry_run else writing)(office.engine) as session:
            plan = tasks.plan_or_refuse(session, office.organisation_id, number)
            rows = rolling.drafted(session, plan, year=year, as_of=moment.date())
            kept = rolling.roll(
                session,
                plan,
                rows,
                number=to,
                year=year,
                issued=day or moment.date(),
                label=words("roll_label", number=plan.number),
                calendar=office.calendar,
                by=signed,
                at=moment,
            )
            known, draft = plan.number, kept.number
            if write is not None:  # before it is kept: a file that cannot be written keeps nothing
                _write(write, rows)
    _say(known, draft, rows, dry_run=dry_run, as_json=json)
    if write is not None and not json:
        say("roll_written", file=write.name, rows=len(rows))


def _write(path: Path, rows: Sequence[Task]) -> None:
    from tasks_catalog.rolling import as_rows

    table: list[Mapping[str, str]] = as_rows(rows)
    try:
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            sheet = csv.DictWriter(file, fieldnames=list(table[0]))
            sheet.writeheader()
            sheet.writerows(table)
    except OSError as fault:
        raise Refused("roll_not_written", file=path.name, why=fault.strerror or "–") from fault


def _say(known: str, draft: str, rows: Sequence[Task], *, dry_run: bool, as_json: bool) -> None:
    from tasks_catalog.rolling import OLD_DEADLINE, SOURCE

    if as_json:
        items = [
            {
                "row": task.row,
                "from": task.extra[SOURCE],
                "task": task.text,
                "deadline": task.deadline.text,
                "before": task.extra[OLD_DEADLINE],
            }
            for task in rows
        ]
        print_json({"from": known, "number": draft, "kept": not dry_run, "tasks": items})
        return
    for task in rows:
        before = task.extra[OLD_DEADLINE] or "–"
        print(
            words("roll_line", row=task.row, text=task.text, before=before, after=task.deadline.text or "–")
        )
    say("roll_would" if dry_run else "roll_done", known=known, number=draft, rows=len(rows))
