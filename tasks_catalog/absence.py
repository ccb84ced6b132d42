"""Absences: who is away from which day to which, and who stands in meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, kw_only=True)
class Absence:
    """A person away for a span of days, both ends included. ``back_on`` ends it early, by a date."""

    person: str
    first: date
    last: date
    substitute: str | None = None
    """Code of who is written to meanwhile; None lets each line go to the next person of its route."""
    note: str = ""
    back_on: date | None = None

    @property
    def ends(self) -> date:
        """The last day away; before ``first`` where the absence was called off."""
        return self.last if self.back_on is None else min(self.last, self.back_on - timedelta(days=1))

    def covers(self, day: date) -> bool:
        return self.first <= day <= self.ends

    def meets(self, first: date, last: date) -> bool:
        """Say whether a span of days holds a day of this absence."""
        return self.first <= self.ends and self.first <= last and first <= self.ends
