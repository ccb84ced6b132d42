"""Preferences as they are kept: one row a person, as asked last."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.schema import PreferenceRow
from storage.upsert import insert_new
from tasks_catalog.preference import Preference


def save_preference(
    session: Session, organisation_id: int, person: str, preference: Preference, *, by: str, at: datetime
) -> None:
    """Keep what a person prefers from now on; letters that have not left follow it too."""
    empty = {"off": [], "calendar": True, "by": by, "at": at}
    query = insert_new(session, PreferenceRow, ("organisation_id", "person"))
    session.execute(query.values(organisation_id=organisation_id, person=person, **empty))
    row = session.scalars(
        select(PreferenceRow).where(
            PreferenceRow.organisation_id == organisation_id, PreferenceRow.person == person
        )
    ).one()
    row.hour, row.calendar = preference.hour, preference.calendar
    row.off, row.by, row.at = sorted(map(str, preference.off)), by, at
    session.flush()
