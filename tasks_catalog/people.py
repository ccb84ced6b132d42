"""Units and people: names, aliases, collective groups, chains of command."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property
from itertools import chain

from tasks_catalog.abbreviations import abbreviates, without_tail
from tasks_catalog.absence import Absence
from tasks_catalog.preference import Preference
from tasks_catalog.unit_names import name_key, plain_key

MERGED = "merged"
"""Kind of a unit that another has taken over: it stays in the record, and nobody is written to for it."""
SPLIT = "split"
"""Kind of a unit that was divided into others; it stays in the record in the same way."""
CLOSED = "closed"
"""Kind of a unit that nobody and no work belongs to any more, such as one entered by mistake."""


class Post(StrEnum):
    """The post a person holds in the organisation, as far as reminders go up by it."""

    OFFICER = "officer"
    HEAD = "head"
    COORDINATOR = "coordinator"
    DEPUTY_DIRECTOR = "deputy_director"
    DIRECTOR = "director"
    ADMINISTRATOR = "administrator"
    VIEWER = "viewer"
    """Looks on from outside the chain, such as an inspector: nothing is theirs to do."""


RANK: Mapping[Post, int] = {
    Post.VIEWER: 0,
    Post.ADMINISTRATOR: 0,
    Post.OFFICER: 0,
    Post.HEAD: 1,
    Post.COORDINATOR: 2,
    Post.DEPUTY_DIRECTOR: 3,
    Post.DIRECTOR: 4,
}
"""How high each post stands in the chain of command; the coordinator urges heads, so stands above."""


@dataclass(frozen=True, kw_only=True)
class Unit:
    """A room, office, inspectorate, centre or board that can own work. ``code`` never changes."""

    code: str
    name: str
    aliases: tuple[str, ...] = ()
    kind: str = "room"

    @property
    def is_gone(self) -> bool:
        """Whether the unit was merged, split or closed: no document means it any more."""
        return self.kind in (MERGED, SPLIT, CLOSED)


@dataclass(frozen=True, kw_only=True)
class Group:
    """A collective wording that stands for several units: "Các phòng, đơn vị thuộc Sở"."""

    code: str
    name: str
    aliases: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    """Codes of units; a group holds no other group."""


def names_of(owner: Unit | Group) -> tuple[str, ...]:
    """Return every wording the unit or group goes by, its printed name first; a closed unit's are free."""
    if isinstance(owner, Unit) and owner.kind == CLOSED:
        return ()
    return tuple(name for name in (owner.name, owner.code, *owner.aliases) if name_key(name))


def _meant_by(owner: Unit | Group) -> tuple[str, ...]:
    """Return the names a document may mean the owner by; a unit that is gone keeps its own, marked, only."""
    gone = isinstance(owner, Unit) and owner.is_gone
    return names_of(owner)[:1] if gone else names_of(owner)


