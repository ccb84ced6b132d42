"""Applying a revision: new words, a moved date in a new epoch, shares that come and go with their units."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from tasks_catalog.decisions.epoch import next_epoch
from tasks_catalog.decisions.kinds import MovedDate, OpenedShare, Recorded, Revise
from tasks_catalog.decisions.measuring import with_targets
from tasks_catalog.facts import EpochCause, Extension, Share, TaskFacts
from tasks_catalog.occurrence import Occurrence, Role, ShareKey

Shares = Mapping[ShareKey, Share]


def revised(task: TaskFacts, decision: Revise, entry: Recorded) -> TaskFacts:
    """Return the task as the plan's revision has it. What was reported stays reported."""
    if decision.targets is not None:
        task = with_targets(task, decision.targets)
    words = decision.words
    shares = _moved(task.shares, decision.moved, entry)
    shares = _withdrawn(shares, decision.gone, entry)
    if decision.owners is not None:
        kept = (occ for key, occ in task.opened.items() if key not in decision.gone)
        for occurrence in kept:
            shares = _handed_over(task.id, shares, occurrence, decision.owed_by, entry)
    return replace(
        task,
        text=words.get("text", task.text),
        product=words.get("product", task.product),
        section=words.get("section", task.section),
        group=words.get("group", task.group),
        deadline=decision.deadline or task.deadline,
        planned=decision.planned if decision.deadline else task.planned,
        owners=task.owners if decision.owners is None else decision.owners,
        active=task.active if task.opened else not (decision.still_open or decision.raised),
        shares=shares,
    )


def _moved(shares: Shares, moved: Iterable[MovedDate], entry: Recorded) -> Shares:
    """Start the open shares of a moved occurrence anew; the date before stays among their extensions."""
    dates = {move.occurrence: move for move in moved}
    return {
        key: _at(share, dates[key.occurrence], entry) if _moves(share, dates) else share
        for key, share in shares.items()
    }


def _moves(share: Share, dates: Mapping[str, MovedDate]) -> bool:
    move = dates.get(share.key.occurrence)
    return move is not None and share.is_live and share.due != move.due


def _at(share: Share, move: MovedDate, entry: Recorded) -> Share:
    change = Extension(on=entry.on, before=share.due, after=move.due, document=entry.document)
    again = next_epoch(share, EpochCause.REVISED, entry.on, due=move.due, lapses=move.lapses)
    return replace(again, extensions=(*share.extensions, change))


def _withdrawn(shares: Shares, gone: Iterable[str], entry: Recorded) -> Shares:
    keys = frozenset(gone)
    return {
        key: replace(share, withdrawn_on=entry.on) if share.is_live and key.occurrence in keys else share
        for key, share in shares.items()
    }


def _handed_over(
    task: str, shares: Shares, occurrence: Occurrence, owed_by: Iterable[OpenedShare], entry: Recorded
) -> Shares:
    """Give an occurrence that is still owed to the units now named; what is reported stays."""
    here = {s.key.unit: s for s in shares.values() if s.key.occurrence == occurrence.key}
    current = {unit: share for unit, share in here.items() if share.withdrawn_on is None}
    if current and not any(share.is_live and share.role is Role.OWNER for share in current.values()):
        return shares
    roles = {opened.unit: opened for opened in owed_by}
    found = dict(shares)
    for unit, share in current.items():
        if share.is_live and unit not in roles:
            found[share.key] = replace(share, withdrawn_on=entry.on)
        elif share.is_live:
            found[share.key] = replace(share, role=roles[unit].role)
    like = next((share for share in current.values() if share.is_live), None)
    for unit, opened in roles.items():
        if unit not in current:
            key = ShareKey(task, occurrence.key, unit)
            found[key] = _new_share(key, opened, occurrence, like, here.get(unit), entry)
    return found


def _new_share(
    key: ShareKey,
    opened: OpenedShare,
    occurrence: Occurrence,
    like: Share | None,
    before: Share | None,
    entry: Recorded,
) -> Share:
    """Return a unit's share of an occurrence opened earlier, due as the other units' is."""
    return Share(
        key=key,
        role=opened.role,
        due=like.due if like else occurrence.due,
        lapses=like.lapses if like else occurrence.lapses,
        first_due=occurrence.due,
        recurring=occurrence.recurring,
        period=occurrence.period,
        epoch=before.epoch + 1 if before else 1,
        epoch_began=entry.on,
        epoch_cause=EpochCause.REVISED,
        before_tracking=like.before_tracking if like else False,
        officer=opened.officer,
    )
