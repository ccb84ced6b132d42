"""``dondoc demo`` and ``dondoc up``: a year in simulated time, and the office for real."""

from __future__ import annotations

import typer


def register(app: typer.Typer) -> None:
    pass
