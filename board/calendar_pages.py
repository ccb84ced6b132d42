"""The page of days off and worked weekends, and the look at what a change of them would move."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from board.calendar_forms import Asked
from board.settings_record import record_link
from board.view import View
from storage import ledger, tasks
from storage.kept_lapses import KeptLapse, kept_lapses
from storage.swapped_days import KIND, list_swapped
from tasks_catalog.calendar import SwappedDay, WorkCalendar
from tasks_catalog.calendar_change import MovedRung, SendingDay, moved_rungs, sending_days
from tasks_catalog.ladder import Office
from tasks_catalog.problem import Refused
from tasks_catalog.year_days import Origin, YearDay, days_of_year

if TYPE_CHECKING:
    from board.app import Board

AHEAD = timedelta(days=60)
SHOWN = 40
MOST_SHARES = 10_000
"""Shares whose rungs a look counts: about two seconds. Of more it says how many there are, not which move."""


@dataclass(frozen=True, kw_only=True)
class DayShown:
    """A day off, or a worked weekend, with where it comes from."""

    iso: str
    day: str
    weekday: str
    state: str
    """"off" or "worked"."""
    name: str
    origin: str
    document: str
    instead: str
    """What an earlier source says of the day; ""."""
    confirmed: bool
    own: bool


@dataclass(frozen=True, kw_only=True)
class KeptShown:
    """Shares that keep their last on-time day though the calendar would give another one now."""

    task: str
    href: str
    text: str
    shares: int
    due: str
    lapses: str
    would: str


@dataclass(frozen=True, kw_only=True)
class CalendarPage:
    """A year's days, what may be changed, and what stays as it was worked out."""

    year: int
    action: str
    others: Sequence[tuple[str, str]]
    """The years before and after: (address, year)."""
    days: Sequence[DayShown]
    doubted: Sequence[DayShown]
    kept: Sequence[KeptShown]
    kept_shares: int
    record: str
    typed: Mapping[str, str]
    """What was typed into a form that was refused; its ``kind`` says which one stands open."""
    refused: str = ""


@dataclass(frozen=True, kw_only=True)
class RungShown:
    """A rung that would speak on another day."""

    task: str
    href: str
    text: str
    unit: str
    rung: str
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class LookPage:
    """What a change would do; the form on it keeps it."""

    action: str
    back: str
    days: Sequence[tuple[str, str, str]]
    """(day, what it becomes, name and document) of each."""
    carried: Sequence[str]
    passed_over: int
    until: str
    sending: Sequence[str]
    rungs: Sequence[RungShown]
    more: int
    uncounted: bool
    """Whether there are too many shares to say which rungs move."""
    kept: Sequence[KeptShown]
    kept_shares: int
    past: bool
    """Whether one of the days lies before today: what was sent stays sent."""


def calendar_page(
    board: Board, view: View, year: str, *, typed: Mapping[str, str] | None = None, refused: str = ""
) -> CalendarPage:
    """Return a year's page. Raises Refused (calendar_year_unknown)."""
    calendars = board.calendars
    span = range(calendars.by_law.first.year, calendars.by_law.last.year + 1)
    wanted = _year(year or str(view.now.year), span)
    here = f"{board.root}/settings/calendar"
    days = [
        _shown(one, view) for one in days_of_year(calendars.by_law, calendars.layers_of(view.session), wanted)
    ]
    kept = kept_lapses(view.session, view.organisation_id, view.calendar, since=view.now.date())
    return CalendarPage(
        year=wanted,
        action=here,
        others=[(f"{here}?year={each}", str(each)) for each in (wanted - 1, wanted + 1) if each in span],
        days=days,
        doubted=[one for one in days if not one.confirmed],
        kept=[_kept(one, view) for one in kept[:SHOWN]],
        kept_shares=sum(one.shares for one in kept),
        record=record_link(board, KIND),
        typed=typed or {},
        refused=refused,
    )


def _year(typed: str, span: range) -> int:
    year = int(typed) if typed.isascii() and typed.isdigit() and len(typed) == 4 else None
    if year is None or year not in span:
        raise Refused("calendar_year_unknown", year=typed[:20], first=span[0], last=span[-1])
    return year


def _shown(one: YearDay, view: View) -> DayShown:
    state = "worked" if one.worked else "off"
    return DayShown(
        iso=one.day.isoformat(),
        day=view.day(one.day),
        weekday=view.say(f"weekday_{one.day.weekday()}"),
        state=state,
        name=one.name,
        origin=view.say(f"calendar_origin_{one.origin}"),
        document=one.document,
        instead=_instead(one.instead, view) if one.instead else "",
        confirmed=one.confirmed,
        own=one.origin is Origin.OFFICE,
    )


