"""``dondoc deadline``: how a wording is read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cli.context import print_json, words
from cli.options import Json, both

if TYPE_CHECKING:
    from tasks_catalog.deadline import Deadline

_EARLIEST, _LATEST = 1990, 2100


def register(app: typer.Typer) -> None:
    app.command(
        "deadline",
        help=both("Một thời hạn được hiểu thế nào", "how a wording is read"),
        context_settings={"ignore_unknown_options": True},  # a wording may open with a bullet: "- Quý II"
    )(deadline)


def deadline(
    wording: Annotated[
        str, typer.Argument(metavar="WORDING", help=both("Nguyên văn thời hạn", "as the plan writes it"))
    ],
    year: Annotated[
        int,
        typer.Option("--year", min=_EARLIEST, max=_LATEST, help=both("Năm của kế hoạch", "the plan's year")),
    ],
    json: Json = False,
) -> None:
    from tasks_catalog.deadline import as_json, read_deadline

    reading = read_deadline(wording, year=year)
    if json:
        print_json(as_json(reading))
        return
    for line in described(reading):
        print(line)


def in_short(reading: Deadline) -> str:
    """Return the reading in a few words: the date or span where it is one, else its kind."""
    from tasks_catalog.deadline import Kind

    spans = [
        (span.start, span.to) for span in reading.dates if reading.kind in (Kind.BY, Kind.WITHIN) and span.to
    ]
    if len(spans) != 1:
        return words(f"kind_{reading.kind}")
    start, end = spans[0]
    if start in (None, end):
        return words("plain_day", day=end)
    return f"{words('plain_day', day=start)}–{words('plain_day', day=end)}"


def described(reading: Deadline, indent: str = "") -> list[str]:
    """Return the reading in words: kind, dates, recurrence, condition; parts indented below."""
    from tasks_catalog.deadline import Kind

    lines = [f"{indent}“{reading.text}”: {words(f'kind_{reading.kind}')}"]
    for span in reading.dates:
        code = "deadline_proposal" if reading.kind is Kind.UNCLEAR else "deadline_span"
        start, end = span.start or "…", span.to or "…"
        one_day = span.start is None or span.start == span.to
        plain = words("deadline_day", day=end)
        said = plain if one_day else words("deadline_from_to", start=start, end=end)
        lines.append(f"{indent}  {words(code, span=said)}")
    if reading.recurrence:
        lines.append(f"{indent}  {words('deadline_recurrence', rule=reading.recurrence)}")
    if reading.condition:
        lines.append(f"{indent}  {words('deadline_condition', condition=reading.condition)}")
    for part in reading.parts:
        lines.extend(described(part, indent + "  "))
    return lines
