"""The figures objectives set are kept beside the task, and what units report of them beside the share.

Plans imported before get the targets their first document sets, as this version reads them: once, here,
so that a better reader later changes no plan at work. Their events of import stay as they are; replaying
takes the targets from ``task.targets``. What an earlier revision made of an objective is not read again:
its event says nothing of targets, and journal and tables must agree (``dondoc task correct --field
targets`` puts it right).

Revision ID: 2026_11_25_targets
Revises: 2026_11_25_mail
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from tasks_catalog.targets import Target, targets_of

revision = "2026_11_25_targets"
down_revision = "2026_11_25_mail"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
EMPTY = sa.text("'[]'")


def upgrade() -> None:
    op.add_column("task", sa.Column("targets", JSON, nullable=False, server_default=EMPTY))
    op.add_column("task", sa.Column("current_targets", JSON, nullable=False, server_default=EMPTY))
    op.add_column("share", sa.Column("measures", JSON, nullable=True))
    _read_targets()


def downgrade() -> None:
    """Refuse: going back would drop figures reported. Restore a backup instead."""
    raise RuntimeError("figures reported are not dropped; restore a backup instead")


def _read_targets() -> None:
    task = sa.table("task", sa.column("id"), sa.column("objective"), *_columns("targets", "current_targets"))
    rows = op.get_bind().execute(sa.select(task.c.id, task.c.objective).where(task.c.objective != ""))
    for row, objective in rows.all():
        targets = [_plain(target) for target in targets_of(objective)]
        if targets:
            change = sa.update(task).where(task.c.id == row)
            op.execute(change.values(targets=targets, current_targets=targets))


def _columns(*names: str) -> list[sa.ColumnClause[object]]:
    return [sa.column(name, JSON) for name in names]


def _plain(target: Target) -> dict[str, str]:
    """Return a target as it is kept: the fields of ``Target`` in this version, the number as a string."""
    return {
        "comparison": target.comparison,
        "value": str(target.value),
        "unit": target.unit,
        "of": target.of,
        "text": target.text,
    }
