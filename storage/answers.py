"""Answers by mail: kept as proposals, and made into decisions only by the coordinator, in one transaction.

What an answer says is recorded as its writer's decision, on the day it is confirmed; the day the mail came
in is the report's product date, which decides lateness only where the coordinator lets it count
(docs/decisions/0018).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from storage.desk import Desk
from storage.directory_rows import PersonRow
from storage.inbox_rows import AnswerRow, IncomingRow
from storage.schema import Event, LetterRow, PlanRow, TaskRow
from storage.tasks import task_or_refuse
from tasks_catalog.facts import Document, Evidence, TaskFacts
from tasks_catalog.problem import Refused
from tasks_catalog.task import task_id

_EXCERPT = 300


class AnswerState(StrEnum):
    """What became of an answer."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"
    IGNORED = "ignored"


class ConfirmAs(StrEnum):
    """The decision an answer is confirmed as."""

    REPORT = "report"
    EXTEND = "extend"
    ACK = "ack"


MEANS = {"done": ConfirmAs.REPORT, "more_time": ConfirmAs.EXTEND, "acknowledged": ConfirmAs.ACK}


class AnswerRefused(Refused):
    """What was asked does not fit the answer, or there is no such answer."""


@dataclass(frozen=True, kw_only=True)
class Found:
    """What an answer is about, as far as it is clear."""

    letter: LetterRow | None = None
    task: TaskRow | None = None
    unit: str | None = None
    occurrence: str | None = None


@dataclass(frozen=True, kw_only=True)
class Choice:
    """What the coordinator says beyond the answer; None leaves what was read out of it."""

    confirm_as: ConfirmAs | None = None
    task: str | None = None
    unit: str | None = None
    document: Document | None = None
    to: date | None = None
    accept: bool = False
    """Accept the report at once, and let the day the mail came in decide lateness."""
    mail_named: str
    """How the record names the mail, among the evidence."""


@dataclass(frozen=True, kw_only=True)
class AnswerLine:
    """An answer with what is shown of it."""

    answer: AnswerRow
    task: str
    """The task's id; "" where none is clear."""


def keep(
    session: Session,
    organisation_id: int,
    incoming_id: int,
    found: Found,
    *,
    received_at: datetime,
    sender: str,
    kind: str,
    fields: Mapping[str, Any],
    subject: str,
    text: str,
    files: Sequence[Mapping[str, Any]],
) -> AnswerRow:
    """Keep an answer, open, with who wrote it as the directory knows the address."""
    person = _writer(session, organisation_id, sender)
    row = AnswerRow(
        organisation_id=organisation_id,
        incoming_id=incoming_id,
        received_at=received_at,
        sender=sender,
        sender_is=_sender_is(person, sender, found.letter),
        person=person,
        letter_id=found.letter.id if found.letter else None,
        task_id=found.task.id if found.task else None,
        unit=found.unit,
        occurrence=found.occurrence,
        kind=kind,
        fields=dict(fields),
        subject=subject,
        text=text,
        files=[dict(each) for each in files],
        state=str(AnswerState.OPEN),
        note="",
    )
    session.add(row)
    session.flush()
    return row


def _writer(session: Session, organisation_id: int, sender: str) -> str | None:
    """Return the active person whose address wrote."""
    query = select(PersonRow.code).where(
        PersonRow.organisation_id == organisation_id,
        PersonRow.email_key == sender.casefold(),
        PersonRow.active,
    )
    return session.scalar(query)


def _sender_is(person: str | None, sender: str, letter: LetterRow | None) -> str:
    if letter is not None and (
        person == letter.person or (letter.address and sender.casefold() == letter.address.casefold())
    ):
        return "reader"
    return "colleague" if person is not None else "stranger"


def list_answers(
    session: Session, organisation_id: int, *, states: Sequence[str] | None = None
) -> tuple[AnswerLine, ...]:
    """Return the answers in the order they came, each with its task."""
    query = (
        select(AnswerRow, PlanRow.number, TaskRow.row)
        .outerjoin(TaskRow, TaskRow.id == AnswerRow.task_id)
        .outerjoin(PlanRow, PlanRow.id == TaskRow.plan_id)
        .where(AnswerRow.organisation_id == organisation_id)
        .order_by(AnswerRow.id)
    )
    if states is not None:
        query = query.where(AnswerRow.state.in_(states))
    return tuple(
        AnswerLine(answer=answer, task=task_id(number, row) if number is not None else "")
        for answer, number, row in session.execute(query)
    )


def answer_or_refuse(session: Session, organisation_id: int, number: int) -> AnswerLine:
    """Return one answer. Raises AnswerRefused (answer_unknown)."""
    lines = list_answers(session, organisation_id)
    found = next((line for line in lines if line.answer.id == number), None)
    if found is None:
        raise AnswerRefused("answer_unknown", answer=number)
    return found


