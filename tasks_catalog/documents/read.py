"""Reads a plan's document from its file to typed tasks: what ``plan read`` and ``plan import`` begin with."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from tasks_catalog.deadline import Kind as DeadlineKind
from tasks_catalog.deadline import read_deadline
from tasks_catalog.documents import guard, refusals
from tasks_catalog.documents.build import Draft, Gathered, TaskTable, finished, gather
from tasks_catalog.documents.column_contents import told_by_contents, with_owners
from tasks_catalog.documents.converted import BECOMES, converted
from tasks_catalog.documents.grid import Document, Table, column_letters
from tasks_catalog.documents.head import read_head, year_of_deadlines
from tasks_catalog.documents.heading_words import Role
from tasks_catalog.documents.headings import Columns, find_columns
from tasks_catalog.documents.outline import Style, read_number, split_heading
from tasks_catalog.documents.page_breaks import joined_over_pages
from tasks_catalog.documents.rows import Kind, classify
from tasks_catalog.problem import Place, Problem, Weight
from tasks_catalog.task import PlanHead, PlanRead

_ANY_YEAR = 2000
"""Whether a deadline can be read does not hang on the year."""


def read_plan(path: Path, *, year: int | None = None) -> PlanRead:
    """Read the plan's tasks from a .docx, .xlsx, .pdf or .csv file; nothing is kept anywhere.

    With LibreOffice installed also from .doc, .odt, .rtf, .xls and .ods.

    ``year`` is the plan's year for deadlines that name none; without it the year is the one in the
    document's title, else of its issue, else the one most deadlines name. Raises one of
    ``tasks_catalog.documents.refusals``; every lesser fault is a problem of the result.
    """
    return told_apart(guard.file_bytes(path), path).read(year)


@dataclass(frozen=True, kw_only=True)
class ToldApart:
    """A document whose rows are told apart; what its deadlines mean still hangs on the plan's year."""

    path: Path
    sha256: str
    document: Document
    tables: list[TaskTable]
    gathered: Gathered

    def read(self, year: int | None) -> PlanRead:
        """Return the plan; without a ``year`` it is found in the document. Raises YearUnknown."""
        head, doubts = _head(self.document, self.tables[0], self.gathered.drafts, year, self.path)
        problems = (*doubts, *_table_problems(self.document, self.tables), *self.gathered.problems)
        return PlanRead(
            head=head,
            tasks=finished(self.gathered.drafts, year=head.year or 0, issued=head.issued),
            rows=self.gathered.rows,
            problems=problems,
            source_name=self.path.name,
            source_sha256=self.sha256,
        )


def told_apart(data: bytes, path: Path) -> ToldApart:
    """Open a document's bytes; of ``path`` only the name counts. Raises what ``read_plan`` raises."""
    document = open_document(data, path)
    guard.refuse_long(document, path)
    guard.refuse_secret(document, path)
    tables = _task_tables(document, path)
    gathered = gather(tables)
    if not gathered.drafts:
        raise refusals.NotAPlan("plan_empty", file=path.name, headings=tables[0].columns.found)
    sha256 = hashlib.sha256(data).hexdigest()
    return ToldApart(path=path, sha256=sha256, document=document, tables=tables, gathered=gathered)


def open_document(data: bytes, path: Path) -> Document:
    """Return the blocks and tables of the file; the reader is imported for the type at hand only."""
    kind = guard.kind_of(data, path)
    if kind in BECOMES:
        data, kind = converted(data, kind, path.name), BECOMES[kind]
        guard.refuse_bomb(data, path)
    if kind == "csv":
        from tasks_catalog.documents.csv_file import read_csv

        return read_csv(data, path.name)
    if kind == "pdf":
        from tasks_catalog.documents.pdf import read_pdf

        return read_pdf(data, path.name)
    return _open_office(data, path, kind)


def _open_office(data: bytes, path: Path, kind: str) -> Document:
    if kind == "docx":
        from tasks_catalog.documents import docx

        try:
            return docx.read_docx(data)
        except docx.TooManyTags as fault:
            raise refusals.TooLarge(
                "file_too_many_parts", file=path.name, count=f"> {refusals.MAX_TAGS}", limit=refusals.MAX_TAGS
            ) from fault
        except docx.FAULTS as fault:
            raise refusals.Damaged("file_damaged", file=path.name) from fault
    from tasks_catalog.documents import xlsx

    try:
        return xlsx.read_xlsx(data, path.name)
    except xlsx.FAULTS as fault:
        raise refusals.Damaged("file_damaged", file=path.name) from fault


