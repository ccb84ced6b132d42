"""From classified rows to tasks: fields by column, sections by outline, deadlines read, doubts noted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache

from tasks_catalog.deadline import DateRange, Deadline, Kind, doubt_of, read_deadline
from tasks_catalog.documents.grid import Cell, GridRow, Table
from tasks_catalog.documents.heading_words import Role
from tasks_catalog.documents.headings import Columns
from tasks_catalog.documents.outline import Number, Outline, counts_on, read_number
from tasks_catalog.documents.rows import Kind as RowKind
from tasks_catalog.documents.rows import RowClass
from tasks_catalog.problem import Place, Problem, Weight
from tasks_catalog.task import RowCount, Task, UnitsWritten
from tasks_catalog.text import clean
from tasks_catalog.units_written import CO_OWNER, OWNER, split_units

YEARS_BEFORE = 1
YEARS_AFTER = 10
"""Deadlines from one year before the plan's year to ten after it are plausible."""

_SECTION_JOIN = " > "
_CROSSES = {"x", "v", "✓", "✔", "√", "*", "•", "●"}


@dataclass(frozen=True, kw_only=True)
class TaskTable:
    """A table of tasks with its columns and the class of each row; ``seed``: a numbered heading above."""

    table: Table
    columns: Columns
    classes: tuple[RowClass, ...]
    seed: tuple[str, str] | None = None
    goes_on: bool = False
    """The table has no heading of its own, or none of its own words above: sections run on into it."""


@dataclass
class Draft:
    """A task while its rows are gathered: lines by role, as the writer broke them."""

    place: Place
    section: str
    group: str
    lines: dict[Role, tuple[str, ...]]
    extra: dict[str, str]
    labels: dict[Role, str]
    shared_roles: bool = False
    problems: list[Problem] = field(default_factory=list)

    def text(self, role: Role) -> str:
        return clean(" ".join(self.lines.get(role, ())))

    def add(self, lines: dict[Role, tuple[str, ...]], extra: dict[str, str]) -> None:
        for role, more in lines.items():
            self.lines[role] = self.lines.get(role, ()) + more
        for label, words in extra.items():
            self.extra[label] = clean(f"{self.extra.get(label, '')} {words}")


@dataclass
class Gathered:
    """All drafts of a document, the account of its rows, and the doubts about rows that are no task."""

    drafts: list[Draft] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)

    @property
    def rows(self) -> RowCount:
        return RowCount(total=self.counts.total(), **self.counts)


def gather(tables: Sequence[TaskTable]) -> Gathered:
    """Walk the rows of all task tables in order and account for each."""
    gathered = Gathered()
    outline = Outline(counts_on=counts_on(step for item in tables for step in _first_steps(item)))
    for item in tables:
        if not item.goes_on:
            outline.levels.clear()
        if item.seed:
            outline.open(*item.seed)
        _Walk(item, outline, gathered).run()
    return gathered


def _first_steps(item: TaskTable) -> Iterator[tuple[Number, Number | None]]:
    """Yield each numbered heading directly above a task, with that task's number."""
    heading: Number | None = None
    for row, kind in zip(item.table.rows, item.classes, strict=True):
        if kind.kind is RowKind.HEADING:
            heading = read_number(kind.number)
        elif kind.kind is RowKind.TASK:
            if heading is not None:
                yield heading, read_number(_text(row, item.columns, Role.STT))
            heading = None


def _text(row: GridRow, columns: Columns, role: Role) -> str:
    column = columns.roles.get(role)
    return row.cells[column].text if column is not None else ""


def is_counted(item: TaskTable, index: int) -> bool:
    """Tell whether a row is accounted for: blank ones are not, nor a sheet's title rows above its heading."""
    kind = item.classes[index].kind
    unruled = item.table.sheet is not None or not item.table.ruled
    above = kind is RowKind.HEADER and unruled and index < item.columns.first
    return kind is not RowKind.BLANK and not above


