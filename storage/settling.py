"""One answer for a wording of a unit wherever a plan writes it: each row settled by an event of its own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from storage import journal, tasks
from storage.people import load_directory, save_directory
from storage.revising import known_rows
from storage.schema import PlanRow
from storage.starting import AnswerRefused
from tasks_catalog.changes import Known
from tasks_catalog.decisions import Revise, Settle
from tasks_catalog.facts import Document, OwnerRef, TaskFacts
from tasks_catalog.intake import owner_refs
from tasks_catalog.naming import with_name
from tasks_catalog.occurrence import Role
from tasks_catalog.people import Directory, UnitRef
from tasks_catalog.problem import Problem, Refused, Weight
from tasks_catalog.resolve import GROUP_EMPTY, expand, find_unit, resolve_ownership
from tasks_catalog.revising import decided, is_of_units
from tasks_catalog.unit_names import plain_key

_OF_A_NAME = ("unit_unknown", "unit_ambiguous", GROUP_EMPTY)


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
    ref = _meant(unit, directory)
    asked: dict[int, list[Problem]] = {}
    for question in tasks.questions_of(session, plan):
        asked.setdefault(question.row or 0, []).append(question.problem)
    about = {row: found for row, found in asked.items() if any(_is_about(p, name) for p in found)}
    if not about:
        known = "; ".join(_names_asked(asked.values())) or "-"
        raise AnswerRefused("name_not_asked", name=name, plan=plan.number, names=known)
    clear = with_name(directory, name, ref, for_good=learn)
    if learn:
        save_directory(session, plan.organisation_id, clear)
    words = {row.words.row: row for row in known_rows(session, plan)}
    settled, left = [], []
    for row, problems in about.items():
        open_ = [problem for problem in problems if not _is_about(problem, name)]
        done = _settle_row(
            session, plan, row, words[row], open_, name, ref, clear, by=by, at=at, document=document
        )
        settled += [row] if done else []
        left += [row] if open_ or not done else []
    return NameSettled(
        name=name, meant=ref.code, rows=tuple(settled), still_asking=tuple(left), learned=learn
    )


def _meant(unit: str, directory: Directory) -> UnitRef:
    found = directory.unit(unit)
    ref = UnitRef(code=unit) if found and not found.is_gone else find_unit(unit, directory)
    if ref is None:
        at_work = ", ".join(known.code for known in directory.units if not known.is_gone)
        raise Refused("unit_not_known", name=unit, known=at_work)
    if not expand(ref, directory):
        group = directory.group(ref.code)
        raise AnswerRefused("group_without_members", group=group.name if group else unit)
    return ref


def _is_about(problem: Problem, name: str) -> bool:
    return problem.code in _OF_A_NAME and plain_key(problem.params.get("name", "")) == plain_key(name)


def _names_asked(asked: Iterable[list[Problem]]) -> tuple[str, ...]:
    named = (p.params.get("name", "") for problems in asked for p in problems if p.code in _OF_A_NAME)
    return tuple(dict.fromkeys(named))


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
    before = () if facts.opened else tuple(o for o in facts.owners if _stands_for_units(o, directory))
    owners = _joined(owner_refs(read.owners, read.co_owners), before)
    still_open = tuple(problem.code for problem in left)
    decision: Settle | Revise = Settle(owners=owners, still_open=still_open, names=(name,))
    if facts.opened:
        if any(problem.weight is Weight.QUESTION for problem in read.problems):
            return False
        decision = _for_task_at_work(plan, facts, owners, left, directory, at)
    journal.record(session, task, decision, by=by, at=at, on=at.date(), document=document)
    return True


def _stands_for_units(owner: OwnerRef, directory: Directory) -> bool:
    return bool(expand(UnitRef(code=owner.code, collective=owner.collective), directory))


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


def _joined(read: tuple[OwnerRef, ...], before: tuple[OwnerRef, ...]) -> tuple[OwnerRef, ...]:
    """Return the units read now, and those an earlier answer gave the row for names still unknown here."""
    found = {(owner.code, owner.collective): owner for owner in read}
    for owner in before:
        found.setdefault((owner.code, owner.collective), owner)
    return tuple(sorted(found.values(), key=lambda owner: owner.role is Role.CO_OWNER))
