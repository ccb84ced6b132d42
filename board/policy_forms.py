"""What the forms of a plan's settings say, read whole or refused with the row at fault."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import time
from enum import StrEnum
from typing import TypeVar

from board.forms import Posted
from tasks_catalog.audience import Audience
from tasks_catalog.ladder import Ladder, Rung
from tasks_catalog.ladder_rules import MOST_RUNGS, LadderRefused, List, RungWritten, ladder_of, written
from tasks_catalog.problem import Refused
from tasks_catalog.sending_hours import Hours
from tasks_catalog.task import AcceptedBy, Continuous, NotArisen, PlanSettings

EMPTY_ROWS = 2
AUDIENCES = {
    List.DATED: tuple(Audience),
    List.SHEET: (Audience.OWNER, Audience.CO_OWNER, Audience.HEAD, Audience.COORDINATOR),
}
_Choice = TypeVar("_Choice", bound=StrEnum)


@dataclass(frozen=True, kw_only=True)
class RungRow:
    """One row of the form, as typed."""

    offset: str = ""
    audience: tuple[str, ...] = ()
    draft: bool = False


@dataclass(frozen=True, kw_only=True)
class Handling:
    """How a plan is to be handled."""

    accepted_by: AcceptedBy
    continuous: Continuous
    not_arisen: NotArisen

    def over(self, settings: PlanSettings) -> PlanSettings:
        """Return the plan's settings so handled."""
        return replace(
            settings,
            accepted_by=self.accepted_by,
            continuous=self.continuous,
            not_arisen=self.not_arisen,
        )


def rows_of(rungs: tuple[Rung, ...]) -> tuple[RungRow, ...]:
    """Return the rungs as rows to be typed over, and empty ones for more."""
    known = tuple(
        RungRow(offset=str(rung.offset), audience=tuple(map(str, rung.audience)), draft=rung.draft)
        for rung in written(rungs)
    )
    return (*known, *(RungRow() for _ in range(EMPTY_ROWS)))


def rows_typed(form: Posted, which: List) -> tuple[RungRow, ...]:
    """Return the rows of one list as they were typed, in their order."""
    return tuple(
        RungRow(
            offset=form.get(f"{which}-{n}-offset", ""),
            audience=tuple(str(who) for who in AUDIENCES[which] if form.get(f"{which}-{n}-{who}")),
            draft=bool(form.get(f"{which}-{n}-draft")),
        )
        for n in range(MOST_RUNGS + EMPTY_ROWS)
        if f"{which}-{n}-offset" in form
    )


def ladder_typed(form: Posted) -> Ladder:
    """Return the ladder typed; a row without its number of days is no rung. Raises LadderRefused."""
    return ladder_of(*(tuple(_rungs(rows_typed(form, which), which)) for which in List))


def _rungs(rows: tuple[RungRow, ...], which: List) -> Iterator[RungWritten]:
    for row in rows:
        words = row.offset.replace("−", "-").replace("–", "-").strip()
        if not words:
            continue
        digits = words.removeprefix("-") if words.startswith("-") else words.removeprefix("+")
        if not (digits.isascii() and digits.isdigit() and len(digits) < 10):
            raise LadderRefused("ladder_days_unreadable", which, words=row.offset)
        yield RungWritten(
            offset=int(words), audience=tuple(Audience(each) for each in row.audience), draft=row.draft
        )


def hours_typed(form: Posted) -> Hours | None:
    """Return the window typed; both ends left empty mean the office's hours.

    Raises Refused: hour_unreadable, hours_half.
    """
    first, until = form.get("first", ""), form.get("until", "")
    if not first and not until:
        return None
    if not first or not until:
        raise Refused("hours_half", given=first or until)
    return Hours(first=_time(first), until=_time(until))


def _time(typed: str) -> time:
    try:
        found = time.fromisoformat(typed)
    except ValueError as error:
        raise Refused("hour_unreadable", words=typed) from error
    if found.tzinfo is not None:
        raise Refused("hour_unreadable", words=typed)
    return found.replace(second=0, microsecond=0)


def handling_typed(form: Posted) -> Handling:
    """Return how the plan is to be handled. Raises Refused (plan_choice_unknown)."""
    return Handling(
        accepted_by=_choice(AcceptedBy, form, "accepted_by"),
        continuous=_choice(Continuous, form, "continuous"),
        not_arisen=_choice(NotArisen, form, "not_arisen"),
    )


def _choice(kind: type[_Choice], form: Posted, name: str) -> _Choice:
    given = form.get(name, "")
    if given not in set(kind):
        raise Refused("plan_choice_unknown", given=given, known=", ".join(kind))
    return kind(given)
