"""A plan before it is one: what a document was read as, with the answers a person has given so far.

Nothing of it is in the record. What is shown of a draft is worked out here by the rules that will hold
once it is imported (``tasks_catalog.settling``), so that the page promises what the import keeps.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from tasks_catalog.calendar import WorkCalendar
from tasks_catalog.deadline import Deadline
from tasks_catalog.facts import OwnerRef, TaskFacts
from tasks_catalog.intake import Intake, owner_refs, take_in
from tasks_catalog.naming import with_name
from tasks_catalog.occurrence import Occurrence, planned_occurrences
from tasks_catalog.people import Directory, Group, Unit, UnitRef
from tasks_catalog.problem import Problem, Refused, Weight
from tasks_catalog.resolve import resolve_ownership
from tasks_catalog.settling import (
    OF_A_NAME,
    Answer,
    answered,
    is_about,
    joined,
    stands_for_units,
    unit_meant,
)
from tasks_catalog.task import PlanRead, PlanSettings, Task
from tasks_catalog.unit_names import plain_key


@dataclass(frozen=True, kw_only=True)
class NameAnswer:
    """One answer for a name the plan writes: what it means, and whether the directory keeps it."""

    name: str
    unit: str
    learn: bool = True


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What a person has said so far of a plan to be imported; every part may still be missing."""

    number: str = ""
    issued: date | None = None
    title: str = ""
    label: str = ""
    year: int | None = None
    """Replaces the year read from the document."""
    choices: PlanSettings = field(default_factory=lambda: PlanSettings(year=0))
    """How the plan is counted; its year is ``year``, or what the document says."""
    rows: Mapping[int, Answer] = field(default_factory=dict)
    names: tuple[NameAnswer, ...] = ()
    units: tuple[Unit, ...] = ()
    """Units that the directory is to be given with the plan."""
    groups: tuple[Group, ...] = ()

    @property
    def is_ready(self) -> bool:
        """Whether the plan can be named, and so imported; rows that still ask stay inactive."""
        return bool(self.number) and self.issued is not None

    def settings(self, year: int) -> PlanSettings:
        return replace(self.choices, year=year)

    def with_row(self, row: int, answer: Answer | None) -> Draft:
        """Return the draft with the answer to a row, or without any."""
        rest = {known: given for known, given in self.rows.items() if known != row}
        return replace(self, rows=rest if answer is None else dict(sorted({**rest, row: answer}.items())))

    def with_name(self, name: str, answer: NameAnswer | None) -> Draft:
        """Return the draft with the answer for a name, or without any."""
        rest = tuple(known for known in self.names if plain_key(known.name) != plain_key(name))
        return replace(self, names=rest if answer is None else (*rest, answer))

    def directory(self, known: Directory) -> Directory:
        """Return the directory with the draft's own units; one that it got meanwhile is not added again."""
        units = tuple(unit for unit in self.units if known.unit(unit.code) is None)
        groups = tuple(group for group in self.groups if known.group(group.code) is None)
        if not (units or groups):
            return known
        return replace(known, units=(*known.units, *units), groups=(*known.groups, *groups))


@dataclass(frozen=True, kw_only=True)
class DraftRow:
    """One task of the draft: as read, and as the answers given so far make it."""

    task: Task
    deadline: Deadline
    owners: tuple[OwnerRef, ...]
    planned: tuple[Occurrence, ...]
    asked: tuple[Problem, ...] = ()
    """The questions the reading raises."""
    left: tuple[Problem, ...] = ()
    """Those no answer settles yet; the row will wait, inactive, until each is answered."""
    notes: tuple[Problem, ...] = ()
    answer: Answer | None = None
    fault: Refused | None = None
    """Why the answer kept no longer fits, such as after the plan's year was changed."""


@dataclass(frozen=True, kw_only=True)
class AskedName:
    """A name the directory does not know, or knows twice, or whose group is empty; and its answer."""

    name: str
    problem: Problem
    rows: tuple[int, ...]
    answer: NameAnswer | None = None
    fault: Refused | None = None


