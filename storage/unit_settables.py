"""Units and collective wordings as things that can be set one by one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, exists, func, select
from sqlalchemy.orm import Session

from storage.directory_rules import SettingRefused, refuse_unfit_code, set_within
from storage.directory_values import group_values, unit_values
from storage.office_journal import Made, Values
from storage.people import load_directory, replace_members, replace_names
from storage.schema import (
    GroupAlias,
    GroupMember,
    GroupRow,
    ShareRow,
    TaskOwner,
    UnitAlias,
    UnitRow,
)
from tasks_catalog.naming import refuse_taken
from tasks_catalog.people import CLOSED, MERGED, SPLIT, Directory, Group, Post, Unit, UnitRef
from tasks_catalog.text import clean
from tasks_catalog.unit_names import name_key

_GONE = (MERGED, SPLIT)


class UnitSettable:
    """``key`` is the unit's code. A unit taken away is closed: it stays in the record, under its code."""

    def read(self, session: Session, organisation_id: int, key: str) -> Values | None:
        row = _unit_row(session, organisation_id, key)
        if row is None:
            return None
        names = select(UnitAlias.name).where(UnitAlias.unit_id == row.id).order_by(UnitAlias.position)
        aliases = tuple(session.scalars(names))
        unit = Unit(code=row.code, name=row.name, aliases=aliases, kind=row.kind)
        return unit_values(unit, row.focal_point, row.deputy)

    def write(
        self, session: Session, organisation_id: int, key: str, values: Values | None, *, made: Made
    ) -> None:
        """Raises SettingRefused (setting_code_unfit, setting_name_needed, setting_unit_gone,
        setting_unit_has_people, setting_unit_has_work, setting_not_of_unit, setting_no_deputy), Refused
        (unit_name_taken) and DirectoryRefused.
        """
        row, directory = _unit_row(session, organisation_id, key), load_directory(session, organisation_id)
        if values is None:
            _refuse_in_use(session, organisation_id, key, directory)
            values = {"name": row.name if row else key, "kind": CLOSED}
        elif row is None:
            refuse_unfit_code(key)
        _refuse_reshaping(row, values)
        name, aliases = clean(values["name"]), names_in(values.get("aliases", ()), values["name"])
        if not name_key(name):
            raise SettingRefused("setting_name_needed")
        if values["kind"] not in (*_GONE, CLOSED):
            for word in (name, *aliases, key):
                refuse_taken(directory, word, UnitRef(code=key))
        _refuse_strangers(key, values, row, directory)

        def apply() -> None:
            found = row or UnitRow(
                organisation_id=organisation_id, code=key, position=_next(session, UnitRow, organisation_id)
            )
            session.add(found)
            found.name, found.kind = name, values["kind"]
            found.focal_point, found.deputy = values.get("focal_point"), values.get("deputy")
            session.flush()
            replace_names(session, UnitAlias, "unit_id", found.id, organisation_id, aliases)

        set_within(session, organisation_id, directory, apply, made=made)


class GroupSettable:
    """``key`` is the code of a collective wording; one that a task names is never taken away."""

    def read(self, session: Session, organisation_id: int, key: str) -> Values | None:
        row = _group_row(session, organisation_id, key)
        if row is None:
            return None
        names = select(GroupAlias.name).where(GroupAlias.group_id == row.id).order_by(GroupAlias.position)
        units = select(GroupMember.unit).where(GroupMember.group_id == row.id).order_by(GroupMember.position)
        aliases, members = tuple(session.scalars(names)), tuple(session.scalars(units))
        return group_values(Group(code=row.code, name=row.name, aliases=aliases, members=members))

    def write(
        self, session: Session, organisation_id: int, key: str, values: Values | None, *, made: Made
    ) -> None:
        """Raises SettingRefused (setting_code_unfit, setting_name_needed, setting_group_named), Refused
        (unit_name_taken) and DirectoryRefused.
        """
        row, directory = _group_row(session, organisation_id, key), load_directory(session, organisation_id)
        if values is None:
            if row is not None:
                _take_away(session, organisation_id, row)
            return
        if row is None:
            refuse_unfit_code(key)
        name, aliases = clean(values["name"]), names_in(values["aliases"], values["name"])
        if not name_key(name):
            raise SettingRefused("setting_name_needed")
        for word in (name, *aliases, key):
            refuse_taken(directory, word, UnitRef(code=key, collective=True))

        def apply() -> None:
            found = row or GroupRow(
                organisation_id=organisation_id, code=key, position=_next(session, GroupRow, organisation_id)
            )
            session.add(found)
            found.name = name
            session.flush()
            replace_names(session, GroupAlias, "group_id", found.id, organisation_id, aliases)
            replace_members(session, found.id, organisation_id, dict.fromkeys(values["members"]))

        set_within(session, organisation_id, directory, apply, made=made)


