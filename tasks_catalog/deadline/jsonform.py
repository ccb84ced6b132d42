"""A Deadline as plain JSON values and back: the ``deadline`` object of the command line and of storage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from tasks_catalog.deadline.model import DateRange, Deadline, Kind
from tasks_catalog.problem import Refused


class DeadlineNotRestored(Refused):
    """A stored deadline has not the shape ``as_json`` writes."""


def as_json(deadline: Deadline) -> dict[str, object]:
    """Return ``text, kind, dates, recurrence, condition, parts``; dates are ISO strings or None."""
    return {
        "text": deadline.text,
        "kind": deadline.kind.value,
        "dates": [{"from": _iso(span.start), "to": _iso(span.to)} for span in deadline.dates],
        "recurrence": deadline.recurrence,
        "condition": deadline.condition,
        "parts": [as_json(part) for part in deadline.parts],
    }


def from_json(values: Mapping[str, object]) -> Deadline:
    """Return the deadline that ``as_json`` wrote; raises DeadlineNotRestored for anything else."""
    try:
        return Deadline(
            text=str(values["text"]),
            kind=Kind(str(values["kind"])),
            dates=tuple(_span(span) for span in _mappings(values["dates"])),
            recurrence=_words(values["recurrence"]),
            condition=_words(values["condition"]),
            parts=tuple(from_json(part) for part in _mappings(values["parts"])),
        )
    except (KeyError, TypeError, ValueError) as fault:
        raise DeadlineNotRestored("deadline_not_restored", values=dict(values), fault=fault) from fault


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _day(value: object) -> date | None:
    return None if value is None else date.fromisoformat(str(value))


def _words(value: object) -> str | None:
    return None if value is None else str(value)


def _span(span: Mapping[str, object]) -> DateRange:
    return DateRange(_day(span["from"]), _day(span["to"]))


def _mappings(values: object) -> Sequence[Mapping[str, object]]:
    if not isinstance(values, Sequence) or not all(isinstance(value, Mapping) for value in values):
        raise TypeError(f"a list of objects was expected, not {values!r}")
    return values
