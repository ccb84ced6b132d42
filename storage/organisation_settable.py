"""The office's own name, place and superior body, as a thing that can be set."""

from __future__ import annotations

from sqlalchemy.orm import Session

from storage.directory_rules import SettingRefused
from storage.office_journal import Made, Values
from storage.schema import Organisation
from tasks_catalog.text import clean


class OrganisationSettable:
    """``key`` is the office's code, which never changes."""

    def read(self, session: Session, organisation_id: int, key: str) -> Values | None:
        office = session.get_one(Organisation, organisation_id)
        return {"name": office.name, "place": office.place, "superior": office.superior}

    def write(
        self, session: Session, organisation_id: int, key: str, values: Values | None, *, made: Made
    ) -> None:
        """Raises SettingRefused (setting_name_needed, setting_stays)."""
        if values is None:
            raise SettingRefused("setting_stays")
        office = session.get_one(Organisation, organisation_id)
        name = clean(values["name"])
        if not name:
            raise SettingRefused("setting_name_needed")
        office.name = name
        office.place, office.superior = clean(values["place"]), clean(values["superior"])
