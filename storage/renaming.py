"""A unit gets another name: its code, its work and its history stay; the old name still means it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from storage.office_journal import Made
from storage.people import load_directory, save_directory
from storage.unit_events import UnitChangeRefused, date_or_refuse, record_of_unit, unit_at_work
from tasks_catalog.facts import Document
from tasks_catalog.naming import refuse_taken
from tasks_catalog.people import Directory, Unit, UnitRef
from tasks_catalog.text import clean
from tasks_catalog.unit_names import name_key

RENAME = "rename_unit"


@dataclass(frozen=True, kw_only=True)
class Renamed:
    """The unit, its name before and after, and the day the new one took force."""

    unit: str
    before: str
    name: str
    on: date


def rename_unit(
    session: Session,
    organisation_id: int,
    code: str,
    name: str,
    *,
    by: str,
    at: datetime,
    document: Document,
    on: date | None = None,
) -> Renamed:
    """Give the unit another printed name from ``on``; letters sent and words of plans keep the old one.

    Raises Refused (unit_not_known, unit_name_taken) or UnitChangeRefused (unit_gone, unit_name_same,
    unit_change_ahead).
    """
    directory = load_directory(session, organisation_id)
    unit, new = unit_at_work(code, directory), clean(name)
    since = date_or_refuse(on, at)
    if not name_key(new) or new == unit.name:
        raise UnitChangeRefused("unit_name_same", unit=unit.name)
    refuse_taken(directory, new, UnitRef(code=unit.code))
    made = Made(by=by, at=at, note=document.number)
    save_directory(session, organisation_id, _with(directory, _renamed(unit, new)), made=made)
    payload = {"unit": unit.code, "before": unit.name, "name": new, "in_force": since.isoformat()}
    record_of_unit(session, organisation_id, RENAME, unit.code, payload, by=by, at=at, document=document)
    return Renamed(unit=unit.code, before=unit.name, name=new, on=since)


def _renamed(unit: Unit, name: str) -> Unit:
    kept = (alias for alias in (*unit.aliases, unit.name) if name_key(alias) != name_key(name))
    return replace(unit, name=name, aliases=tuple(dict.fromkeys(kept)))


def _with(directory: Directory, changed: Unit) -> Directory:
    units = tuple(changed if unit.code == changed.code else unit for unit in directory.units)
    return replace(directory, units=units)
