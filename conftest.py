"""Options of the whole test run."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

MEMORY = Path("/dev/shm")  # noqa: S108  # folders in it are made by pytest and tempfile, with names of their own
"""A file system in memory, where Linux has one: thousands of small databases are made and dropped there."""
_ENOUGH = 4 * 1024**3


def roomy_memory() -> Path | None:
    """Return the folder in memory if it may be written and has room; else None, and the disk is used."""
    if not (MEMORY.is_dir() and os.access(MEMORY, os.W_OK)):
        return None
    room = os.statvfs(MEMORY)
    return MEMORY if room.f_bavail * room.f_frsize >= _ENOUGH else None


def pytest_configure(config: pytest.Config) -> None:
    """Keep what tests write in memory, unless a place is named by ``--basetemp`` or the environment."""
    memory = roomy_memory()
    if memory is not None and config.option.basetemp is None:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(memory))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--renew-golden",
        action="store_true",
        default=False,
        help="write what the code makes now to tests/golden/ instead of comparing with it",
    )
    parser.addoption(
        "--renew-pictures",
        action="store_true",
        default=False,
        help="take the pictures of docs/pictures/ anew from the board (with: tests/browser/test_pictures.py)",
    )
