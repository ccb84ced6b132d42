"""Answers by mail that wait for the coordinator: who says what about which task, and what one click does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from board.view import View
from storage import answers
from storage.answers import AnswerLine, AnswerState
from storage.schema import AnswerRow

EXCERPT = 400


@dataclass(frozen=True, kw_only=True)
class AnswerShown:
    """One answer: when, who, about what, and what it seems to say."""

    number: int
    received: str
    who: str
    sender: str
    """Whether it came from the reader's own address."""
    task: str
    task_href: str
    reading: str
    words: str
    can_be_confirmed: bool
    """Whether one click says enough to record it as read."""


@dataclass(frozen=True, kw_only=True)
class AnswersPage:
    """The answers that wait, the oldest first."""

    waiting: tuple[AnswerShown, ...]
    base: str
    """Where the buttons post to."""


def answers_page(view: View) -> AnswersPage:
    found = answers.list_answers(view.session, view.organisation_id, states=(AnswerState.OPEN.value,))
    base = f"{view.links.base_url.rstrip('/')}/answers"
    return AnswersPage(waiting=tuple(_shown(line, view) for line in found), base=base)


def _shown(line: AnswerLine, view: View) -> AnswerShown:
    answer = line.answer
    plan, _, row = line.task.rpartition("/")
    text = " ".join(answer.text.split())
    return AnswerShown(
        number=answer.id,
        received=view.moment(answer.received_at),
        who=view.person(answer.person) if answer.person else answer.sender,
        sender=view.say(f"answer_from_{answer.sender_is}"),
        task=line.task or view.say("answer_no_task"),
        task_href=view.links.task(plan, int(row)) if line.task else "",
        reading="; ".join(reading_of(answer, view)),
        words=text[:EXCERPT] + ("…" if len(text) > EXCERPT else ""),
        can_be_confirmed=_can_be_confirmed(line),
    )


def _can_be_confirmed(line: AnswerLine) -> bool:
    """Say whether one click says enough: the task is clear, what is meant, and its day where it needs one."""
    needs_day = line.answer.kind != "done"
    return (
        bool(line.task)
        and line.answer.kind in answers.MEANS
        and (not needs_day or bool(line.answer.fields.get("day")))
    )


def reading_of(answer: AnswerRow, view: View) -> Iterator[str]:
    """Yield what was read out of an answer."""
    yield view.say(f"answer_kind_{answer.kind}")
    document, issued, day = (answer.fields.get(key) for key in ("document", "issued", "day"))
    if document and issued:
        yield view.say("answer_read_document_dated", document=document, issued=issued)
    elif document:
        yield view.say("answer_read_document", document=document)
    if day:
        yield view.say("answer_read_day", day=day)
    if answer.files:
        yield view.say("answer_files", files=len(answer.files))


def waiting_sentence(answer: AnswerRow, view: View) -> str:
    """Say on a task's page that an answer about it waits."""
    on, reading = view.local(answer.received_at).date(), "; ".join(reading_of(answer, view))
    return view.say("board_answer_waits", number=answer.id, reading=reading, on=on)
