"""Importing: a document as read becomes a plan of the record, with the answers given before.

Below the flows and the board, so that the command line and the browser keep a plan in one way. Silent:
nothing is opened and nobody is written to by importing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage import tasks
from storage.office_journal import Made
from storage.people import load_directory, save_directory
from storage.plan_import import number_key
from storage.schema import Organisation, PlanRow
from storage.settling import settle_name
from storage.starting import settle
from tasks_catalog.calendar import WorkCalendar
from tasks_catalog.documents import read_plan
from tasks_catalog.documents.refusals import YearUnknown
from tasks_catalog.drafting import Draft, NameAnswer, review_of
from tasks_catalog.intake import Intake
from tasks_catalog.problem import Problem, Refused, Weight
from tasks_catalog.settling import AnswerRefused
from tasks_catalog.task import PlanRead, PlanSettings
from tasks_catalog.text import clean


@dataclass(frozen=True, kw_only=True)
class Head:
    """What the person who imports says of the plan; the document itself may not."""

    number: str
    issued: date
    settings: PlanSettings
    title: str = ""
    """Replaces the title read from the document; a table alone has none."""
    label: str = ""


@dataclass(frozen=True, kw_only=True)
class Imported:
    """What an import did: the counts a coordinator checks against the document."""

    number: str
    issued: date
    rows: int
    tasks: int
    questions: tuple[tuple[int, Problem], ...]
    """Row and problem of every question that keeps a row from starting."""
    notes: tuple[tuple[int, Problem], ...]
    of_plan: tuple[tuple[None, Problem], ...] = ()
    """Doubts about the document as a whole."""
    printed_number: str | None = None
    """The number the document itself bears, where it bears one."""

    @property
    def agrees(self) -> bool:
        """Whether the number given is the one printed."""
        return self.printed_number is None or number_key(self.printed_number) == number_key(self.number)


def imported_of(intake: Intake, number: str, issued: date) -> Imported:
    """Return what importing the intake comes to."""
    found = intake.read
    doubts = [(row, problem) for row, problems in intake.problems.items() for problem in problems]
    return Imported(
        number=number,
        issued=issued,
        rows=found.rows.total,
        tasks=len(found.tasks),
        questions=tuple(doubt for doubt in doubts if doubt[1].weight is Weight.QUESTION),
        notes=tuple(doubt for doubt in doubts if doubt[1].weight is Weight.NOTE),
        of_plan=tuple((None, problem) for problem in found.problems),
        printed_number=found.head.number,
    )


def year_of(path: Path, issued: date) -> int:
    """Return the year the document's head names, else that of its issue: a plan of 2022 may be of 12/2021."""
    try:
        found = read_plan(path)
    except YearUnknown:
        return issued.year
    assumed = any(problem.code == "year_assumed" for problem in found.problems)
    return issued.year if assumed or found.head.year is None else found.head.year


def keep_plan(
    session: Session, organisation_id: int, intake: Intake, head: Head, *, by: str, at: datetime
) -> PlanRow:
    """Keep a plan as read. Raises PlanExists."""
    found = intake.read
    if head.title:
        found = replace(found, head=replace(found.head, title=clean(head.title)))
    return tasks.import_plan(
        session,
        organisation_id,
        found,
        number=head.number,
        issued=head.issued,
        settings=head.settings,
        owners=intake.owners,
        planned=intake.planned,
        problems=intake.problems,
        by=by,
        at=at,
        label=head.label,
    )


def import_draft(
    session: Session,
    organisation_id: int,
    read: PlanRead,
    draft: Draft,
    calendar: WorkCalendar,
    *,
    by: str,
    at: datetime,
) -> PlanRow:
    """Keep a draft as a plan in the caller's transaction: its new units, its rows, its answers.

    The record is what ``units import``, ``plan import`` and ``plan settle`` would have made of it. Raises
    Refused: import_head_needed, PlanExists, and the first answer's that no longer fits.
    """
    if not draft.is_ready or draft.issued is None:
        raise Refused("import_head_needed")
    # Of two who import at once the second waits here, and is told that the plan is there.
    session.execute(select(Organisation.id).where(Organisation.id == organisation_id).with_for_update())
    tasks.refuse_known(session, organisation_id, draft.number)
    review = review_of(read, draft, load_directory(session, organisation_id), calendar)
    for fault in review.faults():
        raise fault
    if draft.units or draft.groups:
        made = Made(by=by, at=at, note=draft.number)
        save_directory(session, organisation_id, review.directory, made=made)
    head = Head(
        number=draft.number,
        issued=draft.issued,
        settings=review.settings,
        title=draft.title if draft.title != (read.head.title or "") else "",
        label=draft.label,
    )
    plan = keep_plan(session, organisation_id, review.intake, head, by=by, at=at)
    for row, answer in draft.rows.items():
        if row in review.asked:
            settle(session, plan, row, answer, calendar=calendar, by=by, at=at)
    for asked in review.names:
        if asked.answer is not None:
            _settle_name(session, plan, asked.name, asked.answer, by=by, at=at)
    return plan


def _settle_name(
    session: Session, plan: PlanRow, name: str, given: NameAnswer, *, by: str, at: datetime
) -> None:
    """Settle a name on the rows that still ask about it; answers to rows alone may have left none."""
    try:
        settle_name(session, plan, name, given.unit, learn=given.learn, by=by, at=at)
    except AnswerRefused as refused:
        if refused.code != "name_not_asked":
            raise
