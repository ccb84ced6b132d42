"""The table of the days an office is off, or works, against the calendar everybody has."""

from __future__ import annotations

from datetime import date

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from storage.columns import Base, Id, OrganisationId


class SwappedDayRow(Base):
    """One day, as the office entered it. What it was before stands in the record of changes."""

    __tablename__ = "swapped_day"
    __table_args__ = (UniqueConstraint("organisation_id", "day"),)

    id: Mapped[Id]
    organisation_id: Mapped[OrganisationId]
    day: Mapped[date]
    worked: Mapped[bool]
    name: Mapped[str]
    document: Mapped[str]
    confirmed: Mapped[bool]
    """False where no document decides it yet: in force, and shown to be checked."""
