"""Runs every benchmark and writes ``results.md``: ``python benchmarks/report.py``, or ``make bench``."""

from __future__ import annotations

import os
import platform
import sqlite3
import subprocess
import sys
import time
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

FOLDER = Path(__file__).parent
RESULTS = FOLDER / "results.md"
TITLES = {
    "year": "The year",
    "humane": "What it asks of people",
    "startup": "Starting",
    "race": "Several at once",
    "faults": "Faults",
    "morning": "The morning's mail",
    "read": "Reading",
    "pages": "The board's pages",
}
ARGUMENTS = {"pages": ("57", "5000")}
"""The million takes some twenty minutes to write: ``pages.py 1000000`` by itself."""
_HEAD = """# Results

Written by `make bench`; what each figure means stands in [README.md](README.md).
"""


def main() -> int:
    """Run the benchmarks one after the other; return 1 when the counts of one do not add up."""
    before = _load()
    parts, failed = [], []
    for name, title in TITLES.items():
        print(f"{name} ...", file=sys.stderr, flush=True)
        began = time.perf_counter()
        ended = subprocess.run(  # noqa: S603  # a script of this folder
            [sys.executable, str(FOLDER / f"{name}.py"), *ARGUMENTS.get(name, ())],
            stdout=subprocess.PIPE,
            encoding="utf-8",
            check=False,
        )
        failed += [name] if ended.returncode else []
        print(ended.stdout, flush=True)
        how = "" if ended.returncode == 0 else f", **ended with {ended.returncode}**"
        took = f"`{name}.py`, {time.perf_counter() - began:.0f} s{how}"
        parts.append(f"## {title}\n\n{took}\n\n{ended.stdout.strip()}\n")
    about = f"{_about()}. Load (1, 5, 15 minutes) before {before}, after {_load()}.\n"
    RESULTS.write_text("\n".join((_HEAD, about, *parts)), encoding="utf-8")
    if failed:
        print(f"These do not add up: {', '.join(failed)}.", file=sys.stderr)
    return 1 if failed else 0


def _about() -> str:
    """Return what the figures depend on; no name of the machine."""
    python = f"{platform.python_implementation()} {platform.python_version()}"
    libraries = ", ".join(f"{name} {version(name)}" for name in ("SQLAlchemy", "prefect"))
    return (
        f"{datetime.now(UTC):%Y-%m-%d}: {platform.system()} on {platform.machine()}, {os.cpu_count()} cores, "
        f"{python}, SQLite {sqlite3.sqlite_version}, {libraries}"
    )


def _load() -> str:
    return " / ".join(f"{load:.2f}" for load in os.getloadavg())


if __name__ == "__main__":
    sys.exit(main())
