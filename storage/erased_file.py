"""The codes of who was erased, in a file beside the secret: a restored database no longer knows of them.

Each line is a code, a day and a document; no name and no address stands in it.
"""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

NAME = "erased-people.csv"


def keep_erased(file: Path, code: str, document: str, on: date) -> None:
    """Write that somebody was erased, once, so that it is done again after a restore."""
    if code in {line[0] for line in read_erased(file)}:
        return
    file.touch(mode=0o600)
    with file.open("a", encoding="utf-8", newline="") as kept:
        csv.writer(kept).writerow((code, on.isoformat(), document))


def read_erased(file: Path) -> list[tuple[str, str, str]]:
    """Return the lines as (code, day, document); none where there is no file."""
    if not file.exists():
        return []
    with file.open(encoding="utf-8", newline="") as kept:
        return [(row[0], row[1], row[2]) for row in csv.reader(kept) if len(row) == 3]
