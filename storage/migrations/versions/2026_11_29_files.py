"""Files handed in as proof: what each is called, what it is, from whom.

Revision ID: 2026_11_29_files
Revises: 2026_11_28_inbox
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2026_11_29_files"
down_revision = "2026_11_28_inbox"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "kept_file",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("organisation_id", WHOLE, nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", WHOLE, nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_file")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_kept_file_organisation_id_organisation")
        ),
        sa.UniqueConstraint("organisation_id", "sha256", name=op.f("uq_kept_file_organisation_id_sha256")),
    )


def downgrade() -> None:
    op.drop_table("kept_file")
