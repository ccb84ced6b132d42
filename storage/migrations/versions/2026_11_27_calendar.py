"""Calendars: what letters put into people's calendars, and feeds.

Revision ID: 2026_11_27_calendar
Revises: 2026_11_26_absence
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "2026_11_27_calendar"
down_revision = "2026_11_26_absence"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _create(
        "published_event",
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("uid", sa.Text(), nullable=False),
        _refers("published_event", "plan_id", "plan"),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("row", WHOLE, nullable=True),
        sa.Column("occurrence", sa.Text(), nullable=True),
        sa.Column("period", sa.Text(), nullable=True),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("sequence", WHOLE, nullable=False),
        sa.Column("base", WHOLE, nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        _refers("published_event", "letter_id", "letter"),
        sa.Column("at", MOMENT, nullable=False),
        _once("published_event", "person", "uid"),
        sa.CheckConstraint("method IN ('PUBLISH', 'CANCEL')", name="method"),
    )
    _create(
        "feed",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("serial", WHOLE, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("revoked_at", MOMENT, nullable=True),
        _once("feed", "kind", "code"),
        sa.CheckConstraint("kind IN ('person', 'unit')", name="kind"),
    )


def downgrade() -> None:
    """Refuse: what stands in people's calendars could not be taken out again."""
    raise RuntimeError("what was put into people's calendars is not forgotten; restore a backup instead")


def _create(table: str, *parts: sa.Column[Any] | sa.Constraint) -> None:
    """Create a table with what every table has: its own id and its organisation."""
    organisation = sa.ForeignKey("organisation.id", name=f"fk_{table}_organisation_id_organisation")
    op.create_table(
        table,
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("organisation_id", WHOLE, organisation, nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        *parts,
    )


def _refers(table: str, column: str, to: str) -> sa.Column[Any]:
    key = sa.ForeignKey(f"{to}.id", name=f"fk_{table}_{column}_{to}")
    return sa.Column(column, WHOLE, key, nullable=False)


def _once(table: str, *columns: str) -> sa.UniqueConstraint:
    once = ("organisation_id", *columns)
    return sa.UniqueConstraint(*once, name=f"uq_{table}_{'_'.join(once)}")
