"""From the names a plan writes to the units they mean: who owns a task and who helps.

A name is found or it is not: two spellings are one name only by ``tasks_catalog.unit_names``, or by
abbreviating one unit alone (``tasks_catalog.abbreviations``). An unknown name is a question with
suggestions, never a guess.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tasks_catalog.people import Directory, UnitRef, names_of
from tasks_catalog.problem import Place, Problem, Weight
from tasks_catalog.task import UnitsWritten
from tasks_catalog.text import clean
from tasks_catalog.unit_names import plain_key
from tasks_catalog.units_written import CO_OWNER, OWNER, split_known, split_units

__all__ = ["Ownership", "UnitRef", "expand", "find_unit", "resolve_ownership", "resolve_units"]

SUGGESTIONS = 3
SUGGEST_FROM = 60
"""Likeness in per cent under which a name is no help as a suggestion."""

LONGEST = 24
"""Words in the longest name looked for inside other words."""

_AND = "va"
_HELPERS_NOTED = "co_owners_in_owner_column"
GROUP_EMPTY = "owner_group_empty"
"""An owner is a collective wording no unit is listed under: nobody owes its part."""


@dataclass(frozen=True, kw_only=True)
class Ownership:
    """Who owns a task and who helps, in the order written; what could not be read is in ``problems``."""

    owners: tuple[UnitRef, ...] = ()
    co_owners: tuple[UnitRef, ...] = ()
    problems: tuple[Problem, ...] = ()


def find_unit(name: str, directory: Directory) -> UnitRef | None:
    """Return the one unit or group called ``name``, or None when there is none or more than one."""
    refs = directory.called(name)
    return refs[0] if len(refs) == 1 else None


def expand(ref: UnitRef, directory: Directory) -> tuple[str, ...]:
    """Return the codes of the units ``ref`` stands for, in the order the group lists them."""
    if not ref.collective:
        return (ref.code,)
    group = directory.group(ref.code)
    return group.members if group else ()


def resolve_units(
    written: UnitsWritten | str,
    directory: Directory,
    *,
    where: Place | None = None,
    unknown: Weight = Weight.QUESTION,
) -> Ownership:
    """Read one cell that names units.

    Names joined by ";" or "," own jointly. Of "A phối hợp B; C" in the owner's column A owns, B and C
    help, with a note. A cell known as one wording ("Ban giám đốc, các phòng, đơn vị thuộc Sở") is
    never split.
    """
    text = clean(written if isinstance(written, str) else written.text)
    whole = find_unit(text, directory)
    if whole:
        return Ownership(owners=(whole,))
    found: dict[str, list[UnitRef]] = {OWNER: [], CO_OWNER: []}
    problems: list[Problem] = []
    for name, role in _names_with_roles(written, directory):
        refs = _meant(name, directory)
        found[role].extend(refs)
        if not refs:
            problems.append(_doubt(name, directory, where, unknown))
    if found[CO_OWNER]:
        problems.append(_helpers_note(text, found, directory, where))
    return _once(found[OWNER], found[CO_OWNER], problems)


def resolve_ownership(
    lead: UnitsWritten | str,
    cooperating: UnitsWritten | str,
    directory: Directory,
    *,
    lead_at: Place | None = None,
    cooperating_at: Place | None = None,
    unknown_co_owner: Weight = Weight.QUESTION,
) -> Ownership:
    """Read the owner's and the co-owners' columns of one task together; an owner is no co-owner too."""
    own = resolve_units(lead, directory, where=lead_at)
    helping = resolve_units(cooperating, directory, where=cooperating_at, unknown=unknown_co_owner)
    problems = [*own.problems, *(p for p in helping.problems if p.code != _HELPERS_NOTED)]
    if not own.owners and not any(p.weight is Weight.QUESTION for p in own.problems):
        problems.insert(0, Problem(code="owner_missing", where=lead_at))
    problems.extend(_nobody_in(own.owners, directory, lead_at))
    return _once(own.owners, [*own.co_owners, *helping.owners, *helping.co_owners], problems)


def _nobody_in(owners: tuple[UnitRef, ...], directory: Directory, where: Place | None) -> tuple[Problem, ...]:
    """Return one doubt for each empty group that owns; a question where no other unit would owe the row."""
    empty = tuple(ref for ref in owners if not expand(ref, directory))
    weight = Weight.QUESTION if len(empty) == len(owners) else Weight.NOTE
    return tuple(
        Problem(code=GROUP_EMPTY, params={"name": _printed([ref], directory)}, where=where, weight=weight)
        for ref in empty
    )


def _names_with_roles(written: UnitsWritten | str, directory: Directory) -> tuple[tuple[str, str], ...]:
    """Return the names of a cell; those found while its lines were still apart come before a new split.

    Where one of them is unknown, a split that keeps the directory's own names whole may do better.
    """
    text = written if isinstance(written, str) else written.text
    names = split_units(text)
    if isinstance(written, UnitsWritten) and written.units and all(role == OWNER for _, role in names):
        names = tuple((name, OWNER) for name in written.units)
    if all(_meant(name, directory) for name, _ in names):
        return names
    kept = split_known(
        text, lambda name: name.count(" ") < LONGEST and find_unit(name, directory) is not None
    )
    return kept if all(_meant(name, directory) for name, _ in kept) else names


def _meant(name: str, directory: Directory) -> tuple[UnitRef, ...]:
    """Return what ``name`` is, or the known names it is made of; empty when unknown or ambiguous.

    Two names may stand in one: the lines of a cell run together ("Văn phòng Sở Thanh tra Sở"), or
    are joined by "và". They are taken apart only where known names cover every word.
    """
    ref = find_unit(name, directory)
    if ref:
        return (ref,)
    if directory.called(name):
        return ()
    return _covered(plain_key(name).split(), directory)


def _covered(words: list[str], directory: Directory) -> tuple[UnitRef, ...]:
    """Return the fewest known names that cover all ``words`` in order, the longest first."""
    covers: list[tuple[UnitRef, ...] | None] = [()]  # covers[n]: of the first n words
    for end in range(1, len(words) + 1):
        options: list[tuple[UnitRef, ...]] = []
        for start in range(max(0, end - LONGEST), end):
            before = covers[start]
            ref = find_unit(" ".join(words[start:end]), directory) if before is not None else None
            if before is not None and ref:
                options.append((*before, ref))
            elif before and words[start:end] == [_AND]:
                options.append(before)
        covers.append(min(options, key=len) if options else None)
    return covers[-1] or ()


def _doubt(name: str, directory: Directory, where: Place | None, weight: Weight) -> Problem:
    refs = directory.called(name)
    if refs:
        params = {"name": name, "candidates": _printed(refs, directory)}
        return Problem(code="unit_ambiguous", params=params, where=where, weight=weight)
    if name not in directory.suggested:
        directory.suggested[name] = _suggestions(name, directory)
    params = {"name": name, "suggestions": "; ".join(directory.suggested[name]) or "-"}
    return Problem(code="unit_unknown", params=params, where=where, weight=weight)


def _helpers_note(
    text: str, found: dict[str, list[UnitRef]], directory: Directory, where: Place | None
) -> Problem:
    params = {
        "words": text,
        "owners": _printed(found[OWNER], directory),
        "co_owners": _printed(found[CO_OWNER], directory),
    }
    return Problem(code=_HELPERS_NOTED, params=params, where=where, weight=Weight.NOTE)


def _suggestions(name: str, directory: Directory) -> tuple[str, ...]:
    """Return up to three printed names that look like ``name``, the likest first."""
    from rapidfuzz import fuzz, process  # only a fault needs it; every start would pay for it

    spelled = [(plain_key(word), owner.name) for owner in directory.owners for word in names_of(owner)]
    ranked = process.extract(
        plain_key(name),
        [key for key, _ in spelled],
        scorer=fuzz.token_sort_ratio,
        score_cutoff=SUGGEST_FROM,
        limit=None,
    )
    return tuple(dict.fromkeys(spelled[at][1] for _, _, at in ranked))[:SUGGESTIONS]


def _printed(refs: Iterable[UnitRef], directory: Directory) -> str:
    found = (directory.group(r.code) if r.collective else directory.unit(r.code) for r in refs)
    return "; ".join(owner.name for owner in found if owner)


def _once(owners: Iterable[UnitRef], co_owners: Iterable[UnitRef], problems: Iterable[Problem]) -> Ownership:
    own = tuple(dict.fromkeys(owners))
    rest = tuple(ref for ref in dict.fromkeys(co_owners) if ref not in own)
    return Ownership(owners=own, co_owners=rest, problems=tuple(problems))
