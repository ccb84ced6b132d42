"""What the journal recorded within some days: counted by kind, and listed a page at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from storage.schema import Event, PlanRow, TaskRow

KINDS = (
    "report",
    "accept",
    "return",
    "ask_extension",
    "decide_extension",
    "acknowledge",
    "wait",
    "resume",
    "measure",
    "open",
    "trigger",
    "close",
    "reopen",
    "reassign",
    "settle",
    "revise",
    "correct",
    "snooze",
)
"""The kinds of decisions about tasks, in the order they are shown."""


@dataclass(frozen=True, kw_only=True)
class Happened:
    """One decision of the journal: when, about which task and unit, by whom."""

    id: int
    on: date
    kind: str
    plan: str
    row: int
    text: str
    unit: str | None
    by: str
    note: str


def counts(session: Session, plans: Sequence[PlanRow], first: date, last: date) -> Mapping[str, int]:
    """Return how many decisions about tasks were recorded from ``first`` to ``last``, by kind."""
    query = select(Event.kind, func.count()).where(*_within(plans, first, last)).group_by(Event.kind)
    found = dict(session.execute(query).tuples().all())
    return {kind: found[kind] for kind in KINDS if kind in found}


def page(
    session: Session,
    plans: Sequence[PlanRow],
    kind: str,
    first: date,
    last: date,
    *,
    most: int,
    before: int | None = None,
) -> tuple[Happened, ...]:
    """Return the latest decisions of a kind, at most ``most``, those with a number under ``before``."""
    query = (
        select(Event, TaskRow.row, TaskRow.current_text)
        .join(TaskRow, TaskRow.id == Event.task_id)
        .where(*_within(plans, first, last), Event.kind == kind)
        .order_by(Event.id.desc())
        .limit(most)
    )
    if before is not None:
        query = query.where(Event.id < before)
    numbers = {plan.id: plan.number for plan in plans}
    return tuple(
        Happened(
            id=event.id,
            on=event.on,
            kind=event.kind,
            plan=numbers[event.plan_id],
            row=row,
            text=text,
            unit=event.unit,
            by=event.by,
            note=event.note,
        )
        for event, row, text in session.execute(query)
    )


def _within(plans: Sequence[PlanRow], first: date, last: date) -> list[ColumnElement[bool]]:
    return [
        Event.plan_id.in_([plan.id for plan in plans]),
        Event.on.between(first, last),
        Event.kind.in_(KINDS),  # all of them about a task, so that the index alone tells how many
    ]
