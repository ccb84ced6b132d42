"""Programs that a machine may lack: who wants one gets its path, or skips with the reason."""

from __future__ import annotations

import os
import shutil
import subprocess

import pytest

_PATH = os.pathsep.join((os.environ.get("PATH", os.defpath), "/usr/sbin"))  # where Debian puts smtp-sink


def program(*names: str) -> str:
    """Return the path of the first of ``names`` this machine has; skips where it has none."""
    for name in names:
        if found := shutil.which(name, path=_PATH):
            return found
    pytest.skip(f"{' or '.join(names)} is not on this machine")


def measures_of_times() -> None:
    """Skip where no font has the measures of Times New Roman with Vietnamese letters."""
    families = ("Times New Roman", "Liberation Serif", "Tinos")
    found = [
        subprocess.run(
            [program("fc-list"), f":family={family}:charset=1ebf"],  # U+1EBF, the letter "ế"
            capture_output=True,
            timeout=30,
            check=True,
        ).stdout
        for family in families
    ]
    if not any(found):
        pytest.skip(
            f"none of these fonts, with Vietnamese letters, is on this machine: {', '.join(families)}"
        )
