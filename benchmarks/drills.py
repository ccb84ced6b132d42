"""The faults of the fault table, each done to an office of its own by the drills of ``tests/faults``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import count
from pathlib import Path

from sqlalchemy import Engine

from flows.post import post_work
from tests.faults.doomed import Death
from tests.faults.drill import TODAY, Drill, Executioner
from tests.faults.ground import Copy, drill, ground, reopened
from tests.faults.ledger_read import last_of_each, ledger_of, lost_lines
from tests.flows.cast import days, moment
from tests.flows.relay import free_port, listening, relay_settings

PROCESSES = 8
MORNINGS = (TODAY, date(2023, 2, 28))
FIRST, LAST_DAY, MONDAY = date(2023, 1, 6), date(2023, 1, 17), date(2023, 1, 30)
BACK_ON = {1: date(2023, 1, 19), 3: TODAY, 10: MONDAY, 40: date(2023, 2, 27)}
"""Days away from 18/01 -> the first working day after them; Tết is from 20/01 to 26/01/2023."""


@dataclass(frozen=True, kw_only=True)
class Came:
    """What became of the letters of one run."""

    expected: int
    lost: int
    """Neither taken by the relay nor shown as unknown."""
    repeated: int
    """Taken more than once under one Message-ID, or more of a reader's letters than he should get."""
    unknown: int
    """Shown to a person, who decides; some of them the relay had taken."""
    begun: int
    """Letters whose content had begun to leave when the fault came: these alone may be unknown."""
    open_lines: int
    """Lines of the ledger that came to no end and stand in no letter shown to a person."""


@dataclass(frozen=True, kw_only=True)
class Grounds:
    """Offices as they stand on the eve of a morning, one after another."""

    copy: Copy
    homes: Iterator[Path]

    @contextmanager
    def office(self) -> Iterator[Drill]:
        with drill(self.copy, next(self.homes)) as one:
            yield one

    def undisturbed(self, mornings: Sequence[date]) -> Counter[str]:
        """Return how many letters each reader gets of an office nothing happens to."""
        with self.office() as one:
            one.live(mornings)
        return Counter(one.relay.readers())


def drills(engine: Engine, folder: Path) -> Iterator[tuple[str, str, list[Came]]]:
    """Yield promise, fault and what came of each of its runs."""
    with ground(engine, folder) as copy:
        grounds = Grounds(copy=copy, homes=(folder / f"home-{number}" for number in count(1)))
        yield "P1", "the morning is run twice", [_twice(grounds, day) for day in MORNINGS]
        yield "P1", f"{PROCESSES} processes at once, every tick twice, two mornings", [_crowd(grounds)]
        for after in (False, True):
            fault = f"killed {'after' if after else 'before'} a commit"
            begun, not_begun = _killed(grounds, after=after)
            yield "P2", f"{fault}, no letter on its way", not_begun
            yield "P4", f"{fault}, a letter on its way", begun
        for word in ("MAIL", "RCPT"):
            yield "P2", f"killed at {word}", [_killed_at(grounds, word)]
        for away, back in BACK_ON.items():
            yield "P3", f"away over Tết, days: {away}", [_away(grounds, away, back)]
        yield "P4", "killed at DATA, the letter taken", [_killed_at(grounds, "DATA")]
        yield "P4", "taken, then the connection cut", list(_dropped(grounds))
        yield "P7", "the relay is away for a day", [_relay_away(grounds)]
        yield "P7", "the relay takes nothing for a day (454)", [_relay_refuses(grounds)]


def _compared(one: Drill, expected: Counter[str], begun: int = 0) -> Came:
    """Compare what the relay took with what each reader should have got."""
    after = one.left()
    given = expected - after.taken - Counter(after.unknown)
    return Came(
        expected=expected.total(),
        lost=given.total(),
        repeated=after.twice + (after.taken - expected).total(),
        unknown=len(after.unknown),
        begun=begun,
        open_lines=after.waiting,
    )


