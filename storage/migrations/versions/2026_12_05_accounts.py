"""Signing in: accounts, sessions, one-time links, attempts, and the record of what was done to accounts.

Revision ID: 2026_12_05_accounts
Revises: 2026_12_05_webhooks
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.append_only import refuse_changes

revision = "2026_12_05_accounts"
down_revision = "2026_12_05_webhooks"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _table(
        "account",
        _text("person"),
        _text("password_hash", nullable=True),
        _moment("password_changed_at", nullable=True),
        _moment("made_at"),
        _text("made_by"),
        _moment("locked_at", nullable=True),
        _text("oidc_issuer", nullable=True),
        _text("oidc_subject", nullable=True),
        sa.UniqueConstraint("organisation_id", "person", name=op.f("uq_account_organisation_id_person")),
        sa.UniqueConstraint("organisation_id", "oidc_issuer", "oidc_subject", name="uq_account_subject"),
    )
    _table(
        "account_session",
        _text("person"),
        _text("digest"),
        _text("way"),
        _text("address"),
        _moment("made_at"),
        _moment("last_seen"),
        _moment("over_at"),
        _moment("ended_at", nullable=True),
        sa.UniqueConstraint("digest", name=op.f("uq_account_session_digest")),
    )
    _index("account_session", "person", "person", "over_at")
    _table(
        "account_link",
        _text("person"),
        _text("cause"),
        _text("by"),
        _moment("made_at"),
        _moment("until", nullable=True),
        _moment("used_at", nullable=True),
        _moment("void_at", nullable=True),
        sa.Column("letter_id", WHOLE, nullable=True),
        sa.ForeignKeyConstraint(["letter_id"], ["letter.id"], name=op.f("fk_account_link_letter_id_letter")),
        sa.CheckConstraint("cause IN ('first', 'invited', 'reset')", name=op.f("ck_account_link_cause")),
    )
    _index("account_link", "person", "person", "made_at")
    op.create_index("ix_account_link_letter_id", "account_link", ["letter_id"])
    _table(
        "sign_in_attempt",
        _text("account"),
        _text("person", nullable=True),
        _text("address"),
        _moment("at"),
        _text("outcome"),
    )
    _index("sign_in_attempt", "account", "account", "id")
    _index("sign_in_attempt", "address", "address", "at")
    _index("sign_in_attempt", "person", "person", "id")
    _table("account_event", _text("person"), _text("kind"), _text("by"), _moment("at"))
    _index("account_event", "person", "person", "id")
    refuse_changes("account_event")


def _table(name: str, *parts: sa.Column[Any] | sa.Constraint) -> None:
    op.create_table(
        name,
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("organisation_id", WHOLE, nullable=False),
        *parts,
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f(f"fk_{name}_organisation_id_organisation"),
        ),
    )


def _text(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _index(table: str, name: str, *columns: str) -> None:
    op.create_index(f"ix_{table}_{name}", table, _of_office(columns))


def _of_office(columns: Sequence[str]) -> list[str]:
    return ["organisation_id", *columns]


def downgrade() -> None:
    for table in ("account_event", "sign_in_attempt", "account_link", "account_session", "account"):
        op.drop_table(table)
