"""The page of one task: its words, its reading, who owes what, its history, its ladder past and next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from board.answers import waiting_sentence
from board.deadlines import deadline_words
from board.lists import share_state
from board.targets import TargetRow, figures_text, target_rows
from board.view import View
from notifications.wording import problem_sentence
from storage import answers, journal, ledger, tasks
from storage.ledger import LedgerEntry
from storage.schema import PlanRow, TaskRow
from tasks_catalog.facts import Share, TaskFacts
from tasks_catalog.ladder import Office, next_step
from tasks_catalog.standing import StandingKind, share_standing, standing_of

PAST_NOTICES = 60
"""How many of the latest notices the page shows; a collective task has several hundred a year."""


@dataclass(frozen=True, kw_only=True)
class Word:
    """A column of the plan with its cell as printed, and as corrected where it was."""

    name: str
    printed: str
    corrected: str = ""


@dataclass(frozen=True, kw_only=True)
class ShareLine:
    """One unit's share of one occurrence."""

    unit: str
    role: str
    due: str
    period: str
    period_href: str
    kind: str
    state: str
    moved: str


@dataclass(frozen=True, kw_only=True)
class HistoryEntry:
    """One line of the journal."""

    at: str
    by: str
    what: str
    detail: str


@dataclass(frozen=True, kw_only=True)
class PastNotice:
    """One line of the ledger: who was to hear what, why, and what became of it."""

    on: str
    rung: str
    who: str
    why: str
    state: str


@dataclass(frozen=True, kw_only=True)
class NextNotice:
    """Who hears next about a share if nothing changes."""

    on: str
    rung: str
    who: str
    unit: str
    why: str


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
    open_shares: tuple[ShareLine, ...]
    done_shares: tuple[ShareLine, ...]
    history: tuple[HistoryEntry, ...]
    past: tuple[PastNotice, ...]
    more_past: int
    next: tuple[NextNotice, ...]


def task_page(plan: PlanRow, row: TaskRow, view: View) -> TaskPage:
    facts = tasks.facts_of_task(view.session, row)
    standing = standing_of(facts, as_of=view.close, settings=tasks.settings_of(plan))
    why = {**standing.params}
    if "unit" in why:
        why["unit"] = view.unit(why["unit"])
    past = ledger.of_task(view.session, row)
    return TaskPage(
        id=facts.id,
        plan=plan.number,
        plan_href=view.plan_link(plan.number),
        text=facts.text,
        kind=str(standing.kind),
        standing=view.say(f"standing_{standing.kind}"),
        why=view.say(f"why_{standing.why}", **why),
        words=_words(row, view),
        read_as=_read_as(facts, view),
        answers=tuple(waiting_sentence(answer, view) for answer in answers.open_of_task(view.session, row)),
        questions=tuple(
            problem_sentence(asked.problem, view.language)
            for asked in tasks.questions_of(view.session, plan)
            if asked.row == row.row
        ),
        targets=target_rows(facts, view),
        open_shares=tuple(_share(share, facts, plan, view) for share in _in_order(facts) if share.is_live),
        done_shares=tuple(
            _share(share, facts, plan, view) for share in _in_order(facts) if not share.is_live
        ),
        history=tuple(_history(line, view) for line in journal.history(view.session, row)),
        past=tuple(_past(entry, view) for entry in _latest(past)),
        more_past=max(0, len(past) - PAST_NOTICES),
        next=_next(facts, plan, view),
    )


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


def _read_as(facts: TaskFacts, view: View) -> tuple[str, ...]:
    """Return how the deadline was read: its kind in words, the plain wording, the dates it makes due."""
    dates = ", ".join(view.day(occurrence.due) for occurrence in facts.planned)
    lines = [deadline_words(facts.deadline, view)]
    if dates:
        lines.append(view.say("board_reading_dates", dates=dates))
    return tuple(lines)


def _in_order(facts: TaskFacts) -> list[Share]:
    return sorted(facts.shares.values(), key=lambda share: (share.due, share.role, share.key.unit))


def _share(share: Share, facts: TaskFacts, plan: PlanRow, view: View) -> ShareLine:
    sheet = view.links.sheet(plan.number, share.period, share.key.unit) if share.period else ""
    return ShareLine(
        unit=view.unit(share.key.unit),
        role=view.say(f"board_role_{share.role}"),
        due=view.day(share.due),
        period=period_name(share.period, view) if share.period else "",
        period_href=sheet,
        kind=str(_kind(share, facts, view)),
        state=share_state(share, view),
        moved=_moved(share, view),
    )


def _kind(share: Share, facts: TaskFacts, view: View) -> StandingKind:
    if share.withdrawn_on:
        return StandingKind.CLOSED
    return share_standing(share, facts, view.close)


