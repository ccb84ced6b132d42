"""Counted standings, and the words of tasks to search in. Plans are counted at their first use.

Revision ID: 2026_11_30_counted
Revises: 2026_11_29_files
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "2026_11_30_counted"
down_revision = "2026_11_29_files"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
VALUE = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
ORDERED = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")

_SEARCHING = {
    "sqlite": (
        # Words come folded and parted by single spaces; a plan's own word is of the private use area.
        """CREATE VIRTUAL TABLE task_search USING fts5(
               words, content='task_words', content_rowid='task_id', detail=none, prefix='2 3',
               tokenize="unicode61 remove_diacritics 0 categories 'L* N* Co'")""",
        """CREATE TRIGGER task_words_new AFTER INSERT ON task_words BEGIN
               INSERT INTO task_search (rowid, words) VALUES (new.task_id, new.words); END""",
        """CREATE TRIGGER task_words_gone AFTER DELETE ON task_words BEGIN
               INSERT INTO task_search (task_search, rowid, words)
               VALUES ('delete', old.task_id, old.words); END""",
        """CREATE TRIGGER task_words_other AFTER UPDATE ON task_words BEGIN
               INSERT INTO task_search (task_search, rowid, words)
               VALUES ('delete', old.task_id, old.words);
               INSERT INTO task_search (rowid, words) VALUES (new.task_id, new.words); END""",
    ),
    "postgresql": (
        """CREATE INDEX ix_task_words_search ON task_words
           USING gin (array_to_tsvector(string_to_array(words, ' ')))""",
    ),
}


def upgrade() -> None:
    op.create_table(
        "plan_counted",
        _owned("plan_counted", "plan_id", "plan"),
        _organisation("plan_counted"),
        _date("counted_to"),
        _date("moving_to", nullable=True),
        _whole("through", nullable=True),
        sa.PrimaryKeyConstraint("plan_id", name="pk_plan_counted"),
    )
    _create_task_standing()
    op.create_table(
        "task_words",
        _owned("task_words", "task_id", "task"),
        _organisation("task_words"),
        _whole("plan_id"),
        _text("words"),
        sa.PrimaryKeyConstraint("task_id", name="pk_task_words"),
    )
    _create(
        "share_standing",
        *(_whole(name) for name in ("plan_id", "task_id", "row")),
        *(_text(name) for name in ("occurrence", "unit", "kind")),
        _whole("rank"),
        _date("due"),
        sa.UniqueConstraint(
            "task_id", "occurrence", "unit", name="uq_share_standing_task_id_occurrence_unit"
        ),
    )
    op.create_index("ix_share_standing_unit", "share_standing", ["plan_id", "unit", "row", "id", "rank"])
    _create("plan_count", _whole("plan_id"), *map(_text, ("what", "key", "kind")), _whole("number"))
    op.create_index("ix_plan_count_what", "plan_count", ["plan_id", "what"])
    _create(
        "plan_day",
        _whole("plan_id"),
        _date("day"),
        _whole("done"),
        _whole("total"),
        sa.Column("counts", VALUE, nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.UniqueConstraint("plan_id", "day", name="uq_plan_day_plan_id_day"),
    )
    for statement in _SEARCHING[op.get_bind().dialect.name]:
        op.execute(statement)


def _create_task_standing() -> None:
    op.create_table(
        "task_standing",
        _owned("task_standing", "task_id", "task"),
        _organisation("task_standing"),
        _whole("plan_id"),
        _whole("row"),
        _text("section"),
        _text("kind"),
        _whole("rank"),
        _text("why"),
        sa.Column("params", VALUE, nullable=False),
        _date("since", nullable=True),
        _date("turns_on", nullable=True),
        _date("due"),
        sa.Column("has_targets", sa.Boolean(), nullable=False),
        sa.Column("text_key", ORDERED, nullable=False),
        sa.Column("unit_key", ORDERED, nullable=False),
        sa.PrimaryKeyConstraint("task_id", name="pk_task_standing"),
        sa.UniqueConstraint("plan_id", "row", name="uq_task_standing_plan_id_row"),
    )
    for column in ("rank", "section", "due", "text_key", "unit_key", "since"):
        op.create_index(f"ix_task_standing_{column}", "task_standing", ["plan_id", column, "row"])
    op.create_index("ix_task_standing_turns_on", "task_standing", ["plan_id", "turns_on"])


def downgrade() -> None:
    """Refuse: the days kept of each plan cannot all be counted again. Restore a backup instead."""
    raise RuntimeError("the daily counts are not dropped; restore a backup instead")


def _create(table: str, *parts: sa.schema.SchemaItem) -> None:
    """Create a table with what most tables have: its own id and its organisation."""
    op.create_table(
        table,
        _whole("id"),
        _organisation(table),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        *parts,
    )


def _organisation(table: str) -> sa.Column[Any]:
    return _owned(table, "organisation_id", "organisation")


def _owned(table: str, column: str, to: str) -> sa.Column[Any]:
    key = sa.ForeignKey(f"{to}.id", name=f"fk_{table}_{column}_{to}")
    return sa.Column(column, WHOLE, key, nullable=False, autoincrement=False)


def _whole(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, WHOLE, nullable=nullable)


def _text(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=False)


def _date(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Date(), nullable=nullable)
