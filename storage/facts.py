"""The current facts of tasks, gathered from the tables in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, or_, select
from sqlalchemy.orm import Session

from storage.codec import ARISEN, DAYS, EXTENSIONS, MEASURES, OCCURRENCES, TARGETS, from_json
from storage.schema import OccurrenceRow, PlanRow, ShareRow, TaskOwner, TaskRow
from tasks_catalog.deadline import Deadline
from tasks_catalog.facts import (
    Closing,
    EpochCause,
    OwnerRef,
    ReportFact,
    Request,
    Share,
    TaskFacts,
    Waiting,
)
from tasks_catalog.occurrence import Occurrence, Origin, Role, ShareKey
from tasks_catalog.task import task_id

# Looking a member up costs a tenth of calling its Enum, and a sweep does it for every share.
_ROLES = {str(role): role for role in Role}
_CAUSES = {str(cause): cause for cause in EpochCause}
_ORIGINS = {str(origin): origin for origin in Origin}


@dataclass(frozen=True, kw_only=True)
class Gathered:
    """Facts with the ids of the rows they came from."""

    facts: dict[int, TaskFacts]
    """Id of the task's row -> its facts, in the plan's order."""
    occurrence_ids: dict[tuple[int, str], int]
    share_ids: dict[ShareKey, int]


def gather(
    session: Session,
    plan: PlanRow,
    *,
    task_ids: Iterable[int] | None = None,
    choice: ColumnElement[bool] | None = None,
) -> Gathered:
    """Return the facts of a plan's tasks (or of some of them) from the current tables.

    With a ``choice`` the facts carry only the shares it chooses (``live``, ``speaking``, ``false()``);
    every occurrence is there all the same.
    """
    chosen = None if task_ids is None else tuple(task_ids)
    return _gathered(session, plan, chosen, choice, {plan.id: plan.number})


def gather_across(session: Session, numbers: Mapping[int, str], task_ids: Iterable[int]) -> Gathered:
    """Return the facts of tasks of several plans, whose numbers are given by their ids."""
    return _gathered(session, None, tuple(task_ids), None, numbers)


def _gathered(
    session: Session,
    plan: PlanRow | None,
    chosen: tuple[int, ...] | None,
    choice: ColumnElement[bool] | None,
    numbers: Mapping[int, str],
) -> Gathered:
    tasks = session.execute(_tasks(plan, chosen)).all()
    owners = _owners(session, plan, chosen)
    opened, occurrence_ids = _opened(session, plan, chosen)
    names = {task.id: task_id(numbers[task.plan_id], task.row) for task in tasks}
    shares, share_ids = _shares(session, plan, chosen, names, choice)
    return Gathered(
        facts={
            task.id: _facts(task, names[task.id], owners[task.id], opened[task.id], shares[task.id])
            for task in tasks
        },
        occurrence_ids=occurrence_ids,
        share_ids=share_ids,
    )


def live() -> ColumnElement[bool]:
    """Choose the shares still owed."""
    return ShareRow.is_live.is_(True)


def speaking(due_by: date, co_owners_since: date) -> ColumnElement[bool]:
    """Choose the shares still owed that a ladder may speak of: due by a day, or begun anew by an event.

    So the cost of a morning grows with what is due about now, not with what exists. Co-owners' shares
    are voluntary and stay open for ever: those due before ``co_owners_since`` are left out.
    """
    heard = or_(ShareRow.role == str(Role.OWNER), ShareRow.due >= co_owners_since)
    begun = [str(cause) for cause in EpochCause if cause is not EpochCause.OPENED]
    near = or_(ShareRow.due <= due_by, ShareRow.epoch_cause.in_(begun), ShareRow.request.is_not(None))
    return live() & heard & near


def unconfirmed() -> ColumnElement[bool]:
    """Choose the shares reported and not accepted yet."""
    reported = ShareRow.report.is_not(None) & ShareRow.accepted_on.is_(None)
    return reported & ShareRow.withdrawn_on.is_(None)


def _within(
    table: type[TaskRow] | type[OccurrenceRow] | type[ShareRow],
    plan: PlanRow | None,
    ids: tuple[int, ...] | None,
) -> ColumnElement[bool]:
    if ids is None and plan is not None:
        return table.plan_id == plan.id
    return (TaskRow.id if issubclass(table, TaskRow) else table.task_id).in_(ids or ())


def _tasks(plan: PlanRow | None, ids: tuple[int, ...] | None) -> Select[Any]:
    return (
        select(
            TaskRow.id,
            TaskRow.plan_id,
            TaskRow.row,
            TaskRow.current_text,
            TaskRow.current_product,
            TaskRow.current_section,
            TaskRow.current_group,
            TaskRow.deadline,
            TaskRow.planned,
            TaskRow.active,
            TaskRow.closing,
            TaskRow.current_targets,
            TaskRow.arisen,
        )
        .where(_within(TaskRow, plan, ids))
        .order_by(TaskRow.row)
    )


def _owners(session: Session, plan: PlanRow | None, ids: tuple[int, ...] | None) -> dict[int, list[OwnerRef]]:
    found: dict[int, list[OwnerRef]] = defaultdict(list)
    query = (
        select(TaskOwner.task_id, TaskOwner.code, TaskOwner.role, TaskOwner.collective)
        .join(TaskRow, TaskRow.id == TaskOwner.task_id)
        .where(_within(TaskRow, plan, ids))
        .order_by(TaskOwner.task_id, TaskOwner.position)
    )
    for task, code, role, collective in session.execute(query):
        found[task].append(OwnerRef(code=code, role=_ROLES[role], collective=collective))
    return found


def _opened(
    session: Session, plan: PlanRow | None, ids: tuple[int, ...] | None
) -> tuple[dict[int, dict[str, Occurrence]], dict[tuple[int, str], int]]:
    found: dict[int, dict[str, Occurrence]] = defaultdict(dict)
    row_ids: dict[tuple[int, str], int] = {}
    table = OccurrenceRow
    query = (
        select(
            table.id,
            table.task_id,
            table.key,
            table.due,
            table.lapses,
            table.origin,
            table.recurring,
            table.period,
            table.opens,
        )
        .where(_within(table, plan, ids))
        .order_by(table.id)
    )
    for row_id, task, key, due, lapses, origin, recurring, period, opens in session.execute(query):
        row_ids[task, key] = row_id
        found[task][key] = Occurrence(
            key=key,
            due=due,
            lapses=lapses,
            origin=_ORIGINS[origin],
            recurring=recurring,
            period=period,
            opens=opens,
        )
    return found, row_ids


def _shares(
    session: Session,
    plan: PlanRow | None,
    ids: tuple[int, ...] | None,
    names: dict[int, str],
    choice: ColumnElement[bool] | None,
) -> tuple[dict[int, dict[ShareKey, Share]], dict[ShareKey, int]]:
    found: dict[int, dict[ShareKey, Share]] = defaultdict(dict)
    row_ids: dict[ShareKey, int] = {}
    query = (
        select(OccurrenceRow.key, *ShareRow.__table__.columns)
        .join(OccurrenceRow, OccurrenceRow.id == ShareRow.occurrence_id)
        .where(_within(ShareRow, plan, ids))
        .order_by(ShareRow.occurrence_id, ShareRow.id)
    )
    if choice is not None:
        query = query.where(choice)
    for row in session.execute(query):
        key = ShareKey(names[row.task_id], row.key, row.unit)
        found[row.task_id][key] = share_of(row, key)
        row_ids[key] = row.id
    return found, row_ids


def share_of(row: Row[Any], key: ShareKey) -> Share:
    """Return a share from its row, under the key the names of plan, task and occurrence make."""
    return Share(
        key=key,
        role=_ROLES[row.role],
        due=row.due,
        lapses=row.lapses,
        first_due=row.first_due,
        recurring=row.recurring,
        period=row.period,
        epoch=row.epoch,
        epoch_began=row.epoch_began,
        epoch_cause=_CAUSES[row.epoch_cause],
        before_tracking=row.before_tracking,
        officer=row.officer,
        report=from_json(ReportFact, row.report) if row.report else None,
        accepted_on=row.accepted_on,
        product_date_counts=row.product_date_counts,
        waiting=from_json(Waiting, row.waiting) if row.waiting else None,
        holds=from_json(DAYS, row.holds) if row.holds else (),
        expected=row.expected,
        request=from_json(Request, row.request) if row.request else None,
        extensions=from_json(EXTENSIONS, row.extensions) if row.extensions else (),
        snoozed_until=row.snoozed_until,
        withdrawn_on=row.withdrawn_on,
        measures=from_json(MEASURES, row.measures) if row.measures else (),
    )


def _facts(
    task: Row[Any],
    name: str,
    owners: list[OwnerRef],
    opened: dict[str, Occurrence],
    shares: dict[ShareKey, Share],
) -> TaskFacts:
    return TaskFacts(
        id=name,
        row=task.row,
        text=task.current_text,
        section=task.current_section,
        group=task.current_group,
        product=task.current_product,
        deadline=from_json(Deadline, task.deadline),
        owners=tuple(owners),
        active=task.active,
        planned=from_json(OCCURRENCES, task.planned),
        opened=opened,
        shares=shares,
        closing=from_json(Closing, task.closing) if task.closing else None,
        targets=from_json(TARGETS, task.current_targets) if task.current_targets else (),
        arisen=from_json(ARISEN, task.arisen) if task.arisen else (),
    )
