"""A plan's fixed deadlines as stretches of time: from its start to its due date, with what moved it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from tasks_catalog.facts import Share, TaskFacts
from tasks_catalog.occurrence import Origin, Role
from tasks_catalog.standing import StandingKind, is_closed, is_overdue, is_suspended


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """One occurrence of a task that is owed once: all owners' shares of it together."""

    row: int
    text: str
    units: tuple[str, ...]
    start: date
    first_due: date
    due: date
    """The latest of its shares' dates now; later than ``first_due`` where it was extended."""
    done_on: date | None
    """The day the last of them was reported; None while one is open."""
    done: int
    kind: StandingKind

    @property
    def is_extended(self) -> bool:
        return self.due > self.first_due


def stretches_of(tasks: Iterable[TaskFacts], *, started: date, close: date) -> tuple[Stretch, ...]:
    """Return every opened occurrence that does not recur, by first due date. ``started``: the activation."""
    found = (stretch for task in tasks for stretch in _of_task(task, started, close))
    return tuple(sorted(found, key=lambda stretch: (stretch.first_due, stretch.row)))


def _of_task(task: TaskFacts, started: date, close: date) -> Iterator[Stretch]:
    by_occurrence: dict[str, list[Share]] = defaultdict(list)
    for share in task.current_shares:
        if share.role is Role.OWNER and not share.recurring:
            by_occurrence[share.key.occurrence].append(share)
    for key, shares in by_occurrence.items():
        reported = [share.report.on for share in shares if share.report]
        triggered = task.opened[key].origin is Origin.TRIGGER
        began = min(share.epoch_began for share in shares)
        start = began if triggered and all(share.epoch == 1 for share in shares) else started
        first_due = min(share.first_due for share in shares)
        yield Stretch(
            row=task.row,
            text=task.text,
            units=tuple(share.key.unit for share in shares),
            start=min(start, first_due),
            first_due=first_due,
            due=max(share.due for share in shares),
            done_on=max(reported) if len(reported) == len(shares) else None,
            done=len(reported),
            kind=_kind(task, shares, close),
        )


def _kind(task: TaskFacts, shares: list[Share], close: date) -> StandingKind:
    if all(share.is_done for share in shares):
        late = any(share.is_late for share in shares)
        return StandingKind.DONE_LATE if late else StandingKind.DONE_ON_TIME
    if is_closed(task):
        return StandingKind.CLOSED
    late_now = any(is_overdue(share, close) for share in shares) and not is_suspended(task)
    return StandingKind.OVERDUE if late_now else StandingKind.IN_PROGRESS
