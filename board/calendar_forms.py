"""The forms of the page of days off: what each asks to be changed, and changes carried to the look before.

A change is looked at before it is kept: the first form leads to a page that says what would follow, and
only that page has the form that keeps it. The days themselves are carried in it, and checked again.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from board.forms import Posted
from tasks_catalog.calendar import SwappedDay, WorkCalendar
from tasks_catalog.documents.swapped_days import swapped_days_in
from tasks_catalog.problem import Refused
from tasks_catalog.typed import day_of
from tasks_catalog.year_days import refuse_pointless

MOST_DAYS = 200
MOST_LIST = 64 * 1024
"""A year's list holds some thirty lines."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What is asked for: days to be entered, a day to be taken back, and how many said nothing new."""

    enter: tuple[SwappedDay, ...] = ()
    take_back: tuple[date, ...] = ()
    passed_over: int = 0

    @property
    def days(self) -> tuple[date, ...]:
        return (*(one.day for one in self.enter), *self.take_back)

    def applied(self, own: Iterable[SwappedDay]) -> tuple[SwappedDay, ...]:
        """Return what the office would have entered then."""
        days = {one.day: one for one in own} | {one.day: one for one in self.enter}
        return tuple(days[day] for day in sorted(days) if day not in self.take_back)

    def carried(self) -> tuple[str, ...]:
        """Return the change as fields of a form, one a day."""
        entered = (
            [one.day.isoformat(), "worked" if one.worked else "off", one.name, one.document, one.confirmed]
            for one in self.enter
        )
        taken = ([day.isoformat(), "back"] for day in self.take_back)
        return tuple(json.dumps(each, ensure_ascii=False) for each in (*entered, *taken))


def carried_of(form: Posted) -> Asked:
    """Read a change carried by the page that looked at it. Raises Refused (board_request_unreadable)."""
    enter: list[SwappedDay] = []
    back: list[date] = []
    for words in form.all("day")[: MOST_DAYS + 1]:
        try:
            read = json.loads(words)
            if read[1] == "back":
                back.append(date.fromisoformat(read[0]))
                continue
            day, state, name, document, confirmed = read
            enter.append(
                SwappedDay(
                    day=date.fromisoformat(day),
                    worked={"off": False, "worked": True}[state],
                    name=str(name),
                    document=str(document),
                    confirmed=bool(confirmed),
                )
            )
        except (ValueError, TypeError, KeyError, IndexError) as error:
            raise Refused("board_request_unreadable") from error
    return _bounded(Asked(enter=tuple(enter), take_back=tuple(back)))


def asked_of(form: Posted, without: WorkCalendar, own: Collection[date]) -> Asked:
    """Read what one of the page's forms asks for; ``without`` is the calendar without the office's own days.

    A day without a document is entered all the same, and shown as not confirmed. Raises Refused:
    day_unreadable, swapped_day_nameless, swap_same_kind, calendar_list_needed, what reading a list and
    ``refuse_pointless`` raise.
    """
    match form.get("kind"):
        case "off" | "worked" as kind:
            return Asked(enter=(_checked(_one(form, form.get("date", ""), kind == "worked"), without, own),))
        case "swap":
            off = _one(form, form.get("off", ""), worked=False)
            worked = _one(form, form.get("worked", ""), worked=True)
            return Asked(enter=(_checked(off, without, own), _checked(worked, without, own)))
        case "back":
            return Asked(take_back=(_own(day_of(form.get("date", "")), own),))
        case "list":
            return _list(form, without)
        case _:
            raise Refused("board_request_unreadable")


def _one(form: Posted, typed: str, worked: bool) -> SwappedDay:
    day, name, document = day_of(typed), form.get("name", ""), form.get("document", "")
    if not name:
        raise Refused("swapped_day_nameless", day=day)
    return SwappedDay(day=day, worked=worked, name=name, document=document, confirmed=bool(document))


def _checked(one: SwappedDay, without: WorkCalendar, own: Collection[date]) -> SwappedDay:
    refuse_pointless(one, without, own)
    return one


def _own(day: date, own: Collection[date]) -> date:
    if day not in own:
        raise Refused("swapped_day_not_own", day=day)
    return day


def _list(form: Posted, without: WorkCalendar) -> Asked:
    handed = form.handed("file")
    if not handed:
        raise Refused("calendar_list_needed")
    days = swapped_days_in(handed[0].data, handed[0].name)
    new = [one for one in days if _says_something(one, without)]
    for one in new:
        if not one.name:
            raise Refused("swapped_day_nameless", day=one.day)
    return _bounded(Asked(enter=tuple(new), passed_over=len(days) - len(new)))


def _says_something(one: SwappedDay, without: WorkCalendar) -> bool:
    """Say whether a day of a list changes anything; one the calendar does not hold is refused, not passed."""
    try:
        refuse_pointless(one, without)
    except Refused as refused:
        if refused.code == "calendar_day_outside":
            raise
        return False
    return True


def _bounded(asked: Asked) -> Asked:
    days: Sequence[date] = asked.days
    if not days and not asked.passed_over:
        raise Refused("calendar_nothing_asked")
    if len(days) > MOST_DAYS:
        raise Refused("calendar_too_many", most=MOST_DAYS)
    return asked
