"""Days off and worked, and sentences of letters, as an office sets them.

Revision ID: 2026_12_05_calendar_and_wording
Revises: 2026_12_05_superior
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2026_12_05_calendar_and_wording"
down_revision = "2026_12_05_superior"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "swapped_day",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("organisation_id", WHOLE, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("worked", sa.Boolean(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_swapped_day")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_swapped_day_organisation_id_organisation"),
        ),
        sa.UniqueConstraint("organisation_id", "day", name=op.f("uq_swapped_day_organisation_id_day")),
    )
    op.create_table(
        "own_wording",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("organisation_id", WHOLE, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_wording")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_own_wording_organisation_id_organisation"),
        ),
        sa.UniqueConstraint(
            "organisation_id", "code", "language", name=op.f("uq_own_wording_organisation_id_code_language")
        ),
        sa.CheckConstraint("language IN ('vi', 'en')", name=op.f("ck_own_wording_language")),
    )


def downgrade() -> None:
    op.drop_table("own_wording")
    op.drop_table("swapped_day")
