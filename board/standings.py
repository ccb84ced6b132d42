"""The six standings as the board shows them: a word, a number and a link each; the bar only repeats them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial

from board.view import View
from tasks_catalog.collation import collation_key
from tasks_catalog.counting import Figures
from tasks_catalog.progress import Line, Tally
from tasks_catalog.standing import DONE, StandingKind

Numbers = Figures | Tally
_OPEN = (StandingKind.OVERDUE, StandingKind.IN_PROGRESS)
NO_SECTION = "-"
"""How a list's address asks for tasks that stand under no section."""
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
class Stripe:
    """One standing's stretch of a small bar, in per cent; the numbers stand beside it."""

    kind: str
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
    stripes: tuple[Stripe, ...]


def bar_of(tally: Numbers, view: View) -> tuple[Part, ...]:
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


def by_section(tally: Numbers, view: View) -> tuple[BreakdownLine, ...]:
    """Return the tasks of each section: done, overdue, in progress, not arisen, all."""
    return tuple(
        BreakdownLine(
            name=line.key or view.say("board_no_section"),
            cells=_cells(line, (*_OPEN, StandingKind.NOT_ARISEN), partial(_section_link, view, tally, line)),
            stripes=stripes_of(line),
        )
        for line in tally.by_section
    )


def by_unit(tally: Numbers, view: View) -> tuple[BreakdownLine, ...]:
    """Return the shares each unit owns: done, overdue, in progress, all; a share has always arisen."""
    return tuple(
        BreakdownLine(
            name=view.unit(line.key),
            cells=_cells(line, _OPEN, partial(_unit_link, view, tally, line)),
            stripes=stripes_of(line),
        )
        for line in sorted(tally.by_unit, key=lambda line: collation_key(view.unit(line.key)))
    )


def stripes_of(line: Line) -> tuple[Stripe, ...]:
    """Return the small bar of one line of a breakdown."""
    return tuple(_stripes(line))


def _stripes(line: Line) -> Iterator[Stripe]:
    everything = sum(line.counts.values()) or 1
    start = 0.0
    for kind, number in line.counts.items():
        width = 100 * number / everything
        if number:
            yield Stripe(kind=str(kind), start=round(start, 2), width=round(width, 2))
        start += width


def _section_link(view: View, tally: Numbers, line: Line, standing: str | None) -> str:
    return view.list_link(tally.plan, section=line.key or NO_SECTION, standing=standing)


def _unit_link(view: View, tally: Numbers, line: Line, standing: str | None) -> str:
    return view.list_link(tally.plan, unit=line.key, standing=standing)


def _cells(line: Line, kinds: Iterable[StandingKind], link: Callable[[str | None], str]) -> tuple[Cell, ...]:
    """Return the number done, then those of ``kinds``, then all."""
    numbers: tuple[tuple[str | None, int], ...] = (
        (DONE, line.done),
        *((str(kind), line.counts[kind]) for kind in kinds),
        (None, sum(line.counts.values())),
    )
    return tuple(Cell(text=str(number), href=link(asked) if number else "") for asked, number in numbers)
