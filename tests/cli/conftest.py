"""A department in a folder of its own, and the command line called as a person calls it."""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from cli.main import answer

PLANS = Path(__file__).parents[1] / "data" / "plans"
NUMBER = "383/KH-SCT"


@dataclass(frozen=True, kw_only=True)
class Said:
    """What one command printed, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass(frozen=True, kw_only=True)
class Dondoc:
    """The command line at one office."""

    home: Path
    capture: pytest.CaptureFixture[str]

    def __call__(self, *typed: object, lang: str = "vi") -> Said:
        code = answer(["--home", str(self.home), "--lang", lang, *map(str, typed)])
        captured = self.capture.readouterr()
        return Said(code=code, out=captured.out, err=captured.err)

    def done(self, *typed: object) -> Said:
        """Run a command that must succeed."""
        said = self(*typed)
        assert said.code == 0, said.err + said.out
        return said

    def bytes(self) -> dict[str, str]:
        """Return every file of the office with its digest: equal before and after means nothing written."""
        return {
            str(path.relative_to(self.home)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(self.home.rglob("*"))
            if path.is_file() and not path.name.endswith(("-wal", "-shm"))
        }


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the options keep in the environment is undone after each test."""
    monkeypatch.setenv("DONDOC_HOME", "")
    monkeypatch.setenv("DONDOC_LANG", "vi")
    monkeypatch.setenv("COLUMNS", "160")
    for name in ("DONDOC_DATABASE", "DONDOC_BASE_URL", "PREFECT_API_URL"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="session")
def _tracked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office that tracks the plan of 2022, made once by the commands themselves, and copied by tests."""
    home = tmp_path_factory.mktemp("offices") / "tracked"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DONDOC_HOME", str(home))
        plan = str(PLANS / "cchc-2022.docx")
        day = ["--as-of", "2022-02-07"]
        for typed in (
            ["init", "--simulated"],
            ["plan", "import", plan, "--number", NUMBER, "--issued", "2022-01-30", *day],
            ["plan", "settle", NUMBER, "--row", "3", "--accept", *day],
            ["plan", "activate", NUMBER, *day],
        ):
            assert answer(typed) == 0, typed
    return home


@pytest.fixture
def tracked(_tracked: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Dondoc:
    shutil.copytree(_tracked, tmp_path / "office")
    capsys.readouterr()
    return Dondoc(home=tmp_path / "office", capture=capsys)


@pytest.fixture
def empty(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Dondoc:
    """A folder where no office is yet."""
    return Dondoc(home=tmp_path / "office", capture=capsys)
