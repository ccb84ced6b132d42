"""Letters: when their content began to leave, each attempt, and the links in them.

Revision ID: 2026_11_25_mail
Revises: 2026_11_23_first
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "2026_11_25_mail"
down_revision = "2026_11_23_first"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
APPEND_ONLY = ("letter_attempt", "link_use")


def upgrade() -> None:
    op.add_column("letter", sa.Column("handed_at", MOMENT, nullable=True))
    _create(
        "letter_attempt",
        _refers("letter_attempt", "letter_id", "letter", nullable=False),
        sa.Column("number", WHOLE, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
    )
    op.create_index("ix_letter_attempt_letter_id", "letter_attempt", ["letter_id"])
    _create(
        "link_revocation",
        _refers("link_revocation", "letter_id", "letter", nullable=True),
        sa.Column("person", sa.Text(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
    )
    op.create_index("ix_link_revocation_organisation_id", "link_revocation", ["organisation_id"])
    _create(
        "link_use",
        _refers("link_use", "letter_id", "letter", nullable=False),
        _refers("link_use", "notice_id", "notice", nullable=True),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
    )
    op.create_index("ix_link_use_letter_id", "link_use", ["letter_id"])
    for table in APPEND_ONLY:
        _refuse_changes(table)


def downgrade() -> None:
    """Refuse: going back would drop the record. Restore a backup instead."""
    raise RuntimeError("what became of letters is not dropped; restore a backup instead")


def _create(table: str, *parts: sa.Column[Any]) -> None:
    """Create a table with what every table has: its own id and its organisation."""
    organisation = sa.ForeignKey("organisation.id", name=f"fk_{table}_organisation_id_organisation")
    op.create_table(
        table,
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("organisation_id", WHOLE, organisation, nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        *parts,
    )


def _refers(table: str, column: str, to: str, *, nullable: bool) -> sa.Column[Any]:
    key = sa.ForeignKey(f"{to}.id", name=f"fk_{table}_{column}_{to}")
    return sa.Column(column, WHOLE, key, nullable=nullable)


def _refuse_changes(table: str) -> None:
    """Make the database itself refuse to change or delete what the table holds."""
    if op.get_bind().dialect.name == "sqlite":
        for change in ("update", "delete"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{change} BEFORE {change.upper()} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION {table}_is_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{table} is append-only'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_is_append_only()"
    )
