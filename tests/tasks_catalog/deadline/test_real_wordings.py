"""Every wording collected from real plans and letters, scored as the acceptance tool scores them."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from tasks_catalog.deadline import Deadline, Kind, canonical, read_deadline

DATA = Path(__file__).parents[2] / "data"
ISO = re.compile(r"\d{4}-\d{2}-\d{2}$")


def rows_of(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def year_of(row: dict[str, str]) -> int:
    """Return the plan's year as the acceptance tool takes it: the first in the wording, else the truth's."""
    written = re.search(r"20\d\d", row["wording"])
    year = written.group() if written else (row["to"] or row["from"])[:4]
    return int(year) if year.isdigit() else 2025


def ends_of(deadline: Deadline) -> set[date]:
    """Return the last days given by a deadline and its parts."""
    spans = [*deadline.dates, *(span for part in deadline.parts for span in part.dates)]
    return {span.to for span in spans if span.to}


def test_real_wordings_are_read_right_and_never_to_a_wrong_date() -> None:
    rows = rows_of("deadlines/wordings.csv")
    misread: list[str] = []
    wrong_dates: list[str] = []
    for row in rows:
        read = read_deadline(row["wording"], year=year_of(row))
        # "<sự kiện>" in the collection stands for a day no calendar knows yet.
        true_end = date.fromisoformat(row["to"]) if ISO.match(row["to"]) else None
        ends = ends_of(read)
        if read.kind != row["kind"] or (true_end and true_end not in ends):
            misread.append(f"{row['wording']}: {read}")
        if true_end and ends and true_end not in ends:
            wrong_dates.append(f"{row['wording']}: {read}")
    assert wrong_dates == []
    assert len(misread) <= 0.03 * len(rows), misread


def test_dates_the_government_gave_for_its_own_phrases() -> None:
    for row in rows_of("deadlines/official_pairs.csv"):
        day, month, year = map(int, row["official_date"].split("/"))
        official = date(year, month, day)
        assert ends_of(read_deadline(row["phrase"], year=2025)) == {official}, row["phrase"]


def test_every_row_of_the_plan_of_2022_is_read_as_collected() -> None:
    true_kinds = {row["wording"]: row["kind"] for row in rows_of("deadlines/wordings.csv")}
    plan = rows_of("plans/cchc-2022.csv")
    read = [(row["deadline"], read_deadline(row["deadline"], year=2022).kind) for row in plan]
    assert len(read) == 57
    assert read == [(words, Kind(true_kinds[words])) for words, _ in read]


def plan_wordings() -> Iterator[str]:
    for path in sorted((DATA / "plans").glob("*.csv")):
        yield from sorted({row["deadline"] for row in rows_of(f"plans/{path.name}") if row["deadline"]})


@pytest.mark.parametrize("words", sorted(set(plan_wordings())))
def test_deadline_columns_of_real_plans_are_clear_or_known_slips(words: str) -> None:
    slips = {"Tháng 15/11/2022", "Tháng Quý IV/2022"}
    read = read_deadline(words, year=2025)
    assert (read.kind is Kind.UNCLEAR) == (words in slips)
    assert read_deadline(canonical(read), year=2025).kind is read.kind
