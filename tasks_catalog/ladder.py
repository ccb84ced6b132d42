"""The ladder: who should hear what about a share today, and why.

A rung is an offset in working days from the due date, an audience and a reason; ladders are data.
``due_notices`` looks at one share and returns every notice owed up to a day, so a day missed is
made good at the next run, with only the latest rung for each person and the rest superseded.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from itertools import groupby
from typing import NamedTuple

from tasks_catalog.audience import ABOVE_HEAD, Audience, Reader, readers_of
from tasks_catalog.calendar import WorkCalendar
from tasks_catalog.duty import is_unwanted
from tasks_catalog.facts import EpochCause, Share, TaskFacts
from tasks_catalog.occurrence import Role, ShareKey
from tasks_catalog.people import Directory, Person
from tasks_catalog.standing import is_closed, is_suspended
from tasks_catalog.substitutes import Line, receiver_of

__all__ = [
    "ABOVE_HEAD",
    "DEFAULT_LADDER",
    "Audience",
    "Ladder",
    "NextStep",
    "Notice",
    "NoticeKey",
    "NoticeState",
    "Office",
    "Reader",
    "Rung",
    "due_notices",
    "fire_day",
    "held_until",
    "is_silent",
    "next_step",
    "notices_ahead",
    "readers_of",
    "rungs_of",
    "speaking_days",
]

HOLD_WORKING_DAYS = 3
HOLDS_AN_EPOCH = 2
CO_OWNERS_REMEMBERED = timedelta(days=14)
MAIL = "mail"


@dataclass(frozen=True, kw_only=True)
class Rung:
    """One step. ``offset`` counts working days from the due date; None fires when the epoch begins."""

    key: str
    offset: int | None
    audience: tuple[Audience, ...]
    why: str
    cause: EpochCause | None = None
    """For a rung that fires with an epoch: the cause it answers to."""
    draft: bool = False
    """Carries a draft letter of urging (công văn đôn đốc)."""
    day: date | None = None
    """For a rung made for one request: the day it speaks on."""


@dataclass(frozen=True, kw_only=True)
class Ladder:
    """The rungs for shares with a date of their own, and for continuous shares (the period sheet)."""

    dated: tuple[Rung, ...]
    sheet: tuple[Rung, ...]

    def rungs_for(self, share: Share) -> tuple[Rung, ...]:
        return self.sheet if share.period is not None else self.dated


_A = Audience
_WITH_EPOCH = (
    Rung(key="triggered", offset=None, audience=(_A.OWNER,), why="triggered", cause=EpochCause.TRIGGERED),
    Rung(key="returned", offset=None, audience=(_A.OWNER,), why="returned", cause=EpochCause.RETURNED),
)
DEFAULT_LADDER = Ladder(
    dated=(
        Rung(key="-10", offset=-10, audience=(_A.OWNER,), why="due_soon"),
        Rung(key="-5", offset=-5, audience=(_A.OWNER,), why="due_soon"),
        Rung(key="-2", offset=-2, audience=(_A.OWNER, _A.CO_OWNER), why="due_soon"),
        Rung(key="0", offset=0, audience=(_A.OWNER, _A.HEAD), why="due_today"),
        Rung(key="+1", offset=1, audience=(_A.OWNER, _A.HEAD), why="overdue"),
        Rung(key="+3", offset=3, audience=(_A.COORDINATOR,), why="overdue"),
        Rung(key="+5", offset=5, audience=(_A.DEPUTY_DIRECTOR,), why="overdue"),
        Rung(key="+10", offset=10, audience=(_A.DIRECTOR,), why="overdue", draft=True),
        *_WITH_EPOCH,
    ),
    sheet=(
        Rung(key="-10", offset=-10, audience=(_A.OWNER,), why="sheet_open"),
        Rung(key="-2", offset=-2, audience=(_A.OWNER, _A.CO_OWNER), why="sheet_due"),
        Rung(key="+1", offset=1, audience=(_A.OWNER,), why="sheet_overdue"),
        Rung(key="+3", offset=3, audience=(_A.COORDINATOR,), why="sheet_overdue"),
        *_WITH_EPOCH,
    ),
)


class NoticeKey(NamedTuple):
    """The ledger's unique key: this rung, of this share in this epoch, for this person, on this channel."""

    share: ShareKey
    epoch: int
    rung: str
    person: str
    channel: str = MAIL


