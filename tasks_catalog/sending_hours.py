"""The hours in which the lines of a plan leave, where they are narrower than the office's own.

A person gets one letter a day over all plans, so a window of a plan never makes a second one: it holds the
letter that carries a line of the plan until its hours have come, and a line whose hours are over goes with
the letter of the next working day. Windows must meet one another, else a person who reads two plans would
have no moment at which both may leave; of windows on one line that meet two by two, all share a moment
(Helly), so meeting is asked of each pair when one is set. What is void holds nothing up: a window outside
the office's hours, made shorter since, and a person's own hour at which a plan's are over.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import time

from tasks_catalog.problem import Refused


class HoursRefused(Refused):
    """A window that cannot be: upside down, outside the office's hours, or beside another plan's."""


@dataclass(frozen=True, kw_only=True)
class Hours:
    """From ``first`` on, until before ``until``; local time of the office."""

    first: time
    until: time

    def meets(self, other: Hours) -> bool:
        return max(self.first, other.first) < min(self.until, other.until)

    def is_over(self, clock: time) -> bool:
        return clock >= self.until


def sound_or_refuse(hours: Hours, others: Mapping[str, Hours], office: Hours | None = None) -> Hours:
    """Return a window that letters can keep to, within the ``office``'s where that is given.

    ``others`` are the windows of the other plans by number. Raises HoursRefused: hours_upside_down,
    hours_outside_office, hours_beside_plan.
    """
    given = {"first": _clock(hours.first), "until": _clock(hours.until)}
    if hours.first >= hours.until:
        raise HoursRefused("hours_upside_down", **given)
    if office is not None and (hours.first < office.first or hours.until > office.until):
        raise HoursRefused(
            "hours_outside_office",
            **given,
            sending_from=_clock(office.first),
            sending_to=_clock(office.until),
        )
    for number, other in others.items():
        if not hours.meets(other):
            there = {"other_first": _clock(other.first), "other_until": _clock(other.until)}
            raise HoursRefused("hours_beside_plan", **given, plan=number, **there)
    return hours


def plans_over(hours: Mapping[int, Hours], clock: time) -> frozenset[int]:
    """Return the plans, of those with hours of their own, whose hours of the day are over."""
    return frozenset(plan for plan, window in hours.items() if window.is_over(clock))


def leaves_at(plans: Iterable[Hours], preferred: time | None, office: Hours) -> time:
    """Return from when on a letter with lines of these plans may leave: the latest hour among them.

    The reader's own hour counts where it lies within all of them, as ``storage.outbox`` has it.
    """
    windows = [office, *(plan for plan in plans if plan.meets(office))]
    first, until = max(each.first for each in windows), min(each.until for each in windows)
    return preferred if preferred is not None and first < preferred < until else first


def _clock(at: time) -> str:
    return f"{at:%H:%M}"
