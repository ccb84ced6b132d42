"""An organisation may have a superior body in the same database.

Revision ID: 2026_12_05_superior
Revises: 2026_12_04_office_changes
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2026_12_05_superior"
down_revision = "2026_12_04_office_changes"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        # In place: copying the table would loosen every reference to it.
        op.execute(
            "ALTER TABLE organisation ADD COLUMN superior_id INTEGER"
            " CONSTRAINT fk_organisation_superior_id_organisation REFERENCES organisation (id)"
        )
    else:
        op.add_column("organisation", sa.Column("superior_id", WHOLE, nullable=True))
        op.create_foreign_key(
            "fk_organisation_superior_id_organisation",
            "organisation",
            "organisation",
            ["superior_id"],
            ["id"],
        )
    op.create_index("ix_organisation_superior_id", "organisation", ["superior_id"])


def downgrade() -> None:
    op.drop_index("ix_organisation_superior_id", "organisation")
    op.drop_column("organisation", "superior_id")
