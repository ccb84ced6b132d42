"""Revising a plan: its document read again, met row by row with what is tracked, put into force as one.

The words of the first document stay in their columns; what a revision prints stands in its decisions,
so the latest words of a task are the first ones with every revision's laid over them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage import journal, tasks
from storage.adding import add_row, next_row
from storage.codec import from_json, to_json
from storage.people import load_directory
from storage.plan_import import keep_questions
from storage.schema import Event, PlanRow, TaskRow
from storage.starting import Opened, open_plan
from tasks_catalog.changes import Changes, Known, Matched, Words, compare, words_of
from tasks_catalog.decisions import Close, Decision
from tasks_catalog.facts import ClosingKind, Document
from tasks_catalog.intake import Intake
from tasks_catalog.people import Directory
from tasks_catalog.problem import Problem, Refused
from tasks_catalog.revising import RowRead, revision, still_ahead
from tasks_catalog.task import RowCount, Task

REVISION = "revision"
"""Kind of the plan's event that names the document read; each row's own event is its decision."""
REVISE = "revise"


@dataclass(frozen=True, kw_only=True)
class Revised:
    """What putting a revision into force did."""

    changes: Changes
    rows: Mapping[int, str]
    """Row of the document -> the new task's id."""
    doubts: tuple[tuple[int, Problem], ...] = ()
    """Row of the plan and each doubt the revision raises about it."""
    opened: Opened = field(default_factory=Opened)


@dataclass(frozen=True, kw_only=True)
class _Revising:
    """One revision at work, within one transaction."""

    session: Session
    plan: PlanRow
    intake: Intake
    directory: Directory
    document: Document
    by: str
    at: datetime
    note: str

    def row_of(self, row: int) -> TaskRow:
        name = f"{self.plan.number}/{row}"
        return tasks.task_or_refuse(self.session, self.plan.organisation_id, name)

    def record(self, row: TaskRow, decision: Decision) -> None:
        journal.record(
            self.session,
            row,
            decision,
            by=self.by,
            at=self.at,
            on=self.at.date(),
            document=self.document,
            note=self.note,
        )


def compared(
    session: Session,
    plan: PlanRow,
    read: Iterable[Task],
    *,
    same: Mapping[int, int] | None = None,
    partial: bool = False,
) -> Changes:
    """Return what a document read again changes in the plan; nothing is written.

    ``same`` answers doubts: row of the document -> row of the plan; a ``partial`` document drops nothing.
    """
    return compare(known_rows(session, plan), map(words_of, read), same=same, partial=partial)


def known_rows(session: Session, plan: PlanRow) -> tuple[Known, ...]:
    """Return each task's words as last printed, what was put right in them, and whether it is closed."""
    revised = _latest_words(session, plan)
    return tuple(_known(row, revised.get(row.id, {})) for row in tasks.list_tasks(session, plan))


def _latest_words(session: Session, plan: PlanRow) -> dict[int, dict[str, str]]:
    query = (
        select(Event.task_id, Event.payload)
        .where(Event.plan_id == plan.id, Event.kind == REVISE)
        .order_by(Event.id)
    )
    found: dict[int, dict[str, str]] = {}
    for task, payload in session.execute(query):
        found.setdefault(task, {}).update(payload["words"])
    return found


def _known(row: TaskRow, revised: Mapping[str, str]) -> Known:
    printed = {
        "section": row.section,
        "group": row.group_name,
        "objective": row.objective,
        "text": row.text,
        "product": row.product,
        "lead": row.lead_text,
        "cooperating": row.cooperating_text,
        "deadline": row.deadline_text,
    }
    latest = {name: revised.get(name, words) for name, words in printed.items()}
    current = {
        "text": row.current_text,
        "product": row.current_product,
        "section": row.current_section,
        "group": row.current_group,
    }
    return Known(
        words=from_json(Words, {"row": row.row, "stt": row.stt, **latest}),
        corrected=current,
        closed=row.closing is not None and row.closing["kind"] != ClosingKind.SUSPENDED,
        in_plan=row.place is not None,
    )


