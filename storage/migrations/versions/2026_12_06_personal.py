"""Who looked at whose personal data, and whose was erased.

Revision ID: 2026_12_06_personal
Revises: 2026_12_05_api
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "2026_12_06_personal"
down_revision = "2026_12_05_api"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
VALUE = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "personal_view",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("organisation_id", WHOLE, nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("page", sa.Text(), nullable=False),
        sa.Column("hour", MOMENT, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_personal_view")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_personal_view_organisation_id_organisation"),
        ),
        sa.UniqueConstraint("organisation_id", "by", "about", "page", "hour", name="uq_personal_view_once"),
    )
    op.create_index("ix_personal_view_about", "personal_view", ["organisation_id", "about", "id"])
    op.create_table(
        "personal_erasure",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("organisation_id", WHOLE, nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("counts", VALUE, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_personal_erasure")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_personal_erasure_organisation_id_organisation"),
        ),
    )
    op.create_index("ix_personal_erasure_person", "personal_erasure", ["organisation_id", "person"])


def downgrade() -> None:
    op.drop_table("personal_erasure")
    op.drop_table("personal_view")
