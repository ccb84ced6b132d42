"""The values a summary is made of. Everything a document prints is in them: no look-up later.

A summary is frozen at the end of a period and printed from that form for ever, so it carries the names
of units as they were, and the settings in force as notes (a code and its params, not a sentence).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from tasks_catalog.facts import ClosingKind
from tasks_catalog.judging import Verdict
from tasks_catalog.period import Period
from tasks_catalog.progress import Line
from tasks_catalog.standing import StandingKind
from tasks_catalog.text import clean

_KINDS_OF_DOCUMENT = frozenset({"KH", "QĐ", "TB", "NQ", "CT", "CTR", "BC", "TTR", "ĐA", "PA"})
_TITLE_TAIL = re.compile(r"\s+(?:năm\s+\d{4}|giai đoạn\s|của\s|trên địa bàn\s).*", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class SummaryHead:
    """Who writes, and about which plan: what the head and the foot of an official paper print."""

    organisation: str
    """As in a sentence: "Sở Công Thương"."""
    plan_number: str
    superior: str = ""
    place: str = ""
    symbol: str = ""
    """The organisation's abbreviation in its document numbers, "SCT"; empty: taken from the plan's."""
    drafted_by: str = "VP"
    """Abbreviation of the unit that drafts, in "Số: /SCT-VP" and "Lưu: VT, VP."."""
    plan_name: str = ""
    """What kind of plan it is called in a sentence (``plan_name_of``); empty: just a plan."""
    plan_issued: date | None = None
    unit_names: Mapping[str, str] = field(default_factory=dict)
    recipients: tuple[str, ...] = ()
    """The lines under "Nơi nhận" before the filing line; empty leaves a dotted line to fill in."""
    signer: str = ""
    """The post above the signature; empty: the director's."""
    label: str = ""
    """A remark that the paper is not the real one, such as "bản dựng lại để thử nghiệm"."""

    @property
    def abbreviation(self) -> str:
        """Return ``symbol``, else what the plan's number says: SCT of 383/KH-SCT, BVHTTDL of 6/BVHTTDL-VP."""
        if self.symbol:
            return self.symbol
        first, _, rest = clean(self.plan_number).partition("/")[2].partition("-")
        return rest if rest and first.upper() in _KINDS_OF_DOCUMENT else first

    def unit_name(self, code: str) -> str:
        return self.unit_names.get(code, code)


def plan_name_of(title: str) -> str:
    """Return what a plan is called before its number, from its printed title; "" when that is unsure.

    "Kế hoạch cải cách hành chính năm 2022 của Sở Công Thương" -> "Kế hoạch cải cách hành chính".
    """
    words = _TITLE_TAIL.sub("", clean(title)).strip(" .,;:-–")
    words = words.lower() if words.isupper() else words
    if words.lower().startswith("kế hoạch "):
        return words[0].upper() + words[1:]
    return "Kế hoạch cải cách hành chính" if "cải cách hành chính" in words.lower() else ""


@dataclass(frozen=True, kw_only=True)
class Note:
    """One line of the footnote on how things were counted; ``code`` is worded by the catalogue."""

    code: str
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class OverdueTask:
    """A task with an owner's share open past its last on-time day."""

    id: str
    row: int
    section: str
    text: str
    units: tuple[str, ...]
    """Codes of the units whose shares are overdue."""
    deadline: str
    """The deadline as the plan words it."""
    due: date
    first_due: date
    """Differs from ``due`` where an extension was granted."""
    since: date
    """The last day on which the oldest open share would have been on time."""
    days: int
    """Calendar days from ``since`` to the cut-off; 0 when it lapsed on the day of the cut-off."""


@dataclass(frozen=True, kw_only=True)
class DecidedTask:
    """A task stopped, postponed, not arisen or suspended by decision, shown apart with its document."""

    id: str
    row: int
    text: str
    kind: ClosingKind
    on: date
    document: str = ""
    document_issued: date | None = None


class MoveKind(StrEnum):
    """What happened to a task between two cut-offs, in the order a summary tells it."""

    FINISHED = "finished"
    FELL_OVERDUE = "fell_overdue"
    EASED = "eased"  # overdue then, neither overdue nor done now: extended, waiting or suspended
    REOPENED = "reopened"  # done then, under way now: returned, or the next period's work has begun
    ARISEN = "arisen"
    RECLASSED = "reclassed"
    ADDED = "added"
    DROPPED = "dropped"


@dataclass(frozen=True, kw_only=True)
class Move:
    """A task whose standing is another than at the previous cut-off; None where it was not in the plan."""

    row: int
    text: str
    before: StandingKind | None
    after: StandingKind | None

    @property
    def kind(self) -> MoveKind:
        if self.before is None:
            return MoveKind.ADDED
        if self.after is None:
            return MoveKind.DROPPED
        return _kind_of(self.before, self.after)


def _kind_of(before: StandingKind, after: StandingKind) -> MoveKind:
    if after is StandingKind.OVERDUE:
        return MoveKind.FELL_OVERDUE
    if after.is_done:
        return MoveKind.RECLASSED if before.is_done else MoveKind.FINISHED
    if before is StandingKind.OVERDUE:
        return MoveKind.EASED
    if before.is_done:
        return MoveKind.REOPENED
    return MoveKind.ARISEN if before is StandingKind.NOT_ARISEN else MoveKind.RECLASSED


@dataclass(frozen=True, kw_only=True)
class Changes:
    """What the previous tally said, and every task that has moved since."""

    as_of: date
    done: int
    total: int
    counts: Mapping[StandingKind, int]
    moves: tuple[Move, ...]

    def of_kind(self, kind: MoveKind) -> tuple[Move, ...]:
        return tuple(move for move in self.moves if move.kind is kind)


@dataclass(frozen=True, kw_only=True)
class UnitFigure:
    """One unit's figure of a target: what is judged, and the counts it was worked out from."""

    unit: str
    verdict: Verdict
    value: Decimal | None = None
    part: Decimal | None = None
    whole: Decimal | None = None
    reported_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class TargetLine:
    """A figure a task's objective sets, and how it stands at the cut-off."""

    id: str
    row: int
    text: str
    target: str
    """The words of the objective that set it."""
    comparison: str
    aim: Decimal
    measure: str
    """The unit of its figures: "%", "mô hình"."""
    verdict: Verdict
    units: tuple[UnitFigure, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Summary:
    """All a summary says of one plan for one period, by the facts recorded up to 24:00 of ``as_of``."""

    head: SummaryHead
    period: Period
    as_of: date
    done: int
    total: int
    counts: Mapping[StandingKind, int]
    unconfirmed: int
    """Tasks among the done whose report the coordinator has not accepted yet."""
    in_progress: Mapping[str, int]
    """How many tasks in progress for which reason (``Standing.why``)."""
    by_section: tuple[Line, ...]
    by_unit: tuple[Line, ...]
    overdue: tuple[OverdueTask, ...]
    decided: tuple[DecidedTask, ...]
    changes: Changes | None
    notes: tuple[Note, ...]
    targets: tuple[TargetLine, ...] = ()

    @property
    def tasks(self) -> int:
        """All tasks of the plan, which ``total`` may leave some out of."""
        return sum(self.counts.values())

    @property
    def window(self) -> tuple[date, date]:
        """The first and last day reported on: a report drawn up early ends with its data."""
        return self.period.start, min(self.period.cut_off, self.as_of)
