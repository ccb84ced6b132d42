"""The rows of an upload: each as the document prints it, beside how it was read and what it asks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from board.deadlines import deadline_words
from board.view import View
from notifications.wording import place_sentence, problem_sentence
from tasks_catalog.deadline import Deadline
from tasks_catalog.documents.beside import Beside, PrintedRow
from tasks_catalog.documents.rows import Kind
from tasks_catalog.drafting import DraftRow, Review
from tasks_catalog.facts import OwnerRef
from tasks_catalog.occurrence import Occurrence, Role
from tasks_catalog.people import Directory, Group
from tasks_catalog.problem import Refused
from tasks_catalog.revising import is_of_units
from tasks_catalog.settling import Answer, proposal_of

PER_PAGE = 100
MOST_DATES = 6


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One thing a row was read as, in one line or several."""

    name: str
    lines: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class RowForm:
    """Where a row's questions are answered in place; what was typed stays in it."""

    action: str
    of_deadline: bool
    of_units: bool
    proposal: str
    """The reading the document's words suggest; "" for none."""
    values: Mapping[str, str]
    answered: bool
    """An answer is kept, which may be taken back."""
    preview: tuple[str, ...] = ()
    """How what was typed would be read; nothing of it is kept yet."""
    refused: str = ""


@dataclass(frozen=True, kw_only=True)
class RowShown:
    """One row of the document."""

    kind: str
    place: str
    words: str = ""
    """A row that is no task: its cells, joined."""
    task: int | None = None
    cells: tuple[tuple[str, str], ...] = ()
    read: tuple[Fact, ...] = ()
    questions: tuple[str, ...] = ()
    settled: tuple[str, ...] = ()
    """Questions an answer has settled."""
    notes: tuple[str, ...] = ()
    form: RowForm | None = None


@dataclass(frozen=True, kw_only=True)
class Tried:
    """An answer somebody tried on one row: previewed, or refused with what was typed."""

    row: int
    answer: Answer
    values: Mapping[str, str] = field(default_factory=dict)
    refused: str = ""


def chosen(found: Beside, review: Review, *, doubtful: bool) -> Sequence[PrintedRow]:
    """Return the rows to be shown: all, or those with a question, a note, or no reading at all."""
    if not doubtful:
        return found.rows
    wanted = {row for row, problems in review.intake.problems.items() if problems}
    return [
        row
        for row in found.rows
        if row.kind is Kind.PROBLEM or (row.kind is Kind.TASK and row.task in wanted)
    ]


def shown_rows(
    rows: Sequence[PrintedRow], review: Review, view: View, *, base: str, tried: Tried | None, editable: bool
) -> Iterator[RowShown]:
    for row in rows:
        place = place_sentence(row.place, view.language)
        if row.kind is Kind.TASK and row.task is not None:
            yield _task(row, row.task, place, review, view, base=base, tried=tried, editable=editable)
        else:
            words = " · ".join(words for _, words in row.cells)
            yield RowShown(kind=str(row.kind), place=place, words=words, task=row.task)


def _task(
    printed: PrintedRow,
    number: int,
    place: str,
    review: Review,
    view: View,
    *,
    base: str,
    tried: Tried | None,
    editable: bool,
) -> RowShown:
    row = review.row(number)
    trial = tried if tried is not None and tried.row == number else None
    return RowShown(
        kind=str(printed.kind),
        place=place,
        task=number,
        cells=printed.cells,
        read=tuple(_facts(row, review, view)),
        questions=tuple(problem_sentence(problem, view.language) for problem in row.left),
        settled=tuple(
            problem_sentence(problem, view.language) for problem in row.asked if problem not in row.left
        ),
        notes=tuple(problem_sentence(problem, view.language) for problem in row.notes),
        form=_form(row, review, view, f"{base}/rows/{number}", trial) if editable and row.asked else None,
    )


