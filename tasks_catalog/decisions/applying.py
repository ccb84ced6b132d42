"""Applying decisions: the only place where facts change, and where one that does not fit is refused."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from tasks_catalog.decisions.arising import said_arisen, set_aside
from tasks_catalog.decisions.epoch import next_epoch
from tasks_catalog.decisions.kinds import (
    Accept,
    Acknowledge,
    AskExtension,
    Close,
    Correct,
    DecideExtension,
    Measure,
    Open,
    OpenedShare,
    Reassign,
    Recorded,
    Reopen,
    Report,
    Resume,
    Return,
    Revise,
    SayArisen,
    SetAside,
    Settle,
    Snooze,
    Trigger,
    Wait,
)
from tasks_catalog.decisions.measuring import measured, with_targets
from tasks_catalog.decisions.refusal import DecisionRefused
from tasks_catalog.decisions.revised import revised
from tasks_catalog.facts import (
    Closing,
    ClosingKind,
    EpochCause,
    Extension,
    OwnerRef,
    ReportFact,
    Request,
    Share,
    TaskFacts,
    Waiting,
)
from tasks_catalog.occurrence import Role, ShareKey


def facts_after(task: TaskFacts, recorded: Iterable[Recorded]) -> TaskFacts:
    """Return ``task`` with the recorded decisions applied in their order."""
    for entry in recorded:
        task = apply(task, entry)
    return task


def apply(task: TaskFacts, entry: Recorded) -> TaskFacts:
    """Return the facts after one decision.

    Raises DecisionRefused when it does not fit the facts; nothing is changed then.
    """
    match entry.decision:
        case Open() | Trigger() as opening:
            return _opened(task, opening, entry)
        case SayArisen() as word:
            return said_arisen(task, word, entry)
        case SetAside() as aside:
            return set_aside(task, aside)
        case Report() as report:
            return _reported(task, report, entry)
        case Measure() as measure:
            share = _share(task, measure.share)
            return _with(task, measured(task, share, measure.figures, entry))
        case Accept() as acceptance:
            return _accepted(task, acceptance, entry)
        case Return() as returned:
            return _returned(task, returned, entry)
        case Acknowledge() as acknowledgement:
            return _acknowledged(task, acknowledgement, entry)
        case AskExtension() as asked:
            return _asked(task, asked, entry)
        case DecideExtension() as answer:
            return _extension_decided(task, answer, entry)
        case Wait() as wait:
            return _waiting(task, wait, entry)
        case Resume() as resumed:
            return _resumed(task, resumed, entry)
        case Close() as closing:
            return _closed(task, closing, entry)
        case Reopen():
            return _reopened(task, entry)
        case Reassign() as move:
            return _reassigned(task, move, entry)
        case Snooze() as snooze:
            return _snoozed(task, snooze)
        case Settle() as settlement:
            return _settled(task, settlement)
        case Correct() as correction:
            return _corrected(task, correction)
        case Revise() as revision:
            return revised(task, revision, entry)


def _share(task: TaskFacts, key: ShareKey) -> Share:
    share = task.shares.get(key)
    if share is None or share.withdrawn_on is not None:
        raise DecisionRefused("share_unknown", task=task.id, unit=key.unit, occurrence=key.occurrence)
    return share


def _open_share(task: TaskFacts, key: ShareKey) -> Share:
    share = _share(task, key)
    if share.report is not None:
        raise DecisionRefused("share_already_reported", task=task.id, unit=key.unit, on=share.report.on)
    return share


def _reported_share(task: TaskFacts, key: ShareKey) -> Share:
    share = _share(task, key)
    if share.report is None:
        raise DecisionRefused("share_not_reported", task=task.id, unit=key.unit)
    return share


def _with(task: TaskFacts, share: Share) -> TaskFacts:
    return replace(task, shares={**task.shares, share.key: share})


def _opened(task: TaskFacts, decision: Open | Trigger, entry: Recorded) -> TaskFacts:
    occurrence = decision.occurrence
    if occurrence.key in task.opened:
        raise DecisionRefused("occurrence_already_open", task=task.id, due=occurrence.due)
    triggered = isinstance(decision, Trigger)
    began = decision.began if isinstance(decision, Open) and decision.began else entry.on
    shares = dict(task.shares)
    for opened in sorted(decision.shares, key=_owners_last):
        key = ShareKey(task.id, occurrence.key, opened.unit)
        shares[key] = Share(
            key=key,
            role=opened.role,
            due=occurrence.due,
            lapses=occurrence.lapses,
            first_due=occurrence.due,
            recurring=occurrence.recurring,
            period=occurrence.period,
            epoch_began=began,
            epoch_cause=EpochCause.TRIGGERED if triggered else EpochCause.OPENED,
            before_tracking=isinstance(decision, Open) and decision.before_tracking,
            officer=opened.officer,
        )
    waits = () if triggered else task.arisen
    return replace(task, opened={**task.opened, occurrence.key: occurrence}, shares=shares, arisen=waits)


def _owners_last(opened: OpenedShare) -> bool:
    """Sort so that a unit named in both roles owns: the last share put under a key stays."""
    return opened.role is Role.OWNER


def _reported(task: TaskFacts, decision: Report, entry: Recorded) -> TaskFacts:
    share = _open_share(task, decision.share)
    if decision.product_date and decision.product_date > entry.on:
        raise DecisionRefused("product_date_in_future", date=decision.product_date, on=entry.on)
    report = ReportFact(
        on=entry.on,
        by=entry.by,
        product_date=decision.product_date,
        evidence=decision.evidence,
        note=decision.note,
    )
    share = measured(task, share, decision.figures, entry)
    return _with(task, replace(share, report=report, waiting=None, request=None))


def _accepted(task: TaskFacts, decision: Accept, entry: Recorded) -> TaskFacts:
    share = _reported_share(task, decision.share)
    if share.accepted_on is not None:
        raise DecisionRefused("report_already_accepted", task=task.id, on=share.accepted_on)
    return _with(task, replace(share, accepted_on=entry.on, product_date_counts=decision.product_date_counts))


def _returned(task: TaskFacts, decision: Return, entry: Recorded) -> TaskFacts:
    share = _reported_share(task, decision.share)
    again = next_epoch(share, EpochCause.RETURNED, entry.on, due=decision.due, lapses=decision.lapses)
    return _with(task, again)


def _acknowledged(task: TaskFacts, decision: Acknowledge, entry: Recorded) -> TaskFacts:
    share = _open_share(task, decision.share)
    return _with(task, replace(share, holds=(*share.holds, entry.on), expected=decision.expected))


def _asked(task: TaskFacts, decision: AskExtension, entry: Recorded) -> TaskFacts:
    share = _open_share(task, decision.share)
    if share.request is not None:
        raise DecisionRefused("extension_already_asked", task=task.id, on=share.request.on)
    if decision.to <= share.due:
        raise DecisionRefused("extension_not_later", to=decision.to, due=share.due)
    request = Request(on=entry.on, by=entry.by, to=decision.to, reason=decision.reason)
    return _with(task, replace(share, request=request, holds=(*share.holds, entry.on)))


def _extension_decided(task: TaskFacts, decision: DecideExtension, entry: Recorded) -> TaskFacts:
    share = _open_share(task, decision.share)
    if not decision.granted:
        if share.request is None:
            raise DecisionRefused("extension_not_asked", task=task.id, unit=share.key.unit)
        return _with(task, replace(share, request=None))
    to = decision.to or (share.request.to if share.request else None)
    if to is None:
        raise DecisionRefused("extension_date_needed", task=task.id, due=share.due)
    if to <= share.due:
        raise DecisionRefused("extension_not_later", to=to, due=share.due)
    granted = Extension(on=entry.on, before=share.due, after=to, document=entry.document)
    moved = next_epoch(share, EpochCause.EXTENDED, entry.on, due=to, lapses=decision.lapses)
    return _with(task, replace(moved, extensions=(*share.extensions, granted)))


def _waiting(task: TaskFacts, decision: Wait, entry: Recorded) -> TaskFacts:
    share = _open_share(task, decision.share)
    if share.waiting is not None:
        raise DecisionRefused("share_already_waiting", task=task.id, on=share.waiting.since)
    if entry.document is None:
        raise DecisionRefused("document_needed", decision="wait")
    return _with(task, replace(share, waiting=Waiting(since=entry.on, document=entry.document)))


def _resumed(task: TaskFacts, decision: Resume, entry: Recorded) -> TaskFacts:
    share = _open_share(task, decision.share)
    if share.waiting is None:
        raise DecisionRefused("share_not_waiting", task=task.id, unit=share.key.unit)
    again = next_epoch(share, EpochCause.RESUMED, entry.on, due=decision.due, lapses=decision.lapses)
    return _with(task, replace(again, waiting=None))


def _closed(task: TaskFacts, decision: Close, entry: Recorded) -> TaskFacts:
    if task.closing is not None and task.closing.kind is not ClosingKind.SUSPENDED:
        raise DecisionRefused("task_already_closed", task=task.id, on=task.closing.on)
    if entry.document is None:
        raise DecisionRefused("document_needed", decision="close")
    return replace(task, closing=Closing(kind=decision.closing, on=entry.on, document=entry.document))


def _reopened(task: TaskFacts, entry: Recorded) -> TaskFacts:
    if task.closing is None:
        raise DecisionRefused("task_not_closed", task=task.id)
    shares = {
        key: next_epoch(share, EpochCause.REOPENED, entry.on) if share.is_live else share
        for key, share in task.shares.items()
    }
    return replace(task, closing=None, shares=shares)


def _reassigned(task: TaskFacts, decision: Reassign, entry: Recorded) -> TaskFacts:
    mine = [s for s in task.current_shares if s.key.unit == decision.from_unit and s.is_live]
    if decision.from_unit == decision.to_unit:
        return _given_to_officer(task, mine, decision)
    named = any(owner.code == decision.from_unit and not owner.collective for owner in task.owners)
    if not mine and not named:
        raise DecisionRefused("unit_owes_nothing", task=task.id, unit=decision.from_unit)
    shares = dict(task.shares)
    for share in mine:
        shares[share.key] = replace(share, withdrawn_on=entry.on)
        moved = _moved(share, decision)
        if _takes_over(moved, shares.get(moved.key), task, merging=decision.merging):
            shares[moved.key] = moved
    return replace(task, shares=shares, owners=_owners_after(task.owners, decision))


def _moved(share: Share, decision: Reassign) -> Share:
    """Return the share as the new unit has it: what the old one promised or asked for stays behind."""
    return replace(
        share,
        key=share.key._replace(unit=decision.to_unit),
        officer=decision.officer,
        holds=(),
        expected=None,
        request=None,
        snoozed_until=None,
        measures=share.measures if decision.merging else (),  # another unit says its own figure
    )


def _takes_over(moved: Share, there: Share | None, task: TaskFacts, *, merging: bool) -> bool:
    """Say whether the moved share replaces what the unit has: an owner's part wins over a co-owner's."""
    if there is None or there.withdrawn_on is not None or _rank(moved) > _rank(there):
        return True
    if merging or _rank(moved) < _rank(there):
        return False
    raise DecisionRefused("unit_has_share", task=task.id, unit=moved.key.unit)


def _rank(held: Share | OwnerRef) -> int:
    return 1 if held.role is Role.OWNER else 0


def _owners_after(owners: tuple[OwnerRef, ...], decision: Reassign) -> tuple[OwnerRef, ...]:
    """Return the task's named units after a move: each named once, as owner where it is named as both."""
    found: dict[tuple[str, bool], OwnerRef] = {}
    for owner in owners:
        moves = owner.code == decision.from_unit and not owner.collective
        now = replace(owner, code=decision.to_unit) if moves else owner
        known = found.get((now.code, now.collective))
        if known is None or _rank(now) > _rank(known):
            found[now.code, now.collective] = now
    return tuple(found.values())


