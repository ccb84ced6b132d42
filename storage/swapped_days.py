"""Days an office is off, or works, against everybody's calendar: set through the one door, read back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from storage.office_journal import Made, Values, change
from storage.office_rows import OfficeChange, OfficeChangeValues
from storage.swapped_rows import SwappedDayRow
from tasks_catalog.calendar import SwappedDay, WorkCalendar
from tasks_catalog.problem import Refused
from tasks_catalog.text import clean
from tasks_catalog.year_days import MOST_DOCUMENT, MOST_NAME, refuse_pointless

KIND = "swapped_day"
_STATES = {"off": False, "worked": True}


class SwappedDays:
    """The kind of setting "swapped_day": its key is the day in ISO form."""

    def read(self, session: Session, organisation_id: int, key: str) -> Values | None:
        row = session.scalars(_query(organisation_id, _day_of(key))).one_or_none()
        return None if row is None else as_values(_value(row))

    def write(
        self, session: Session, organisation_id: int, key: str, values: Values | None, *, made: Made
    ) -> None:
        """Raises Refused: day_unreadable, swapped_day_values, swapped_day_nameless, swapped_day_too_long."""
        day = _day_of(key)
        if values is None:
            session.execute(
                delete(SwappedDayRow).where(
                    SwappedDayRow.organisation_id == organisation_id, SwappedDayRow.day == day
                )
            )
            return
        one = _checked(day, values)
        row = session.scalars(_query(organisation_id, day)).one_or_none()
        if row is None:
            row = SwappedDayRow(organisation_id=organisation_id, day=day)
            session.add(row)
        row.worked, row.name, row.document, row.confirmed = one.worked, one.name, one.document, one.confirmed


SWAPPED_DAYS = SwappedDays()


def list_swapped(session: Session, organisation_id: int) -> tuple[SwappedDay, ...]:
    """Return what the office entered, by date. Asked at every look at the calendar: one query, no objects."""
    table = SwappedDayRow
    query = (
        select(table.day, table.worked, table.name, table.document, table.confirmed)
        .where(table.organisation_id == organisation_id)
        .order_by(table.day)
    )
    return tuple(
        SwappedDay(day=day, worked=worked, name=name, document=document, confirmed=confirmed)
        for day, worked, name, document, confirmed in session.execute(query).tuples()
    )


def list_swapped_at(session: Session, organisation_id: int, moment: datetime) -> tuple[SwappedDay, ...]:
    """Return what the office had entered by a moment: what was changed since is taken back, newest first."""
    days = {one.day.isoformat(): one for one in list_swapped(session, organisation_id)}
    query = (
        select(OfficeChange.key, OfficeChangeValues.before)
        .join(OfficeChangeValues, OfficeChangeValues.change_id == OfficeChange.id)
        .where(
            OfficeChange.organisation_id == organisation_id,
            OfficeChange.kind == KIND,
            OfficeChange.at > moment,
        )
        .order_by(OfficeChange.id.desc())
    )
    for key, before in session.execute(query).tuples():
        days.pop(key, None)
        if before is not None:
            days[key] = _checked(_day_of(key), before)
    return tuple(days[key] for key in sorted(days))


def enter(
    session: Session, organisation_id: int, days: Iterable[SwappedDay], without: WorkCalendar, *, made: Made
) -> tuple[OfficeChange, ...]:
    """Enter days, all or none; return a change for each that was not so before.

    ``without`` is the calendar without what the office entered. Raises what ``refuse_pointless`` and
    ``SwappedDays.write`` raise, and swapped_day_twice_named for a day named twice.
    """
    found: list[OfficeChange] = []
    seen: set[date] = set()
    own = {one.day for one in list_swapped(session, organisation_id)}
    for one in days:
        if one.day in seen:
            raise Refused("swapped_day_twice_named", day=one.day)
        seen.add(one.day)
        refuse_pointless(one, without, own)
        key = one.day.isoformat()
        made_of_it = change(session, organisation_id, SWAPPED_DAYS, KIND, key, as_values(one), made=made)
        found += [made_of_it] if made_of_it else []
    return tuple(found)


def take_back(session: Session, organisation_id: int, day: date, *, made: Made) -> OfficeChange:
    """Take away what the office entered for a day. Raises Refused (swapped_day_not_own)."""
    found = change(session, organisation_id, SWAPPED_DAYS, KIND, day.isoformat(), None, made=made)
    if found is None:
        raise Refused("swapped_day_not_own", day=day)
    return found


def as_values(one: SwappedDay) -> dict[str, Any]:
    """Return a day as the record of changes holds it."""
    return {
        "state": "worked" if one.worked else "off",
        "name": clean(one.name),
        "document": clean(one.document),
        "confirmed": one.confirmed,
    }


def _checked(day: date, values: Mapping[str, Any]) -> SwappedDay:
    state, confirmed = values.get("state"), values.get("confirmed")
    name, document = values.get("name"), values.get("document", "")
    known = {"state", "name", "document", "confirmed"}
    if (
        set(values) - known
        or state not in _STATES
        or not isinstance(confirmed, bool)
        or not isinstance(name, str)
        or not isinstance(document, str)
    ):
        raise Refused("swapped_day_values", day=day)
    if not name:
        raise Refused("swapped_day_nameless", day=day)
    for words, most in ((name, MOST_NAME), (document, MOST_DOCUMENT)):
        if len(words) > most:
            raise Refused("swapped_day_too_long", day=day, most=most, words=words[:40])
        if words != clean(words) or not words.isprintable():
            raise Refused("swapped_day_values", day=day)
    return SwappedDay(day=day, worked=_STATES[state], name=name, document=document, confirmed=confirmed)


def _query(organisation_id: int, day: date) -> Any:
    return select(SwappedDayRow).where(
        SwappedDayRow.organisation_id == organisation_id, SwappedDayRow.day == day
    )


def _value(row: SwappedDayRow) -> SwappedDay:
    return SwappedDay(
        day=row.day, worked=row.worked, name=row.name, document=row.document, confirmed=row.confirmed
    )


def _day_of(key: str) -> date:
    try:
        day = date.fromisoformat(key)
    except ValueError as error:
        raise Refused("day_unreadable", words=key) from error
    if day.isoformat() != key:  # "20260102" and weeks name a day too, and would make two keys of one
        raise Refused("day_unreadable", words=key)
    return day
