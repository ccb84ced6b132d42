"""Reading the counted standings: a plan's figures without its tasks, its worst, its days so far."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from storage.codec import from_json
from storage.counted_rows import PlanCount, PlanCounted, PlanDay, ShareStanding, TaskStanding
from storage.reckoning import tally_at
from storage.schema import PlanRow, TaskRow
from tasks_catalog.counting import PLAN, SECTION, TARGETS, Counting, Figures, figures
from tasks_catalog.progress import Counts
from tasks_catalog.standing import StandingKind, is_in
from tasks_catalog.task import PlanSettings

FEW = 5_000
"""Tasks of a plan whose past days are replayed rather than left unknown."""


@dataclass(frozen=True, kw_only=True)
class Worst:
    """An overdue task: since when, and which of its owners' shares are open past their date."""

    row: int
    text: str
    since: date
    due: date
    units: tuple[str, ...]


def counts_of(session: Session, plan: PlanRow, *, breakdowns: bool = True) -> Figures | None:
    """Return the figures of the plan as counted; None while it is not counted, or counted anew.

    ``as_of`` is the day whose close they tell. While a move to a later day goes through many tasks some
    tell that day already. Without ``breakdowns`` the lines by section and unit are left out.
    """
    return of_plans(session, [plan], breakdowns=breakdowns).get(plan.id)


def of_plans(session: Session, plans: Iterable[PlanRow], *, breakdowns: bool = False) -> dict[int, Figures]:
    """Return the figures of those of the plans that are counted, by the plan's id."""
    wanted = {plan.id: plan for plan in plans}
    found: dict[int, Figures] = {}
    sums = _sums(session, tuple(wanted), breakdowns=breakdowns)
    days = _counted_to(session, tuple(wanted))
    for plan_id, plan in wanted.items():
        if plan_id not in days:
            continue
        mine = sums.get(plan_id, {})
        sections = _in_order(session, plan_id, (key for what, key, _ in mine if what == SECTION))
        settings = from_json(PlanSettings, plan.settings)
        found[plan_id] = figures(plan.number, days[plan_id], settings, mine, sections)
    return found


def _counted_to(session: Session, plans: tuple[int, ...]) -> dict[int, date]:
    table = PlanCounted
    query = select(table.plan_id, table.counted_to).where(table.plan_id.in_(plans), table.through.is_(None))
    return dict(session.execute(query).tuples().all())


def _sums(session: Session, plans: tuple[int, ...], *, breakdowns: bool) -> dict[int, dict[Counting, int]]:
    table = PlanCount
    found: dict[int, dict[Counting, int]] = {}
    query = select(table.plan_id, table.what, table.key, table.kind, func.sum(table.number))
    query = query.where(table.plan_id.in_(plans))
    if not breakdowns:
        query = query.where(table.what.in_((PLAN, TARGETS)))
    grouped = query.group_by(table.plan_id, table.what, table.key, table.kind)
    for plan_id, what, key, kind, number in session.execute(grouped):
        if number:
            found.setdefault(plan_id, {})[what, key, kind] = int(number)
    return found


def _in_order(session: Session, plan_id: int, sections: Iterable[str]) -> list[str]:
    """Return the sections by their first task: one look into an index each, however many tasks."""
    table = TaskStanding
    mine = select(func.min(table.row)).where(table.plan_id == plan_id)
    first = {name: session.scalar(mine.where(table.section == name)) or 0 for name in set(sections)}
    return sorted(first, key=lambda name: first[name])


def known_count(found: Figures, *, unit: str | None, section: str | None, standing: str | None) -> int | None:
    """Return how many rows a list so filtered has, where the sums know it."""
    if unit is not None and section is not None:
        return None
    counts: Mapping[StandingKind, int] = found.counts
    if unit is not None:
        counts = next((line.counts for line in found.by_unit if line.key == unit), {})
    if section is not None:
        counts = next((line.counts for line in found.by_section if line.key == section), {})
    return sum(number for kind, number in counts.items() if is_in(kind, standing))


def worst(session: Session, plan: PlanRow, *, most: int = 5) -> tuple[Worst, ...]:
    """Return the overdue tasks longest past their date, at most ``most``."""
    table = TaskStanding
    query = (
        select(table.task_id, table.row, table.since, table.params, TaskRow.current_text)
        .join(TaskRow, TaskRow.id == table.task_id)
        .where(table.plan_id == plan.id, table.since.is_not(None))
        .order_by(table.since, table.row)
        .limit(most)
    )
    rows = session.execute(query).all()
    units = _late_units(session, [row.task_id for row in rows])
    return tuple(
        Worst(
            row=row.row,
            text=row.current_text,
            since=row.since,
            due=date.fromisoformat(row.params["due"]),
            units=units.get(row.task_id, ()),
        )
        for row in rows
    )


def _late_units(session: Session, tasks: list[int]) -> dict[int, tuple[str, ...]]:
    """Return the units whose shares are overdue, in the order their shares were opened."""
    table = ShareStanding
    query = (
        select(table.task_id, table.unit)
        .where(table.task_id.in_(tasks), table.kind == str(StandingKind.OVERDUE))
        .order_by(table.task_id, table.occurrence, table.id)
    )
    found: dict[int, dict[str, None]] = {}
    for task, unit in session.execute(query):
        found.setdefault(task, {})[unit] = None
    return {task: tuple(units) for task, units in found.items()}


def days_of(session: Session, plan: PlanRow, first: date, last: date) -> dict[date, Counts]:
    """Return the counts kept of each day from ``first`` to ``last``, for what is drawn over time."""
    table = PlanDay
    query = select(table.day, table.counts).where(table.plan_id == plan.id, table.day.between(first, last))
    return {day: _counts(counts) for day, counts in session.execute(query.order_by(table.day))}


def counts_on(session: Session, plan: PlanRow, day: date) -> Counts | None:
    """Return the plan's six counts at the close of ``day`` by the facts recorded by then.

    Kept when the count moved to that day; a day it passed over, or was late for, is replayed from the
    journal while the plan is small, and else None.
    """
    kept = session.execute(
        select(PlanDay.counts, PlanDay.late).where(PlanDay.plan_id == plan.id, PlanDay.day == day)
    ).one_or_none()
    if kept is not None and not kept.late:
        return _counts(kept.counts)
    tasks = session.scalar(select(func.count()).select_from(TaskRow).where(TaskRow.plan_id == plan.id)) or 0
    return tally_at(session, plan, day).counts if tasks <= FEW else None


def _counts(kept: Mapping[str, int]) -> Counts:
    return {kind: kept.get(str(kind), 0) for kind in StandingKind}
