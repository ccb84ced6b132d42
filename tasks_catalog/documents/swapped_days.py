"""Reads swapped days (days off or worked against the usual calendar) from a CSV file.

Columns: date (ISO), state (off, worked), name, document, confirmed (yes, no). Lines that start with
"#" are remarks. ``examples/swapped-days-vn.csv`` is the list that comes with the program.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from tasks_catalog.calendar import SwappedDay
from tasks_catalog.problem import Refused
from tasks_catalog.text import clean

BUNDLED = Path(__file__).parent.parent / "examples" / "swapped-days-vn.csv"
COLUMNS = ("date", "state", "name", "document", "confirmed")
_STATES = {"off": False, "worked": True}
_CONFIRMED = {"yes": True, "no": False}


def read_swapped_days(path: Path = BUNDLED) -> tuple[SwappedDay, ...]:
    """Return the days of the file, by date.

    Raises Refused: swapped_days_missing, swapped_days_columns, swapped_day_wrong (quotes the line),
    swapped_day_twice.
    """
    try:
        data = path.read_bytes()
    except OSError as reason:
        raise Refused("swapped_days_missing", file=path.name, reason=reason) from reason
    return swapped_days_in(data, path.name)


def swapped_days_in(data: bytes, name: str) -> tuple[SwappedDay, ...]:
    """Return the days of a file's bytes, by date; ``name`` is quoted where it is refused, as above."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as reason:
        raise Refused("swapped_days_missing", file=name, reason=reason) from reason
    days: dict[date, SwappedDay] = {}
    for line, row in _rows(text.splitlines(), name):
        swapped = _read_row(line, row)
        if swapped.day in days:
            raise Refused("swapped_day_twice", line=line, date=swapped.day)
        days[swapped.day] = swapped
    return tuple(days[day] for day in sorted(days))


def _rows(lines: Iterable[str], file: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield each row with its line in the file; the first line that is no remark names the columns."""
    heading: list[str] = []
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = [clean(cell) for cell in next(csv.reader([line]))]
        if heading:
            yield number, dict(zip(heading, cells, strict=False))
            continue
        heading = cells
        if not {"date", "state"} <= set(heading):
            raise Refused(
                "swapped_days_columns", file=file, found=", ".join(heading), known=", ".join(COLUMNS)
            )


def _read_row(line: int, row: dict[str, str]) -> SwappedDay:
    state, confirmed = row.get("state", ""), row.get("confirmed") or "yes"
    try:
        return SwappedDay(
            day=date.fromisoformat(row.get("date", "")),
            worked=_STATES[state],
            name=row.get("name", ""),
            document=row.get("document", ""),
            confirmed=_CONFIRMED[confirmed],
        )
    except (ValueError, KeyError) as reason:
        words = ", ".join(row.values())
        raise Refused("swapped_day_wrong", line=line, words=words) from reason
