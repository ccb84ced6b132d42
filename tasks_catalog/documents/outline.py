"""The nesting of a plan's headings, worked out from how they are numbered: A, I, 1, 1.1, a."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

_ROMAN = re.compile(r"(?=[IVXL])X{0,3}(?:L?X{0,3})(?:IX|IV|V?I{0,3})")
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50}
_IN_TEXT = re.compile(
    r"^((?:phần|mục|nhóm|chương)\s+)?"
    r"([IVXL]+|[A-ZĐ]|[a-zđ]|\d+(?:\.\d+)*)(?:\s*[.)/:–-]\s*|\s+(?=[A-ZÀ-Ỹ]))(?=\D)(.+)$",
    re.IGNORECASE | re.DOTALL,
)


class Style(StrEnum):
    """How a heading is numbered."""

    PART = "part"
    UPPER = "upper"
    ROMAN = "roman"
    DIGITS = "digits"
    DOTTED = "dotted"
    LOWER = "lower"
    BARE = "bare"
    BARE_CAPITALS = "bare_capitals"


@dataclass(frozen=True, kw_only=True)
class Number:
    """A printed number: its style, its last place as an integer, and all its places when dotted."""

    style: Style
    value: int = 0
    places: tuple[int, ...] = ()

    @property
    def level_key(self) -> tuple[Style, int]:
        """What two headings of one level have in common."""
        return self.style, len(self.places)


def read_number(printed: str) -> Number | None:
    """Return the number printed in an STT cell ("I", "1.", "2.3", "a)"), or None when it is none."""
    words = printed.strip().strip("().:/ -").rstrip(".")
    if re.fullmatch(r"\d{1,4}", words):
        return Number(style=Style.DIGITS, value=int(words), places=(int(words),))
    if re.fullmatch(r"\d{1,3}(?:\.\d{1,3})+", words):
        places = tuple(int(place) for place in words.split("."))
        return Number(style=Style.DOTTED, value=places[-1], places=places)
    if words and _ROMAN.fullmatch(words):
        return Number(style=Style.ROMAN, value=_roman_value(words))
    if re.fullmatch(r"[A-ZĐ]", words):
        return Number(style=Style.UPPER, value=ord(words) - ord("A") + 1)
    if re.fullmatch(r"[a-zđ]", words):
        return Number(style=Style.LOWER, value=ord(words) - ord("a") + 1)
    return None


def _roman_value(letters: str) -> int:
    values = [_ROMAN_VALUES[letter] for letter in letters]
    return sum(-v if any(later > v for later in values[i + 1 :]) else v for i, v in enumerate(values))


def split_heading(words: str) -> tuple[str, str]:
    """Return (number, title) of a heading printed in one cell: "II. Cải cách" gives ("II", "Cải cách")."""
    found = _IN_TEXT.match(words)
    if not found or (found[1] is None and not _sure_number(words, found)):
        return "", words
    return f"{found[1] or ''}{found[2]}".strip(), found[3].strip()


def _sure_number(words: str, found: re.Match[str]) -> bool:
    """A letter or digit alone is a number only with its full stop: "A lô" is none, "A. Lô" is one."""
    if read_number(found[2]) is None:
        return False
    if re.fullmatch(r"[IVXL]{2,}", found[2]):
        return True
    return words[len(found[2])] in ".)/:" or (found[2].isdigit() and found[3].isupper())


@dataclass
class _Level:
    number: Number
    words: str
    tasks: int = 0
    last: Style | None = None
    """How the last task in it was numbered."""


@dataclass
class Outline:
    """The headings in force at a row, from the outermost inwards."""

    levels: list[_Level] = field(default_factory=list)
    counts_on: bool = False
    """Tasks carry on their headings' numbers: 1 > 1.1, or group 1, task 2, group 3."""

    def open(self, number: str, title: str) -> int:
        """Enter a heading and return its depth, 0 for the outermost."""
        read = self._in_sequence(number, title)
        depth = self._depth_for(read)
        del self.levels[depth:]
        self.levels.append(_Level(number=read, words=_printed(number, title)))
        return depth

    def task(self, number: str, *, next_heading: Number | None) -> None:
        """Note a task; a task numbered as the sibling of a heading closes that heading."""
        read = read_number(number)
        while read and self.levels and self._closes(read, self.levels[-1], next_heading):
            self.levels.pop()
        for level in self.levels:
            level.tasks += 1
            level.last = read.style if read else None

    @property
    def section(self) -> str:
        """The outermost heading."""
        return self.levels[0].words if self.levels else ""

    @property
    def group(self) -> str:
        """The headings inside the outermost one, joined by " > "."""
        return " > ".join(level.words for level in self.levels[1:])

    def _in_sequence(self, printed: str, title: str) -> Number:
        if re.match(r"(?:phần|chương)\b", printed, re.IGNORECASE):
            return Number(style=Style.PART)
        read = read_number(printed.split()[-1]) if printed.strip() else None
        if read is None:
            return Number(style=Style.BARE_CAPITALS if title.isupper() else Style.BARE)
        return self._letter_or_roman(read, printed.split()[-1].strip("().:/ "))

    def _letter_or_roman(self, read: Number, printed: str) -> Number:
        """Read I, V, X, L, C, D as the letter where the letter before it has just been used."""
        if read.style is Style.ROMAN and len(printed) == 1:
            letter = Number(style=Style.UPPER, value=ord(printed) - ord("A") + 1)
            for level in reversed(self.levels):
                if level.number.style is Style.ROMAN:
                    return read
                if level.number.style is Style.UPPER and level.number.value == letter.value - 1:
                    return letter
        return read

    def _depth_for(self, read: Number) -> int:
        same = [i for i, level in enumerate(self.levels) if level.number.level_key == read.level_key]
        follows = [i for i in same if self.levels[i].number.value == read.value - 1]
        if read.style is Style.PART:
            return 0
        if follows:
            return follows[-1]
        if same:
            nested = read.value == 1 and read.style not in (Style.BARE, Style.BARE_CAPITALS)
            return len(self.levels) if nested and not self.levels[-1].tasks else same[-1]
        return self._depth_for_new(read)

    def _depth_for_new(self, read: Number) -> int:
        if read.style is Style.DOTTED:
            for i, level in reversed(list(enumerate(self.levels))):
                if level.number.places and read.places[: len(level.number.places)] == level.number.places:
                    return i + 1
        return len(self.levels)

    def _closes(self, task: Number, level: _Level, next_heading: Number | None) -> bool:
        heading = level.number
        if not heading.places or not task.places:
            return False
        if level.tasks and level.last is not task.style is heading.style and task.value == heading.value + 1:
            return True  # "1" with its "a)" and "b)", then "2"
        if len(task.places) > len(heading.places):
            return self.counts_on and task.places[: len(heading.places)] != heading.places
        if task.places == heading.places or not self.counts_on or task.style is not heading.style:
            return False
        if next_heading is not None and next_heading.level_key == heading.level_key:
            return task.places > heading.places and next_heading.places > task.places
        return task.places > heading.places


def counts_on(steps: Iterable[tuple[Number, Number | None]]) -> bool:
    """Tell from (heading's number, number of the first task in it) whether tasks carry on the numbers.

    "2" followed by "2.1" or by "2" carries on; "2" followed by "1" starts afresh.
    """
    on = afresh = 0
    for heading, task in steps:
        if not heading.places or task is None or not task.places:
            continue
        if len(task.places) > len(heading.places):
            on += task.places[: len(heading.places)] == heading.places
        elif heading.value > 1:
            on += task.places == heading.places
            afresh += task.value == 1
    return on > afresh


def _printed(number: str, title: str) -> str:
    number = number.strip().rstrip(".")
    if not number:
        return title
    return f"{number} {title}" if number.endswith((")", ":")) else f"{number}. {title}"
