"""The decisions as values. Dates that depend on a calendar are worked out before a decision is made
and carried in it, so that replaying never needs the calendar of the day.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from tasks_catalog.deadline import Deadline
from tasks_catalog.facts import ClosingKind, Document, Evidence, OwnerRef
from tasks_catalog.figures import Figure
from tasks_catalog.occurrence import Occurrence, Role, ShareKey
from tasks_catalog.targets import Target


@dataclass(frozen=True, kw_only=True)
class OpenedShare:
    """One unit's share as it is opened."""

    unit: str
    role: Role
    officer: str | None = None


@dataclass(frozen=True, kw_only=True)
class Open:
    """The office opens an occurrence: from now on these units owe it."""

    kind: Literal["open"] = "open"
    occurrence: Occurrence
    shares: tuple[OpenedShare, ...]
    before_tracking: bool = False
    """Due before the plan was activated: settled on the opening sheet, no ladder."""
    began: date | None = None
    """The day the units owe it from; None is the day recorded. Set when the office opens it late."""


@dataclass(frozen=True, kw_only=True)
class Trigger:
    """A condition arose, or an outside schedule was fixed: the task now owes its product by a date."""

    kind: Literal["trigger"] = "trigger"
    occurrence: Occurrence
    shares: tuple[OpenedShare, ...]


@dataclass(frozen=True, kw_only=True)
class SayArisen:
    """A unit says that the condition its task waits for has arisen. No clock starts: that is ``Trigger``'s,
    which names the date.
    """

    kind: Literal["say_arisen"] = "say_arisen"
    unit: str
    arose: date
    """The day it arose, as the unit says."""
    words: str


@dataclass(frozen=True, kw_only=True)
class SetAside:
    """The coordinator finds that nothing arose yet, and why: what the units said no longer waits."""

    kind: Literal["set_aside"] = "set_aside"
    reason: str
    unit: str | None = None
    """Only what this unit said; None is what all said."""


@dataclass(frozen=True, kw_only=True)
class Report:
    """A unit reports its share done."""

    kind: Literal["report"] = "report"
    share: ShareKey
    product_date: date | None = None
    evidence: tuple[Evidence, ...] = ()
    note: str = ""
    figures: tuple[Figure, ...] = ()
    """What was reached of the task's targets, where the report says so."""


@dataclass(frozen=True, kw_only=True)
class Measure:
    """A unit reports figures of its task's targets, or puts right ones it reported before."""

    kind: Literal["measure"] = "measure"
    share: ShareKey
    figures: tuple[Figure, ...]


@dataclass(frozen=True, kw_only=True)
class Accept:
    """The coordinator accepts a report, and with ``product_date_counts`` its earlier product date."""

    kind: Literal["accept"] = "accept"
    share: ShareKey
    product_date_counts: bool = False


@dataclass(frozen=True, kw_only=True)
class Return:
    """The coordinator returns a report: a new epoch, due as before unless a new date is given."""

    kind: Literal["return"] = "return"
    share: ShareKey
    reason: str
    due: date | None = None
    lapses: date | None = None


@dataclass(frozen=True, kw_only=True)
class Acknowledge:
    """A unit says it is on it and by when: holds the rungs above its head for a while."""

    kind: Literal["acknowledge"] = "acknowledge"
    share: ShareKey
    expected: date


@dataclass(frozen=True, kw_only=True)
class AskExtension:
    """A unit asks for more time."""

    kind: Literal["ask_extension"] = "ask_extension"
    share: ShareKey
    to: date
    reason: str


@dataclass(frozen=True, kw_only=True)
class DecideExtension:
    """The one who assigned the work grants (a new epoch) or refuses more time, asked for or not."""

    kind: Literal["decide_extension"] = "decide_extension"
    share: ShareKey
    granted: bool
    to: date | None = None
    lapses: date | None = None
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Wait:
    """The product was submitted and lies with a higher authority: the clock stops."""

    kind: Literal["wait"] = "wait"
    share: ShareKey


