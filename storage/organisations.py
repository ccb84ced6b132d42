"""The office whose database this is."""

from __future__ import annotations

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
    session: Session, directory: Directory, *, simulated: bool, at: datetime
) -> Organisation:
    """Create the office with its units and people.

    Raises Refused (office_exists) when the database holds an office: one office is one organisation.
    """
    there = session.scalars(select(Organisation)).first()
    if there is not None:
        raise Refused("office_exists", name=there.name)
    office = Organisation(
        code=directory.organisation,
        name=clean(directory.name),
        place=clean(directory.place),
        superior=clean(directory.superior),
        kind=SIMULATED if simulated else LIVE,
        created_at=at,
    )
    session.add(office)
    session.flush()
    save_directory(session, office.id, directory)
    return office


def only_organisation(session: Session) -> Organisation:
    """Return the office; raises Refused (no_office) before it was set up."""
    office = session.scalars(select(Organisation).order_by(Organisation.id)).first()
    if office is None:
        raise Refused("no_office")
    return office


def is_simulated(organisation: Organisation) -> bool:
    """Say whether the office lives in simulated time and may act as of any day."""
    return organisation.kind == SIMULATED
