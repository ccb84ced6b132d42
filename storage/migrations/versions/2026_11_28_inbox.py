"""What comes back by mail: messages taken, bounces, dead addresses, answers to confirm.

Revision ID: 2026_11_28_inbox
Revises: 2026_11_27_calendar
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "2026_11_28_inbox"
down_revision = "2026_11_27_calendar"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
VALUE = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    _create(
        "incoming",
        *(_text(name) for name in ("key", "sha256", "message_id", "sender", "subject")),
        sa.Column("size", WHOLE, nullable=False),
        _moment("received_at"),
        _moment("taken_at"),
        _text("kind"),
        _text("why"),
        _refers("incoming", "letter_id", "letter", nullable=True),
        sa.UniqueConstraint("organisation_id", "key", name="uq_incoming_once"),
        sa.CheckConstraint(
            "kind IN ('answer', 'bounce', 'abuse', 'ignored', 'parked', 'too_large')",
            name=op.f("ck_incoming_kind"),
        ),
    )
    op.create_index("ix_incoming_kind", "incoming", ["organisation_id", "kind"])
    _create(
        "bounce",
        _refers("bounce", "incoming_id", "incoming"),
        _refers("bounce", "letter_id", "letter", nullable=True),
        *(_text(name) for name in ("address", "action", "status", "diagnostic", "verdict")),
        sa.Column("signed", sa.Boolean(), nullable=False),
        _moment("at"),
    )
    op.create_index("ix_bounce_letter_id", "bounce", ["letter_id"])
    _create(
        "dead_address",
        _text("email_key"),
        _moment("since"),
        _refers("dead_address", "bounce_id", "bounce"),
        _moment("told_at", nullable=True),
        _moment("cleared_at", nullable=True),
        _text("cleared_by", nullable=True),
    )
    still = sa.text("cleared_at IS NULL")
    op.create_index(
        "uq_dead_address_open",
        "dead_address",
        ["organisation_id", "email_key"],
        unique=True,
        sqlite_where=still,
        postgresql_where=still,
    )
    _create_answer()


def _create_answer() -> None:
    _create(
        "answer",
        _refers("answer", "incoming_id", "incoming"),
        _moment("received_at"),
        _text("sender"),
        _text("sender_is"),
        _text("person", nullable=True),
        _refers("answer", "letter_id", "letter", nullable=True),
        _refers("answer", "task_id", "task", nullable=True),
        _text("unit", nullable=True),
        _text("occurrence", nullable=True),
        _text("kind"),
        sa.Column("fields", VALUE, nullable=False),
        _text("subject"),
        _text("text"),
        sa.Column("files", VALUE, nullable=False),
        _text("state"),
        _moment("decided_at", nullable=True),
        _text("decided_by", nullable=True),
        _text("note"),
        _refers("answer", "event_id", "event", nullable=True),
        sa.UniqueConstraint("incoming_id", name="uq_answer_incoming_id"),
        sa.CheckConstraint(
            "state IN ('open', 'confirmed', 'rejected', 'ignored')", name=op.f("ck_answer_state")
        ),
        sa.CheckConstraint(
            "kind IN ('done', 'more_time', 'acknowledged', 'message')", name=op.f("ck_answer_kind")
        ),
        sa.CheckConstraint(
            "sender_is IN ('reader', 'colleague', 'stranger')", name=op.f("ck_answer_sender_is")
        ),
    )
    op.create_index("ix_answer_state", "answer", ["organisation_id", "state"])
    op.create_index("ix_answer_task_id", "answer", ["task_id"])


def downgrade() -> None:
    """Refuse: going back would drop the record. Restore a backup instead."""
    raise RuntimeError("what came back by mail is not dropped; restore a backup instead")


def _create(table: str, *parts: sa.schema.SchemaItem) -> None:
    """Create a table with what every table has: its own id and its organisation."""
    organisation = sa.ForeignKey("organisation.id", name=f"fk_{table}_organisation_id_organisation")
    op.create_table(
        table,
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("organisation_id", WHOLE, organisation, nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        *parts,
    )


def _refers(table: str, column: str, to: str, *, nullable: bool = False) -> sa.Column[Any]:
    key = sa.ForeignKey(f"{to}.id", name=f"fk_{table}_{column}_{to}")
    return sa.Column(column, WHOLE, key, nullable=nullable)


def _text(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, MOMENT, nullable=nullable)