def _task_tables(document: Document, path: Path) -> list[TaskTable]:
    """Return the tables of tasks; a table without heading of the same width goes on with the one before."""
    if not document.tables:
        raise refusals.NotAPlan("no_table", file=path.name)
    found: list[tuple[Table, Columns]] = []
    lacking: list[Columns] = []
    for table in document.tables:
        columns = find_columns(table)
        if columns and columns.complete:
            found.append((table, with_owners(table, columns)))
        elif columns:
            lacking.append(columns)
        elif found and _goes_on(table, *found[-1], document):
            found.append((table, replace(found[-1][1], first=0, body=0)))
    if not found:
        told = ((table, told_by_contents(table, find_columns(table))) for table in document.tables)
        found = [(table, columns) for table, columns in told if columns]
    if not found:
        raise _no_task_table(document, lacking, path)
    tables = [_classified(table, columns, document, several=len(found) > 1) for table, columns in found]
    return [
        replace(item, goes_on=True) if before and _counts_on(before, item) else item
        for before, item in zip([None, *tables], tables, strict=False)
    ]


def _counts_on(before: TaskTable, item: TaskTable) -> bool:
    """Tell whether a table under the same heading begins with the number after the last of the one before."""
    if item.seed or item.columns.labels != before.columns.labels or item.table.sheet is not None:
        return False
    last, first = _numbers(before)[-1:], _numbers(item)[:1]
    return bool(last and first) and first[0] == last[0] + 1


def _numbers(item: TaskTable) -> list[int]:
    """Return the plain number of each task; 0 for a heading and for a number of another style."""
    stt = item.columns.roles.get(Role.STT)
    rows = zip(item.table.rows, item.classes, strict=True)
    tasks = [row for row, found in rows if found.kind in (Kind.TASK, Kind.HEADING)]
    read = [read_number(row.cells[stt].text) if stt is not None else None for row in tasks]
    return [number.value if number and number.style is Style.DIGITS else 0 for number in read]


def _goes_on(table: Table, before: Table, columns: Columns, document: Document) -> bool:
    if not table.width == before.width > 2 or table.sheet is not None:
        return False
    return not document.text_before(table) or _holds_tasks(table, replace(columns, first=0, body=0))


def _holds_tasks(table: Table, columns: Columns) -> bool:
    """Tell whether the rows are tasks under the heading of the table before: most deadlines can be read."""
    deadline = columns.roles.get(Role.DEADLINE)
    if deadline is None:
        return False
    classes = zip(table.rows, classify(table, columns), strict=True)
    words = [row.cells[deadline].text for row, found in classes if found.kind is Kind.TASK]
    readable = sum(
        read_deadline(text, year=_ANY_YEAR).kind is not DeadlineKind.UNCLEAR for text in words if text
    )
    return readable * 2 > len(words)


def _no_task_table(document: Document, lacking: list[Columns], path: Path) -> refusals.NotAPlan:
    if lacking:
        return refusals.NotAPlan("no_deadline_column", file=path.name, headings=lacking[0].found)
    largest = max(document.tables, key=lambda table: len(table.rows) * table.width)
    cells = {cell.key: cell.text for row in largest.rows[:1] for cell in row.cells if cell.text}
    headings = "; ".join(f"“{text[:60]}”" for text in cells.values())
    return refusals.NotAPlan("no_task_table", file=path.name, headings=headings)


def _classified(table: Table, columns: Columns, document: Document, *, several: bool) -> TaskTable:
    joined = joined_over_pages(table, columns)
    classes = classify(joined, columns)
    above = document.text_before(table)
    seed = _heading_above(above) if several else None
    return TaskTable(
        table=joined,
        columns=columns,
        classes=classes,
        seed=seed,
        goes_on=table.sheet is None and (not above or (columns.body == 0 and seed is None)),
    )


def _heading_above(lines: tuple[str, ...]) -> tuple[str, str] | None:
    """Return the numbered heading printed as a paragraph right above a table, where there is one."""
    if not lines or len(lines[-1]) > 200:
        return None
    number, title = split_heading(lines[-1].strip())
    return (number, title) if number else None


