"""Programs that a machine may lack: who wants one gets its path, or skips with the reason."""

from __future__ import annotations

import os
import shutil

import pytest

_PATH = os.pathsep.join((os.environ.get("PATH", os.defpath), "/usr/sbin"))  # where Debian puts smtp-sink


def program(*names: str) -> str:
    """Return the path of the first of ``names`` this machine has; skips where it has none."""
    for name in names:
        if found := shutil.which(name, path=_PATH):
            return found
    pytest.skip(f"{' or '.join(names)} is not on this machine")
