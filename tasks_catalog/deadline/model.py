"""Deadline: what a deadline's words were read as. The words themselves are kept for ever."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Kind(StrEnum):
    """How a deadline makes its task come due."""

    BY = "by"  # a date: "trước ngày 15/11/2022"
    WITHIN = "within"  # a month, quarter, half, year or range: due on its last day by the calendar
    EVERY = "every"  # a stated recurrence
    CONTINUOUS = "continuous"  # "thường xuyên": due at each reporting period's cut-off
    WHEN = "when"  # waits for an event: "khi có hướng dẫn của UBND tỉnh"
    EXTERNAL = "external"  # waits for a schedule fixed elsewhere: "theo tiến độ phê duyệt"
    COMPOUND = "compound"  # several of the above at once
    UNCLEAR = "unclear"  # a person must say; ``dates`` hold proposals only


@dataclass(frozen=True)
class DateRange:
    """A span of days, both ends included; ``to`` alone for a date, ``start`` alone when open-ended."""

    start: date | None
    to: date | None


@dataclass(frozen=True, kw_only=True)
class Deadline:
    """The reading of one wording.

    ``recurrence`` is an RFC 5545 RRULE fragment such as ``FREQ=YEARLY;BYMONTH=6;BYMONTHDAY=20``;
    ``condition`` the words of the event or outside schedule waited for; ``parts`` the readings
    of a compound deadline, each with the words it came from.
    """

    text: str
    kind: Kind
    dates: tuple[DateRange, ...] = ()
    recurrence: str | None = None
    condition: str | None = None
    parts: tuple[Deadline, ...] = ()
