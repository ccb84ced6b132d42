"""Facts: what is known of a task and its shares at one moment. Values only; decisions make new ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from tasks_catalog.deadline import Deadline
from tasks_catalog.figures import Figure
from tasks_catalog.occurrence import Occurrence, Role, ShareKey
from tasks_catalog.targets import Target


@dataclass(frozen=True, kw_only=True)
class Document:
    """The paper a decision rests on: its number and date as printed, such as 123/SCT-VP of 2022-05-04."""

    number: str
    issued: date | None = None
    title: str = ""


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """One product handed in: a document number, or a file by its name and SHA-256."""

    text: str
    issued: date | None = None
    sha256: str | None = None


class EpochCause(StrEnum):
    """Why a share's clock was started (again)."""

    OPENED = "opened"
    TRIGGERED = "triggered"
    EXTENDED = "extended"
    RETURNED = "returned"
    REOPENED = "reopened"
    RESUMED = "resumed"
    REVISED = "revised"


class ClosingKind(StrEnum):
    """How a task was closed by decision. All but ``SUSPENDED`` count as done and are shown apart."""

    STOPPED = "stopped"
    POSTPONED = "postponed"
    NOT_ARISEN = "not_arisen"
    SUSPENDED = "suspended"


@dataclass(frozen=True, kw_only=True)
class ReportFact:
    """A unit's report that its share is done. ``on`` is the day it was recorded, which decides lateness."""

    on: date
    by: str
    product_date: date | None = None
    evidence: tuple[Evidence, ...] = ()
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Request:
    """A request for more time that nobody has decided yet."""

    on: date
    by: str
    to: date
    reason: str


@dataclass(frozen=True, kw_only=True)
class Extension:
    """A granted extension: the dates before and after, and the document that granted it."""

    on: date
    before: date
    after: date
    document: Document | None = None


@dataclass(frozen=True, kw_only=True)
class Arisen:
    """What a unit said of a condition that arose, until somebody triggers the task or sets it aside."""

    unit: str
    on: date
    """The day it was said."""
    by: str
    arose: date
    words: str
    document: Document | None = None


@dataclass(frozen=True, kw_only=True)
class Closing:
    """A task closed (or suspended) by decision."""

    kind: ClosingKind
    on: date
    document: Document | None = None


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """The product lies with a higher authority: the clock stands still from ``since``."""

    since: date
    document: Document | None = None


@dataclass(frozen=True, kw_only=True)
class Measured:
    """A figure as reported: on which day it was recorded, by whom, on what paper."""

    figure: Figure
    on: date
    by: str
    document: Document | None = None


@dataclass(frozen=True, kw_only=True)
class Share:
    """What one unit owes for one occurrence, and what is known of it."""

    key: ShareKey
    role: Role
    due: date
    lapses: date
    first_due: date
    recurring: bool = False
    period: str | None = None
    epoch: int = 1
    epoch_began: date
    epoch_cause: EpochCause = EpochCause.OPENED
    before_tracking: bool = False
    officer: str | None = None
    report: ReportFact | None = None
    accepted_on: date | None = None
    product_date_counts: bool = False
    waiting: Waiting | None = None
    holds: tuple[date, ...] = ()
    """Days of the acknowledgements and requests for time made in this epoch, oldest first."""
    expected: date | None = None
    """The date promised with the last acknowledgement."""
    request: Request | None = None
    extensions: tuple[Extension, ...] = ()
    snoozed_until: date | None = None
    withdrawn_on: date | None = None
    measures: tuple[Measured, ...] = ()
    """Every figure reported, oldest first: of one target the last one holds."""

    @property
    def is_done(self) -> bool:
        """Reported; acceptance confirms it, a return undoes it."""
        return self.report is not None

    @property
    def is_live(self) -> bool:
        """Still owed by this unit."""
        return self.withdrawn_on is None and self.report is None

    @property
    def done_on(self) -> date | None:
        """The day that decides lateness: an earlier product date only once the coordinator accepted it."""
        if self.report is None:
            return None
        if self.product_date_counts and self.report.product_date:
            return min(self.report.on, self.report.product_date)
        return self.report.on

    @property
    def is_late(self) -> bool:
        return self.done_on is not None and self.done_on > self.lapses


@dataclass(frozen=True, kw_only=True)
class OwnerRef:
    """Who the task names: a unit or a collective group, by code, in one role."""

    code: str
    role: Role
    collective: bool = False


@dataclass(frozen=True, kw_only=True)
class TaskFacts:
    """A task as known at one moment: its words, its reading, what was opened and what was decided."""

    id: str
    row: int
    text: str
    section: str = ""
    group: str = ""
    product: str = ""
    deadline: Deadline
    owners: tuple[OwnerRef, ...] = ()
    active: bool = True
    """False while a question about the row is unanswered: such a row has no occurrences."""
    planned: tuple[Occurrence, ...] = ()
    opened: Mapping[str, Occurrence] = field(default_factory=dict)
    shares: Mapping[ShareKey, Share] = field(default_factory=dict)
    closing: Closing | None = None
    targets: tuple[Target, ...] = ()
    """The figures its objective sets, as read when it was imported or altered."""
    arisen: tuple[Arisen, ...] = ()
    """What units said of its condition and nobody has decided on, oldest first."""

    @property
    def current_shares(self) -> tuple[Share, ...]:
        return tuple(share for share in self.shares.values() if share.withdrawn_on is None)
