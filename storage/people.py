"""The directory as it is kept. Nobody and no unit is ever deleted: old decisions name them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from itertools import count
from typing import TypeVar

from sqlalchemy import Select, delete, insert, select, update
from sqlalchemy.orm import Session

from storage import counting
from storage.bounces import dead_keys
from storage.directory_values import changed_values
from storage.holding import alone_at
from storage.moved_readers import drop_moved
from storage.office_journal import Made, record_done
from storage.schema import (
    AbsenceRow,
    GroupAlias,
    GroupMember,
    GroupRow,
    Organisation,
    PersonRow,
    PreferenceRow,
    UnitAlias,
    UnitRow,
)
from tasks_catalog.absence import Absence
from tasks_catalog.people import Directory, Group, Person, Post, Unit
from tasks_catalog.preference import OptionalLetter, Preference
from tasks_catalog.problem import Refused
from tasks_catalog.text import clean

_Listed = TypeVar("_Listed", UnitRow, GroupRow, PersonRow)
_POSTS = {str(post): post for post in Post}


class EmailTaken(Refused):
    """Two active people would share one address, so a letter could not be told to have reached either."""


def save_directory(
    session: Session, organisation_id: int, directory: Directory, *, made: Made | None = None
) -> None:
    """Insert or update everybody and every unit by code; people not listed become inactive.

    What differs is written into the record of changes as ``made``; without it nothing is, which only an
    office that is being set up may ask for. Names are kept in NFC. Units and people not listed are kept,
    after those listed; so is the deputy director of a unit of which none is said. Absences and preferences
    have doors of their own (``storage.absences``, ``storage.preferences``). Lines that wait for people who
    are no longer meant are dropped; those who are hear them instead (``storage.moved_readers``).
    Raises EmailTaken when two active people have one address.
    """
    if made is None:
        _save(session, organisation_id, directory)
        return
    alone_at(session, organisation_id)
    before = load_directory(session, organisation_id)
    _save(session, organisation_id, directory)
    after = load_directory(session, organisation_id)
    record_done(session, organisation_id, changed_values(before, after), made=made)
    drop_moved(session, organisation_id, before, after, at=made.at)


def _save(session: Session, organisation_id: int, directory: Directory) -> None:
    _refuse_shared_addresses(directory.people)
    session.execute(
        update(Organisation)
        .where(Organisation.id == organisation_id)
        .values(name=clean(directory.name), place=clean(directory.place), superior=clean(directory.superior))
    )
    before = counting.names_of(session, organisation_id)
    _save_units(session, organisation_id, directory)
    _save_groups(session, organisation_id, directory.groups)
    _save_people(session, organisation_id, directory.people)
    session.flush()
    after = counting.names_of(session, organisation_id)
    counting.renamed(session, organisation_id, {code for code in after if before.get(code) != after[code]})


def _refuse_shared_addresses(people: Iterable[Person]) -> None:
    holders: dict[str, Person] = {}
    for person in people:
        key = email_key(person.email)
        if key is None or not person.active:
            continue
        holder = holders.setdefault(key, person)
        if holder.code != person.code:
            raise EmailTaken("email_taken", email=person.email, name=person.name, holder=holder.name)


def email_key(email: str) -> str | None:
    """Return the form in which addresses are told apart; None for none."""
    return clean(email).casefold() or None


def _save_units(session: Session, organisation_id: int, directory: Directory) -> None:
    rows = {row.code: row for row in session.scalars(_of(UnitRow, organisation_id))}
    place = count()
    for unit in directory.units:
        row = rows.pop(unit.code, None) or UnitRow(organisation_id=organisation_id, code=unit.code)
        session.add(row)
        row.name, row.kind, row.position = clean(unit.name), unit.kind, next(place)
        row.focal_point = directory.focal_points.get(unit.code)
        row.deputy = directory.deputies.get(unit.code) or row.deputy
        session.flush()
        replace_names(session, UnitAlias, "unit_id", row.id, organisation_id, unit.aliases)
    for row in rows.values():
        row.position = next(place)


def _save_groups(session: Session, organisation_id: int, groups: Iterable[Group]) -> None:
    rows = {row.code: row for row in session.scalars(_of(GroupRow, organisation_id))}
    place = count()
    for group in groups:
        row = rows.pop(group.code, None) or GroupRow(organisation_id=organisation_id, code=group.code)
        session.add(row)
        row.name, row.position = clean(group.name), next(place)
        session.flush()
        replace_names(session, GroupAlias, "group_id", row.id, organisation_id, group.aliases)
        replace_members(session, row.id, organisation_id, group.members)
    for row in rows.values():
        row.position = next(place)


def replace_members(session: Session, group_id: int, organisation_id: int, members: Iterable[str]) -> None:
    """Let a collective wording stand for these units, by their codes."""
    session.execute(delete(GroupMember).where(GroupMember.group_id == group_id))
    rows: list[dict[str, object]] = [
        {"organisation_id": organisation_id, "group_id": group_id, "position": n, "unit": unit}
        for n, unit in enumerate(members)
    ]
    _insert(session, GroupMember, rows)


def replace_names(
    session: Session,
    table: type[UnitAlias] | type[GroupAlias],
    owner: str,
    owner_id: int,
    organisation_id: int,
    names: Iterable[str],
) -> None:
    """Let a unit or collective wording go by these other names."""
    session.execute(delete(table).where(getattr(table, owner) == owner_id))
    rows = [
        {"organisation_id": organisation_id, owner: owner_id, "position": n, "name": clean(name)}
        for n, name in enumerate(names)
    ]
    _insert(session, table, rows)


def _insert(session: Session, table: type[object], rows: list[dict[str, object]]) -> None:
    if rows:
        session.execute(insert(table), rows)


def _save_people(session: Session, organisation_id: int, people: Iterable[Person]) -> None:
    rows = {row.code: row for row in session.scalars(_of(PersonRow, organisation_id))}
    # Two people may swap addresses: all are given up before any is taken.
    for known in rows.values():
        known.email_key = None
    session.flush()
    place = count()
    for person in people:
        row = rows.pop(person.code, None) or PersonRow(organisation_id=organisation_id, code=person.code)
        session.add(row)
        write_person(row, person)
        row.position = next(place)
    for gone in rows.values():
        gone.active, gone.position, gone.email_key = False, next(place), email_key(gone.email)


def write_person(row: PersonRow, person: Person) -> None:
    """Set what the row says of a person; the row's place in the directory stays."""
    row.name, row.email, row.email_key = clean(person.name), clean(person.email), email_key(person.email)
    row.unit, row.post, row.title = person.unit, str(person.post), clean(person.title)
    row.language, row.active, row.in_charge = person.language, person.active, person.in_charge


