"""The tables: rows as they are kept, each with its organisation.

Words as written in a document are never updated; what decisions change stands in columns of its
own (``current_*``, ``deadline``, ``planned``). Units and people are referred to by their code, which
never changes, so that renaming, merging and leaving never break an old decision.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.account_rows import AccountEvent, AccountRow, OneTimeLinkRow, SessionRow, SignInAttempt
from storage.api_rows import ApiCall, ApiToken
from storage.calendar_rows import FeedRow, PublishedEvent
from storage.columns import Base, Id, JsonDict, JsonList, OrganisationId
from storage.counted_rows import PlanCount, PlanCounted, PlanDay, ShareStanding, TaskStanding, TaskWords
from storage.directory_rows import (
    AbsenceRow,
    GroupAlias,
    GroupMember,
    GroupRow,
    Organisation,
    PersonRow,
    PreferenceRow,
    UnitAlias,
    UnitRow,
)
from storage.file_rows import FileRow
from storage.inbox_rows import AnswerRow, BounceRow, DeadAddress, IncomingRow
from storage.office_rows import OfficeChange, OfficeChangeValues
from storage.personal_rows import PersonalErasure, PersonalView
from storage.plan_hours_rows import PlanHours
from storage.swapped_rows import SwappedDayRow
from storage.upload_rows import UploadRow
from storage.webhook_rows import WebhookDelivery, WebhookRow
from storage.wording_rows import OwnWordingRow

__all__ = [
    "AbsenceRow",
    "AccountEvent",
    "AccountRow",
    "AnswerRow",
    "ApiCall",
    "ApiToken",
    "Base",
    "BounceRow",
    "DeadAddress",
    "Event",
    "FeedRow",
    "FileRow",
    "GroupAlias",
    "GroupMember",
    "GroupRow",
    "IncomingRow",
    "LetterAttempt",
    "LetterRow",
    "LinkRevocation",
    "LinkUse",
    "NoticeRow",
    "OccurrenceRow",
    "OfficeChange",
    "OfficeChangeValues",
    "OneTimeLinkRow",
    "Organisation",
    "OwnWordingRow",
    "PersonRow",
    "PersonalErasure",
    "PersonalView",
    "PlanCount",
    "PlanCounted",
    "PlanDay",
    "PlanHours",
    "PlanLadder",
    "PlanRow",
    "PreferenceRow",
    "PublishedEvent",
    "Question",
    "SessionRow",
    "ShareRow",
    "ShareStanding",
    "SignInAttempt",
    "SnapshotRow",
    "SwappedDayRow",
    "TaskOwner",
    "TaskRow",
    "TaskStanding",
    "TaskWords",
    "UnitAlias",
    "UnitRow",
    "UploadRow",
    "WebhookDelivery",
    "WebhookRow",
]


_TO_ACCEPT = text("report IS NOT NULL AND accepted_on IS NULL")
_ASKED = text("request IS NOT NULL")
_SAID = text("arisen IS NOT NULL")
_NO_SHEET = text("period IS NULL")
_ON_SHEET = text("period IS NOT NULL")
_STOPPED = text("waiting IS NOT NULL OR request IS NOT NULL")


class PlanRow(Base):
    """A plan: its number and date, its settings (``task.PlanSettings``), where it was read from."""

    __tablename__ = "plan"
    __table_args__ = (
        UniqueConstraint("organisation_id", "number", "issued"),
        CheckConstraint("state IN ('imported', 'active', 'ended')", name="state"),
    )

    id: Mapped[Id]
    organisation_id: Mapped[OrganisationId]
    number: Mapped[str]
    issued: Mapped[date]
    title: Mapped[str]
    issuer: Mapped[str]
    year: Mapped[int]
    settings: Mapped[JsonDict]
    state: Mapped[str]
    activated_on: Mapped[date | None]
    label: Mapped[str]
    """A remark shown wherever the plan is, such as "bản dựng lại"."""
    source_name: Mapped[str]
    source_sha256: Mapped[str]
    imported_at: Mapped[datetime]


class PlanLadder(Base):
    """A ladder of a plan and the day from which it holds for epochs that begin."""

    __tablename__ = "plan_ladder"
    __table_args__ = (UniqueConstraint("plan_id", "since"),)

    id: Mapped[Id]
    organisation_id: Mapped[OrganisationId]
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"))
    since: Mapped[date]
    rungs: Mapped[JsonDict]


class TaskRow(Base):
    """One row of a plan: its words as written, then what is known of it now."""

    __tablename__ = "task"
    __table_args__ = (
        UniqueConstraint("plan_id", "row"),
        Index("ix_task_arisen", "organisation_id", sqlite_where=_SAID, postgresql_where=_SAID),
    )

    id: Mapped[Id]
    organisation_id: Mapped[OrganisationId]
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"))
    row: Mapped[int]

    stt: Mapped[str]
    section: Mapped[str]
    group_name: Mapped[str]
    objective: Mapped[str]
    text: Mapped[str]
    product: Mapped[str]
    lead_text: Mapped[str]
    cooperating_text: Mapped[str]
    deadline_text: Mapped[str]
    extra: Mapped[JsonDict]
    place: Mapped[JsonDict | None]
    targets: Mapped[JsonList]
    """The figures the objective sets (``tasks_catalog.targets.Target``), as read when it was imported."""

    current_text: Mapped[str]
    current_product: Mapped[str]
    current_section: Mapped[str]
    current_group: Mapped[str]
    current_targets: Mapped[JsonList]
    deadline: Mapped[JsonDict]
    planned: Mapped[JsonList]
    active: Mapped[bool]
    closing: Mapped[JsonDict | None]
    arisen: Mapped[JsonList | None]
    """What units said of its condition (``tasks_catalog.facts.Arisen``) and nobody has decided on."""


class TaskOwner(Base):
    """A unit or collective wording a task names, in its order."""

    __tablename__ = "task_owner"
    __table_args__ = (
        UniqueConstraint("task_id", "position"),
        CheckConstraint("role IN ('owner', 'co_owner')", name="role"),
        Index("ix_task_owner_code", "organisation_id", "code", "role", "task_id"),
    )

    id: Mapped[Id]
    organisation_id: Mapped[OrganisationId]
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"))
    position: Mapped[int]
    code: Mapped[str]
    role: Mapped[str]
    collective: Mapped[bool]


class Event(Base):
    """A line of the journal. Append-only: the database refuses to change or delete it."""

    __tablename__ = "event"
    __table_args__ = (
        Index("ix_event_task_id_on", "task_id", "on", "id"),
        Index("ix_event_plan_id", "plan_id", "id"),
        Index("ix_event_plan_on", "plan_id", "on", "kind"),
    )

    id: Mapped[Id]
    organisation_id: Mapped[OrganisationId]
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"))
    task_id: Mapped[int | None] = mapped_column(ForeignKey("task.id"))
    occurrence: Mapped[str | None]
    unit: Mapped[str | None]
    kind: Mapped[str]
    payload: Mapped[JsonDict]
    document: Mapped[JsonDict | None]
    note: Mapped[str]
    by: Mapped[str]
    """The code of a person, or "office"."""
    at: Mapped[datetime]
    on: Mapped[date]
    """The local day it was recorded, which decides lateness."""


class Question(Base):
    """A doubt about a row (or, without a task, about the plan), and the event that answered it."""

    __tablename__ = "question"
    __table_args__ = (Index("ix_question_plan_id", "plan_id"),)

    id: Mapped[Id]
    organisation_id: Mapped[OrganisationId]
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"))
    task_id: Mapped[int | None] = mapped_column(ForeignKey("task.id"), index=True)
    code: Mapped[str]
    params: Mapped[JsonDict]
    place: Mapped[JsonDict | None]
    weight: Mapped[str]
    answered_by_event: Mapped[int | None] = mapped_column(ForeignKey("event.id"))


class OccurrenceRow(Base):
    """An occurrence that was opened."""

    __tablename__ = "occurrence"
    __table_args__ = (UniqueConstraint("task_id", "key"), Index("ix_occurrence_plan_id", "plan_id"))

    id: Mapped[Id]
    organisation_id: Mapped[OrganisationId]
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"))
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"))
    key: Mapped[str]
    due: Mapped[date]
    lapses: Mapped[date]
    origin: Mapped[str]
    recurring: Mapped[bool]
    period: Mapped[str | None]
    opens: Mapped[date | None]


class ShareRow(Base):
    """What one unit owes for an occurrence: the fields of ``tasks_catalog.facts.Share``.

    ``is_live`` repeats ``Share.is_live``, so that the morning sweeps find the open shares by index.
    """

    __tablename__ = "share"
    __table_args__ = (
        UniqueConstraint("occurrence_id", "unit"),
        CheckConstraint("role IN ('owner', 'co_owner')", name="role"),
        Index("ix_share_plan_live", "plan_id", "is_live", "lapses"),
        Index("ix_share_unit_live", "organisation_id", "unit", "is_live", "lapses"),
        Index("ix_share_task_id", "task_id"),
        Index(
            "ix_share_plan_due",  # all that the list of a day is chosen by
            *("plan_id", "due", "role", "withdrawn_on", "task_id", "is_live", "unit", "lapses"),
        ),
        Index("ix_share_to_accept", "plan_id", sqlite_where=_TO_ACCEPT, postgresql_where=_TO_ACCEPT),
        Index("ix_share_asked", "plan_id", sqlite_where=_ASKED, postgresql_where=_ASKED),
        Index(
            "ix_share_work",
            *("organisation_id", "unit", "is_live", "role", "lapses", "officer"),
            sqlite_where=_NO_SHEET,
            postgresql_where=_NO_SHEET,
        ),
        Index(
            "ix_share_sheet",
            *("organisation_id", "unit", "is_live", "plan_id", "period", "role", "officer", "lapses"),
            sqlite_where=_ON_SHEET,
            postgresql_where=_ON_SHEET,
        ),
        Index(
            "ix_share_stopped",
            *("organisation_id", "unit", "is_live", "lapses", "officer"),
            sqlite_where=_STOPPED,
            postgresql_where=_STOPPED,
        ),
    )

    id: Mapped[Id]
    organisation_id: Mapped[OrganisationId]
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"))
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"))
    occurrence_id: Mapped[int] = mapped_column(ForeignKey("occurrence.id"))
    unit: Mapped[str]
    is_live: Mapped[bool]
    role: Mapped[str]
    due: Mapped[date]
    lapses: Mapped[date]
    first_due: Mapped[date]
    recurring: Mapped[bool]
    period: Mapped[str | None]
    epoch: Mapped[int]
    epoch_began: Mapped[date]
    epoch_cause: Mapped[str]
    before_tracking: Mapped[bool]
    officer: Mapped[str | None]
    report: Mapped[JsonDict | None]
    accepted_on: Mapped[date | None]
    product_date_counts: Mapped[bool]
    waiting: Mapped[JsonDict | None]
    holds: Mapped[JsonList | None]
    expected: Mapped[date | None]
    request: Mapped[JsonDict | None]
    extensions: Mapped[JsonList | None]
    snoozed_until: Mapped[date | None]
    withdrawn_on: Mapped[date | None]
    measures: Mapped[JsonList | None]


class LetterRow(Base):
    """The outbox: a letter is kept before it is sent, one a person, kind, day and matter (``about``)."""

    __tablename__ = "letter"
    __table_args__ = (
        UniqueConstraint("organisation_id", "kind", "person", "day", "about", name="uq_letter_once"),
        UniqueConstraint("message_id"),
        CheckConstraint(
            "state IN ('waiting', 'posting', 'sent', 'deferred', 'dead', 'unknown', 'cancelled')",
            name="state",
        ),
        Index("ix_letter_state", "organisation_id", "state", "next_attempt_at"),
    )

    id: Mapped[Id]
    organisation_id: Mapped[OrganisationId]
    kind: Mapped[str]
    person: Mapped[str]
    day: Mapped[date]
    about: Mapped[str]
    message_id: Mapped[str]
    state: Mapped[str]
    attempts: Mapped[int]
    next_attempt_at: Mapped[datetime | None]
    lease_until: Mapped[datetime | None]
    claimed_by: Mapped[str | None]
    handed_at: Mapped[datetime | None]
    """When the content began to leave (before DATA); empty while a letter that is posted is still here."""
    subject: Mapped[str]
    body_text: Mapped[str]
    answer: Mapped[str]
    """The relay's words at the last attempt."""
    payload: Mapped[JsonDict]
    address: Mapped[str]
    """Where it went."""
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]


