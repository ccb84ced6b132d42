"""Finds the tables of a PDF's page by its rules: those printed, and the columns that none are printed for.

Some producers turn a page's content on its side, draw level rules that are off level by a rounding error,
or draw rules between rows only.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from tasks_catalog.documents.pdf_pages import HeldPage, TooFull
from tasks_catalog.documents.refusals import MAX_CROSSINGS

Box = tuple[float, float, float, float]

_OFF_LEVEL = 1.0
"""Points a rule may be off level or off plumb."""
_SAME_RULE = 3.0
_SAME_SIDE = 6.0
_WIDE = 0.4
"""The part of the page's width that a rule between rows takes at least."""
_GUTTER = 3
"""Points of white between two columns of text, at least."""
_BLANK = 0.4
"""Width of the widest blank between two words, as a part of the letters' height."""
_MAY_CROSS = 0.1
"""The part of the rows whose words may cross the white between two columns: titles of sections do."""
_FEWEST_RULES = 4
_FEWEST_COLUMNS = 3


@dataclass(frozen=True, kw_only=True)
class Ruled:
    """A table's place on the page and its cells; ``gaps``: columns were told apart by the white between."""

    bbox: Box
    cells: Sequence[Box]
    gaps: bool = False


def upright(page: Any) -> Any:
    """Return the page turned so that most of its words run from left to right."""
    turns = [_turn(char["matrix"]) for char in page.chars]
    turned = max((90, 270, 180), key=turns.count)
    if turns.count(turned) * 2 <= len(turns):
        return page
    page.page_obj.rotate = (page.page_obj.rotate + turned) % 360  # for the words
    page.page_obj.attrs["Rotate"] = page.page_obj.rotate  # for the page's sides
    again = HeldPage(page.pdf, page.page_obj, page.page_number)
    page.close()
    return again


def _turn(matrix: Sequence[float]) -> int:
    """Return by how many degrees, clockwise, a character must be turned to stand upright."""
    along, up = matrix[0], matrix[1]
    if abs(along) >= abs(up):
        return 180 if along < 0 else 0
    return 90 if up > 0 else 270


@dataclass
class TableFinder:
    """Finds the tables page by page; the rows without upright rules seen so far tell of the columns."""

    rows: list[list[dict[str, Any]]] = field(default_factory=list)
    sides: tuple[float, float] = (0.0, 0.0)

    def find(self, page: Any) -> list[Ruled]:
        """Return the page's tables from top to bottom."""
        _level(page.lines)
        _refuse_lattice(page)
        settings = {
            "explicit_vertical_lines": _open_sides(page),
            "explicit_horizontal_lines": _open_ends(page),
        }
        found = [Ruled(bbox=table.bbox, cells=table.cells) for table in page.find_tables(settings)]
        if not any(_columns(table.cells) >= _FEWEST_COLUMNS for table in found):
            found = self._between_level_rules(page) or found
        return sorted(found, key=lambda table: table.bbox[1])

    def _between_level_rules(self, page: Any) -> list[Ruled]:
        """Return the table between wide level rules, its columns parted where no words stand."""
        rules = _level_rules(page)
        if len(rules) < _FEWEST_RULES:
            return []
        ys = sorted(rules)
        left, right = min(x0 for x0, _ in rules.values()), max(x1 for _, x1 in rules.values())
        bands = [_words_between(page, top, bottom) for top, bottom in pairwise(ys)]
        self._note(bands, left, right)
        gutters = _gutters(self.rows, left, right)
        if len(gutters) + 1 < _FEWEST_COLUMNS:
            return []
        cells: list[Box] = []
        for (top, bottom), words in zip(pairwise(ys), bands, strict=True):
            edges = [left, *(x for x in gutters if not _crossed(x, words)), right]
            cells.extend((x0, top, x1, bottom) for x0, x1 in pairwise(edges))
        return [Ruled(bbox=(left, ys[0], right, ys[-1]), cells=cells, gaps=True)]

    def _note(self, bands: list[list[dict[str, Any]]], left: float, right: float) -> None:
        """Keep the rows with those of the pages before, while the table keeps its sides."""
        if abs(self.sides[0] - left) > _SAME_RULE or abs(self.sides[1] - right) > _SAME_RULE:
            self.rows, self.sides = [], (left, right)
        self.rows.extend(words for words in bands if words)


def _refuse_lattice(page: Any) -> None:
    """Raise TooFull where the rules cross too often: each crossing may be the corner of a cell."""
    level = {round(edge["top"]) for edge in _edges(page, "h")}
    upright = {round(edge["x0"]) for edge in _edges(page, "v")}
    if len(level) * len(upright) > MAX_CROSSINGS:
        raise TooFull(page.page_number, len(level) * len(upright), MAX_CROSSINGS)


def _columns(cells: Iterable[Box]) -> int:
    return len({box[0] for box in cells})


