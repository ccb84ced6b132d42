"""A unit may have a deputy director in charge of its own.

Revision ID: 2026_12_05_unit_deputy
Revises: 2026_12_05_accounts
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2026_12_05_unit_deputy"
down_revision = "2026_12_05_accounts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("unit", sa.Column("deputy", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("unit", "deputy")