def names_in(typed: Any, printed: str) -> tuple[str, ...]:
    """Return the other names typed, each once and none of them the printed one."""
    names = {clean(name): None for name in typed if name_key(name) and name_key(name) != name_key(printed)}
    return tuple(names)


def _unit_row(session: Session, organisation_id: int, code: str) -> UnitRow | None:
    query = select(UnitRow).where(UnitRow.organisation_id == organisation_id, UnitRow.code == code)
    return session.scalars(query).one_or_none()


def _group_row(session: Session, organisation_id: int, code: str) -> GroupRow | None:
    query = select(GroupRow).where(GroupRow.organisation_id == organisation_id, GroupRow.code == code)
    return session.scalars(query).one_or_none()


def _next(session: Session, table: type[UnitRow] | type[GroupRow], organisation_id: int) -> int:
    query = select(func.max(table.position)).where(table.organisation_id == organisation_id)
    last = session.scalar(query)
    return 0 if last is None else last + 1


def _refuse_in_use(session: Session, organisation_id: int, code: str, directory: Directory) -> None:
    """Refuse to close a unit that somebody, some work or a collective wording still belongs to."""
    unit = directory.unit(code)
    name = unit.name if unit else code
    people = [person.name for person in directory.people if person.active and person.unit == code]
    if people:
        raise SettingRefused("setting_unit_has_people", unit=name, people="; ".join(people[:5]))
    groups = [group.name for group in directory.groups if code in group.members]
    owed = exists().where(
        ShareRow.organisation_id == organisation_id, ShareRow.unit == code, ShareRow.is_live
    )
    if groups or session.scalar(select(owed)) or _is_named(session, organisation_id, code):
        raise SettingRefused("setting_unit_has_work", unit=name)


def _is_named(session: Session, organisation_id: int, code: str) -> bool:
    named = exists().where(TaskOwner.organisation_id == organisation_id, TaskOwner.code == code)
    return session.scalar(select(named)) is True


def _refuse_reshaping(row: UnitRow | None, values: Mapping[str, Any]) -> None:
    """Merging and splitting are decisions of their own, with their document: not undone from here."""
    before = row.kind if row is not None else ""
    if (before in _GONE) != (values["kind"] in _GONE):
        raise SettingRefused("setting_unit_gone", unit=row.name if row is not None else values["name"])


def is_reshaping(before: Values | None, after: Values | None) -> bool:
    """Say whether a change of a unit was a merger or a split: a decision of its own, not taken back."""
    return ((before or {}).get("kind") in _GONE) != ((after or {}).get("kind") in _GONE)


def _refuse_strangers(
    code: str, values: Mapping[str, Any], row: UnitRow | None, directory: Directory
) -> None:
    """Refuse who is newly named and cannot be; whoever was named before may have changed post since."""
    focal, deputy = values.get("focal_point"), values.get("deputy")
    if row is not None:
        focal = None if focal == row.focal_point else focal
        deputy = None if deputy == row.deputy else deputy
    person = directory.person(focal) if focal else None
    if focal and (person is None or person.unit != code):
        raise SettingRefused("setting_not_of_unit", person=person.name if person else focal)
    person = directory.person(deputy) if deputy else None
    if deputy and (person is None or person.post is not Post.DEPUTY_DIRECTOR):
        raise SettingRefused("setting_no_deputy", person=person.name if person else deputy)


def _take_away(session: Session, organisation_id: int, row: GroupRow) -> None:
    if _is_named(session, organisation_id, row.code):
        raise SettingRefused("setting_group_named", group=row.name)
    for table in (GroupAlias, GroupMember):
        session.execute(delete(table).where(table.group_id == row.id))
    session.delete(row)
