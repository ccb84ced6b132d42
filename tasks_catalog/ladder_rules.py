"""What a ladder must be to be set: the rules an edited one is judged by, and how one is written down.

An office edits offsets, audiences and the draft letter; the key, the reason and the rungs that fire with an
epoch follow from these, so that a ledger's keys always say what they mean and no report returned is silent.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from tasks_catalog.audience import Audience
from tasks_catalog.ladder import DEFAULT_LADDER, Ladder, Rung
from tasks_catalog.problem import Refused

MOST_RUNGS = 20
FARTHEST = 60
"""Working days before and after the due date, a quarter of the year: no rung stands farther off."""
_NEVER_ON_A_SHEET = (Audience.DEPUTY_DIRECTOR, Audience.DIRECTOR)


class List(StrEnum):
    """The two lists of a ladder: for shares with a date of their own, and for period sheets."""

    DATED = "dated"
    SHEET = "sheet"


class LadderRefused(Refused):
    """A ladder cannot be set as written; ``list`` says in which of its lists the fault stands."""

    def __init__(self, code: str, which: List, **params: object) -> None:
        super().__init__(code, **params)
        self.list = which


@dataclass(frozen=True, kw_only=True)
class RungWritten:
    """A rung as people write it; see ``Rung``."""

    offset: int
    audience: tuple[Audience, ...]
    draft: bool = False


def key_of(offset: int) -> str:
    """Return the key of a rung by its offset: "-10", "0", "+3"."""
    return f"{offset:+d}" if offset else "0"


def written(rungs: Iterable[Rung]) -> tuple[RungWritten, ...]:
    """Return the rungs that count from the due date, as people write them."""
    return tuple(
        RungWritten(offset=rung.offset, audience=rung.audience, draft=rung.draft)
        for rung in rungs
        if rung.offset is not None
    )


def ladder_of(dated: Iterable[RungWritten], sheet: Iterable[RungWritten]) -> Ladder:
    """Return the ladder written down, its rungs in order. Raises LadderRefused, quoting the row at fault."""
    return Ladder(dated=_list(List.DATED, dated), sheet=_list(List.SHEET, sheet))


def sound_or_refuse(ladder: Ladder) -> Ladder:
    """Return a ladder that came from elsewhere than ``ladder_of`` if it is what that would have made.

    Raises LadderRefused, with ``ladder_not_as_made`` for keys, reasons, an order or rungs of an epoch other
    than they should be.
    """
    made = ladder_of(written(ladder.dated), written(ladder.sheet))
    for which, given, right in (
        (List.DATED, ladder.dated, made.dated),
        (List.SHEET, ladder.sheet, made.sheet),
    ):
        for rung, wanted in zip(given, right, strict=False):
            if rung != wanted:
                raise LadderRefused("ladder_not_as_made", which, rung=rung.key, right=wanted.key)
        if len(given) != len(right):
            missing = ", ".join(rung.key for rung in right[len(given) :] or given[len(right) :])
            raise LadderRefused("ladder_not_as_made", which, rung=missing, right=len(right))
    return ladder


def _list(which: List, rungs: Iterable[RungWritten]) -> tuple[Rung, ...]:
    ordered = sorted(rungs, key=lambda rung: rung.offset)
    for rung in ordered:
        _check_rung(which, rung)
    _check_together(which, ordered)
    first = ordered[0].offset
    with_epoch = tuple(rung for rung in DEFAULT_LADDER.dated if rung.offset is None)
    return (
        *(
            Rung(
                key=key_of(rung.offset),
                offset=rung.offset,
                audience=tuple(sorted(rung.audience, key=list(Audience).index)),
                why=_why(which, rung.offset, first),
                draft=rung.draft,
            )
            for rung in ordered
        ),
        *with_epoch,
    )


def _why(which: List, offset: int, first: int) -> str:
    if which is List.SHEET:
        return "sheet_overdue" if offset > 0 else "sheet_open" if offset == first else "sheet_due"
    return "overdue" if offset > 0 else "due_today" if offset == 0 else "due_soon"


def _check_rung(which: List, rung: RungWritten) -> None:
    key = key_of(rung.offset)
    if abs(rung.offset) > FARTHEST:
        raise LadderRefused("ladder_too_far", which, rung=key, most=FARTHEST)
    if not rung.audience:
        raise LadderRefused("ladder_nobody", which, rung=key)
    for audience, times in Counter(rung.audience).items():
        if times > 1:
            raise LadderRefused("ladder_audience_twice", which, rung=key, audience=str(audience))
        if which is List.SHEET and audience in _NEVER_ON_A_SHEET:
            raise LadderRefused("ladder_sheet_too_high", which, rung=key, audience=str(audience))
    if Audience.CO_OWNER in rung.audience and rung.offset > 0:
        raise LadderRefused("ladder_co_owner_late", which, rung=key)
    if rung.draft and (which is List.SHEET or rung.offset <= 0):
        raise LadderRefused("ladder_draft_early", which, rung=key)


def _check_together(which: List, ordered: list[RungWritten]) -> None:
    if len(ordered) > MOST_RUNGS:
        raise LadderRefused("ladder_too_long", which, count=len(ordered), most=MOST_RUNGS)
    for one, after in pairwise(ordered):
        if one.offset == after.offset:
            raise LadderRefused("ladder_offset_twice", which, rung=key_of(one.offset))
    if not any(rung.offset < 0 for rung in ordered):
        raise LadderRefused("ladder_none_before", which)
    if not any(rung.offset >= 0 for rung in ordered):
        raise LadderRefused("ladder_none_from_due", which, rung=key_of(ordered[-1].offset))
    helped = [key_of(rung.offset) for rung in ordered if Audience.CO_OWNER in rung.audience]
    if len(helped) > 1:
        raise LadderRefused("ladder_co_owner_twice", which, rungs=", ".join(helped))
