"""Our morning in one process: ``python morning_job.py HOME AS_OF HOW RESULT``.

HOW is ``plainly``; ``prefect``, with the flow server in the same process as ``dondoc up`` has it;
``post``, the letters only; or ``watched``, plainly with what it costs to look: statements are counted,
and every millisecond of CPU is put down to a part of the work. RESULT is written as JSON.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from types import FrameType
from typing import Any

Found = dict[str, Any]
_LOOK_SECONDS = 0.001
_PARTS = (
    ("/aiosmtplib/", "sending"),
    ("/asyncio/", "sending"),
    ("/notifications/smtp.py", "sending"),
    ("/sqlalchemy/", "database"),
    ("/storage/", "database"),
    ("/notifications/announce.py", "deciding"),
    ("/notifications/", "composing"),
    ("/flows/rendering.py", "composing"),
    ("/jinja2/", "composing"),
    ("/flows/", "the rest"),
)
"""The innermost frame that stands here says what the time went to; the core's own frames do not."""


def main(home: Path, as_of: date | datetime, how: str) -> Found:
    """Do the work and return what was seen of it."""
    if how == "prefect":
        return _through_prefect(home, as_of)
    if how == "watched":
        with _watched() as seen:
            _plainly(home, as_of)
        return dict(seen)
    _plainly(home, as_of, only_post=how == "post")
    return {}


def _plainly(home: Path, as_of: date | datetime, *, only_post: bool = False) -> None:
    from flows.escalate import escalate_work
    from flows.office import open_office
    from flows.post import post_work
    from flows.remind import remind_work

    with open_office(home) as office:
        if not only_post:
            remind_work(office, as_of)
            escalate_work(office, as_of)
        post_work(office, as_of)


def _through_prefect(home: Path, as_of: date | datetime) -> Found:
    """Return what the three flows took, without the start and the end of the server."""
    os.environ["DONDOC_HOME"] = str(home)
    from flows.server import QUIET, serve

    os.environ.update(QUIET)
    with serve(None, home=home, port=0):
        from flows.escalate import escalate
        from flows.post import post
        from flows.remind import remind

        began, used = time.perf_counter(), time.process_time()
        for flow in (remind, escalate, post):
            flow(as_of)
        return {"flows_wall": time.perf_counter() - began, "flows_cpu": time.process_time() - used}


@contextmanager
def _watched() -> Iterator[Found]:
    """Count the statements, and sum the CPU by part of the work, from here to the end."""
    from sqlalchemy import Engine, event

    seen: Found = {"sql": 0}
    parts: dict[str, float] = defaultdict(float)

    def count(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        seen["sql"] += not statement.startswith(("BEGIN", "PRAGMA"))

    event.listen(Engine, "before_cursor_execute", count)
    signal.signal(signal.SIGPROF, _look(parts))
    signal.setitimer(signal.ITIMER_PROF, _LOOK_SECONDS, _LOOK_SECONDS)
    try:
        yield seen
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        seen["parts"] = dict(parts)


def _look(parts: dict[str, float]) -> Callable[[int, FrameType | None], None]:
    """Return what is called every millisecond of CPU; late after a long call of C, so it asks the time."""
    last = time.process_time()

    def look(_signal: int, frame: FrameType | None) -> None:
        nonlocal last
        now = time.process_time()
        parts[_part_of(frame)] += now - last
        last = now

    return look


def _part_of(frame: FrameType | None) -> str:
    while frame is not None:
        file = frame.f_code.co_filename
        if file.startswith("<frozen importlib"):
            return "starting"
        for fragment, part in _PARTS:
            if fragment in file:
                return part
        frame = frame.f_back
    return "starting"


def _moment(written: str) -> date | datetime:
    return datetime.fromisoformat(written) if "T" in written else date.fromisoformat(written)


if __name__ == "__main__":
    result = main(Path(sys.argv[1]), _moment(sys.argv[2]), sys.argv[3])
    Path(sys.argv[4]).write_text(json.dumps(result), encoding="utf-8")
