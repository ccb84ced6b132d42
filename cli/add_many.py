"""Tasks a directive hands out, from one file, into a plan of the directive's own: all of them, or none."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from cli.context import say_done, words
from cli.deciding import at_the_desk
from tasks_catalog.problem import Refused

if TYPE_CHECKING:
    from storage.adding import NewTask

_NEEDED = frozenset(("task", "lead", "deadline"))


def add_many(
    path: Path, document: str, by: str | None, note: str, as_of: str | None, *, as_json: bool
) -> None:
    """Hand out every row of a file; a plan of the directive's number is made, tracked from today."""
    from storage.directives import LineRefused, hand_out

    rows = _rows_of(path)
    with at_the_desk(by, document, note, as_of) as desk:
        if desk.document is None or desk.document.issued is None:
            raise Refused("add_document_undated", document=document)
        try:
            done = hand_out(
                desk,
                [(line, _new(row)) for line, row in rows],
                document=desk.document,
                label=words("add_label"),
            )
        except LineRefused as refused:
            why = words(refused.why.code, **refused.why.params)
            raise Refused("add_line_refused", file=path.name, line=refused.line, why=why) from refused
    say_done(as_json, "tasks_added", number=done.number, tasks=len(done.tasks), shares=done.opened.shares)


def _rows_of(path: Path) -> list[tuple[int, Mapping[str, str]]]:
    """Return each filled row with the line it ends on, as an editor counts; cells are stripped."""
    import csv
    import io

    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as fault:
        raise Refused("report_file_not_text" if path.is_file() else "file_missing", file=path.name) from fault
    reader = csv.DictReader(io.StringIO(text, newline=""))
    rows = [
        (reader.line_num, {name: (cell or "").strip() for name, cell in row.items() if isinstance(name, str)})
        for row in reader
    ]
    filled: list[tuple[int, Mapping[str, str]]] = [(line, row) for line, row in rows if any(row.values())]
    if not filled or not set(reader.fieldnames or ()) >= _NEEDED:
        headings = ", ".join(reader.fieldnames or ()) or "–"
        raise Refused("add_file_columns", file=path.name, headings=headings)
    return filled


def _new(row: Mapping[str, str]) -> NewTask:
    from storage.adding import NewTask

    return NewTask(
        text=row["task"],
        deadline=row["deadline"],
        owners=_named(row["lead"]),
        co_owners=_named(row.get("cooperating", "")),
        product=row.get("product", ""),
        section=row.get("section", ""),
    )


def _named(cell: str) -> tuple[str, ...]:
    """Return the units of a cell: a ";" parts them, since a comma stands in names."""
    return tuple(name for part in cell.split(";") if (name := part.strip()))
