"""Indexes for the overview: the journal by day, shares by due date, what waits for a decision.

Revision ID: 2026_12_01_overview
Revises: 2026_11_30_counted
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2026_12_01_overview"
down_revision = "2026_11_30_counted"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_event_plan_on", "event", ["plan_id", "on", "kind"])
    op.create_index(
        "ix_share_plan_due",
        "share",
        ["plan_id", "due", "role", "withdrawn_on", "task_id", "is_live", "unit", "lapses"],
    )
    _create_partial("ix_share_to_accept", "report IS NOT NULL AND accepted_on IS NULL")
    _create_partial("ix_share_asked", "request IS NOT NULL")


def _create_partial(name: str, where: str) -> None:
    only = sa.text(where)
    op.create_index(name, "share", ["plan_id"], sqlite_where=only, postgresql_where=only)


def downgrade() -> None:
    for name, table in (
        ("ix_share_asked", "share"),
        ("ix_share_to_accept", "share"),
        ("ix_share_plan_due", "share"),
        ("ix_event_plan_on", "event"),
    ):
        op.drop_index(name, table)
