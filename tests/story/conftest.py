"""A department on a fresh database, ready to live through a story."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.flows.cast import Department, open_department


@pytest.fixture
def department(sqlite_engine: Engine, tmp_path: Path) -> Department:
    return open_department(sqlite_engine, tmp_path)


@pytest.fixture
def any_department(engine: Engine, tmp_path: Path) -> Department:
    """The department on each kind of database in turn."""
    return open_department(engine, tmp_path)