@dataclass(frozen=True, kw_only=True)
class Resume:
    """The wait is over: the clock goes on, with the date moved by the working days waited."""

    kind: Literal["resume"] = "resume"
    share: ShareKey
    due: date
    lapses: date


@dataclass(frozen=True, kw_only=True)
class Close:
    """The task is stopped, postponed, found not to have arisen, or suspended."""

    kind: Literal["close"] = "close"
    closing: ClosingKind


@dataclass(frozen=True, kw_only=True)
class Reopen:
    """A closed or suspended task goes on; its open shares start a new epoch."""

    kind: Literal["reopen"] = "reopen"
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Reassign:
    """Work moves from one unit to another, or to another officer of the same unit. Same epoch."""

    kind: Literal["reassign"] = "reassign"
    from_unit: str
    to_unit: str
    officer: str | None = None
    from_officer: str | None = None
    """Within a unit: only what this officer holds moves, as when he hands over; None moves all."""
    merging: bool = False
    """The units became one: where both hold the same part, the receiving unit's stays as it is."""


@dataclass(frozen=True, kw_only=True)
class Snooze:
    """The owner asks not to be reminded before a day; escalation is untouched."""

    kind: Literal["snooze"] = "snooze"
    share: ShareKey
    until: date


@dataclass(frozen=True, kw_only=True)
class Settle:
    """A person answers a row's question: its deadline's reading, its units, or both."""

    kind: Literal["settle"] = "settle"
    deadline: Deadline | None = None
    planned: tuple[Occurrence, ...] = ()
    """What the settled deadline makes due."""
    owners: tuple[OwnerRef, ...] | None = None
    still_open: tuple[str, ...] = ()
    """Codes of the questions this answer leaves open; the row starts when none is left."""
    names: tuple[str, ...] = ()
    """Wordings of units it explains, as asked about: then their questions alone are answered."""


@dataclass(frozen=True, kw_only=True)
class Correct:
    """A clerical error in the tracked words is put right; the document's words stay on record."""

    kind: Literal["correct"] = "correct"
    field: Literal["text", "product", "section", "group", "targets"]
    value: str
    targets: tuple[Target, ...] = ()
    """What ``value`` was read as, where the targets are put right."""


@dataclass(frozen=True, kw_only=True)
class MovedDate:
    """An opened occurrence, by its key, and the date a revision moves it to."""

    occurrence: str
    due: date
    lapses: date


@dataclass(frozen=True, kw_only=True)
class Revise:
    """The plan's revision alters a row: words, deadline, units. The first words stay on record."""

    kind: Literal["revise"] = "revise"
    words: Mapping[str, str] = field(default_factory=dict)
    """The altered fields (``tasks_catalog.changes.FIELDS``) as the revision prints them."""
    deadline: Deadline | None = None
    planned: tuple[Occurrence, ...] = ()
    """What the new deadline makes due; an occurrence opened before keeps its key."""
    moved: tuple[MovedDate, ...] = ()
    gone: tuple[str, ...] = ()
    """Keys of opened occurrences no longer asked for: their open shares are withdrawn."""
    owners: tuple[OwnerRef, ...] | None = None
    owed_by: tuple[OpenedShare, ...] = ()
    """The units that owe from now on, with ``owners``."""
    still_open: tuple[str, ...] = ()
    """Codes of the row's earlier questions that the revision leaves open."""
    raised: tuple[str, ...] = ()
    """Codes of the questions the revision itself raises."""
    targets: tuple[Target, ...] | None = None
    """What the altered objective sets; None leaves the targets as they are."""


Decision = (
    Open
    | Trigger
    | SayArisen
    | SetAside
    | Report
    | Measure
    | Accept
    | Return
    | Acknowledge
    | AskExtension
    | DecideExtension
    | Wait
    | Resume
    | Close
    | Reopen
    | Reassign
    | Snooze
    | Settle
    | Correct
    | Revise
)


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """A decision as the journal tells it: the local day it was recorded, by whom, on what paper."""

    decision: Decision
    on: date
    by: str
    document: Document | None = None
    note: str = ""
