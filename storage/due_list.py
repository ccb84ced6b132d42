"""Owners' shares by the day they fall on: bounded lists by day and task, read from the tables of now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, func, or_, select
from sqlalchemy.orm import Session

from storage.schema import PlanRow, ShareRow, TaskRow
from tasks_catalog.due import DayOf, DueTask, Span
from tasks_catalog.facts import ClosingKind
from tasks_catalog.occurrence import Role

Mark = tuple[date, int]
"""Where a page of a list ends: the day and the task's number in the record."""


@dataclass(frozen=True, kw_only=True)
class DueDay:
    """What falls on one day: its first lines, and how many tasks there are in all."""

    day: date
    tasks: int
    lines: tuple[DueTask, ...]


@dataclass(frozen=True, kw_only=True)
class DuePage:
    """A page of a list of days; ``mark`` is where the next one begins, None at the end."""

    lines: tuple[tuple[DueTask, int], ...]
    """Each line with its task's number in the record."""
    mark: Mark | None
    shares: int
    """Of the whole list, not only of this page."""


def day_column(by: DayOf) -> ColumnElement[Any]:
    """Return the day of a share by which a list counts; the day of the report comes as its ISO text."""
    columns: dict[DayOf, ColumnElement[Any]] = {
        DayOf.DUE: ShareRow.due.expression,
        DayOf.FIRST_DUE: ShareRow.first_due.expression,
        DayOf.LAPSED: ShareRow.lapses.expression,
        DayOf.DONE: ShareRow.report["on"].as_string(),
    }
    return columns[by]


def owed_by_owners() -> ColumnElement[bool]:
    return and_(ShareRow.role == str(Role.OWNER), ShareRow.withdrawn_on.is_(None))


def asked(plans: Iterable[PlanRow], span: Span) -> list[ColumnElement[bool]]:
    """Return what chooses the shares of a span; ``TaskRow`` must be joined where only open ones count."""
    day = day_column(span.by)
    first, last = _bound(span.first, span.by), _bound(span.last, span.by)
    chosen = [ShareRow.plan_id.in_([plan.id for plan in plans]), owed_by_owners(), day.between(first, last)]
    if span.by is DayOf.DONE:
        chosen.append(ShareRow.is_live.is_(False))
    if span.open_only or span.overdue_only:
        chosen += [ShareRow.is_live.is_(True), TaskRow.closing.is_(None)]
    if span.overdue_only:
        chosen.append(ShareRow.waiting.is_(None))
    return chosen


def _bound(day: date, by: DayOf) -> date | str:
    return day.isoformat() if by is DayOf.DONE else day


def days(session: Session, plans: Sequence[PlanRow], span: Span, *, most: int) -> tuple[DueDay, ...]:
    """Return the days on which something falls, each with at most ``most`` lines, what is open first."""
    grouped = _grouped(plans, span)
    place = func.row_number().over(
        partition_by=grouped.c.day, order_by=((grouped.c.open > 0).desc(), grouped.c.task_id)
    )
    counted = func.count().over(partition_by=grouped.c.day)
    placed = select(*grouped.c, place.label("place"), counted.label("tasks")).subquery()
    query = (
        select(*placed.c, TaskRow.row, TaskRow.current_text, TaskRow.closing)
        .join(TaskRow, TaskRow.id == placed.c.task_id)
        .where(placed.c.place <= most)
        .order_by(placed.c.day, placed.c.place)
    )
    rows = session.execute(query).all()
    waiting = _waiting(session, span, [row.task_id for row in rows])
    return tuple(_by_day(rows, {plan.id: plan.number for plan in plans}, waiting))


def _by_day(
    rows: Iterable[Row[Any]], numbers: dict[int, str], waiting: Mapping[tuple[int, date], int]
) -> Iterator[DueDay]:
    found: dict[date, tuple[int, list[DueTask]]] = {}
    for row in rows:
        line = _line(row, numbers, waiting)
        found.setdefault(line.day, (row.tasks, []))[1].append(line)
    for day, (tasks, lines) in found.items():
        yield DueDay(day=day, tasks=tasks, lines=tuple(lines))


