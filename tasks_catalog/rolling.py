"""Next year's draft: last year's continuous, recurring and unfinished tasks, their dates moved by years."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from tasks_catalog.changes import Words
from tasks_catalog.deadline import DateRange, Deadline, Kind, canonical, read_deadline
from tasks_catalog.facts import ClosingKind, TaskFacts
from tasks_catalog.occurrence import Role
from tasks_catalog.people import Directory
from tasks_catalog.problem import Place, Problem
from tasks_catalog.standing import is_closed, standing_of
from tasks_catalog.task import PlanSettings, Task, UnitsWritten

ROLLED_REVIEW = "rolled_review"
"""Code of the question every drafted row asks: does it hold for the new year?"""
SOURCE, OLD_DEADLINE = "Nguồn", "Ghi chú thời hạn cũ"
"""Headings of the draft's extra columns: the task a row comes from, and its deadline's words then."""
_FORMULA = ("=", "+", "-", "@")


@dataclass(frozen=True, kw_only=True)
class LastYear:
    """A task of last year's plan: its words as last printed, and what is known of it."""

    words: Words
    facts: TaskFacts


def rolled(
    found: Iterable[LastYear], directory: Directory, settings: PlanSettings, *, year: int, as_of: date
) -> tuple[Task, ...]:
    """Return the draft's rows, numbered from 1. ``settings`` are last year's plan's, ``year`` the new one."""
    going_on = [task for task in found if goes_on(task.facts, settings, as_of)]
    return tuple(
        _drafted(row, task, directory, settings.year, year) for row, task in enumerate(going_on, start=1)
    )


def goes_on(task: TaskFacts, settings: PlanSettings, as_of: date) -> bool:
    """Say whether a task belongs into next year's draft.

    What was closed does not, but for what was put off; of the rest what recurs does, and what is not done.
    """
    if is_closed(task):
        return task.closing is not None and task.closing.kind is ClosingKind.POSTPONED
    return _recurs(task.deadline) or not standing_of(task, as_of=as_of, settings=settings).kind.is_done


def _recurs(deadline: Deadline) -> bool:
    return deadline.kind in (Kind.CONTINUOUS, Kind.EVERY) or any(map(_recurs, deadline.parts))


def _drafted(row: int, task: LastYear, directory: Directory, before: int, year: int) -> Task:
    """Return a row of the draft; its place is the row of last year's plan it comes from."""
    facts, words = task.facts, task.words
    deadline = moved_deadline(facts.deadline, before=before, year=year)
    params = {"task": facts.id, "before": words.deadline or "–", "after": deadline.text or "–"}
    place = Place(row=facts.row)
    return Task(
        row=row,
        stt=words.stt,
        section=facts.section,
        group=facts.group,
        objective=words.objective,
        text=facts.text,
        product=facts.product,
        lead=_named(facts, Role.OWNER, words.lead, directory),
        cooperating=_named(facts, Role.CO_OWNER, words.cooperating, directory),
        deadline=deadline,
        extra={SOURCE: facts.id, OLD_DEADLINE: words.deadline},
        problems=(Problem(code=ROLLED_REVIEW, params=params, where=place),),
        place=place,
    )


def _named(facts: TaskFacts, role: Role, printed: str, directory: Directory) -> UnitsWritten:
    """Return the units that hold the task by the end of the year; where none is known, the words printed."""
    names = tuple(
        owner.name
        for ref in facts.owners
        if ref.role is role
        for owner in (directory.group(ref.code) if ref.collective else directory.unit(ref.code),)
        if owner is not None
    )
    if names or facts.owners:
        return UnitsWritten(text="; ".join(names), units=names)
    return UnitsWritten(text=printed, units=(printed,) if printed else ())


def moved_deadline(deadline: Deadline, *, before: int, year: int) -> Deadline:
    """Return a deadline of the plan of ``before`` as one of ``year``, in the plain words of its reading.

    What lies beyond last year, or is open-ended, stays; an unclear one is read as its only proposal. Where
    nothing moves the words stay as they are.
    """
    moved = _moved(_as_proposed(deadline), year - before, until=date(before, 12, 31))
    if moved == deadline:
        return deadline
    words = canonical(moved)
    again = read_deadline(words, year=year)
    return again if again.kind is moved.kind else replace(moved, text=words)


def _as_proposed(deadline: Deadline) -> Deadline:
    if deadline.kind is not Kind.UNCLEAR or len(deadline.dates) != 1:
        return deadline
    one_day = deadline.dates[0].start in (None, deadline.dates[0].to)
    dates = (DateRange(None, deadline.dates[0].to),) if one_day else deadline.dates
    return replace(deadline, kind=Kind.BY if one_day else Kind.WITHIN, dates=dates)


def _moved(deadline: Deadline, years: int, *, until: date) -> Deadline:
    return replace(
        deadline,
        dates=tuple(_moved_range(span, years, until) for span in deadline.dates),
        parts=tuple(_moved(part, years, until=until) for part in deadline.parts),
    )


def _moved_range(span: DateRange, years: int, until: date) -> DateRange:
    if span.to is None or span.to > until:
        return span
    whole = span.start is not None and span.to.day == monthrange(span.to.year, span.to.month)[1]
    to = _in_year(span.to, years, last_day=whole)
    return DateRange(_in_year(span.start, years) if span.start else None, to)


def _in_year(day: date, years: int, *, last_day: bool = False) -> date:
    """Return the same day ``years`` later; of a February too short, or where asked, the month's last day."""
    last = monthrange(day.year + years, day.month)[1]
    return date(day.year + years, day.month, last if last_day else min(day.day, last))


def as_rows(tasks: Iterable[Task]) -> list[Mapping[str, str]]:
    """Return the draft as rows of a file that ``plan import`` and ``plan revise`` read back.

    A cell that begins as a formula does ("- Thường xuyên") gets a space before it, which reading drops.
    """
    return [{name: _as_text(cell) for name, cell in _row(task).items()} for task in tasks]


def _as_text(cell: str) -> str:
    return f" {cell}" if cell.startswith(_FORMULA) else cell


def _row(task: Task) -> Mapping[str, str]:
    return {
        "section": task.section,
        "group": task.group,
        "stt": task.stt,
        "objective": task.objective,
        "task": task.text,
        "product": task.product,
        "lead": task.lead.text,
        "cooperating": task.cooperating.text,
        "deadline": task.deadline.text,
        **task.extra,
    }
