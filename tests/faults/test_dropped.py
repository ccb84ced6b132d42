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


@pytest.mark.parametrize("dropped", [("huong",), ("gu", "huong", "sao")], ids=["one letter", "every letter"])
def test_taken_and_dropped_it_is_unknown_and_goes_again_under_its_id_only_when_told(
    copies: Copy, tmp_path: Path, dropped: tuple[str, ...]
) -> None:
    with drill(copies, tmp_path) as one:
        one.relay.breaks_off_for.update(dropped)
        one.live((TODAY,))
        one.relay.breaks_off_for.clear()
        after = one.restart()
        assert after.taken == dict.fromkeys(("gu", "huong", "sao"), 1)
        assert after.unknown == set(dropped)
        assert (after.twice, after.waiting) == (0, 0)
        unknown = one.department.letters("unknown")
        one.live(NEXT_DAYS)
        taken = Counter(mail.message_id for mail in one.relay.taken)
        assert {taken[letter.message_id] for letter in unknown} == {1}

        office, at = one.department.office, moment(NEXT_DAYS[-1], 10)
        with write(office.engine) as session:
            for letter in unknown:
                outbox.retry(session, office.organisation_id, letter.id, at=office.moment_of(at, at.time()))
        for minute in range(3):
            post_work(office, at + timedelta(minutes=minute))
    taken = Counter(mail.message_id for mail in one.relay.taken)
    assert {taken[letter.message_id] for letter in unknown} <= {1, 2}
    assert one.department.letters("unknown") == ()
