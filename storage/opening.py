"""The opening sheet: what fell due before the plan was tracked, settled in one go.

Such shares have no ladder. The coordinator says of each when its product was done; that date counts,
since the report could not have been recorded before there was anything to record it in.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from storage import journal, tasks
from storage.schema import PlanRow
from tasks_catalog.decisions import Accept, DecisionRefused, Recorded, Report
from tasks_catalog.facts import Evidence, Share, TaskFacts
from tasks_catalog.occurrence import Role, ShareKey


@dataclass(frozen=True, kw_only=True)
class Done:
    """One line of the sheet as filled in: the share's product was done on a day."""

    share: ShareKey
    on: date
    evidence: tuple[Evidence, ...] = ()


def opening_sheet(session: Session, plan: PlanRow) -> tuple[tuple[TaskFacts, Share], ...]:
    """Return the owners' shares still open from before tracking, in the plan's order."""
    return tuple(
        (task, share)
        for task in tasks.facts_of_plan(session, plan, live_only=True)
        for share in sorted(task.current_shares, key=lambda share: (share.due, share.key))
        if share.before_tracking and share.role is Role.OWNER
    )


def settle_opening(session: Session, plan: PlanRow, lines: Iterable[Done], *, by: str, at: datetime) -> int:
    """Record each line as a report accepted with its product's date; return how many there were.

    Raises DecisionRefused for a share that is not on the sheet, or a day to come; nothing is kept then.
    """
    on_sheet = {share.key for _, share in opening_sheet(session, plan)}
    entries: list[tuple[str, Recorded]] = []
    settled = 0
    for line in lines:
        key = line.share
        if key not in on_sheet:
            raise DecisionRefused(
                "share_not_on_opening_sheet", task=key.task, unit=key.unit, due=key.occurrence
            )
        report = Report(share=key, product_date=line.on, evidence=line.evidence)
        accept = Accept(share=key, product_date_counts=True)
        entries += [(key.task, Recorded(decision=act, on=at.date(), by=by)) for act in (report, accept)]
        settled += 1
    journal.record_many(session, plan, entries, at=at)
    return settled