class _Walk:
    """One pass over a table's rows."""

    def __init__(self, item: TaskTable, outline: Outline, gathered: Gathered) -> None:
        self.item = item
        self.columns = item.columns
        self.outline = outline
        self.gathered = gathered
        self.last: Draft | None = None
        self.headings_below = _headings_below(item.classes)

    def run(self) -> None:
        for index, found in enumerate(self.item.classes):
            if is_counted(self.item, index):
                getattr(self, f"_{found.kind.value}")(index, found)

    def _header(self, index: int, found: RowClass) -> None:
        self.gathered.counts["headers"] += 1

    def _heading(self, index: int, found: RowClass) -> None:
        depth = self.outline.open(found.number, found.title)
        self.gathered.counts["groups" if depth else "sections"] += 1
        self.last = None
        if found.guessed:
            self._note("heading_guessed", index, found.title)

    def _problem(self, index: int, found: RowClass) -> None:
        self.gathered.counts["problems"] += 1
        self._note("row_not_read", index, found.title)

    def _note(self, code: str, index: int, words: str) -> None:
        problem = Problem(code=code, params={"words": words}, where=self._place(index), weight=Weight.NOTE)
        self.gathered.problems.append(problem)

    def _continuation(self, index: int, found: RowClass) -> None:
        self.gathered.counts["continuations"] += 1
        if self.item.table.rows[index].continues or self.last is None:
            return
        own = {
            column for column in range(self.item.table.width) if not self.item.table.is_above(index, column)
        }
        lines, extra = self._lines(index, own), self._extra(index, own)
        self.last.add(lines, extra)
        words = clean(" ".join(line for part in lines.values() for line in part))
        problem = Problem(
            code="row_joined", params={"words": words}, where=self._place(index), weight=Weight.NOTE
        )
        self.last.problems.append(problem)

    def _task(self, index: int, found: RowClass) -> None:
        self.gathered.counts["tasks"] += 1
        everything = set(range(self.item.table.width))
        lines = self._lines(index, everything)
        if not self.item.table.ruled and self.last is not None and Role.SECTION not in self.columns.roles:
            self._carry_down(lines)
        self.outline.task(" ".join(lines.get(Role.STT, ())), next_heading=self.headings_below[index])
        section, group = self._where_in_plan(lines)
        self.last = Draft(
            place=self._place(index),
            section=section,
            group=group,
            lines=lines,
            extra=self._extra(index, everything),
            labels={role: self.columns.labels[column] for role, column in self.columns.roles.items()},
            shared_roles=Role.COOPERATING not in self.columns.roles,
        )
        self.gathered.drafts.append(self.last)

    def _carry_down(self, lines: dict[Role, tuple[str, ...]]) -> None:
        """Where no borders are printed an empty number under a number is the same number, merged."""
        if self.last is None or lines.get(Role.STT) or lines.get(Role.OBJECTIVE):
            return
        for role in (Role.STT, Role.OBJECTIVE):
            if self.last.lines.get(role):
                lines[role] = self.last.lines[role]

    def _where_in_plan(self, lines: dict[Role, tuple[str, ...]]) -> tuple[str, str]:
        if Role.SECTION not in self.columns.roles:
            return self.outline.section, self.outline.group
        section = clean(" ".join(lines.get(Role.SECTION, ()))) or self.outline.section
        group = clean(" ".join(lines.get(Role.GROUP, ())))
        if Role.GROUP not in self.columns.roles:
            section, _, group = section.partition(_SECTION_JOIN)
        return section, group

    def _lines(self, index: int, held: set[int]) -> dict[Role, tuple[str, ...]]:
        cells = self.item.table.rows[index].cells
        lines = {
            role: cells[column].written_lines
            for role, column in self.columns.roles.items()
            if column in held and cells[column].text
        }
        marked = self._marked_periods(cells, held)
        if marked:
            lines[Role.DEADLINE] = marked
        return lines

    def _marked_periods(self, cells: tuple[Cell, ...], held: set[int]) -> tuple[str, ...]:
        named = zip(self.columns.periods, self.columns.period_words, strict=True)
        marked = [(cells[column].text, name) for column, name in named if column in held]
        words = [name if mark.lower() in _CROSSES else f"{name}: {mark}" for mark, name in marked if mark]
        return ("; ".join(words),) if words else ()

    def _extra(self, index: int, held: set[int]) -> dict[str, str]:
        used = {*self.columns.roles.values(), *self.columns.periods}
        cells = self.item.table.rows[index].cells
        return {
            self.columns.labels[column] or f"({column + 1})": cells[column].text
            for column in sorted(held - used)
            if cells[column].text
        }

    def _place(self, index: int) -> Place:
        row, table = self.item.table.rows[index], self.item.table
        return Place(table=table.number, row=row.number, page=row.page, sheet=table.sheet)


def _headings_below(classes: tuple[RowClass, ...]) -> list[Number | None]:
    """Return for each row the number of the next heading under it."""
    below: list[Number | None] = []
    number: Number | None = None
    for found in reversed(classes):
        below.append(number)
        if found.kind is RowKind.HEADING:
            number = read_number(found.number)
    return below[::-1]


