"""The page of one task: its words, its reading, what may be done, who owes what, its history, its ladder."""

from __future__ import annotations

from dataclasses import dataclass

from board.answers import waiting_sentence
from board.deadlines import deadline_words
from board.proofs import kept_of
from board.targets import TargetRow, target_rows
from board.task_history import HistoryEntry, history_entries
from board.task_notices import NextNotice, PastNotice, next_notices, office_of, past_notice
from board.task_panel import Answered, Focus, Panel, focus_link, focus_of, panel_of, what_next
from board.task_shares import ShareLine, in_order, share_line
from board.view import View
from notifications.wording import problem_sentence
from storage import answers, journal, ledger, tasks
from storage.files import FileStore
from storage.ledger import LedgerEntry
from storage.schema import PlanRow, TaskRow
from tasks_catalog.allowed import acts_on_share
from tasks_catalog.facts import Share, TaskFacts
from tasks_catalog.occurrence import ShareKey
from tasks_catalog.standing import standing_of

PAST_NOTICES = 60
"""How many of the latest notices the page shows; a collective task has several hundred a year."""


@dataclass(frozen=True, kw_only=True)
class Word:
    """A column of the plan with its cell as printed, and as corrected where it was."""

    name: str
    printed: str
    corrected: str = ""


@dataclass(frozen=True, kw_only=True)
class TaskPage:
    """Everything known of one task."""

    id: str
    plan: str
    plan_href: str
    text: str
    kind: str
    standing: str
    why: str
    words: tuple[Word, ...]
    read_as: tuple[str, ...]
    questions: tuple[str, ...]
    targets: tuple[TargetRow, ...]
    answers: tuple[str, ...]
    panel: Panel | None
    """What the viewer may do; None where that is nothing."""
    follows: str
    """What happens next with the share asked for, if nothing changes."""
    open_shares: tuple[ShareLine, ...]
    done_shares: tuple[ShareLine, ...]
    history: tuple[HistoryEntry, ...]
    past: tuple[PastNotice, ...]
    more_past: int
    next: tuple[NextNotice, ...]


def task_page(
    plan: PlanRow,
    row: TaskRow,
    view: View,
    *,
    focus: Focus | None = None,
    files: FileStore | None = None,
    answered: Answered | None = None,
) -> TaskPage:
    facts = tasks.facts_of_task(view.session, row)
    standing = standing_of(facts, as_of=view.close, settings=tasks.settings_of(plan))
    why = {**standing.params}
    if "unit" in why:
        why["unit"] = view.unit(why["unit"])
    past = ledger.of_task(view.session, row)
    shown = focus_of(facts, view, (answered.share if answered else None) or focus)
    asked = tasks.questions_of_task(view.session, row)
    office = office_of(plan, view)
    named = facts.shares.get(ShareKey(facts.id, focus.occurrence, focus.unit)) if focus else None
    open_shares, done_shares = _shares(facts, shown, plan, view)
    return TaskPage(
        id=facts.id,
        plan=plan.number,
        plan_href=view.plan_link(plan.number),
        text=facts.text,
        kind=str(standing.kind),
        standing=view.say(f"standing_{standing.kind}"),
        why=view.say(f"why_{standing.why}", **why),
        words=_words(row, view),
        read_as=reading_lines(facts, view),
        answers=tuple(waiting_sentence(answer, view) for answer in answers.open_of_task(view.session, row)),
        panel=panel_of(plan, row, facts, shown, view, files=files, answered=answered),
        follows=what_next(plan, facts, named, office, view) if named else "",
        questions=tuple(problem_sentence(problem, view.language) for problem in asked),
        targets=target_rows(facts, view),
        open_shares=open_shares,
        done_shares=done_shares,
        history=history_entries(journal.history(view.session, row), view),
        past=tuple(past_notice(entry, view) for entry in _latest(past)),
        more_past=max(0, len(past) - PAST_NOTICES),
        next=next_notices(facts, office, view),
    )


def _shares(
    facts: TaskFacts, shown: Share | None, plan: PlanRow, view: View
) -> tuple[tuple[ShareLine, ...], tuple[ShareLine, ...]]:
    """Return the shares still open and the others, each with the way to what may be done with it."""
    kept = kept_of((facts,), view)
    lines = []
    for share in in_order(facts):
        acts = acts_on_share(view.actor, facts, share) if share is not shown else frozenset()
        href = focus_link(plan.number, facts.row, share, view) if acts else ""
        lines.append((share.is_live, share_line(share, facts, plan, kept, view, href=href)))
    return tuple(line for live, line in lines if live), tuple(line for live, line in lines if not live)


def _words(row: TaskRow, view: View) -> tuple[Word, ...]:
    cells = (
        ("stt", row.stt, row.stt),
        ("section", row.section, row.current_section),
        ("group", row.group_name, row.current_group),
        ("objective", row.objective, row.objective),
        ("task", row.text, row.current_text),
        ("product", row.product, row.current_product),
        ("lead", row.lead_text, row.lead_text),
        ("cooperating", row.cooperating_text, row.cooperating_text),
        ("deadline", row.deadline_text, row.deadline_text),
    )
    own = tuple(
        Word(name=view.say(f"board_column_{name}"), printed=printed, corrected=now if now != printed else "")
        for name, printed, now in cells
        if printed or now
    )
    return own + tuple(Word(name=name, printed=str(cell)) for name, cell in row.extra.items() if cell)


def reading_lines(facts: TaskFacts, view: View) -> tuple[str, ...]:
    """Return how the deadline was read: its kind in words, the plain wording, the dates it makes due."""
    dates = ", ".join(view.day(occurrence.due) for occurrence in facts.planned)
    lines = [deadline_words(facts.deadline, view)]
    if dates:
        lines.append(view.say("board_reading_dates", dates=dates))
    return tuple(lines)


def period_name(key: str, view: View) -> str:
    """Return a period's printed name: "quý I năm 2022" for "2022-Q1"."""
    year, _, name = key.partition("-")
    return view.say(f"period_{name.lower()}", year=year)


def _latest(entries: tuple[LedgerEntry, ...]) -> list[LedgerEntry]:
    """Return the latest notices, the newest first."""
    newest = sorted(entries, key=lambda entry: (entry.notice.fire_on, entry.id), reverse=True)
    return newest[:PAST_NOTICES]
