"""A person's preferences about letters: when they leave, and which of the optional ones not at all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from enum import StrEnum

SWITCHED_OFF = "switched_off"
"""Why a notice or a letter was cancelled: its reader does without it."""


class OptionalLetter(StrEnum):
    """What can be switched off; ``tasks_catalog.duty`` says when it is a duty all the same."""

    WELCOME = "welcome"
    CO_OWNER = "co_owner"
    SUMMARY = "summary"


@dataclass(frozen=True, kw_only=True)
class Preference:
    """How one person wants letters; the default is what everybody gets."""

    hour: time | None = None
    """The letters of a day leave from this hour on; None means as soon as letters may leave."""
    off: frozenset[OptionalLetter] = frozenset()
    calendar: bool = True
    """Whether deadlines travel with the letters as a calendar file."""
