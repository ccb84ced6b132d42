"""Settling: what a person's answer to a row's questions, or about a name, makes of the row.

One set of rules for a plan that is kept (``storage.starting``, ``storage.settling``) and for one that is
still a draft (``tasks_catalog.drafting``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tasks_catalog.deadline import Deadline, Kind, read_deadline
from tasks_catalog.facts import OwnerRef, TaskFacts
from tasks_catalog.intake import owner_refs
from tasks_catalog.occurrence import Role
from tasks_catalog.people import Directory, UnitRef
from tasks_catalog.problem import Problem, Refused
from tasks_catalog.resolve import GROUP_EMPTY, expand, find_unit
from tasks_catalog.revising import is_of_units
from tasks_catalog.rolling import ROLLED_REVIEW
from tasks_catalog.task import PlanSettings
from tasks_catalog.unit_names import plain_key

OF_A_NAME = ("unit_unknown", "unit_ambiguous", GROUP_EMPTY)
"""Questions that one answer for a name settles on every row that writes it."""


class AnswerRefused(Refused):
    """The answer given does not answer the row's question."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a person says of a row: its deadline in better words or as proposed, its units."""

    deadline: str | None = None
    accept_proposal: bool = False
    owners: tuple[str, ...] = ()
    co_owners: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Answered:
    """What an answer says in the terms of the record, and the questions it leaves open."""

    deadline: Deadline | None
    owners: tuple[OwnerRef, ...] | None
    left: tuple[Problem, ...]


def answered(
    answer: Answer,
    asked: Sequence[Problem],
    facts: TaskFacts,
    settings: PlanSettings,
    directory: Directory,
) -> Answered:
    """Return what an answer makes of a row that asks ``asked``.

    Raises AnswerRefused (answer_deadline_unclear, no_proposal) or Refused (unit_not_known).
    """
    deadline = _deadline(answer, asked, facts, settings)
    owners = _owners(answer, facts.owners, directory)
    left = tuple(problem for problem in asked if not _answers(problem, answer, deadline, owners))
    return Answered(deadline=deadline, owners=owners, left=left)


def _answers(
    problem: Problem, answer: Answer, deadline: Deadline | None, owners: tuple[OwnerRef, ...] | None
) -> bool:
    """A deadline answers questions of the deadline, units those of units; a draft's row is just accepted."""
    if problem.code == ROLLED_REVIEW:
        return answer.accept_proposal or deadline is not None
    return owners is not None if is_of_units(problem.code) else deadline is not None


def _deadline(
    answer: Answer, asked: Sequence[Problem], facts: TaskFacts, settings: PlanSettings
) -> Deadline | None:
    if answer.deadline is not None:
        reading = read_deadline(answer.deadline, year=settings.year)
        if reading.kind is Kind.UNCLEAR:
            raise AnswerRefused("answer_deadline_unclear", words=answer.deadline)
        return reading
    if not answer.accept_proposal or all(_needs_no_date(problem) for problem in asked):
        return None
    proposed = None if facts.opened else proposal_of(facts.deadline)
    if proposed is None:  # of a task at work the date in force is no proposal
        raise AnswerRefused("no_proposal", words=facts.deadline.text)
    return proposed


def proposal_of(known: Deadline) -> Deadline | None:
    """Return what an unclear deadline most likely means, where its words hold a date at all."""
    if not known.dates:
        return None
    one_day = known.dates[0].start in (None, known.dates[0].to)
    return Deadline(text=known.text, kind=Kind.BY if one_day else Kind.WITHIN, dates=known.dates[:1])


def _needs_no_date(problem: Problem) -> bool:
    return problem.code == ROLLED_REVIEW or is_of_units(problem.code)


def _owners(answer: Answer, known: Sequence[OwnerRef], directory: Directory) -> tuple[OwnerRef, ...] | None:
    """Return the owners named; a role the answer leaves out keeps what the row was read as."""
    if not answer.owners and not answer.co_owners:
        return None
    named = owner_refs(
        [unit_named(name, directory) for name in answer.owners],
        [unit_named(name, directory) for name in answer.co_owners],
    )
    roles = {owner.role for owner in named}
    return (*named, *(owner for owner in known if owner.role not in roles))


def unit_named(name: str, directory: Directory) -> UnitRef:
    """Return the unit of that code, or the unit or group of that name. Raises Refused (unit_not_known)."""
    unit = directory.unit(name)
    if unit is not None and not unit.is_gone:
        return UnitRef(code=name)
    ref = find_unit(name, directory)
    if ref is None:
        at_work = ", ".join(known.code for known in directory.units if not known.is_gone)
        raise Refused("unit_not_known", name=name, known=at_work)
    return ref


def unit_meant(unit: str, directory: Directory) -> UnitRef:
    """Return what a name is to mean; raises AnswerRefused (group_without_members) too."""
    ref = unit_named(unit, directory)
    if not expand(ref, directory):
        group = directory.group(ref.code)
        raise AnswerRefused("group_without_members", group=group.name if group else unit)
    return ref


def is_about(problem: Problem, name: str) -> bool:
    return problem.code in OF_A_NAME and plain_key(problem.params.get("name", "")) == plain_key(name)


def names_asked(asked: Iterable[Iterable[Problem]]) -> tuple[str, ...]:
    """Return the names that rows ask about, each once, in the plan's order."""
    named = (p.params.get("name", "") for problems in asked for p in problems if p.code in OF_A_NAME)
    return tuple(dict.fromkeys(named))


def stands_for_units(owner: OwnerRef, directory: Directory) -> bool:
    return bool(expand(UnitRef(code=owner.code, collective=owner.collective), directory))


def joined(read: tuple[OwnerRef, ...], before: tuple[OwnerRef, ...]) -> tuple[OwnerRef, ...]:
    """Return the units read now, and those an earlier answer gave the row for names still unknown here."""
    found = {(owner.code, owner.collective): owner for owner in read}
    for owner in before:
        found.setdefault((owner.code, owner.collective), owner)
    return tuple(sorted(found.values(), key=lambda owner: owner.role is Role.CO_OWNER))
