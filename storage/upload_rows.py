"""The table of plans handed in through the board; their bytes are kept files (``storage.files``)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.columns import Base, Id, JsonDict, OrganisationId


class UploadRow(Base):
    """A plan's document handed in, and the answers given about it while it is no plan yet."""

    __tablename__ = "upload"
    __table_args__ = (
        Index("ix_upload_organisation_id", "organisation_id", "id"),
        CheckConstraint("state IN ('read', 'imported', 'revised', 'set_aside')", name="state"),
    )

    id: Mapped[Id]
    organisation_id: Mapped[OrganisationId]
    sha256: Mapped[str]
    name: Mapped[str]
    size: Mapped[int]
    at: Mapped[datetime]
    by: Mapped[str]
    state: Mapped[str]
    answers: Mapped[JsonDict]
    """A ``tasks_catalog.drafting.Draft``."""
    counted: Mapped[JsonDict]
    """How its rows were accounted for when it was read: a ``tasks_catalog.task.RowCount``."""
    plan_id: Mapped[int | None] = mapped_column(ForeignKey("plan.id"))
    """The plan it became, or amended."""
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None]
