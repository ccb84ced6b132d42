"""Parts rows printed without a rule between them, where their numbers stand one under the other.

Each number begins a row. Where the rows are written from the top, its first line is level with the
number; where the number stands in the middle of its row, the white between two rows tells.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from tasks_catalog.documents.outline import Number, read_number

Box = tuple[float, float, float, float]

_LEVEL = 3.0
"""Points within which two lines begin at one height."""
_WIDER = 1.3
"""How much wider the white between two rows is than that between two lines."""
_LARGEST_NUMBER = 999
_FEWEST_NUMBERS = 2
_LONGEST_HEADING = 3
"""Lines that may stand over the numbers when no rule parts them from their heading."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One printed line of a cell with its height on the page."""

    top: float
    bottom: float
    text: str


Cells = Mapping[Box, tuple[Line, ...]]


def parted(cells: Cells) -> tuple[dict[Box, tuple[Line, ...]], list[float]]:
    """Return the cells with every such row on its own, and the heights at which rows were parted."""
    cuts: list[float] = []
    from_top = True
    numbered = {box: found for box, lines in cells.items() if (found := _in_sequence(lines))}
    for box, lines in numbered.items():
        band = _band(cells, box)
        if len(lines) < len(cells[box]):
            cuts += _under_heading(cells[box][-len(lines) - 1], lines[0], band)
        for above, below in pairwise(lines):
            cut, at_number = _cut(above, below, band)
            cuts.append(cut)
            from_top = from_top and at_number
    if cuts and from_top:
        rests = (_after_rest(lines[0], _band(cells, box)) for box, lines in numbered.items())
        cuts += [rest for rest in rests if rest is not None]
    return _divided(cells, sorted(cuts)), sorted(cuts)


def _in_sequence(lines: Sequence[Line]) -> Sequence[Line]:
    """Return the numbers of a cell that holds nothing else under, at most, the heading of their column."""
    numbers = [read_number(line.text) for line in lines]
    first = next((i for i, number in enumerate(numbers) if number is not None), len(numbers))
    counted = numbers[first:]
    if first > _LONGEST_HEADING or len(counted) < _FEWEST_NUMBERS:
        return ()
    return lines[first:] if all(_follows(a, b) for a, b in pairwise(counted)) else ()


def _follows(above: Number | None, below: Number | None) -> bool:
    if above is None or below is None or below.value > _LARGEST_NUMBER:
        return False
    return above.level_key == below.level_key and below.value == above.value + 1


def _band(cells: Cells, box: Box) -> list[Line]:
    """Return the lines of the cells that are as high as ``box``, from top to bottom."""
    level = [lines for other, lines in cells.items() if _as_high(other, box)]
    return sorted((line for lines in level for line in lines), key=lambda line: line.top)


def _as_high(other: Box, box: Box) -> bool:
    return abs(other[1] - box[1]) < _LEVEL and abs(other[3] - box[3]) < _LEVEL


def _cut(above: Line, below: Line, band: Sequence[Line]) -> tuple[float, bool]:
    """Return the height between two numbered rows, and whether it is right above the second number."""
    gaps = _gaps([line for line in band if above.top - _LEVEL < line.top < below.top + _LEVEL])
    if not gaps:
        return below.top - 0.1, True
    last = gaps[-1]
    widest = max(gaps, key=lambda gap: gap[1] - gap[0])
    others = [gap[1] - gap[0] for gap in gaps if gap is not widest]
    distinct = not others or widest[1] - widest[0] >= _WIDER * max(others)
    chosen = widest if distinct else last
    return (chosen[0] + chosen[1]) / 2, abs(chosen[1] - below.top) < _LEVEL


def _under_heading(heading: Line, first: Line, band: Sequence[Line]) -> list[float]:
    """Return the heights between a heading with no rule under it and the first number.

    The rest of a row of the page before may stand between them, parted by white as wide on both sides.
    """
    gaps = _gaps([line for line in band if heading.top - _LEVEL < line.top < first.top + _LEVEL])
    widest = max((gap[1] - gap[0] for gap in gaps), default=0.0)
    wide = [gap for gap in gaps if (gap[1] - gap[0]) * _WIDER >= widest]
    return [(gap[0] + gap[1]) / 2 for gap in (wide if len(wide) == 2 else wide[-1:])]


def _gaps(lines: Sequence[Line]) -> list[tuple[float, float]]:
    """Return the strips of white that no line of any column stands in."""
    gaps: list[tuple[float, float]] = []
    end = lines[0].bottom if lines else 0.0
    for line in lines[1:]:
        if line.top > end:
            gaps.append((end, line.top))
        end = max(end, line.bottom)
    return gaps


def _after_rest(first: Line, band: Sequence[Line]) -> float | None:
    """Return the height above the first number when the rest of a row of the page before stands there."""
    rest = [line.bottom for line in band if line.top < first.top - _LEVEL]
    return (max(rest) + first.top) / 2 if rest and max(rest) <= first.top + _LEVEL else None


def _divided(cells: Cells, cuts: Sequence[float]) -> dict[Box, tuple[Line, ...]]:
    result: dict[Box, tuple[Line, ...]] = {}
    for (x0, top, x1, bottom), lines in cells.items():
        inside = [cut for cut in cuts if top < cut < bottom]
        for upper, lower in pairwise([top, *inside, bottom]):
            held = (line for line in lines if upper <= (line.top + line.bottom) / 2 < lower or not inside)
            result[x0, upper, x1, lower] = tuple(held)
    return result
