"""What units say of conditions, and the indexes by which one unit's work is found among all.

Revision ID: 2026_12_02_mine
Revises: 2026_12_01_overview
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "2026_12_02_mine"
down_revision = "2026_12_01_overview"
branch_labels = None
depends_on = None

VALUE = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
INDEXES: tuple[tuple[str, str, list[str], str | None], ...] = (
    ("ix_task_arisen", "task", ["organisation_id"], "arisen IS NOT NULL"),
    ("ix_task_owner_code", "task_owner", ["organisation_id", "code", "role", "task_id"], None),
    (
        "ix_share_work",
        "share",
        ["organisation_id", "unit", "is_live", "role", "lapses", "officer"],
        "period IS NULL",
    ),
    (
        "ix_share_sheet",
        "share",
        ["organisation_id", "unit", "is_live", "plan_id", "period", "role", "officer", "lapses"],
        "period IS NOT NULL",
    ),
    (
        "ix_share_stopped",
        "share",
        ["organisation_id", "unit", "is_live", "lapses", "officer"],
        "waiting IS NOT NULL OR request IS NOT NULL",
    ),
)


def upgrade() -> None:
    op.add_column("task", sa.Column("arisen", VALUE, nullable=True))
    for name, table, columns, only in INDEXES:
        where = sa.text(only) if only else None
        op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    for name, table, _, _ in INDEXES:
        op.drop_index(name, table)
    op.drop_column("task", "arisen")
