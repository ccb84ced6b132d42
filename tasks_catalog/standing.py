"""How a task stands on a day, and why. Six standings, exclusive, in one fixed order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from tasks_catalog.facts import ClosingKind, Share, TaskFacts
from tasks_catalog.occurrence import Occurrence, Role
from tasks_catalog.task import Continuous, PlanSettings


class StandingKind(StrEnum):
    """The six classes of a tally, in the order they are printed."""

    DONE_ON_TIME = "done_on_time"
    DONE_LATE = "done_late"
    CLOSED = "closed"
    IN_PROGRESS = "in_progress"
    OVERDUE = "overdue"
    NOT_ARISEN = "not_arisen"

    @property
    def is_done(self) -> bool:
        return self in (StandingKind.DONE_ON_TIME, StandingKind.DONE_LATE, StandingKind.CLOSED)


DONE = "done"
"""What a list is asked for that means the three standings that count as done."""


def is_in(kind: StandingKind, wanted: str | None) -> bool:
    """Say whether a standing is what is asked for: one of the six, "done", or None for any."""
    return wanted is None or kind == wanted or (wanted == DONE and kind.is_done)


@dataclass(frozen=True, kw_only=True)
class Standing:
    """A standing and the reason for it, worded by ``notifications.wording``."""

    kind: StandingKind
    why: str
    params: Mapping[str, str] = field(default_factory=dict)
    since: date | None = None
    """For an overdue task, the day its oldest open share lapsed."""


def is_overdue(share: Share, as_of: date) -> bool:
    """Say whether an owner's share is open past its last on-time day at 24:00 of ``as_of``.

    Co-owners' shares are voluntary; a waiting share's clock stands still.
    """
    return share.role is Role.OWNER and share.is_live and share.waiting is None and share.lapses <= as_of


def is_closed(task: TaskFacts) -> bool:
    return task.closing is not None and task.closing.kind is not ClosingKind.SUSPENDED


def is_suspended(task: TaskFacts) -> bool:
    return task.closing is not None and task.closing.kind is ClosingKind.SUSPENDED


def standing_of(task: TaskFacts, *, as_of: date, settings: PlanSettings) -> Standing:
    """Return how ``task`` stands at 24:00 of ``as_of``, given the facts recorded by then."""
    if is_closed(task) and task.closing is not None:
        return Standing(kind=StandingKind.CLOSED, why=f"closed_{task.closing.kind}")
    owed = [share for share in task.current_shares if share.role is Role.OWNER]
    late = [share for share in owed if is_overdue(share, as_of)]
    if late and not is_suspended(task):
        return _overdue(late)
    missed = _never_opened(task, as_of)
    if missed and not is_suspended(task):
        return _missed(missed)
    if not task.opened and not task.planned:
        return Standing(kind=StandingKind.NOT_ARISEN, why="nothing_due_yet")
    return _open_or_done(task, owed, as_of, settings)


def _overdue(late: list[Share]) -> Standing:
    oldest = min(late, key=lambda share: share.lapses)
    return Standing(
        kind=StandingKind.OVERDUE,
        why="share_open_past_due",
        params={"shares": str(len(late)), "due": oldest.due.isoformat(), "unit": oldest.key.unit},
        since=oldest.lapses,
    )


def _never_opened(task: TaskFacts, as_of: date) -> list[Occurrence]:
    """Return what fell due without ever being opened, as after downtime or when asking about a later day.

    Nobody reported it, so it is no less overdue than a share that lies open.
    """
    if not task.active:
        return []
    return [o for o in task.planned if o.lapses <= as_of and o.key not in task.opened]


def _missed(missed: list[Occurrence]) -> Standing:
    oldest = min(missed, key=lambda occurrence: occurrence.lapses)
    return Standing(
        kind=StandingKind.OVERDUE,
        why="occurrence_not_opened",
        params={"due": oldest.due.isoformat()},
        since=oldest.lapses,
    )


def _open_or_done(task: TaskFacts, owed: list[Share], as_of: date, settings: PlanSettings) -> Standing:
    """Judge a task that is neither closed nor overdue and has at least one occurrence."""
    if is_suspended(task):
        return Standing(kind=StandingKind.IN_PROGRESS, why="suspended")
    if not task.active:
        return Standing(kind=StandingKind.IN_PROGRESS, why="question_open")
    if _handed_in_early(task, owed):
        return _done(owed, "all_reported")
    due = [share for share in owed if share.lapses <= as_of]
    if not due:
        return Standing(kind=StandingKind.IN_PROGRESS, why="none_due_yet")
    if any(not share.is_done for share in due):  # what is open and due but not overdue is waiting
        return Standing(kind=StandingKind.IN_PROGRESS, why="waiting_for_authority")
    if not _more_to_come(task, owed, as_of):
        return _done(owed, "all_reported")
    if settings.continuous is Continuous.YEAR_END:
        return Standing(kind=StandingKind.IN_PROGRESS, why="more_to_come")
    return _done(due, "done_to_date")


def _handed_in_early(task: TaskFacts, owed: list[Share]) -> bool:
    """Say whether a one-off task has every share of every occurrence reported, due or not.

    A sheet sent early for one period is not the year's work, so recurring shares do not count here.
    """
    opened_all = all(occurrence.key in task.opened for occurrence in task.planned)
    return opened_all and bool(owed) and all(share.is_done and not share.recurring for share in owed)


def _more_to_come(task: TaskFacts, owed: list[Share], as_of: date) -> bool:
    return any(occurrence.lapses > as_of for occurrence in task.planned) or any(
        share.lapses > as_of and not share.is_done for share in owed
    )


def _done(shares: list[Share], why: str) -> Standing:
    late = any(share.is_late for share in shares)
    return Standing(kind=StandingKind.DONE_LATE if late else StandingKind.DONE_ON_TIME, why=why)


def share_standing(share: Share, task: TaskFacts, as_of: date) -> StandingKind:
    """Return the class one unit's share falls in, for the tally by unit."""
    if share.is_done:
        return StandingKind.DONE_LATE if share.is_late else StandingKind.DONE_ON_TIME
    if is_closed(task):
        return StandingKind.CLOSED
    if is_overdue(share, as_of) and not is_suspended(task):
        return StandingKind.OVERDUE
    return StandingKind.IN_PROGRESS
