"""Values of the core to JSON and back, by their types. Read back, a value equals the one kept."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, TypeVar, cast

from tasks_catalog.decisions import Decision
from tasks_catalog.facts import Arisen, Extension, Measured
from tasks_catalog.occurrence import Occurrence
from tasks_catalog.targets import Target

if TYPE_CHECKING:
    from pydantic import TypeAdapter

T = TypeVar("T")

ARISEN = tuple[Arisen, ...]
DAYS = tuple[date, ...]
EXTENSIONS = tuple[Extension, ...]
MEASURES = tuple[Measured, ...]
OCCURRENCES = tuple[Occurrence, ...]
TARGETS = tuple[Target, ...]


def to_json(kind: Hashable, value: object) -> Any:
    """Return ``value``, of the type ``kind``, as plain JSON values; None stays None."""
    return None if value is None else _adapter(kind).dump_python(value, mode="json")


def from_json(kind: Callable[..., T], stored: object) -> T:
    """Return the value of type ``kind`` that was kept."""
    return cast(T, _adapter(kind).validate_python(stored))


def decision_to_json(decision: Decision) -> dict[str, Any]:
    return cast("dict[str, Any]", _decisions().dump_python(decision, mode="json"))


def decision_from_json(stored: object) -> Decision:
    """Return the decision kept, told apart by its ``kind``."""
    return cast(Decision, _decisions().validate_python(stored))


# pydantic takes a fifth of a second to import, so only commands that meet stored values pay for it.
@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    from pydantic import TypeAdapter

    return TypeAdapter(kind)


@cache
def _decisions() -> TypeAdapter[Any]:
    from pydantic import Field, TypeAdapter

    return TypeAdapter(Annotated[Decision, Field(discriminator="kind")])
