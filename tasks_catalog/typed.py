"""What people type into a form or a command: a day, a document."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from tasks_catalog.problem import Refused

if TYPE_CHECKING:
    from tasks_catalog.facts import Document


def day_of(text: str) -> date:
    """Read a day typed as 2022-11-15 or 15/11/2022. Raises Refused (day_unreadable)."""
    parts = text.strip().split("/")
    try:
        if len(parts) == 3:
            return date(int(parts[2]), int(parts[1]), int(parts[0]))
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise Refused("day_unreadable", words=text) from error


def document_of(text: str | None) -> Document | None:
    """Read "123/SCT-VP 04/05/2022": the number, and the date when the last word is one."""
    from tasks_catalog.facts import Document  # small commands read days without it

    if not text or not text.strip():
        return None
    number, _, last = text.strip().rpartition(" ")
    try:
        issued = day_of(last) if number else None
    except Refused:
        return Document(number=text.strip())
    return Document(number=number.removesuffix(" ngày").strip() or last, issued=issued)
