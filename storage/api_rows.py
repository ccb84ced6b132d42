"""The rows of the API: tokens of programs, and the answers given to calls that acted."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.columns import Base, Id, JsonList, OrganisationId


class ApiToken(Base):
    """A token: who it acts as, for what, until when. Its secret is kept as a digest only."""

    __tablename__ = "api_token"
    __table_args__ = (Index("ix_api_token_organisation_id", "organisation_id", "id"),)

    id: Mapped[Id]
    organisation_id: Mapped[OrganisationId]
    name: Mapped[str]
    """What it is for, as whoever made it says: "trục liên thông"."""
    person: Mapped[str]
    """The code of the person it acts as."""
    scopes: Mapped[JsonList]
    secret_sha256: Mapped[str]
    """SHA-256 of 256 random bits: so long a secret needs no slow digest, it cannot be guessed."""
    until: Mapped[date]
    """The last day it holds, by the office's calendar."""
    made_at: Mapped[datetime]
    made_by: Mapped[str]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[str | None]


class ApiCall(Base):
    """A call that acted, by its Idempotency-Key, with the answer it was given."""

    __tablename__ = "api_call"
    __table_args__ = (
        UniqueConstraint("token_id", "key", name="uq_api_call_once"),
        Index("ix_api_call_at", "at"),
    )

    id: Mapped[Id]
    organisation_id: Mapped[OrganisationId]
    token_id: Mapped[int] = mapped_column(ForeignKey("api_token.id"))
    key: Mapped[str]
    fingerprint: Mapped[str]
    """SHA-256 of what was asked: method, address, body."""
    at: Mapped[datetime]
    status: Mapped[int | None]
    body: Mapped[str | None]
    """The answer as it was sent."""
