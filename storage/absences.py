"""Absences as they are kept: entered, ended early by a date, never deleted."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.holding import alone_at, let_go
from storage.people import load_directory, person_or_refuse
from storage.schema import AbsenceRow
from tasks_catalog.absence import Absence
from tasks_catalog.people import Directory
from tasks_catalog.problem import Refused


class AbsenceRefused(Refused):
    """An absence cannot be entered or ended as asked."""


def enter(session: Session, organisation_id: int, absence: Absence, *, by: str, at: datetime) -> Absence:
    """Keep an absence; lines that have not left find their new reader with the next letters made.

    Raises AbsenceRefused when its days are wrong, when it meets another absence of the person, or when
    the substitute cannot be written to; Refused (person_unknown) for a code nobody has.
    """
    alone_at(session, organisation_id)
    directory = load_directory(session, organisation_id)
    _check_days(absence, directory, at.date())
    _check_substitute(absence, directory)
    session.add(
        AbsenceRow(
            organisation_id=organisation_id,
            person=absence.person,
            substitute=absence.substitute,
            first=absence.first,
            last=absence.last,
            note=absence.note,
            by=by,
            at=at,
        )
    )
    session.flush()
    let_go(session, organisation_id, absence.person)
    return absence


def _check_days(absence: Absence, directory: Directory, today: date) -> None:
    name = person_or_refuse(absence.person, directory).name
    span = {"name": name, "first": absence.first, "last": absence.last}
    if absence.last < absence.first:
        raise AbsenceRefused("absence_backwards", **span)
    if absence.last < today:
        raise AbsenceRefused("absence_over", today=today, **span)
    for other in directory.absences:
        if other.person == absence.person and other.meets(absence.first, absence.last):
            known = {"known_first": other.first, "known_last": other.ends}
            raise AbsenceRefused("absence_meets_another", person=absence.person, **span, **known)


def _check_substitute(absence: Absence, directory: Directory) -> None:
    if absence.substitute is None:
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
    row = next((row for row in _rows_of(session, organisation_id, person) if _absence(row).ends >= on), None)
    if row is None:
        raise AbsenceRefused("not_away", name=name, day=on)
    row.back_on, row.back_by, row.back_at = max(on, row.first), by, at
    session.flush()
    let_go(session, organisation_id, person)
    return _absence(row)


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
