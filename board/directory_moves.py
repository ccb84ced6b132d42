"""What a change of the directory moves, in words: whose letters another reads from the next one on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from board.view import View
from notifications.setting_words import person_words
from storage.open_shares import open_shares
from tasks_catalog.audience import answers_for, owner_of
from tasks_catalog.chain import moves
from tasks_catalog.people import Directory, Person

_NAMED = 3
"""Units named in one line; of more it says how many."""


def moved_words(view: View, before: Directory, after: Directory) -> tuple[str, ...]:
    """Return what moves between two directories; empty where every letter goes where it went."""
    return (*_rungs(view, before, after), *_shares(view, before, after))


def _rungs(view: View, before: Directory, after: Directory) -> Iterator[str]:
    gathered: dict[tuple[str, str | None, str | None], list[str]] = defaultdict(list)
    for move in moves(before, after):
        gathered[str(move.audience), move.before, move.after].append(move.unit)
    for (audience, old, new), units in gathered.items():
        of = _units(view, units, after)
        rung = view.say(f"chain_{audience}")
        if new is None:
            yield view.say("move_to_nobody", name=_who(old, after, view), rung=rung, units=of)
        elif old is None:
            yield view.say("move_new", name=_who(new, after, view), rung=rung, units=of)
        else:
            names = {"name": _who(new, after, view), "before": _who(old, after, view)}
            yield view.say("move_instead", rung=rung, units=of, **names)


def _shares(view: View, before: Directory, after: Directory) -> Iterator[str]:
    """Say of everybody who leaves what they still hold, and who is written to for it."""
    for person in after.people:
        known = before.person(person.code)
        if known is None or not known.active or person.active:
            continue
        for unit, number in open_shares(view.session, view.organisation_id, person.code).items():
            reader = owner_of(unit, person.code, after)
            yield view.say(
                "move_shares",
                number=number,
                person=person.name,
                unit=_unit(unit, after),
                name=_who(reader.person.code if reader else None, after, view),
            )
            if answers_for(unit, person.code, after) is None:
                yield view.say("move_shares_nobody", unit=_unit(unit, after))


def held_words(view: View, person: Person) -> str:
    """Say what a person holds open; "" for nothing."""
    held = open_shares(view.session, view.organisation_id, person.code)
    if not held:
        return ""
    units = "; ".join(f"{view.unit(unit)}: {number}" for unit, number in held.items())
    return view.say("person_holds", number=sum(held.values()), units=units, key=person.code)


def _who(code: str | None, directory: Directory, view: View) -> str:
    return person_words(code, directory, view.language) if code else view.say("move_nobody")


def _unit(code: str, directory: Directory) -> str:
    unit = directory.unit(code)
    return unit.name if unit else code


def _units(view: View, codes: list[str], directory: Directory) -> str:
    if len(codes) > _NAMED:
        return view.say("move_units", number=len(codes))
    return "; ".join(_unit(code, directory) for code in codes)
