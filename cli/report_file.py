"""Reports for many rows from one file: all of them, or none and the line that was wrong."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from cli.context import optional_day, say_done, words
from cli.deciding import at_the_desk, evidence_of
from tasks_catalog.problem import Refused

if TYPE_CHECKING:
    from storage.desk import Desk


def report_many(path: Path, by: str | None, as_of: str | None, *, as_json: bool) -> None:
    """Report every row of a file in one transaction: all of them, or none and the line that was wrong."""
    rows = list(_rows_of(path))
    with at_the_desk(by, as_of=as_of) as desk:
        for line, row in rows:
            try:
                _report_row(desk, row)
            except Refused as refused:
                why = words(refused.code, **refused.params)
                raise Refused("report_line_refused", file=path.name, line=line, why=why) from refused
    say_done(as_json, "tasks_reported", rows=len(rows))


def _rows_of(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield each filled row with the line it ends on, as an editor counts; cells are stripped."""
    import csv
    import io

    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as fault:
        code = "report_file_not_text" if path.is_file() else "file_missing"
        raise Refused(code, file=path.name) from fault
    reader = csv.DictReader(io.StringIO(text, newline=""))
    rows = [
        (reader.line_num, {name: (cell or "").strip() for name, cell in row.items() if isinstance(name, str)})
        for row in reader
    ]
    if not rows or not {"task", "unit"} <= set(reader.fieldnames or ()):
        headings = ", ".join(reader.fieldnames or ()) or "–"
        raise Refused("report_file_columns", file=path.name, headings=headings)
    yield from ((line, row) for line, row in rows if any(row.values()))


def _report_row(desk: Desk, row: dict[str, str]) -> None:
    from dataclasses import replace

    replace(desk, note=row.get("note", "")).report(
        row["task"],
        row["unit"] or None,
        product_date=optional_day(row.get("product_date")),
        evidence=[evidence_of(row["evidence"])] if row.get("evidence") else [],
        figures=[one for one in row.get("figure", "").split(";") if one.strip()],
    )
