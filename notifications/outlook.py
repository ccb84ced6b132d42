"""The office's letters of the days to come, under its settings as they are and as they might be.

Gathered once from the record, without a write; asked as often as there are settings to compare.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from notifications.foresee import Ahead, LetterAhead, PlanAhead, days_ahead, letters_ahead, lines_ahead
from storage import ledger, outbox, tasks
from storage.coming import coming
from storage.holding import holding_free
from storage.outbox import LetterState
from storage.plan_hours import hours_in_force
from tasks_catalog.calendar import WorkCalendar
from tasks_catalog.facts import TaskFacts
from tasks_catalog.ladder import Ladder, Office
from tasks_catalog.people import Directory
from tasks_catalog.problem import Refused
from tasks_catalog.sending_hours import Hours

DIGEST = "digest"
MOST_TASKS = 20_000
"""Of all plans at work; 5,000 with all their shares open take about a second."""
_LEAVING = (str(LetterState.WAITING), str(LetterState.DEFERRED))


@dataclass(frozen=True, kw_only=True)
class OfficeAhead:
    """What the office's active plans bring on ``days``; lines of open shares are worked out already."""

    directory: Directory
    sending: Hours
    now: datetime
    days: tuple[date, ...]
    hours: Mapping[int, Hours]
    open_lines: Mapping[int, Mapping[date, Sequence[Ahead]]]
    """By plan. What is open keeps the ladder it began under, so no ladder to be set alters these."""
    to_open: Mapping[int, PlanAhead]
    outlines: Mapping[int, Sequence[TaskFacts]]
    had: frozenset[str]

    def letters(
        self, *, ladder: tuple[int, date, Ladder] | None = None, hours: Mapping[int, Hours] | None = None
    ) -> tuple[LetterAhead, ...]:
        """Return the letters; ``ladder`` is one to be set: of which plan, from which day on it holds."""
        opening = dict(self.to_open)
        if ladder is not None and ladder[0] in opening:
            plan, since, rungs = ladder
            opening[plan] = with_ladder(opening[plan], since, rungs)
        return letters_ahead(
            [*self.open_lines.values(), *(lines_ahead(plan, self.days) for plan in opening.values())],
            self.directory,
            hours=self.hours if hours is None else hours,
            sending=self.sending,
            now=self.now,
            days=self.days,
            had=self.had,
        )


def with_ladder(plan: PlanAhead, since: date, ladder: Ladder) -> PlanAhead:
    """Return what a plan brings once a ladder holds from a day on; one set for that day is replaced."""
    kept = [(day, held) for day, held in plan.office.ladders if day != since]
    return replace(plan, office=replace(plan.office, ladders=(*kept, (since, ladder))))


def office_ahead(
    session: Session,
    organisation_id: int,
    directory: Directory,
    calendar: WorkCalendar,
    *,
    sending: Hours,
    now: datetime,
    count: int,
) -> OfficeAhead:
    """Gather what the next ``count`` days on which letters leave would bring. Nothing is written.

    Raises Refused (outlook_too_large) for an office with more tasks than a page waits for.
    """
    plans = tasks.list_plans(session, organisation_id, active_only=True)
    number = tasks.count_tasks(session, plans)
    if number > MOST_TASKS:
        raise Refused("outlook_too_large", tasks=number, most=MOST_TASKS)
    days = days_ahead(calendar, now, sending, count)
    open_lines: dict[int, Mapping[date, Sequence[Ahead]]] = {}
    to_open: dict[int, PlanAhead] = {}
    outlines: dict[int, Sequence[TaskFacts]] = {}
    waiting = _waiting(session, organisation_id)
    for plan in plans:
        office = Office(directory=directory, calendar=calendar, ladders=tasks.ladders_of(session, plan))
        facts = tasks.facts_ahead(session, plan, office, days[0], days[-1])
        ahead = PlanAhead(
            plan=plan.id,
            tasks=facts,
            office=office,
            keys=ledger.known_keys(session, plan),
            waiting=_kept(facts, plan.id, waiting.get(plan.id, ())),
        )
        outlines[plan.id] = facts
        open_lines[plan.id] = lines_ahead(ahead, days)
        opening = coming(facts, plan, directory, until=days[-1])
        to_open[plan.id] = PlanAhead(plan=plan.id, tasks=opening, office=office)
    return OfficeAhead(
        directory=directory,
        sending=sending,
        now=now,
        days=days,
        hours=hours_in_force(session, organisation_id, sending),
        open_lines=open_lines,
        to_open=to_open,
        outlines=outlines,
        had=_had(session, organisation_id, now.date()) if days[0] == now.date() else frozenset(),
    )


def _waiting(session: Session, organisation_id: int) -> Mapping[int, list[ledger.LedgerEntry]]:
    """Return by plan the ledger's lines that are still to leave and still hold."""
    free = holding_free(session, organisation_id)
    letters = {row.id for row in outbox.list_letters(session, organisation_id, states=_LEAVING)}
    found: dict[int, list[ledger.LedgerEntry]] = {}
    for entry in ledger.waiting(session, organisation_id):
        if entry.id in free or entry.letter_id in letters:
            found.setdefault(entry.plan_id, []).append(entry)
    return found


def _kept(known: Sequence[TaskFacts], plan: int, entries: Sequence[ledger.LedgerEntry]) -> Sequence[Ahead]:
    by_id = {task.id: task for task in known} if entries else {}
    found = []
    for entry in entries:
        task = by_id.get(entry.task_id)
        share = task.shares.get(entry.notice.key.share) if task else None
        if task is not None and share is not None and share.epoch == entry.notice.key.epoch:
            found.append(Ahead(plan=plan, task=task, share=share, notice=entry.notice))
    return found


def _had(session: Session, organisation_id: int, day: date) -> frozenset[str]:
    """Return who had, or may have had, the day's letter."""
    rows = outbox.list_letters(session, organisation_id, day=day)
    return frozenset(row.person for row in rows if row.kind == DIGEST and row.state not in _LEAVING)
