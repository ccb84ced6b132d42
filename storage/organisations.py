"""The office whose database this is."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.people import save_directory
from storage.schema import Organisation
from tasks_catalog.people import Directory
from tasks_catalog.problem import Refused
from tasks_catalog.text import clean

LIVE = "live"
SIMULATED = "simulated"


def create_organisation(
    session: Session, directory: Directory, *, simulated: bool, at: datetime, under: str = ""
) -> Organisation:
    """Create the office with its units and people; ``under`` is the code of its superior body here.

    Raises Refused: office_exists when the database holds an office and no superior is named;
    organisation_unknown, organisation_taken.
    """
    there = session.scalars(select(Organisation)).first()
    if there is not None and not under:
        raise Refused("office_exists", name=there.name)
    superior = organisation_of(session, under) if under else None
    taken = session.scalars(select(Organisation).where(Organisation.code == directory.organisation)).first()
    if taken is not None:
        raise Refused("organisation_taken", named=taken.code, name=taken.name)
    office = Organisation(
        code=directory.organisation,
        name=clean(directory.name),
        place=clean(directory.place),
        superior=clean(directory.superior) or (superior.name if superior else ""),
        superior_id=superior.id if superior else None,
        kind=SIMULATED if simulated else LIVE,
        created_at=at,
    )
    session.add(office)
    session.flush()
    save_directory(session, office.id, directory)
    return office


def only_organisation(session: Session) -> Organisation:
    """Return the office; raises Refused: no_office before it was set up, organisation_which of several."""
    offices = session.scalars(select(Organisation).order_by(Organisation.id)).all()
    if not offices:
        raise Refused("no_office")
    if len(offices) > 1:
        raise Refused("organisation_which", known=_codes(offices))
    return offices[0]


def organisation_of(session: Session, code: str) -> Organisation:
    """Return the organisation of that code; raises Refused (organisation_unknown)."""
    offices = session.scalars(select(Organisation).order_by(Organisation.id)).all()
    for office in offices:
        if office.code == code:
            return office
    raise Refused("organisation_unknown", named=code, known=_codes(offices))


def _codes(offices: Iterable[Organisation]) -> str:
    return ", ".join(sorted(office.code for office in offices))


def is_simulated(organisation: Organisation) -> bool:
    """Say whether the office lives in simulated time and may act as of any day."""
    return organisation.kind == SIMULATED