def _of(table: type[_Listed], organisation_id: int) -> Select[tuple[_Listed]]:
    return select(table).where(table.organisation_id == organisation_id).order_by(table.position)


def load_directory(session: Session, organisation_id: int) -> Directory:
    """Return the directory as it was saved, with those no longer listed after the others."""
    office = session.get_one(Organisation, organisation_id)
    units = session.scalars(_of(UnitRow, organisation_id)).all()
    dead = dead_keys(session, organisation_id)
    return Directory(
        organisation=office.code,
        name=office.name,
        place=office.place,
        superior=office.superior,
        units=_units(session, organisation_id, units),
        groups=_groups(session, organisation_id),
        people=_people(session, organisation_id, dead),
        focal_points={row.code: row.focal_point for row in units if row.focal_point is not None},
        deputies={row.code: row.deputy for row in units if row.deputy is not None},
        absences=_absences(session, organisation_id),
        preferences=_preferences(session, organisation_id),
    )


def person_or_refuse(code: str, directory: Directory) -> Person:
    """Return the person of that code; raises Refused (person_unknown)."""
    person = directory.person(code)
    if person is None:
        raise Refused("person_unknown", person=code)
    return person


def _absences(session: Session, organisation_id: int) -> tuple[Absence, ...]:
    table = AbsenceRow
    query = select(table.person, table.first, table.last, table.substitute, table.note, table.back_on)
    mine = query.where(table.organisation_id == organisation_id).order_by(table.first, table.id)
    return tuple(
        Absence(person=person, first=first, last=last, substitute=substitute, note=note, back_on=back_on)
        for person, first, last, substitute, note, back_on in session.execute(mine)
    )


def _preferences(session: Session, organisation_id: int) -> dict[str, Preference]:
    table = PreferenceRow
    query = select(table.person, table.hour, table.off, table.calendar)
    return {
        person: Preference(hour=hour, off=frozenset(map(OptionalLetter, off)), calendar=calendar)
        for person, hour, off, calendar in session.execute(
            query.where(table.organisation_id == organisation_id)
        )
    }


def _units(session: Session, organisation_id: int, rows: Iterable[UnitRow]) -> tuple[Unit, ...]:
    aliases = _gathered(session, organisation_id, UnitAlias, "unit_id", "name")
    return tuple(
        Unit(code=row.code, name=row.name, aliases=tuple(aliases[row.id]), kind=row.kind) for row in rows
    )


def _groups(session: Session, organisation_id: int) -> tuple[Group, ...]:
    aliases = _gathered(session, organisation_id, GroupAlias, "group_id", "name")
    members = _gathered(session, organisation_id, GroupMember, "group_id", "unit")
    return tuple(
        Group(
            code=row.code,
            name=row.name,
            aliases=tuple(aliases[row.id]),
            members=tuple(members[row.id]),
        )
        for row in session.scalars(_of(GroupRow, organisation_id))
    )


def _gathered(
    session: Session,
    organisation_id: int,
    table: type[UnitAlias] | type[GroupAlias] | type[GroupMember],
    owner: str,
    column: str,
) -> dict[int, list[str]]:
    """Return owner id -> values in their order."""
    found: dict[int, list[str]] = defaultdict(list)
    query = select(getattr(table, owner), getattr(table, column)).order_by(table.position)
    for owner_id, value in session.execute(query.where(table.organisation_id == organisation_id)):
        found[owner_id].append(value)
    return found


def _people(session: Session, organisation_id: int, dead: Collection[str]) -> tuple[Person, ...]:
    """Return everybody; columns, not rows, since every page of the board reads a directory of thousands."""
    table = PersonRow
    query = select(
        table.code,
        table.name,
        table.email,
        table.unit,
        table.post,
        table.title,
        table.language,
        table.active,
        table.in_charge,
        table.email_key,
    )
    mine = query.where(table.organisation_id == organisation_id).order_by(table.position)
    return tuple(
        Person(
            code=code,
            name=name,
            email=email,
            unit=unit,
            post=_POSTS[post],
            title=title,
            language=language,
            active=active,
            in_charge=in_charge,
            reachable=key not in dead,
        )
        for code, name, email, unit, post, title, language, active, in_charge, key in session.execute(mine)
    )
