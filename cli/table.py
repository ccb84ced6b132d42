"""A plain table for a terminal: cells folded at words, no borders, one blank column between."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Iterator, Sequence
from itertools import zip_longest

GAP = "  "
_NARROWEST = 60


def wide() -> int:
    """Return the width to print in: the terminal's, or 110 where the output goes to a file or pipe."""
    return max(_NARROWEST, shutil.get_terminal_size((110, 24)).columns)


def lines_of(cells: Sequence[str], widths: Sequence[int]) -> Iterator[str]:
    """Yield the printed lines of one row, its cells folded to ``widths`` (in characters)."""
    folded = [textwrap.wrap(cell, width) or [""] for cell, width in zip(cells, widths, strict=True)]
    for parts in zip_longest(*folded, fillvalue=""):
        padded = (part.ljust(width) for part, width in zip(parts, widths, strict=True))
        yield GAP.join(padded).rstrip()


def shared(total: int, fixed: int, parts: Sequence[int]) -> tuple[int, ...]:
    """Return a ``fixed`` first width and others in proportion to ``parts`` that together fill ``total``."""
    left = total - fixed - len(GAP) * len(parts)
    return (fixed, *(left * part // sum(parts) for part in parts))
