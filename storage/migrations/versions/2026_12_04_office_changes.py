"""The record of what is changed in an office's settings.

Revision ID: 2026_12_04_office_changes
Revises: 2026_12_03_uploads
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from storage.append_only import refuse_changes

revision = "2026_12_04_office_changes"
down_revision = "2026_12_03_uploads"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
VALUE = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "office_change",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("organisation_id", WHOLE, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("undoes", WHOLE, nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office_change")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_office_change_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["undoes"], ["office_change.id"], name=op.f("fk_office_change_undoes_office_change")
        ),
        sa.UniqueConstraint("undoes", name="uq_office_change_undone_once"),
    )
    op.create_index("ix_office_change_subject", "office_change", ["organisation_id", "kind", "key", "id"])
    op.create_table(
        "office_change_values",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("organisation_id", WHOLE, nullable=False),
        sa.Column("change_id", WHOLE, nullable=False),
        sa.Column("before", VALUE, nullable=True),
        sa.Column("after", VALUE, nullable=True),
        sa.Column("erased", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office_change_values")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_office_change_values_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["change_id"],
            ["office_change.id"],
            name=op.f("fk_office_change_values_change_id_office_change"),
        ),
        sa.UniqueConstraint("change_id", name=op.f("uq_office_change_values_change_id")),
    )
    refuse_changes("office_change")


def downgrade() -> None:
    op.drop_table("office_change_values")
    op.drop_table("office_change")
