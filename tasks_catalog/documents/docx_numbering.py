"""Word's automatic numbers: an STT column is often a numbered list whose digits are in no text run."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from xml.etree.ElementTree import Element  # only the type: parsing goes through defusedxml

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LEVEL = re.compile(r"%(\d)")
_LONGEST_LABEL = 50
_ROMAN = ((50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))


def roman(number: int) -> str:
    """Return ``number`` in upper-case roman digits; from 4,000 on, which nobody prints so, in plain ones."""
    if number >= 4000:
        return str(number)
    digits = ""
    for value, letters in _ROMAN:
        while number >= value:
            digits, number = digits + letters, number - value
    return digits


def _letter(number: int) -> str:
    return chr(ord("A") + (number - 1) % 26)


_FORMATS: dict[str, Callable[[int], str]] = {
    "decimal": str,
    "decimalZero": lambda number: f"{number:02d}",
    "upperRoman": roman,
    "lowerRoman": lambda number: roman(number).lower(),
    "upperLetter": _letter,
    "lowerLetter": lambda number: _letter(number).lower(),
}


class Numbering:
    """Counts numbered paragraphs in reading order and words the label each is printed with."""

    def __init__(self, numbering: Element | None, styles: Element | None) -> None:
        self._levels: dict[str, dict[int, Element]] = {}
        self._lists: dict[str, str] = {}
        self._styles = _numbered_styles(styles)
        self._counts: dict[str, dict[int, int]] = defaultdict(dict)
        if numbering is not None:
            self._load(numbering)

    def _load(self, numbering: Element) -> None:
        for abstract in numbering.iter(W + "abstractNum"):
            levels = {int(level.get(W + "ilvl", "0")): level for level in abstract.iter(W + "lvl")}
            self._levels[abstract.get(W + "abstractNumId", "")] = levels
        for numbered in numbering.iter(W + "num"):
            self._lists[numbered.get(W + "numId", "")] = _value(numbered, "abstractNumId") or ""

    def label(self, paragraph: Element) -> str:
        """Return the number printed before ``paragraph`` ("1.", "-"), or "" where it has none."""
        if not self._levels:
            return ""
        list_id, level = self._list_of(paragraph)
        levels = self._levels.get(self._lists.get(list_id, ""), {})
        if level not in levels:
            return ""
        return self._count(list_id, level, levels)

    def _list_of(self, paragraph: Element) -> tuple[str, int]:
        properties = paragraph.find(W + "pPr")
        if properties is None:
            return "", 0
        found = properties.find(W + "numPr")
        if found is None:
            return self._styles.get(_value(properties, "pStyle") or "", ("", 0))
        return _list_and_level(found)

    def _count(self, list_id: str, level: int, levels: dict[int, Element]) -> str:
        counts = self._counts[list_id]
        first = int(_value(levels[level], "start") or 1)
        counts[level] = counts.get(level, first - 1) + 1
        for deeper in [other for other in counts if other > level]:
            del counts[deeper]
        if _value(levels[level], "numFmt") in ("bullet", "none"):
            return "-" if _value(levels[level], "numFmt") == "bullet" else ""
        return _LEVEL.sub(
            lambda found: self._digits(int(found[1]) - 1, counts, levels),
            (_value(levels[level], "lvlText") or "")[:_LONGEST_LABEL],
        )

    def _digits(self, level: int, counts: dict[int, int], levels: dict[int, Element]) -> str:
        style = _value(levels[level], "numFmt") if level in levels else None
        return _FORMATS.get(style or "decimal", str)(counts.get(level, 1))


def _numbered_styles(styles: Element | None) -> dict[str, tuple[str, int]]:
    found: dict[str, tuple[str, int]] = {}
    for style in styles.iter(W + "style") if styles is not None else ():
        properties = style.find(f"{W}pPr/{W}numPr")
        if properties is not None:
            found[style.get(W + "styleId", "")] = _list_and_level(properties)
    return found


def _list_and_level(properties: Element) -> tuple[str, int]:
    return _value(properties, "numId") or "", int(_value(properties, "ilvl") or 0)


def _value(parent: Element, name: str) -> str | None:
    found = parent.find(W + name)
    return found.get(W + "val") if found is not None else None
