"""A simulated office in a temporary folder, its year 2022 walked by the demonstration's own script."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import func, select

from cli.demo.story import YEAR_2022, Script
from cli.demo.walk import Walked, begin, walk
from cli.setup import set_up
from flows.office import OpenOffice, open_office
from storage.engine import read
from storage.schema import Base
from storage.settings import load_settings


@contextmanager
def new_office(home: Path) -> Iterator[OpenOffice]:
    """Set up the example department in ``home`` and open it; ``home`` may hold a settings file already."""
    home.mkdir(parents=True, exist_ok=True)
    set_up(load_settings(home), None, simulated=True)
    with open_office(home) as office:
        yield office


def walk_year(office: OpenOffice, script: Script = YEAR_2022) -> Walked:
    """Walk every day of the script; the plan is not ended."""
    walked = Walked()
    begin(office, script)
    for _ in walk(office, script, walked):
        pass
    return walked


def rows_by_table(office: OpenOffice) -> dict[str, int]:
    """Return how many rows each table holds."""
    with read(office.engine) as session:
        return {
            name: session.scalar(select(func.count()).select_from(kept)) or 0
            for name, kept in sorted(Base.metadata.tables.items())
        }


def maildir_of(office: OpenOffice) -> Path:
    return Path(str(office.settings.mail["folder"]))
