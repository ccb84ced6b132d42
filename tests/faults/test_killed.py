"""Promises P2 and P4: a process killed at any point of its morning loses no letter and repeats none.

Every commit of the morning is a point to die at, on both sides of it, and so is every word of the dialogue
with the relay. What had begun to leave is shown as unknown; all else goes, once, after the restart.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.doomed import Death
from tests.faults.ground import Copy, drill

MOST_UNKNOWN = 4
"""Letters that can be on their way at once: one a connection (``[mail] connections``)."""


def test_killed_at_every_commit_nothing_is_lost_and_nothing_goes_twice(copies: Copy, tmp_path: Path) -> None:
    with drill(copies, tmp_path) as whole:
        commits = whole.commits()
        expected = frozenset(whole.left().taken)
    assert len(expected) >= 3
    assert commits > 2 * len(expected)  # a claim and a beginning for each letter, and what came before
    ever_unknown = 0
    for death in (Death(commit=n, after=after) for n in range(1, commits + 1) for after in (False, True)):
        with drill(copies, tmp_path) as one:
            one.die(death)
            after = one.restart()
        assert after.lost(expected) == frozenset(), death.name
        assert after.twice == 0, death.name
        assert set(after.taken.values()) <= {1}, death.name
        assert after.waiting == 0, death.name
        assert len(after.unknown) <= MOST_UNKNOWN, death.name
        assert set(after.states) <= {"sent", "unknown"}, death.name
        ever_unknown += bool(after.unknown)
    assert ever_unknown  # the window after DATA was among the points


@pytest.mark.parametrize("word", ["MAIL", "RCPT", "DATA"])
def test_killed_at_a_word_of_the_dialogue(copies: Copy, tmp_path: Path, word: str) -> None:
    with drill(copies, tmp_path) as whole:
        whole.commits()
        expected = frozenset(whole.left().taken)
    with drill(copies, tmp_path) as one:
        one.die_at(word)
        after = one.restart()
    assert after.lost(expected) == frozenset()
    assert after.twice == 0
    assert after.waiting == 0
    if word != "DATA":
        assert after.unknown == frozenset()
        assert after.taken == dict.fromkeys(expected, 1)
    else:
        assert 1 <= len(after.unknown) <= MOST_UNKNOWN
        assert set(after.taken.values()) == {1}
