"""A plan's document read in a process of its own: whatever it holds, the board neither hangs nor dies of it.

The child gets the bytes on its standard input and answers in JSON on its output. Its memory and time are
bounded by the system (where that can), so that a file made to be costly ends the child alone. What was
read is kept for a while in this process: every look at the page of an upload asks for it.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from threading import BoundedSemaphore, Lock

from storage.codec import from_json, to_json
from tasks_catalog.documents.beside import Beside, read_beside
from tasks_catalog.documents.refusals import MAX_CONVERSION_SECONDS, TooLarge
from tasks_catalog.problem import Refused

MOST_SECONDS = MAX_CONVERSION_SECONDS + 90
"""Longer than LibreOffice may take to convert an old document; 20,000 rows take a third of the rest."""
MOST_MEMORY = 3 * 1024**3
"""Address space of the child; 20,000 rows of a workbook take under one gigabyte."""
KEPT = 8
"""Readings kept, each under two keys: people import one plan at a time."""
AT_ONCE = 2
"""Children at a time: a third upload waits its turn."""
_REFUSED, _TOO_COSTLY = 3, 4


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Which document is to be read, and for which year (``tasks_catalog.documents.beside.read_beside``)."""

    sha256: str
    name: str
    year: int | None = None
    issued: date | None = None


class Readings:
    """The readings kept, the latest used last; one process reads one document once."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Asked, Beside] = OrderedDict()
        self._turns = BoundedSemaphore(AT_ONCE)
        self._lock = Lock()

    def of(self, asked: Asked, data: Callable[[], bytes]) -> Beside:
        """Return the reading; ``data`` is called for the bytes only where it is not kept.

        Raises what ``read_apart`` raises.
        """
        found = self._found(asked)
        if found is None:
            with self._turns:
                found = self._found(asked) or read_apart(data(), asked)
            with self._lock:
                self._kept[asked] = found
                # Said of the year by a person, it is the same reading: no child is started for that.
                named = Asked(sha256=asked.sha256, name=asked.name, year=found.read.head.year)
                self._kept.setdefault(named, replace(found, year_assumed=False))
                while len(self._kept) > KEPT:
                    self._kept.popitem(last=False)
        return found

    def _found(self, asked: Asked) -> Beside | None:
        with self._lock:
            if asked in self._kept:
                self._kept.move_to_end(asked)
            return self._kept.get(asked)


def read_apart(data: bytes, asked: Asked, *, most_seconds: float = MOST_SECONDS) -> Beside:
    """Read a document in a child.

    Raises what ``read_beside`` raises, by its code; TooLarge (import_too_costly) where the child was ended
    by a limit.
    """
    issued = asked.issued.isoformat() if asked.issued else ""
    command = (sys.executable, "-P", "-m", "storage.reading", asked.name, str(asked.year or ""), issued)
    with subprocess.Popen(  # noqa: S603  # our own interpreter and module; the name is an argument only
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as child:
        try:
            answer, _ = child.communicate(data, timeout=most_seconds)
        except subprocess.TimeoutExpired as fault:
            raise TooLarge("import_too_costly", file=asked.name) from fault
        finally:
            child.kill()
    if child.returncode == _REFUSED:
        refused = json.loads(answer)
        raise Refused(refused["code"], **refused["params"])
    if child.returncode:
        raise TooLarge("import_too_costly", file=asked.name)
    return from_json(Beside, json.loads(answer))


def _bound_ourselves() -> None:
    """Take the child's limits on, where the system knows them."""
    if sys.platform == "win32":
        return
    import resource

    for limit, most in (
        (resource.RLIMIT_AS, MOST_MEMORY),
        (resource.RLIMIT_CPU, MOST_SECONDS),
        (resource.RLIMIT_CORE, 0),
    ):
        with contextlib.suppress(ValueError, OSError):  # a tighter limit is in force already
            resource.setrlimit(limit, (most, most))
    os.nice(5)  # pages of the board go first


def _child() -> int:
    name, year, issued = sys.argv[1:4]
    _bound_ourselves()
    try:
        found = read_beside(
            sys.stdin.buffer.read(),
            name,
            year=int(year) if year else None,
            issued=date.fromisoformat(issued) if issued else None,
        )
        answer = json.dumps(to_json(Beside, found), ensure_ascii=False).encode()
    except Refused as refused:
        answer = json.dumps({"code": refused.code, "params": refused.params}).encode()
        sys.stdout.buffer.write(answer)
        return _REFUSED
    except (MemoryError, RecursionError):
        return _TOO_COSTLY
    sys.stdout.buffer.write(answer)
    return 0


if __name__ == "__main__":
    sys.exit(_child())
