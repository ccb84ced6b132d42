"""Absences of people and their substitutes, and what each person prefers about letters.

Revision ID: 2026_11_26_absence
Revises: 2026_11_25_targets
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_11_26_absence"
down_revision = "2026_11_25_targets"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _create_absences()
    _create_preferences()


def downgrade() -> None:
    op.drop_table("preference")
    op.drop_table("absence")


def _create_absences() -> None:
    op.create_table(
        "absence",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("organisation_id", WHOLE, _organisation("absence"), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("substitute", sa.Text(), nullable=True),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("back_on", sa.Date(), nullable=True),
        sa.Column("back_by", sa.Text(), nullable=True),
        sa.Column("back_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_absence"),
        sa.CheckConstraint("first <= last", name=op.f("ck_absence_span")),
    )
    op.create_index("ix_absence_person", "absence", ["organisation_id", "person", "last"], unique=False)


def _create_preferences() -> None:
    op.create_table(
        "preference",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("organisation_id", WHOLE, _organisation("preference"), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("hour", sa.Time(), nullable=True),
        sa.Column("off", JSON, nullable=False),
        sa.Column("calendar", sa.Boolean(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_preference"),
        sa.UniqueConstraint("organisation_id", "person", name="uq_preference_organisation_id_person"),
    )


def _organisation(table: str) -> sa.ForeignKey:
    return sa.ForeignKey("organisation.id", name=f"fk_{table}_organisation_id_organisation")
