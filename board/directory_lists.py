"""Lists of the directory: units, collective wordings, people (searched, by unit), chains of command."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from board.view import View
from tasks_catalog.audience import Audience
from tasks_catalog.chain import RUNGS, Step, chain_of
from tasks_catalog.collation import collation_key, name_order
from tasks_catalog.people import Directory, Person, Unit
from tasks_catalog.text import plain

A_PAGE = 50
STATES = ("active", "left", "all")


@dataclass(frozen=True, kw_only=True)
class PersonLine:
    """A person of a list."""

    href: str
    name: str
    title: str
    unit: str
    post: str
    email: str
    marks: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class UnitLine:
    href: str
    code: str
    name: str
    aliases: str
    head: str
    focal: str
    people: int
    people_href: str
    marks: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class GroupLine:
    href: str
    name: str
    aliases: str
    members: str


@dataclass(frozen=True, kw_only=True)
class ListPage:
    """A list, with the way to enter another."""

    lines: Sequence[object]
    new: str
    action: str = ""
    asked: Mapping[str, str] | None = None
    units: Sequence[tuple[str, str]] = ()
    states: Sequence[tuple[str, str]] = ()
    place: str = ""
    previous: str = ""
    next: str = ""


@dataclass(frozen=True, kw_only=True)
class StepLine:
    """A rung of a unit's chain: who is written to, and what is said of a gap."""

    rung: str
    reader: str
    why: str
    gap: bool


@dataclass(frozen=True, kw_only=True)
class ChainLine:
    href: str
    unit: str
    steps: Sequence[StepLine]


@dataclass(frozen=True, kw_only=True)
class ChainsPage:
    rungs: Sequence[str]
    lines: Sequence[ChainLine]
    gaps: int


def units_page(root: str, view: View) -> ListPage:
    """Return every unit, those that are gone at the end."""
    directory, counts = view.directory, _counted(view.directory)
    units = sorted(directory.units, key=lambda unit: (unit.is_gone, collation_key(unit.name)))
    return ListPage(
        lines=tuple(_unit_line(root, unit, counts.get(unit.code, 0), view) for unit in units),
        new=f"{root}/settings/units/new",
    )


def _counted(directory: Directory) -> dict[str, int]:
    counts: dict[str, int] = {}
    for person in directory.people:
        if person.active:
            counts[person.unit] = counts.get(person.unit, 0) + 1
    return counts


def _unit_line(root: str, unit: Unit, people: int, view: View) -> UnitLine:
    directory = view.directory
    head, focal = directory.head_of(unit.code), directory.focal_of(unit.code)
    return UnitLine(
        href=f"{root}/settings/units/{quote(unit.code, safe='')}",
        code=unit.code,
        name=unit.name,
        aliases="; ".join(unit.aliases),
        head=head.name if head else "",
        focal=focal.name if focal else "",
        people=people,
        people_href=f"{root}/settings/people?{urlencode({'unit': unit.code})}",
        marks=(view.say(f"setting_unit_kind_{unit.kind}"),) if unit.is_gone else (),
    )


def groups_page(root: str, view: View) -> ListPage:
    groups = sorted(view.directory.groups, key=lambda group: collation_key(group.name))
    lines = tuple(
        GroupLine(
            href=f"{root}/settings/groups/{quote(group.code, safe='')}",
            name=group.name,
            aliases="; ".join(group.aliases),
            members="; ".join(view.unit(member) for member in group.members),
        )
        for group in groups
    )
    return ListPage(lines=lines, new=f"{root}/settings/groups/new")


def people_page(root: str, view: View, asked: Mapping[str, str]) -> ListPage:
    """Return a page of people by given name: ``text`` in name, address, title, code; ``unit``; ``state``."""
    text, unit = asked.get("text", "").strip()[:200], asked.get("unit", "")
    state = asked.get("state", "active") if asked.get("state") in STATES else "active"
    words = plain(text).split()
    found = [person for person in view.directory.people if _is_asked(person, words, unit, state)]
    found.sort(key=lambda person: name_order(person.name))
    last = max(1, -(-len(found) // A_PAGE))
    page = asked.get("page", "1")
    here = min(last, max(1, int(page) if page.isascii() and page.isdigit() and len(page) < 6 else 1))
    action = f"{root}/settings/people"
    filters = {name: value for name, value in (("text", text), ("unit", unit), ("state", state)) if value}
    units = sorted(view.directory.units, key=lambda unit: collation_key(unit.name))
    return ListPage(
        lines=tuple(person_line(root, each, view) for each in found[(here - 1) * A_PAGE : here * A_PAGE]),
        new=f"{action}/new" + (f"?{urlencode({'unit': unit})}" if unit else ""),
        action=action,
        asked={"text": text, "unit": unit, "state": state},
        units=tuple((each.code, each.name) for each in units),
        states=tuple((each, view.say(f"people_state_{each}")) for each in STATES),
        place=view.say("people_found", number=view.grouped(len(found)), page=here, pages=last),
        previous=f"{action}?{urlencode({**filters, 'page': here - 1})}" if here > 1 else "",
        next=f"{action}?{urlencode({**filters, 'page': here + 1})}" if here < last else "",
    )


def _is_asked(person: Person, words: list[str], unit: str, state: str) -> bool:
    if (unit and person.unit != unit) or (state != "all" and person.active is not (state == "active")):
        return False
    if not words:
        return True
    said = plain(f"{person.name} {person.email} {person.title} {person.code}")
    return all(word in said for word in words)


def person_line(root: str, person: Person, view: View) -> PersonLine:
    return PersonLine(
        href=f"{root}/settings/people/{quote(person.code, safe='')}",
        name=person.name,
        title=person.title,
        unit=view.unit(person.unit),
        post=view.say(f"setting_person_post_{person.post}"),
        email=person.email,
        marks=tuple(_marks(person, view)),
    )


def _marks(person: Person, view: View) -> Iterator[str]:
    if not person.active:
        yield view.say("people_left")
    elif not person.reachable:
        yield view.say("people_unreachable")
    absence = view.directory.absence_of(person.code, view.now.date())
    if absence is not None:
        yield view.say("people_away_until", last=absence.ends)


def chains_page(root: str, view: View) -> ChainsPage:
    """Return who is written to for every unit at work, at each rung."""
    units = [unit for unit in view.directory.units if not unit.is_gone]
    units.sort(key=lambda unit: collation_key(unit.name))
    lines = tuple(
        ChainLine(
            href=f"{root}/settings/units/{quote(unit.code, safe='')}",
            unit=unit.name,
            steps=steps_of(unit.code, view),
        )
        for unit in units
    )
    return ChainsPage(
        rungs=tuple(view.say(f"chain_{rung}") for rung in RUNGS),
        lines=lines,
        gaps=sum(any(step.gap for step in line.steps) for line in lines),
    )


def steps_of(unit: str, view: View) -> tuple[StepLine, ...]:
    """Return a unit's chain in words."""
    return tuple(_step_line(step, unit, view) for step in chain_of(unit, view.directory))


def _step_line(step: Step, unit: str, view: View) -> StepLine:
    rung = view.say(f"chain_{step.audience}")
    if step.reader is None:
        why = view.say("chain_nobody") if step.gap else view.say("chain_ends")
    elif step.gap:
        why = view.say(f"chain_gap_{step.audience}", name=step.reader.name)
    elif step.audience is Audience.DEPUTY_DIRECTOR and view.directory.deputy_of(unit) == step.reader:
        why = view.say("chain_own_deputy")
    else:
        why = ""
    return StepLine(rung=rung, reader=step.reader.name if step.reader else "–", why=why, gap=step.gap)
