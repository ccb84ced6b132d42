"""The tables about personal data itself: who looked at whose, and whose was erased."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped

from storage.columns import Base, Id, JsonDict, OrganisationId


class PersonalView(Base):
    """Somebody looked at a person's data: one line a reader, kind of page and hour, to stay small."""

    __tablename__ = "personal_view"
    __table_args__ = (
        UniqueConstraint("organisation_id", "by", "about", "page", "hour", name="uq_personal_view_once"),
        Index("ix_personal_view_about", "organisation_id", "about", "id"),
    )

    id: Mapped[Id]
    organisation_id: Mapped[OrganisationId]
    by: Mapped[str]
    """The code of who looked."""
    about: Mapped[str]
    """The code of whose data it was; "*" for a list of many."""
    page: Mapped[str]
    """What was looked at: a code worded by ``personal_page_<code>``."""
    hour: Mapped[datetime]
    """The hour it was first looked at in, for ``uq_personal_view_once``."""
    at: Mapped[datetime]


class PersonalErasure(Base):
    """A person's data was erased: the code alone stays, as in every decision the person took."""

    __tablename__ = "personal_erasure"
    __table_args__ = (Index("ix_personal_erasure_person", "organisation_id", "person"),)

    id: Mapped[Id]
    organisation_id: Mapped[OrganisationId]
    person: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime]
    document: Mapped[str]
    """The paper that asked for it, as written: "12/ĐN 05/03/2026"."""
    counts: Mapped[JsonDict]
    """How many rows of what were emptied."""
