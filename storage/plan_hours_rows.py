"""Sending hours of a plan, where it has its own."""

from __future__ import annotations

from datetime import time

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.columns import Base, Id, OrganisationId


class PlanHours(Base):
    """From when and until before when lines of a plan leave (``tasks_catalog.sending_hours``)."""

    __tablename__ = "plan_hours"
    __table_args__ = (UniqueConstraint("plan_id"),)

    id: Mapped[Id]
    organisation_id: Mapped[OrganisationId]
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"))
    first: Mapped[time]
    until: Mapped[time]
