"""The tables of webhooks: who else is told, and every message kept before it is sent.

No secret stands here: what signs a message is derived from the office's keys, the webhook's number and its
rotation (``notifications.webhook_signing``), so that neither a backup nor a reader of the database can
forge one.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.columns import Base, Id, JsonDict, JsonList, OrganisationId


class WebhookRow(Base):
    """Another system that is told what happens. Never deleted, so that its number is never given again."""

    __tablename__ = "webhook"
    __table_args__ = (UniqueConstraint("organisation_id", "code"),)

    id: Mapped[Id]
    organisation_id: Mapped[OrganisationId]
    code: Mapped[str]
    url: Mapped[str]
    events: Mapped[JsonList]
    internal: Mapped[bool]
    """Whether it may lead into this machine's or the office's own network."""
    active: Mapped[bool]
    stopped: Mapped[str]
    """Why it was switched off, where nobody did: "gone" after an answer 410; else ""."""
    rotation: Mapped[int]
    """Which secret signs, counted from 1."""
    made_by: Mapped[str]
    made_at: Mapped[datetime]
    told_from: Mapped[datetime]
    """Since when it is told: when it was made, or last switched on again."""
    rotated_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]


class WebhookDelivery(Base):
    """One message to one webhook: once for each share, epoch and kind, whatever runs twice or twinned."""

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        UniqueConstraint("webhook_id", "kind", "share_id", "epoch", name="uq_webhook_delivery_once"),
        CheckConstraint("state IN ('waiting', 'posting', 'sent', 'deferred', 'dead')", name="state"),
        Index("ix_webhook_delivery_state", "webhook_id", "state", "next_attempt_at"),
    )

    id: Mapped[Id]
    organisation_id: Mapped[OrganisationId]
    webhook_id: Mapped[int] = mapped_column(ForeignKey("webhook.id"))
    event_id: Mapped[str]
    """The message's id (``tasks_catalog.webhooks.event_id``), the same at every attempt."""
    kind: Mapped[str]
    share_id: Mapped[int | None] = mapped_column(ForeignKey("share.id"))
    """None for a test, of which there may be many."""
    epoch: Mapped[int | None]
    payload: Mapped[JsonDict]
    state: Mapped[str]
    attempts: Mapped[int]
    next_attempt_at: Mapped[datetime | None]
    lease_until: Mapped[datetime | None]
    claimed_by: Mapped[str | None]
    status: Mapped[int | None]
    """The receiver's last HTTP status."""
    answer: Mapped[str]
    """The receiver's first words, or why it could not be reached."""
    created_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    """When it was sent, or given up."""
