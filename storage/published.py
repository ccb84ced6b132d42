"""What stands in people's calendars: the events letters put there, and which of them hold no longer."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session

from storage.schema import OccurrenceRow, PlanRow, PublishedEvent, ShareRow, TaskRow
from storage.upsert import insert_or_renew
from tasks_catalog.audience import answers_for
from tasks_catalog.occurrence import Role
from tasks_catalog.people import Directory

_ONCE = ("organisation_id", "person", "uid")
_RENEWED = ("method", "sequence", "base", "due", "summary", "letter_id", "at")


class Method(StrEnum):
    """What a letter said of an event (RFC 5546)."""

    PUBLISH = "PUBLISH"
    CANCEL = "CANCEL"


class Of(NamedTuple):
    """What an event is about: a share, by its task's row and occurrence, or a sheet, by its period."""

    plan_id: int
    unit: str
    row: int | None = None
    occurrence: str | None = None
    period: str | None = None


@dataclass(frozen=True, kw_only=True)
class Published:
    """An event as a calendar holds it after a letter."""

    uid: str
    of: Of
    method: Method
    sequence: int
    base: int
    """The sequence the facts alone gave it."""
    due: date
    summary: str


def heard(
    session: Session, organisation_id: int, person: str, uids: Collection[str]
) -> Mapping[str, Published]:
    """Return what stands in the person's calendar, and whatever it last heard of the events ``uids``."""
    told = or_(PublishedEvent.method == str(Method.PUBLISH), PublishedEvent.uid.in_(uids))
    query = _of_person(organisation_id, person).where(told).order_by(PublishedEvent.id)
    return {row.uid: _published(row) for row in session.scalars(query)}


def gone(
    session: Session,
    organisation_id: int,
    person: str,
    directory: Directory,
    standing: Collection[Published],
) -> tuple[Published, ...]:
    """Return which of the events standing in the person's calendar are his to do no longer.

    That is what was reported, closed, withdrawn or given to another.
    """
    if not standing:
        return ()
    still = _still_theirs(session, organisation_id, person, directory, [each.uid for each in standing])
    return tuple(each for each in standing if each.uid not in still)


def _still_theirs(
    session: Session, organisation_id: int, person: str, directory: Directory, uids: Collection[str]
) -> frozenset[str]:
    """Return the events with a share that is owed as it was told, by this person."""
    query = (
        select(PublishedEvent.uid, ShareRow.unit, ShareRow.officer)
        .join(PlanRow, PlanRow.id == PublishedEvent.plan_id)
        .join(TaskRow, TaskRow.plan_id == PlanRow.id)
        .join(ShareRow, and_(ShareRow.task_id == TaskRow.id, ShareRow.unit == PublishedEvent.unit))
        .join(OccurrenceRow, OccurrenceRow.id == ShareRow.occurrence_id)
        .where(
            PublishedEvent.organisation_id == organisation_id,
            PublishedEvent.person == person,
            PublishedEvent.uid.in_(uids),
            PlanRow.state == "active",
            TaskRow.closing.is_(None),
            ShareRow.organisation_id == organisation_id,
            ShareRow.role == str(Role.OWNER),
            ShareRow.is_live.is_(True),
        )
    )
    # Asked one after the other: each finds its shares by an index of its own.
    found = [
        *session.execute(query.where(_is_the_share())).tuples(),
        *session.execute(query.where(_is_on_the_sheet())).tuples(),
    ]
    return frozenset(
        event
        for event, unit, officer in found
        if (reader := answers_for(unit, officer, directory)) is not None and reader.code == person
    )


def _is_the_share() -> ColumnElement[bool]:
    return and_(
        TaskRow.row == PublishedEvent.row,
        OccurrenceRow.key == PublishedEvent.occurrence,
        or_(ShareRow.period.is_(None), ShareRow.due != ShareRow.first_due),
    )


def _is_on_the_sheet() -> ColumnElement[bool]:
    return and_(ShareRow.period == PublishedEvent.period, ShareRow.due == ShareRow.first_due)


def keep(
    session: Session,
    organisation_id: int,
    person: str,
    letter_id: int,
    events: Iterable[Published],
    *,
    at: datetime,
) -> None:
    """Keep what a letter that was handed over said to its reader's calendar."""
    rows = [
        {
            "organisation_id": organisation_id,
            "person": person,
            "uid": event.uid,
            **event.of._asdict(),
            "method": str(event.method),
            "sequence": event.sequence,
            "base": event.base,
            "due": event.due,
            "summary": event.summary,
            "letter_id": letter_id,
            "at": at,
        }
        for event in events
    ]
    if rows:
        session.execute(insert_or_renew(session, PublishedEvent, _ONCE, _RENEWED), rows)


def _of_person(organisation_id: int, person: str) -> Select[tuple[PublishedEvent]]:
    return select(PublishedEvent).where(
        PublishedEvent.organisation_id == organisation_id, PublishedEvent.person == person
    )


def _published(row: PublishedEvent) -> Published:
    return Published(
        uid=row.uid,
        of=Of(row.plan_id, row.unit, row.row, row.occurrence, row.period),
        method=Method(row.method),
        sequence=row.sequence,
        base=row.base,
        due=row.due,
        summary=row.summary,
    )
