"""What the demonstration shows at its end, and the figures it keeps: letters, reports, tallies."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from rich.console import Console
from rich.table import Table
from sqlalchemy.orm import Session

from cli.context import language, words
from cli.demo.story import Script
from cli.demo.walk import Walked
from flows.office import OpenOffice
from notifications.papers.sentence import sentence_of
from storage import ledger, outbox, tasks
from storage.engine import read
from storage.people import load_directory
from storage.reckoning import summary_at
from tasks_catalog.digest import Summary
from tasks_catalog.standing import StandingKind

FIGURES_FILE = "figures.json"


def show(console: Console, office: OpenOffice, scripts: tuple[Script, ...], walked: Walked) -> None:
    """Print the closing tables and keep their figures beside the letters."""
    with read(office.engine) as session:
        summaries = [
            (day, summary_at(session, tasks.plan_or_refuse(session, office.organisation_id, s.number), day))
            for s in scripts
            for day in s.shown
        ]
        letters = _letters(session, office)
        notices = ledger.counts(session, office.organisation_id)
        names = {p.code: p.name for p in load_directory(session, office.organisation_id).people}
    console.print(_standings(summaries))
    for _, summary in summaries:
        console.print(sentence_of(summary, language()), style="bold")
    console.print(_by_person(letters, names))
    console.print(_reports(walked))
    notice_words = ", ".join(f"{words(f'notice_{state}')} {count}" for state, count in notices.items())
    console.print(words("demo_notices", notices=notice_words))
    figures = {
        "days": walked.days,
        "letters": sum(sum(kinds.values()) for kinds in letters.values()),
        "letters_by_person": {person: dict(kinds) for person, kinds in sorted(letters.items())},
        "notices": {str(state): count for state, count in notices.items()},
        "tallies": {f"{s.head.plan_number} {day}": f"{s.done}/{s.total}" for day, s in summaries},
        "audit_gaps": walked.gaps,
    }
    path: Path = office.settings.home / FIGURES_FILE
    path.write_text(json.dumps(figures, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _letters(session: Session, office: OpenOffice) -> Mapping[str, Counter[str]]:
    found: dict[str, Counter[str]] = {}
    for letter in outbox.list_letters(session, office.organisation_id):
        found.setdefault(letter.person, Counter())[f"{letter.kind} {letter.state}"] += 1
    return found


def _standings(summaries: list[tuple[date, Summary]]) -> Table:
    table = Table(title=words("demo_standings"))
    table.add_column(words("flow_standing"))
    for day, summary in summaries:
        table.add_column(f"{summary.head.plan_number}\n{day:%d/%m/%Y}", justify="right")
    for kind in StandingKind:
        table.add_row(words(f"standing_{kind}"), *(str(summary.counts[kind]) for _, summary in summaries))
    table.add_row(
        words("demo_done_of_total"),
        *(f"{summary.done}/{summary.total}" for _, summary in summaries),
        style="bold",
    )
    return table


def _by_person(letters: Mapping[str, Counter[str]], names: Mapping[str, str]) -> Table:
    table = Table(title=words("demo_letters"))
    kinds = sorted({kind for found in letters.values() for kind in found})
    table.add_column(words("demo_person"))
    for kind in kinds:
        table.add_column(kind, justify="right")
    for person in sorted(letters, key=lambda person: -sum(letters[person].values())):
        table.add_row(names.get(person, person), *(str(letters[person][kind] or "") for kind in kinds))
    return table


def _reports(walked: Walked) -> Table:
    table = Table(title=words("demo_reports"))
    periods = sorted(
        {period for _, period in walked.reports if "-Q" in period or "-H" in period or "-Y" in period}
    )
    table.add_column(words("demo_unit"))
    for period in periods:
        table.add_column(period, justify="right")
    table.add_column(words("demo_single"), justify="right")
    for unit in sorted({unit for unit, _ in walked.reports}):
        single = sum(n for (u, p), n in walked.reports.items() if u == unit and p not in periods)
        cells = (str(walked.reports[unit, period] or "") for period in periods)
        table.add_row(unit, *cells, str(single or ""))
    return table