def _given_to_officer(task: TaskFacts, mine: list[Share], decision: Reassign) -> TaskFacts:
    if decision.from_officer is not None:
        mine = [share for share in mine if share.officer == decision.from_officer]
    if not mine:
        raise DecisionRefused("unit_owes_nothing", task=task.id, unit=decision.from_unit)
    given = {share.key: replace(share, officer=decision.officer, snoozed_until=None) for share in mine}
    return replace(task, shares={**task.shares, **given})


def _snoozed(task: TaskFacts, decision: Snooze) -> TaskFacts:
    share = _open_share(task, decision.share)
    return _with(task, replace(share, snoozed_until=decision.until))


def _settled(task: TaskFacts, decision: Settle) -> TaskFacts:
    if decision.deadline is not None and task.opened:
        raise DecisionRefused("task_already_started", task=task.id)
    settled = replace(task, active=not decision.still_open)
    if decision.deadline is not None:
        settled = replace(settled, deadline=decision.deadline, planned=decision.planned)
    if decision.owners is not None:
        settled = replace(settled, owners=decision.owners)
    return settled


def _corrected(task: TaskFacts, decision: Correct) -> TaskFacts:
    match decision.field:
        case "text":
            return replace(task, text=decision.value)
        case "product":
            return replace(task, product=decision.value)
        case "section":
            return replace(task, section=decision.value)
        case "group":
            return replace(task, group=decision.value)
        case "targets":
            return with_targets(task, decision.targets)