def open_of_task(session: Session, task: TaskRow) -> tuple[AnswerRow, ...]:
    """Return the answers about a task that wait to be confirmed."""
    query = select(AnswerRow).where(AnswerRow.task_id == task.id, AnswerRow.state == str(AnswerState.OPEN))
    return tuple(session.scalars(query.order_by(AnswerRow.id)))


def confirm(desk: Desk, number: int, choice: Choice) -> TaskFacts:
    """Record what an answer says, as its writer's decision; ``desk`` is the coordinator's, with the note.

    Of an address the directory does not know, the coordinator's own: nobody else can be said to have
    decided. Raises AnswerRefused, or DecisionRefused when it does not fit the facts; nothing is written then.
    """
    line = answer_or_refuse(desk.session, desk.organisation_id, number)
    answer = _closed(desk, number, AnswerState.CONFIRMED, desk.note)
    task = choice.task or line.task
    if not task:
        raise AnswerRefused("answer_task_needed", answer=number)
    how = choice.confirm_as or MEANS.get(answer.kind)
    if how is None:
        raise AnswerRefused("answer_kind_needed", answer=number)
    same = task == line.task
    unit = choice.unit or (answer.unit if same else None)
    writer = replace(desk, by=answer.person or desk.by)
    facts = _decided(writer, answer, choice, how, task, unit, answer.occurrence if same else None)
    row = task_or_refuse(desk.session, desk.organisation_id, task)
    newest = select(func.max(Event.id)).where(Event.task_id == row.id)
    answer.event_id, answer.task_id = desk.session.scalar(newest), row.id
    if choice.accept and how is ConfirmAs.REPORT:
        facts = desk.accept(task, unit, product_date=True, occurrence=answer.occurrence if same else None)
    desk.session.flush()
    return facts


def _decided(
    writer: Desk,
    answer: AnswerRow,
    choice: Choice,
    how: ConfirmAs,
    task: str,
    unit: str | None,
    occurrence: str | None,
) -> TaskFacts:
    if how is ConfirmAs.REPORT:
        return writer.report(
            task,
            unit,
            product_date=day_received(answer, writer),
            evidence=_evidence(writer, answer, choice),
            occurrence=occurrence,
        )
    day = choice.to or _day_read(answer)
    if day is None:
        raise AnswerRefused("answer_day_needed", answer=answer.id)
    if how is ConfirmAs.EXTEND:
        reason = " ".join(answer.text.split())[:_EXCERPT]
        asking = replace(writer, note=f"{writer.note}: {reason}" if reason else writer.note)
        return asking.ask_extension(task, unit, to=day)
    return writer.acknowledge(task, unit, expected=day)


def day_received(answer: AnswerRow, desk: Desk) -> date:
    """Return the local day the mail came in."""
    return answer.received_at.astimezone(desk.at.tzinfo).date()


def _evidence(writer: Desk, answer: AnswerRow, choice: Choice) -> list[Evidence]:
    """Return the paper named, the files that came along, and the mail itself by its digest."""
    document = choice.document or document_read(answer)
    incoming = writer.session.get_one(IncomingRow, answer.incoming_id)
    mail = Evidence(text=choice.mail_named, issued=day_received(answer, writer), sha256=incoming.sha256)
    paper = [Evidence(text=document.number, issued=document.issued)] if document else []
    files = [Evidence(text=str(each["name"]), sha256=str(each["sha256"])) for each in answer.files]
    return [*paper, *files, mail]


def document_read(answer: AnswerRow) -> Document | None:
    """Return the paper the answer's words name."""
    number, issued = answer.fields.get("document"), answer.fields.get("issued")
    return Document(number=number, issued=date.fromisoformat(issued) if issued else None) if number else None


def _day_read(answer: AnswerRow) -> date | None:
    day = answer.fields.get("day")
    return date.fromisoformat(day) if day else None


def set_aside(desk: Desk, number: int, state: AnswerState) -> None:
    """Close an answer without a decision: rejected, with the reason in the desk's note, or ignored."""
    if state is AnswerState.REJECTED and not desk.note:
        raise AnswerRefused("answer_reason_needed", answer=number)
    _closed(desk, number, state, desk.note)


def _closed(desk: Desk, number: int, state: AnswerState, note: str) -> AnswerRow:
    """Take an answer out of the open ones: of two people at once one does, the other is told."""
    query = (
        update(AnswerRow)
        .where(
            AnswerRow.id == number,
            AnswerRow.organisation_id == desk.organisation_id,
            AnswerRow.state == str(AnswerState.OPEN),
        )
        .values(state=str(state), decided_at=desk.at, decided_by=desk.by, note=note)
        .returning(AnswerRow)
        .execution_options(synchronize_session=False, populate_existing=True)
    )
    closed = desk.session.scalars(query).one_or_none()
    if closed is None:
        decided = answer_or_refuse(desk.session, desk.organisation_id, number).answer.decided_at
        on = decided.astimezone(desk.at.tzinfo).date() if decided else "-"
        raise AnswerRefused("answer_closed", answer=number, on=on)
    return closed