def _begun(one: Drill) -> int:
    """Count the letters a process left behind after it had begun to hand their content over."""
    return sum(letter.handed_at is not None for letter in one.department.letters("posting"))


def _twice(grounds: Grounds, day: date) -> Came:
    expected = grounds.undisturbed((day,))
    with grounds.office() as one:
        one.live((day, day))
    return _compared(one, expected)


def _crowd(grounds: Grounds) -> Came:
    expected = grounds.undisturbed(MORNINGS)
    with grounds.office() as one:
        ended = one.crowd(PROCESSES, MORNINGS)
    if set(ended) != {0}:
        raise RuntimeError(f"a process failed: {ended}")
    return _compared(one, expected)


def _killed(grounds: Grounds, *, after: bool) -> tuple[list[Came], list[Came]]:
    """Kill at every commit of the morning; return the runs with a letter on its way, and the others."""
    with grounds.office() as whole:
        commits = whole.commits()
    expected = Counter(whole.relay.readers())
    begun, not_begun = [], []
    for number in range(1, commits + 1):
        with grounds.office() as one:
            one.die(Death(commit=number, after=after))
            on_its_way = _begun(one)
            one.restart()
        (begun if on_its_way else not_begun).append(_compared(one, expected, on_its_way))
    return begun, not_begun


def _killed_at(grounds: Grounds, word: str) -> Came:
    expected = grounds.undisturbed((TODAY,))
    with grounds.office() as one:
        one.die_at(word)
        begun = _begun(one)
        one.restart()
    return _compared(one, expected, begun)


def _dropped(grounds: Grounds) -> Iterator[Came]:
    expected = grounds.undisturbed((TODAY,))
    for dropped in (*([reader] for reader in expected), list(expected)):
        with grounds.office() as one:
            one.relay.breaks_off_for.update(dropped)
            one.live((TODAY,))
            one.relay.breaks_off_for.clear()
            one.restart()
        yield _compared(one, expected, len(dropped))


def _away(grounds: Grounds, away: int, back: date) -> Came:
    """Compare with an office that ran every day: a line that is missing is a letter lost."""
    with grounds.office() as present:
        present.live(tuple(days(FIRST, back)))
    with grounds.office() as absent:
        absent.live(tuple(days(FIRST, LAST_DAY)))
        before = Counter(absent.relay.readers())
        absent.live((*days(LAST_DAY + timedelta(days=away + 1), back), back))
    lines = ledger_of(absent.department)
    owed = {line.person for line in last_of_each(lines).values() if line.fire_on > LAST_DAY}
    came = _compared(absent, before + Counter(owed))
    missing = lost_lines(ledger_of(present.department), lines, back)
    return replace(came, expected=len(owed), lost=came.lost + len(missing))


def _relay_away(grounds: Grounds) -> Came:
    """Nothing listens for a day; the day's letters go on Monday with what came since, one a reader."""
    port, relay = free_port(), Executioner()
    one = Drill(
        department=reopened(grounds.copy(), next(grounds.homes), mail=relay_settings(port)), relay=relay
    )
    _bad_day(one)
    with listening(relay, port):
        _good_day(one)
    return _compared(one, _readers_of_both_days(grounds))


def _relay_refuses(grounds: Grounds) -> Came:
    with grounds.office() as one:
        one.relay.mail = "454 4.7.0 try later"
        _bad_day(one)
        one.relay.mail = "250 OK"
        _good_day(one)
    return _compared(one, _readers_of_both_days(grounds))


def _readers_of_both_days(grounds: Grounds) -> Counter[str]:
    return Counter(set(grounds.undisturbed((TODAY, MONDAY))))


def _bad_day(one: Drill) -> None:
    one.live((TODAY,))
    for minute in range(0, 9 * 60, 15):
        post_work(one.department.office, moment(TODAY) + timedelta(minutes=minute))


def _good_day(one: Drill) -> None:
    one.live((MONDAY,))
    for minute in range(1, 5):
        post_work(one.department.office, moment(MONDAY) + timedelta(minutes=minute))
