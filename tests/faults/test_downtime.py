"""Promise P3: after days without the program nothing is lost, and each person gets one letter of the latest.

The office that was away is compared with one that ran every morning, over Tết (20/01 to 26/01/2023).
"""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.faults.ground import Copy, drill
from tests.faults.ledger_read import last_of_each, ledger_of, lost_lines
from tests.flows.cast import days

FIRST, LAST_DAY = date(2023, 1, 6), date(2023, 1, 17)
"""The first rung of all, and the last morning before the program stops."""
BACK_ON = {1: date(2023, 1, 19), 3: date(2023, 1, 27), 10: date(2023, 1, 30), 40: date(2023, 2, 27)}
"""Days away -> the first working day after them: 21/01 is in Tết, 28/01 a Saturday."""


@pytest.mark.parametrize("away", BACK_ON, ids=lambda away: f"{away} days")
def test_away_over_tet(copies: Copy, tmp_path: Path, away: int) -> None:
    back = BACK_ON[away]
    with drill(copies, tmp_path / "present") as present:
        present.live(tuple(days(FIRST, back)))
    with drill(copies, tmp_path / "absent") as absent:
        absent.live(tuple(days(FIRST, LAST_DAY)))
        before = len(absent.relay.taken)
        absent.live(tuple(days(LAST_DAY + timedelta(days=away + 1), back - timedelta(days=1))))
        assert len(absent.relay.taken) == before, "a letter left on a rest day"
        absent.live((back, back))
    letters = Counter(mail.to for mail in absent.relay.taken[before:])
    assert set(letters.values()) == {1}
    lines = ledger_of(absent.department)
    assert lost_lines(ledger_of(present.department), lines, back) == ()
    missed = tuple(line for line in lines if line.fire_on > LAST_DAY)
    newest = last_of_each(lines)
    for line in missed:
        is_newest = newest[line.item] == line
        assert line.state == ("sent" if is_newest else "superseded"), line
        assert not is_newest or line.posted == back, line
    assert set(letters) == {line.person for line in missed if newest[line.item] == line}
    assert {line.state for line in lines} <= {"sent", "superseded"}
