"""The draft letter of urging (công văn đôn đốc, mẫu 1.5): what is late, and by when to answer.

A draft for a leader to sign. It urges and never reproves: a reprimand is a person's decision, and no
wording of this paper contains one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from docx.document import Document

from notifications.papers import layout
from notifications.papers.figures import official_date, padded
from notifications.papers.package import save_paper, set_properties
from notifications.papers.sentence import plan_text, plan_text_dated
from notifications.papers.tables import Column, add_table
from notifications.wording import Wording, sentence
from tasks_catalog.digest import SummaryHead
from tasks_catalog.facts import Share, TaskFacts
from tasks_catalog.problem import Refused
from tasks_catalog.text import clean


@dataclass(frozen=True, kw_only=True)
class UrgedTask:
    """One task the unit is late with; ``days_late`` are calendar days past its last on-time day."""

    row: int
    text: str
    deadline: str
    due: date
    days_late: int
    product: str = ""


@dataclass(frozen=True, kw_only=True)
class UrgingDraft:
    """What a letter of urging says: to one unit, about one plan, by the facts up to ``as_of``."""

    head: SummaryHead
    unit: str
    """The unit's name, as addressed."""
    tasks: tuple[UrgedTask, ...]
    as_of: date
    answer_by: date
    recipients: tuple[str, ...] = ()
    """The lines between "Như trên" and the filing line."""
    focal: str = ""
    """The name of the unit that collects the answers; empty: not said."""


def urged_task(task: TaskFacts, share: Share, *, as_of: date) -> UrgedTask:
    """Return what the letter says of one share that is late on ``as_of``."""
    return UrgedTask(
        row=task.row,
        text=task.text,
        deadline=task.deadline.text,
        due=share.due,
        days_late=(as_of - share.lapses).days,
        product=task.product,
    )


def write_urging(draft: UrgingDraft, path: Path, *, lang: str = "vi") -> None:
    """Write the letter as .docx; the same draft gives the same bytes.

    Raises Refused for a draft without a task, or one to be answered before it is written.
    """
    save_paper(urging_paper(draft, lang=lang), path)


def urging_paper(draft: UrgingDraft, *, lang: str = "vi") -> Document:
    """Return the letter as a document not yet written; raises as ``write_urging`` does."""
    _check(draft)
    paper = layout.new_paper(lang)
    say: Wording = partial(sentence, lang=lang)
    _head(paper, draft, say, lang)
    if len(draft.tasks) == 1:
        _one_task(paper, draft, draft.tasks[0], say, lang)
    else:
        _many_tasks(paper, draft, say, lang)
    layout.body(paper, _request(draft, say, lang))
    closing = layout.body(paper, say("paper_urging_closing", unit=clean(draft.unit)))
    closing.paragraph_format.space_after = layout.Pt(12)
    closing.paragraph_format.keep_with_next = True
    layout.foot(paper, draft.head, (say("paper_recipient_as_above"), *draft.recipients), lang)
    return paper


def _check(draft: UrgingDraft) -> None:
    if not draft.tasks:
        raise Refused("urging_without_tasks", unit=draft.unit)
    if draft.answer_by <= draft.as_of:
        raise Refused("urging_answer_too_early", answer_by=draft.answer_by, as_of=draft.as_of)


def _head(paper: Document, draft: UrgingDraft, say: Wording, lang: str) -> None:
    head = draft.head
    kind = f"{head.abbreviation}-{head.drafted_by}" if head.abbreviation else head.drafted_by
    about = say("paper_urging_subject", plan=plan_text(head, lang))
    layout.letterhead(paper, head, kind=kind, about=about, day=draft.as_of, lang=lang)
    to = layout.centred(paper, say("paper_urging_to", unit=clean(draft.unit)), layout.Type(), before=18)
    to.paragraph_format.space_after = layout.Pt(12)
    if head.label:
        label = say("paper_label", label=head.label).strip()
        layout.centred(paper, label, layout.Type(italic=True)).paragraph_format.space_after = layout.Pt(6)
    set_properties(paper, title=about, author=head.organisation, lang=lang, day=draft.as_of)


def _one_task(paper: Document, draft: UrgingDraft, task: UrgedTask, say: Wording, lang: str) -> None:
    product = clean(task.product)
    given = say(
        "paper_urging_one",
        plan=plan_text_dated(draft.head, lang),
        unit=clean(draft.unit),
        task=clean(task.text).rstrip(" .;"),
        product=say("paper_urging_product", product=product) if product else "",
        deadline=_deadline(task, say, lang),
    )
    layout.body(paper, given)
    as_of, days = official_date(draft.as_of, lang), padded(task.days_late)
    late = say("paper_urging_one_late", as_of=as_of, days=days, organisation=draft.head.organisation)
    layout.body(paper, late)


def _deadline(task: UrgedTask, say: Wording, lang: str) -> str:
    """Return the deadline as the plan words it with its day; the day alone where the plan has no words."""
    words, due = clean(task.deadline), official_date(task.due, lang)
    return (
        say("paper_urging_deadline", words=words, due=due)
        if words
        else say("paper_urging_deadline_day", due=due)
    )


def _many_tasks(paper: Document, draft: UrgingDraft, say: Wording, lang: str) -> None:
    lead = say(
        "paper_urging_many",
        plan=plan_text_dated(draft.head, lang),
        unit=clean(draft.unit),
        as_of=official_date(draft.as_of, lang),
        count=padded(len(draft.tasks)),
        organisation=draft.head.organisation,
    )
    layout.body(paper, lead).paragraph_format.keep_with_next = True
    columns = [
        Column(title=say("paper_column_row"), width=13),
        Column(title=say("paper_column_task"), width=86, words=True),
        Column(title=say("paper_column_deadline"), width=27, words=True),
        Column(title=say("paper_column_due"), width=24),
        Column(title=say("paper_column_days"), width=15),
    ]
    ordered = sorted(draft.tasks, key=lambda task: (-task.days_late, task.row))
    rows = [
        (str(t.row), clean(t.text), clean(t.deadline), official_date(t.due, lang), str(t.days_late))
        for t in ordered
    ]
    add_table(paper, columns, rows)
    layout.gap(paper)


def _request(draft: UrgingDraft, say: Wording, lang: str) -> str:
    focal = say("paper_urging_focal", focal=clean(draft.focal)) if draft.focal else ""
    return say(
        "paper_urging_request",
        organisation=draft.head.organisation,
        unit=clean(draft.unit),
        focal=focal,
        answer_by=official_date(draft.answer_by, lang),
    )