class LetterAttempt(Base):
    """What came of one attempt to post a letter: the relay's words, kept for good. Append-only."""

    __tablename__ = "letter_attempt"
    __table_args__ = (Index("ix_letter_attempt_letter_id", "letter_id"),)

    id: Mapped[Id]
    organisation_id: Mapped[OrganisationId]
    letter_id: Mapped[int] = mapped_column(ForeignKey("letter.id"))
    number: Mapped[int]
    at: Mapped[datetime]
    state: Mapped[str]
    answer: Mapped[str]


class LinkRevocation(Base):
    """Links no longer believed: of one letter, of one person's letters kept so far, or of all of them."""

    __tablename__ = "link_revocation"
    __table_args__ = (Index("ix_link_revocation_organisation_id", "organisation_id"),)

    id: Mapped[Id]
    organisation_id: Mapped[OrganisationId]
    letter_id: Mapped[int | None] = mapped_column(ForeignKey("letter.id"))
    person: Mapped[str | None]
    at: Mapped[datetime]
    by: Mapped[str]
    note: Mapped[str]


class LinkUse(Base):
    """What was done, or refused, through a letter's link; the token itself is kept nowhere. Append-only."""

    __tablename__ = "link_use"
    __table_args__ = (Index("ix_link_use_letter_id", "letter_id"),)

    id: Mapped[Id]
    organisation_id: Mapped[OrganisationId]
    letter_id: Mapped[int] = mapped_column(ForeignKey("letter.id"))
    notice_id: Mapped[int | None] = mapped_column(ForeignKey("notice.id"))
    purpose: Mapped[str]
    at: Mapped[datetime]
    outcome: Mapped[str]
    """"done", or the code of why it was refused."""


