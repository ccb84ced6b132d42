"""The next epoch of a share: its clock starts anew, and what was said in the one before stays behind."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from tasks_catalog.facts import EpochCause, Share


def next_epoch(
    share: Share, cause: EpochCause, on: date, *, due: date | None = None, lapses: date | None = None
) -> Share:
    """Return the share in its next epoch, due as before unless a new date is given."""
    return replace(
        share,
        epoch=share.epoch + 1,
        epoch_began=on,
        epoch_cause=cause,
        due=due or share.due,
        lapses=lapses or due or share.lapses,
        before_tracking=False,
        report=None,
        accepted_on=None,
        product_date_counts=False,
        holds=(),
        expected=None,
        request=None,
        snoozed_until=None,
        # what the coordinator sent back is not counted; any other cause leaves the figures true
        measures=() if cause is EpochCause.RETURNED else share.measures,
    )
