"""Importing a plan: read, met with the directory, kept. Silent: no mail goes out by importing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time
from pathlib import Path

from flows.office import OpenOffice
from flows.steps import Run, named, plainly
from storage import tasks
from storage.engine import read, write
from storage.people import load_directory
from storage.plan_import import number_key
from tasks_catalog.documents import read_plan
from tasks_catalog.documents.refusals import YearUnknown
from tasks_catalog.intake import Intake, take_in
from tasks_catalog.problem import Problem, Weight
from tasks_catalog.task import PlanRead, PlanSettings
from tasks_catalog.text import clean

HOUR = time(9)


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


def import_plan(
    office: OpenOffice,
    path: Path,
    *,
    number: str,
    issued: date,
    settings: PlanSettings,
    by: str,
    title: str = "",
    label: str = "",
    as_of: date | datetime | None = None,
    run: Run = plainly,
) -> Imported:
    """Read a plan's document and keep it.

    Raises a Refused when the document cannot be read or the number exists; nothing is kept then.
    """
    found = run(read_document, path, settings.year)
    intake = run(meet_directory, office, found, settings)
    head = Head(number=number, issued=issued, settings=settings, title=title, label=label)
    run(keep, office, intake, head, by=by, at=office.moment_of(as_of, HOUR))
    return _imported(intake, number, issued)


def year_of(path: Path, issued: date) -> int:
    """Return the year the document's head names, else that of its issue: a plan of 2022 may be of 12/2021."""
    try:
        found = read_plan(path)
    except YearUnknown:
        return issued.year
    assumed = any(problem.code == "year_assumed" for problem in found.problems)
    return issued.year if assumed or found.head.year is None else found.head.year


def rehearsed(
    office: OpenOffice, path: Path, *, number: str, issued: date, settings: PlanSettings
) -> Imported:
    """Return what an import would do; nothing is kept. Raises what ``import_plan`` raises."""
    intake = meet_directory(office, read_document(path, settings.year), settings)
    with read(office.engine) as session:
        tasks.refuse_known(session, office.organisation_id, number)
    return _imported(intake, clean(number), issued)


def _imported(intake: Intake, number: str, issued: date) -> Imported:
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


@named("Đọc văn bản kế hoạch")
def read_document(path: Path, year: int) -> PlanRead:
    return read_plan(path, year=year)


@named("Đối chiếu với danh bạ đơn vị")
def meet_directory(office: OpenOffice, found: PlanRead, settings: PlanSettings) -> Intake:
    with read(office.engine) as session:
        directory = load_directory(session, office.organisation_id)
    return take_in(found, directory, settings, office.calendar)


@named("Lưu kế hoạch")
def keep(office: OpenOffice, intake: Intake, head: Head, *, by: str, at: datetime) -> None:
    found = intake.read
    if head.title:
        found = replace(found, head=replace(found.head, title=clean(head.title)))
    with write(office.engine) as session:
        tasks.import_plan(
            session,
            office.organisation_id,
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
