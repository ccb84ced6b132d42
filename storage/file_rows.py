"""The table of files handed in; their bytes lie outside the database and the web root."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from storage.columns import Base, Id, OrganisationId


class FileRow(Base):
    """A file somebody handed in: what it was called, what it is by content, from whom."""

    __tablename__ = "kept_file"
    __table_args__ = (UniqueConstraint("organisation_id", "sha256"),)

    id: Mapped[Id]
    organisation_id: Mapped[OrganisationId]
    sha256: Mapped[str]
    name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    kept_at: Mapped[datetime]
    by: Mapped[str]
