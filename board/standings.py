"""The six standings as the board shows them: a word, a number and a link each; the bar only repeats them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from board.view import View
from tasks_catalog.progress import Counts, Line, Tally
from tasks_catalog.standing import StandingKind

DONE = "done"
"""The filter of a list that means the three standings that count as done."""
STANDINGS = (*(str(kind) for kind in StandingKind), DONE)


@dataclass(frozen=True, kw_only=True)
class Part:
    """One standing of a plan, and its stretch of the bar, in per cent."""

    kind: str
    word: str
    number: int
    href: str
    start: float
    width: float


@dataclass(frozen=True, kw_only=True)
class Cell:
    """A number and the list that proves it; without tasks there is no list."""

    text: str
    href: str


@dataclass(frozen=True, kw_only=True)
class BreakdownLine:
    """One line of a breakdown by section or by unit."""

    name: str
    cells: tuple[Cell, ...]


def is_in(kind: StandingKind, wanted: str | None) -> bool:
    """Say whether a standing is what a list's filter asks for."""
    return wanted is None or kind == wanted or (wanted == DONE and kind.is_done)


def bar_of(tally: Tally, view: View) -> tuple[Part, ...]:
    """Return the six standings in their printed order."""
    everything = sum(tally.counts.values()) or 1
    parts: list[Part] = []
    start = 0.0
    for kind, number in tally.counts.items():
        width = 100 * number / everything
        href = view.list_link(tally.plan, standing=str(kind)) if number else ""
        word = view.say(f"standing_{kind}")
        parts.append(
            Part(
                kind=str(kind),
                word=word,
                number=number,
                href=href,
                start=round(start, 3),
                width=round(width, 3),
            )
        )
        start += width
    return tuple(parts)


def by_section(tally: Tally, view: View) -> tuple[BreakdownLine, ...]:
    return tuple(
        BreakdownLine(
            name=line.key or view.say("board_no_section"), cells=_cells(line, tally.plan, view, section=line.key)
        )
        for line in tally.by_section
    )


def by_unit(tally: Tally, view: View) -> tuple[BreakdownLine, ...]:
    return tuple(
        BreakdownLine(name=view.unit(line.key), cells=_cells(line, tally.plan, view, unit=line.key))
        for line in tally.by_unit
    )


def _cells(
    line: Line, plan: str, view: View, *, section: str | None = None, unit: str | None = None
) -> tuple[Cell, ...]:
    """Return done of all, overdue, in progress and not arisen."""

    def link(standing: str | None, number: int) -> str:
        return view.list_link(plan, section=section, unit=unit, standing=standing) if number else ""

    kinds = (StandingKind.OVERDUE, StandingKind.IN_PROGRESS, StandingKind.NOT_ARISEN)
    return (
        Cell(text=str(line.done), href=link(DONE, line.done)),
        *(Cell(text=str(line.counts[kind]), href=link(str(kind), line.counts[kind])) for kind in kinds),
        Cell(text=str(_all(line.counts)), href=link(None, _all(line.counts))),
    )


def _all(counts: Counts) -> int:
    return sum(counts.values())


def standing_words(view: View, kinds: Iterable[str]) -> tuple[str, ...]:
    return tuple(view.say(f"board_standing_{kind}") for kind in kinds)