@dataclass(frozen=True)
class Review:
    """A draft looked at: the intake of its document, its directory, and the rows as they would be kept."""

    draft: Draft
    known: Directory
    intake: Intake
    directory: Directory
    """The office's, with the draft's own units."""
    settings: PlanSettings
    calendar: WorkCalendar

    @cached_property
    def asked(self) -> Mapping[int, tuple[Problem, ...]]:
        """The questions of every row that asks something."""
        found = {
            row: tuple(problem for problem in problems if problem.weight is Weight.QUESTION)
            for row, problems in self.intake.problems.items()
        }
        return {row: problems for row, problems in found.items() if problems}

    @cached_property
    def tasks(self) -> Mapping[int, Task]:
        return {task.row: task for task in self.intake.read.tasks}

    @cached_property
    def names(self) -> tuple[AskedName, ...]:
        """The names asked about, those on most rows first."""
        about: dict[str, dict[int, Problem]] = {}
        for row, problems in self.asked.items():
            for problem in problems:
                if problem.code in OF_A_NAME:
                    about.setdefault(plain_key(problem.params["name"]), {}).setdefault(row, problem)
        given = {plain_key(answer.name): answer for answer in self.draft.names}
        found = (self._name(rows, given.get(key)) for key, rows in about.items())
        return tuple(sorted(found, key=lambda asked: -len(asked.rows)))

    def _name(self, rows: Mapping[int, Problem], answer: NameAnswer | None) -> AskedName:
        first = next(iter(rows.values()))
        name, fault = first.params["name"], None
        if answer is not None:
            try:
                ref = unit_meant(answer.unit, self.directory)
                with_name(self.directory, name, ref, for_good=answer.learn)
            except Refused as refused:
                fault = refused
        return AskedName(name=name, problem=first, rows=tuple(rows), answer=answer, fault=fault)

    @cached_property
    def _meant(self) -> tuple[tuple[str, UnitRef, Directory], ...]:
        """Each name answered, what it means, and the directory in which it does; learnt names add up."""
        found: list[tuple[str, UnitRef, Directory]] = []
        directory = self.directory
        for asked in self.names:
            if asked.answer is None or asked.fault is not None:
                continue
            ref = unit_meant(asked.answer.unit, directory)
            clear = with_name(directory, asked.name, ref, for_good=asked.answer.learn)
            directory = clear if asked.answer.learn else directory
            found.append((asked.name, ref, clear))
        return tuple(found)

    def row(self, row: int) -> DraftRow:
        """Return a row as it would be kept: its own answer first, then those for the names it writes."""
        return self.row_with(row, self.draft.rows.get(row))

    def row_with(self, row: int, answer: Answer | None) -> DraftRow:
        task, asked = self.tasks[row], self.asked.get(row, ())
        owners, left, fault = self.intake.owners[row], asked, None
        deadline, planned = task.deadline, self.intake.planned[row]
        if answer is not None and asked:
            facts = TaskFacts(id="", row=row, text=task.text, deadline=deadline, owners=owners)
            try:
                given = answered(answer, asked, facts, self.settings, self.directory)
                left = given.left
                owners = given.owners if given.owners is not None else owners
                if given.deadline is not None:
                    planned = planned_occurrences(given.deadline, self.settings, self.calendar)
                    deadline = given.deadline
            except Refused as refused:
                fault = refused
        owners, left = self._named(task, owners, left)
        return DraftRow(
            task=task,
            deadline=deadline,
            owners=owners,
            planned=planned,
            asked=asked,
            left=left,
            notes=tuple(p for p in self.intake.problems[row] if p.weight is Weight.NOTE),
            answer=answer,
            fault=fault,
        )

    def _named(
        self, task: Task, owners: tuple[OwnerRef, ...], left: tuple[Problem, ...]
    ) -> tuple[tuple[OwnerRef, ...], tuple[Problem, ...]]:
        """Return a row's units and questions after the answers for names (as ``storage.settling`` will)."""
        keys = {plain_key(problem.params["name"]) for problem in left if problem.code in OF_A_NAME}
        for name, ref, clear in self._meant if keys else ():
            if plain_key(name) not in keys:
                continue
            read = resolve_ownership(task.lead, task.cooperating, clear)
            if ref in (*read.owners, *read.co_owners):
                before = tuple(owner for owner in owners if stands_for_units(owner, clear))
                owners = joined(owner_refs(read.owners, read.co_owners), before)
                left = tuple(problem for problem in left if not is_about(problem, name))
        return owners, left

    @cached_property
    def open_rows(self) -> tuple[int, ...]:
        """Rows that would be kept with a question and wait."""
        return tuple(row for row in self.asked if self.row(row).left)

    def faults(self) -> Iterator[Refused]:
        """Yield why an answer kept no longer fits."""
        yield from (fault for row in self.draft.rows if (fault := self._fault(row)))
        yield from (asked.fault for asked in self.names if asked.fault)

    def _fault(self, row: int) -> Refused | None:
        return self.row(row).fault if row in self.tasks else None


Meet = Callable[[PlanRead, Directory, PlanSettings, WorkCalendar], Intake]


def review_of(
    read: PlanRead, draft: Draft, known: Directory, calendar: WorkCalendar, *, meet: Meet = take_in
) -> Review:
    """Return a draft met with the office's directory; ``meet`` may remember what ``take_in`` gave before."""
    directory, settings = draft.directory(known), draft.settings(read.head.year or 0)
    return Review(draft, known, meet(read, directory, settings, calendar), directory, settings, calendar)
