"""Revising a plan: its amended document read, compared with what is tracked, and put into force. Silent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path

from flows.import_plan import meet_directory, read_document
from flows.office import OpenOffice
from storage import tasks
from storage.engine import read, write
from storage.revising import Revised, compared, known_rows, revise
from tasks_catalog.changes import Changes, Words, words_of
from tasks_catalog.facts import Document
from tasks_catalog.intake import Intake
from tasks_catalog.problem import Problem

HOUR = time(9)


@dataclass(frozen=True, kw_only=True)
class Difference:
    """A plan beside its amended document: the words of both sides, by row, and what changes."""

    number: str
    changes: Changes
    known: Mapping[int, Words]
    intake: Intake
    partial: bool = False

    @property
    def read(self) -> Mapping[int, Words]:
        return {task.row: words_of(task) for task in self.intake.read.tasks}

    @property
    def problems(self) -> tuple[tuple[int, Problem], ...]:
        """The doubts of the rows that would be altered or new, by row of the document."""
        rows = [*(match.read for match in self.changes.altered), *self.changes.new]
        return tuple((row, problem) for row in sorted(rows) for problem in self.intake.problems[row])


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
        return Difference(
            number=plan.number,
            changes=compared(session, plan, intake.read.tasks, same=same, partial=partial),
            known={known.words.row: known.words for known in known_rows(session, plan)},
            intake=intake,
            partial=partial,
        )


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
