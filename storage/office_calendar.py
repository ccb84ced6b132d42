"""The office's working days, worked out anew only when somebody changed a day of them.

A process that runs for months asks at each look: one query of the days the office entered. Where they are
what they were, the calendar of before is handed out, which is worth milliseconds of counting.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import cached_property

from sqlalchemy.orm import Session

from storage.swapped_days import list_swapped, list_swapped_at
from tasks_catalog.calendar import SwappedDay, WorkCalendar, overlaid, vietnam
from tasks_catalog.documents.swapped_days import read_swapped_days
from tasks_catalog.year_days import Layer, Origin

YEARS = range(2015, 2041)
"""Years whose tasks the calendar serves; it holds one more on either side."""


class OfficeCalendar:
    """The calendar of one office: the law's, the layers given, and over them what the office entered."""

    def __init__(
        self, organisation_id: int, *, by_law: WorkCalendar | None = None, layers: Iterable[Layer] = ()
    ) -> None:
        """Without ``by_law`` the calendar is Vietnam's, worked out when first asked for."""
        self.organisation_id = organisation_id
        self._by_law = by_law
        self.layers = tuple(layers)
        self._made: tuple[tuple[SwappedDay, ...], WorkCalendar] | None = None

    def of(self, session: Session) -> WorkCalendar:
        """Return the calendar as it is set in this transaction."""
        own = list_swapped(session, self.organisation_id)
        made = self._made  # read once: another thread may put a newer one in its place
        if made is None or made[0] != own:
            made = self._made = (own, self.with_own(own))
        return made[1]

    def at(self, session: Session, moment: datetime) -> WorkCalendar:
        """Return the calendar as the office knew it at a moment."""
        return self.with_own(list_swapped_at(session, self.organisation_id, moment))

    def with_own(self, own: Iterable[SwappedDay]) -> WorkCalendar:
        """Return the calendar as it would be if the office had entered these days."""
        return overlaid(self.without_own, own)

    def layers_of(self, session: Session) -> tuple[Layer, ...]:
        """Return every source over the law, the office's own last."""
        own = list_swapped(session, self.organisation_id)
        return (*self.layers, Layer(origin=Origin.OFFICE, days=own))

    @cached_property
    def by_law(self) -> WorkCalendar:
        """The calendar as the law alone has it."""
        return self._by_law or vietnam(YEARS)

    @cached_property
    def without_own(self) -> WorkCalendar:
        """The calendar without what the office entered."""
        return overlaid(self.by_law, [day for layer in self.layers for day in layer.days])


def shipped() -> Layer:
    """Return the swapped days that come with the program."""
    return Layer(origin=Origin.SHIPPED, days=read_swapped_days())


def calendar_of(organisation_id: int, given: WorkCalendar | OfficeCalendar | None) -> OfficeCalendar:
    """Return an office's calendar; a plain one given is what the office's own days are laid over."""
    if isinstance(given, OfficeCalendar):
        return given
    return OfficeCalendar(organisation_id, by_law=given)