class NoticeState(StrEnum):
    """What became of a notice. ``WAITING`` is the only state that is not final."""

    WAITING = "waiting"
    SENT = "sent"
    SUPERSEDED = "superseded"  # overtaken by a later rung, or its day had passed when the epoch began
    CANCELLED = "cancelled"  # the share was done, moved or reassigned before the letter left
    DEAD = "dead"  # its letter could not be delivered; shown to a person


@dataclass(frozen=True, kw_only=True)
class Notice:
    """One row owed to the ledger, and why this person gets it."""

    key: NoticeKey
    fire_on: date
    state: NoticeState
    audience: Audience
    why: str
    route: str = ""
    """How the person was found: ``officer``, ``focal_point``, ``head``, ``one_up``, ``fallback`` ..."""
    params: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_escalation(self) -> bool:
        return self.key.rung.startswith("+")

    @property
    def is_reminder(self) -> bool:
        """Of a rung up to the due day, which a snooze keeps quiet."""
        return self.key.rung.startswith(("-", "0"))


class NextStep(NamedTuple):
    """What happens next about a share if nothing changes."""

    on: date
    rung: str
    audience: Audience
    person: str


@dataclass(frozen=True, kw_only=True)
class Office:
    """What the ladder needs to know of the office: its people, its calendar, its ladders."""

    directory: Directory
    calendar: WorkCalendar
    ladders: tuple[tuple[date, Ladder], ...] = ()
    """Ladders of the plan with the day each holds from, oldest first; none means the default."""

    @property
    def reach(self) -> int:
        """How many working days before a due date any of the ladders begins to speak."""
        ladders = (DEFAULT_LADDER, *(ladder for _, ladder in self.ladders))
        rungs = (rung for ladder in ladders for rung in (*ladder.dated, *ladder.sheet))
        return max(-(rung.offset or 0) for rung in rungs)

    def horizon(self, as_of: date) -> date:
        """Return the last due date a ladder may speak of on ``as_of``; a rest day costs one day more."""
        return self.calendar.add_working_days(self.calendar.next_working(as_of), max(self.reach, 0) + 1)

    def memory(self, as_of: date) -> date:
        """Return the due date from which co-owners' shares are still looked at.

        They are reminded once, before the due date; after an absence as long as this nobody is.
        """
        return as_of - CO_OWNERS_REMEMBERED

    def ladder_for(self, share: Share) -> Ladder:
        """Return the ladder in force when the share's epoch began: an edit holds for later epochs."""
        held = (ladder for since, ladder in reversed(self.ladders) if since <= share.epoch_began)
        return next(held, DEFAULT_LADDER)


def fire_day(rung: Rung, share: Share, calendar: WorkCalendar) -> date:
    """Return the working day ``rung`` speaks on.

    Before the due date it counts back from it, and rung 0 of a rest day is the working day before;
    after it, it counts from the last on-time day, so that a slid date never burns the ladder, or
    from the day the epoch began if that is later: what is returned or reopened long after its date
    is urged again, step by step.
    """
    if rung.day is not None:
        return calendar.next_working(rung.day)
    if rung.offset is None:
        return calendar.next_working(share.epoch_began)
    if rung.offset > 0:
        return calendar.add_working_days(max(share.lapses, share.epoch_began), rung.offset)
    return calendar.add_working_days(calendar.previous_working(share.due), rung.offset)


def speaking_days(share: Share, office: Office) -> frozenset[date]:
    """Return the days on which ``due_notices`` may owe what it did not the day before.

    A rung's own day; and the day after a hold, and the one a snooze ends on, which let a rung be heard late.
    """
    calendar = office.calendar
    days = {fire_day(rung, share, calendar) for rung in rungs_of(share, office) if _speaks(rung, share)}
    for held in share.holds[:HOLDS_AN_EPOCH]:
        days.add(calendar.add_working_days(held, HOLD_WORKING_DAYS + 1))
    if share.snoozed_until is not None:
        days.add(calendar.next_working(share.snoozed_until))
    return frozenset(days)


