"""The house rules that a machine can hold: imports point down, style and types are clean, clocks stay put."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("tasks_catalog", "storage", "notifications", "flows", "board", "cli")
READS_A_CLOCK = re.compile(r"\b(?:datetime\.(?:now|today|utcnow)|date\.today|time\.time)\(")
MAY_READ_A_CLOCK = {"flows/office.py"}


def run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command], cwd=ROOT, capture_output=True, text=True, check=False, timeout=280
    )


@pytest.mark.parametrize(
    "command",
    [
        pytest.param(
            ("-c", "from importlinter.cli import lint_imports_command as c; c()", "--no-cache"),
            id="imports point down",
        ),
        pytest.param(("-m", "ruff", "check", "."), id="style is clean"),
        pytest.param(("-m", "ruff", "format", "--check", "."), id="the layout is the formatter's"),
        pytest.param(("-m", "mypy"), id="types are strict"),
    ],
)
def test_the_checks_pass(command: tuple[str, ...]) -> None:
    done = run(*command)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]


def test_an_import_that_points_up_is_found(tmp_path: Path) -> None:
    for name in PACKAGES:
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("")
    (tmp_path / "tasks_catalog" / "wrong.py").write_text("import storage\n")
    (tmp_path / "pyproject.toml").write_text(
        (ROOT / "pyproject.toml").read_text(encoding="utf-8"), encoding="utf-8"
    )
    done = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()", "--no-cache"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 1
    assert "tasks_catalog.wrong -> storage" in done.stdout


def test_only_the_wiring_reads_a_clock() -> None:
    found = {
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        if READS_A_CLOCK.search(path.read_text(encoding="utf-8"))
    }
    assert found == MAY_READ_A_CLOCK
