"""A desk for many rows of one plan at once: each judged by itself, then all written in a few statements.

A row that is refused leaves nothing behind, since nothing is written before ``write_down``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, fields

from sqlalchemy import select

from storage import journal, tasks
from storage.desk import Desk
from storage.facts import gather
from storage.schema import PlanRow, TaskRow
from tasks_catalog.decisions import Decision, Recorded, apply
from tasks_catalog.facts import TaskFacts
from tasks_catalog.problem import Refused
from tasks_catalog.task import PlanSettings, task_id


@dataclass(frozen=True, kw_only=True)
class DeskOfMany(Desk):
    """A desk that keeps what is decided until it is written down; ``facts`` are as decided so far."""

    plan: PlanRow
    rows: dict[str, TaskRow] = field(default_factory=dict)
    facts: dict[str, TaskFacts] = field(default_factory=dict)
    decided: list[tuple[str, Recorded]] = field(default_factory=list)

    @staticmethod
    def over(desk: Desk, plan: PlanRow, rows: Iterable[int]) -> DeskOfMany:
        """Open the desk over these rows of the plan, locked from now on; others are unknown to it."""
        chosen = select(TaskRow).where(TaskRow.plan_id == plan.id, TaskRow.row.in_(sorted(set(rows))))
        found = desk.session.scalars(chosen.order_by(TaskRow.id).with_for_update()).all()
        facts = gather(desk.session, plan, task_ids=[row.id for row in found]).facts
        told = {one.name: getattr(desk, one.name) for one in fields(Desk)}
        return DeskOfMany(
            **told,
            plan=plan,
            rows={task_id(plan.number, row.row): row for row in found},
            facts={one.id: one for one in facts.values()},
        )

    def write_down(self) -> None:
        """Record everything decided, in its order."""
        if self.decided:
            journal.record_many(self.session, self.plan, self.decided, at=self.at)

    def _task(self, task_id: str) -> tuple[TaskRow, TaskFacts, PlanSettings]:
        facts = self.facts.get(task_id)
        if facts is None:
            raise Refused("task_not_picked", task=task_id)
        return self.rows[task_id], facts, tasks.settings_of(self.plan)

    def _record(self, row: TaskRow, decision: Decision) -> TaskFacts:
        name = task_id(self.plan.number, row.row)
        entry = Recorded(
            decision=decision, on=self.on, by=self.by, document=self.document, note=self.remark(self.note)
        )
        self.facts[name] = apply(self.facts[name], entry)
        self.decided.append((name, entry))
        return self.facts[name]
