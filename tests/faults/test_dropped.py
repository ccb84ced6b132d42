"""Promise P4: what a relay takes before it drops the connection goes again only when a person says so."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest

from flows.post import post_work
from storage import outbox
from storage.engine import write
from tests.faults.drill import TODAY
from tests.faults.ground import Copy, drill
from tests.flows.cast import moment

NEXT_DAYS = (date(2023, 1, 30), date(2023, 1, 31))
READERS = ("gu", "huong", "sao")
dropped_for = pytest.mark.parametrize("dropped", [("huong",), READERS], ids=["one letter", "every letter"])


@dropped_for
def test_taken_and_dropped_it_is_unknown_and_never_sent_again_unasked(
    copies: Copy, tmp_path: Path, dropped: tuple[str, ...]
) -> None:
    with drill(copies, tmp_path) as one:
        one.relay.breaks_off_for.update(dropped)
        one.live((TODAY,))
        one.relay.breaks_off_for.clear()
        after = one.restart()
        assert after.taken == dict.fromkeys(READERS, 1)
        assert after.unknown == set(dropped)
        assert (after.twice, after.waiting) == (0, 0)
        one.live(NEXT_DAYS)
    unknown = one.department.letters("unknown")
    assert {letter.person for letter in unknown} == set(dropped)
    taken = Counter(mail.message_id for mail in one.relay.taken)
    assert {taken[letter.message_id] for letter in unknown} == {1}


@dropped_for
def test_told_to_go_again_it_comes_once_more_under_its_message_id(
    copies: Copy, tmp_path: Path, dropped: tuple[str, ...]
) -> None:
    with drill(copies, tmp_path) as one:
        one.relay.breaks_off_for.update(dropped)
        one.live((TODAY,))
        one.relay.breaks_off_for.clear()
        office, at = one.department.office, moment(TODAY, 15)
        with write(office.engine) as session:
            for letter in one.department.letters("unknown"):
                outbox.retry(session, office.organisation_id, letter.id, at=office.moment_of(at, at.time()))
        for minute in range(3):
            post_work(office, at + timedelta(minutes=minute))
    letters = one.department.letters()
    assert {letter.state for letter in letters} == {"sent"}
    taken = Counter(mail.message_id for mail in one.relay.taken)
    assert taken == {letter.message_id: 2 if letter.person in dropped else 1 for letter in letters}
