"""What differs between a thing as it was set and as it is set, field by field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One field, with what stood in it; None where there was, or is, nothing."""

    field: str
    before: Any
    after: Any


def differences(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> tuple[Difference, ...]:
    """Return what differs, in the order of the thing's fields.

    Of a thing that is new, or taken away, every field that says something is told.
    """
    old, new = before or {}, after or {}
    return tuple(
        Difference(field=field, before=old.get(field), after=new.get(field))
        for field in dict.fromkeys((*new, *old))
        if old.get(field) != new.get(field) and not (_is_empty(old.get(field)) and _is_empty(new.get(field)))
    )


def _is_empty(value: Any) -> bool:
    return value is None or value is False or value in ("", [], {})
