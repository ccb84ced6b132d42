"""``dondoc deadline``: how a wording is read."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.context import print_json, words
from tasks_catalog.deadline import Deadline, Kind, as_json, read_deadline

_EARLIEST, _LATEST = 1990, 2100


def register(app: typer.Typer) -> None:
    app.command("deadline", help="Đọc một thời hạn như kế hoạch viết. How a wording is read.")(deadline)


def deadline(
    wording: Annotated[str, typer.Argument(help="Nguyên văn thời hạn, ví dụ “Trước 15/11/2022”.")],
    year: Annotated[int, typer.Option("--year", min=_EARLIEST, max=_LATEST, help="Năm của kế hoạch.")],
    json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    reading = read_deadline(wording, year=year)
    if json:
        print_json(as_json(reading))
        return
    for line in described(reading):
        print(line)


def described(reading: Deadline, indent: str = "") -> list[str]:
    """Return the reading in words: kind, dates, recurrence, condition; parts indented below."""
    lines = [f"{indent}“{reading.text}”: {words(f'kind_{reading.kind}')}"]
    for span in reading.dates:
        code = "deadline_proposal" if reading.kind is Kind.UNCLEAR else "deadline_span"
        start, end = span.start or "…", span.to or "…"
        one_day = span.start is None or span.start == span.to
        lines.append(
            f"{indent}  {words(code, span=words('deadline_day', day=end) if one_day else words('deadline_from_to', start=start, end=end))}"
        )
    if reading.recurrence:
        lines.append(f"{indent}  {words('deadline_recurrence', rule=reading.recurrence)}")
    if reading.condition:
        lines.append(f"{indent}  {words('deadline_condition', condition=reading.condition)}")
    for part in reading.parts:
        lines.extend(described(part, indent + "  "))
    return lines
