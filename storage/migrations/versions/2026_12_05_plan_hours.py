"""Sending hours of a plan, where it has its own.

Revision ID: 2026_12_05_plan_hours
Revises: 2026_12_05_calendar_and_wording
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2026_12_05_plan_hours"
down_revision = "2026_12_05_calendar_and_wording"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "plan_hours",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("organisation_id", WHOLE, nullable=False),
        sa.Column("plan_id", WHOLE, nullable=False),
        sa.Column("first", sa.Time(), nullable=False),
        sa.Column("until", sa.Time(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_hours")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_plan_hours_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_plan_hours_plan_id_plan")),
        sa.UniqueConstraint("plan_id", name=op.f("uq_plan_hours_plan_id")),
    )


def downgrade() -> None:
    op.drop_table("plan_hours")
