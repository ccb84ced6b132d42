"""Handing over: everything a person answers for goes to another, through the journal."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from storage import journal, ledger
from storage.directory_values import UNIT
from storage.holding import alone_at
from storage.office_journal import Made, change
from storage.people import load_directory, person_or_refuse
from storage.schema import LetterRow, NoticeRow, PlanRow, ShareRow, TaskRow
from storage.unit_events import record_of_unit
from storage.unit_settables import UnitSettable
from tasks_catalog.audience import Audience
from tasks_catalog.decisions import Reassign
from tasks_catalog.facts import Document
from tasks_catalog.ladder import NoticeState
from tasks_catalog.people import Person
from tasks_catalog.problem import Refused
from tasks_catalog.task import task_id

FOCAL_POINT = "focal_point"
"""Kind of the journal's line; never renamed."""
_OWN = (str(Audience.OWNER), str(Audience.CO_OWNER))


class HandOverRefused(Refused):
    """The two people named cannot hand over to each other."""


@dataclass(frozen=True, kw_only=True)
class HandedOver:
    """What moved; nothing where everything had been handed over before."""

    giver: str
    taker: str
    tasks: tuple[str, ...]
    """Tasks with a share whose officer is another now."""
    focal_points: tuple[str, ...]
    """Units the taker answers for now."""
    kept: tuple[str, ...]
    """Units the giver still answers for: the taker, of another unit, cannot be their focal point."""
    cancelled: int
    """Lines that waited for the giver; the taker hears the latest rung of each share instead."""


def hand_over(
    session: Session,
    organisation_id: int,
    giver: str,
    taker: str,
    *,
    by: str,
    at: datetime,
    document: Document | None = None,
    note: str = "",
    anyway: bool = False,
) -> HandedOver:
    """Give the taker every live share the giver is the officer of, and the units he is focal point of.

    Posts (head, coordinator ...) are the directory's to say. Raises HandOverRefused when the taker has
    left, is the giver, or is of another unit (unless ``anyway``); Refused (person_unknown).
    """
    alone_at(session, organisation_id)  # the office before its plans, as whoever sets the directory does
    directory = load_directory(session, organisation_id)
    old, new = person_or_refuse(giver, directory), person_or_refuse(taker, directory)
    _check(old, new, anyway=anyway)
    moved = _reassign(session, organisation_id, old, new, by=by, at=at, document=document, note=note)
    answered = tuple(unit for unit, person in directory.focal_points.items() if person == old.code)
    taken = tuple(unit for unit in answered if unit == new.unit)
    cancelled = _cancel_waiting(session, organisation_id, old, taken, at=at)
    for unit in taken:
        _take_focal_point(session, organisation_id, unit, old, new, by=by, at=at, document=document)
    return HandedOver(
        giver=old.code,
        taker=new.code,
        tasks=moved,
        focal_points=taken,
        kept=tuple(unit for unit in answered if unit not in taken),
        cancelled=cancelled,
    )


def _check(old: Person, new: Person, *, anyway: bool) -> None:
    if old.code == new.code:
        raise HandOverRefused("hand_over_to_himself", name=old.name)
    if not new.active:
        raise HandOverRefused("hand_over_to_inactive", name=new.name)
    if old.unit != new.unit and not anyway:
        raise HandOverRefused(
            "hand_over_other_unit", giver=old.name, unit=old.unit, taker=new.name, other=new.unit
        )


def _reassign(
    session: Session,
    organisation_id: int,
    old: Person,
    new: Person,
    *,
    by: str,
    at: datetime,
    document: Document | None,
    note: str,
) -> tuple[str, ...]:
    """Record one decision a task and unit; return the tasks."""
    held = (
        select(TaskRow, PlanRow.number, ShareRow.unit)
        .join(ShareRow, ShareRow.task_id == TaskRow.id)
        .join(PlanRow, PlanRow.id == TaskRow.plan_id)
        .where(
            PlanRow.organisation_id == organisation_id,
            PlanRow.state != "ended",
            ShareRow.officer == old.code,
            ShareRow.is_live,
        )
    )
    moved: dict[str, None] = {}
    found = session.execute(held.order_by(TaskRow.id, ShareRow.unit)).tuples().all()
    for task, number, unit in dict.fromkeys(found):  # a task may have several shares of the unit open
        decision = Reassign(from_unit=unit, to_unit=unit, officer=new.code, from_officer=old.code)
        journal.record(session, task, decision, by=by, at=at, on=at.date(), document=document, note=note)
        moved[task_id(number, task.row)] = None
    return tuple(moved)


def _take_focal_point(
    session: Session,
    organisation_id: int,
    unit: str,
    old: Person,
    new: Person,
    *,
    by: str,
    at: datetime,
    document: Document | None,
) -> None:
    settable = UnitSettable()
    now = settable.read(session, organisation_id, unit)
    if now is not None:
        made = Made(by=by, at=at, note=document.number if document else "")
        change(session, organisation_id, settable, UNIT, unit, {**now, "focal_point": new.code}, made=made)
    payload = {"unit": unit, "before": old.code, "focal_point": new.code}
    record_of_unit(session, organisation_id, FOCAL_POINT, unit, payload, by=by, at=at, document=document)


def _cancel_waiting(
    session: Session, organisation_id: int, old: Person, units: Iterable[str], *, at: datetime
) -> int:
    """Cancel what waits for the giver about work that is the taker's now.

    A letter being posted this moment keeps its lines: they are told, and settled as told.
    """
    query = (
        select(NoticeRow.id)
        .join(ShareRow, ShareRow.id == NoticeRow.share_id)
        .outerjoin(LetterRow, LetterRow.id == NoticeRow.letter_id)
        .where(
            NoticeRow.organisation_id == organisation_id,
            NoticeRow.person == old.code,
            NoticeRow.state == str(NoticeState.WAITING),
            NoticeRow.audience.in_(_OWN),
            or_(
                and_(NoticeRow.route == "officer", ShareRow.officer != old.code),
                and_(NoticeRow.route == "focal_point", ShareRow.unit.in_(tuple(units))),
            ),
            or_(LetterRow.id.is_(None), LetterRow.state != "posting"),
        )
    )
    waiting = session.scalars(query).all()
    return ledger.settle(session, waiting, NoticeState.CANCELLED, at=at)
