"""The report of a period (báo cáo, mẫu 1.4): what the frozen summary says, and no word more.

Difficulties, plans and praise are for the person who signs; number, day, signature and name stay blank.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from pathlib import Path

from docx.document import Document

from notifications.papers import layout
from notifications.papers.figures import difference, official_date, padded, percent, row_ranges
from notifications.papers.package import save_paper, set_properties
from notifications.papers.sentence import (
    note_sentence,
    period_text,
    plan_text,
    plan_text_dated,
    sentence_of,
)
from notifications.papers.tables import Cells, Column, add_table
from notifications.papers.targets import targets_chapter
from notifications.wording import Wording, sentence
from tasks_catalog.digest import Changes, DecidedTask, MoveKind, OverdueTask, Summary
from tasks_catalog.progress import Line
from tasks_catalog.standing import StandingKind

_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII")
_WORTH_TELLING = ("waiting_for_authority", "suspended", "question_open")
"""Reasons of tasks in progress that a leader must know of: nobody is working on these."""


def write_summary(summary: Summary, path: Path, *, lang: str = "vi") -> None:
    """Write the report as .docx. The same summary gives the same bytes."""
    paper = summary_paper(summary, lang=lang)
    save_paper(paper, path)


def summary_paper(summary: Summary, *, lang: str = "vi") -> Document:
    """Return the report as a document not yet written."""
    paper = layout.new_paper(lang)
    say = partial(sentence, lang=lang)
    _head(paper, summary, say, lang)
    parts = [_overall, _by_section, _by_unit, _overdue, _changes]
    if summary.decided:
        parts.insert(4, _decided)
    if summary.targets:
        parts.insert(3, targets_chapter)
    for number, part in zip(_ROMAN[: len(parts)], parts, strict=True):
        part(paper, summary, lang, f"{number}. ")
    _notes(paper, summary, lang)
    _foot(paper, summary, say, lang)
    return paper


def _head(paper: Document, summary: Summary, say: Wording, lang: str) -> None:
    head, period = summary.head, period_text(summary.period, lang)
    kind = f"BC-{head.abbreviation}" if head.abbreviation else "BC"
    layout.letterhead(paper, head, kind=kind, about="", day=summary.as_of, lang=lang)
    about = (say("paper_report_subject", plan=plan_text(head, lang)), period)
    label = say("paper_label", label=head.label).strip() if head.label else ""
    layout.subject(paper, say("paper_report"), about, label)
    plan, organisation = plan_text_dated(head, lang), head.organisation
    opening = say("paper_report_opening", plan=plan, organisation=organisation, period=period)
    layout.body(paper, opening).paragraph_format.space_before = layout.Pt(10)
    set_properties(paper, title=", ".join(about), author=organisation, lang=lang, day=summary.as_of)


def _overall(paper: Document, summary: Summary, lang: str, number: str) -> None:
    layout.chapter(paper, number + sentence("paper_chapter_overall", lang))
    layout.body(paper, sentence_of(summary, lang))
    start, end = summary.window
    days = {"start": start, "end": end, "as_of": summary.as_of}
    shown = {name: official_date(day, lang) for name, day in days.items()}
    layout.body(paper, sentence("paper_window", lang, period=period_text(summary.period, lang), **shown))
    _standings(paper, summary, lang)
    layout.gap(paper)
    for line in _remarks(summary, lang):
        layout.body(paper, line)


def _standings(paper: Document, summary: Summary, lang: str) -> None:
    say, changes = partial(sentence, lang=lang), summary.changes
    columns = [
        Column(title=say("paper_column_standing"), width=85 if changes else 125, words=True),
        Column(title=say("paper_column_tasks"), width=30 if changes else 40),
    ]
    if changes:
        columns.append(Column(title=say("paper_column_before"), width=25))
        columns.append(Column(title=say("paper_column_difference"), width=25))
    rows = [
        (say(f"paper_standing_{kind}"), *_compared(summary.counts[kind], _before(changes, kind)))
        for kind in StandingKind
    ]
    before = sum(changes.counts.values()) if changes else None
    add_table(paper, columns, rows, total=(say("paper_total"), *_compared(summary.tasks, before)))


def _before(changes: Changes | None, kind: StandingKind) -> int | None:
    return changes.counts[kind] if changes else None


def _compared(now: int, before: int | None) -> Cells:
    return (str(now),) if before is None else (str(now), str(before), difference(now, before))


def _remarks(summary: Summary, lang: str) -> Iterable[str]:
    """Yield what the six numbers do not show: the percentage, and tasks that stand on somebody else."""
    if summary.total:
        done, total = padded(summary.done), padded(summary.total)
        rate = percent(summary.done, summary.total, lang)
        yield sentence("paper_percent", lang, percent=rate, done=done, total=total)
    if summary.unconfirmed:
        yield sentence("paper_unconfirmed", lang, count=padded(summary.unconfirmed))
    for why in _WORTH_TELLING:
        if count := summary.in_progress.get(why, 0):
            yield sentence(f"paper_{why}", lang, count=padded(count))


def _by_section(paper: Document, summary: Summary, lang: str, number: str) -> None:
    layout.chapter(paper, number + sentence("paper_chapter_sections", lang))
    if not summary.by_section:
        layout.body(paper, sentence("paper_sections_empty", lang))
        return
    names = [line.key or sentence("paper_no_section", lang) for line in summary.by_section]
    _breakdown(paper, "paper_column_section", names, summary.by_section, lang)


def _by_unit(paper: Document, summary: Summary, lang: str, number: str) -> None:
    layout.chapter(paper, number + sentence("paper_chapter_units", lang))
    if not summary.by_unit:
        layout.body(paper, sentence("paper_units_empty", lang))
        return
    lead = layout.body(paper, sentence("paper_units_lead", lang))
    lead.paragraph_format.keep_with_next = True
    names = [summary.head.unit_name(line.key) for line in summary.by_unit]
    _breakdown(paper, "paper_column_unit", names, summary.by_unit, lang)


def _breakdown(paper: Document, what: str, names: list[str], lines: tuple[Line, ...], lang: str) -> None:
    columns = [
        Column(title=sentence(what, lang), width=43, words=True),
        Column(title=sentence("paper_column_done_of_total", lang), width=20),
        *(Column(title=sentence(f"paper_standing_{kind}", lang), width=17) for kind in StandingKind),
    ]
    rows = [
        (name, _ratio(line.done, line.total), *(str(line.counts[kind]) for kind in StandingKind))
        for name, line in zip(names, lines, strict=True)
    ]
    total = (
        sentence("paper_total", lang),
        _ratio(sum(line.done for line in lines), sum(line.total for line in lines)),
        *(str(sum(line.counts[kind] for line in lines)) for kind in StandingKind),
    )
    add_table(paper, columns, rows, total=total, heading_size=11)


def _ratio(done: int, total: int) -> str:
    return f"{padded(done)}/{padded(total)}"


def _overdue(paper: Document, summary: Summary, lang: str, number: str) -> None:
    say = partial(sentence, lang=lang)
    layout.chapter(paper, number + say("paper_chapter_overdue"))
    if not summary.overdue:
        layout.body(paper, say("paper_overdue_none"))
        return
    lead = layout.body(paper, say("paper_overdue_lead", count=padded(len(summary.overdue))))
    lead.paragraph_format.keep_with_next = True
    columns = [
        Column(title=say("paper_column_row"), width=13),
        Column(title=say("paper_column_task"), width=56, words=True),
        Column(title=say("paper_column_unit"), width=34, words=True),
        Column(title=say("paper_column_deadline"), width=23, words=True),
        Column(title=say("paper_column_due"), width=24),
        Column(title=say("paper_column_days"), width=15),
    ]
    add_table(paper, columns, [_overdue_cells(task, summary, lang) for task in summary.overdue])


def _overdue_cells(task: OverdueTask, summary: Summary, lang: str) -> Cells:
    units = "; ".join(summary.head.unit_name(code) for code in task.units)
    due = official_date(task.due, lang)
    if task.first_due != task.due:
        due = sentence("paper_due_extended", lang, due=due, first=official_date(task.first_due, lang))
    return str(task.row), task.text, units, task.deadline, due, str(task.days)


def _decided(paper: Document, summary: Summary, lang: str, number: str) -> None:
    say = partial(sentence, lang=lang)
    layout.chapter(paper, number + say("paper_chapter_decided"))
    columns = [
        Column(title=say("paper_column_row"), width=13),
        Column(title=say("paper_column_task"), width=70, words=True),
        Column(title=say("paper_column_decision"), width=34, words=True),
        Column(title=say("paper_column_document"), width=48, words=True),
    ]
    rows = [
        (str(task.row), task.text, say(f"paper_closing_{task.kind}"), _document(task, lang))
        for task in summary.decided
    ]
    add_table(paper, columns, rows)


def _document(task: DecidedTask, lang: str) -> str:
    if not task.document or task.document_issued is None:
        return task.document
    issued = official_date(task.document_issued, lang)
    return sentence("paper_document_dated", lang, number=task.document, issued=issued)


def _changes(paper: Document, summary: Summary, lang: str, number: str) -> None:
    layout.chapter(paper, number + sentence("paper_chapter_changes", lang))
    if summary.changes is None:
        layout.body(paper, sentence("paper_changes_none", lang))
        return
    layout.body(paper, _compared_sentence(summary, summary.changes, lang))
    moved = [line for kind in MoveKind for line in _move_lines(summary.changes, kind, lang)]
    for line in moved or [sentence("paper_changes_no_moves", lang)]:
        layout.body(paper, line)


def _compared_sentence(summary: Summary, changes: Changes, lang: str) -> str:
    return sentence(
        "paper_changes_lead",
        lang,
        as_of=official_date(changes.as_of, lang),
        done=padded(changes.done),
        total=padded(changes.total),
        done_now=padded(summary.done),
        total_now=padded(summary.total),
    )


def _move_lines(changes: Changes, kind: MoveKind, lang: str) -> Iterable[str]:
    moves = changes.of_kind(kind)
    if moves:
        what, rows = sentence(f"paper_move_{kind}", lang), row_ranges(move.row for move in moves)
        yield "- " + sentence("paper_move", lang, what=what, count=padded(len(moves)), rows=rows)


def _notes(paper: Document, summary: Summary, lang: str) -> None:
    lead = layout.note(paper, sentence("paper_chapter_notes", lang), bold=True)
    lead.paragraph_format.space_before = layout.Pt(8)
    for number, note in enumerate(summary.notes, start=1):
        layout.note(paper, f"({number}) {note_sentence(note, lang)}")


def _foot(paper: Document, summary: Summary, say: Wording, lang: str) -> None:
    head, period = summary.head, period_text(summary.period, lang)
    plan = plan_text(head, lang)
    closing = layout.body(
        paper, say("paper_report_closing", plan=plan, period=period, organisation=head.organisation)
    )
    closing.paragraph_format.space_after = layout.Pt(12)
    closing.paragraph_format.keep_with_next = True
    layout.foot(paper, head, head.recipients or (say("paper_recipient_blank"),), lang)
