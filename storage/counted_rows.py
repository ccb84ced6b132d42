"""The tables of counted standings: all of it derived, and at any time rebuilt from the facts.

No key but the task's own leads out of them: counting must not wait for who holds a plan's row.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.columns import Base, Id, JsonDict, OrganisationId

ORDERED = Text().with_variant(Text(collation="C"), "postgresql")
"""A key that sorts by its code points, as SQLite does by itself."""


class PlanCounted(Base):
    """To which day's close a plan is counted. Decisions share this row; moving the day has it alone."""

    __tablename__ = "plan_counted"

    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"), primary_key=True, autoincrement=False)
    organisation_id: Mapped[OrganisationId]
    counted_to: Mapped[date]
    moving_to: Mapped[date | None]
    """While a move takes several transactions: the day whose close some of the tasks tell already."""
    through: Mapped[int | None]
    """While the plan is counted anew: the last row that is counted."""


class TaskStanding(Base):
    """How a task counts at the close of the day its plan is counted to; what its lists sort by."""

    __tablename__ = "task_standing"
    __table_args__ = (
        UniqueConstraint("plan_id", "row"),
        Index("ix_task_standing_rank", "plan_id", "rank", "row"),
        Index("ix_task_standing_section", "plan_id", "section", "row"),
        Index("ix_task_standing_due", "plan_id", "due", "row"),
        Index("ix_task_standing_text_key", "plan_id", "text_key", "row"),
        Index("ix_task_standing_unit_key", "plan_id", "unit_key", "row"),
        Index("ix_task_standing_turns_on", "plan_id", "turns_on"),
        Index("ix_task_standing_since", "plan_id", "since", "row"),
    )

    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"), primary_key=True, autoincrement=False)
    organisation_id: Mapped[OrganisationId]
    plan_id: Mapped[int]
    row: Mapped[int]
    section: Mapped[str]
    kind: Mapped[str]
    rank: Mapped[int]
    """The place of ``kind`` among the six as they are printed."""
    why: Mapped[str]
    params: Mapped[JsonDict]
    since: Mapped[date | None]
    """Of an overdue task the day its oldest open share lapsed; others have none."""
    turns_on: Mapped[date | None]
    due: Mapped[date]
    """The earliest date it owes something by; the end of time for none, which so sorts last."""
    has_targets: Mapped[bool]
    text_key: Mapped[str] = mapped_column(ORDERED)
    unit_key: Mapped[str] = mapped_column(ORDERED)


class TaskWords(Base):
    """A task's words folded for searching, its plan among them (``storage.searching``)."""

    __tablename__ = "task_words"

    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"), primary_key=True, autoincrement=False)
    organisation_id: Mapped[OrganisationId]
    plan_id: Mapped[int]
    words: Mapped[str]


class ShareStanding(Base):
    """How an owner's share counts: what the lists of one unit read."""

    __tablename__ = "share_standing"
    __table_args__ = (
        UniqueConstraint("task_id", "occurrence", "unit"),
        Index("ix_share_standing_unit", "plan_id", "unit", "row", "id", "rank"),
    )

    id: Mapped[Id]
    organisation_id: Mapped[OrganisationId]
    plan_id: Mapped[int]
    task_id: Mapped[int]
    row: Mapped[int]
    occurrence: Mapped[str]
    unit: Mapped[str]
    kind: Mapped[str]
    rank: Mapped[int]
    due: Mapped[date]


class PlanCount(Base):
    """What was added to, or taken from, one sum of a plan; the sum is that of all its lines.

    Lines are only ever added, so decisions do not wait for each other; moving the day folds them.
    """

    __tablename__ = "plan_count"
    __table_args__ = (Index("ix_plan_count_what", "plan_id", "what"),)

    id: Mapped[Id]
    organisation_id: Mapped[OrganisationId]
    plan_id: Mapped[int]
    what: Mapped[str]
    key: Mapped[str]
    kind: Mapped[str]
    number: Mapped[int]


class PlanDay(Base):
    """A plan's six counts at the close of a day, kept when the count moved to that day."""

    __tablename__ = "plan_day"
    __table_args__ = (UniqueConstraint("plan_id", "day"),)

    id: Mapped[Id]
    organisation_id: Mapped[OrganisationId]
    plan_id: Mapped[int]
    day: Mapped[date]
    done: Mapped[int]
    total: Mapped[int]
    counts: Mapped[JsonDict]
    late: Mapped[bool]
    """Counted only after something was decided on a later day, which it may tell already."""
