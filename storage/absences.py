"""Absences as they are kept: entered, changed, ended early by a date, never deleted.

An absence is set like any other thing (``AbsenceSettable``), under its person's code and first day; one
called off is no absence any more, and its row stays.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.holding import alone_at, let_go
from storage.office_journal import Made, Values, change
from storage.people import load_directory, person_or_refuse
from storage.schema import AbsenceRow
from tasks_catalog.absence import Absence
from tasks_catalog.people import Directory
from tasks_catalog.problem import Refused

ABSENCE = "absence"


class AbsenceRefused(Refused):
    """An absence cannot be entered or ended as asked."""


def absence_key(person: str, first: date) -> str:
    """Return the key an absence is set under."""
    return f"{person}/{first.isoformat()}"


def absence_values(absence: Absence) -> dict[str, Any]:
    """Return an absence as it came to be, ended early or not."""
    return {
        "person": absence.person,
        "first": absence.first.isoformat(),
        "last": absence.ends.isoformat(),
        "substitute": absence.substitute,
        "note": absence.note,
    }


class AbsenceSettable:
    """Sets one absence: enters it, changes its last day, its substitute or its note, calls it off."""

    def read(self, session: Session, organisation_id: int, key: str) -> Values | None:
        row = _row_at(session, organisation_id, key)
        absence = _absence(row) if row is not None else None
        return absence_values(absence) if absence and absence.ends >= absence.first else None

    def write(
        self, session: Session, organisation_id: int, key: str, values: Values | None, *, made: Made
    ) -> None:
        """Lines that have not left find their new reader with the next letters made.

        Taken away, an absence that has begun ends today. Raises AbsenceRefused when its days are wrong,
        when it meets another absence of the person, or when the substitute cannot be written to; Refused
        (person_unknown) for a code nobody has.
        """
        row = _row_at(session, organisation_id, key)
        if values is None:
            if row is not None:
                row.back_on = max(row.first, made.at.date())
                row.back_by, row.back_at = made.by, made.at
        else:
            directory = load_directory(session, organisation_id)
            wanted, before = _wanted(key, values), _absence(row) if row is not None else None
            _check_days(wanted, directory, made.at.date(), before)
            _check_substitute(wanted, directory, before)
            _keep(session, organisation_id, row, wanted, made)
        session.flush()
        let_go(session, organisation_id, key.rpartition("/")[0])


def enter(session: Session, organisation_id: int, absence: Absence, *, by: str, at: datetime) -> Absence:
    """Keep a new absence; raises what ``AbsenceSettable.write`` does."""
    alone_at(session, organisation_id)
    _check_days(absence, load_directory(session, organisation_id), at.date(), None)
    key = absence_key(absence.person, absence.first)
    made = Made(by=by, at=at)
    change(session, organisation_id, AbsenceSettable(), ABSENCE, key, absence_values(absence), made=made)
    return absence


def _wanted(key: str, values: Mapping[str, Any]) -> Absence:
    person, _, first = key.rpartition("/")
    return Absence(
        person=person,
        first=date.fromisoformat(first),
        last=date.fromisoformat(values["last"]),
        substitute=values["substitute"],
        note=values["note"],
    )


def _keep(
    session: Session, organisation_id: int, row: AbsenceRow | None, wanted: Absence, made: Made
) -> None:
    """Write the row; an earlier last day ends it early, the one it was entered with stays beside it."""
    if row is None:
        row = AbsenceRow(
            organisation_id=organisation_id,
            person=wanted.person,
            first=wanted.first,
            last=wanted.last,
            by=made.by,
            at=made.at,
        )
        session.add(row)
    row.substitute, row.note = wanted.substitute, wanted.note
    if wanted.last < row.last:
        row.back_on, row.back_by, row.back_at = wanted.last + timedelta(days=1), made.by, made.at
    else:
        row.last, row.back_on, row.back_by, row.back_at = wanted.last, None, None, None


def _check_days(absence: Absence, directory: Directory, today: date, before: Absence | None) -> None:
    name = person_or_refuse(absence.person, directory).name
    span = {"name": name, "first": absence.first, "last": absence.last}
    if absence.last < absence.first:
        raise AbsenceRefused("absence_backwards", **span)
    if absence.last < today and (before is None or absence.last not in (before.ends, before.last)):
        raise AbsenceRefused("absence_over", today=today, **span)
    for other in directory.absences:
        if other == before:
            continue
        if other.person == absence.person and other.meets(absence.first, absence.last):
            known = {"known_first": other.first, "known_last": other.ends}
            raise AbsenceRefused("absence_meets_another", person=absence.person, **span, **known)


def _check_substitute(absence: Absence, directory: Directory, before: Absence | None) -> None:
    if absence.substitute is None or (before is not None and absence.substitute == before.substitute):
        return
    substitute = person_or_refuse(absence.substitute, directory)
    if substitute.code == absence.person:
        raise AbsenceRefused("substitute_himself", name=substitute.name)
    if not substitute.active:
        raise AbsenceRefused("substitute_inactive", name=substitute.name)


def come_back(
    session: Session, organisation_id: int, person: str, *, on: date, by: str, at: datetime
) -> Absence:
    """End a person's absence early: ``on`` is his first day back. One not begun by then is called off.

    Of several the one that covers the day is meant, else the next. Raises AbsenceRefused (not_away).
    """
    alone_at(session, organisation_id)
    name = person_or_refuse(person, load_directory(session, organisation_id)).name
    rows = _rows_of(session, organisation_id, person)
    row = next((row for row in rows if _absence(row).ends >= on), None)
    if row is None:
        raise AbsenceRefused("not_away", name=name, day=on)
    change(
        session,
        organisation_id,
        _ComingBack(max(on, row.first)),
        ABSENCE,
        absence_key(person, row.first),
        absence_values(replace(_absence(row), back_on=max(on, row.first))),
        made=Made(by=by, at=at),
    )
    return _absence(row)


class _ComingBack(AbsenceSettable):
    """Ends an absence by the day somebody is back, which may lie in the past or call it off."""

    def __init__(self, on: date) -> None:
        self._on = on

    def write(
        self, session: Session, organisation_id: int, key: str, values: Values | None, *, made: Made
    ) -> None:
        row = _row_at(session, organisation_id, key)
        if row is not None:
            row.back_on, row.back_by, row.back_at = self._on, made.by, made.at
        session.flush()
        let_go(session, organisation_id, key.rpartition("/")[0])


def _row_at(session: Session, organisation_id: int, key: str) -> AbsenceRow | None:
    """Return the row of a key: the one in force, else the latest that was called off."""
    person, _, first = key.rpartition("/")
    rows = [row for row in _rows_of(session, organisation_id, person) if row.first.isoformat() == first]
    in_force = [row for row in rows if _absence(row).ends >= row.first]
    return next(iter(in_force), rows[-1] if rows else None)


def _rows_of(session: Session, organisation_id: int, person: str) -> list[AbsenceRow]:
    query = select(AbsenceRow).where(
        AbsenceRow.organisation_id == organisation_id, AbsenceRow.person == person
    )
    return list(session.scalars(query.order_by(AbsenceRow.first, AbsenceRow.id)))


def _absence(row: AbsenceRow) -> Absence:
    return Absence(
        person=row.person,
        first=row.first,
        last=row.last,
        substitute=row.substitute,
        note=row.note,
        back_on=row.back_on,
    )
