"""The board under a steady load: how long its pages take with 57, 5,000 and 1,000,000 tasks.

``python benchmarks/pages.py [SIZE ...]``. Each office is built, served by uvicorn on loopback as ``dondoc
up`` serves it, and asked for its pages by several readers at once; then its counts are compared with the
facts they come from. ``DONDOC_BENCH_FOLDER`` names a folder that keeps the databases between runs: the
large one takes minutes to build.
"""

from __future__ import annotations

import asyncio
import gc
import gzip
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle, islice
from math import ceil
from multiprocessing import get_context
from pathlib import Path
from socket import socket
from tempfile import TemporaryDirectory
from time import perf_counter, sleep

import httpx
import uvicorn

from benchmarks.board_office import LARGE, NOW, SIZES, Built, Size, build, database
from benchmarks.measured import Checks, table
from board.app import create_board
from notifications.links import Links
from storage import tasks
from storage.counted import counts_of
from storage.engine import open_engine, read
from storage.miscounted import miscounted
from storage.organisations import only_organisation
from storage.schema import PlanRow

READERS = 2
"""Readers who ask at once, each for the next page as soon as it has the last: both cores are busy."""
REQUESTS = 100
TARGETS = {"57": 60, "5000": 150, "1000000": 150}
"""What 95 of 100 answers must take less than, in milliseconds."""
KEYS = ("a-key-that-signs-only-the-forms-of-this-benchmark",)
FIRST_PAGE = 60_000
"""Bytes the first page may send."""


@dataclass(frozen=True, kw_only=True)
class Measured:
    """How long a page took: medians and the 95th of 100, in milliseconds; its bytes as sent and as drawn."""

    page: str
    median: float
    p95: float
    cpu: float
    """Of the server, an answer: what stays the same when others use the machine too."""
    sent: int
    drawn: int
    answers: int


def main(names: Sequence[str]) -> int:
    """Print a table for each office and return the exit code."""
    checks = Checks()
    with _folder() as folder:
        for size in (SIZES[name] for name in names):
            built = _built(folder, size)
            show(size, built, measured(database(folder, size), size, checks))
            _agree(database(folder, size), size, checks)
    return checks.done()


@contextmanager
def _folder() -> Iterator[Path]:
    kept = os.environ.get("DONDOC_BENCH_FOLDER")
    if kept:
        Path(kept).mkdir(parents=True, exist_ok=True)
        yield Path(kept)
        return
    with TemporaryDirectory(prefix="dondoc-bench-") as folder:
        yield Path(folder)


def _built(folder: Path, size: Size) -> Built | None:
    path = folder / f"{size.name}.db"
    return None if path.exists() else build(database(folder, size), size)


def measured(url: str, size: Size, checks: Checks) -> list[Measured]:
    """Serve the office and ask for each of its pages in turn."""
    pages = dict(_pages(url))
    with _served(url) as (base, pid):
        found = [asyncio.run(_asked(base, pid, name, paths)) for name, paths in pages.items()]
    for page in found:
        checks.true(f"{size.name}, {page.page}: every answer is a page", page.answers == REQUESTS)
    checks.true(f"{size.name}: the first page sends less than 60 kB", found[0].sent < FIRST_PAGE)
    return found


