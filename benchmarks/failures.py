"""What a failure costs in letters: the relay down, the process killed half-way, the morning run twice."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from datetime import time as clock
from pathlib import Path
from random import Random

from benchmarks.loader import load, settle_in
from benchmarks.measured import Checks, environment, table
from benchmarks.sink import Sink, free_port, sink
from benchmarks.workload import DAY, SEED, WORKLOADS, Workload

KILLS = 5
_JOB = Path(__file__).with_name("morning_job.py")
_AFTER_THE_LEASE = datetime.combine(DAY, clock(8, 11))
_WAIT_SECONDS = 120
_GOES_AGAIN = ("waiting", "deferred")
_NOT_LOST = (*_GOES_AGAIN, "unknown")


@dataclass(frozen=True, kw_only=True)
class Came:
    """What became of the letters of a morning, counted at the relay and in the outbox."""

    exit_codes: str
    delivered: int
    doubled: int
    kept: int
    """Waiting or deferred: goes out by itself when its time comes."""
    unknown: int
    """Shown to a person, who decides: the process died between handing over and recording."""
    lost: int
    """Neither delivered, nor kept, nor shown."""


def failures(folder: Path, checks: Checks) -> str:
    """Return the table; no letter may be lost or come twice."""
    for name in ("W1", "W2"):
        load(folder / name, WORKLOADS[name])
    one, many = (folder / name for name in ("W1", "W2"))
    rows = [
        ("the relay is down, W1", _down(one, WORKLOADS["W1"])),
        ("- and comes back ten minutes later", _back_again(one, WORKLOADS["W1"])),
        ("the morning is run twice, W1", _twice(one, WORKLOADS["W1"])),
        *_killed(many, WORKLOADS["W2"]),
    ]
    for what, came in rows:
        checks.equal(f"{what}: letters lost, doubled", (came.lost, came.doubled), (0, 0))
    heads = (
        "what happens",
        "exit codes",
        "delivered",
        "kept",
        "unknown, shown to a person",
        "lost",
        "doubled",
    )
    shown = [(w, c.exit_codes, c.delivered, c.kept, c.unknown, c.lost, c.doubled) for w, c in rows]
    return table(heads, shown)


def _down(prepared: Path, workload: Workload) -> Came:
    home = _copy(prepared, "down", free_port())
    return _came(home, workload, [], [_morning(home)])


def _back_again(prepared: Path, workload: Workload) -> Came:
    port = free_port()
    home = _copy(prepared, "back", port)
    codes = [_morning(home)]
    with sink(port) as relay:
        codes.append(_morning(home, _AFTER_THE_LEASE.isoformat(), "post"))
        return _came(home, workload, _recipients(relay), codes)


def _twice(prepared: Path, workload: Workload) -> Came:
    with sink() as relay:
        home = _copy(prepared, "twice", relay.port)
        codes = [_morning(home), _morning(home)]
        return _came(home, workload, _recipients(relay), codes)


def _killed(prepared: Path, workload: Workload) -> list[tuple[str, Came]]:
    """Kill the process after so many letters, run it again at once, and once more after the lease."""
    chance = Random(SEED)  # noqa: S311  # the same moments every time, no secret
    rows: list[tuple[str, Came]] = []
    for number in range(KILLS):
        after = chance.randrange(1, workload.people)
        with sink() as relay:
            home = _copy(prepared, f"killed-{number}", relay.port)
            codes = [_kill_after(home, relay, after), _morning(home)]
            codes.append(_morning(home, _AFTER_THE_LEASE.isoformat(), "post"))
            came = _came(home, workload, _recipients(relay), codes)
        rows.append((f"killed after {after} letters, W2, and run again", came))
    return rows


def _kill_after(home: Path, relay: Sink, letters: int) -> int:
    """Start the morning, end it by SIGKILL once the relay has taken so many letters; return its code."""
    with subprocess.Popen(_command(home, DAY.isoformat(), "plainly"), env=environment(home)) as process:  # noqa: S603  # our own
        ends = time.monotonic() + _WAIT_SECONDS
        while relay.count()[1] < letters and process.poll() is None and time.monotonic() < ends:
            time.sleep(0.001)
        process.kill()
        return process.wait()


def _morning(home: Path, as_of: str = DAY.isoformat(), how: str = "plainly") -> int:
    return subprocess.run(_command(home, as_of, how), env=environment(home), check=False).returncode  # noqa: S603  # our own


def _command(home: Path, as_of: str, how: str) -> list[str]:
    return [sys.executable, str(_JOB), str(home), as_of, how, str(home / "told.json")]


def _copy(prepared: Path, name: str, port: int) -> Path:
    home = prepared.with_name(f"{prepared.name}-{name}")
    shutil.copytree(prepared, home)
    settle_in(home, port)
    return home


def _recipients(relay: Sink) -> list[str]:
    return [mail.recipient for mail in relay.taken()]


def _came(home: Path, workload: Workload, recipients: Sequence[str], codes: Sequence[int]) -> Came:
    """Compare what the relay took with what the outbox says of every letter."""
    from sqlalchemy import select

    from flows.office import open_office
    from storage.engine import read
    from storage.schema import LetterRow, PersonRow

    with open_office(home) as office, read(office.engine) as session:
        query = select(PersonRow.email, LetterRow.state).join(PersonRow, PersonRow.code == LetterRow.person)
        states = dict(session.execute(query).tuples().all())
    times = Counter(recipients)
    kept = {to for to, state in states.items() if state in _NOT_LOST}
    return Came(
        exit_codes=", ".join(map(str, codes)),
        delivered=len(times),
        doubled=sum(count > 1 for count in times.values()),
        kept=sum(state in _GOES_AGAIN for state in states.values()),
        unknown=sum(state == "unknown" for state in states.values()),
        lost=workload.people - len(set(times) | kept),
    )
