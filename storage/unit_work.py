"""One unit's work, found among all by index: what is due when, what is asked, which sheets are open.

Nothing here reads a whole plan; every list is bounded, so that a page costs the same however much the
record holds. Shares of closed and suspended tasks, and of plans not at work, are left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, case, func, or_, select
from sqlalchemy.orm import Session

from storage.codec import TARGETS, from_json
from storage.facts import gather, share_of
from storage.schema import OccurrenceRow, PlanRow, ShareRow, TaskRow
from tasks_catalog.deadline import Deadline
from tasks_catalog.facts import Closing, ReportFact, Share, TaskFacts
from tasks_catalog.occurrence import Role, ShareKey
from tasks_catalog.task import task_id

NOBODY = "-"
"""In place of an officer's code: what no officer has been given."""
_DONE_LOOKED_AT = 60
"""Shares looked at for what was reported lately, the last due first."""
_SOONEST = (ShareRow.lapses, ShareRow.officer, ShareRow.id)
"""As ``ix_share_work`` has them, so that a limit stops the reading."""


@dataclass(frozen=True, kw_only=True)
class Whose:
    """Whose work of a unit: everybody's, one officer's alone, or (``member``) his and nobody's."""

    organisation_id: int
    unit: str
    member: str | None = None
    officer: str | None = None

    @property
    def chosen(self) -> tuple[ColumnElement[bool], ...]:
        base = (ShareRow.organisation_id == self.organisation_id, ShareRow.unit == self.unit)
        if self.officer is not None:
            is_his = (
                ShareRow.officer.is_(None) if self.officer == NOBODY else ShareRow.officer == self.officer
            )
            return (*base, is_his)
        if self.member is not None:
            return (*base, or_(ShareRow.officer.is_(None), ShareRow.officer == self.member))
        return base


@dataclass(frozen=True, kw_only=True)
class Work:
    """One share with its task's words; of the task's shares it holds this one alone."""

    id: int
    plan: PlanRow
    task: TaskFacts
    share: Share


@dataclass(frozen=True, kw_only=True)
class OpenSheet:
    """A period's sheet of the unit with lines still open."""

    plan: PlanRow
    period: str
    open: int
    lapses: date
    """The earliest last on-time day of its open lines."""


@dataclass(frozen=True, kw_only=True)
class OfficerLoad:
    """How much an officer has open and late; ``officer`` is None for what nobody was given."""

    officer: str | None
    open: int
    late: int


@dataclass(frozen=True, kw_only=True)
class SheetWork:
    """One line of a sheet, and what the unit reported for it the time before."""

    id: int
    task: TaskFacts
    share: Share
    before: ReportFact | None


def due_between(
    session: Session, whose: Whose, *, after: date | None, until: date | None, most: int
) -> tuple[Work, ...]:
    """Return shares owed that lapse after one day and by another, the soonest first; no lines of sheets,
    nor what waits for a higher authority or asks for time.
    """
    query = _work(whose).where(
        ShareRow.is_live,
        ShareRow.role == str(Role.OWNER),
        ShareRow.period.is_(None),
        ShareRow.waiting.is_(None),
        ShareRow.request.is_(None),
    )
    if after is not None:
        query = query.where(ShareRow.lapses > after)
    if until is not None:
        query = query.where(ShareRow.lapses <= until)
    return tuple(_read(session, query.order_by(*_SOONEST).limit(most)))


def helped_with(session: Session, whose: Whose, *, after: date, most: int) -> tuple[Work, ...]:
    """Return the open shares of a co-owner that lapse after a day: voluntary, and open for ever."""
    query = _work(whose).where(
        ShareRow.is_live,
        ShareRow.role == str(Role.CO_OWNER),
        ShareRow.period.is_(None),
        ShareRow.lapses > after,
        ShareRow.waiting.is_(None),
        ShareRow.request.is_(None),
    )
    return tuple(_read(session, query.order_by(*_SOONEST).limit(most)))


def asked(session: Session, whose: Whose, *, most: int) -> tuple[Work, ...]:
    """Return open shares that wait for a higher authority or ask for time."""
    pending = or_(ShareRow.waiting.is_not(None), ShareRow.request.is_not(None))
    query = _work(whose).where(ShareRow.is_live, pending, ShareRow.period.is_(None))
    return tuple(_read(session, query.order_by(*_SOONEST).limit(most)))


def done_since(session: Session, whose: Whose, day: date, *, most: int) -> tuple[Work, ...]:
    """Return shares reported since a day, the latest report first; of the last due alone."""
    query = _work(whose).where(~ShareRow.is_live, ShareRow.period.is_(None))
    query = query.where(ShareRow.withdrawn_on.is_(None))
    found = _read(session, query.order_by(ShareRow.lapses.desc()).limit(_DONE_LOOKED_AT))
    lately = [work for work in found if work.share.report and work.share.report.on >= day]
    return tuple(sorted(lately, key=_reported_on, reverse=True)[:most])


def _reported_on(work: Work) -> tuple[date, int]:
    return (work.share.report.on if work.share.report else date.min, work.id)