def _moved(share: Share, view: View) -> str:
    """Return why the clock was started again, with the first date; empty in the first epoch."""
    if share.epoch == 1:
        return ""
    cause = view.say(f"epoch_{share.epoch_cause}")
    return view.say("board_share_epoch", epoch=share.epoch, cause=cause, first=share.first_due)


def period_name(key: str, view: View) -> str:
    """Return a period's printed name: "quý I năm 2022" for "2022-Q1"."""
    year, _, name = key.partition("-")
    return view.say(f"period_{name.lower()}", year=year)


def _history(line: journal.HistoryLine, view: View) -> HistoryEntry:
    code = "board_imported" if line.kind == "import" else f"decision_{line.kind}"
    details = [_about(line.payload, view), *_details(line.payload, view)]
    if line.document:
        details.append(view.say("board_detail_document", number=line.document.number))
    details.append("" if line.note in line.payload.values() else line.note)
    return HistoryEntry(
        at=view.moment(line.at),
        by=view.person(line.by),
        what=view.say(code),
        detail="; ".join(detail for detail in details if detail),
    )


def _about(payload: Mapping[str, Any], view: View) -> str:
    """Return the unit of the share a decision is about, or how many units an occurrence was opened for."""
    if isinstance(share := payload.get("share"), list):
        return view.say("board_detail_share", unit=view.unit(str(share[2])), due=str(share[1]))
    if isinstance(opened := payload.get("occurrence"), dict):
        units = len(payload.get("shares", ()))
        return view.say("board_detail_opened", due=str(opened.get("due", "")), units=units)
    return ""


def _details(payload: Mapping[str, Any], view: View) -> list[str]:
    """Return what else a decision carries: dates, reasons, units, proofs."""
    said = [
        view.say(f"board_detail_{name}", it=payload[name])
        for name in ("to", "expected", "until", "product_date", "reason", "value")
        if payload.get(name)
    ]
    if payload.get("from_unit"):
        names = {name: view.unit(str(payload[name])) for name in ("from_unit", "to_unit")}
        said.append(view.say("board_detail_units", **names))
    if figures := figures_text(payload):
        said.append(view.say("board_detail_figures", it=figures))
    proofs = [str(proof.get("text", "")) for proof in payload.get("evidence", ()) if isinstance(proof, dict)]
    if proofs:
        said.append(view.say("board_detail_evidence", it=", ".join(proofs)))
    return said


def _latest(entries: tuple[LedgerEntry, ...]) -> list[LedgerEntry]:
    """Return the latest notices, the newest first."""
    newest = sorted(entries, key=lambda entry: (entry.notice.fire_on, entry.id), reverse=True)
    return newest[:PAST_NOTICES]


def _past(entry: LedgerEntry, view: View) -> PastNotice:
    notice = entry.notice
    return PastNotice(
        on=view.day(notice.fire_on),
        rung=notice.key.rung,
        who=view.say(
            "board_notice_who",
            name=_reader(entry, view),
            audience=view.say(f"route_{notice.route}")
            if notice.route
            else view.say(f"audience_{notice.audience}"),
        ),
        why=rung_why(
            notice.why, view, due=notice.params.get("due", ""), unit=view.unit(notice.key.share.unit)
        ),
        state=view.say(f"board_notice_{notice.params.get(ledger.UNTOLD, notice.state)}"),
    )


def _reader(entry: LedgerEntry, view: View) -> str:
    """Name whom a notice was meant for, and who read it where that one was away."""
    meant, reader = entry.notice.key.person, entry.reader
    if reader in (None, meant):
        return view.person(meant)
    return view.say("told_to_reader", person=view.person(meant), reader=view.person(str(reader)))


def rung_why(why: str, view: View, *, due: str, unit: str) -> str:
    return view.say(f"rung_why_{why}", due=due, unit=unit)


def _next(facts: TaskFacts, plan: PlanRow, view: View) -> tuple[NextNotice, ...]:
    """Return the next rung of each open share, the soonest first."""
    office = Office(
        directory=view.directory,
        calendar=view.calendar,
        ladders=tasks.ladders_of(view.session, plan),
    )
    steps = [
        (step, share)
        for share in facts.current_shares
        if (step := next_step(facts, share, office, after=view.now.date())) is not None
    ]
    return tuple(
        NextNotice(
            on=view.day(step.on),
            rung=step.rung,
            who=view.say(
                "board_notice_who",
                name=view.person(step.person),
                audience=view.say(f"audience_{step.audience}"),
            ),
            unit=view.unit(share.key.unit),
            why=_why_of(step.rung, share, office, view),
        )
        for step, share in sorted(steps, key=lambda pair: (pair[0].on, pair[1].key.unit))
    )


def _why_of(rung: str, share: Share, office: Office, view: View) -> str:
    ladder = office.ladder_for(share).rungs_for(share)
    why = next((step.why for step in ladder if step.key == rung), "request_undecided")
    return rung_why(why, view, due=share.due.isoformat(), unit=view.unit(share.key.unit))
