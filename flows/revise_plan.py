"""Revising a plan: its amended document read, compared with what is tracked, and put into force. Silent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from pathlib import Path

from flows.import_plan import meet_directory, read_document
from flows.office import OpenOffice
from storage import tasks
from storage.differing import Difference, difference_of
from storage.engine import read, write
from storage.revising import Revised, revise
from tasks_catalog.facts import Document

__all__ = ["Difference", "difference", "put_into_force"]

HOUR = time(9)


def difference(
    office: OpenOffice,
    number: str,
    path: Path,
    *,
    same: Mapping[int, int] | None = None,
    partial: bool = False,
) -> Difference:
    """Return what the document would change; nothing is written.

    ``same`` answers doubts: row of the document -> row of the plan; a ``partial`` document drops nothing.
    Raises a Refused when the document cannot be read or there is no such plan.
    """
    with read(office.engine) as session:
        plan = tasks.plan_or_refuse(session, office.organisation_id, number)
        settings = tasks.settings_of(plan)
    intake = meet_directory(office, read_document(path, settings.year), settings)
    with read(office.engine) as session:
        plan = tasks.plan_or_refuse(session, office.organisation_id, number)
        return difference_of(session, plan, intake, same=same, partial=partial)


def put_into_force(
    office: OpenOffice,
    found: Difference,
    *,
    document: Document,
    by: str,
    same: Mapping[int, int] | None = None,
    note: str = "",
    as_of: date | datetime | None = None,
) -> Revised:
    """Apply what ``difference`` showed, in one transaction; the rows are compared again inside it."""
    moment = office.moment_of(as_of, HOUR)
    with write(office.engine) as session:
        plan = tasks.plan_or_refuse(session, office.organisation_id, found.number)
        return revise(
            session,
            plan,
            found.intake,
            document=document,
            by=by,
            at=moment,
            same=same,
            partial=found.partial,
            note=note,
        )