class NoticeRow(Base):
    """The ledger: this rung, of this share in this epoch, for this person, on this channel, once."""

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("share_id", "epoch", "rung", "person", "channel", name="uq_notice_once"),
        CheckConstraint("state IN ('waiting', 'sent', 'superseded', 'cancelled', 'dead')", name="state"),
        Index("ix_notice_state", "organisation_id", "state"),
        Index("ix_notice_letter_id", "letter_id"),
    )

    id: Mapped[Id]
    organisation_id: Mapped[OrganisationId]
    share_id: Mapped[int] = mapped_column(ForeignKey("share.id"))
    epoch: Mapped[int]
    rung: Mapped[str]
    person: Mapped[str]
    channel: Mapped[str]
    state: Mapped[str]
    fire_on: Mapped[date]
    audience: Mapped[str]
    why: Mapped[str]
    route: Mapped[str]
    params: Mapped[JsonDict]
    created_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    letter_id: Mapped[int | None] = mapped_column(ForeignKey("letter.id"))


class SnapshotRow(Base):
    """A frozen tally, from which a period's summary is written. Append-only, as the journal is."""

    __tablename__ = "snapshot"
    __table_args__ = (UniqueConstraint("plan_id", "period", "as_of"),)

    id: Mapped[Id]
    organisation_id: Mapped[OrganisationId]
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"))
    period: Mapped[str]
    as_of: Mapped[date]
    content: Mapped[JsonDict]
    sha256: Mapped[str]
    """Of the content as canonical JSON (``storage.snapshots.canonical``)."""
    taken_at: Mapped[datetime]
