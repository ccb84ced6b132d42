"""The tables of what comes back by mail: messages taken, bounces, dead addresses, answers to confirm."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.columns import Base, Id, JsonDict, JsonList, OrganisationId


class IncomingRow(Base):
    """A message taken in, once: what it was taken for and why. ``key``: its Message-ID, else its SHA-256."""

    __tablename__ = "incoming"
    __table_args__ = (
        UniqueConstraint("organisation_id", "key", name="uq_incoming_once"),
        CheckConstraint(
            "kind IN ('answer', 'bounce', 'abuse', 'ignored', 'parked', 'too_large')", name="kind"
        ),
        Index("ix_incoming_kind", "organisation_id", "kind"),
    )

    id: Mapped[Id]
    organisation_id: Mapped[OrganisationId]
    key: Mapped[str]
    sha256: Mapped[str]
    message_id: Mapped[str]
    sender: Mapped[str]
    subject: Mapped[str]
    size: Mapped[int]
    received_at: Mapped[datetime]
    """When our own mail server took it, as it says; never the date its sender wrote."""
    taken_at: Mapped[datetime]
    kind: Mapped[str]
    why: Mapped[str]
    """A code for what was ignored, the fault for what was parked."""
    letter_id: Mapped[int | None] = mapped_column(ForeignKey("letter.id"))


class BounceRow(Base):
    """What a mail server reported of one recipient of a letter (RFC 3464), and what was made of it."""

    __tablename__ = "bounce"
    __table_args__ = (Index("ix_bounce_letter_id", "letter_id"),)

    id: Mapped[Id]
    organisation_id: Mapped[OrganisationId]
    incoming_id: Mapped[int] = mapped_column(ForeignKey("incoming.id"))
    letter_id: Mapped[int | None] = mapped_column(ForeignKey("letter.id"))
    address: Mapped[str]
    action: Mapped[str]
    status: Mapped[str]
    """The enhanced code (RFC 3463), such as 5.1.1; "" where none was given."""
    diagnostic: Mapped[str]
    verdict: Mapped[str]
    signed: Mapped[bool]
    """It came to the letter's own signed return path, which nobody else can make up."""
    at: Mapped[datetime]


class DeadAddress(Base):
    """An address that does not exist any more, since a bounce said so, until a person clears it."""

    __tablename__ = "dead_address"
    __table_args__ = (
        Index(
            "uq_dead_address_open",
            "organisation_id",
            "email_key",
            unique=True,
            sqlite_where=text("cleared_at IS NULL"),
            postgresql_where=text("cleared_at IS NULL"),
        ),
    )

    id: Mapped[Id]
    organisation_id: Mapped[OrganisationId]
    email_key: Mapped[str]
    since: Mapped[datetime]
    bounce_id: Mapped[int] = mapped_column(ForeignKey("bounce.id"))
    told_at: Mapped[datetime | None]
    """When the coordinator's letter that names it was kept."""
    cleared_at: Mapped[datetime | None]
    cleared_by: Mapped[str | None]


class AnswerRow(Base):
    """A reader's answer by mail: what it seems to say, until the coordinator confirms or rejects it."""

    __tablename__ = "answer"
    __table_args__ = (
        UniqueConstraint("incoming_id"),
        CheckConstraint("state IN ('open', 'confirmed', 'rejected', 'ignored')", name="state"),
        CheckConstraint("kind IN ('done', 'more_time', 'acknowledged', 'message')", name="kind"),
        CheckConstraint("sender_is IN ('reader', 'colleague', 'stranger')", name="sender_is"),
        Index("ix_answer_state", "organisation_id", "state"),
        Index("ix_answer_task_id", "task_id"),
    )

    id: Mapped[Id]
    organisation_id: Mapped[OrganisationId]
    incoming_id: Mapped[int] = mapped_column(ForeignKey("incoming.id"))
    received_at: Mapped[datetime]
    sender: Mapped[str]
    sender_is: Mapped[str]
    """The letter's own reader, another person of the directory, or an address nobody there has."""
    person: Mapped[str | None]
    """Who wrote, if the directory knows the address."""
    letter_id: Mapped[int | None] = mapped_column(ForeignKey("letter.id"))
    task_id: Mapped[int | None] = mapped_column(ForeignKey("task.id"))
    unit: Mapped[str | None]
    occurrence: Mapped[str | None]
    kind: Mapped[str]
    fields: Mapped[JsonDict]
    """What was read out of the words (``tasks_catalog.suggestion.Suggestion``)."""
    subject: Mapped[str]
    text: Mapped[str]
    files: Mapped[JsonList]
    """Attachments kept under the office's ``inbox/``: name, type, size, sha256."""
    state: Mapped[str]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None]
    note: Mapped[str]
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id"))
