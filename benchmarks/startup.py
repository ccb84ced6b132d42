"""How long small commands take from start to end, and what they leave unimported."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks.measured import DONDOC, Checks, Cost, environment, run, table

ROUNDS = 7
PLAN = Path(__file__).parents[1] / "tests" / "data" / "plans" / "cchc-2022.csv"
COMMANDS = {
    "dondoc --help": ["--help"],
    "dondoc plan read x.csv": ["plan", "read", str(PLAN)],
    'dondoc deadline "..."': ["deadline", "Trước ngày 15/11/2022", "--year", "2022"],
}
HEAVY = ("prefect", "sqlalchemy", "pdfplumber", "docx", "openpyxl")
"""What none of these commands needs, and a start would pay for."""
_ASK = """
import contextlib, io, sys
from cli.main import answer
with contextlib.redirect_stdout(io.StringIO()):
    code = answer(sys.argv[1:])
print("\\n".join(sys.modules))
sys.exit(code)
"""
_NOTHING = "python -c pass"


def main() -> int:
    """Print the table and return the exit code."""
    checks = Checks()
    costs = measure()
    base = median(cost.cpu for cost in costs[_NOTHING])
    rows = [row(name, found, base) for name, found in costs.items()]
    print(f"### Start to end of small commands, median of {ROUNDS}\n")
    print(table(("", "CPU, ms", "wall, ms", "peak memory, MB", f"CPU / CPU of `{_NOTHING}`"), rows))
    print(f"\nNone of them may import {', '.join(HEAVY)}.\n")
    print(table(("", "modules imported", "heavy ones"), [imports(name, checks) for name in COMMANDS]))
    return checks.done()


def measure() -> dict[str, list[Cost]]:
    """Run the commands in turn, so that what else the machine does falls on all of them alike."""
    all_commands = {_NOTHING: [sys.executable, "-c", "pass"]}
    all_commands |= {name: [DONDOC, *words] for name, words in COMMANDS.items()}
    for command in all_commands.values():
        run(command)  # once unmeasured: compiles, and fills the disk cache
    costs: dict[str, list[Cost]] = {name: [] for name in all_commands}
    for _ in range(ROUNDS):
        for name, command in all_commands.items():
            costs[name].append(run(command))
    return costs


def row(name: str, costs: list[Cost], base: float) -> tuple[str, int, int, int, float]:
    cpu = median(cost.cpu for cost in costs)
    return (
        f"`{name}`",
        round(1000 * cpu),
        round(1000 * median(cost.wall for cost in costs)),
        round(median(cost.peak_mb for cost in costs)),
        cpu / base,
    )


def imports(name: str, checks: Checks) -> tuple[str, int, str]:
    """Return how many modules a command has imported at its end, and which of the heavy ones."""
    with TemporaryDirectory(prefix="dondoc-bench-") as folder:
        ended = subprocess.run(  # noqa: S603  # this Python with a text of this file
            [sys.executable, "-c", _ASK, *COMMANDS[name]],
            cwd=folder,
            env=environment(Path(folder)),
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
    modules = ended.stdout.split()
    heavy = [module for module in HEAVY if module in modules]
    checks.equal(f"exit code of {name}", ended.returncode, 0)
    checks.true(f"{name} imports {', '.join(heavy) or 'nothing heavy'}", not heavy)
    return f"`{name}`", len(modules), ", ".join(heavy) or "none"


if __name__ == "__main__":
    sys.exit(main())
