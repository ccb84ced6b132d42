"""Preferences as they are kept: one row a person, as asked last."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from storage.office_journal import Made, Values, change
from storage.schema import PreferenceRow
from storage.upsert import insert_new
from tasks_catalog.preference import Preference

PREFERENCE = "preference"


class PreferenceSettable:
    """``key`` is the person's code; who has said nothing has no row."""

    def read(self, session: Session, organisation_id: int, key: str) -> Values | None:
        row = session.scalars(
            select(PreferenceRow).where(
                PreferenceRow.organisation_id == organisation_id, PreferenceRow.person == key
            )
        ).one_or_none()
        return None if row is None else _values(row.hour, row.off, row.calendar)

    def write(
        self, session: Session, organisation_id: int, key: str, values: Values | None, *, made: Made
    ) -> None:
        mine = (PreferenceRow.organisation_id == organisation_id, PreferenceRow.person == key)
        if values is None:
            session.execute(delete(PreferenceRow).where(*mine))
            return
        empty = {"off": [], "calendar": True, "by": made.by, "at": made.at}
        query = insert_new(session, PreferenceRow, ("organisation_id", "person"))
        session.execute(query.values(organisation_id=organisation_id, person=key, **empty))
        row = session.scalars(select(PreferenceRow).where(*mine)).one()
        row.hour = time.fromisoformat(values["hour"]) if values["hour"] else None
        row.calendar, row.off = values["calendar"], list(values["off"])
        row.by, row.at = made.by, made.at


def save_preference(
    session: Session, organisation_id: int, person: str, preference: Preference, *, by: str, at: datetime
) -> None:
    """Keep what a person prefers from now on; letters that have not left follow it too."""
    values = _values(preference.hour, sorted(map(str, preference.off)), preference.calendar)
    made = Made(by=by, at=at)
    change(session, organisation_id, PreferenceSettable(), PREFERENCE, person, values, made=made)


def _values(hour: time | None, off: list[Any], calendar: bool) -> dict[str, Any]:
    return {"hour": f"{hour:%H:%M}" if hour else None, "off": off, "calendar": calendar}
