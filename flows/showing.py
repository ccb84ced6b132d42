"""What the flow UI shows of a plan: artifacts in Vietnamese, with links to the board.

No address and no person's name stands in an artifact.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from flows.steps import named
from notifications.links import Links
from notifications.papers.sentence import note_sentence, sentence_of
from notifications.wording import date_text, sentence
from tasks_catalog.digest import OverdueTask, Summary
from tasks_catalog.progress import Line
from tasks_catalog.standing import StandingKind
from tasks_catalog.text import plain

WORST = 5


@named("Đăng kết quả lên giao diện luồng công việc")
def show(summary: Summary, base_url: str) -> None:
    """Publish a page, a table of what is overdue, a progress figure and a link to the board."""
    from prefect.artifacts import (
        create_link_artifact,
        create_markdown_artifact,
        create_progress_artifact,
        create_table_artifact,
    )

    plan = summary.head.plan_number
    key = artifact_key(plan)
    table_title = sentence("flow_overdue_table", plan=plan)
    # The UI prints the raw figure, so it is rounded here; the description says it as people do.
    percent = round(100 * summary.done / summary.total, 1) if summary.total else 0.0
    tally = f"{summary.done}/{summary.total} – {plan}"
    create_markdown_artifact(key=f"{key}-tien-do", markdown=page(summary, base_url), description=tally)
    create_table_artifact(key=f"{key}-qua-han", table=overdue_rows(summary), description=table_title)
    create_progress_artifact(key=f"{key}-ty-le", progress=percent, description=tally)
    if link := Links(base_url).plan(plan):
        create_link_artifact(key=f"{key}-bang", link=link, link_text=sentence("flow_board_link", plan=plan))


def artifact_key(plan: str) -> str:
    """Return the stem of a plan's artifact keys: lower case, digits and dashes, as Prefect wants them."""
    return re.sub(r"[^a-z0-9]+", "-", plain(plan)).strip("-")


def page(summary: Summary, base_url: str) -> str:
    """Return the page in markdown: the sentence, the standings, the sections, the worst five, the notes."""
    standings = [(sentence(f"standing_{kind}"), str(summary.counts[kind])) for kind in StandingKind]
    heads = (sentence("flow_section"), sentence("flow_done"), sentence("standing_overdue"))
    parts = [
        f"# {summary.done}/{summary.total}",
        f"**{escape(sentence_of(summary))}**",
        sentence("flow_data_as_of", day=summary.as_of),
        _table((sentence("flow_standing"), sentence("flow_tasks")), standings),
        f"## {sentence('flow_by_section')}",
        _table(heads, [_section_cells(line) for line in summary.by_section]),
        f"## {sentence('flow_worst')}",
        _worst(summary),
        f"*{sentence('flow_counted')} " + " ".join(note_sentence(note) for note in summary.notes) + "*",
    ]
    if link := Links(base_url).plan(summary.head.plan_number):
        parts.append(f"[{sentence('flow_board_link', plan=summary.head.plan_number)}]({link})")
    return "\n\n".join(parts)


def _section_cells(line: Line) -> tuple[str, ...]:
    return (line.key or "–", f"{line.done}/{line.total}", str(line.counts[StandingKind.OVERDUE]))


def _worst(summary: Summary) -> str:
    worst = sorted(summary.overdue, key=lambda late: (late.since, late.row))[:WORST]
    if not worst:
        return sentence("flow_none_overdue")
    heads = (sentence("flow_task"), sentence("flow_due"), sentence("flow_days_late"))
    return _table(heads, [(f"{late.row}. {late.text}", *_lateness(late)) for late in worst])


def _lateness(late: OverdueTask) -> tuple[str, str]:
    return date_text(late.due), str(late.days)


def overdue_rows(summary: Summary) -> list[dict[str, str]]:
    """Return the overdue tasks, the oldest first; one row says so when there is none."""
    codes = ("flow_row", "flow_task", "flow_section", "flow_due", "flow_days_late")
    heads = [sentence(code) for code in codes]
    rows = [
        dict(zip(heads, (str(late.row), late.text, late.section, *_lateness(late)), strict=True))
        for late in sorted(summary.overdue, key=lambda late: (late.since, late.row))
    ]
    return rows or [{heads[1]: sentence("flow_none_overdue")}]


def _table(heads: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    """Return a markdown table, numbers to the right; a cell's text cannot break out of its cell."""
    lines = [
        "| " + " | ".join(heads) + " |",
        "|---" + "|---:" * (len(heads) - 1) + "|",
        *("| " + " | ".join(escape(cell) for cell in row) + " |" for row in rows),
    ]
    return "\n".join(lines)


def escape(text: str) -> str:
    """Return text that markdown shows as it is: a task's words are data, never markup."""
    return re.sub(r"([\\`*_{}\[\]<>|#])", r"\\\1", " ".join(text.split()))
