"""The first tables.

Revision ID: 2026_11_23_first
Revises: none
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_11_23_first"
down_revision = None
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
APPEND_ONLY = ("event", "snapshot")


def upgrade() -> None:
    _create_directory()
    _create_plans()
    _create_journal()
    _create_shares()
    _create_letters()
    _create_snapshots()
    for table in APPEND_ONLY:
        _refuse_changes(table)


def downgrade() -> None:
    """Refuse: going back would drop the record. Restore a backup instead."""
    raise RuntimeError("the first tables are not dropped; restore a backup instead")


def _create_directory() -> None:
    op.create_table(
        "organisation",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("superior", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint("kind IN ('live', 'simulated')", name=op.f("ck_organisation_kind")),
        sa.PrimaryKeyConstraint("id", name="pk_organisation"),
        sa.UniqueConstraint("code", name="uq_organisation_code"),
    )
    _create(
        "unit",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("focal_point", sa.Text(), nullable=True),
        sa.Column("position", WHOLE, nullable=False),
        sa.UniqueConstraint("organisation_id", "code", name="uq_unit_organisation_id_code"),
    )
    _create(
        "unit_alias",
        sa.Column(
            "unit_id", WHOLE, sa.ForeignKey("unit.id", name="fk_unit_alias_unit_id_unit"), nullable=False
        ),
        sa.Column("position", WHOLE, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.UniqueConstraint("unit_id", "position", name="uq_unit_alias_unit_id_position"),
    )
    _create(
        "unit_group",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("position", WHOLE, nullable=False),
        sa.UniqueConstraint("organisation_id", "code", name="uq_unit_group_organisation_id_code"),
    )
    _create(
        "group_alias",
        sa.Column(
            "group_id",
            WHOLE,
            sa.ForeignKey("unit_group.id", name="fk_group_alias_group_id_unit_group"),
            nullable=False,
        ),
        sa.Column("position", WHOLE, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.UniqueConstraint("group_id", "position", name="uq_group_alias_group_id_position"),
    )
    _create(
        "group_member",
        sa.Column(
            "group_id",
            WHOLE,
            sa.ForeignKey("unit_group.id", name="fk_group_member_group_id_unit_group"),
            nullable=False,
        ),
        sa.Column("position", WHOLE, nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.UniqueConstraint("group_id", "position", name="uq_group_member_group_id_position"),
    )
    _create(
        "person",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("email_key", sa.Text(), nullable=True),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("post", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("in_charge", sa.Boolean(), nullable=False),
        sa.Column("position", WHOLE, nullable=False),
        sa.UniqueConstraint("organisation_id", "code", name="uq_person_organisation_id_code"),
    )
    op.create_index(
        "uq_person_active_email",
        "person",
        ["organisation_id", "email_key"],
        unique=True,
        sqlite_where=sa.text("active"),
        postgresql_where=sa.text("active"),
    )


def _create_plans() -> None:
    _create(
        "plan",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("issued", sa.Date(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("year", WHOLE, nullable=False),
        sa.Column("settings", JSON, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("activated_on", sa.Date(), nullable=True),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("source_name", sa.Text(), nullable=False),
        sa.Column("source_sha256", sa.Text(), nullable=False),
        sa.Column("imported_at", MOMENT, nullable=False),
        sa.CheckConstraint("state IN ('imported', 'active', 'ended')", name=op.f("ck_plan_state")),
        sa.UniqueConstraint(
            "organisation_id", "number", "issued", name="uq_plan_organisation_id_number_issued"
        ),
    )
    _create(
        "plan_ladder",
        sa.Column(
            "plan_id", WHOLE, sa.ForeignKey("plan.id", name="fk_plan_ladder_plan_id_plan"), nullable=False
        ),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("rungs", JSON, nullable=False),
        sa.UniqueConstraint("plan_id", "since", name="uq_plan_ladder_plan_id_since"),
    )
    _create(
        "task",
        sa.Column("plan_id", WHOLE, sa.ForeignKey("plan.id", name="fk_task_plan_id_plan"), nullable=False),
        sa.Column("row", WHOLE, nullable=False),
        sa.Column("stt", sa.Text(), nullable=False),
        sa.Column("section", sa.Text(), nullable=False),
        sa.Column("group_name", sa.Text(), nullable=False),
        sa.Column("objective", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("product", sa.Text(), nullable=False),
        sa.Column("lead_text", sa.Text(), nullable=False),
        sa.Column("cooperating_text", sa.Text(), nullable=False),
        sa.Column("deadline_text", sa.Text(), nullable=False),
        sa.Column("extra", JSON, nullable=False),
        sa.Column("place", JSON, nullable=True),
        sa.Column("current_text", sa.Text(), nullable=False),
        sa.Column("current_product", sa.Text(), nullable=False),
        sa.Column("current_section", sa.Text(), nullable=False),
        sa.Column("current_group", sa.Text(), nullable=False),
        sa.Column("deadline", JSON, nullable=False),
        sa.Column("planned", JSON, nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("closing", JSON, nullable=True),
        sa.UniqueConstraint("plan_id", "row", name="uq_task_plan_id_row"),
    )
    _create(
        "task_owner",
        sa.Column(
            "task_id", WHOLE, sa.ForeignKey("task.id", name="fk_task_owner_task_id_task"), nullable=False
        ),
        sa.Column("position", WHOLE, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("collective", sa.Boolean(), nullable=False),
        sa.CheckConstraint("role IN ('owner', 'co_owner')", name=op.f("ck_task_owner_role")),
        sa.UniqueConstraint("task_id", "position", name="uq_task_owner_task_id_position"),
    )


def _create_journal() -> None:
    _create(
        "event",
        sa.Column("plan_id", WHOLE, sa.ForeignKey("plan.id", name="fk_event_plan_id_plan"), nullable=False),
        sa.Column("task_id", WHOLE, sa.ForeignKey("task.id", name="fk_event_task_id_task"), nullable=True),
        sa.Column("occurrence", sa.Text(), nullable=True),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("payload", JSON, nullable=False),
        sa.Column("document", JSON, nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
    )
    op.create_index("ix_event_plan_id", "event", ["plan_id", "id"], unique=False)
    op.create_index("ix_event_task_id_on", "event", ["task_id", "on", "id"], unique=False)
    _create(
        "question",
        sa.Column(
            "plan_id", WHOLE, sa.ForeignKey("plan.id", name="fk_question_plan_id_plan"), nullable=False
        ),
        sa.Column("task_id", WHOLE, sa.ForeignKey("task.id", name="fk_question_task_id_task"), nullable=True),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("params", JSON, nullable=False),
        sa.Column("place", JSON, nullable=True),
        sa.Column("weight", sa.Text(), nullable=False),
        sa.Column(
            "answered_by_event",
            WHOLE,
            sa.ForeignKey("event.id", name="fk_question_answered_by_event_event"),
            nullable=True,
        ),
    )
    op.create_index("ix_question_plan_id", "question", ["plan_id"], unique=False)
    op.create_index("ix_question_task_id", "question", ["task_id"], unique=False)


def _create_shares() -> None:
    _create(
        "occurrence",
        sa.Column(
            "plan_id", WHOLE, sa.ForeignKey("plan.id", name="fk_occurrence_plan_id_plan"), nullable=False
        ),
        sa.Column(
            "task_id", WHOLE, sa.ForeignKey("task.id", name="fk_occurrence_task_id_task"), nullable=False
        ),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("lapses", sa.Date(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("recurring", sa.Boolean(), nullable=False),
        sa.Column("period", sa.Text(), nullable=True),
        sa.Column("opens", sa.Date(), nullable=True),
        sa.UniqueConstraint("task_id", "key", name="uq_occurrence_task_id_key"),
    )
    op.create_index("ix_occurrence_plan_id", "occurrence", ["plan_id"], unique=False)
    _create(
        "share",
        sa.Column("plan_id", WHOLE, sa.ForeignKey("plan.id", name="fk_share_plan_id_plan"), nullable=False),
        sa.Column("task_id", WHOLE, sa.ForeignKey("task.id", name="fk_share_task_id_task"), nullable=False),
        sa.Column(
            "occurrence_id",
            WHOLE,
            sa.ForeignKey("occurrence.id", name="fk_share_occurrence_id_occurrence"),
            nullable=False,
        ),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("is_live", sa.Boolean(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("lapses", sa.Date(), nullable=False),
        sa.Column("first_due", sa.Date(), nullable=False),
        sa.Column("recurring", sa.Boolean(), nullable=False),
        sa.Column("period", sa.Text(), nullable=True),
        sa.Column("epoch", WHOLE, nullable=False),
        sa.Column("epoch_began", sa.Date(), nullable=False),
        sa.Column("epoch_cause", sa.Text(), nullable=False),
        sa.Column("before_tracking", sa.Boolean(), nullable=False),
        sa.Column("officer", sa.Text(), nullable=True),
        sa.Column("report", JSON, nullable=True),
        sa.Column("accepted_on", sa.Date(), nullable=True),
        sa.Column("product_date_counts", sa.Boolean(), nullable=False),
        sa.Column("waiting", JSON, nullable=True),
        sa.Column("holds", JSON, nullable=True),
        sa.Column("expected", sa.Date(), nullable=True),
        sa.Column("request", JSON, nullable=True),
        sa.Column("extensions", JSON, nullable=True),
        sa.Column("snoozed_until", sa.Date(), nullable=True),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.CheckConstraint("role IN ('owner', 'co_owner')", name=op.f("ck_share_role")),
        sa.UniqueConstraint("occurrence_id", "unit", name="uq_share_occurrence_id_unit"),
    )
    op.create_index("ix_share_plan_live", "share", ["plan_id", "is_live", "lapses"], unique=False)
    op.create_index("ix_share_task_id", "share", ["task_id"], unique=False)
    op.create_index(
        "ix_share_unit_live", "share", ["organisation_id", "unit", "is_live", "lapses"], unique=False
    )


def _create_letters() -> None:
    _create(
        "letter",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", WHOLE, nullable=False),
        sa.Column("next_attempt_at", MOMENT, nullable=True),
        sa.Column("lease_until", MOMENT, nullable=True),
        sa.Column("claimed_by", sa.Text(), nullable=True),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body_text", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("payload", JSON, nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("sent_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'posting', 'sent', 'deferred', 'dead', 'unknown', 'cancelled')",
            name=op.f("ck_letter_state"),
        ),
        sa.UniqueConstraint("message_id", name="uq_letter_message_id"),
        sa.UniqueConstraint("organisation_id", "kind", "person", "day", "about", name="uq_letter_once"),
    )
    op.create_index(
        "ix_letter_state", "letter", ["organisation_id", "state", "next_attempt_at"], unique=False
    )
    _create(
        "notice",
        sa.Column(
            "share_id", WHOLE, sa.ForeignKey("share.id", name="fk_notice_share_id_share"), nullable=False
        ),
        sa.Column("epoch", WHOLE, nullable=False),
        sa.Column("rung", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("fire_on", sa.Date(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("route", sa.Text(), nullable=False),
        sa.Column("params", JSON, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("settled_at", MOMENT, nullable=True),
        sa.Column(
            "letter_id", WHOLE, sa.ForeignKey("letter.id", name="fk_notice_letter_id_letter"), nullable=True
        ),
        sa.CheckConstraint(
            "state IN ('waiting', 'sent', 'superseded', 'cancelled', 'dead')", name=op.f("ck_notice_state")
        ),
        sa.UniqueConstraint("share_id", "epoch", "rung", "person", "channel", name="uq_notice_once"),
    )
    op.create_index("ix_notice_letter_id", "notice", ["letter_id"], unique=False)
    op.create_index("ix_notice_state", "notice", ["organisation_id", "state"], unique=False)


def _create_snapshots() -> None:
    _create(
        "snapshot",
        sa.Column(
            "plan_id", WHOLE, sa.ForeignKey("plan.id", name="fk_snapshot_plan_id_plan"), nullable=False
        ),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("content", JSON, nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("taken_at", MOMENT, nullable=False),
        sa.UniqueConstraint("plan_id", "period", "as_of", name="uq_snapshot_plan_id_period_as_of"),
    )


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
