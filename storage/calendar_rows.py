"""The tables of people's calendars: what letters put into them, and the feeds that may be subscribed to."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.columns import Base, Id, OrganisationId


class PublishedEvent(Base):
    """What a person's calendar last heard of one event, by which letter.

    ``row`` and ``occurrence`` name a share's event, ``period`` a period sheet's.
    """

    __tablename__ = "published_event"
    __table_args__ = (
        UniqueConstraint("organisation_id", "person", "uid"),
        CheckConstraint("method IN ('PUBLISH', 'CANCEL')", name="method"),
    )

    id: Mapped[Id]
    organisation_id: Mapped[OrganisationId]
    person: Mapped[str]
    uid: Mapped[str]
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"))
    unit: Mapped[str]
    row: Mapped[int | None]
    occurrence: Mapped[str | None]
    period: Mapped[str | None]
    method: Mapped[str]
    sequence: Mapped[int]
    base: Mapped[int]
    """The sequence the facts alone gave it; what it was raised to besides is ``sequence``."""
    due: Mapped[date]
    summary: Mapped[str]
    letter_id: Mapped[int] = mapped_column(ForeignKey("letter.id"))
    at: Mapped[datetime]


class FeedRow(Base):
    """A feed of a person or a unit. Its address is signed over ``serial``: raising it ends the old one."""

    __tablename__ = "feed"
    __table_args__ = (
        UniqueConstraint("organisation_id", "kind", "code"),
        CheckConstraint("kind IN ('person', 'unit')", name="kind"),
    )

    id: Mapped[Id]
    organisation_id: Mapped[OrganisationId]
    kind: Mapped[str]
    code: Mapped[str]
    serial: Mapped[int]
    created_at: Mapped[datetime]
    created_by: Mapped[str]
    revoked_at: Mapped[datetime | None]