def _instead(one: YearDay, view: View) -> str:
    return view.say(
        "calendar_instead",
        state=view.say(f"calendar_state_{'worked' if one.worked else 'off'}"),
        name=one.name or "–",
        origin=view.say(f"calendar_origin_{one.origin}"),
    )


def _kept(one: KeptLapse, view: View) -> KeptShown:
    return KeptShown(
        task=f"{one.plan}/{one.row}",
        href=view.links.task(one.plan, one.row),
        text=one.text,
        shares=one.shares,
        due=view.day(one.due),
        lapses=view.day(one.lapses),
        would=view.day(one.would),
    )


def look_page(board: Board, view: View, asked: Asked) -> LookPage:
    """Return what keeping a change would move, without writing anything."""
    own = list_swapped(view.session, view.organisation_id)
    after = board.calendars.with_own(asked.applied(own))
    today = view.now.date()
    until = min(today + AHEAD, after.last)
    near = _near(view, until)
    rungs = () if near > MOST_SHARES else tuple(_moved(view, after, today, until))
    since = {(one.plan, one.row, one.due) for one in _kept_by(view, view.calendar)}
    kept = [one for one in _kept_by(view, after) if (one.plan, one.row, one.due) not in since]
    here = f"{board.root}/settings/calendar"
    year = asked.days[0].year if asked.days else today.year
    return LookPage(
        action=f"{here}/keep",
        back=f"{here}?year={year}",
        days=[*(_entered(one, view) for one in asked.enter), *_taken(asked.take_back, after, view)],
        carried=asked.carried(),
        passed_over=asked.passed_over,
        until=view.day(until),
        sending=[_sending(one, view) for one in sending_days(view.calendar, after, today, until)],
        rungs=[_rung(one, view) for one in rungs[:SHOWN]],
        more=max(0, len(rungs) - SHOWN),
        uncounted=near > MOST_SHARES,
        kept=[_kept(one, view) for one in kept[:SHOWN]],
        kept_shares=sum(one.shares for one in kept),
        past=any(day < today for day in asked.days),
    )


def _kept_by(view: View, calendar: WorkCalendar) -> tuple[KeptLapse, ...]:
    return kept_lapses(view.session, view.organisation_id, calendar, since=view.now.date())


def _near(view: View, last: date) -> int:
    """Count the shares a ladder may speak of by a day, no further than it takes to say that it is many."""
    known, found = Office(directory=view.directory, calendar=view.calendar), 0
    for plan in tasks.list_plans(view.session, view.organisation_id, active_only=True):
        found += tasks.shares_to_speak_of(view.session, plan, known, last, at_most=MOST_SHARES - found)
        if found > MOST_SHARES:
            break
    return found


def _moved(view: View, after: WorkCalendar, first: date, last: date) -> Iterator[MovedRung]:
    for plan in tasks.list_plans(view.session, view.organisation_id, active_only=True):
        ladders = tasks.ladders_of(view.session, plan)
        known = Office(directory=view.directory, calendar=view.calendar, ladders=ladders)
        then = Office(directory=view.directory, calendar=after, ladders=ladders)
        facts = tasks.facts_to_speak_of(view.session, plan, known, last)
        told = ledger.known_keys(view.session, plan) if facts else ()
        yield from moved_rungs(facts, known, then, first=first, last=last, told=frozenset(told))


def _entered(one: SwappedDay, view: View) -> tuple[str, str, str]:
    state = view.say(f"calendar_becomes_{'worked' if one.worked else 'off'}")
    document = one.document if one.confirmed else view.say("calendar_unconfirmed")
    return _day(one.day, view), state, " – ".join(part for part in (one.name, document) if part)


def _taken(days: Iterable[date], after: WorkCalendar, view: View) -> Iterator[tuple[str, str, str]]:
    for day in days:
        worked = after.first <= day <= after.last and after.is_working(day)
        state = view.say(f"calendar_becomes_{'worked' if worked else 'off'}")
        yield _day(day, view), state, view.say("calendar_taken_back")


def _sending(one: SendingDay, view: View) -> str:
    return view.say(f"calendar_sending_{'on' if one.worked else 'off'}", day=_day(one.day, view))


def _day(day: date, view: View) -> str:
    return view.say("calendar_day", weekday=view.say(f"weekday_{day.weekday()}"), day=day)


def _rung(one: MovedRung, view: View) -> RungShown:
    plan, _, row = one.task.id.rpartition("/")
    return RungShown(
        task=one.task.id,
        href=view.links.task(plan, int(row)),
        text=one.task.text,
        unit=view.unit(one.share.key.unit),
        rung=one.rung.replace("-", "−"),
        before=view.day(one.before),
        after=view.day(one.after),
    )
