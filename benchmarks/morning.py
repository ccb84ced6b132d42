"""The morning's mail: what is overdue or due within a week, one letter a person, against ideal scripts.

Ours is the whole of it: the ladder, the calendar, the ledger, the outbox, one letter composed from the
facts at the moment of sending. The ideals are one query, one template, one connection. In turn, each on
a fresh copy of the database and with a relay of its own: ``python morning.py [ROUNDS] [WORKLOAD ...]``.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from os import getloadavg
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.failures import failures
from benchmarks.imported import loads_as_imported
from benchmarks.loader import load, settle_in
from benchmarks.mails import held_as_expected
from benchmarks.measured import Checks, Cost, run, table
from benchmarks.sink import name as sink_name
from benchmarks.sink import sink
from benchmarks.workload import DAY, WORKLOADS, Workload

ROUNDS = 5
OURS, PREFECT = "dondoc", "dondoc, through Prefect"
IDEALS = {f"ideal, {kind}": kind for kind in ("EmailMessage", "MIMEText", "bytes")}
THROUGH_PREFECT = ("W1", "W2")
"""Where the flow engine is measured too; what it adds does not grow with the letters."""
_HERE = Path(__file__).parent
PARTS = ("deciding", "composing", "sending", "database", "starting", "the rest")


@dataclass(frozen=True, kw_only=True)
class Round:
    """One run of one script: what it cost, the sessions the relay counted, and what the run itself told."""

    cost: Cost
    sessions: int
    told: Mapping[str, Any]


def main(rounds: int = ROUNDS, names: Sequence[str] = tuple(WORKLOADS)) -> int:
    """Print the tables and return the exit code."""
    checks = Checks()
    with TemporaryDirectory(prefix="dondoc-bench-") as folder:
        offices = {name: Path(folder) / name for name in names}
        for name, home in offices.items():
            load(home, WORKLOADS[name])
        same = loads_as_imported(Path(folder) / "imported", WORKLOADS["W1"])
        checks.true("W1: the loader leaves what importing and activating the plans leaves", same)
        seen = {name: watched(WORKLOADS[name], home, checks) for name, home in offices.items()}
        found = {name: measured(WORKLOADS[name], home, rounds, checks) for name, home in offices.items()}
        show(found, seen, rounds)
        print("\n### When something fails\n")
        print(failures(Path(folder) / "failures", checks))
    return checks.done()


def measured(workload: Workload, home: Path, rounds: int, checks: Checks) -> Mapping[str, list[Round]]:
    """Run every script in turn, ``rounds`` times."""
    scripts = [OURS, *([PREFECT] if workload.name in THROUGH_PREFECT else []), *IDEALS]
    found: dict[str, list[Round]] = defaultdict(list)
    for _ in range(rounds):
        for script in scripts:
            found[script].append(one_round(script, workload, home, checks))
    return found


def one_round(script: str, workload: Workload, prepared: Path, checks: Checks) -> Round:
    """Run one script over a fresh copy of the office; every mail it sent is read and compared."""
    with TemporaryDirectory(prefix="dondoc-bench-") as folder, sink() as relay:
        home = Path(folder) / "office"
        shutil.copytree(prepared, home)
        settle_in(home, relay.port)
        told = Path(folder) / "told.json"
        if script in IDEALS:
            arguments = (
                "ideal.py",
                IDEALS[script],
                str(home / "dondoc.db"),
                str(relay.port),
                DAY.isoformat(),
            )
        else:
            how = {OURS: "plainly", PREFECT: "prefect"}.get(script, script)
            arguments = ("morning_job.py", str(home), DAY.isoformat(), how, str(told))
        cost = run([sys.executable, str(_HERE / arguments[0]), *arguments[1:]])
        sessions, _ = relay.count()
        held_as_expected(f"{workload.name}, {script}", relay.taken(), workload, checks)
        return Round(
            cost=cost,
            sessions=sessions,
            told=json.loads(told.read_text(encoding="utf-8")) if told.exists() else {},
        )


def watched(workload: Workload, home: Path, checks: Checks) -> Mapping[str, Any]:
    """Return the statements of our morning, and its seconds of CPU by part of the work."""
    return one_round("watched", workload, home, checks).told


def show(
    found: Mapping[str, Mapping[str, list[Round]]], seen: Mapping[str, Mapping[str, Any]], rounds: int
) -> None:
    """Print what each script took, our part by part, and what the engine adds."""
    load = " / ".join(f"{each:.2f}" for each in getloadavg())
    print(f"### One letter a person, {rounds} rounds in turn, {sink_name()}, load at the end {load}\n")
    heads = ("script", "CPU, s", "from", "to", "wall, s", "from", "to", "peak memory, MB", "SQL", "sessions")
    print(
        table(
            ("workload", *heads, "mails", "rows a mail", "CPU a mail, ms", "our CPU / its"),
            [row for name, scripts in found.items() for row in _rows(name, found, scripts, seen[name])],
        )
    )
    print("\n### What our CPU goes to, by looking every millisecond (which costs some itself)\n")
    print(table(("part of the work", *seen), [(part, *_shares(part, seen)) for part in PARTS]))
    if engine := {name: scripts[PREFECT] for name, scripts in found.items() if PREFECT in scripts}:
        print("\n### The three flows through Prefect, without the start of its server, medians\n")
        keys = (("CPU, s", "flows_cpu"), ("wall, s", "flows_wall"))
        print(
            table(
                ("", *engine),
                [
                    (what, *(median(r.told[key] for r in found) for found in engine.values()))
                    for what, key in keys
                ],
            )
        )


def _rows(
    name: str,
    found: Mapping[str, Mapping[str, list[Round]]],
    scripts: Mapping[str, list[Round]],
    seen: Mapping[str, Any],
) -> list[tuple[object, ...]]:
    workload = WORKLOADS[name]
    return [
        (
            *(name, script),
            *_spread([each.cost.cpu for each in runs]),
            *_spread([each.cost.wall for each in runs]),
            round(max(each.cost.peak_mb for each in runs)),
            seen["sql"] if script == OURS else "1" if script in IDEALS else "–",
            _range([each.sessions for each in runs]),
            *(workload.people, workload.rows),
            _each(name, script, found),
            "–" if script == OURS else median(_ratios(scripts[OURS], runs)),
        )
        for script, runs in scripts.items()
    ]


def _spread(values: Sequence[float]) -> tuple[float, float, float]:
    return median(values), min(values), max(values)


def _range(values: Sequence[int]) -> str:
    return str(values[0]) if len(set(values)) == 1 else f"{min(values)}–{max(values)}"


def _ratios(ours: Sequence[Round], others: Sequence[Round]) -> list[float]:
    """Return ours against the other of the same round."""
    return [one.cost.cpu / other.cost.cpu for one, other in zip(ours, others, strict=True)]


def _each(name: str, script: str, found: Mapping[str, Mapping[str, list[Round]]]) -> object:
    """Return the CPU a mail without what starting takes: what is more than the smallest workload's."""
    first = next(iter(found))
    more = WORKLOADS[name].people - WORKLOADS[first].people
    if not more:
        return "–"
    taken, least = (median(r.cost.cpu for r in found[which][script]) for which in (name, first))
    return 1000 * (taken - least) / more


def _shares(part: str, seen: Mapping[str, Mapping[str, Any]]) -> list[str]:
    return [
        f"{each['parts'].get(part, 0):.2f} s, {each['parts'].get(part, 0) / sum(each['parts'].values()):.0%}"
        for each in seen.values()
    ]


if __name__ == "__main__":
    wanted = sys.argv[1:]
    rounds = int(wanted.pop(0)) if wanted and wanted[0].isdigit() else ROUNDS
    sys.exit(main(rounds, wanted or tuple(WORKLOADS)))
