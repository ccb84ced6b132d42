"""The command line as a process: what it loads, in which encoding it prints, and how it ends."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from cli import main
from tests.cli.conftest import PLANS, Dondoc

HEAVY = ("prefect", "sqlalchemy", "pydantic", "pdfplumber", "docx", "openpyxl", "rich", "fastapi", "jinja2")
REPORT = f"""
import sys
from cli.main import answer
code = answer(sys.argv[1:])
print(code, *(name for name in {HEAVY} if name in sys.modules), file=sys.stderr)
"""


@pytest.mark.parametrize(
    ("typed", "loads"),
    [
        pytest.param(["--help"], "", id="the help"),
        pytest.param(["plan", "import", "--help"], "", id="a command's help"),
        pytest.param(["deadline", "Quý III", "--year", "2022"], "", id="a deadline"),
        pytest.param(["plan", "read", str(PLANS / "cchc-2022.csv"), "--year", "2022"], "", id="a .csv plan"),
        pytest.param(["plan", "read", str(PLANS / "cchc-2022.docx")], "", id="a .docx plan"),
    ],
)
def test_what_a_quick_command_loads(typed: list[str], loads: str) -> None:
    ended = subprocess.run([sys.executable, "-c", REPORT, *typed], capture_output=True, text=True, check=True)
    assert ended.stderr.split() == ["0", *loads.split()]


def _dondoc(*typed: str) -> list[str]:
    return [sys.executable, "-m", "cli.main", *typed]


def test_vietnamese_is_printed_in_a_c_locale() -> None:
    ended = subprocess.run(
        _dondoc("deadline", "Trước 15/11/2022", "--year", "2022"),
        capture_output=True,
        env={**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        check=True,
    )
    assert "Trước 15/11/2022" in ended.stdout.decode()


def test_a_reader_that_stops_reading_is_no_fault() -> None:
    process = subprocess.Popen(
        _dondoc("plan", "read", str(PLANS / "cchc-2022.csv"), "--year", "2022", "--json"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.read(10)
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait(timeout=60) in (0, 1)


def test_a_fault_of_the_program_is_one_sentence_and_its_traceback_a_file(tracked: Dondoc) -> None:
    (tracked.home / "dondoc.db").write_bytes(b"no database at all" * 100)
    said = tracked("plan", "list", lang="en")
    assert said.code == 1
    assert len(said.err.splitlines()) == 1
    log = tracked.home / "dondoc-error.log"
    assert str(log) in said.err
    assert "Traceback" in log.read_text(encoding="utf-8")
    assert log.stat().st_mode & 0o777 == 0o600


def test_an_interrupted_command_ends_with_130_and_says_nothing(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(main, "command", lambda: lambda *_, **__: interrupted())
    assert main.answer(["tally"]) == 130
    assert capsys.readouterr() == ("", "")


def test_no_folder_is_made_for_a_fault(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise RuntimeError("hỏng")

    monkeypatch.setenv("DONDOC_HOME", str(tmp_path / "none"))
    monkeypatch.setattr(main, "command", lambda: lambda *_, **__: broken())
    assert main.answer(["tally"]) == 1
    assert "RuntimeError: hỏng" in capsys.readouterr().err
    assert not (tmp_path / "none").exists()
