"""Letters as files in a maildir (tmp, new, cur): for demonstrations, and for offices without a relay.

The file is named after the Message-ID, so a letter delivered twice is one file, and nothing is
ever ``unknown``.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
from pathlib import Path
from types import TracebackType
from typing import Self

from notifications.deliver import TAKEN_OVER, Begin, Envelope, Outcome, at_once
from notifications.mime import one_line

_SAFE_NAME = re.compile(r"<?([A-Za-z0-9][A-Za-z0-9._-]{0,63})@[A-Za-z0-9.-]{1,100}>?\Z")
_PARTS = ("tmp", "new", "cur")


class MaildirMailer:
    """Delivers into one maildir of the office; mail programs open the folder as it is."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None

    async def deliver(self, envelope: Envelope, begin: Begin = at_once) -> Outcome:
        """Write the message unless it lies there already, read or unread."""
        if not begin():
            return Outcome(state="deferred", answer=TAKEN_OVER)
        try:
            return await asyncio.to_thread(self._write, envelope)
        except OSError as reason:  # disk full, folder not writable: worth another attempt, and shown
            return Outcome(state="deferred", answer=one_line(str(reason)), of_relay=True)

    def _write(self, envelope: Envelope) -> Outcome:
        for part in _PARTS:
            (self._folder / part).mkdir(parents=True, exist_ok=True)
        name = file_name(envelope.message_id)
        final = self._folder / "new" / name
        if final.exists() or any((self._folder / "cur").glob(f"{name}*")):
            return Outcome(state="sent", answer=f"maildir: {name} (already there)")
        draft = self._folder / "tmp" / f"{name}.{os.getpid()}.{id(envelope)}"
        with draft.open("wb") as file:
            file.write(envelope.data)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(final)
        _sync_folder(final.parent)
        return Outcome(state="sent", answer=f"maildir: {name}")


def file_name(message_id: str) -> str:
    """Return the file name of a letter: the local part of its Message-ID, or a digest of an odd one."""
    plain = _SAFE_NAME.match(message_id)
    if plain:
        return f"{plain[1]}.eml"
    return f"{hashlib.sha256(message_id.encode('utf-8', 'surrogatepass')).hexdigest()[:32]}.eml"


def _sync_folder(folder: Path) -> None:
    """Make the new name itself durable, which syncing the file does not."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