@dataclass(frozen=True, kw_only=True)
class UnitRef:
    """A unit, or a collective wording that stands for several of them."""

    code: str
    collective: bool = False


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody who can be written to. ``code`` never changes, the address may."""

    code: str
    name: str
    email: str
    unit: str
    post: Post = Post.OFFICER
    title: str = ""
    """The post as it is written in letters, such as "Trưởng phòng"."""
    language: str = "vi"
    active: bool = True
    in_charge: bool = False
    """For a deputy director: the one in charge of administrative reform."""
    reachable: bool = True
    """False while the address is known to be dead: others are written to instead."""


@dataclass(frozen=True, kw_only=True)
class Directory:
    """Everybody and every unit of one organisation at one time.

    Only people who are active are found by their post; ``person`` finds everybody, since old
    decisions name people who have left. Of two people in one post the first listed is meant.
    """

    organisation: str
    name: str
    place: str = ""
    superior: str = ""
    units: tuple[Unit, ...] = ()
    groups: tuple[Group, ...] = ()
    people: tuple[Person, ...] = ()
    focal_points: Mapping[str, str] = field(default_factory=dict)
    """Unit code -> code of the person who answers for the unit."""
    deputies: Mapping[str, str] = field(default_factory=dict)
    """Unit code -> code of the deputy director in charge of the unit, where it is another than CCHC's."""
    absences: tuple[Absence, ...] = ()
    preferences: Mapping[str, Preference] = field(default_factory=dict)
    """Code of a person -> how he wants letters; who is not listed has said nothing."""

    @property
    def owners(self) -> tuple[Unit | Group, ...]:
        """Everything that can stand in an owner's column."""
        return (*self.units, *self.groups)

    @cached_property
    def _units(self) -> dict[str, Unit]:
        return {unit.code: unit for unit in reversed(self.units)}

    @cached_property
    def _groups(self) -> dict[str, Group]:
        return {group.code: group for group in reversed(self.groups)}

    @cached_property
    def _people(self) -> dict[str, Person]:
        return {person.code: person for person in reversed(self.people)}

    @cached_property
    def _posts(self) -> dict[tuple[str, Post], tuple[Person, ...]]:
        found: dict[tuple[str, Post], tuple[Person, ...]] = {}
        for person in self.people:
            if person.active:
                at = (person.unit, person.post)
                found[at] = (*found.get(at, ()), person)
        return found

    @cached_property
    def _away(self) -> dict[str, tuple[Absence, ...]]:
        found: dict[str, tuple[Absence, ...]] = {}
        for absence in self.absences:
            found[absence.person] = (*found.get(absence.person, ()), absence)
        return found

    @cached_property
    def _names(self) -> dict[str, tuple[UnitRef, ...]]:
        """Keys of every name -> what is called so; a name's own accents come before its plain form, and
        that before a name without its last word ("Văn phòng" for "Văn phòng Sở").
        """
        exact: dict[str, tuple[UnitRef, ...]] = {}
        loose: dict[str, tuple[UnitRef, ...]] = {}
        cut: dict[str, tuple[UnitRef, ...]] = {}
        for owner in self.owners:
            ref = UnitRef(code=owner.code, collective=isinstance(owner, Group))
            for name in chain.from_iterable(map(self._with_own_name, _meant_by(owner))):
                short = "" if ref.collective else without_tail(name)
                for index, key in ((exact, name_key(name)), (loose, plain_key(name)), (cut, short)):
                    if key and ref not in index.get(key, ()):
                        index[key] = (*index.get(key, ()), ref)
        return cut | loose | exact

    @cached_property
    def _shortened(self) -> dict[str, tuple[UnitRef, ...]]:
        """What was asked for by an abbreviation, kept: a plan writes the same ones on many rows."""
        return {}

    @cached_property
    def suggested(self) -> dict[str, tuple[str, ...]]:
        """What was suggested for a name nothing is called by (``tasks_catalog.resolve``), likewise kept."""
        return {}

    def _abbreviated(self, name: str) -> tuple[UnitRef, ...]:
        if name not in self._shortened:
            self._shortened[name] = tuple(
                UnitRef(code=unit.code)
                for unit in self.units
                if not unit.is_gone and any(abbreviates(name, full) for full in (unit.name, *unit.aliases))
            )
        return self._shortened[name]

    def _with_own_name(self, name: str) -> tuple[str, ...]:
        """A name that ends in "Sở" may go on with which: "Thanh tra Sở", "Thanh tra Sở Công Thương"."""
        kind, _, which = self.name.partition(" ")
        own = which and name_key(name).split()[-1] == name_key(kind)
        return (name, f"{name} {which}") if own else (name,)

    def called(self, name: str) -> tuple[UnitRef, ...]:
        """Every unit and group called ``name``: none when unknown, several when ambiguous.

        A name nothing is called by may abbreviate one: "P. QLTM", "TTr".
        """
        known = self._names.get(name_key(name)) or self._names.get(plain_key(name))
        return known or (() if name.islower() else self._abbreviated(name))

    def unit(self, code: str) -> Unit | None:
        return self._units.get(code)

    def group(self, code: str) -> Group | None:
        return self._groups.get(code)

    def person(self, code: str) -> Person | None:
        return self._people.get(code)

    def absence_of(self, code: str, on: date) -> Absence | None:
        """Return the absence that keeps a person away on a day, or None when he is at work."""
        return next((absence for absence in self._away.get(code, ()) if absence.covers(on)), None)

    def preference_of(self, code: str) -> Preference:
        return self.preferences.get(code) or Preference()

    def officers_of(self, unit: str) -> tuple[Person, ...]:
        return self._posts.get((unit, Post.OFFICER), ())

    def head_of(self, unit: str) -> Person | None:
        """The head of a unit; of the board of directors, its director."""
        heads = self._posts.get((unit, Post.HEAD)) or self._posts.get((unit, Post.DIRECTOR))
        return heads[0] if heads else None

    def focal_of(self, unit: str) -> Person | None:
        person = self.person(self.focal_points.get(unit, ""))
        return person if person and person.active else None

    def coordinator(self) -> Person | None:
        return self._first(Post.COORDINATOR)

    def director(self) -> Person | None:
        return self._first(Post.DIRECTOR)

    def deputy_of(self, unit: str) -> Person | None:
        """The deputy director in charge of a unit itself, while active and in that post."""
        person = self.person(self.deputies.get(unit, ""))
        return person if person and person.active and person.post is Post.DEPUTY_DIRECTOR else None

    def deputy_in_charge(self, unit: str = "") -> Person | None:
        """The deputy director in charge of the unit, else the one in charge of administrative reform."""
        return self.deputy_of(unit) or next(
            (p for p in self._by_post[Post.DEPUTY_DIRECTOR] if p.in_charge), None
        )

    def chain_above(self, person: Person) -> tuple[Person, ...]:
        """Who is told when ``person`` does not act, nearest first.

        Officer, head of his unit, coordinator, deputy director in charge, director: those above the
        person's own post, without posts nobody active holds.
        """
        heads = self._posts.get((person.unit, Post.HEAD), ())
        deputy = self.deputy_in_charge(person.unit)
        chain = (*heads[:1], self.coordinator(), deputy, self.director())
        return tuple(p for p in chain if p and RANK[p.post] > RANK[person.post] and p.code != person.code)

    @cached_property
    def _by_post(self) -> dict[Post, tuple[Person, ...]]:
        """Kept, since every share and every letter asks for the coordinator."""
        return {post: tuple(p for p in self.people if p.active and p.post is post) for post in Post}

    def _first(self, post: Post) -> Person | None:
        return next(iter(self._by_post[post]), None)
