"""The shares on a task's page: who owes what by when, what was handed in, and every date it had before."""

from __future__ import annotations

from dataclasses import dataclass

from board.lists import share_state
from board.proofs import Kept, Proof, proof_of
from board.task_history import document_words
from board.view import View
from notifications.reasons import period_name
from storage.schema import PlanRow
from tasks_catalog.facts import Extension, Share, TaskFacts
from tasks_catalog.standing import StandingKind, share_standing


@dataclass(frozen=True, kw_only=True)
class ShareLine:
    """One unit's share of one occurrence. ``old_dues`` are the dates it had, the first one first."""

    unit: str
    officer: str
    role: str
    due: str
    old_dues: tuple[str, ...]
    period: str
    period_href: str
    kind: str
    state: str
    moved: tuple[str, ...]
    """Why its date or its clock was moved, a sentence each."""
    note: str
    proofs: tuple[Proof, ...]
    href: str
    """Leads to what the viewer may do with it; "" where that is nothing, or is shown already."""


def in_order(facts: TaskFacts) -> list[Share]:
    return sorted(facts.shares.values(), key=lambda share: (share.due, share.role, share.key.unit))


def share_line(
    share: Share, facts: TaskFacts, plan: PlanRow, kept: Kept, view: View, *, href: str = ""
) -> ShareLine:
    sheet = view.links.sheet(plan.number, share.period, share.key.unit) if share.period else ""
    old = dict.fromkeys(day for day in (share.first_due, *(e.before for e in share.extensions)))
    return ShareLine(
        unit=view.unit(share.key.unit),
        officer=view.person(share.officer) if share.officer else "",
        role=view.say(f"board_role_{share.role}"),
        due=view.day(share.due),
        old_dues=tuple(view.day(day) for day in old if day != share.due),
        period=period_name(share.period, view.language) if share.period else "",
        period_href=sheet,
        kind=str(_kind(share, facts, view)),
        state=share_state(share, view),
        moved=tuple(_moved(share, view)),
        note=view.remark(share.report.note, share.key.unit) if share.report else "",
        proofs=tuple(proof_of(proof, kept, view) for proof in share.report.evidence) if share.report else (),
        href=href,
    )


def _kind(share: Share, facts: TaskFacts, view: View) -> StandingKind:
    if share.withdrawn_on:
        return StandingKind.CLOSED
    return share_standing(share, facts, view.close)


def _moved(share: Share, view: View) -> list[str]:
    """Return why the clock was started again, with the first date, and each extension with its document."""
    if share.epoch == 1:
        return []
    cause = view.say(f"epoch_{share.epoch_cause}")
    told = view.say("board_share_epoch", epoch=share.epoch, cause=cause, first=share.first_due)
    return [told, *(_extension(extension, view) for extension in share.extensions)]


def _extension(extension: Extension, view: View) -> str:
    paper = f"; {document_words(extension.document, view)}" if extension.document else ""
    return view.say("board_share_extended", before=extension.before, after=extension.after) + paper
