"""What a year asks of people: letters and reports in 2022, lines in a letter, the fullest week.

Counted in the record that the demonstration's script of 2022 leaves.
"""

from __future__ import annotations

import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from benchmarks.measured import Checks, table, use_own_environment

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from storage.schema import LetterRow

_LINE = re.compile(r"^(\d+)\. ", re.MULTILINE)
_SINGLE = "single"


def main() -> int:
    """Print the tables and return the exit code."""
    checks = Checks()
    with TemporaryDirectory(prefix="dondoc-bench-") as folder:
        use_own_environment(Path(folder))
        from benchmarks.office import new_office, walk_year
        from storage import outbox
        from storage.engine import read

        with new_office(Path(folder) / "home") as office:
            walked = walk_year(office)
            with read(office.engine) as session:
                sent = outbox.list_letters(session, office.organisation_id, states=("sent",))
                checks.equal("letters sent against the walk's own count", len(sent), walked.letters)
                show_letters(session, sent, office.settings.timezone, checks)
                show_reports(session, walked.reports.total(), checks)
                show_lines(session, sent, checks)
    return checks.done()


def show_letters(session: Session, sent: Iterable[LetterRow], zone: ZoneInfo, checks: Checks) -> None:
    """Print each person's letters of the year by kind, and how many came at most in a week and a day."""
    posts = posts_of(session)
    by_person: dict[str, Counter[str]] = defaultdict(Counter)
    weeks: dict[str, Counter[tuple[int, int]]] = defaultdict(Counter)
    digests: Counter[tuple[str, date]] = Counter()
    for letter in sent:
        day = letter.sent_at.astimezone(zone).date() if letter.sent_at else letter.day
        by_person[letter.person][letter.kind] += 1
        weeks[letter.person][day.isocalendar()[:2]] += 1
        digests[letter.person, day] += letter.kind == "digest"
    kinds = sorted({kind for found in by_person.values() for kind in found})
    order = sorted(by_person, key=lambda person: (-by_person[person].total(), person))
    rows = [
        (
            f"{person} ({posts[person]})",
            *(by_person[person][kind] for kind in kinds),
            by_person[person].total(),
            max(weeks[person].values()),
        )
        for person in order
    ]
    totals = [sum(by_person[person][kind] for person in order) for kind in kinds]
    fullest = max(max(found.values()) for found in weeks.values())
    rows.append(("all", *totals, sum(totals), fullest))
    print("### Letters to each person, 2022\n")
    print(table(("person", *kinds, "all", "most in a week"), rows))
    most = max(digests.values())
    print(f"\nDigests to one person in one day, at most: {most}. Persons written to: {len(order)}.")
    checks.true("nobody got two digests in a day", most == 1)


def posts_of(session: Session) -> Mapping[str, str]:
    """Return each person's post and unit, by code."""
    from sqlalchemy import select

    from storage.schema import PersonRow

    return {row.code: f"{row.post}, {row.unit}" for row in session.scalars(select(PersonRow))}


def show_reports(session: Session, walked: int, checks: Checks) -> None:
    """Print how often each unit handed something in, by period.

    A sheet is all that a unit reports for a period on one day: one submit. A report about a task with a
    date of its own is a single one.
    """
    submits, entries = reports_of(session)
    units = sorted({unit for unit, _ in submits})
    periods = sorted({period for _, period in submits if period != _SINGLE}, key=_by_cut_off)
    columns = [*periods, _SINGLE]
    rows = [
        (unit, *(_sheets(submits, entries, unit, period) for period in periods), submits[unit, _SINGLE],
         sum(submits[unit, column] for column in columns))
        for unit in units
    ]  # fmt: skip
    print("\n### Reports by unit and period, 2022: sheets handed in (shares on them), single reports\n")
    print(table(("unit", *periods, "single", "submits in the year"), rows))
    print(f"\nSubmits in the year: {submits.total()} for {entries.total()} shares reported.")
    checks.equal("shares reported against the walk's own count", entries.total(), walked)


def _by_cut_off(key: str) -> date:
    from tasks_catalog.period import period_by_key

    return period_by_key("cchc", key).cut_off


def _sheets(
    submits: Counter[tuple[str, str]], entries: Counter[tuple[str, str]], unit: str, period: str
) -> str:
    return f"{submits[unit, period]} ({entries[unit, period]})"


def reports_of(session: Session) -> tuple[Counter[tuple[str, str]], Counter[tuple[str, str]]]:
    """Return the submits and the shares reported, by (unit, period or "single"), from the journal."""
    from sqlalchemy import select

    from storage.schema import Event, OccurrenceRow

    query = (
        select(Event.id, Event.unit, Event.on, OccurrenceRow.period)
        .join(
            OccurrenceRow, (OccurrenceRow.task_id == Event.task_id) & (OccurrenceRow.key == Event.occurrence)
        )
        .where(Event.kind == "report")
    )
    entries: Counter[tuple[str, str]] = Counter()
    submits: set[tuple[str, str, object]] = set()
    for number, unit, on, period in session.execute(query):
        entries[unit, period or _SINGLE] += 1
        submits.add((unit, period or _SINGLE, on if period else number))
    return Counter((unit, period) for unit, period, _ in submits), entries


def show_lines(session: Session, sent: Iterable[LetterRow], checks: Checks) -> None:
    """Print how many lines a digest has, and how many notices they stand for."""
    from storage import ledger

    lines, notices = [], []
    for letter in sent:
        if letter.kind != "digest":
            continue
        numbers = [int(found) for found in _LINE.findall(letter.body_text)]
        lines.append(len(numbers))
        notices.append(len(ledger.of_letter(session, letter.id)))
        checks.true(f"the lines of letter {letter.id} are numbered from 1", _runs_from_one(numbers))
        checks.true(f"letter {letter.id} has no more lines than notices", 1 <= lines[-1] <= notices[-1])
    rows = [
        ("lines", f"{median(lines):g}", max(lines), sum(lines)),
        ("notices they stand for", f"{median(notices):g}", max(notices), sum(notices)),
    ]
    print("\n### Lines in a digest, 2022\n")
    print(table(("", "median", "most", "in the year"), rows))


def _runs_from_one(numbers: list[int]) -> bool:
    """Say whether each number follows the one before or starts a section: else a line was miscounted."""
    return all(number in (1, before + 1) for before, number in zip([0, *numbers], numbers, strict=False))


if __name__ == "__main__":
    sys.exit(main())
