"""The record of what was changed in an office's settings: append-only, its values beside it.

The values stand in a table of their own, since names and addresses among them may have to be erased one
day, which the record of who changed what, and when, must outlast.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.columns import Base, Id, JsonDict, OrganisationId


class OfficeChange(Base):
    """One change of one thing that is set: a unit, a person, a ladder, a swapped day. Append-only."""

    __tablename__ = "office_change"
    __table_args__ = (
        Index("ix_office_change_subject", "organisation_id", "kind", "key", "id"),
        UniqueConstraint("undoes", name="uq_office_change_undone_once"),
    )

    id: Mapped[Id]
    organisation_id: Mapped[OrganisationId]
    kind: Mapped[str]
    """What kind of thing (``storage.settables``)."""
    key: Mapped[str]
    """Which of its kind: a unit's code, a plan's number, a day."""
    undoes: Mapped[int | None] = mapped_column(ForeignKey("office_change.id"))
    note: Mapped[str]
    by: Mapped[str]
    """The code of a person, or "office"."""
    at: Mapped[datetime]
    on: Mapped[date]


class OfficeChangeValues(Base):
    """What the thing was before and is since; None where there was, or is, none."""

    __tablename__ = "office_change_values"
    __table_args__ = (UniqueConstraint("change_id"),)

    id: Mapped[Id]
    organisation_id: Mapped[OrganisationId]
    change_id: Mapped[int] = mapped_column(ForeignKey("office_change.id"))
    before: Mapped[JsonDict | None]
    after: Mapped[JsonDict | None]
    erased: Mapped[bool]
    """Whether personal values were taken out since: such a change cannot be undone."""
