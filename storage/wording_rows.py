"""The table of sentences of letters an office words its own way."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped

from storage.columns import Base, Id, OrganisationId


class OwnWordingRow(Base):
    """One sentence in one language, as the office has it."""

    __tablename__ = "own_wording"
    __table_args__ = (
        UniqueConstraint("organisation_id", "code", "language"),
        CheckConstraint("language IN ('vi', 'en')", name="language"),
    )

    id: Mapped[Id]
    organisation_id: Mapped[OrganisationId]
    code: Mapped[str]
    language: Mapped[str]
    text: Mapped[str]
