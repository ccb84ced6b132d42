"""What waits for a decision: counted with its oldest day, and listed, never more than a page of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, Select, func, literal, null, select
from sqlalchemy.orm import Session

from storage.counted_rows import TaskStanding
from storage.counting import RANKS
from storage.directory_rows import PersonRow
from storage.facts import unconfirmed
from storage.inbox_rows import AnswerRow, DeadAddress
from storage.schema import LetterRow, PlanRow, Question, ShareRow, TaskRow
from tasks_catalog.problem import Weight
from tasks_catalog.standing import StandingKind

MOST_COUNTED = 1000
"""Beyond it a group is called "more than 1000": nobody decides as many in a day, and counting costs."""


class Wait(StrEnum):
    """Why somebody must decide, in the order it is shown."""

    ACCEPT = "accept"
    EXTENSION = "extension"
    ANSWER = "answer"
    QUESTION = "question"
    ARISEN = "arisen"
    CONDITION = "condition"
    LETTER = "letter"
    ADDRESS = "address"

    @property
    def is_of_office(self) -> bool:
        """Letters and addresses belong to no plan."""
        return self in (Wait.LETTER, Wait.ADDRESS)


_BY_ROW = (Wait.QUESTION, Wait.ARISEN, Wait.CONDITION)
"""What is listed in the plan's own order."""


@dataclass(frozen=True, kw_only=True)
class Waits:
    """How much waits for one reason, and since when; ``more`` where it is beyond what is counted."""

    kind: Wait
    number: int
    more: bool
    oldest: date | None


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """One thing that waits: a share, an answer, a question, a task, a letter or a person."""

    kind: Wait
    id: int
    since: date | None
    plan: str = ""
    row: int | None = None
    text: str = ""
    about: str = ""
    """The unit, the sender, the question's code, the deadline's words or the letter's state."""
    params: Mapping[str, Any] = field(default_factory=dict)
    """What a question quotes; for an extension asked, the request."""


def waits(
    session: Session, organisation_id: int, plans: Sequence[PlanRow], zone: tzinfo | None
) -> tuple[Waits, ...]:
    """Return every reason with its number; at most ``MOST_COUNTED`` rows of each are looked at."""
    return tuple(_counted(session, kind, _of(kind, organisation_id, plans), zone) for kind in Wait)


def _counted(session: Session, kind: Wait, query: Select[Any], zone: tzinfo | None) -> Waits:
    some = query.order_by(None).limit(MOST_COUNTED + 1).subquery()
    number, oldest = session.execute(select(func.count(), func.min(some.c.since)).select_from(some)).one()
    more = number > MOST_COUNTED
    since = None if more else _day(oldest, zone)
    return Waits(kind=kind, number=min(number, MOST_COUNTED), more=more, oldest=since)


def waiting(
    session: Session,
    kind: Wait,
    organisation_id: int,
    plans: Sequence[PlanRow],
    zone: tzinfo | None,
    *,
    most: int,
) -> tuple[Waiting, ...]:
    """Return what waits for one reason, the first ``most`` in the order it came.

    Where more than ``MOST_COUNTED`` wait it is the first of some of them: to put all in order takes longer
    than anybody waits for a page.
    """
    numbers = {plan.id: plan.number for plan in plans}
    some = _of(kind, organisation_id, plans).order_by(None).limit(MOST_COUNTED + 1).subquery()
    order = (some.c.plan_id, some.c.row, some.c.id) if kind in _BY_ROW else (some.c.id,)
    rows = session.execute(select(some).order_by(*order).limit(most))
    return tuple(_line(kind, row, numbers, zone) for row in rows)


def _line(kind: Wait, row: Row[Any], numbers: dict[int, str], zone: tzinfo | None) -> Waiting:
    return Waiting(
        kind=kind,
        id=row.id,
        since=_day(row.since, zone),
        plan=numbers.get(row.plan_id, ""),
        row=row.row,
        text=row.text or "",
        about=row.about or "",
        params=row.params or {},
    )


def _of(kind: Wait, organisation_id: int, plans: Iterable[PlanRow]) -> Select[Any]:
    ids = [plan.id for plan in plans]
    match kind:
        case Wait.ACCEPT:
            return _shares(ids, ShareRow.report["on"].as_string()).where(
                unconfirmed(), ShareRow.is_live.is_(False)
            )
        case Wait.EXTENSION:
            # not "is_live", which SQLite would look up instead of the few that asked
            asked = ShareRow.request.is_not(None) & ShareRow.report.is_(None)
            asked &= ShareRow.withdrawn_on.is_(None)
            return _shares(ids, ShareRow.request["on"].as_string()).where(asked)
        case Wait.ANSWER:
            return _answers(organisation_id, ids)
        case Wait.QUESTION:
            return _questions(ids)
        case Wait.ARISEN:
            return _said(organisation_id, ids)
        case Wait.CONDITION:
            return _conditions(ids)
        case Wait.LETTER:
            return _letters(organisation_id)
        case Wait.ADDRESS:
            return _addresses(organisation_id)


