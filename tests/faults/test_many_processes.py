"""Promise P1: however many work a morning, and however often, lines and letters are there once."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

from tests.faults.ground import Copy, drill
from tests.faults.ledger_read import ledger_of

PROCESSES = 8
MORNINGS = (date(2023, 1, 27), date(2023, 2, 28))
"""One after Tết with every rung before the due day at once, one on which all units are written to."""


def test_eight_processes_that_work_every_tick_twice_say_everything_once(copies: Copy, tmp_path: Path) -> None:
    with drill(copies, tmp_path / "alone") as alone:
        alone.live(MORNINGS)
    with drill(copies, tmp_path / "crowd") as crowd:
        assert crowd.crowd(PROCESSES, MORNINGS) == [0] * PROCESSES
    lines = ledger_of(crowd.department)
    assert len({line.key for line in lines}) == len(lines) > 0
    assert set(lines) == set(ledger_of(alone.department))
    letters = crowd.department.letters()
    assert {letter.state for letter in letters} == {"sent"}
    assert len({(letter.person, letter.day) for letter in letters}) == len(letters)
    taken = Counter(mail.message_id for mail in crowd.relay.taken)
    assert taken == Counter(letter.message_id for letter in letters)
    assert sorted(crowd.relay.readers()) == sorted(alone.relay.readers())