def finished(drafts: Sequence[Draft], *, year: int, issued: date | None) -> tuple[Task, ...]:
    """Return the drafts as tasks, numbered from 1, their deadlines read for the plan's year."""
    return tuple(_task(draft, row, year, issued) for row, draft in enumerate(drafts, start=1))


def _task(draft: Draft, row: int, year: int, issued: date | None) -> Task:
    deadline = _deadline(draft, year)
    where = replace(draft.place, column=draft.labels.get(Role.DEADLINE))
    lead, cooperating = _units(draft)
    return Task(
        row=row,
        stt=draft.text(Role.STT),
        section=draft.section,
        group=draft.group,
        objective=draft.text(Role.OBJECTIVE),
        text=draft.text(Role.TASK),
        product=draft.text(Role.PRODUCT),
        lead=lead,
        cooperating=cooperating,
        deadline=deadline,
        extra=draft.extra,
        headings=_unit_headings(draft),
        problems=(*draft.problems, *_deadline_problems(deadline, year, issued, where)),
        place=draft.place,
    )


def _deadline(draft: Draft, year: int) -> Deadline:
    """Read the cell; lines the writer broke are read as parts, and printed joined by a space."""
    lines = draft.lines.get(Role.DEADLINE, ())
    words = clean(" ".join(lines))
    if not words:
        return Deadline(text="", kind=Kind.UNCLEAR)
    parted = len(lines) > 1 and all(line[:1].isupper() or line[:1] in "-–+•" for line in lines)
    read = _reading("; ".join(lines) if parted else words, year)
    return replace(read, text=words)


@lru_cache(maxsize=1024)
def _reading(words: str, year: int) -> Deadline:
    """Read each wording once: of a plan's deadlines most say the same."""
    return read_deadline(words, year=year)


def _units(draft: Draft) -> tuple[UnitsWritten, UnitsWritten]:
    """Read owners and co-owners; one column for both is parted by the roles written in it."""
    lead, helping = draft.lines.get(Role.LEAD, ()), draft.lines.get(Role.COOPERATING, ())
    named = split_units("\n".join(lead))
    co_owners = tuple(name for name, role in named if role == CO_OWNER)
    owners = tuple(name for name, role in named if role == OWNER)
    if draft.shared_roles and co_owners and owners:
        return UnitsWritten(text=draft.text(Role.LEAD), units=owners), UnitsWritten(
            text="; ".join(co_owners), units=co_owners
        )
    return (
        UnitsWritten(text=draft.text(Role.LEAD), units=tuple(name for name, _ in named)),
        UnitsWritten(
            text=draft.text(Role.COOPERATING),
            units=tuple(name for name, _ in split_units("\n".join(helping))),
        ),
    )


def _unit_headings(draft: Draft) -> dict[str, str]:
    """Return the printed headings of the columns that name units; one column may serve both."""
    lead = draft.labels.get(Role.LEAD, "")
    headings = {"lead": lead, "cooperating": draft.labels.get(Role.COOPERATING, lead)}
    return {field: heading for field, heading in headings.items() if heading}


def _deadline_problems(deadline: Deadline, year: int, issued: date | None, where: Place) -> Iterator[Problem]:
    for read in (deadline, *deadline.parts):
        doubt = doubt_of(read, where)
        if doubt:
            yield doubt
    yield from _implausible(deadline, year, issued, where)


def _implausible(deadline: Deadline, year: int, issued: date | None, where: Place) -> Iterator[Problem]:
    """Question dates before the plan was issued, or more than a year before or ten years after its year."""
    ends = [span.to for span in _dates(deadline) if span.to]
    earliest = date(year - YEARS_BEFORE, 1, 1)
    if issued and abs(issued.year - year) <= YEARS_BEFORE:
        earliest = max(earliest, issued)
    if any(end < earliest for end in ends):
        params = {"words": deadline.text, "earliest": earliest.isoformat()}
        yield Problem(code="deadline_before_plan", params=params, where=where)
    if any(end.year > year + YEARS_AFTER for end in ends):
        params = {"words": deadline.text, "latest": str(year + YEARS_AFTER)}
        yield Problem(code="deadline_far", params=params, where=where)


def _dates(deadline: Deadline) -> Iterator[DateRange]:
    yield from deadline.dates
    for part in deadline.parts:
        yield from _dates(part)