def _level(lines: list[dict[str, Any]]) -> None:
    """Make rules that are all but level or plumb quite so: a rounding error would make them neither."""
    for line in lines:
        for low, high in (("top", "bottom"), ("x0", "x1")):
            if 0 < line[high] - line[low] < _OFF_LEVEL:
                line[high] = line[low]


def _level_rules(page: Any) -> dict[float, tuple[float, float]]:
    """Return the height of each wide level rule with its ends; pieces of one rule are put together."""
    rules: list[tuple[float, float, float]] = []
    for edge in sorted(_edges(page, "h"), key=lambda edge: float(edge["top"])):
        if rules and edge["top"] - rules[-1][0] < _SAME_RULE:
            y, x0, x1 = rules.pop()
            rules.append((y, min(x0, edge["x0"]), max(x1, edge["x1"])))
        else:
            rules.append((edge["top"], edge["x0"], edge["x1"]))
    return {y: (x0, x1) for y, x0, x1 in rules if x1 - x0 >= _WIDE * page.width}


def _open_sides(page: Any) -> list[float]:
    """Return where rules between rows begin and end with no upright rule there to close the table."""
    rules = _level_rules(page)
    upright = _edges(page, "v")
    if len(rules) < _FEWEST_RULES or not upright:
        return []
    ends = (min(x0 for x0, _ in rules.values()), max(x1 for _, x1 in rules.values()))
    height = max(rules) - min(rules)
    return [end for end in ends if _length_at(end, upright, "x0", "height") < height / 2]


def _open_ends(page: Any) -> list[float]:
    """Return the heights at which three columns or more begin or end with no level rule to close them."""
    ends: dict[float, set[int]] = {}
    for edge in _edges(page, "v"):
        for side in ("top", "bottom"):
            ends.setdefault(edge[side], set()).add(round(edge["x0"]))
    level = sorted(float(edge["top"]) for edge in _edges(page, "h"))
    together = (end for end, xs in ends.items() if len(xs) > _FEWEST_COLUMNS)
    return [end for end in together if not _near(end, level)]


def _near(place: float, places: Sequence[float]) -> bool:
    """Tell whether one of the sorted ``places`` is as good as ``place``."""
    at = bisect_left(places, place - _SAME_SIDE)
    return at < len(places) and places[at] <= place + _SAME_SIDE


def _edges(page: Any, orientation: str) -> list[dict[str, Any]]:
    return [edge for edge in page.edges if edge["orientation"] == orientation]


def _length_at(place: float, edges: Iterable[dict[str, Any]], side: str, size: str) -> float:
    return sum(float(edge[size]) for edge in edges if abs(edge[side] - place) <= _SAME_SIDE)


def _words_between(page: Any, top: float, bottom: float) -> list[dict[str, Any]]:
    """Return the runs of words printed between two heights, each with where it begins and ends."""
    from pdfplumber.utils.text import extract_words

    chars = [c for c in page.chars if top <= (c["top"] + c["bottom"]) / 2 < bottom]
    runs: list[dict[str, Any]] = []
    for word in extract_words(chars) if chars else ():
        if runs and _goes_on(runs[-1], word):
            runs[-1]["x1"] = word["x1"]
        else:
            runs.append({name: word[name] for name in ("x0", "x1", "top", "bottom")})
    return runs


def _goes_on(run: dict[str, Any], word: dict[str, Any]) -> bool:
    """Tell whether no more than a blank stands between the run of words and the next word of its line."""
    blank = _BLANK * (run["bottom"] - run["top"])
    return bool(abs(run["top"] - word["top"]) < _SAME_RULE and -blank < word["x0"] - run["x1"] < blank)


def _crossed(x: float, words: Sequence[dict[str, Any]]) -> bool:
    return any(word["x0"] < x < word["x1"] for word in words)


def _gutters(filled: Sequence[list[dict[str, Any]]], left: float, right: float) -> list[float]:
    """Return, of each strip of white that runs down all but a few rows, the place the fewest words cross.

    Of several such places it is the last: the cells of a column begin at one place and end where they may.
    """
    crossed = [0] * (int(right - left) + 1)
    for words in filled:
        for x in {x for w in words for x in range(int(w["x0"] - left), int(w["x1"] - left) + 1)}:
            if 0 <= x < len(crossed):
                crossed[x] += 1
    white = [x for x, times in enumerate(crossed) if times <= len(filled) * _MAY_CROSS]
    strips: list[list[int]] = []
    for x in white:
        if strips and strips[-1][-1] == x - 1:
            strips[-1].append(x)
        else:
            strips.append([x])
    inner = [s for s in strips if s[0] > 0 and s[-1] < len(crossed) - 1 and len(s) >= _GUTTER]
    return [left + min(reversed(strip), key=lambda x: crossed[x]) for strip in inner]
