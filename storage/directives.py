"""Directives: tasks handed out by a paper of their own, kept as a plan that bears the paper's number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from storage import tasks
from storage.adding import NewTask, add_task
from storage.desk import Desk
from storage.schema import PlanRow
from storage.starting import Opened, open_plan
from tasks_catalog.facts import Document
from tasks_catalog.problem import Refused
from tasks_catalog.task import PlanHead, PlanRead, PlanSettings, RowCount


class LineRefused(Exception):
    """A line of the file was refused; ``line`` and ``why`` say which, and for what."""

    def __init__(self, line: int, why: Refused) -> None:
        super().__init__(f"line {line}: {why}")
        self.line, self.why = line, why


@dataclass(frozen=True, kw_only=True)
class HandedOut:
    """The directive's plan and its new tasks."""

    number: str
    tasks: tuple[str, ...]
    opened: Opened


def hand_out(
    desk: Desk, lines: Sequence[tuple[int, NewTask]], *, document: Document, label: str
) -> HandedOut:
    """Keep a directive's tasks, each with its line in the file, and open what they owe.

    The plan of the directive's number is made and tracked from today, unless there is one already.
    Raises LineRefused for the first line refused; the caller's transaction keeps nothing then.
    """
    plan = tasks.find_plan(desk.session, desk.organisation_id, document.number) or _made(
        desk, document, label
    )
    found: list[str] = []
    for line, new in lines:
        try:
            facts = add_task(
                desk.session,
                plan,
                new,
                calendar=desk.calendar,
                by=desk.by,
                at=desk.at,
                document=document,
                note=desk.note,
            )
        except Refused as refused:
            raise LineRefused(line, refused) from refused
        found.append(facts.id)
    opened = Opened()
    if plan.state == "active":
        opened = open_plan(
            desk.session, plan, directory=desk.directory, at=desk.at, on=desk.on, newly=frozenset(found)
        )
    return HandedOut(number=plan.number, tasks=tuple(found), opened=opened)


def _made(desk: Desk, document: Document, label: str) -> PlanRow:
    """Make the directive's plan, empty and tracked from today."""
    issued = document.issued or desk.on
    year = desk.on.year
    plan = tasks.import_plan(
        desk.session,
        desk.organisation_id,
        PlanRead(
            head=PlanHead(number=document.number, issued=issued, title=document.title, year=year),
            tasks=(),
            rows=RowCount(),
        ),
        number=document.number,
        issued=issued,
        settings=PlanSettings(year=year),
        owners={},
        planned={},
        problems={},
        by=desk.by,
        at=desk.at,
        label=label,
    )
    tasks.activate(desk.session, plan, on=desk.on, by=desk.by, at=desk.at)
    return plan