def _facts(row: DraftRow, review: Review, view: View) -> Iterator[Fact]:
    task, say = row.task, view.say
    where = " › ".join(part for part in (task.section, task.group) if part)
    if where:
        yield Fact(name=say("board_column_section"), lines=(where,))
    yield Fact(name=say("board_column_task"), lines=(task.text,))
    if task.product:
        yield Fact(name=say("board_column_product"), lines=(task.product,))
    for role, code in ((Role.OWNER, "board_column_lead"), (Role.CO_OWNER, "board_column_cooperating")):
        units = units_words((owner for owner in row.owners if owner.role is role), review.directory, view)
        if units or role is Role.OWNER:
            yield Fact(name=say(code), lines=units or (say("import_nobody"),))
    yield Fact(name=say("import_read_deadline"), lines=reading_lines(row.deadline, row.planned, view))


def units_words(owners: Iterator[OwnerRef], directory: Directory, view: View) -> tuple[str, ...]:
    """Return the units by name, a collective wording with how many units it stands for."""
    return tuple(_unit_words(owner, directory, view) for owner in owners)


def _unit_words(owner: OwnerRef, directory: Directory, view: View) -> str:
    found = directory.group(owner.code) if owner.collective else directory.unit(owner.code)
    if isinstance(found, Group):
        return view.say("import_group", name=found.name, units=len(found.members))
    return found.name if found else owner.code


def reading_lines(deadline: Deadline, planned: Sequence[Occurrence], view: View) -> tuple[str, ...]:
    """Return a reading in words, and the dates it makes due."""
    days = [view.day(occurrence.due) for occurrence in planned]
    more = ("…",) if len(days) > MOST_DATES else ()
    dates = ", ".join((*days[:MOST_DATES], *more))
    words = deadline_words(deadline, view) if deadline.text else view.say("import_no_deadline")
    return (words, view.say("board_reading_dates", dates=dates)) if dates else (words,)


def _form(row: DraftRow, review: Review, view: View, action: str, trial: Tried | None) -> RowForm:
    """Return the row's form as it stands, or with what somebody has just tried in it."""
    codes = [problem.code for problem in row.asked]
    proposed = proposal_of(row.task.deadline) if not all(map(is_of_units, codes)) else None
    kept = row.answer or Answer()
    tried = review.row_with(row.task.row, trial.answer) if trial else None
    return RowForm(
        action=action,
        of_deadline=not all(map(is_of_units, codes)),
        of_units=any(map(is_of_units, codes)),
        proposal="" if proposed is None else deadline_words(proposed, view),
        values=trial.values if trial else values_of(kept, review.directory),
        answered=row.answer is not None,
        preview=_preview(tried, review, view) if tried else (),
        refused=(trial.refused if trial else "") or _worded(row.fault, view),
    )


def _preview(row: DraftRow, review: Review, view: View) -> tuple[str, ...]:
    """Return how what was typed would be read, where it can be."""
    if row.fault is not None:
        return ()
    owners = units_words((o for o in row.owners if o.role is Role.OWNER), review.directory, view)
    helping = units_words((o for o in row.owners if o.role is Role.CO_OWNER), review.directory, view)
    lines = list(reading_lines(row.deadline, row.planned, view))
    if owners:
        lines.append(f"{view.say('board_column_lead')}: {'; '.join(owners)}")
    if helping:
        lines.append(f"{view.say('board_column_cooperating')}: {'; '.join(helping)}")
    return tuple(lines)


def _worded(fault: Refused | None, view: View) -> str:
    return problem_sentence(fault, view.language) if fault else ""


def values_of(answer: Answer, directory: Directory) -> dict[str, str]:
    """Return an answer as its form's fields: the first unit of each role chosen, further ones typed."""
    values = {"deadline": answer.deadline or ""}
    for role, named in (("owner", answer.owners), ("co_owner", answer.co_owners)):
        known = [name for name in named[:1] if directory.unit(name) or directory.group(name)]
        values[role] = known[0] if known else ""
        values[f"{role}s"] = "; ".join(named[len(known) :])
    return values
