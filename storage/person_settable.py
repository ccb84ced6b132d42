"""A person of the directory as a thing that can be set: nobody is ever deleted, people become inactive."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from storage.directory_rules import SettingRefused, refuse_unfit_code, set_within
from storage.directory_values import person_of, person_values
from storage.office_journal import Made, Values
from storage.people import email_key, load_directory, write_person
from storage.schema import PersonRow
from tasks_catalog.people import Directory, Person, Post
from tasks_catalog.text import clean


class PersonSettable:
    """``key`` is the person's code. Taken away, a person has left: ``active`` is False."""

    def read(self, session: Session, organisation_id: int, key: str) -> Values | None:
        row = _row(session, organisation_id, key)
        return None if row is None else person_values(_person(row))

    def write(
        self, session: Session, organisation_id: int, key: str, values: Values | None, *, made: Made
    ) -> None:
        """Raises SettingRefused (setting_code_unfit, setting_name_needed, setting_address_taken,
        setting_unit_unknown, setting_focal_moves, setting_last_coordinator) and DirectoryRefused.
        """
        row, directory = _row(session, organisation_id, key), load_directory(session, organisation_id)
        if values is None:
            if row is None:
                return
            values = {**person_values(_person(row)), "active": False}
        elif row is None:
            refuse_unfit_code(key)
        wanted = person_of(key, values)
        if not clean(wanted.name):
            raise SettingRefused("setting_name_needed")
        _refuse_address(wanted, directory)
        _refuse_place(wanted, directory)
        _refuse_last_coordinator(wanted, directory)

        def apply() -> None:
            found = row or PersonRow(
                organisation_id=organisation_id, code=key, position=_next(session, organisation_id)
            )
            session.add(found)
            write_person(found, wanted)

        set_within(session, organisation_id, directory, apply, made=made, person=key)


def _row(session: Session, organisation_id: int, code: str) -> PersonRow | None:
    query = select(PersonRow).where(PersonRow.organisation_id == organisation_id, PersonRow.code == code)
    return session.scalars(query).one_or_none()


def _person(row: PersonRow) -> Person:
    fields: Mapping[str, Any] = {
        name: getattr(row, name)
        for name in ("name", "email", "unit", "post", "title", "language", "active", "in_charge")
    }
    return person_of(row.code, fields)


def _next(session: Session, organisation_id: int) -> int:
    query = select(func.max(PersonRow.position)).where(PersonRow.organisation_id == organisation_id)
    last = session.scalar(query)
    return 0 if last is None else last + 1


def _refuse_address(wanted: Person, directory: Directory) -> None:
    """Two active people at one address would read, and report by, each other's letters."""
    key = email_key(wanted.email)
    if not wanted.active or key is None:
        return
    for other in directory.people:
        if other.active and other.code != wanted.code and email_key(other.email) == key:
            raise SettingRefused(
                "setting_address_taken", email=wanted.email, holder=other.name, name=wanted.name
            )


def _refuse_place(wanted: Person, directory: Directory) -> None:
    before, unit = directory.person(wanted.code), directory.unit(wanted.unit)
    if before is not None and before.unit == wanted.unit:
        return
    if unit is None or unit.is_gone:
        raise SettingRefused("setting_unit_unknown", unit=unit.name if unit else wanted.unit or "-")
    answers = [code for code, person in directory.focal_points.items() if person == wanted.code]
    if answers and answers != [wanted.unit]:
        held = directory.unit(answers[0])
        name = held.name if held else answers[0]
        raise SettingRefused("setting_focal_moves", person=wanted.name, unit=name)


def _refuse_last_coordinator(wanted: Person, directory: Directory) -> None:
    """An office without a coordinator has nobody to hear its alerts, nor to set this right."""
    holding = [p for p in directory.people if p.active and p.post is Post.COORDINATOR]
    stays = wanted.active and wanted.post is Post.COORDINATOR
    if not stays and [p.code for p in holding] == [wanted.code]:
        raise SettingRefused("setting_last_coordinator", person=holding[0].name)