def is_silent(share: Share, task: TaskFacts) -> bool:
    """Say whether nothing may be said about a share: done, moved away, waiting, closed or before tracking.

    A co-owner has nothing to help with once every owner has reported.
    """
    return (
        not share.is_live
        or share.before_tracking
        or share.waiting is not None
        or is_closed(task)
        or is_suspended(task)
        or (share.role is Role.CO_OWNER and not _owner_at_work(share, task))
    )


def _owner_at_work(share: Share, task: TaskFacts) -> bool:
    same = (other for other in task.shares.values() if other.key.occurrence == share.key.occurrence)
    return any(other.role is Role.OWNER and other.is_live for other in same)


def held_until(share: Share, calendar: WorkCalendar, as_of: date) -> date | None:
    """Return the last day of the hold on the rungs above the head of unit, or None.

    An acknowledgement or a request for time holds them for three working days, twice an epoch at most.
    """
    ends = (calendar.add_working_days(day, HOLD_WORKING_DAYS) for day in share.holds[:HOLDS_AN_EPOCH])
    return max((end for end in ends if end >= as_of), default=None)


def due_notices(
    task: TaskFacts, share: Share, office: Office, *, as_of: date, known: Iterable[NoticeKey] = ()
) -> tuple[Notice, ...]:
    """Return the notices owed for ``share`` up to ``as_of`` that the ledger does not hold yet.

    For each person only the latest rung is waiting; what it overtook, and rungs whose day had
    passed when the epoch began, come back superseded so that every rung is accounted for.
    """
    if is_silent(share, task):
        return ()
    held = set(known)
    told: dict[str, list[Notice]] = {}
    for notice in _fired(share, office, as_of):
        told.setdefault(notice.key.person, []).append(notice)
    return tuple(
        replace(notice, state=NoticeState.SUPERSEDED) if _is_overtaken(notice, of_person, share) else notice
        for of_person in told.values()
        for notice in of_person
        if notice.key not in held
    )


def notices_ahead(
    task: TaskFacts,
    share: Share,
    office: Office,
    *,
    first: date,
    last: date,
    known: Iterable[NoticeKey] = (),
) -> Iterable[tuple[date, Notice]]:
    """Yield what is to be told from ``first`` to ``last`` if nothing changes, with the day it is told.

    The same as asking ``due_notices`` every day and keeping what it owes, waiting notices only. Of a share
    without a hold or a snooze what has fired by a day stays fired, so that it is asked once.
    """
    if is_silent(share, task):
        return
    held = set(known)
    if share.holds or share.snoozed_until is not None:
        later = {day for day in speaking_days(share, office) if first < day <= last}
        for day in (first, *sorted(later)):
            owed = due_notices(task, share, office, as_of=day, known=held)
            held.update(notice.key for notice in owed)
            yield from ((day, notice) for notice in owed if notice.state is NoticeState.WAITING)
        return
    for day, told in groupby(_fired(share, office, last), key=lambda notice: max(first, notice.fire_on)):
        for notice in {notice.key.person: notice for notice in told}.values():
            if notice.key not in held and notice.fire_on >= share.epoch_began:
                yield day, notice


def _fired(share: Share, office: Office, as_of: date) -> Iterable[Notice]:
    """Yield a notice per rung that has fired and person, in the order of their days."""
    fired = [
        (fire_day(rung, share, office.calendar), rung)
        for rung in rungs_of(share, office)
        if _speaks(rung, share)
    ]
    for day, rung in sorted(fired, key=lambda pair: pair[0]):
        if day > as_of:
            continue
        seen: set[str] = set()
        for reader in _readers(rung, share, office):
            if reader.person.code in seen or _heard_on(day, rung, reader, share, office, as_of) > as_of:
                continue
            seen.add(reader.person.code)
            yield _notice(rung, share, reader, day)


def _readers(rung: Rung, share: Share, office: Office) -> Iterable[Reader]:
    for audience in rung.audience:
        if _hears(audience, share):
            yield from readers_of(audience, share, office.directory)


