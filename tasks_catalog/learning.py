"""Learns a directory from the names a plan's columns of owners and co-owners write.

A proposal to be edited: it groups what is plainly one name (spelling, abbreviation, a place or "Sở" left
off) and leaves apart what is only alike. Who is in a collective wording is not in the plan: its
members are left open, with the plan's own units of that kind beside them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from tasks_catalog.abbreviations import abbreviates, without_tail
from tasks_catalog.collective import candidates_of, group_key, is_collective
from tasks_catalog.people import Directory, Group, Unit, names_of
from tasks_catalog.task import PlanRead, UnitsWritten
from tasks_catalog.text import clean, plain
from tasks_catalog.unit_names import plain_key, slug
from tasks_catalog.units_written import OWNER, split_units

_JOINERS = re.compile(r"\bva\b ?")
_PLACE = re.compile(r" (?:tinh|thanh pho|viet nam|trung uong)\b.*$")
_DANGLING = re.compile(r"\s*,\s*(?:Bộ|Sở|Phòng|Ban)$")
"""The start of a further name that the document broke off."""
_HEADS = ("phong", "trung tam")
_BOARDS = ("ban giam doc", "ban lanh dao", "lanh dao so")
UNNAMED = "Cơ quan (ghi tên)"
"""The office's name where the document does not print who issued it."""


@dataclass(frozen=True, kw_only=True)
class LearnedUnit:
    """A unit proposed, and on how many rows it was met in each column."""

    unit: Unit
    as_owner: int = 0
    as_co_owner: int = 0


@dataclass(frozen=True, kw_only=True)
class LearnedGroup:
    """A collective wording proposed; ``candidates`` are codes of units its words may mean."""

    group: Group
    as_owner: int = 0
    as_co_owner: int = 0
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class LearnedDirectory:
    """What a plan tells of an office: its units and collective wordings, the most frequent first."""

    code: str
    name: str
    units: tuple[LearnedUnit, ...] = ()
    groups: tuple[LearnedGroup, ...] = ()

    @property
    def directory(self) -> Directory:
        """The proposal as a directory, its groups still empty and nobody in it."""
        return Directory(
            organisation=self.code,
            name=self.name,
            units=tuple(learned.unit for learned in self.units),
            groups=tuple(learned.group for learned in self.groups),
        )


@dataclass(frozen=True, kw_only=True)
class _Called:
    """Wordings that are one name, the most frequent first, with the rows they stand on."""

    names: tuple[str, ...]
    as_owner: int
    as_co_owner: int

    @property
    def rows(self) -> int:
        return self.as_owner + self.as_co_owner

    def joined(self, other: _Called) -> _Called:
        return _Called(
            names=(*self.names, *other.names),
            as_owner=self.as_owner + other.as_owner,
            as_co_owner=self.as_co_owner + other.as_co_owner,
        )


def learn_directory(read: PlanRead) -> LearnedDirectory:
    """Return the units and collective wordings the plan names, variants of a name under one unit."""
    called = _spelled_alike(_counted(read))
    single = _without_run_together([c for c in called if not is_collective(c.names[0])])
    several = [c for c in called if is_collective(c.names[0])]
    taken: set[str] = {plain_key(name) for c in called for name in c.names}
    units = tuple(_learned_unit(c, taken) for c in _by_frequency(_variants_joined(single)))
    known = tuple(learned.unit for learned in units)
    groups = tuple(_learned_group(c, known, taken) for c in _by_frequency(several))
    name = clean(read.head.issuer or "") or UNNAMED
    return LearnedDirectory(code=slug(name), name=name, units=units, groups=groups)


def is_broken_off(name: str) -> bool:
    """Tell whether the wording ends in the start of a further name, which the plan does not print."""
    return bool(_DANGLING.search(name))


def _counted(read: PlanRead) -> dict[str, Counter[str]]:
    """Return each wording as printed with the number of rows it owns and helps on."""
    found: dict[str, Counter[str]] = {}
    for task in read.tasks:
        for name, role in {*_names(task.lead, "owner"), *_names(task.cooperating, "co_owner")}:
            found.setdefault(name, Counter())[role] += 1
    return found


def _names(written: UnitsWritten, column: str) -> Iterator[tuple[str, str]]:
    split = split_units(written.text)
    roles = {role for _, role in split}
    if roles <= {OWNER} and written.units:
        split = tuple((name, OWNER) for name in written.units)
    for name, role in split:
        yield clean(name), column if role == OWNER else "co_owner"


def _spelled_alike(counted: dict[str, Counter[str]]) -> list[_Called]:
    """Join spellings of one name: case, accents, punctuation, "và" and, of a collective, "các"."""
    found: dict[str, list[str]] = {}
    for name in counted:
        key = group_key(name) if is_collective(name) else _JOINERS.sub("", plain_key(_DANGLING.sub("", name)))
        found.setdefault(key, []).append(name)
    return [
        _Called(
            names=tuple(sorted(names, key=lambda name: (-counted[name].total(), -len(name), name))),
            as_owner=sum(counted[name]["owner"] for name in names),
            as_co_owner=sum(counted[name]["co_owner"] for name in names),
        )
        for names in found.values()
    ]


