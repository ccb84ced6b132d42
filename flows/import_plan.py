"""Importing a plan: read, met with the directory, kept. Silent: no mail goes out by importing."""

from __future__ import annotations

from datetime import date, datetime, time
from pathlib import Path

from flows.office import OpenOffice
from flows.steps import Run, named, plainly
from storage import tasks
from storage.engine import read, write
from storage.importing import Head, Imported, imported_of, keep_plan, year_of
from storage.people import load_directory
from tasks_catalog.documents import read_plan
from tasks_catalog.intake import Intake, take_in
from tasks_catalog.task import PlanRead, PlanSettings
from tasks_catalog.text import clean

__all__ = ["Imported", "import_plan", "rehearsed", "year_of"]

HOUR = time(9)


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
    return imported_of(intake, number, issued)


def rehearsed(
    office: OpenOffice, path: Path, *, number: str, issued: date, settings: PlanSettings
) -> Imported:
    """Return what an import would do; nothing is kept. Raises what ``import_plan`` raises."""
    intake = meet_directory(office, read_document(path, settings.year), settings)
    with read(office.engine) as session:
        tasks.refuse_known(session, office.organisation_id, number)
    return imported_of(intake, clean(number), issued)


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
    with write(office.engine) as session:
        keep_plan(session, office.organisation_id, intake, head, by=by, at=at)
