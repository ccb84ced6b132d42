"""Which letters the days to come would bring if nobody did anything meanwhile: computed, never kept.

Asks ``tasks_catalog.ladder`` what the flows ask it, day by day, for what is open and for what opens of
itself; puts the lines together into one letter a person a day as ``flows.mailing`` does, at the hour
``tasks_catalog.sending_hours`` says. It assumes that nobody reports or asks for anything, that the
directory stays as it is but for absences known, and that every day's letters leave on their day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from tasks_catalog.calendar import WorkCalendar
from tasks_catalog.duty import is_unwanted
from tasks_catalog.facts import Share, TaskFacts
from tasks_catalog.ladder import Notice, NoticeKey, Office, notices_ahead
from tasks_catalog.occurrence import ShareKey
from tasks_catalog.people import Directory
from tasks_catalog.sending_hours import Hours, leaves_at, plans_over
from tasks_catalog.substitutes import Line, receiver_of


@dataclass(frozen=True, kw_only=True)
class Ahead:
    """One line of a letter to come: its notice, its task, its share, its plan's id."""

    plan: int
    task: TaskFacts
    share: Share
    notice: Notice


@dataclass(frozen=True, kw_only=True)
class LetterAhead:
    """One letter to come: whose, on which day, from which hour on, and what it says."""

    day: date
    reader: str
    hour: time
    lines: tuple[Ahead, ...]


@dataclass(frozen=True, kw_only=True)
class PlanAhead:
    """What one plan brings: its shares, open or to be opened, by its ladders; what the ledger holds."""

    plan: int
    tasks: Sequence[TaskFacts]
    office: Office
    keys: Collection[NoticeKey] = ()
    waiting: Sequence[Ahead] = ()
    """What the ledger holds and no letter has carried off yet."""


def days_ahead(calendar: WorkCalendar, now: datetime, sending: Hours, count: int) -> tuple[date, ...]:
    """Return the next ``count`` days of sending, today among them while its hours are not over."""
    today = now.date()
    first = calendar.next_working(today)
    if first == today and sending.is_over(now.time()):
        first = calendar.add_working_days(today, 1)
    return (first, *(calendar.add_working_days(first, n) for n in range(1, count)))


def lines_ahead(plan: PlanAhead, days: Sequence[date]) -> dict[date, list[Ahead]]:
    """Return by day the lines a plan brings on ``days``, which follow one another as working days."""
    found: dict[date, list[Ahead]] = defaultdict(list)
    told: dict[ShareKey, list[NoticeKey]] = defaultdict(list)
    for key in plan.keys:
        told[key.share].append(key)
    found[days[0]] += plan.waiting
    for task in plan.tasks:
        for share in task.current_shares:
            known = told.get(share.key, ())
            ahead = notices_ahead(task, share, plan.office, first=days[0], last=days[-1], known=known)
            for day, notice in ahead:
                found[day].append(Ahead(plan=plan.plan, task=task, share=share, notice=notice))
    return found


def letters_ahead(
    lines: Iterable[Mapping[date, Sequence[Ahead]]],
    directory: Directory,
    *,
    hours: Mapping[int, Hours],
    sending: Hours,
    now: datetime,
    days: Sequence[date],
    had: Collection[str] = (),
) -> tuple[LetterAhead, ...]:
    """Put the lines of all plans together: one letter a person a day, at its hour.

    What a plan whose hours of today are over has to say today goes with the next day's letter, and so does
    what comes for who ``had`` today's letter already.
    """
    ended = plans_over(hours, now.time()) if days[0] == now.date() else frozenset()
    letters: dict[tuple[date, str], list[Ahead]] = defaultdict(list)
    for of_plan in lines:
        for on, ahead in of_plan.items():
            for line in ahead:
                day = on
                reader = _reader(line, directory, day)
                if day == days[0] and len(days) > 1 and (line.plan in ended or reader in had):
                    day = days[1]
                    reader = _reader(line, directory, day)
                if reader is not None:
                    letters[day, reader].append(line)
    found = []
    for (day, reader), said in sorted(letters.items(), key=lambda entry: entry[0]):
        windows = {hours[line.plan] for line in said if line.plan in hours}
        hour = leaves_at(windows, directory.preference_of(reader).hour, sending)
        if day == now.date():
            hour = max(hour, now.time().replace(second=0, microsecond=0))
        found.append(LetterAhead(day=day, reader=reader, hour=hour, lines=tuple(said)))
    return tuple(found)


def _reader(line: Ahead, directory: Directory, day: date) -> str | None:
    """Return who reads a line on a day, or None for one its person switched off."""
    notice, share = line.notice, line.share
    person = notice.key.person
    if is_unwanted(notice.audience, notice.route, person, directory):
        return None
    asked = Line(person, notice.audience, notice.route, share.key.unit, share.officer)
    receiver = receiver_of(asked, directory, day)
    return receiver.person.code if receiver else person
