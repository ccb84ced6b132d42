"""The tables of the office itself: its units, its collective wordings, its people and their absences."""

from __future__ import annotations

from datetime import date, datetime, time

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.columns import Base, Id, JsonList, OrganisationId


class Organisation(Base):
    """One office. ``simulated`` ones may be asked to act as of any day."""

    __tablename__ = "organisation"
    __table_args__ = (
        UniqueConstraint("code"),
        CheckConstraint("kind IN ('live', 'simulated')", name="kind"),
    )

    id: Mapped[Id]
    code: Mapped[str]
    name: Mapped[str]
    place: Mapped[str]
    superior: Mapped[str]
    superior_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    """The superior body, where it is kept in the same database: it sees the figures of this one's plans."""
    kind: Mapped[str]
    created_at: Mapped[datetime]


class UnitRow(Base):
    """A unit, and the codes of who answers for it. ``position`` keeps the directory's order."""

    __tablename__ = "unit"
    __table_args__ = (UniqueConstraint("organisation_id", "code"),)

    id: Mapped[Id]
    organisation_id: Mapped[OrganisationId]
    code: Mapped[str]
    name: Mapped[str]
    kind: Mapped[str]
    focal_point: Mapped[str | None]
    deputy: Mapped[str | None]
    """The deputy director in charge of the unit; without one, the one in charge of CCHC."""
    position: Mapped[int]


class UnitAlias(Base):
    """Another wording a unit goes by."""

    __tablename__ = "unit_alias"
    __table_args__ = (UniqueConstraint("unit_id", "position"),)

    id: Mapped[Id]
    organisation_id: Mapped[OrganisationId]
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    position: Mapped[int]
    name: Mapped[str]


class GroupRow(Base):
    """A collective wording."""

    __tablename__ = "unit_group"
    __table_args__ = (UniqueConstraint("organisation_id", "code"),)

    id: Mapped[Id]
    organisation_id: Mapped[OrganisationId]
    code: Mapped[str]
    name: Mapped[str]
    position: Mapped[int]


class GroupAlias(Base):
    """Another wording of a collective wording."""

    __tablename__ = "group_alias"
    __table_args__ = (UniqueConstraint("group_id", "position"),)

    id: Mapped[Id]
    organisation_id: Mapped[OrganisationId]
    group_id: Mapped[int] = mapped_column(ForeignKey("unit_group.id"))
    position: Mapped[int]
    name: Mapped[str]


class GroupMember(Base):
    """A unit a collective wording stands for, by its code."""

    __tablename__ = "group_member"
    __table_args__ = (UniqueConstraint("group_id", "position"),)

    id: Mapped[Id]
    organisation_id: Mapped[OrganisationId]
    group_id: Mapped[int] = mapped_column(ForeignKey("unit_group.id"))
    position: Mapped[int]
    unit: Mapped[str]


class PersonRow(Base):
    """A person. ``email_key`` is the address in lower case (or None): no two active people share it."""

    __tablename__ = "person"
    __table_args__ = (
        UniqueConstraint("organisation_id", "code"),
        Index(
            "uq_person_active_email",
            "organisation_id",
            "email_key",
            unique=True,
            sqlite_where=text("active"),
            postgresql_where=text("active"),
        ),
    )

    id: Mapped[Id]
    organisation_id: Mapped[OrganisationId]
    code: Mapped[str]
    name: Mapped[str]
    email: Mapped[str]
    email_key: Mapped[str | None]
    unit: Mapped[str]
    post: Mapped[str]
    title: Mapped[str]
    language: Mapped[str]
    active: Mapped[bool]
    in_charge: Mapped[bool]
    position: Mapped[int]


class AbsenceRow(Base):
    """A person away, and who stands in; ended early by ``back_on``, never deleted."""

    __tablename__ = "absence"
    __table_args__ = (
        CheckConstraint("first <= last", name="span"),
        Index("ix_absence_person", "organisation_id", "person", "last"),
    )

    id: Mapped[Id]
    organisation_id: Mapped[OrganisationId]
    person: Mapped[str]
    substitute: Mapped[str | None]
    first: Mapped[date]
    last: Mapped[date]
    note: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime]
    back_on: Mapped[date | None]
    back_by: Mapped[str | None]
    back_at: Mapped[datetime | None]


class PreferenceRow(Base):
    """How a person wants letters: ``tasks_catalog.preference.Preference``; who has none has no row."""

    __tablename__ = "preference"
    __table_args__ = (UniqueConstraint("organisation_id", "person"),)

    id: Mapped[Id]
    organisation_id: Mapped[OrganisationId]
    person: Mapped[str]
    hour: Mapped[time | None]
    off: Mapped[JsonList]
    calendar: Mapped[bool]
    by: Mapped[str]
    at: Mapped[datetime]
