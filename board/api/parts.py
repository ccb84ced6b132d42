"""The parts of an address and what may stand in them."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import Header, Path, Query
from pydantic import AfterValidator, BeforeValidator, WithJsonSchema

from board.api.problems import Fault as Fault

_ISO = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"


def iso_day(words: object) -> object:
    """Return a day written 2022-11-15; numbers and moments are no days here."""
    if not isinstance(words, str) or len(words) != 10 or not words.isascii():
        raise ValueError("a day is written 2022-11-15")
    return date.fromisoformat(words)


_DAY_SCHEMA = WithJsonSchema(
    {"type": "string", "format": "date", "pattern": _ISO, "examples": ["2022-11-15"]}
)


def whole(number: object) -> object:
    """Return 3 for 3.0 too, which is a whole number to JSON Schema."""
    return int(number) if isinstance(number, float) and number.is_integer() else number


WHOLE = BeforeValidator(whole)
Day = Annotated[date, BeforeValidator(iso_day), _DAY_SCHEMA]
"""A day of a body or an address."""

SLASH = "%2F"
"""A slash within a part of an address, as the door leaves it."""
_CONTROLS = dict.fromkeys(range(32), "\N{REPLACEMENT CHARACTER}")


def part_of(words: str) -> str:
    """Return a part of an address. What holds control characters is nobody's name, and is not found."""
    return words.replace(SLASH, "/").translate(_CONTROLS)


_Part = Annotated[str, AfterValidator(part_of)]
Text = Annotated[str, AfterValidator(part_of)]
"""A text of an address's query."""
Number = Annotated[
    _Part,
    Path(
        min_length=1,
        max_length=200,
        description="The plan's number; its slash is percent-encoded: 383%2FKH-SCT.",
        examples=["383/KH-SCT"],
    ),
]
Row = Annotated[
    int, Path(ge=1, le=1_000_000, description="The task's row in the plan, as in its id 383/KH-SCT/12.")
]
OccurrenceKey = Annotated[
    _Part,
    Path(
        min_length=1,
        max_length=60,
        description="The occurrence, as the task's shares name it.",
        examples=["2022-09-30"],
    ),
]
UnitCode = Annotated[
    _Part,
    Path(min_length=1, max_length=60, description="Code of the unit.", examples=["TT"]),
]
PeriodKey = Annotated[
    _Part,
    Path(min_length=1, max_length=60, description="The period, as shares name it.", examples=["2022-Q3"]),
]
Limit = Annotated[int, Query(ge=1, le=200, description="How many at most.")]
IfNoneMatch = Annotated[
    str | None,
    Header(alias="If-None-Match", description="The ETag of what the asker has: 304 where it holds."),
]


def text_query(description: str, *, longest: int = 200) -> object:
    """Return what a text in an address's query may be."""
    return Query(min_length=1, max_length=longest, description=description)