def _pages(url: str) -> Iterator[tuple[str, list[str]]]:
    """Yield each page's name and the addresses asked for it, in turn."""
    engine = open_engine(url)
    with read(engine) as session:
        organisation = only_organisation(session).id
        plan = tasks.plan_or_refuse(session, organisation, LARGE)
        figures = counts_of(session, plan)
        if figures is None:
            raise RuntimeError("the office was not counted")
        units = [line.key for line in figures.by_unit]
        rows = figures.tasks
        deep = rows // 2  # the plan's own order is kept by row, and that is a page's place
    engine.dispose()
    path = Links("/").plan(LARGE)
    yield "front page", ["/"]
    yield "plan page", [path]
    yield "what waits for a decision", [f"{path}/decisions"]
    yield "reports to accept", [f"{path}/to-accept"]
    yield "leaders' page", [f"{path}/brief"]
    yield "timeline", [f"{path}/timeline"]
    yield "list, first page", [f"{path}/list"]
    yield "list, a page in its middle", [f"{path}/list?after={deep}"]
    yield "list, overdue, by due date", [f"{path}/list?standing=overdue&sort=due"]
    yield "list, by text, from the end", [f"{path}/list?sort=text&dir=desc"]
    yield "list of a unit", [f"{path}/list?unit={unit}" for unit in units]
    yield "list of a unit, overdue", [f"{path}/list?unit={unit}&standing=overdue" for unit in units]
    yield (
        "list, section and standing",
        [f"{path}/list?section=I.+C%E1%BA%A3i+c%C3%A1ch+th%E1%BB%83+ch%E1%BA%BF&standing=done"],
    )
    yield "search, few hits", [f"{path}/list?text=thuy+dien"]
    yield "search, many hits", [f"{path}/list?text=cai+cach"]
    yield "search, words typed in part", [f"{path}/list?text=chuy+doi+so+xa+ph&standing=overdue"]
    yield "search in all plans", ["/tasks?text=song+nhiem", "/tasks?text=don+gian+hoa"]
    yield (
        "task page",
        [f"/tasks/{path.rpartition('/')[2]}/{row}" for row in range(1, rows, max(1, rows // 50))],
    )


@contextmanager
def _served(url: str) -> Iterator[tuple[str, int]]:
    """Serve the board from a process of its own at a free port of loopback."""
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = get_context("spawn").Process(target=_serve, args=(url, port), daemon=True)
    server.start()
    base = f"http://127.0.0.1:{port}"
    _wait(f"{base}/healthz")
    yield base, server.pid or 0
    server.terminate()
    server.join()


def _serve(url: str, port: int) -> None:
    engine = open_engine(url)
    with read(engine) as session:
        organisation = only_organisation(session).id
    app = create_board(engine, organisation, clock=lambda: NOW, base_url="http://127.0.0.1", keys=KEYS)
    gc.set_threshold(50_000, 20, 100)  # as an office that is opened
    gc.collect()
    gc.freeze()  # as ``flows.server`` before it serves
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="error", access_log=False)


def _wait(address: str) -> None:
    for _ in range(600):
        try:
            httpx.get(address)
        except httpx.TransportError:
            sleep(0.05)
        else:
            return


def _cpu(pid: int) -> float:
    """Return the CPU a process has used, in milliseconds; 0 where /proc does not tell."""
    stat = Path(f"/proc/{pid}/stat")
    if not stat.exists():
        return 0.0
    fields = stat.read_text(encoding="ascii").rpartition(")")[2].split()
    return 1000 * (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def _asked(base: str, pid: int, page: str, paths: Sequence[str]) -> Measured:
    """Ask for the page ``REQUESTS`` times, ``READERS`` at once, after a few times that are not measured."""
    addresses = iter(list(islice(cycle(paths), REQUESTS)))
    took: list[float] = []
    sent = drawn = 0
    async with httpx.AsyncClient(base_url=base, timeout=120) as client:
        for path in islice(cycle(paths), 3):
            await client.get(path)

        before = _cpu(pid)

        async def reader() -> None:
            nonlocal sent, drawn
            for path in addresses:
                began = perf_counter()
                async with client.stream("GET", path) as answer:
                    raw = b"".join([part async for part in answer.aiter_raw()])
                if answer.status_code == 200:
                    took.append(1000 * (perf_counter() - began))
                zipped = answer.headers.get("content-encoding") == "gzip"
                sent, drawn = max(sent, len(raw)), max(drawn, len(gzip.decompress(raw) if zipped else raw))

        await asyncio.gather(*(reader() for _ in range(READERS)))
        cpu = _cpu(pid) - before
    ranked = sorted(took) or [0.0]
    return Measured(
        page=page,
        median=ranked[len(ranked) // 2],
        p95=ranked[ceil(0.95 * len(ranked)) - 1],
        cpu=cpu / REQUESTS,
        sent=sent,
        drawn=drawn,
        answers=len(took),
    )


def show(size: Size, built: Built | None, found: Sequence[Measured]) -> None:
    """Print what the pages of one office took."""
    spread = (
        f", of them {size.large:,} in one plan, {size.plans} plans of {size.each:,}" if size.plans else ""
    )
    load = " / ".join(f"{each:.2f}" for each in os.getloadavg())
    print(f"### {size.tasks:,} tasks{spread}; {size.units} units; load {load}\n")
    if built is not None:
        print(f"Written in {built.writing:.0f} s, counted from nothing in {built.counting:.0f} s.\n")
    heads = ("page", "p50, ms", "p95, ms", "CPU, ms", "kB sent", "kB drawn")
    rows = [(p.page, p.median, p.p95, p.cpu, f"{p.sent / 1000:.1f}", f"{p.drawn / 1000:.1f}") for p in found]
    print(table(heads, rows))
    over = [p.page for p in found if p.p95 >= TARGETS[size.name]]
    missed = f"not: {'; '.join(over)}" if over else "every page is"
    print(f"\np95 is to be under {TARGETS[size.name]} ms: {missed}.\n")


def _agree(url: str, size: Size, checks: Checks) -> None:
    """Compare the counts with the facts: all of a small office, each fiftieth task of the large one."""
    engine = open_engine(url)
    with read(engine) as session:
        plan = session.query(PlanRow).filter(PlanRow.number == LARGE).one()
        wrong = miscounted(session, plan, every=50 if size.tasks > 10_000 else 1)
    engine.dispose()
    checks.true(f"{size.name}: what is counted is what the facts say", not wrong)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or tuple(SIZES)))
