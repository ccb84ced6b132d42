"""The API asked by schemathesis for minutes: every operation, every check, every phase.

    python -m benchmarks.api_schema [EXAMPLES] [SEED] [OPERATION...]

Twice: with the description as published, and with the office's own numbers in it, each call then on the
office as it was at first, so that acts are done and not only refused.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from board.api.app import the_api
from storage.engine import migrate, open_engine
from tests.board.api_client import token_of
from tests.board.api_probe import Found, Served, ask_all, busy_office, of_office, only, unbounded

PHASES = ("examples", "coverage", "fuzzing", "stateful")


@contextmanager
def _served(operations: tuple[str, ...]) -> Iterator[tuple[Served, Served]]:
    with TemporaryDirectory(prefix="dondoc-api-") as home:
        place, kept, files = Path(home) / "office.db", Path(home) / "kept.db", Path(home) / "files"
        engine = open_engine(f"sqlite:///{place}")
        migrate(engine)
        office = busy_office(engine, files)
        token = token_of(office, "truc")
        app = unbounded(office)
        engine.dispose()
        shutil.copyfile(place, kept)
        schema = the_api().openapi()
        if operations:
            schema = only(schema, operations)
        yield (
            Served(app, schema, token=token),
            Served(app, of_office(schema), token=token, engine=engine, kept=kept),
        )
        engine.dispose()


def _tell(name: str, found: Found, seconds: float) -> None:
    calls, checks = sum(found.calls.values()), sum(found.checks.values())
    print(f"{name}: {len(found.done)} operations, {calls} calls, {checks} checks, {seconds:.0f} s")
    print(f"  by phase: {dict(found.calls)}")
    print(f"  answers: {dict(sorted(found.answers.items()))}")
    print(f"  never done: {sorted(each for each, times in found.done.items() if not times)}")
    print(f"  failures: {len(found.failures)}, errors: {len(found.errors)}")
    for each in (*found.failures[:20], *found.errors[:20]):
        print(f"  - {each}")


def main(examples: int, seed: int, operations: tuple[str, ...] = ()) -> int:
    """Run both and return 1 where something was found."""
    bad = 0
    with _served(operations) as both:
        for name, served in zip(("as published", "with the office's own numbers"), both, strict=True):
            began = perf_counter()
            found = ask_all(served, examples=examples, seed=seed, phases=PHASES)
            _tell(name, found, perf_counter() - began)
            bad += len(found.failures) + len(found.errors)
    return 1 if bad else 0


if __name__ == "__main__":
    asked = [int(word) for word in sys.argv[1:3]]
    examples, seed = asked + [100, 7][len(asked) :]
    sys.exit(main(examples, seed, tuple(sys.argv[3:])))