def _heard_on(day: date, rung: Rung, reader: Reader, share: Share, office: Office, as_of: date) -> date:
    """Return the day a reader hears a rung of ``day``: later while a hold or a snooze lasts.

    A hold keeps the rungs from whoever stands above the head; a request is decided all the same. A
    snooze keeps reminders from the one who asked for it, and hides nothing from anybody else.
    """
    if reader.audience in ABOVE_HEAD and rung.day is None:
        held = held_until(share, office.calendar, as_of)
        return max(day, office.calendar.add_working_days(held, 1)) if held else day
    snoozes = reader.audience in (Audience.OWNER, Audience.CO_OWNER) and _is_reminder(rung)
    if not snoozes or share.snoozed_until is None:
        return day
    return max(day, office.calendar.next_working(share.snoozed_until))


def rungs_of(share: Share, office: Office) -> tuple[Rung, ...]:
    """Return the rungs of a share: the ladder's, and one that urges whoever has a request to decide.

    The board of directors has nobody above it: its ladder ends with the due day.
    """
    rungs = office.ladder_for(share).rungs_for(share)
    if _is_board(share, office.directory):
        rungs = tuple(rung for rung in rungs if rung.offset is None or rung.offset <= 0)
    if share.request is None:
        return rungs
    decide = Rung(
        key=f"decide-{share.request.on.isoformat()}",
        offset=None,
        audience=(Audience.COORDINATOR,),
        why="request_undecided",
        day=office.calendar.add_working_days(share.request.on, HOLD_WORKING_DAYS + 1),
    )
    return (*rungs, decide)


def _is_board(share: Share, directory: Directory) -> bool:
    director = directory.director()
    return director is not None and director.unit == share.key.unit


def _speaks(rung: Rung, share: Share) -> bool:
    heard = any(_hears(audience, share) for audience in rung.audience)
    return heard and (rung.cause is None or rung.cause is share.epoch_cause)


def _hears(audience: Audience, share: Share) -> bool:
    """An owner's share speaks to all but co-owners; a co-owner's only to its own unit."""
    return (audience is Audience.CO_OWNER) == (share.role is Role.CO_OWNER)


def _is_reminder(rung: Rung) -> bool:
    return rung.offset is not None and rung.offset <= 0


def _notice(rung: Rung, share: Share, reader: Reader, day: date) -> Notice:
    return Notice(
        key=NoticeKey(share.key, share.epoch, rung.key, reader.person.code),
        fire_on=day,
        state=NoticeState.WAITING,
        audience=reader.audience,
        why=rung.why,
        route=reader.route,
        params={"due": share.due.isoformat(), "unit": share.key.unit},
    )


def _is_overtaken(notice: Notice, of_person: list[Notice], share: Share) -> bool:
    return notice is not of_person[-1] or notice.fire_on < share.epoch_began


def next_step(task: TaskFacts, share: Share, office: Office, *, after: date) -> NextStep | None:
    """Return the first rung after a day that somebody will hear of, or None when the ladder has ended.

    The person is who reads it on the day of that step, as far as absences are known now.
    """
    if is_silent(share, task):
        return None
    steps = (
        (_heard_on(day, rung, reader, share, office, after), rung, reader)
        for rung in rungs_of(share, office)
        if _speaks(rung, share)
        for day in (fire_day(rung, share, office.calendar),)
        if day >= share.epoch_began
        for reader in _readers(rung, share, office)
        if not is_unwanted(reader.audience, reader.route, reader.person.code, office.directory)
    )
    ahead = min((step for step in steps if step[0] > after), key=lambda step: step[0], default=None)
    if ahead is None:
        return None
    on, rung, reader = ahead
    return NextStep(on, rung.key, reader.audience, _reads(reader, share, office.directory, on).code)


def _reads(reader: Reader, share: Share, directory: Directory, on: date) -> Person:
    line = Line(reader.person.code, reader.audience, reader.route, share.key.unit, share.officer)
    receiver = receiver_of(line, directory, on)
    return receiver.person if receiver else reader.person