def _head(
    document: Document, first: TaskTable, drafts: list[Draft], year: int | None, path: Path
) -> tuple[PlanHead, tuple[Problem, ...]]:
    """Read the head and settle the year; a year taken from dates instead of words is noted."""
    head = read_head(_words_above(document, first))
    if year is not None or head.year is not None:
        return replace(head, year=year if year is not None else head.year), ()
    deadlines = [draft.text(Role.DEADLINE) for draft in drafts]
    assumed = head.issued.year if head.issued else year_of_deadlines(deadlines)
    if assumed is None:
        raise refusals.YearUnknown("year_unknown", file=path.name)
    note = Problem(code="year_assumed", params={"year": str(assumed)}, weight=Weight.NOTE)
    return replace(head, year=assumed), (note,)


def _words_above(document: Document, first: TaskTable) -> Iterator[str]:
    """Yield all words above the first task table's heading: paragraphs, letterhead tables, title rows."""
    for block in document.blocks:
        if isinstance(block, str):
            yield block
        elif block.number == first.table.number:
            yield from _cell_lines(block, first.columns.first)
            return
        else:
            yield from _cell_lines(block, len(block.rows))


def _cell_lines(table: Table, rows: int) -> Iterator[str]:
    cells = {cell.key: cell for row in table.rows[:rows] for cell in row.cells}
    for cell in cells.values():
        yield from cell.lines


def _table_problems(document: Document, tables: list[TaskTable]) -> Iterator[Problem]:
    if document.encoding_guessed:
        params = {"encoding": document.encoding_guessed}
        yield Problem(code="encoding_guessed", params=params, weight=Weight.NOTE)
    if document.macros:
        yield Problem(code="macros_left_out", weight=Weight.NOTE)
    for sheet in document.hidden_sheets:
        yield Problem(code="sheet_hidden", params={"sheet": sheet}, weight=Weight.NOTE)
    for item in tables:
        where = Place(table=item.table.number, sheet=item.table.sheet)
        yield from _hidden_parts(item, where)
        yield from _rows_without_rules(item, where)
        yield from _told_by_contents(item, where)
        if Role.LEAD not in item.columns.roles:
            params = {"headings": item.columns.found}
            yield Problem(code="no_lead_column", params=params, where=where, weight=Weight.NOTE)
    yield from _without_deadline(document, {item.table.number for item in tables})


_TOLD = {
    Role.TASK: "task_column_guessed",
    Role.LEAD: "lead_column_guessed",
    Role.COOPERATING: "cooperating_column_guessed",
    Role.DEADLINE: "deadline_column_guessed",
}


def _told_by_contents(item: TaskTable, where: Place) -> Iterator[Problem]:
    """Name each column whose heading did not say what it holds."""
    for role in item.columns.guessed:
        label = item.columns.labels[item.columns.roles[role]]
        place = replace(where, column=label)
        params = {"heading": label}
        yield Problem(code=_TOLD[role], params=params, where=place, weight=Weight.NOTE)


def _rows_without_rules(item: TaskTable, where: Place) -> Iterator[Problem]:
    """Say what a PDF does not print and was made out from numbers or from the white between columns."""
    if item.table.unruled_rows:
        which = {"which": _ranges(sorted(item.table.unruled_rows))}
        yield Problem(code="rows_without_rules", params=which, where=where, weight=Weight.NOTE)
    if item.table.columns_by_white:
        yield Problem(code="columns_without_rules", where=where, weight=Weight.NOTE)


def _hidden_parts(item: TaskTable, where: Place) -> Iterator[Problem]:
    """Name what a sheet hides; it was read, as a filter hides tasks that are owed all the same."""
    table = item.table
    filled = sorted(c for c in table.hidden_columns if any(row.cells[c].text for row in table.rows))
    rows = [row.number for row in table.rows if row.number in table.hidden_rows]
    if filled:
        letters = ", ".join(map(column_letters, filled))
        yield Problem(code="columns_hidden", params={"which": letters}, where=where, weight=Weight.NOTE)
    if rows:
        yield Problem(code="rows_hidden", params={"which": _ranges(rows)}, where=where, weight=Weight.NOTE)


def _ranges(numbers: list[int]) -> str:
    """Return "3, 7–12" for 3, 7, 8, ... 12."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 1 else f"{run[0]}" for run in runs)


def _without_deadline(document: Document, read: set[int]) -> Iterator[Problem]:
    for table in document.tables:
        columns = find_columns(table) if table.number not in read else None
        if columns and any(found.kind is Kind.TASK for found in classify(table, columns)):
            where = Place(table=table.number, sheet=table.sheet)
            params = {"headings": columns.found}
            yield Problem(code="table_without_deadline", params=params, where=where, weight=Weight.NOTE)
