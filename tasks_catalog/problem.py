"""Faults found while reading or deciding, as values that carry their place and the words at fault.

The core never words a sentence: it names a fault by ``code`` and hands over the ``params`` that the
sentence quotes. ``notifications.wording`` holds the sentences, in Vietnamese and English.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where in a document something stands, counted from 1 as a reader counts."""

    table: int | None = None
    row: int | None = None
    column: str | None = None
    """The column's heading as printed, white space folded."""
    page: int | None = None
    sheet: str | None = None


class Weight(StrEnum):
    """What a problem does to the row it stands on."""

    QUESTION = "question"
    """A person must answer before the row is tracked (``plan settle``)."""
    NOTE = "note"
    """Worth showing; the row is tracked all the same."""


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One doubtful reading: its code, its place and the words quoted in the sentence shown."""

    code: str
    params: Mapping[str, str] = field(default_factory=dict)
    where: Place | None = None
    weight: Weight = Weight.QUESTION


class Refused(Exception):
    """Something asked for cannot be done; nothing was written.

    ``code`` and ``params`` word the message shown to the user (``notifications.wording``), which
    quotes what was wrong and says what would be right. The command line exits with 2.
    """

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(f"{code} {params}" if params else code)
        self.code = code
        self.params: dict[str, str] = {name: str(value) for name, value in params.items()}
