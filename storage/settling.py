"""One answer for a wording of a unit wherever a plan writes it: each row settled by an event of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from storage import journal, tasks
from storage.office_journal import Made
from storage.people import load_directory, save_directory
from storage.revising import known_rows
from storage.schema import PlanRow
from tasks_catalog.changes import Known
from tasks_catalog.decisions import Revise, Settle
from tasks_catalog.facts import Document, OwnerRef, TaskFacts
from tasks_catalog.intake import owner_refs
from tasks_catalog.naming import with_name
from tasks_catalog.people import Directory, UnitRef
from tasks_catalog.problem import Problem, Weight
from tasks_catalog.resolve import resolve_ownership
from tasks_catalog.revising import decided, is_of_units
from tasks_catalog.settling import AnswerRefused, is_about, joined, names_asked, stands_for_units, unit_meant


@dataclass(frozen=True, kw_only=True)
class NameSettled:
    """What one answer did: the unit or group meant, the rows it settled, those that ask something else."""

    name: str
    meant: str
    rows: tuple[int, ...]
    still_asking: tuple[int, ...] = ()
    """Rows with a further question, settled for this name or not yet."""
    learned: bool = False


def settle_name(
    session: Session,
    plan: PlanRow,
    name: str,
    unit: str,
    *,
    learn: bool = False,
    by: str,
    at: datetime,
    document: Document | None = None,
) -> NameSettled:
    """Answer every open question of the plan about ``name``: it means ``unit`` (a code or known name).

    With ``learn`` the directory keeps the name as another name of the unit. A task at work, which a
    revision asks about, is settled only when all its names are known. Raises AnswerRefused
    (name_not_asked, group_without_members) or Refused (unit_not_known, unit_name_taken).
    """
    directory = load_directory(session, plan.organisation_id)
    ref = unit_meant(unit, directory)
    asked: dict[int, list[Problem]] = {}
    for question in tasks.questions_of(session, plan):
        asked.setdefault(question.row or 0, []).append(question.problem)
    about = {row: found for row, found in asked.items() if any(is_about(p, name) for p in found)}
    if not about:
        known = "; ".join(names_asked(asked.values())) or "-"
        raise AnswerRefused("name_not_asked", name=name, plan=plan.number, names=known)
    clear = with_name(directory, name, ref, for_good=learn)
    if learn:
        made = Made(by=by, at=at, note=plan.number)
        save_directory(session, plan.organisation_id, clear, made=made)
    words = {row.words.row: row for row in known_rows(session, plan)}
    settled, left = [], []
    for row, problems in about.items():
        open_ = [problem for problem in problems if not is_about(problem, name)]
        done = _settle_row(
            session, plan, row, words[row], open_, name, ref, clear, by=by, at=at, document=document
        )
        settled += [row] if done else []
        left += [row] if open_ or not done else []
    return NameSettled(
        name=name, meant=ref.code, rows=tuple(settled), still_asking=tuple(left), learned=learn
    )


def _settle_row(
    session: Session,
    plan: PlanRow,
    row: int,
    known: Known,
    left: list[Problem],
    name: str,
    ref: UnitRef,
    directory: Directory,
    *,
    by: str,
    at: datetime,
    document: Document | None,
) -> bool:
    """Record the answer for one row; False where its words do not say which part the unit has."""
    task = tasks.task_or_refuse(session, plan.organisation_id, f"{plan.number}/{row}")
    facts = tasks.facts_of_task(session, task)
    read = resolve_ownership(known.words.lead, known.words.cooperating, directory)
    if ref not in (*read.owners, *read.co_owners):
        return False
    before = () if facts.opened else tuple(o for o in facts.owners if stands_for_units(o, directory))
    owners = joined(owner_refs(read.owners, read.co_owners), before)
    still_open = tuple(problem.code for problem in left)
    decision: Settle | Revise = Settle(owners=owners, still_open=still_open, names=(name,))
    if facts.opened:
        if any(problem.weight is Weight.QUESTION for problem in read.problems):
            return False
        decision = _for_task_at_work(plan, facts, owners, left, directory, at)
    journal.record(session, task, decision, by=by, at=at, on=at.date(), document=document)
    return True


def _for_task_at_work(
    plan: PlanRow,
    facts: TaskFacts,
    owners: tuple[OwnerRef, ...],
    left: list[Problem],
    directory: Directory,
    at: datetime,
) -> Revise:
    """Return the decision that moves a task's open shares to the units it now names."""
    return decided(
        facts,
        deadline=None,
        planned=(),
        owners=owners,
        still_open=[problem.code for problem in left if not is_of_units(problem.code)],
        directory=directory,
        settings=tasks.settings_of(plan),
        on=at.date(),
    )
