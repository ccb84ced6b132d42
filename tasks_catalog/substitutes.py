"""Who reads a line while the person it is meant for is away.

A notice is always kept for the person its audience means; absences never change what is owed. They
change who reads it on the day it leaves: the substitute, his own substitute where he is away too,
else the next person of the line's route. So a rung is told once, whoever was at work that day.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from tasks_catalog.absence import Absence
from tasks_catalog.audience import ONE_UP, Audience, holder_of, own_route, owner_of
from tasks_catalog.people import RANK, Directory, Person

SUBSTITUTE = "substitute"
_OWN = (Audience.OWNER, Audience.CO_OWNER)


class Line(NamedTuple):
    """What decides who reads a notice: whom it is meant for and why him, whose share it is about."""

    person: str
    audience: Audience
    route: str
    unit: str
    officer: str | None


class Receiver(NamedTuple):
    """Who reads, how he was found, and the absence he stands in for; None where the line is his own."""

    person: Person
    route: str
    absence: Absence | None = None


def receiver_of(line: Line, directory: Directory, on: date) -> Receiver | None:
    """Return who reads a line on a day; None only where nobody is known by the line's person.

    Where everybody who could stand in is away too, the coordinator reads what a unit is asked for,
    and the person himself what goes up the chain: never nobody.
    """
    meant = directory.person(line.person)
    if meant is None:
        return None
    absence = directory.absence_of(line.person, on)
    if absence is None:
        return Receiver(meant, line.route)
    instead = _instead_of_owner if line.audience in _OWN else _instead_above
    found = next(instead(meant, line, directory, on), (meant, line.route))
    return Receiver(*found, absence)


def substitute_of(person: Person, directory: Directory, on: date) -> Person | None:
    """Return who stands in for a person who is away; a substitute who is away passes it on.

    None where nobody is named, or where the names lead in a circle or to somebody who has left.
    """
    asked = {person.code}
    absence = directory.absence_of(person.code, on)
    while absence is not None and absence.substitute is not None and absence.substitute not in asked:
        asked.add(absence.substitute)
        found = directory.person(absence.substitute)
        if found is None or not found.active or not found.reachable:
            return None
        absence = directory.absence_of(found.code, on)
        if absence is None:
            return found
    return None


def reader_instead(person: Person, directory: Directory, on: date, *, unit: str | None = None) -> Receiver:
    """Return who reads a letter that is no digest: the person, his substitute, or for a unit its head."""
    absence = directory.absence_of(person.code, on)
    if absence is None:
        return Receiver(person, "")
    found = substitute_of(person, directory, on)
    head = directory.head_of(unit) if found is None and unit is not None else None
    if head is not None and head.code != person.code:
        found = _at_work(head, directory, on)
    return Receiver(found, SUBSTITUTE, absence) if found else Receiver(person, "")


def _at_work(person: Person, directory: Directory, on: date) -> Person | None:
    """Return the person, or who stands in for him; None where he is away and nobody does."""
    away = directory.absence_of(person.code, on)
    found = substitute_of(person, directory, on) if away else person
    return found if found is not None and found.reachable else None


def _instead_of_owner(
    meant: Person, line: Line, directory: Directory, on: date
) -> Iterator[tuple[Person, str]]:
    if (found := substitute_of(meant, directory, on)) is not None:
        yield found, SUBSTITUTE
    after = [candidate for candidate in _route_after(meant, line, directory) if candidate[1].active]
    for route, person in after:
        if (at_work := _at_work(person, directory, on)) is not None:
            yield at_work, route
    if (coordinator := directory.coordinator()) is not None:
        yield coordinator, "fallback"


def _route_after(meant: Person, line: Line, directory: Directory) -> Iterator[tuple[str, Person]]:
    """Yield who comes after the person on the route of the unit's share, the coordinator at last."""
    passed = False
    for route, person in own_route(line.unit, line.officer, directory):
        if passed and person.code != meant.code:
            yield route, person
        passed = passed or route == line.route


def _instead_above(meant: Person, line: Line, directory: Directory, on: date) -> Iterator[tuple[Person, str]]:
    """Yield who hears a rung above the owner: no subordinate's own work is reported to himself."""
    worker = _worker(line, directory, on)
    found = substitute_of(meant, directory, on)
    if found is not None and found.code != worker:
        yield found, SUBSTITUTE
    step = ONE_UP.get(line.audience)
    while step is not None:
        person = holder_of(step, line.unit, directory)
        at_work = _at_work(person, directory, on) if person is not None else None
        if person is not None and RANK[person.post] > RANK[meant.post] and at_work and at_work.code != worker:
            yield at_work, "one_up"
        step = ONE_UP.get(step)


def _worker(line: Line, directory: Directory, on: date) -> str | None:
    """Return the code of who works on the share that day; a coordinator who only minds it does not."""
    owner = owner_of(line.unit, line.officer, directory)
    if owner is None or owner.route == "fallback":
        return None
    own = Line(owner.person.code, Audience.OWNER, owner.route, line.unit, line.officer)
    reads = receiver_of(own, directory, on)
    return reads.person.code if reads and reads.route != "fallback" else None
