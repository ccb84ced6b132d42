"""How a deadline was read, in words: the same on a task's page and on the page of an import."""

from __future__ import annotations

from board.view import View
from tasks_catalog.deadline import Deadline, Kind, canonical


def deadline_words(deadline: Deadline, view: View) -> str:
    """Return the reading in words; of several parts, one after the other."""
    if deadline.kind is Kind.COMPOUND:
        return "; ".join(deadline_words(part, view) for part in deadline.parts)
    words = {} if deadline.kind is Kind.CONTINUOUS else {"words": canonical(deadline)}
    return view.say(f"board_reading_{deadline.kind}", **words)