def page(
    session: Session, plans: Sequence[PlanRow], span: Span, *, most: int, after: Mark | None = None
) -> DuePage:
    """Return a page of the span's list, by day and task."""
    grouped = _grouped(plans, span)
    query = (
        select(*grouped.c, TaskRow.row, TaskRow.current_text, TaskRow.closing)
        .join(TaskRow, TaskRow.id == grouped.c.task_id)
        .order_by(grouped.c.day, grouped.c.task_id)
    )
    if after is not None:
        day = _bound(after[0], span.by)
        query = query.where(
            or_(grouped.c.day > day, and_(grouped.c.day == day, grouped.c.task_id > after[1]))
        )
    rows = session.execute(query.limit(most + 1)).all()
    numbers = {plan.id: plan.number for plan in plans}
    waiting = _waiting(session, span, [row.task_id for row in rows[:most]])
    lines = tuple((_line(row, numbers, waiting), row.task_id) for row in rows[:most])
    more = len(rows) > most
    return DuePage(
        lines=lines,
        mark=(lines[-1][0].day, lines[-1][1]) if more else None,
        shares=number(session, plans, span),
    )


def number(session: Session, plans: Sequence[PlanRow], span: Span, *, most: int | None = None) -> int:
    """Return how many owners' shares the span holds; with ``most``, one more than it where there are more."""
    query = select(ShareRow.id)
    if span.open_only or span.overdue_only:
        query = query.join(TaskRow, TaskRow.id == ShareRow.task_id)
    found = query.where(*asked(plans, span)).limit(None if most is None else most + 1)
    return session.scalar(select(func.count()).select_from(found.subquery())) or 0


def units_of(
    session: Session, span: Span, tasks: Iterable[int]
) -> dict[tuple[int, date], tuple[tuple[str, bool], ...]]:
    """Return by task and day the units of the span's shares, each with whether it has reported."""
    day = day_column(span.by)
    query = select(ShareRow.task_id, day.label("day"), ShareRow.unit, ShareRow.is_live).where(
        ShareRow.task_id.in_(list(tasks)),
        owed_by_owners(),
        day.between(_bound(span.first, span.by), _bound(span.last, span.by)),
    )
    found: dict[tuple[int, date], tuple[tuple[str, bool], ...]] = {}
    for row in session.execute(query.order_by(ShareRow.task_id, ShareRow.unit)):
        key = (row.task_id, _as_day(row.day))
        found[key] = (*found.get(key, ()), (row.unit, not row.is_live))
    return found


def _grouped(plans: Sequence[PlanRow], span: Span) -> Any:
    day = day_column(span.by).label("day")
    is_open = case((ShareRow.is_live, 1), else_=0)
    query: Select[Any] = select(
        day,
        ShareRow.plan_id,
        ShareRow.task_id,
        func.count().label("shares"),
        func.sum(is_open).label("open"),
        func.min(ShareRow.unit).label("unit"),
        func.min(ShareRow.lapses).label("lapses"),
    )
    if span.open_only or span.overdue_only:
        query = query.join(TaskRow, TaskRow.id == ShareRow.task_id)
    return (
        query.where(*asked(plans, span)).group_by(day, ShareRow.plan_id, ShareRow.task_id).subquery("grouped")
    )


def _waiting(session: Session, span: Span, tasks: Sequence[int]) -> Mapping[tuple[int, date], int]:
    """Return by task and day how many owners' shares lie with a higher authority.

    Asked for the lines that are shown only: what a day's lines are chosen by stands in one index.
    """
    day = day_column(span.by).label("day")
    query = select(ShareRow.task_id, day, func.count()).where(
        ShareRow.task_id.in_(tasks), owed_by_owners(), ShareRow.is_live, ShareRow.waiting.is_not(None)
    )
    rows = session.execute(query.group_by(ShareRow.task_id, day)).tuples()
    return {(task, _as_day(on)): number for task, on, number in rows if on is not None}


def _line(row: Row[Any], numbers: dict[int, str], waiting: Mapping[tuple[int, date], int]) -> DueTask:
    closing = row.closing["kind"] if row.closing else ""
    return DueTask(
        plan=numbers[row.plan_id],
        row=row.row,
        text=row.current_text,
        day=_as_day(row.day),
        lapses=_as_day(row.lapses),
        shares=row.shares,
        open=int(row.open),
        waiting=waiting.get((row.task_id, _as_day(row.day)), 0),
        unit=row.unit,
        closed=bool(closing) and closing != ClosingKind.SUSPENDED,
        suspended=closing == ClosingKind.SUSPENDED,
    )


def _as_day(value: date | str) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value