def _shares(plans: list[int], since: Any) -> Select[Any]:
    return (
        select(
            ShareRow.id,
            since.label("since"),
            ShareRow.plan_id,
            TaskRow.row,
            TaskRow.current_text.label("text"),
            ShareRow.unit.label("about"),
            ShareRow.request.label("params"),
        )
        .join(TaskRow, TaskRow.id == ShareRow.task_id)
        .where(ShareRow.plan_id.in_(plans))
        .order_by(ShareRow.id)
    )


def _answers(organisation_id: int, plans: list[int]) -> Select[Any]:
    """Answers about no task clear belong to every plan: somebody must say what they are about."""
    return (
        select(
            AnswerRow.id,
            AnswerRow.received_at.label("since"),
            TaskRow.plan_id,
            TaskRow.row,
            TaskRow.current_text.label("text"),
            func.coalesce(AnswerRow.person, AnswerRow.sender).label("about"),
            null().label("params"),
        )
        .outerjoin(TaskRow, TaskRow.id == AnswerRow.task_id)
        .where(AnswerRow.organisation_id == organisation_id, AnswerRow.state == "open")
        .where(AnswerRow.task_id.is_(None) | TaskRow.plan_id.in_(plans))
        .order_by(AnswerRow.id)
    )


def _questions(plans: list[int]) -> Select[Any]:
    return (
        select(
            Question.id,
            PlanRow.imported_at.label("since"),
            Question.plan_id,
            TaskRow.row,
            TaskRow.current_text.label("text"),
            Question.code.label("about"),
            Question.params.label("params"),
        )
        .join(TaskRow, TaskRow.id == Question.task_id)
        .join(PlanRow, PlanRow.id == Question.plan_id)
        .where(Question.plan_id.in_(plans), Question.answered_by_event.is_(None))
        .where(Question.weight == str(Weight.QUESTION))
        .order_by(Question.plan_id, TaskRow.row, Question.id)
    )


def _said(organisation_id: int, plans: list[int]) -> Select[Any]:
    """Tasks whose unit says that what they wait for arose; the first that said so counts for its day.

    Few say so: they are found by their own index, and only then is looked of which plan they are.
    """
    return (
        select(
            TaskRow.id,
            TaskRow.arisen[0]["on"].as_string().label("since"),
            TaskRow.plan_id,
            TaskRow.row,
            TaskRow.current_text.label("text"),
            TaskRow.arisen[0]["unit"].as_string().label("about"),
            TaskRow.arisen[0].label("params"),
        )
        .join(PlanRow, PlanRow.id == TaskRow.plan_id)
        .where(TaskRow.organisation_id == organisation_id, TaskRow.arisen.is_not(None))
        .where((TaskRow.plan_id + 0).in_(plans), TaskRow.closing.is_(None), PlanRow.state == "active")
        .order_by(TaskRow.plan_id, TaskRow.row)
    )


def _conditions(plans: list[int]) -> Select[Any]:
    """Tasks that wait for an event or an outside schedule: no date of their own, and nothing opened.

    That is just what counts as not arisen, so the counted standings find them.
    """
    return (
        select(
            TaskRow.id,
            PlanRow.activated_on.label("since"),
            TaskRow.plan_id,
            TaskRow.row,
            TaskRow.current_text.label("text"),
            TaskRow.deadline_text.label("about"),
            null().label("params"),
        )
        .select_from(TaskStanding)
        .join(TaskRow, TaskRow.id == TaskStanding.task_id)
        .join(PlanRow, PlanRow.id == TaskStanding.plan_id)
        .where(TaskStanding.plan_id.in_(plans), TaskStanding.rank == RANKS[str(StandingKind.NOT_ARISEN)])
        .where(TaskRow.active, TaskRow.arisen.is_(None), PlanRow.state == "active")
        .order_by(TaskStanding.plan_id, TaskStanding.row)
    )


def _letters(organisation_id: int) -> Select[Any]:
    return (
        select(
            LetterRow.id,
            LetterRow.created_at.label("since"),
            null().label("plan_id"),
            null().label("row"),
            LetterRow.person.label("text"),
            LetterRow.state.label("about"),
            null().label("params"),
        )
        .where(LetterRow.organisation_id == organisation_id, LetterRow.state.in_(("dead", "unknown")))
        .order_by(LetterRow.id)
    )


def _addresses(organisation_id: int) -> Select[Any]:
    return (
        select(
            DeadAddress.id,
            DeadAddress.since.label("since"),
            null().label("plan_id"),
            null().label("row"),
            PersonRow.code.label("text"),
            literal("").label("about"),
            null().label("params"),
        )
        .join(
            PersonRow,
            (PersonRow.organisation_id == DeadAddress.organisation_id)
            & (PersonRow.email_key == DeadAddress.email_key),
        )
        .where(
            DeadAddress.organisation_id == organisation_id,
            DeadAddress.cleared_at.is_(None),
            PersonRow.active,
        )
        .order_by(DeadAddress.id)
    )


def _day(value: date | datetime | str | None, zone: tzinfo | None) -> date | None:
    if isinstance(value, datetime):
        return value.astimezone(zone).date()
    return date.fromisoformat(value) if isinstance(value, str) else value
