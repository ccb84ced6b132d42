"""Plans handed in through the board, and the answers given before they are imported.

Revision ID: 2026_12_03_uploads
Revises: 2026_12_02_mine
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "2026_12_03_uploads"
down_revision = "2026_12_02_mine"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
VALUE = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "upload",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("organisation_id", WHOLE, nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("size", WHOLE, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("answers", VALUE, nullable=False),
        sa.Column("counted", VALUE, nullable=False),
        sa.Column("plan_id", WHOLE, nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_upload_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_upload_plan_id_plan")),
        sa.CheckConstraint(
            "state IN ('read', 'imported', 'revised', 'set_aside')", name=op.f("ck_upload_state")
        ),
    )
    op.create_index("ix_upload_organisation_id", "upload", ["organisation_id", "id"])


def downgrade() -> None:
    op.drop_table("upload")