def revise(
    session: Session,
    plan: PlanRow,
    intake: Intake,
    *,
    document: Document,
    by: str,
    at: datetime,
    same: Mapping[int, int] | None = None,
    partial: bool = False,
    note: str = "",
) -> Revised:
    """Put a revision into force in the caller's transaction: altered rows, then dropped, then new ones.

    A document that changes nothing writes nothing. Raises Refused (plan_has_ended).
    """
    if plan.state == "ended":
        raise Refused("plan_has_ended", number=plan.number)
    next_row(session, plan)  # locks the plan, so that of two revisions at once the second sees the first
    changes = compared(session, plan, intake.read.tasks, same=same, partial=partial)
    if changes.is_nothing:
        return Revised(changes=changes, rows={})
    at_work = _Revising(
        session=session,
        plan=plan,
        intake=intake,
        directory=load_directory(session, plan.organisation_id),
        document=document,
        by=by,
        at=at,
        note=note,
    )
    _tell(at_work, changes)
    doubts = _alter(at_work, changes.altered)
    for row in changes.dropped:
        at_work.record(at_work.row_of(row), Close(closing=ClosingKind.STOPPED))
    rows = _add(at_work, changes.new)
    added = [(int(name.rpartition("/")[2]), read) for read, name in rows.items()]
    doubts += [(row, problem) for row, read in added for problem in intake.problems[read]]
    return Revised(
        changes=changes, rows=rows, doubts=tuple(doubts), opened=_opened(at_work, changes, rows.values())
    )


def _tell(at_work: _Revising, changes: Changes) -> None:
    """Keep the plan's own line of the journal: which document was read, and what it changed."""
    plan, read = at_work.plan, at_work.intake.read
    payload = {
        "source_name": read.source_name,
        "source_sha256": read.source_sha256,
        "rows": to_json(RowCount, read.rows),
        "changes": to_json(Changes, changes),
    }
    event = Event(
        organisation_id=plan.organisation_id,
        plan_id=plan.id,
        kind=REVISION,
        payload=payload,
        document=to_json(Document, at_work.document),
        note=at_work.note,
        by=at_work.by,
        at=at_work.at,
        on=at_work.at.date(),
    )
    at_work.session.add(event)
    at_work.session.flush()


def _alter(at_work: _Revising, altered: Iterable[Matched]) -> list[tuple[int, Problem]]:
    """Record what changes in each row; return the doubts that raises."""
    session, plan, intake = at_work.session, at_work.plan, at_work.intake
    settings, deadlines = tasks.settings_of(plan), {task.row: task.deadline for task in intake.read.tasks}
    asked = tasks.questions_of(session, plan)
    found: list[tuple[int, Problem]] = []
    for match in altered:
        row = at_work.row_of(match.known)
        decision, doubts = revision(
            tasks.facts_of_task(session, row),
            match.fields,
            RowRead(
                deadline=deadlines[match.read],
                planned=intake.planned[match.read],
                owners=intake.owners[match.read],
                problems=intake.problems[match.read],
            ),
            asked=[question.problem.code for question in asked if question.row == match.known],
            directory=at_work.directory,
            settings=settings,
            on=at_work.at.date(),
        )
        at_work.record(row, decision)
        keep_questions(session, plan, ((row.id, doubt) for doubt in doubts))
        found += [(match.known, doubt) for doubt in doubts]
    return found


def _add(at_work: _Revising, new: Iterable[int]) -> dict[int, str]:
    """Keep the new rows under the next numbers, in the document's order; return their ids."""
    read = {task.row: task for task in at_work.intake.read.tasks}
    intake, on = at_work.intake, at_work.at.date()
    started = at_work.plan.state == "active"
    found: dict[int, str] = {}
    for row in new:
        planned = intake.planned[row]
        facts = add_row(
            at_work.session,
            at_work.plan,
            replace(read[row], row=next_row(at_work.session, at_work.plan)),
            owners=intake.owners[row],
            planned=still_ahead(planned, on) if started else planned,
            problems=intake.problems[row],
            by=at_work.by,
            at=at_work.at,
            document=at_work.document,
            note=at_work.note,
        )
        found[row] = facts.id
    return found


def _opened(at_work: _Revising, changes: Changes, added: Iterable[str]) -> Opened:
    """Open what the revision makes due from its day on, where the plan is tracked."""
    plan = at_work.plan
    if plan.state != "active":
        return Opened()
    altered = (f"{plan.number}/{match.known}" for match in changes.altered)
    return open_plan(
        at_work.session,
        plan,
        directory=at_work.directory,
        at=at_work.at,
        on=at_work.at.date(),
        newly=frozenset((*altered, *added)),
    )
