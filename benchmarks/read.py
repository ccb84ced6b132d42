"""How right the real plans are read, and how fast: rows, fields and deadlines against the truth.

The rules are those of the tests: white space, ";" for a line break and the case of letters are not
counted; a deadline is right when its kind is, and its last day where the collection names one.
"""

from __future__ import annotations

import csv
import re
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import date
from itertools import zip_longest
from pathlib import Path
from statistics import median

from benchmarks.measured import Checks, table
from tasks_catalog.deadline import Deadline, read_deadline
from tasks_catalog.documents import read_plan
from tasks_catalog.task import PlanRead, Task
from tasks_catalog.text import clean

DATA = Path(__file__).parents[1] / "tests" / "data"
FORMATS = (".docx", ".xlsx", ".pdf", ".csv")
ROUNDS = 3
Row = dict[str, str]
FIELDS: dict[str, Callable[[Task], str]] = {
    "section": lambda task: task.section,
    "stt": lambda task: task.stt,
    "objective": lambda task: task.objective,
    "task": lambda task: task.text,
    "product": lambda task: task.product,
    "lead": lambda task: task.lead.text,
    "cooperating": lambda task: task.cooperating.text,
    "deadline": lambda task: task.deadline.text,
}
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")


def main() -> int:
    """Print the tables and return the exit code."""
    checks = Checks()
    show_plans(checks)
    show_deadlines(checks)
    return checks.done()


def rows_of(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def show_plans(checks: Checks) -> None:
    """Print, for each document, the rows and fields found right, and its seconds."""
    paths = sorted(path for path in (DATA / "plans").iterdir() if path.suffix in FORMATS)
    for suffix in FORMATS:
        read_plan(DATA / "plans" / f"cchc-2022{suffix}")  # imports the reader of the format
    rows = [plan_row(path, checks) for path in paths]
    print(f"### Real plans, CPU seconds median of {ROUNDS}, readers imported\n")
    print(table(("document", "rows", "rows read", "fields", "fields right", "questions", "CPU, s"), rows))
    checks.true("every format is there", {path.suffix for path in paths} == set(FORMATS))


def plan_row(path: Path, checks: Checks) -> tuple[object, ...]:
    read, seconds = timed(path)
    truth = rows_of(path.with_suffix(".csv"))
    verdicts = list(compared(truth, read))
    accounts = asdict(read.rows)
    total = accounts.pop("total")
    asked = len(read.problems) + sum(len(task.problems) for task in read.tasks)
    checks.equal(f"rows of {path.name} by what they are against all rows", sum(accounts.values()), total)
    checks.equal(f"tasks of {path.name} against its rows of tasks", len(read.tasks), accounts["tasks"])
    return (path.name, len(truth), len(read.tasks), len(verdicts), sum(verdicts), asked, seconds)


def timed(path: Path) -> tuple[PlanRead, float]:
    """Return the plan, and the median of the CPU seconds it took to read it."""
    seconds = []
    for _ in range(ROUNDS):
        began = time.process_time()
        read = read_plan(path)
        seconds.append(time.process_time() - began)
    return read, median(seconds)


def compared(truth: list[Row], read: PlanRead) -> Iterator[bool]:
    """Say of each field of each row whether it is right; those of a row too few or too many are wrong."""
    for true, task in zip_longest(truth, read.tasks):
        for name, value_of in FIELDS.items():
            if name in truth[0]:
                yield true is not None and task is not None and _same(name, true[name], value_of(task))


def _same(field: str, true: str, words: str) -> bool:
    if field == "section":  # the truth of some plans joins the group to its section
        return _heading(words) == _heading(true.partition(" > ")[0])
    return _folded(words) == _folded(true)


def _folded(words: str) -> str:
    return re.sub(r"[\s;]+", " ", clean(words)).strip(" .;").casefold()


def _heading(words: str) -> str:
    return re.sub(r"^(\w+)\.? ", r"\1 ", _folded(words))


def show_deadlines(checks: Checks) -> None:
    """Print how many of the collected wordings are read right, wrong, or to a wrong date."""
    verdicts = [verdict(row) for row in rows_of(DATA / "deadlines" / "wordings.csv")]
    official = rows_of(DATA / "deadlines" / "official_pairs.csv")
    dated = sum(_ends(read_deadline(pair["phrase"], year=2025)) == {_day(pair)} for pair in official)
    right, wrong_dates = verdicts.count("right"), verdicts.count("wrong date")
    other = verdicts.count("other kind or no date")
    print("\n### Deadlines\n")
    rows = [
        ("wordings of real plans and letters", len(verdicts), right, other, wrong_dates),
        ("phrases with the government's own date", len(official), dated, 0, len(official) - dated),
    ]
    print(table(("", "wordings", "right", "other kind or no date", "wrong date"), rows))
    checks.equal("verdicts against wordings", right + wrong_dates + other, len(verdicts))


def verdict(row: Row) -> str:
    """Return how a wording of the collection was read, in the plan's year as the collection has it."""
    written = re.search(r"20\d\d", row["wording"])
    year = written.group() if written else (row["to"] or row["from"])[:4]
    read = read_deadline(row["wording"], year=int(year) if year.isdigit() else 2025)
    true_end = date.fromisoformat(row["to"]) if _ISO.fullmatch(row["to"]) else None
    ends = _ends(read)
    if true_end is not None and ends and true_end not in ends:
        return "wrong date"
    right = read.kind == row["kind"] and (true_end is None or true_end in ends)
    return "right" if right else "other kind or no date"


def _ends(deadline: Deadline) -> set[date]:
    spans = [*deadline.dates, *(span for part in deadline.parts for span in part.dates)]
    return {span.to for span in spans if span.to}


def _day(pair: Row) -> date:
    day, month, year = map(int, pair["official_date"].split("/"))
    return date(year, month, day)


if __name__ == "__main__":
    sys.exit(main())
