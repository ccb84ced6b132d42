"""Copies of one prepared department, on each kind of database in turn."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.faults.ground import Copy, ground


@pytest.fixture
def copies(engine: Engine, tmp_path: Path) -> Iterator[Copy]:
    """What makes one database after another, each with the department on the eve of its morning."""
    with ground(engine, tmp_path) as copy:
        yield copy
