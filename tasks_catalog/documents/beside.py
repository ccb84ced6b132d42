"""A plan's document beside its reading: every row of its tables as printed, and what each was taken for.

What a person checks an import by. The rows are the ones the account counts (``RowCount``), in order.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from tasks_catalog.documents import guard
from tasks_catalog.documents.build import TaskTable, is_counted
from tasks_catalog.documents.read import ToldApart, told_apart
from tasks_catalog.documents.refusals import YearUnknown
from tasks_catalog.documents.rows import Kind
from tasks_catalog.problem import Place
from tasks_catalog.task import PlanRead

__all__ = ["Beside", "PrintedRow", "read_beside"]


@dataclass(frozen=True, kw_only=True)
class PrintedRow:
    """One row of the document: its printed cells, each under its column's heading, and its class."""

    place: Place
    kind: Kind
    task: int | None = None
    """The task the row is, or whose words it goes on with."""
    cells: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Beside:
    """A document as read, and as printed."""

    read: PlanRead
    rows: tuple[PrintedRow, ...]
    year_assumed: bool = False
    """The year was told by nothing but the deadlines, so that a person should look at it."""


def read_beside(data: bytes, name: str, *, year: int | None = None, issued: date | None = None) -> Beside:
    """Read a document's bytes; ``name`` is what the file was called, and says its kind.

    The plan's year is ``year``, else the one its head names, else that of its issue, else the one most
    deadlines name. Raises what ``read_plan`` raises.
    """
    path = Path(name)
    guard.refuse_size(len(data), path)
    apart = told_apart(data, path)
    found, assumed = _year(apart, year, issued)
    return Beside(read=apart.read(found), rows=tuple(_printed(apart.tables)), year_assumed=assumed)


def _year(apart: ToldApart, year: int | None, issued: date | None) -> tuple[int | None, bool]:
    """Return the year, and whether it is only assumed."""
    if year is not None:
        return year, False
    try:
        read = apart.read(None)
    except YearUnknown:
        if issued is None:
            raise
        return issued.year, False
    if all(problem.code != "year_assumed" for problem in read.problems):
        return read.head.year, False
    return (issued.year, False) if issued else (read.head.year, True)


def _printed(tables: list[TaskTable]) -> Iterator[PrintedRow]:
    """Yield the rows; tasks are numbered as ``finished`` numbers them."""
    number = 0
    for item in tables:
        open_task = False
        for index, found in enumerate(item.classes):
            if not is_counted(item, index):
                continue
            row = _row(item, index)
            match found.kind:
                case Kind.TASK:
                    number, open_task = number + 1, True
                    row = replace(row, task=number)
                case Kind.CONTINUATION if open_task:
                    row = replace(row, task=number)
                case Kind.HEADING:
                    open_task = False
            yield row


def _row(item: TaskTable, index: int) -> PrintedRow:
    row, table, labels = item.table.rows[index], item.table, item.columns.labels
    place = Place(table=table.number, row=row.number, page=row.page, sheet=table.sheet)
    kind = item.classes[index].kind
    headed = kind in (Kind.TASK, Kind.CONTINUATION)
    cells = tuple(
        ((labels[first] or f"({first + 1})") if headed else "", cell.text) for cell, first, _ in row.distinct
    )
    return PrintedRow(place=place, kind=kind, cells=cells)
