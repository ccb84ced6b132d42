"""What a setting to be kept would change in the letters to come: lines added, dropped and moved."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from typing import NamedTuple

from notifications.foresee import Ahead, LetterAhead


class Change(StrEnum):
    """What becomes of a line."""

    ADDED = "added"
    DROPPED = "dropped"
    MOVED = "moved"


class At(NamedTuple):
    """When a line leaves."""

    day: date
    hour: time


@dataclass(frozen=True, kw_only=True)
class LineChange:
    """A line that leaves otherwise: before, and after; None where it does not leave at all."""

    kind: Change
    reader: str
    line: Ahead
    before: At | None
    after: At | None

    @property
    def on(self) -> At:
        """The first of the two moments it is about."""
        return min(moment for moment in (self.before, self.after) if moment is not None)


@dataclass(frozen=True, kw_only=True)
class DayCompared:
    """One day under both settings; a line moved counts on the day it is moved to."""

    day: date
    letters_before: int
    letters_after: int
    lines_before: int
    lines_after: int
    changes: Counter[Change]


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Two settings over the same days."""

    days: tuple[DayCompared, ...]
    changes: tuple[LineChange, ...]
    before: tuple[LetterAhead, ...]
    after: tuple[LetterAhead, ...]

    def number(self, kind: Change) -> int:
        return sum(change.kind is kind for change in self.changes)


def compared(days: Sequence[date], before: Sequence[LetterAhead], after: Sequence[LetterAhead]) -> Comparison:
    """Compare the letters of two settings, day by day and line by line."""
    changes = tuple(_changes(before, after))
    by_day: dict[date, Counter[Change]] = defaultdict(Counter)
    for change in changes:
        at = change.after or change.before
        if at is not None:
            by_day[at.day][change.kind] += 1
    then, now = _count(before), _count(after)
    return Comparison(
        days=tuple(
            DayCompared(
                day=day,
                letters_before=then[day][0],
                letters_after=now[day][0],
                lines_before=then[day][1],
                lines_after=now[day][1],
                changes=by_day[day],
            )
            for day in days
        ),
        changes=changes,
        before=tuple(before),
        after=tuple(after),
    )


def _count(letters: Iterable[LetterAhead]) -> dict[date, tuple[int, int]]:
    found: dict[date, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for letter in letters:
        count, lines = found[letter.day]
        found[letter.day] = count + 1, lines + len(letter.lines)
    return found


class _Said(NamedTuple):
    reader: str
    line: Ahead
    at: At


def _changes(before: Iterable[LetterAhead], after: Iterable[LetterAhead]) -> list[LineChange]:
    """Pair what is the same rung of the same share for the same reader; then, of what is left, reminders
    with reminders and escalations with escalations, in the order of their days: those are moved.
    """
    then, now = _by_key(_but(before, after)), _by_key(_but(after, before))
    found: list[LineChange] = []
    left: dict[object, tuple[list[_Said], list[_Said]]] = defaultdict(lambda: ([], []))
    for key in then.keys() | now.keys():
        old, new = then.get(key), now.get(key)
        if old is not None and new is not None:
            if old.at != new.at:
                found.append(_moved(old, new))
            continue
        said = old or new
        if said is not None:
            notice = said.line.notice
            where = (notice.key.share, notice.key.epoch, said.reader, notice.is_escalation)
            left[where][old is None].append(said)
    for gone, come in left.values():
        gone.sort(key=lambda said: said.at)
        come.sort(key=lambda said: said.at)
        pairs = min(len(gone), len(come))
        found += [_moved(*pair) for pair in zip(gone, come, strict=False) if pair[0].at != pair[1].at]
        found += [_alone(Change.DROPPED, said) for said in gone[pairs:]]
        found += [_alone(Change.ADDED, said) for said in come[pairs:]]
    return sorted(found, key=lambda change: (change.on, change.reader, change.line.notice.key))


def _but(letters: Iterable[LetterAhead], others: Iterable[LetterAhead]) -> list[_Said]:
    """Return the lines that are not the very same, at the same moment, among the others: most are."""
    same = {(id(line), letter.reader, letter.day, letter.hour) for letter in others for line in letter.lines}
    return [
        _Said(letter.reader, line, At(letter.day, letter.hour))
        for letter in letters
        for line in letter.lines
        if (id(line), letter.reader, letter.day, letter.hour) not in same
    ]


def _by_key(said: Iterable[_Said]) -> dict[object, _Said]:
    return {(each.line.notice.key, each.reader): each for each in said}


def _moved(old: _Said, new: _Said) -> LineChange:
    return LineChange(kind=Change.MOVED, reader=new.reader, line=new.line, before=old.at, after=new.at)


def _alone(kind: Change, said: _Said) -> LineChange:
    dropped = kind is Change.DROPPED
    return LineChange(
        kind=kind,
        reader=said.reader,
        line=said.line,
        before=said.at if dropped else None,
        after=None if dropped else said.at,
    )
