"""What the promises to the office are worth: faults by drill, and the letters lost, repeated and unknown.

The drills are those of ``tests/faults``: a department, a relay on loopback, and a fault done to them.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from benchmarks.measured import Checks, table, use_own_environment
from benchmarks.race import ServerMissing, server

if TYPE_CHECKING:
    from sqlalchemy import Engine

HEADS = ("promise", "fault", "database", "runs", "letters expected", "lost", "repeated", "unknown")
_SUMMED = ("expected", "lost", "repeated", "unknown", "begun", "open_lines")


def main() -> int:
    """Print the table and return the exit code."""
    checks = Checks()
    rows: list[tuple[object, ...]] = []
    missing = ""
    print("### Faults by drill, and what became of the letters\n")
    with TemporaryDirectory(prefix="dondoc-bench-") as folder:
        use_own_environment(Path(folder))
        Path(folder).chmod(0o755)  # run as root, the PostgreSQL server is another user's
        with _sqlite(Path(folder) / "sqlite") as engine:
            rows += _drilled("SQLite", engine, Path(folder) / "sqlite", checks)
        try:
            with _postgresql(Path(folder) / "postgresql") as engine:
                rows += _drilled("PostgreSQL", engine, Path(folder) / "postgresql", checks)
        except (ImportError, ServerMissing) as reason:
            missing = f"\nPostgreSQL was not run: {type(reason.__cause__ or reason).__name__}."
    print(table(HEADS, sorted(rows, key=lambda row: str(row[0]))))
    print(missing, end="")
    return checks.done()


def _drilled(database: str, engine: Engine, folder: Path, checks: Checks) -> Iterator[tuple[object, ...]]:
    """Yield a row a fault, its figures summed over the runs."""
    from benchmarks.drills import drills  # the flows read the environment when they are imported

    for promise, fault, came in drills(engine, folder):
        what = f"{fault}, {database}"
        figures = (sum(getattr(one, key) for one in came) for key in _SUMMED)
        expected, lost, repeated, unknown, begun, open_lines = figures
        checks.equal(f"{what}: letters lost", lost, 0)
        checks.equal(f"{what}: letters repeated", repeated, 0)
        checks.true(f"{what}: there was something to say", min(one.expected for one in came) > 0)
        checks.equal(f"{what}: unknown, of the letters that had begun to leave", unknown, begun)
        checks.equal(f"{what}: lines of the ledger without an end", open_lines, 0)
        yield promise, fault, database, len(came), expected, lost, repeated, unknown


@contextmanager
def _sqlite(folder: Path) -> Iterator[Engine]:
    folder.mkdir()
    yield _migrated(f"sqlite:///{folder / 'prepared.db'}")


@contextmanager
def _postgresql(folder: Path) -> Iterator[Engine]:
    with server(folder) as address:
        yield _migrated(address)


def _migrated(url: str) -> Engine:
    from storage.engine import migrate, open_engine

    engine = open_engine(url)
    migrate(engine)
    return engine


if __name__ == "__main__":
    sys.exit(main())