def _without_run_together(called: list[_Called]) -> list[_Called]:
    """Leave out what is only other names one after the other, as a cell's lines run together leave it."""
    keys = {plain_key(name) for c in called for name in c.names}
    return [
        c for c in called if not _made_of(plain_key(c.names[0]).split(), keys - set(map(plain_key, c.names)))
    ]


def _made_of(words: list[str], keys: set[str]) -> bool:
    reached = [True] + [False] * len(words)
    for end in range(1, len(words) + 1):
        reached[end] = any(
            reached[start] and (" ".join(words[start:end]) in keys or words[start:end] == ["va"])
            for start in range(end)
        )
    return reached[-1]


def _variants_joined(called: list[_Called]) -> list[_Called]:
    """Put each short form under the one full name it can stand for; one that fits several stays apart."""
    full = list(called)
    for short in sorted(called, key=lambda c: len(c.names[0])):
        fits = [c for c in full if c is not short and _short_for(short, c)]
        longest = [c for c in fits if not any(c is not other and _short_for(c, other) for other in fits)]
        if len(longest) == 1:
            full[full.index(longest[0])] = longest[0].joined(short)
            full.remove(short)
    return full


def _short_for(short: _Called, full: _Called) -> bool:
    one, other = short.names[0], full.names[0]
    keys = {plain_key(one), _JOINERS.sub("", plain_key(one))}
    return abbreviates(one, other) or bool(
        {
            without_tail(other),
            _PLACE.sub("", plain_key(other)),
            _PLACE.sub("", _JOINERS.sub("", plain_key(other))),
        }
        & keys
        and plain_key(other) not in keys
    )


def _by_frequency(called: Iterable[_Called]) -> list[_Called]:
    return sorted(called, key=lambda c: (-c.rows, c.names[0]))


def _learned_unit(called: _Called, taken: set[str]) -> LearnedUnit:
    name, key = called.names[0], plain_key(called.names[0])
    kind = "board" if key.startswith(_BOARDS) else "centre" if key.startswith("trung tam") else "room"
    code = _free(_initials(name), taken, own=called.names)
    unit = Unit(code=code, name=name, aliases=_aliases(called.names), kind=kind)
    return LearnedUnit(unit=unit, as_owner=called.as_owner, as_co_owner=called.as_co_owner)


def _learned_group(called: _Called, units: tuple[Unit, ...], taken: set[str]) -> LearnedGroup:
    words = slug(called.names[0]).upper().split("-")
    code = _free("-".join(words[:5]), taken, own=called.names)
    group = Group(code=code, name=called.names[0], aliases=_aliases(called.names))
    return LearnedGroup(
        group=group,
        as_owner=called.as_owner,
        as_co_owner=called.as_co_owner,
        candidates=candidates_of(group.name, units),
    )


def _aliases(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the further wordings that the printed name's own key does not already find."""
    kept: dict[str, str] = {}
    for name in names:
        kept.setdefault(plain_key(name), name)
    return tuple(kept.values())[1:]


def _initials(name: str) -> str:
    """Return the code a clerk would give: "KHTCTH" for Phòng Kế hoạch – Tài chính – Tổng hợp, "VP", "TT"."""
    key = without_tail(name) or plain_key(name)
    for head in _HEADS:
        rest = key.removeprefix(f"{head} ")
        if rest != key and len(rest.split()) > 1:
            key = rest
    short = [word for word in re.findall(r"[^\W_]+", clean(name)) if len(word) > 1 and word.isupper()]
    if len(short) == 1 and plain_key(name) == plain(short[0]):
        return plain(short[0]).upper()
    acronyms = {plain(word) for word in short} if not clean(name).isupper() else set()
    words = [word for word in key.split() if word not in ("va", "cua")]
    return "".join(word if word in acronyms else word[0] for word in words).upper()


def _free(code: str, taken: set[str], *, own: tuple[str, ...]) -> str:
    """Return the code, with a number where another name is already spelled so; codes are names too."""
    others = taken - {plain_key(name) for name in own}
    number = 1
    found = code
    while plain_key(found) in others:
        number += 1
        found = f"{code}{number}"
    taken.add(plain_key(found))
    return found


def with_members(learned: LearnedDirectory) -> LearnedDirectory:
    """Return the proposal with each group's candidates taken as its members."""
    groups = tuple(
        replace(each, group=replace(each.group, members=each.candidates)) for each in learned.groups
    )
    return replace(learned, groups=groups)


def unit_of_name(name: str, directory: Directory) -> Unit:
    """Return a unit to be added under a name the directory does not know, with a code that is free."""
    taken = {plain_key(word) for owner in directory.owners for word in names_of(owner)}
    return _learned_unit(_Called(names=(clean(name),), as_owner=0, as_co_owner=0), taken).unit


def group_of_name(name: str, directory: Directory) -> Group:
    """Return a group to be added under a collective name, with the units its words may mean as members."""
    taken = {plain_key(word) for owner in directory.owners for word in names_of(owner)}
    units = tuple(unit for unit in directory.units if not unit.is_gone)
    learned = _learned_group(_Called(names=(clean(name),), as_owner=0, as_co_owner=0), units, taken)
    return replace(learned.group, members=learned.candidates)
