"""A plan beside its amended document: what would change, shown before it is put into force."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from storage.revising import compared, known_rows
from storage.schema import PlanRow
from tasks_catalog.changes import Changes, Words, words_of
from tasks_catalog.intake import Intake
from tasks_catalog.problem import Problem


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


def difference_of(
    session: Session,
    plan: PlanRow,
    intake: Intake,
    *,
    same: Mapping[int, int] | None = None,
    partial: bool = False,
) -> Difference:
    """Return what the document would change in the plan; nothing is written."""
    return Difference(
        number=plan.number,
        changes=compared(session, plan, intake.read.tasks, same=same, partial=partial),
        known={known.words.row: known.words for known in known_rows(session, plan)},
        intake=intake,
        partial=partial,
    )
