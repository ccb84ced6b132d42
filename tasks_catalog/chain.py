"""Chains of command: who is written to for a unit at each rung, where there is a gap, what a change moves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tasks_catalog.audience import Audience, holder_of, readers_for
from tasks_catalog.people import Directory, Person, Post

RUNGS = (
    Audience.OWNER,
    Audience.HEAD,
    Audience.COORDINATOR,
    Audience.DEPUTY_DIRECTOR,
    Audience.DIRECTOR,
)


@dataclass(frozen=True, kw_only=True)
class Step:
    """Who hears a rung for a unit whose share nobody holds yet."""

    audience: Audience
    reader: Person | None
    """None: nobody is written to."""
    gap: bool
    """Whether nobody who can be reached holds the post, so that another reads, or nobody."""


@dataclass(frozen=True, kw_only=True)
class Move:
    """A rung of a unit that another reads since; None: nobody."""

    unit: str
    audience: Audience
    before: str | None
    after: str | None


def chain_of(unit: str, directory: Directory) -> tuple[Step, ...]:
    """Return the unit's chain, nearest first. A rung whose holder works on the share himself is no gap.

    The board of directors has nobody above it (``tasks_catalog.ladder``).
    """
    return tuple(_step(audience, unit, directory) for audience in RUNGS)


def _step(audience: Audience, unit: str, directory: Directory) -> Step:
    owner = directory.unit(unit)
    if owner is not None and owner.kind == "board" and audience not in RUNGS[:2]:
        return Step(audience=audience, reader=None, gap=False)
    found = next(iter(readers_for(audience, unit, None, directory)), None)
    if audience is Audience.OWNER:
        focal = directory.focal_of(unit)
        gap = focal is None or not focal.reachable
    else:
        gap = holder_of(audience, unit, directory) is None
    return Step(audience=audience, reader=found.person if found else None, gap=gap)


def moves(before: Directory, after: Directory) -> Iterator[Move]:
    """Yield what of the units' letters somebody else reads since; new units, and gone ones, move none."""
    for unit in after.units:
        known = before.unit(unit.code)
        if known is None or known.is_gone or unit.is_gone:
            continue
        for then, now in zip(chain_of(unit.code, before), chain_of(unit.code, after), strict=True):
            old, new = _code(then.reader), _code(now.reader)
            if old != new:
                yield Move(unit=unit.code, audience=now.audience, before=old, after=new)


def deputies_of(directory: Directory) -> tuple[Person, ...]:
    """Return the deputy directors at work, in the directory's order."""
    return tuple(p for p in directory.people if p.active and p.post is Post.DEPUTY_DIRECTOR)


def _code(person: Person | None) -> str | None:
    return person.code if person is not None else None