def open_sheets(session: Session, whose: Whose, *, most: int) -> tuple[OpenSheet, ...]:
    """Return the sheets with lines still owed, the soonest first."""
    last = func.min(ShareRow.lapses).label("lapses")
    query = (
        select(ShareRow.plan_id, ShareRow.period, func.count().label("open"), last)
        .where(*whose.chosen, ShareRow.is_live, ShareRow.period.is_not(None))
        .where(ShareRow.role == str(Role.OWNER))
        .group_by(ShareRow.plan_id, ShareRow.period)
        .order_by(last)
        .limit(most)
    )
    found = []
    rows = session.execute(query).tuples().all()
    chosen = select(PlanRow).where(PlanRow.id.in_({row[0] for row in rows}))
    plans = {plan.id: plan for plan in session.scalars(chosen)} if rows else {}
    for plan_id, period, number, lapses in rows:
        plan = plans[plan_id]
        if plan.state == "active" and period is not None:
            found.append(OpenSheet(plan=plan, period=period, open=number, lapses=lapses))
    return tuple(found)


def loads(session: Session, whose: Whose, today: date) -> tuple[OfficerLoad, ...]:
    """Return what each officer of the unit owes and has late, by code; nobody's first."""
    late = func.sum(case((ShareRow.lapses < today, 1), else_=0))
    found: dict[str | None, tuple[int, int]] = {}
    owned = ShareRow.role == str(Role.OWNER)
    for kind in (ShareRow.period.is_(None), ShareRow.period.is_not(None)):
        query = select(ShareRow.officer, func.count(), late)
        query = query.where(*whose.chosen, ShareRow.is_live, owned, kind)
        for officer, number, behind in session.execute(query.group_by(ShareRow.officer)).tuples():
            before = found.get(officer, (0, 0))
            found[officer] = (before[0] + number, before[1] + int(behind or 0))
    return tuple(
        OfficerLoad(officer=officer, open=number, late=behind)
        for officer, (number, behind) in sorted(found.items(), key=lambda item: item[0] or "")
    )


def find_work(session: Session, whose: Whose, share_id: int) -> Work | None:
    """Return one share of the unit by its number, open or reported; None for any other."""
    query = _work(whose, at_work=False).where(ShareRow.id == share_id, ShareRow.withdrawn_on.is_(None))
    return next(iter(_read(session, query)), None)


def sheet_of(session: Session, whose: Whose, plan: PlanRow, period: str) -> tuple[SheetWork, ...]:
    """Return the lines of a sheet, open and reported, in the plan's order, each with the time before."""
    query = select(ShareRow.id, ShareRow.task_id).where(
        *whose.chosen,
        ShareRow.is_live.in_((True, False)),  # so that the index goes on to the plan
        ShareRow.plan_id == plan.id,
        ShareRow.period == period,
        ShareRow.role == str(Role.OWNER),
        ShareRow.withdrawn_on.is_(None),
    )
    mine = dict(session.execute(query).tuples().all())
    if not mine:
        return ()
    of_unit = ShareRow.unit == whose.unit
    gathered = gather(session, plan, task_ids=sorted(set(mine.values())), choice=of_unit)
    keys = {row: key for key, row in gathered.share_ids.items() if row in mine}
    lines = [
        SheetWork(id=row, task=task, share=task.shares[key], before=_before(task, task.shares[key]))
        for row, key in keys.items()
        for task in (gathered.facts[mine[row]],)
        if task.closing is None
    ]
    return tuple(sorted(lines, key=lambda line: line.task.row))


def _before(task: TaskFacts, share: Share) -> ReportFact | None:
    """Return what the unit reported for the latest period before this one."""
    told = [one for one in task.current_shares if one.first_due < share.first_due and one.report]
    return max(told, key=lambda one: one.first_due).report if told else None


def _work(whose: Whose, *, at_work: bool = True) -> Select[Any]:
    query = (
        select(
            PlanRow,
            TaskRow.row,
            TaskRow.current_text,
            TaskRow.current_product,
            TaskRow.deadline,
            TaskRow.closing,
            TaskRow.current_targets,
            OccurrenceRow.key,
            *ShareRow.__table__.columns,
        )
        .select_from(ShareRow)
        .join(OccurrenceRow, OccurrenceRow.id == ShareRow.occurrence_id)
        .join(TaskRow, TaskRow.id == ShareRow.task_id)
        .join(PlanRow, PlanRow.id == ShareRow.plan_id)
        .where(*whose.chosen, PlanRow.state == "active")
    )
    return query.where(TaskRow.closing.is_(None)) if at_work else query


def _read(session: Session, query: Select[Any]) -> Iterator[Work]:
    for row in session.execute(query):
        yield _of(row)


def _of(row: Row[Any]) -> Work:
    name = task_id(row.PlanRow.number, row.row)
    key = ShareKey(name, row.key, row.unit)
    share = share_of(row, key)
    task = TaskFacts(
        id=name,
        row=row.row,
        text=row.current_text,
        product=row.current_product,
        deadline=from_json(Deadline, row.deadline),
        shares={key: share},
        closing=from_json(Closing, row.closing) if row.closing else None,
        targets=from_json(TARGETS, row.current_targets) if row.current_targets else (),
    )
    return Work(id=row.id, plan=row.PlanRow, task=task, share=share)
