"""The chapter on targets: each figure the plan sets, what was reported of it, and whether it is met."""

from __future__ import annotations

from collections import Counter
from functools import partial

from docx.document import Document

from notifications.papers import layout
from notifications.papers.figures import padded
from notifications.papers.tables import Cells, Column, add_table
from notifications.target_words import reported_text
from notifications.wording import sentence
from tasks_catalog.digest import Summary, TargetLine
from tasks_catalog.judging import Verdict


def targets_chapter(paper: Document, summary: Summary, lang: str, number: str) -> None:
    say = partial(sentence, lang=lang)
    layout.chapter(paper, number + say("paper_chapter_targets"))
    lead = layout.body(paper, targets_sentence(summary, lang))
    lead.paragraph_format.keep_with_next = True
    columns = [
        Column(title=say("paper_column_row"), width=13),
        Column(title=say("paper_column_task"), width=46, words=True),
        Column(title=say("paper_column_target"), width=46, words=True),
        Column(title=say("paper_column_reported"), width=38, words=True),
        Column(title=say("paper_column_verdict"), width=22),
    ]
    add_table(paper, columns, [_cells(line, summary, lang) for line in summary.targets])


def targets_sentence(summary: Summary, lang: str = "vi") -> str:
    """Return how many of the plan's targets are met, missed and not reported."""
    found = Counter(line.verdict for line in summary.targets)
    counts = {str(verdict): padded(found[verdict]) for verdict in Verdict}
    return sentence("paper_targets_lead", lang, total=padded(len(summary.targets)), **counts)


def _cells(line: TargetLine, summary: Summary, lang: str) -> Cells:
    reported = reported_text(line.units, line.measure, line.aim, summary.head.unit_name, lang)
    return str(line.row), line.text, line.target, reported or "–", sentence(f"target_{line.verdict}", lang)
