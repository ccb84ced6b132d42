"""What the benchmarks share: what a command cost, tables in markdown, and counts that must add up."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

DONDOC = str(Path(sys.executable).with_name("dondoc"))
"""The command as installed beside the Python that runs the benchmark."""
_CHILD = Path(__file__).with_name("child.py")


@dataclass(frozen=True, kw_only=True)
class Cost:
    """What one process used from its start to its end: seconds, and megabytes at its peak."""

    cpu: float
    wall: float
    peak_mb: float


class CommandFailed(Exception):
    """A command that is measured ended with a fault, so its figures mean nothing."""


def run(command: Sequence[str]) -> Cost:
    """Run a command in a folder and an environment of its own and return what it cost.

    Raises CommandFailed, with what it printed, unless it ends well.
    """
    with TemporaryDirectory(prefix="dondoc-bench-") as folder:
        result = Path(folder) / "cost.json"
        ended = subprocess.run(  # noqa: S603  # the benchmarks' own commands, no shell
            [sys.executable, "-I", "-S", str(_CHILD), str(result), *command],
            cwd=folder,
            env=environment(Path(folder)),
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        found = json.loads(result.read_text(encoding="utf-8")) if result.exists() else {"code": None}
    if found.pop("code") != 0:
        raise CommandFailed(f"{' '.join(command)}\n{ended.stdout}\n{ended.stderr}")
    return Cost(**found)


def environment(folder: Path) -> dict[str, str]:
    """Return this process's environment without the settings of any office of this machine.

    An installed program finds its modules compiled: where that is switched off, each start would pay.
    """
    left_out = ("DONDOC_", "PREFECT_", "PYTHONDONTWRITEBYTECODE")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(left_out)}
    return kept | {"PREFECT_HOME": str(folder / "prefect"), "COLUMNS": "200"}


def use_own_environment(folder: Path) -> None:
    """Give this process the same environment; to be called before the flows are imported."""
    own = environment(folder)
    for name in set(os.environ) - set(own):
        del os.environ[name]
    os.environ.update(own)


def table(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Return a markdown table; the first column is words, the others are figures."""
    lines = ["| " + " | ".join(heads) + " |", "|---" + "|---:" * (len(heads) - 1) + "|"]
    lines += ["| " + " | ".join(_cell(value) for value in row) + " |" for row in rows]
    return "\n".join(lines)


def _cell(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.2f}"
    return f"{value:,}" if isinstance(value, int) else str(value)


@dataclass
class Checks:
    """The counts that must add up. ``done`` ends the benchmark: with 1 when one of them does not."""

    failed: list[str] = field(default_factory=list)
    held: int = 0

    def equal(self, what: str, found: object, expected: object) -> None:
        """Compare two counts that must be the same."""
        self.true(f"{what}: {found!r}, expected {expected!r}", found == expected)

    def true(self, what: str, holds: bool) -> None:
        """Take note of one condition, named by what it says."""
        if holds:
            self.held += 1
        else:
            self.failed.append(what)

    def done(self) -> int:
        """Print how the conditions came out and return the exit code."""
        for what in self.failed:
            print(f"\n**Does not add up:** {what}")
        if not self.failed:
            print(f"\n{self.held} conditions checked, all hold.")
        return 1 if self.failed else 0
