"""The office's secret: signs the links and return paths that leave in letters. Never in the database.

One file beside the settings, ``secret.key``, readable by its owner only; several processes or machines
share it through ``DONDOC_SECRET``. Whoever has it can act as any reader of a letter: a backup does not
take it along, and a new line at its top makes a new key while letters already out still hold.
"""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

from tasks_catalog.problem import Refused

FILE_NAME = "secret.key"
LEAST = 32
"""Characters a key has at least: 32 of base64 are 192 bits."""


class SecretUnusable(Refused):
    """A key too short to sign with."""


def keys_of(home: Path) -> tuple[str, ...]:
    """Return the keys, the one that signs first; those after it are still believed. Makes one if none is.

    Raises SecretUnusable for a key of under 32 characters.
    """
    words = os.environ.get("DONDOC_SECRET") or _kept(home / FILE_NAME)
    keys = tuple(words.split())
    for key in keys:
        if len(key) < LEAST:
            raise SecretUnusable("secret_too_short", least=LEAST)
    return keys


def _kept(file: Path) -> str:
    if not file.exists():
        _make(file)
    return file.read_text(encoding="ascii", errors="replace")


def _make(file: Path) -> None:
    """Write a whole file, then give it its name: a quicker twin's stays, and none is half-written."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = file.with_name(f"{file.name}.{os.getpid()}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as new:
        new.write(secrets.token_urlsafe(48) + "\n")
    try:
        with suppress(FileExistsError):
            os.link(draft, file)
    finally:
        draft.unlink()
